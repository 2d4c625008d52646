/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "summary/study_state.h"
#include "summary/study_tables.h"
#include "summary/tables.h"

/* The tables that the history makes or changes, and where each session has its rows in them. */
enum { NEW_SESSIONS, NEW_FINDINGS, NEW_HISTORY, N_NEW_TABLES };

static const char *const new_names[N_NEW_TABLES] = {"sessions", "findings", "history"};

struct rewriting {
    struct arena scratch; /* for some sessions after the other */
    struct pile piles[N_NEW_TABLES];
    struct stretch *rows[N_NEW_TABLES]; /* of each session, in the study's order */
};

enum { SESSIONS_AT_ONCE = 2000 };

/* Sessions in the order of their subjects; those of one stand in the study's order. */
static int by_subject_and_place(const void *a, const void *b)
{
    const struct place *const *x = a, *const *y = b;
    int order = strcmp((*x)->subject, (*y)->subject);
    return order ? order : *x < *y ? -1 : *x > *y;
}

static int by_place(const void *a, const void *b)
{
    const struct place *const *x = a, *const *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Rows of a table from one on that are of the session. */
static size_t count_new_rows(struct table *table, size_t from, const struct place *place)
{
    const char **subjects = texts_of(table, "subject_id"), **ids = texts_of(table, "session_id");
    size_t n = 0;
    while (from + n < table->pub.n_rows && strcmp(subjects[from + n], place->subject) == 0 &&
           strcmp(ids[from + n], place->session) == 0)
        n++;
    return n;
}

static gait_status keep_new(gait_study *study, struct rewriting *w, const gait_summary *compared,
                            const struct place *const *some, size_t n)
{
    for (size_t t = 0; t < N_NEW_TABLES; t++) {
        struct table *table = find_table(compared, new_names[t]);
        struct pile *pile = &w->piles[t];
        if (!table) continue; /* a part has no history */
        if (!pile->n_columns && pile_begin(pile, table, &study->keep)) return GAIT_NOMEM;
        for (size_t i = 0, from = 0; t != NEW_HISTORY && i < n;
             from += w->rows[t][some[i] - study->places].n, i++)
            w->rows[t][some[i] - study->places] =
                (struct stretch){pile->n_rows + from, count_new_rows(table, from, some[i])};
        if (pile_add(pile, table)) return GAIT_NOMEM;
    }
    return GAIT_OK;
}

static gait_status rewrite_some(gait_study *study, struct rewriting *w, const struct place **some,
                                size_t n, gait_error *err)
{
    const struct hand hand = {some, n, 1};
    struct arena_mark begin = arena_mark(&w->scratch);
    gait_summary *compared = NULL;
    TRY(begin_summary(&compared, err));
    qsort(some, n, sizeof *some, by_place);
    gait_status st = study_deal(study, &hand, compared, &w->scratch, err);
    arena_rewind(&w->scratch, begin);
    if (!st) st = study_explain(keep_new(study, w, compared, some, n), err);
    gait_summary_free(&compared);
    return st ? st : study_make_space(study, w->piles, N_NEW_TABLES, err);
}

/* Whole people at a time: nobody is compared with anybody else. */
static gait_status rewrite(gait_study *study, struct rewriting *w, struct arena *tmp,
                           gait_error *err)
{
    const struct place **sorted = ARENA_NEW(tmp, study->n, const struct place *);
    w->rows[NEW_SESSIONS] = ARENA_ZNEW(tmp, study->n, struct stretch);
    w->rows[NEW_FINDINGS] = ARENA_ZNEW(tmp, study->n, struct stretch);
    if (!sorted || !w->rows[NEW_SESSIONS] || !w->rows[NEW_FINDINGS])
        return study_explain(GAIT_NOMEM, err);
    for (size_t i = 0; i < study->n; i++) sorted[i] = &study->places[i];
    qsort(sorted, study->n, sizeof *sorted, by_subject_and_place);
    for (size_t i = 0, n; i < study->n; i += n) {
        n = study->n - i < SESSIONS_AT_ONCE ? study->n - i : SESSIONS_AT_ONCE;
        while (i + n < study->n && strcmp(sorted[i + n]->subject, sorted[i + n - 1]->subject) == 0)
            n++;
        TRY(rewrite_some(study, w, sorted + i, n, err));
    }
    return GAIT_OK;
}

/* One table of the file, from whichever pile it comes. */
static gait_status outline_one(gait_summary *whole, const struct pile *pile, struct stretch *runs,
                               size_t n, struct piled_table *out)
{
    size_t n_rows = 0;
    for (size_t i = 0; i < n; i++) n_rows += runs[i].n;
    struct table *table = outline_table(whole, pile, n_rows);
    *out = (struct piled_table){pile, table, runs, join_stretches(runs, n)};
    return table ? GAIT_OK : GAIT_NOMEM;
}

static gait_status outline(gait_study *study, struct rewriting *w, gait_summary *whole,
                           struct piled_table *piled, struct arena *tmp)
{
    for (size_t t = 0; t < study->n_tables; t++) {
        const struct pile *pile = &study->piles[t];
        struct stretch *runs = t == SESSIONS   ? w->rows[NEW_SESSIONS]
                               : t == FINDINGS ? w->rows[NEW_FINDINGS]
                                               : ARENA_NEW(tmp, study->n, struct stretch);
        if (!runs) return GAIT_NOMEM;
        if (t == SESSIONS) pile = &w->piles[NEW_SESSIONS];
        if (t == FINDINGS) pile = &w->piles[NEW_FINDINGS];
        for (size_t i = 0; t != SESSIONS && t != FINDINGS && i < study->n; i++)
            runs[i] = study->places[i].rows[t];
        TRY(outline_one(whole, pile, runs, study->n, &piled[t]));
    }
    if (study->is_part) return GAIT_OK;
    struct stretch *all = ARENA_NEW(tmp, 1, struct stretch);
    if (!all) return GAIT_NOMEM;
    *all = (struct stretch){0, w->piles[NEW_HISTORY].n_rows};
    return outline_one(whole, &w->piles[NEW_HISTORY], all, 1, &piled[study->n_tables]);
}

static gait_status write_study(gait_study *study, struct rewriting *w, gait_summary *whole,
                               const char *path, gait_error *err)
{
    struct arena tmp = {0};
    struct piled_table piled[N_ALL_TABLES + 1];
    gait_status st = rewrite(study, w, &tmp, err);
    if (!st) st = study_explain(outline(study, w, whole, piled, &tmp), err);
    if (!st) st = write_piled(whole, piled, study->n_tables + !study->is_part, path, err);
    arena_free(&tmp);
    return st;
}

/* A session is not written over with the study it belongs to. */
static gait_status check_target(const gait_study *study, const char *path, gait_error *err)
{
    for (size_t i = 0; i < study->n; i++)
        if (file_is_same(path, study->places[i].file))
            return gait_fail(err, GAIT_CANNOT_CREATE,
                             "%s: holds a session of the study; it is left as it is", path);
    return GAIT_OK;
}

gait_status gait_study_write(gait_study *study, const char *path, gait_error *err)
{
    NEED(study);
    NEED(path);
    gait_summary *whole = NULL;
    struct rewriting w = {.rows = {NULL}};
    TRY(check_target(study, path, err));
    TRY(study_put_in_order(study, err));
    TRY(study_begin_summary(study, &whole, err));
    gait_status st = write_study(study, &w, whole, path, err);
    for (size_t t = 0; t < N_NEW_TABLES; t++) pile_free(&w.piles[t]);
    arena_free(&w.scratch);
    gait_summary_free(&whole);
    return st;
}
