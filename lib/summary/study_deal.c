/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/fail.h"
#include "summary/history.h"
#include "summary/history_columns.h"
#include "summary/study_state.h"
#include "summary/tables.h"

static int by_name(const struct place *x, const struct place *y)
{
    int order = strcmp(x->subject, y->subject);
    return order ? order : strcmp(x->session, y->session);
}

static int by_subject_and_session(const void *a, const void *b)
{
    return by_name(a, b);
}

static int by_position(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->position != y->position) return x->position < y->position ? -1 : 1;
    int order = strcmp(x->subject, y->subject);
    if (order) return order;
    if (x->start_s < y->start_s) return -1;
    if (x->start_s > y->start_s) return 1;
    return by_name(x, y);
}

static gait_status check_unique(gait_study *study, gait_error *err)
{
    qsort(study->places, study->n, sizeof *study->places, by_subject_and_session);
    for (size_t i = 1; i < study->n; i++) {
        const struct place *x = &study->places[i - 1], *y = &study->places[i];
        if (by_name(x, y) == 0)
            return gait_fail(err, GAIT_INVALID, "%s and %s: both are session '%s' of subject '%s'",
                             strcmp(x->file, y->file) < 0 ? x->file : y->file,
                             strcmp(x->file, y->file) < 0 ? y->file : x->file, x->session,
                             x->subject);
    }
    return GAIT_OK;
}

gait_status study_put_in_order(gait_study *study, gait_error *err)
{
    if (study->finished) return gait_fail(err, GAIT_INVALID, "the study is finished already");
    if (study->n == 0) return gait_fail(err, GAIT_INVALID, "the study has no session");
    TRY(check_unique(study, err));
    qsort(study->places, study->n, sizeof *study->places, by_position);
    study->finished = 1;
    return GAIT_OK;
}

/* The limits the sessions were judged with, if all were judged alike. */
static void take_settings(const gait_study *study, gait_settings *settings)
{
    const char *key;
    json_t *value, *all = study->settings ? json_loads(study->settings, 0, NULL) : NULL;
    gait_settings_init(settings);
    json_object_foreach(all, key, value)
    {
        gait_status ignored = gait_settings_set(settings, key, json_number_value(value), NULL);
        (void)ignored; /* another version's key */
    }
    json_decref(all);
}

static gait_status compare_sessions(const gait_study *study, const struct study_rows *rows,
                                    struct arena *tmp)
{
    gait_settings settings;
    struct person *people;
    size_t n;
    take_settings(study, &settings);
    TRY(digest_people(rows, &settings, &people, &n, tmp));
    TRY(add_history(rows->study, people, n));
    return add_history_findings(rows, people, n, tmp);
}

static gait_status set_marks(const gait_study *study, gait_summary *summary, gait_error *err)
{
    TRY(summary_set(summary, "algorithm_version", study->algorithm_version, err));
    if (study->settings) TRY(summary_set(summary, "settings_json", study->settings, err));
    if (study->is_part) TRY(summary_set(summary, "part", "1", err));
    return summary_set(summary, "default", "summary", err);
}

gait_status study_begin_summary(const gait_study *study, gait_summary **out, gait_error *err)
{
    gait_summary *made = NULL;
    gait_status st = begin_summary(&made, err);
    if (!st) st = set_marks(study, made, err);
    if (st)
        gait_summary_free(&made);
    else
        *out = made;
    return st;
}

/* Where the sessions have their rows of one table, on the pile and once they are dealt. */
static gait_status plan_table(const struct hand *hand, size_t t, struct stretch **piled,
                              struct stretch **dealt, struct arena *tmp)
{
    size_t n_rows = 0;
    *piled = ARENA_NEW(tmp, hand->n, struct stretch);
    *dealt = ARENA_NEW(tmp, hand->n, struct stretch);
    if (!*piled || !*dealt) return GAIT_NOMEM;
    for (size_t i = 0; i < hand->n; i++) {
        (*piled)[i] = hand->places[i]->rows[t];
        (*dealt)[i] = (struct stretch){n_rows, (*piled)[i].n};
        n_rows += (*piled)[i].n;
    }
    return GAIT_OK;
}

static gait_status deal_tables(const gait_study *study, const struct hand *hand, gait_summary *out,
                               struct arena *tmp, gait_error *err)
{
    struct stretch *piled, *dealt[N_ALL_TABLES];
    size_t n_tables = hand->only_compared ? N_STUDY_TABLES : study->n_tables;
    for (size_t t = 0; t < n_tables; t++) {
        const char *names[MOST_HISTORY_COLUMNS];
        int is_whole = !hand->only_compared || t == SESSIONS || t == FINDINGS; /* are rewritten */
        list_history_columns(study_table_names[t], names);
        TRY(plan_table(hand, t, &piled, &dealt[t], tmp));
        TRY(pile_deal(&study->piles[t], piled, join_stretches(piled, hand->n),
                      is_whole ? NULL : names, out, err));
    }
    const struct study_rows rows = {out, dealt[RECORDINGS], dealt[SUMMARY], dealt[ASYMMETRY],
                                    dealt[FINDINGS]};
    return study->is_part ? GAIT_OK : compare_sessions(study, &rows, tmp);
}

gait_status study_deal(const gait_study *study, const struct hand *hand, gait_summary *out,
                       struct arena *tmp, gait_error *err)
{
    return study_explain(deal_tables(study, hand, out, tmp, err), err);
}

static gait_status deal_all(const gait_study *study, gait_summary *out, struct arena *tmp,
                            gait_error *err)
{
    const struct place **places = ARENA_NEW(tmp, study->n, const struct place *);
    if (!places) return study_explain(GAIT_NOMEM, err);
    for (size_t i = 0; i < study->n; i++) places[i] = &study->places[i];
    return study_deal(study, &(struct hand){places, study->n, 0}, out, tmp, err);
}

gait_status gait_study_finish(gait_study *study, gait_summary **summary, gait_error *err)
{
    NEED(study);
    NEED(summary);
    gait_summary *made = NULL;
    struct arena tmp = {0};
    TRY(study_put_in_order(study, err));
    TRY(study_begin_summary(study, &made, err));
    gait_status st = deal_all(study, made, &tmp, err);
    arena_free(&tmp);
    if (st)
        gait_summary_free(&made);
    else
        *summary = made;
    return st;
}
