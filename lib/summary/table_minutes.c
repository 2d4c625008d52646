/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/tables.h"

#include <math.h>

#include "base/fail.h"
#include "signal/stats.h"

static const double minute_s = 60;

static const struct column_about first_columns[] = {
    NUMBER("start_s", "s", "Start", "Begin of the minute, counted from the bout's begin"),
    COUNT("n_strides", "Strides", "Strides that begin in it"),
};

static const struct column_about last_columns[] = {
    NUMBER("load_l1", "1", "Impact volume",
           "Sum of the strides' intensity: peak resultant acceleration in g, at the trunk peak "
           "force in body weights; running only"),
    NUMBER("load_l4", "1", "Weighted load", "Sum of the fourth powers of the same intensity"),
    BAND_COLUMNS,
    FLAGS,
    COUNT("bout", "Bout", "Number of the bout among those of its sensor, from 0"),
    WORDS("activity", "Activity", "walk or run, as the bout"),
};

/* Strides first ... first + n - 1 of a sensor, all of one bout and minute. */
struct minute {
    size_t first, n;
    uint32_t bout;
    double start_s, end_s;
};

static double minute_number(const struct sensor_result *sensor, size_t stride)
{
    const struct bout_result *bout = &sensor->bouts[sensor->stride_bout[stride]];
    return floor((sensor->strides[stride].start_s - bout->start_s) / minute_s);
}

/* The minute that begins with this stride. */
static struct minute minute_at(const struct sensor_result *sensor, size_t first)
{
    const struct bout_result *bout = &sensor->bouts[sensor->stride_bout[first]];
    double number = minute_number(sensor, first);
    struct minute minute = {.first = first, .bout = sensor->stride_bout[first]};
    minute.start_s = bout->start_s + minute_s * number;
    minute.end_s = fmin(minute.start_s + minute_s, bout->end_s);
    size_t i = first;
    while (i < sensor->n_strides && sensor->stride_bout[i] == minute.bout &&
           fabs(minute_number(sensor, i) - number) < 0.5)
        i++;
    minute.n = i > first ? i - first : 1; /* a stride without a time stands alone */
    return minute;
}

static size_t count_minutes(const struct sensor_result *sensor)
{
    size_t n = 0;
    for (size_t i = 0; i < sensor->n_strides; i += minute_at(sensor, i).n)
        n += (size_t)is_of(sensor, i, OF_STRIDES);
    return n;
}

static void fill_load(struct table *table, size_t row, const gait_settings *settings,
                      const struct sensor_result *sensor, const struct minute *minute)
{
    const struct bout_result *bout = &sensor->bouts[minute->bout];
    const double *intensity = intensity_of(sensor);
    if (!intensity || bout->activity != GAIT_RUN) return;
    double limbs = limbs_seen(sensor);
    double expected = limbs * expected_strides(bout, minute->start_s, minute->end_s);
    struct load load = load_of(intensity + minute->first, minute->n, expected);
    doubles_of(table, "load_l1")[row] = load.l1 / limbs;
    doubles_of(table, "load_l4")[row] = load.l4 / limbs;
    integers_of(table, "flags")[row] |= load.flags;
    int64_t bands[N_BANDS];
    count_bands(settings, sensor, intensity + minute->first, minute->n, bands);
    put_bands(table, row, bands);
}

static double median_of(const struct sensor_result *sensor, size_t metric,
                        const struct minute *minute, double *room, struct arena *tmp)
{
    for (size_t i = 0; i < minute->n; i++)
        room[i] = value_for_median(sensor, metric, minute->first + i);
    return told_median(median(room, minute->n, tmp));
}

static gait_status fill_minutes(struct table *table, size_t row, const gait_settings *settings,
                                const struct sensor_result *sensor, struct arena *tmp)
{
    double *room = ARENA_NEW(tmp, sensor->n_strides + 1, double);
    if (!room) return GAIT_NOMEM;
    for (size_t i = 0; i < sensor->n_strides;) {
        struct minute minute = minute_at(sensor, i);
        i += minute.n;
        if (!is_of(sensor, minute.first, OF_STRIDES)) continue;
        doubles_of(table, "start_s")[row] = minute.start_s;
        integers_of(table, "n_strides")[row] = (int64_t)minute.n;
        integers_of(table, "bout")[row] = minute.bout;
        texts_of(table, "activity")[row] = gait_activity_name(sensor->bouts[minute.bout].activity);
        for (size_t k = minute.first; k < i; k++)
            integers_of(table, "flags")[row] |= sensor->strides[k].flags;
        for (size_t m = 0; gait_metric_at(m); m++)
            if (sensor->metric[m] && (gait_metric_at(m)->activities & OF_STRIDES))
                doubles_of(table, gait_metric_at(m)->key)[row] =
                    median_of(sensor, m, &minute, room, tmp);
        fill_load(table, row++, settings, sensor, &minute);
    }
    return GAIT_OK;
}

gait_status add_minutes(gait_summary *summary, const gait_session *session, struct arena *tmp)
{
    static const struct table_about about = {"minutes", "One row per minute of a bout with strides",
                                             "n_strides"};
    size_t n = 0, row = 0;
    for (size_t i = 0; i < session->n_sensors; i++) n += count_minutes(&session->sensors[i]);
    struct table *table =
        begin_table(summary, session, &about, n,
                    N_ROWS_OF(first_columns) + N_ROWS_OF(last_columns) + GAIT_MAX_METRICS);
    if (!table || add_sensor_key(summary, table) ||
        table_add_columns(summary, table, first_columns, N_ROWS_OF(first_columns)) ||
        add_metric_columns(summary, table, OF_STRIDES) ||
        table_add_columns(summary, table, last_columns, N_ROWS_OF(last_columns)))
        return GAIT_NOMEM;
    for (size_t i = 0; i < session->n_sensors; i++) {
        const struct sensor_result *sensor = &session->sensors[i];
        size_t n_rows = count_minutes(sensor);
        if (set_sensor(summary, table, row, n_rows, sensor)) return GAIT_NOMEM;
        TRY(fill_minutes(table, row, &session->options.settings, sensor, tmp));
        row += n_rows;
    }
    return GAIT_OK;
}
