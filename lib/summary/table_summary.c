/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/tables.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "session/drift.h"

/* Each metric of one limb during one activity in a few numbers. */

enum { BLOCK_STRIDES = 20 }; /* neighbours resemble each other over about that many */
static const double shortest_drift_s = 900;
static const double flagged_share = 0.05;

static const struct column_about first_columns[] = {
    WORDS("side", "Side", "Which limb's strides, as far as told apart"),
    WORDS("activity", "Activity", "walk, run, knee-bend, squat or stance"),
    COUNT("n_strides", "Strides", "Strides, or repetitions of a test, found"),
    NUMBER("yield", "1", "Yield", "Strides found over strides expected from cadence and time"),
};

static const struct column_about last_columns[] = {
    NUMBER("load_l1", "1", "Impact volume",
           "Sum of the strides' intensity: peak resultant acceleration in g, at the trunk peak "
           "force in body weights; running only"),
    NUMBER("load_l4", "1", "Weighted load", "Sum of the fourth powers of the same intensity"),
    BAND_COLUMNS,
    NUMBER("stride_time_cv_percent", "%", "Variability of the stride time",
           "1.4826 times the median absolute deviation over the median"),
    NUMBER("stride_time_cv_ci_low", "%", "Variability of the stride time, low end",
           "Lower end of its 95 % interval, strides taken as independent"),
    NUMBER("stride_time_cv_ci_high", "%", "Variability of the stride time, high end",
           "Upper end of its 95 % interval"),
    FLAGS,
};

/* The columns each metric has here. */
static const struct statistic {
    const char *suffix, *units_suffix, *words;
    int is_count;
} statistics[] = {
    {"", "", "", 0},
    {"_mad", "", ", median absolute deviation", 0},
    {"_ci_low", "", ", lower end of the median's 95 % interval", 0},
    {"_ci_high", "", ", upper end of the median's 95 % interval", 0},
    {"_n", "", ", strides with a value", 1},
    {"_drift_per_min", "/min", ", drift per minute of the session", 0},
    {"_drift_ci_low", "/min", ", lower end of the drift's 95 % interval", 0},
    {"_drift_ci_high", "/min", ", upper end of the drift's 95 % interval", 0},
};

/* One row: which strides it is about. */
struct group {
    const struct sensor_result *sensor;
    gait_activity activity;
    gait_side side;
    const gait_settings *settings;
    size_t n;
    size_t *stride; /* indexes into the sensor's strides */
};

static gait_activity activity_of(const struct sensor_result *sensor, size_t stride)
{
    return sensor->bouts[sensor->stride_bout[stride]].activity;
}

static size_t count_strides(const struct group *group)
{
    size_t n = 0;
    for (size_t i = 0; i < group->sensor->n_strides; i++)
        n += activity_of(group->sensor, i) == group->activity &&
             group->sensor->strides[i].side == group->side;
    return n;
}

static gait_status take_strides(struct group *group, struct arena *tmp)
{
    group->n = 0;
    group->stride = ARENA_NEW(tmp, group->sensor->n_strides, size_t);
    if (!group->stride) return GAIT_NOMEM;
    for (size_t i = 0; i < group->sensor->n_strides; i++)
        if (activity_of(group->sensor, i) == group->activity &&
            group->sensor->strides[i].side == group->side)
            group->stride[group->n++] = i;
    return GAIT_OK;
}

/* All groups that have strides, in a fixed order; how many. groups may be NULL. */
static size_t list_groups(const gait_session *session, struct group *groups)
{
    static const gait_activity activities[] = {GAIT_RUN, GAIT_WALK, GAIT_KNEE_BEND, GAIT_SQUAT,
                                               GAIT_STANCE};
    size_t n = 0;
    for (size_t s = 0; s < session->n_sensors; s++)
        for (size_t a = 0; a < N_ROWS_OF(activities); a++)
            for (int side = 0; side < GAIT_N_SIDES; side++) {
                struct group group = {&session->sensors[s],
                                      activities[a],
                                      (gait_side)side,
                                      &session->options.settings,
                                      0,
                                      NULL};
                if (!count_strides(&group)) continue;
                if (groups) groups[n] = group;
                n++;
            }
    return n;
}

static gait_status add_statistic(gait_summary *summary, struct table *table,
                                 const gait_metric *metric, const struct statistic *statistic)
{
    char name[128], units[64], words[256];
    struct column_about about = metric_column(metric);
    text_print(name, sizeof name, "%s%s", metric->key, statistic->suffix);
    text_print(units, sizeof units, "%s%s", statistic->is_count ? "1" : metric->unit,
               statistic->units_suffix);
    text_print(words, sizeof words, "%s%s", metric->label, statistic->words);
    about.type = statistic->is_count ? GAIT_INTEGERS : GAIT_DOUBLES;
    about.name = summary_text(summary, name);
    about.units = summary_text(summary, units);
    about.long_name = summary_text(summary, words);
    if (!about.name || !about.units || !about.long_name) return GAIT_NOMEM;
    return table_add_column(summary, table, &about) ? GAIT_OK : GAIT_NOMEM;
}

static gait_status add_statistics(gait_summary *summary, struct table *table)
{
    for (size_t m = 0; gait_metric_at(m); m++)
        for (size_t k = 0; k < N_ROWS_OF(statistics); k++)
            if (add_statistic(summary, table, gait_metric_at(m), &statistics[k])) return GAIT_NOMEM;
    return GAIT_OK;
}

/* Limbs whose strides stand in one row: both only where they are not told apart. */
static double limbs_of(const struct group *group)
{
    int unknown = group->side == GAIT_SIDE_UNKNOWN || group->side == GAIT_SIDE_NONE;
    return unknown ? limbs_seen(group->sensor) : 1;
}

static double expected_of(const struct group *group)
{
    const struct sensor_result *sensor = group->sensor;
    double expected = 0;
    for (size_t b = 0; b < sensor->n_bouts; b++)
        if (sensor->bouts[b].activity == group->activity)
            expected += expected_strides(&sensor->bouts[b], -INFINITY, INFINITY);
    return limbs_of(group) * expected;
}

/* One metric's values of a group in order of time, missing ones left out; a peak that is only a
 * lower bound is infinite. */
struct values {
    size_t n;
    double *x, *time_s;
};

static gait_status take_values(const struct group *group, size_t metric, struct values *out,
                               struct arena *tmp)
{
    out->n = 0;
    out->x = ARENA_NEW(tmp, group->n, double);
    out->time_s = ARENA_NEW(tmp, group->n, double);
    if (!out->x || !out->time_s) return GAIT_NOMEM;
    for (size_t i = 0; group->sensor->metric[metric] && i < group->n; i++) {
        size_t k = group->stride[i];
        double value = value_for_median(group->sensor, metric, k);
        if (isnan(value) || !isfinite(group->sensor->strides[k].start_s)) continue;
        out->x[out->n] = value;
        out->time_s[out->n++] = group->sensor->strides[k].start_s;
    }
    return GAIT_OK;
}

static double absolute_deviation(const struct values *values, double centre, struct arena *tmp)
{
    double *deviation = ARENA_NEW(tmp, values->n, double);
    if (!deviation) return NAN;
    for (size_t i = 0; i < values->n; i++) deviation[i] = fabs(values->x[i] - centre);
    return median_inplace(deviation, values->n);
}

/* The columns of one metric begin at table column k. */
static gait_status fill_metric(struct table *table, size_t k, size_t row,
                               const struct values *values, struct arena *tmp)
{
    double *centres = table->cells[k], *deviations = table->cells[k + 1];
    double *lows = table->cells[k + 2], *highs = table->cells[k + 3];
    int64_t *counts = table->cells[k + 4];
    double *drifts = table->cells[k + 5], *drift_lows = table->cells[k + 6];
    double *drift_highs = table->cells[k + 7];
    struct trend drift;
    counts[row] = (int64_t)values->n;
    if (values->n == 0) return GAIT_OK;
    centres[row] = told_median(median(values->x, values->n, tmp));
    if (isfinite(centres[row]))
        deviations[row] = told_median(absolute_deviation(values, centres[row], tmp));
    gait_status st =
        median_interval(values->x, values->n, BLOCK_STRIDES, &lows[row], &highs[row], tmp);
    if (st == GAIT_NOMEM) return st;
    lows[row] = told_median(lows[row]);
    highs[row] = told_median(highs[row]);
    if (!(highs[row] > lows[row])) lows[row] = highs[row] = NAN; /* one value for all strides */
    if (drift_of(values->x, values->time_s, values->n, &drift, tmp)) return GAIT_NOMEM;
    drifts[row] = drift.slope;
    drift_lows[row] = drift.slope_low;
    drift_highs[row] = drift.slope_high;
    return GAIT_OK;
}

static gait_status fill_metrics(struct table *table, size_t first_column, size_t row,
                                const struct group *group, struct arena *tmp)
{
    for (size_t m = 0; gait_metric_at(m); m++) {
        struct arena_mark mark = arena_mark(tmp);
        struct values values;
        if (take_values(group, m, &values, tmp) ||
            fill_metric(table, first_column + m * N_ROWS_OF(statistics), row, &values, tmp))
            return GAIT_NOMEM;
        arena_rewind(tmp, mark);
    }
    return GAIT_OK;
}

/* Bits that more than a twentieth of the strides have. */
static int64_t common_flags(const struct group *group)
{
    int64_t flags = 0;
    for (unsigned bit = 1; bit && gait_flag_name(bit); bit <<= 1) {
        size_t n = 0;
        for (size_t i = 0; i < group->n; i++)
            n += (group->sensor->strides[group->stride[i]].flags & bit) != 0;
        if ((double)n > flagged_share * (double)group->n) flags |= bit;
    }
    return flags;
}

static gait_status fill_load(struct table *table, size_t row, const struct group *group,
                             struct arena *tmp)
{
    const double *column = intensity_of(group->sensor);
    if (group->activity != GAIT_RUN || !column) return GAIT_OK;
    double *intensity = ARENA_NEW(tmp, group->n + 1, double);
    if (!intensity) return GAIT_NOMEM;
    for (size_t i = 0; i < group->n; i++) intensity[i] = column[group->stride[i]];
    struct load load = load_of(intensity, group->n, expected_of(group));
    doubles_of(table, "load_l1")[row] = load.l1 / limbs_of(group);
    doubles_of(table, "load_l4")[row] = load.l4 / limbs_of(group);
    integers_of(table, "flags")[row] |= load.flags;
    int64_t bands[N_BANDS];
    count_bands(group->settings, group->sensor, intensity, group->n, bands);
    put_bands(table, row, bands);
    return GAIT_OK;
}

/* The median absolute deviation is as sure as the standard deviation of 0.37 times as many. */
static gait_status fill_variability(struct table *table, size_t row, const struct group *group,
                                    struct arena *tmp)
{
    static const double efficiency = 0.37;
    struct values values;
    if (take_values(group, (size_t)gait_metric_index("stride_time_s"), &values, tmp))
        return GAIT_NOMEM;
    if (values.n < BLOCK_STRIDES) return GAIT_OK;
    double cv = 100 * mad_sigma(values.x, values.n, tmp) / median(values.x, values.n, tmp);
    double reach = 1.959964 * cv / sqrt(2 * efficiency * (double)values.n);
    doubles_of(table, "stride_time_cv_percent")[row] = cv;
    doubles_of(table, "stride_time_cv_ci_low")[row] = fmax(cv - reach, 0);
    doubles_of(table, "stride_time_cv_ci_high")[row] = cv + reach;
    return GAIT_OK;
}

static gait_status fill_group(struct table *table, size_t first_column, size_t row,
                              struct group *group, struct arena *tmp)
{
    if (take_strides(group, tmp)) return GAIT_NOMEM;
    const gait_stride *strides = group->sensor->strides;
    double expected = expected_of(group);
    double span_s = strides[group->stride[group->n - 1]].end_s - strides[group->stride[0]].start_s;
    int64_t flags = common_flags(group);
    if (!(span_s >= shortest_drift_s)) flags |= GAIT_FLAG_SHORT;
    if (group->n < BLOCK_STRIDES) flags |= GAIT_FLAG_FEW;
    texts_of(table, "side")[row] = gait_side_name(group->side);
    texts_of(table, "activity")[row] = gait_activity_name(group->activity);
    integers_of(table, "n_strides")[row] = (int64_t)group->n;
    if (expected > 0) doubles_of(table, "yield")[row] = fmin(1, (double)group->n / expected);
    integers_of(table, "flags")[row] = flags;
    if (fill_load(table, row, group, tmp) || fill_variability(table, row, group, tmp))
        return GAIT_NOMEM;
    return fill_metrics(table, first_column, row, group, tmp);
}

gait_status add_summary(gait_summary *summary, const gait_session *session, struct arena *tmp)
{
    static const struct table_about about = {
        "summary", "One row per sensor, side and activity: each metric in a few numbers",
        "n_strides"};
    size_t n = list_groups(session, NULL);
    struct group *groups = ARENA_NEW(tmp, n, struct group);
    if (!groups) return GAIT_NOMEM;
    list_groups(session, groups);
    struct table *table = begin_table(summary, session, &about, n,
                                      N_ROWS_OF(first_columns) + N_ROWS_OF(last_columns) +
                                          GAIT_MAX_METRICS * N_ROWS_OF(statistics));
    if (!table || add_sensor_key(summary, table) ||
        table_add_columns(summary, table, first_columns, N_ROWS_OF(first_columns)))
        return GAIT_NOMEM;
    size_t first_column = table->pub.n_columns;
    if (add_statistics(summary, table) ||
        table_add_columns(summary, table, last_columns, N_ROWS_OF(last_columns)))
        return GAIT_NOMEM;
    for (size_t row = 0; row < n; row++) {
        struct arena_mark mark = arena_mark(tmp);
        if (set_sensor(summary, table, row, 1, groups[row].sensor) ||
            fill_group(table, first_column, row, &groups[row], tmp))
            return GAIT_NOMEM;
        arena_rewind(tmp, mark);
    }
    return GAIT_OK;
}
