/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/fail.h"
#include "record/start_time.h"
#include "summary/pile.h"
#include "summary/read_summary.h"
#include "summary/history.h"
#include "summary/tables.h"

/* Sessions come in any order, each table on its pile; the study deals them out in their own. */

enum { SESSIONS, RECORDINGS, SUMMARY, ASYMMETRY, FINDINGS, N_STUDY_TABLES, N_ALL_TABLES = 10 };

static const char *const table_names[N_ALL_TABLES + 1] = {
    "sessions", "recordings", "summary",     "asymmetry", "findings", "bouts",
    "events",   "strides",    "repetitions", "minutes",   NULL,
};

/* One session and where its rows lie on the piles. */
struct place {
    size_t position;
    const char *subject, *session;
    const char *file;
    double start_s; /* infinite if unknown */
    struct stretch rows[N_ALL_TABLES];
};

struct gait_study {
    struct arena keep;
    size_t n_tables;
    struct pile piles[N_ALL_TABLES];
    size_t n, room;
    struct place *places;
    const char *creator, *algorithm_version;
    const char *settings; /* NULL once two sessions differ */
    int finished;
};

gait_status gait_study_new(gait_study **study, int with_strides, gait_error *err)
{
    NEED(study);
    gait_study *made = calloc(1, sizeof *made);
    if (!made) return gait_fail(err, GAIT_NOMEM, "no memory for a study");
    made->n_tables = with_strides ? N_ALL_TABLES : N_STUDY_TABLES;
    *study = made;
    return GAIT_OK;
}

void gait_study_free(gait_study **study)
{
    if (!study || !*study) return;
    for (size_t t = 0; t < N_ALL_TABLES; t++) pile_free(&(*study)->piles[t]);
    arena_free(&(*study)->keep);
    free((*study)->places);
    free(*study);
    *study = NULL;
}

static const char *keep_text(gait_study *study, const char *text)
{
    size_t n = strlen(text) + 1;
    char *copy = ARENA_NEW(&study->keep, n, char);
    return copy ? memcpy(copy, text, n) : NULL;
}

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

/* Columns that the history is made of. */
static int has_columns(const gait_summary *summary)
{
    static const struct {
        const char *table, *column;
        gait_column_type type;
    } needed[] = {
        {"sessions", "subject_id", GAIT_TEXTS},
        {"sessions", "session_id", GAIT_TEXTS},
        {"sessions", "start_time", GAIT_TEXTS},
        {"sessions", "distance_m", GAIT_DOUBLES},
        {"sessions", "running_s", GAIT_DOUBLES},
        {"recordings", "sensor", GAIT_TEXTS},
        {"recordings", "placement", GAIT_TEXTS},
        {"summary", "sensor", GAIT_TEXTS},
        {"summary", "side", GAIT_TEXTS},
        {"summary", "activity", GAIT_TEXTS},
        {"summary", "load_l1", GAIT_DOUBLES},
        {"summary", "load_l4", GAIT_DOUBLES},
        {"sessions", "speed_mps", GAIT_DOUBLES},
        {"sessions", "n_findings", GAIT_INTEGERS},
        {"sessions", "worst_severity", GAIT_TEXTS},
        {"recordings", "device", GAIT_TEXTS},
        {"recordings", "effective_rate_hz", GAIT_DOUBLES},
        {"recordings", "accel_range_g", GAIT_DOUBLES},
        {"summary", "n_strides", GAIT_INTEGERS},
        {"summary", "cadence_steps_per_min", GAIT_DOUBLES},
        {"asymmetry", "metric", GAIT_TEXTS},
        {"asymmetry", "index_percent", GAIT_DOUBLES},
        {"asymmetry", "minimal_detectable_percent", GAIT_DOUBLES},
        {"findings", "sensor", GAIT_TEXTS},
        {"findings", "code", GAIT_TEXTS},
        {"findings", "severity", GAIT_TEXTS},
        {"findings", "side", GAIT_TEXTS},
        {"findings", "start_s", GAIT_DOUBLES},
        {"findings", "end_s", GAIT_DOUBLES},
        {"findings", "value", GAIT_DOUBLES},
        {"findings", "reference", GAIT_DOUBLES},
        {"findings", "limit", GAIT_DOUBLES},
        {"findings", "units", GAIT_TEXTS},
        {"findings", "confidence", GAIT_DOUBLES},
        {"findings", "evidence", GAIT_TEXTS},
        {"findings", "title", GAIT_TEXTS},
        {"findings", "message", GAIT_TEXTS},
        {"findings", "n", GAIT_INTEGERS},
        {"findings", "cadence_change_percent", GAIT_DOUBLES},
        {"findings", "held_back", GAIT_TEXTS},
    };
    for (size_t i = 0; i < N_ROWS_OF(needed); i++) {
        const gait_table *table = gait_summary_table(summary, needed[i].table);
        const gait_column *column = table ? gait_table_column(table, needed[i].column) : NULL;
        if (!column || column->type != needed[i].type) return 0;
    }
    return 1;
}

static gait_status check_tables(const gait_study *study, const gait_summary *summary,
                                const char *path, gait_error *err)
{
    for (size_t t = 0; t < study->n_tables; t++) {
        const struct table *table = find_table(summary, table_names[t]);
        if (!table)
            return gait_fail(err, GAIT_INVALID, "%s: has no table %s", path, table_names[t]);
        if (study->n && !pile_fits(&study->piles[t], table))
            return gait_fail(err, GAIT_INVALID, "%s: table %s has other columns than in %s", path,
                             table_names[t], study->places[0].file);
        if (t == SESSIONS && table->pub.n_rows != 1)
            return gait_fail(err, GAIT_INVALID, "%s: holds %zu sessions, one was expected", path,
                             table->pub.n_rows);
    }
    if (has_columns(summary)) return GAIT_OK;
    return gait_fail(err, GAIT_FORMAT, "%s: lacks columns that every session has", path);
}

static double start_of(const char *start_time)
{
    double unix_s, offset_s;
    gait_time_kind kind;
    return start_time_parse(start_time, &unix_s, &kind, &offset_s) ? unix_s : (double)INFINITY;
}

static const char *session_text(const gait_summary *summary, const char *column)
{
    return gait_table_column(gait_summary_table(summary, "sessions"), column)->texts[0];
}

static gait_status make_room(gait_study *study)
{
    if (study->n < study->room) return GAIT_OK;
    size_t room = study->room ? 2 * study->room : 64;
    struct place *larger = realloc(study->places, room * sizeof *larger);
    if (!larger) return GAIT_NOMEM;
    study->places = larger;
    study->room = room;
    return GAIT_OK;
}

/* The first session says what the tables look like and what all have in common. */
static gait_status adopt(gait_study *study, const gait_summary *summary)
{
    study->creator = keep_text(study, attribute_of(summary, "creator"));
    study->algorithm_version = keep_text(study, attribute_of(summary, "algorithm_version"));
    study->settings = keep_text(study, attribute_of(summary, "settings_json"));
    if (!study->creator || !study->algorithm_version || !study->settings) return GAIT_NOMEM;
    for (size_t t = 0; t < study->n_tables; t++) {
        pile_free(&study->piles[t]);
        if (pile_begin(&study->piles[t], find_table(summary, table_names[t]), &study->keep))
            return GAIT_NOMEM;
    }
    return GAIT_OK;
}

static gait_status pile_up(gait_study *study, const gait_summary *summary, struct place *place)
{
    for (size_t t = 0; t < study->n_tables; t++) {
        struct pile *pile = &study->piles[t];
        place->rows[t].first = pile->n_rows;
        if (pile_add(pile, find_table(summary, table_names[t]), &study->keep)) {
            while (t-- > 0) pile_cut(&study->piles[t], place->rows[t].first);
            return GAIT_NOMEM;
        }
        place->rows[t].n = pile->n_rows - place->rows[t].first;
    }
    return GAIT_OK;
}

static gait_status take(gait_study *study, const gait_summary *summary, const char *path,
                        size_t position, gait_error *err)
{
    TRY(check_version(study, summary, path, err));
    TRY(check_tables(study, summary, path, err));
    struct place place = {.position = position,
                          .start_s = start_of(session_text(summary, "start_time"))};
    place.subject = keep_text(study, session_text(summary, "subject_id"));
    place.session = keep_text(study, session_text(summary, "session_id"));
    place.file = keep_text(study, path);
    if (!place.subject || !place.session || !place.file || make_room(study) ||
        (study->n == 0 && adopt(study, summary)) || pile_up(study, summary, &place))
        return gait_fail(err, GAIT_NOMEM, "%s: no memory to add it to the study", path);
    if (study->settings && strcmp(study->settings, attribute_of(summary, "settings_json")) != 0)
        study->settings = NULL;
    study->places[study->n++] = place;
    return GAIT_OK;
}

gait_status gait_study_add(gait_study *study, const char *path, size_t position, gait_error *err)
{
    NEED(study);
    NEED(path);
    const char *wanted_tables[N_ALL_TABLES + 1] = {NULL};
    for (size_t t = 0; t < study->n_tables; t++) wanted_tables[t] = table_names[t];
    const struct columns_wanted wanted = {wanted_tables, study->n > 0};
    gait_summary *summary = NULL;
    if (study->finished) return gait_fail(err, GAIT_INVALID, "%s: the study is finished", path);
    TRY(summary_load(&summary, path, &wanted, err));
    gait_status st = take(study, summary, path, position, err);
    gait_summary_free(&summary);
    return st;
}

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
            return gait_fail(err, GAIT_INVALID, "%s and %s: both are session %s of subject %s",
                             strcmp(x->file, y->file) < 0 ? x->file : y->file,
                             strcmp(x->file, y->file) < 0 ? y->file : x->file, x->session,
                             x->subject);
    }
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

static gait_status deal(gait_study *study, gait_summary *summary, struct arena *tmp)
{
    struct stretch *stretches[N_ALL_TABLES] = {NULL};
    for (size_t t = 0; t < study->n_tables; t++) {
        stretches[t] = ARENA_NEW(tmp, study->n, struct stretch);
        if (!stretches[t]) return GAIT_NOMEM;
        for (size_t i = 0; i < study->n; i++) stretches[t][i] = study->places[i].rows[t];
        if (!pile_deal(&study->piles[t], stretches[t], study->n, summary)) return GAIT_NOMEM;
        for (size_t i = 0, row = 0; i < study->n; row += stretches[t][i++].n)
            stretches[t][i].first = row; /* as it is in the study */
    }
    const struct study_rows rows = {summary, stretches[RECORDINGS], stretches[SUMMARY],
                                    stretches[ASYMMETRY], stretches[FINDINGS]};
    return compare_sessions(study, &rows, tmp);
}

static gait_status set_marks(const gait_study *study, gait_summary *summary, gait_error *err)
{
    TRY(summary_set(summary, "algorithm_version", study->algorithm_version, err));
    if (study->settings) TRY(summary_set(summary, "settings_json", study->settings, err));
    return summary_set(summary, "default", "summary", err);
}

gait_status gait_study_finish(gait_study *study, gait_summary **summary, gait_error *err)
{
    NEED(study);
    NEED(summary);
    gait_summary *made = NULL;
    struct arena tmp = {0};
    if (study->finished) return gait_fail(err, GAIT_INVALID, "the study is finished already");
    if (study->n == 0) return gait_fail(err, GAIT_INVALID, "the study has no session");
    TRY(check_unique(study, err));
    qsort(study->places, study->n, sizeof *study->places, by_position);
    study->finished = 1;
    TRY(begin_summary(&made, err));
    gait_status st = set_marks(study, made, err);
    if (!st && (st = deal(study, made, &tmp))) st = gait_fail(err, st, "no memory for the study");
    arena_free(&tmp);
    if (st)
        gait_summary_free(&made);
    else
        *summary = made;
    return st;
}
