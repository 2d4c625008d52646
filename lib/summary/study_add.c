/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/file.h"
#include "record/start_time.h"
#include "summary/history_columns.h"
#include "summary/read_summary.h"
#include "summary/study.h"
#include "summary/study_state.h"
#include "summary/tables.h"

static const char *attribute_of(const gait_summary *summary, const char *name)
{
    const char *text = gait_summary_attribute(summary, name);
    return text ? text : "";
}

/* Numbers of two versions may not be told apart from a change of the runner. */
static gait_status check_version(const gait_study *study, const gait_summary *summary,
                                 const char *path, gait_error *err)
{
    const char *creator = attribute_of(summary, "creator");
    const char *version = attribute_of(summary, "algorithm_version");
    if (study->n == 0 ||
        (strcmp(creator, study->creator) == 0 && strcmp(version, study->algorithm_version) == 0))
        return GAIT_OK;
    return gait_fail(err, GAIT_INVALID,
                     "%s: made by %s, algorithm_version %s, the others by %s, %s: analyse it again",
                     path, creator, version, study->creator, study->algorithm_version);
}

/* Part of a study, with the sessions' own findings alone. */
static int is_part(const gait_summary *summary)
{
    return gait_summary_attribute(summary, "part") != NULL;
}

static gait_status check_tables(const gait_study *study, const gait_summary *summary,
                                const char *path, gait_error *err)
{
    for (size_t t = 0; t < study->n_tables; t++) {
        const struct table *table = find_table(summary, study_table_names[t]);
        if (!table)
            return gait_fail(err, GAIT_INVALID, "%s: has no table %s", path, study_table_names[t]);
        if (study->n && !pile_fits(&study->piles[t], table))
            return gait_fail(err, GAIT_INVALID, "%s: table %s has other columns than in %s", path,
                             study_table_names[t], study->places[0].file);
        if (t == SESSIONS && table->pub.n_rows != 1 && !is_part(summary))
            return gait_fail(err, GAIT_INVALID, "%s: holds %zu sessions, one was expected", path,
                             table->pub.n_rows);
    }
    if (has_history_columns(summary)) return GAIT_OK;
    return gait_fail(err, GAIT_FORMAT, "%s: lacks columns that every session has", path);
}

static double start_of(const char *start_time)
{
    double unix_s, offset_s;
    gait_time_kind kind;
    return start_time_parse(start_time, &unix_s, &kind, &offset_s) ? unix_s : (double)INFINITY;
}

static const char *session_text(const gait_summary *summary, const char *column, size_t row)
{
    return gait_table_column(gait_summary_table(summary, "sessions"), column)->texts[row];
}

static gait_status make_room(gait_study *study, size_t n_more)
{
    size_t room = study->room ? study->room : 64;
    while (room < study->n + n_more) room *= 2;
    if (room == study->room) return GAIT_OK;
    struct place *larger = realloc(study->places, room * sizeof *larger);
    if (!larger) return GAIT_NOMEM;
    study->places = larger;
    study->room = room;
    return GAIT_OK;
}

/* The first session says what the tables look like and what all have in common. */
static gait_status adopt(gait_study *study, const gait_summary *summary)
{
    study->creator = study_keep_text(study, attribute_of(summary, "creator"));
    study->algorithm_version = study_keep_text(study, attribute_of(summary, "algorithm_version"));
    study->settings = study_keep_text(study, attribute_of(summary, "settings_json"));
    if (!study->creator || !study->algorithm_version || !study->settings) return GAIT_NOMEM;
    for (size_t t = 0; t < study->n_tables; t++) {
        pile_free(&study->piles[t]);
        if (pile_begin(&study->piles[t], find_table(summary, study_table_names[t]), &study->keep))
            return GAIT_NOMEM;
    }
    return GAIT_OK;
}

static gait_status pile_up(gait_study *study, const gait_summary *summary, struct stretch *rows)
{
    for (size_t t = 0; t < study->n_tables; t++) {
        struct pile *pile = &study->piles[t];
        const struct table *table = find_table(summary, study_table_names[t]);
        const struct spool *in = table->hollow ? &study->parts[study->n_parts] : NULL;
        rows[t].first = pile->n_rows;
        if (in ? pile_add_in_place(pile, table, in, &study->keep) : pile_add(pile, table)) {
            while (t-- > 0) pile_cut(&study->piles[t], rows[t].first);
            return GAIT_NOMEM;
        }
        rows[t].n = pile->n_rows - rows[t].first;
    }
    return GAIT_OK;
}

/* Rows at the beginning of a stretch that are of one session. */
static size_t count_rows(const gait_summary *summary, size_t t, size_t from, size_t n,
                         const struct place *place)
{
    const gait_table *table = gait_summary_table(summary, study_table_names[t]);
    const gait_column *subjects = gait_table_column(table, "subject_id");
    const gait_column *sessions = gait_table_column(table, "session_id");
    size_t k = 0;
    if (!subjects || !sessions || !subjects->texts || !sessions->texts) return n;
    while (k < n && strcmp(subjects->texts[from + k], place->subject) == 0 &&
           strcmp(sessions->texts[from + k], place->session) == 0)
        k++;
    return k;
}

/* A file's sessions have their rows one behind the other, in every table. */
static gait_status put_places(gait_study *study, const gait_summary *summary, const char *path,
                              size_t position, const struct stretch *rows, gait_error *err)
{
    size_t used[N_ALL_TABLES] = {0}, n = rows[SESSIONS].n;
    const char *file = study_keep_text(study, path);
    for (size_t i = 0; i < n; i++) {
        struct place *place = &study->places[study->n + i];
        *place = (struct place){.position = position + i, .file = file};
        place->start_s = start_of(session_text(summary, "start_time", i));
        place->subject = intern_text(&study->shared, session_text(summary, "subject_id", i));
        place->session = intern_text(&study->shared, session_text(summary, "session_id", i));
        if (!file || !place->subject || !place->session)
            return gait_fail(err, GAIT_NOMEM, "%s: no memory to add it to the study", path);
        for (size_t t = 0; t < study->n_tables; t++) {
            size_t left = rows[t].n - used[t];
            place->rows[t].first = rows[t].first + used[t];
            place->rows[t].n = t == SESSIONS ? 1
                               : n == 1      ? left
                                             : count_rows(summary, t, used[t], left, place);
            used[t] += place->rows[t].n;
        }
    }
    for (size_t t = 0; t < study->n_tables; t++)
        if (used[t] != rows[t].n)
            return gait_fail(err, GAIT_FORMAT,
                             "%s: table %s: its rows are not in the order of the "
                             "sessions",
                             path, study_table_names[t]);
    return GAIT_OK;
}

static gait_status take(gait_study *study, const gait_summary *summary, const char *path,
                        size_t position, gait_error *err)
{
    struct stretch rows[N_ALL_TABLES];
    TRY(check_version(study, summary, path, err));
    TRY(check_tables(study, summary, path, err));
    size_t n = gait_summary_table(summary, "sessions")->n_rows;
    if (make_room(study, n) || (study->n == 0 && adopt(study, summary)) ||
        pile_up(study, summary, rows))
        return gait_fail(err, GAIT_NOMEM, "%s: no memory to add it to the study", path);
    gait_status st = put_places(study, summary, path, position, rows, err);
    for (size_t t = 0; st && t < study->n_tables; t++) pile_cut(&study->piles[t], rows[t].first);
    if (st) return st;
    if (study->settings && strcmp(study->settings, attribute_of(summary, "settings_json")) != 0)
        study->settings = NULL;
    study->n += n;
    return GAIT_OK;
}

static gait_status add_file(gait_study *study, int fd, const char *path, size_t position,
                            const char *const *copied, gait_error *err)
{
    const char *wanted_tables[N_ALL_TABLES + 1] = {NULL};
    for (size_t t = 0; t < study->n_tables; t++) wanted_tables[t] = study_table_names[t];
    const struct columns_wanted wanted = {wanted_tables, study->n > 0, copied};
    gait_summary *summary = NULL;
    if (study->finished) return gait_fail(err, GAIT_INVALID, "%s: the study is finished", path);
    TRY(summary_load_open(&summary, fd, path, &wanted, &study->buffer, err));
    gait_status st = take(study, summary, path, position, err);
    gait_summary_free(&summary);
    return st;
}

gait_status gait_study_add(gait_study *study, const char *path, size_t position, gait_error *err)
{
    int fd;
    NEED(study);
    NEED(path);
    TRY(file_open(path, &fd, err));
    gait_status st = add_file(study, fd, path, position, NULL, err);
    close(fd);
    return st ? st : study_make_space(study, study->piles, study->n_tables, err);
}

gait_status study_add_part(gait_study *study, const char *path, size_t position, gait_error *err)
{
    /* what places are made of, and what every reader looks at */
    static const char *const looked_at[] = {"subject_id", "session_id", "start_time", "code", NULL};
    if (!study->folder || study->n_parts == MOST_PARTS)
        return gait_study_add(study, path, position, err);
    TRY(study_move(study, study->piles, study->n_tables, err));
    int fd;
    TRY(file_open(path, &fd, err));
    study->parts[study->n_parts].fd = fd;
    gait_status st = add_file(study, fd, path, position, looked_at, err);
    if (st)
        close(fd);
    else
        study->n_parts++;
    return st;
}
