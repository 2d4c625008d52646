/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/fail.h"
#include "base/file.h"
#include "record/start_time.h"
#include "session/series.h"
#include "summary/history.h"
#include "summary/intern.h"
#include "summary/pile.h"
#include "summary/read_summary.h"
#include "summary/study.h"
#include "summary/study_tables.h"
#include "summary/tables.h"

/* So many files are held open, far below what a process may. */
enum { MOST_PARTS = 256, MOST_BYTES_IN_MEMORY = 16 << 20 };

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
    struct intern shared;
    size_t n_tables;
    struct pile piles[N_ALL_TABLES];
    size_t n, room;
    struct place *places;
    const char *creator, *algorithm_version;
    const char *settings; /* NULL once two sessions differ */
    int finished;
    int is_part;
    const char *folder; /* for the spool; NULL: everything stays in memory */
    size_t most_bytes;
    struct spool spool;
    struct file_buffer buffer; /* of the file that is being added */
    size_t n_parts;
    struct spool parts[MOST_PARTS]; /* whose rows stay where they are */
};

gait_status gait_study_new(gait_study **study, int with_strides, gait_error *err)
{
    NEED(study);
    gait_study *made = calloc(1, sizeof *made);
    if (!made) return gait_fail(err, GAIT_NOMEM, "no memory for a study");
    made->n_tables = with_strides ? N_ALL_TABLES : N_STUDY_TABLES;
    made->spool.fd = -1;
    *study = made;
    return GAIT_OK;
}

void gait_study_free(gait_study **study)
{
    if (!study || !*study) return;
    for (size_t t = 0; t < N_ALL_TABLES; t++) pile_free(&(*study)->piles[t]);
    arena_free(&(*study)->keep);
    intern_free(&(*study)->shared);
    spool_close(&(*study)->spool);
    for (size_t i = 0; i < (*study)->n_parts; i++) spool_close(&(*study)->parts[i]);
    free((*study)->buffer.bytes);
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

void study_be_part(gait_study *study)
{
    study->is_part = 1;
}

gait_status study_use_folder(gait_study *study, const char *folder, size_t most_bytes,
                             gait_error *err)
{
    study->most_bytes = most_bytes;
    study->folder = keep_text(study, folder);
    return study->folder ? GAIT_OK : gait_fail(err, GAIT_NOMEM, "no memory for a study");
}

gait_status gait_study_use_folder(gait_study *study, const char *folder, gait_error *err)
{
    NEED(study);
    NEED(folder);
    if (study->n) return gait_fail(err, GAIT_INVALID, "%s: the study has sessions already", folder);
    return study_use_folder(study, folder, MOST_BYTES_IN_MEMORY, err);
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
    {"findings", "caveat", GAIT_TEXTS},
    {"findings", "held_back", GAIT_TEXTS},
};

static int has_columns(const gait_summary *summary)
{
    for (size_t i = 0; i < N_ROWS_OF(needed); i++) {
        const gait_table *table = gait_summary_table(summary, needed[i].table);
        const gait_column *column = table ? gait_table_column(table, needed[i].column) : NULL;
        if (!column || column->type != needed[i].type) return 0;
    }
    return 1;
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
        const struct table *table = find_table(summary, table_names[t]);
        if (!table)
            return gait_fail(err, GAIT_INVALID, "%s: has no table %s", path, table_names[t]);
        if (study->n && !pile_fits(&study->piles[t], table))
            return gait_fail(err, GAIT_INVALID, "%s: table %s has other columns than in %s", path,
                             table_names[t], study->places[0].file);
        if (t == SESSIONS && table->pub.n_rows != 1 && !is_part(summary))
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

static gait_status pile_up(gait_study *study, const gait_summary *summary, struct stretch *rows)
{
    for (size_t t = 0; t < study->n_tables; t++) {
        struct pile *pile = &study->piles[t];
        const struct table *table = find_table(summary, table_names[t]);
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
    const gait_table *table = gait_summary_table(summary, table_names[t]);
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
    const char *file = keep_text(study, path);
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
                             path, table_names[t]);
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

static gait_status move_to_spool(gait_study *study, struct pile *piles, size_t n, gait_error *err)
{
    if (study->spool.fd < 0) TRY(spool_open(&study->spool, study->folder, err));
    for (size_t t = 0; t < n; t++) TRY(pile_move(&piles[t], &study->spool, &study->keep, err));
    return GAIT_OK;
}

static size_t count_bytes(const struct pile *piles, size_t n)
{
    size_t n_bytes = 0;
    for (size_t t = 0; t < n; t++) n_bytes += piles[t].n_bytes;
    return n_bytes;
}

/* Moves tables to the spool once they are larger than they may be. */
static gait_status make_space(gait_study *study, struct pile *piles, size_t n, gait_error *err)
{
    int too_large = study->folder && count_bytes(piles, n) > study->most_bytes;
    return too_large ? move_to_spool(study, piles, n, err) : GAIT_OK;
}

static gait_status add_file(gait_study *study, int fd, const char *path, size_t position,
                            const char *const *copied, gait_error *err)
{
    const char *wanted_tables[N_ALL_TABLES + 1] = {NULL};
    for (size_t t = 0; t < study->n_tables; t++) wanted_tables[t] = table_names[t];
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
    return st ? st : make_space(study, study->piles, study->n_tables, err);
}

gait_status study_add_part(gait_study *study, const char *path, size_t position, gait_error *err)
{
    /* what places are made of, and what every reader looks at */
    static const char *const looked_at[] = {"subject_id", "session_id", "start_time", "code", NULL};
    if (!study->folder || study->n_parts == MOST_PARTS)
        return gait_study_add(study, path, position, err);
    if (count_bytes(study->piles, study->n_tables))
        TRY(move_to_spool(study, study->piles, study->n_tables, err));
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

/* The sessions in their order, and where each has its rows in the tables that are dealt. */
struct dealing {
    struct arena tmp;
    struct stretch *piled[N_ALL_TABLES]; /* on the piles */
    struct stretch *dealt[N_ALL_TABLES];
    size_t n_rows[N_ALL_TABLES];
};

static gait_status plan_dealing(gait_study *study, struct dealing *d)
{
    for (size_t t = 0; t < study->n_tables; t++) {
        d->piled[t] = ARENA_NEW(&d->tmp, study->n, struct stretch);
        d->dealt[t] = ARENA_NEW(&d->tmp, study->n, struct stretch);
        if (!d->piled[t] || !d->dealt[t]) return GAIT_NOMEM;
        for (size_t i = 0; i < study->n; i++) {
            d->piled[t][i] = study->places[i].rows[t];
            d->dealt[t][i] = (struct stretch){d->n_rows[t], d->piled[t][i].n};
            d->n_rows[t] += d->piled[t][i].n;
        }
    }
    return GAIT_OK;
}

static gait_status deal(gait_study *study, struct dealing *d, gait_summary *summary,
                        gait_error *err)
{
    for (size_t t = 0; t < study->n_tables; t++)
        TRY(pile_deal(&study->piles[t], d->piled[t], study->n, NULL, summary, err));
    const struct study_rows rows = {summary, d->dealt[RECORDINGS], d->dealt[SUMMARY],
                                    d->dealt[ASYMMETRY], d->dealt[FINDINGS]};
    return study->is_part ? GAIT_OK : compare_sessions(study, &rows, &d->tmp);
}

static gait_status set_marks(const gait_study *study, gait_summary *summary, gait_error *err)
{
    TRY(summary_set(summary, "algorithm_version", study->algorithm_version, err));
    if (study->settings) TRY(summary_set(summary, "settings_json", study->settings, err));
    if (study->is_part) TRY(summary_set(summary, "part", "1", err));
    return summary_set(summary, "default", "summary", err);
}

/* Puts the sessions in order; nothing can be added then. */
static gait_status put_in_order(gait_study *study, gait_error *err)
{
    if (study->finished) return gait_fail(err, GAIT_INVALID, "the study is finished already");
    if (study->n == 0) return gait_fail(err, GAIT_INVALID, "the study has no session");
    TRY(check_unique(study, err));
    qsort(study->places, study->n, sizeof *study->places, by_position);
    study->finished = 1;
    return GAIT_OK;
}

/* A failure that says nothing was a lack of memory. */
static gait_status explain(gait_status st, gait_error *err)
{
    return st == GAIT_NOMEM ? gait_fail(err, st, "no memory for the study") : st;
}

/* Neighbours on the pile become one run. */
static size_t join(struct stretch *stretches, size_t n)
{
    size_t n_runs = 0;
    for (size_t i = 0; i < n; i++) {
        struct stretch *last = n_runs ? &stretches[n_runs - 1] : NULL;
        if (last && last->first + last->n == stretches[i].first)
            last->n += stretches[i].n;
        else if (stretches[i].n)
            stretches[n_runs++] = stretches[i];
    }
    return n_runs;
}

gait_status gait_study_finish(gait_study *study, gait_summary **summary, gait_error *err)
{
    NEED(study);
    NEED(summary);
    gait_summary *made = NULL;
    struct dealing d = {.n_rows = {0}};
    gait_status st = put_in_order(study, err);
    if (!st) st = explain(plan_dealing(study, &d), err);
    if (!st) st = begin_summary(&made, err);
    if (!st) st = set_marks(study, made, err);
    if (!st) st = explain(deal(study, &d, made, err), err);
    arena_free(&d.tmp);
    if (st)
        gait_summary_free(&made);
    else
        *summary = made;
    return st;
}

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

/* What the history needs of a table that it does not change; such a list ends with NULL. */
enum { MOST_COMPARED = 64 };

static void list_compared(size_t t, const char *names[MOST_COMPARED])
{
    size_t n = 0;
    for (size_t i = 0; i < N_ROWS_OF(needed) && n + 1 < MOST_COMPARED; i++)
        if (strcmp(needed[i].table, table_names[t]) == 0) names[n++] = needed[i].column;
    for (int p = 0; t == SUMMARY && p < GAIT_N_PLACEMENTS && n + 1 < MOST_COMPARED; p++)
        if (intensity_key((gait_placement)p)) names[n++] = intensity_key((gait_placement)p);
    names[n] = NULL;
}

/* What the history needs of some sessions as a study of its own, compared. */
static gait_status compare_some(const gait_study *study, struct arena *scratch,
                                const struct place *const *some, size_t n, gait_summary *out,
                                gait_error *err)
{
    struct dealing d = {.tmp = *scratch};
    gait_status st = GAIT_OK;
    for (size_t t = 0; !st && t < N_STUDY_TABLES; t++) {
        const char *names[MOST_COMPARED];
        int is_whole = t == SESSIONS || t == FINDINGS;
        list_compared(t, names);
        d.piled[t] = ARENA_NEW(&d.tmp, n, struct stretch);
        d.dealt[t] = ARENA_NEW(&d.tmp, n, struct stretch);
        if (!d.piled[t] || !d.dealt[t]) st = GAIT_NOMEM;
        for (size_t i = 0; !st && i < n; i++) {
            d.piled[t][i] = some[i]->rows[t];
            d.dealt[t][i] = (struct stretch){d.n_rows[t], d.piled[t][i].n};
            d.n_rows[t] += d.piled[t][i].n;
        }
        if (!st)
            st = pile_deal(&study->piles[t], d.piled[t], join(d.piled[t], n),
                           is_whole ? NULL : names, out, err);
    }
    const struct study_rows rows = {out, d.dealt[RECORDINGS], d.dealt[SUMMARY], d.dealt[ASYMMETRY],
                                    d.dealt[FINDINGS]};
    if (!st && !study->is_part) st = compare_sessions(study, &rows, &d.tmp);
    arena_rewind(&d.tmp, (struct arena_mark){NULL, 0});
    *scratch = d.tmp;
    return st;
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
    gait_summary *compared = NULL;
    TRY(begin_summary(&compared, err));
    qsort(some, n, sizeof *some, by_place);
    gait_status st = explain(compare_some(study, &w->scratch, some, n, compared, err), err);
    if (!st) st = explain(keep_new(study, w, compared, some, n), err);
    gait_summary_free(&compared);
    return st ? st : make_space(study, w->piles, N_NEW_TABLES, err);
}

/* Whole people at a time: nobody is compared with anybody else. */
static gait_status rewrite(gait_study *study, struct rewriting *w, struct arena *tmp,
                           gait_error *err)
{
    const struct place **sorted = ARENA_NEW(tmp, study->n, const struct place *);
    w->rows[NEW_SESSIONS] = ARENA_ZNEW(tmp, study->n, struct stretch);
    w->rows[NEW_FINDINGS] = ARENA_ZNEW(tmp, study->n, struct stretch);
    if (!sorted || !w->rows[NEW_SESSIONS] || !w->rows[NEW_FINDINGS])
        return explain(GAIT_NOMEM, err);
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
    *out = (struct piled_table){pile, table, runs, join(runs, n)};
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
    gait_status st = set_marks(study, whole, err);
    if (!st) st = rewrite(study, w, &tmp, err);
    if (!st) st = explain(outline(study, w, whole, piled, &tmp), err);
    if (!st) st = write_piled(whole, piled, study->n_tables + !study->is_part, path, err);
    arena_free(&tmp);
    return st;
}

gait_status gait_study_write(gait_study *study, const char *path, gait_error *err)
{
    NEED(study);
    NEED(path);
    gait_summary *whole = NULL;
    struct rewriting w = {.rows = {NULL}};
    TRY(put_in_order(study, err));
    TRY(begin_summary(&whole, err));
    gait_status st = write_study(study, &w, whole, path, err);
    for (size_t t = 0; t < N_NEW_TABLES; t++) pile_free(&w.piles[t]);
    arena_free(&w.scratch);
    gait_summary_free(&whole);
    return st;
}
