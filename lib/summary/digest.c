/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/digest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "record/start_time.h"
#include "session/series.h"
#include "summary/tables.h"

/* One session of the study that has a date. */
struct dated {
    size_t row; /* of the sessions table */
    const char *subject;
    double local_s;
};

struct study_tables {
    const struct study_rows *rows;
    struct table *sessions, *recordings, *summary, *asymmetry;
};

static int by_subject_and_time(const void *a, const void *b)
{
    const struct dated *x = a, *y = b;
    int order = strcmp(x->subject, y->subject);
    if (order) return order;
    if (x->local_s < y->local_s) return -1;
    if (x->local_s > y->local_s) return 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static size_t list_dated(struct table *sessions, struct dated *out)
{
    const char **subjects = texts_of(sessions, "subject_id");
    const char **starts = texts_of(sessions, "start_time");
    size_t n = 0;
    for (size_t i = 0; i < sessions->pub.n_rows; i++) {
        double unix_s, offset_s;
        gait_time_kind kind;
        if (!subjects[i][0]) continue; /* nobody knows whose it is */
        if (!start_time_parse(starts[i], &unix_s, &kind, &offset_s)) continue;
        out[n++] = (struct dated){i, subjects[i], unix_s + (isfinite(offset_s) ? offset_s : 0)};
    }
    if (n) qsort(out, n, sizeof *out, by_subject_and_time);
    return n;
}

/* What measured a row of the summary table. */
static void find_sensor(const struct study_tables *t, size_t session, const char *sensor,
                        struct limb_load *out)
{
    struct stretch rows = t->rows->recordings[session];
    const char **sensors = texts_of(t->recordings, "sensor");
    out->placement = GAIT_PLACEMENT_UNKNOWN;
    out->device = "";
    out->rate_hz = out->range_g = NAN;
    for (size_t i = rows.first; i < rows.first + rows.n; i++) {
        if (strcmp(sensors[i], sensor) != 0) continue;
        out->placement = gait_placement_from_name(texts_of(t->recordings, "placement")[i]);
        out->device = texts_of(t->recordings, "device")[i];
        out->rate_hz = doubles_of(t->recordings, "effective_rate_hz")[i];
        out->range_g = doubles_of(t->recordings, "accel_range_g")[i];
        return;
    }
}

/* A row of a trunk sensor that cannot tell which limb is which stands for either. */
static int is_of_limb(const char *side, const char *limb)
{
    int is_named = strcmp(side, "left") == 0 || strcmp(side, "right") == 0;
    return !is_named || strcmp(side, limb) == 0;
}

static const struct limb_load no_load = {NAN, NAN, NAN, 0, "", GAIT_PLACEMENT_UNKNOWN,
                                         "",  NAN, NAN};

static struct limb_load find_load(const struct study_tables *t, size_t session,
                                  gait_placement placement, const char *limb)
{
    struct stretch rows = t->rows->summaries[session];
    const char *key = intensity_key(placement);
    const gait_column *median = key ? gait_table_column(&t->summary->pub, key) : NULL;
    for (size_t i = rows.first; median && median->doubles && i < rows.first + rows.n; i++) {
        struct limb_load load = no_load;
        if (strcmp(texts_of(t->summary, "activity")[i], "run") != 0) continue;
        if (!is_of_limb(texts_of(t->summary, "side")[i], limb)) continue;
        find_sensor(t, session, texts_of(t->summary, "sensor")[i], &load);
        if (load.placement != placement || !(median->doubles[i] > 0)) continue;
        load.l1 = doubles_of(t->summary, "load_l1")[i];
        load.l4 = doubles_of(t->summary, "load_l4")[i];
        load.intensity = median->doubles[i];
        load.n_strides = (size_t)integers_of(t->summary, "n_strides")[i];
        load.units = median->units;
        return load;
    }
    return no_load;
}

/* Placements are never mixed in one history: the first session that has a load decides, a limb's
 * own sensor before the trunk's. */
static gait_placement choose_placement(const struct study_tables *t, const struct dated *dated,
                                       size_t n, const char *limb)
{
    static const gait_placement order[] = {GAIT_SHANK, GAIT_FOOT, GAIT_SACRUM, GAIT_WAIST};
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < N_ROWS_OF(order); k++)
            if (find_load(t, dated[i].row, order[k], limb).intensity > 0) return order[k];
    return GAIT_PLACEMENT_UNKNOWN;
}

static void fill_limb(const struct study_tables *t, const struct dated *dated,
                      struct past_session *out, size_t n, int side)
{
    const char *limb = side ? "right" : "left";
    gait_placement placement = choose_placement(t, dated, n, limb);
    for (size_t i = 0; i < n; i++) out[i].limb[side] = find_load(t, dated[i].row, placement, limb);
}

/* Of the sensor with most running strides. */
static void fill_running(const struct study_tables *t, size_t session, struct past_session *out)
{
    struct stretch rows = t->rows->summaries[session];
    out->cadence_steps_per_min = NAN;
    out->n_strides = 0;
    for (size_t i = rows.first; i < rows.first + rows.n; i++) {
        size_t n = (size_t)integers_of(t->summary, "n_strides")[i];
        if (strcmp(texts_of(t->summary, "activity")[i], "run") != 0 || n <= out->n_strides)
            continue;
        out->n_strides = n;
        out->cadence_steps_per_min = doubles_of(t->summary, "cadence_steps_per_min")[i];
    }
}

static gait_status fill_differences(const struct study_tables *t, size_t session,
                                    struct past_session *out, struct arena *tmp)
{
    struct stretch rows = t->rows->asymmetries[session];
    struct side_difference *list = ARENA_NEW(tmp, rows.n + 1, struct side_difference);
    if (!list) return GAIT_NOMEM;
    for (size_t i = 0; i < rows.n; i++)
        list[i] = (struct side_difference){
            texts_of(t->asymmetry, "metric")[rows.first + i],
            doubles_of(t->asymmetry, "index_percent")[rows.first + i],
            doubles_of(t->asymmetry, "minimal_detectable_percent")[rows.first + i]};
    out->differences = list;
    out->n_differences = rows.n;
    return GAIT_OK;
}

/* Distance where every session of the person has one. */
static gait_status fill_exposure(const struct study_tables *t, const struct dated *dated,
                                 struct past_session *out, struct history *history,
                                 struct arena *tmp)
{
    const double *distance_m = doubles_of(t->sessions, "distance_m");
    const double *running_s = doubles_of(t->sessions, "running_s");
    size_t n = history->n;
    struct exposure *exposures = ARENA_NEW(tmp, n, struct exposure);
    struct standing *standings = ARENA_NEW(tmp, n, struct standing);
    if (!exposures || !standings) return GAIT_NOMEM;
    history->in_metres = 1;
    for (size_t i = 0; i < n; i++) history->in_metres &= distance_m[dated[i].row] > 0;
    for (size_t i = 0; i < n; i++)
        exposures[i] =
            (struct exposure){dated[i].local_s, history->in_metres ? distance_m[dated[i].row]
                                                                   : running_s[dated[i].row] / 60};
    history_of(exposures, n, standings);
    for (size_t i = 0; i < n; i++) {
        out[i].exposure = exposures[i];
        out[i].standing = standings[i];
    }
    return GAIT_OK;
}

static gait_status fill_person(const struct study_tables *t, const struct dated *dated, size_t n,
                               struct person *person, struct arena *tmp)
{
    struct past_session *sessions = ARENA_ZNEW(tmp, n, struct past_session);
    size_t *row = ARENA_NEW(tmp, n, size_t);
    if (!sessions || !row) return GAIT_NOMEM;
    person->subject = dated[0].subject;
    person->row = row;
    person->history.n = n;
    person->history.sessions = sessions;
    TRY(fill_exposure(t, dated, sessions, &person->history, tmp));
    for (size_t i = 0; i < n; i++) {
        row[i] = dated[i].row;
        sessions[i].speed_mps = doubles_of(t->sessions, "speed_mps")[row[i]];
        fill_running(t, row[i], &sessions[i]);
        TRY(fill_differences(t, row[i], &sessions[i], tmp));
    }
    for (int side = 0; side < 2; side++) fill_limb(t, dated, sessions, n, side);
    return GAIT_OK;
}

static size_t same_subject(const struct dated *dated, size_t n)
{
    size_t k = 1;
    while (k < n && strcmp(dated[k].subject, dated[0].subject) == 0) k++;
    return k;
}

gait_status digest_people(const struct study_rows *rows, const gait_settings *settings,
                          struct person **people, size_t *n, struct arena *tmp)
{
    const struct study_tables t = {
        rows, find_table(rows->study, "sessions"), find_table(rows->study, "recordings"),
        find_table(rows->study, "summary"), find_table(rows->study, "asymmetry")};
    if (!t.sessions || !t.recordings || !t.summary || !t.asymmetry) return GAIT_INVALID;
    struct dated *dated = ARENA_NEW(tmp, t.sessions->pub.n_rows + 1, struct dated);
    if (!dated) return GAIT_NOMEM;
    size_t n_dated = list_dated(t.sessions, dated);
    *people = ARENA_ZNEW(tmp, n_dated + 1, struct person);
    if (!*people) return GAIT_NOMEM;
    *n = 0;
    for (size_t i = 0, k; i < n_dated; i += k) {
        k = same_subject(dated + i, n_dated - i);
        (*people)[*n].history.settings = settings;
        TRY(fill_person(&t, dated + i, k, &(*people)[(*n)++], tmp));
    }
    return GAIT_OK;
}
