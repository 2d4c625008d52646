/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "record/start_time.h"
#include "session/series.h"
#include "summary/tables.h"

static const double day_s = 86400, month_s = 30 * 86400.0;

/* Weighted mean of the days with a session, older ones counting less: with one every day it is
 * A = lambda E + (1 - lambda) A, lambda = 2 / (days + 1) (Williams 2017, Br J Sports Med 51:209);
 * days without one leave it where it is instead of pulling it to zero. */
struct ewma {
    double keep; /* 1 - lambda, per day */
    double sum, weight;
};

static void ewma_age(struct ewma *e, double days)
{
    double left = pow(e->keep, days);
    e->sum *= left;
    e->weight *= left;
}

static double longest_before(const struct exposure *sessions, size_t i)
{
    double longest = NAN;
    for (size_t k = i; k-- > 0 && sessions[k].local_s >= sessions[i].local_s - month_s;)
        longest = fmax(longest, sessions[k].amount);
    return longest > 0 ? longest : (double)NAN;
}

static double gap_before(const struct exposure *sessions, size_t i)
{
    for (size_t k = i; k-- > 0;)
        if (sessions[k].amount > 0) return (sessions[i].local_s - sessions[k].local_s) / day_s;
    return NAN;
}

void history_of(const struct exposure *sessions, size_t n, struct history *out)
{
    struct ewma week = {1 - 2.0 / (7 + 1), 0, 0}, month = {1 - 2.0 / (28 + 1), 0, 0};
    double last_day = NAN;
    for (size_t i = 0; i < n; i++) {
        double day = floor(sessions[i].local_s / day_s);
        if (isfinite(sessions[i].amount)) {
            int new_day = !(day <= last_day);
            if (day > last_day) {
                ewma_age(&week, day - last_day);
                ewma_age(&month, day - last_day);
            }
            week.sum += sessions[i].amount;
            month.sum += sessions[i].amount;
            week.weight += new_day;
            month.weight += new_day;
            last_day = day;
        }
        out[i].ewma_7 = week.weight > 0 ? week.sum / week.weight : (double)NAN;
        out[i].ewma_28 = month.weight > 0 ? month.sum / month.weight : (double)NAN;
        out[i].longest_30d = longest_before(sessions, i);
        out[i].ratio_30d = sessions[i].amount / out[i].longest_30d;
        out[i].gap_days = gap_before(sessions, i);
    }
}

static const struct column_about columns[] = {
    NUMBER("exposure", "see exposure_unit", "Exposure",
           "Distance if every session of the subject has one, else minutes of running"),
    WORDS("exposure_unit", "Unit of exposure", "m or min"),
    NUMBER("longest_30d", "see exposure_unit", "Longest in 30 days",
           "Largest exposure of one session in the 30 days before; missing: none was recorded"),
    NUMBER("ratio_30d", "1", "Against the longest", "Exposure over the longest in 30 days"),
    NUMBER("ewma_7", "see exposure_unit", "Mean over about 7 days",
           "Exponentially weighted mean of the days with a session, this one included"),
    NUMBER("ewma_28", "see exposure_unit", "Mean over about 28 days",
           "Exponentially weighted mean of the days with a session, this one included"),
    NUMBER("gap_days", "d", "Days since running", "Since the last recorded session with running"),
    NUMBER("load_l1_left", "1", "Impact volume, left",
           "Sum of the strides' intensity over the median of the subject's first session"),
    NUMBER("load_l1_right", "1", "Impact volume, right",
           "Sum of the strides' intensity over the median of the subject's first session"),
    NUMBER("load_l4_left", "1", "Weighted load, left",
           "Sum of the fourth powers of the same ratio"),
    NUMBER("load_l4_right", "1", "Weighted load, right",
           "Sum of the fourth powers of the same ratio"),
};

/* One session of the study that has a date. */
struct dated {
    size_t row; /* of the sessions table */
    const char *subject;
    double local_s, distance_m, running_min;
};

struct study_tables {
    struct table *sessions, *recordings, *summary;
    const struct stretch *recording_rows, *summary_rows;
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
    const double *distances = doubles_of(sessions, "distance_m");
    const double *running = doubles_of(sessions, "running_s");
    size_t n = 0;
    for (size_t i = 0; i < sessions->pub.n_rows; i++) {
        double unix_s, offset_s;
        gait_time_kind kind;
        if (!start_time_parse(starts[i], &unix_s, &kind, &offset_s)) continue;
        out[n++] = (struct dated){i, subjects[i], unix_s + (isfinite(offset_s) ? offset_s : 0),
                                  distances[i], running[i] / 60};
    }
    qsort(out, n, sizeof *out, by_subject_and_time);
    return n;
}

/* How hard one limb landed in one session: load, and the median of what it is made of. */
struct limb_load {
    double l1, l4, median;
};

static gait_placement placement_of(const struct study_tables *t, size_t session, const char *sensor)
{
    struct stretch rows = t->recording_rows[session];
    const char **sensors = texts_of(t->recordings, "sensor");
    const char **placements = texts_of(t->recordings, "placement");
    for (size_t i = rows.first; i < rows.first + rows.n; i++)
        if (strcmp(sensors[i], sensor) == 0) return gait_placement_from_name(placements[i]);
    return GAIT_PLACEMENT_UNKNOWN;
}

/* A row of a trunk sensor that cannot tell the limbs apart stands for either. */
static int is_of_limb(const char *side, const char *limb)
{
    return strcmp(side, limb) == 0 || strcmp(side, "unknown") == 0 || strcmp(side, "none") == 0;
}

static int find_load(const struct study_tables *t, size_t session, gait_placement placement,
                     const char *limb, struct limb_load *out)
{
    struct stretch rows = t->summary_rows[session];
    const char *key = intensity_key(placement);
    const double *medians = key ? doubles_of(t->summary, key) : NULL;
    const double *l1 = doubles_of(t->summary, "load_l1"), *l4 = doubles_of(t->summary, "load_l4");
    const char **sensors = texts_of(t->summary, "sensor"), **sides = texts_of(t->summary, "side");
    const char **activities = texts_of(t->summary, "activity");
    for (size_t i = rows.first; medians && i < rows.first + rows.n; i++) {
        if (strcmp(activities[i], "run") != 0 || !is_of_limb(sides[i], limb)) continue;
        if (placement_of(t, session, sensors[i]) != placement || !(medians[i] > 0)) continue;
        *out = (struct limb_load){l1[i], l4[i], medians[i]};
        return 1;
    }
    return 0;
}

/* Placements are never mixed in one history: the first session that has a load decides, a limb's
 * own sensor before the trunk's. */
static gait_placement choose_placement(const struct study_tables *t, const struct dated *sessions,
                                       size_t n, const char *limb, struct limb_load *baseline)
{
    static const gait_placement order[] = {GAIT_SHANK, GAIT_FOOT, GAIT_SACRUM, GAIT_WAIST};
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < N_ROWS_OF(order); k++)
            if (find_load(t, sessions[i].row, order[k], limb, baseline)) return order[k];
    return GAIT_PLACEMENT_UNKNOWN;
}

static void fill_loads(const struct study_tables *t, const struct dated *sessions, size_t n,
                       const char *limb, struct table *history, size_t row)
{
    char l1[32], l4[32];
    struct limb_load baseline, load;
    text_print(l1, sizeof l1, "load_l1_%s", limb);
    text_print(l4, sizeof l4, "load_l4_%s", limb);
    gait_placement placement = choose_placement(t, sessions, n, limb, &baseline);
    for (size_t i = 1; i < n; i++, row++) {
        if (!find_load(t, sessions[i].row, placement, limb, &load)) continue;
        doubles_of(history, l1)[row] = load.l1 / baseline.median;
        doubles_of(history, l4)[row] = load.l4 / pow(baseline.median, 4);
    }
}

/* All sessions of one subject but the first, in order of time. */
static gait_status fill_subject(const struct study_tables *t, const struct dated *sessions,
                                size_t n, struct table *history, size_t row, struct arena *tmp)
{
    struct exposure *exposures = ARENA_NEW(tmp, n, struct exposure);
    struct history *found = ARENA_NEW(tmp, n, struct history);
    const char **ids = texts_of(t->sessions, "session_id");
    int all_have_distance = 1;
    if (!exposures || !found) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) all_have_distance &= sessions[i].distance_m > 0;
    for (size_t i = 0; i < n; i++)
        exposures[i] =
            (struct exposure){sessions[i].local_s,
                              all_have_distance ? sessions[i].distance_m : sessions[i].running_min};
    history_of(exposures, n, found);
    for (size_t i = 1, at = row; i < n; i++, at++) {
        texts_of(history, "subject_id")[at] = sessions[i].subject;
        texts_of(history, "session_id")[at] = ids[sessions[i].row];
        texts_of(history, "exposure_unit")[at] = all_have_distance ? "m" : "min";
        doubles_of(history, "exposure")[at] = exposures[i].amount;
        doubles_of(history, "longest_30d")[at] = found[i].longest_30d;
        doubles_of(history, "ratio_30d")[at] = found[i].ratio_30d;
        doubles_of(history, "ewma_7")[at] = found[i].ewma_7;
        doubles_of(history, "ewma_28")[at] = found[i].ewma_28;
        doubles_of(history, "gap_days")[at] = found[i].gap_days;
    }
    fill_loads(t, sessions, n, "left", history, row);
    fill_loads(t, sessions, n, "right", history, row);
    return GAIT_OK;
}

static size_t same_subject(const struct dated *dated, size_t n)
{
    size_t k = 1;
    while (k < n && strcmp(dated[k].subject, dated[0].subject) == 0) k++;
    return k;
}

gait_status add_history(gait_summary *study, const struct stretch *recordings,
                        const struct stretch *summaries, struct arena *tmp)
{
    static const struct table_about about = {
        "history", "One row per session of a subject with earlier ones", "ratio_30d"};
    static const struct column_about keys[] = {
        WORDS("subject_id", "Subject", "Who ran"),
        WORDS("session_id", "Session", "Which of the subject's runs"),
    };
    const struct study_tables t = {find_table(study, "sessions"), find_table(study, "recordings"),
                                   find_table(study, "summary"), recordings, summaries};
    if (!t.sessions || !t.recordings || !t.summary) return GAIT_INVALID;
    struct dated *dated = ARENA_NEW(tmp, t.sessions->pub.n_rows, struct dated);
    if (!dated) return GAIT_NOMEM;
    size_t n = list_dated(t.sessions, dated), n_rows = 0, row = 0;
    for (size_t i = 0, k; i < n; i += k) n_rows += (k = same_subject(dated + i, n - i)) - 1;
    struct table *history =
        summary_add_table(study, &about, n_rows, N_ROWS_OF(keys) + N_ROWS_OF(columns));
    if (!history || table_add_columns(study, history, keys, N_ROWS_OF(keys)) ||
        table_add_columns(study, history, columns, N_ROWS_OF(columns)))
        return GAIT_NOMEM;
    for (size_t i = 0, k; i < n; i += k, row += k - 1) {
        k = same_subject(dated + i, n - i);
        if (fill_subject(&t, dated + i, k, history, row, tmp)) return GAIT_NOMEM;
    }
    return GAIT_OK;
}
