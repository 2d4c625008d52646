/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/tables.h"

#include <math.h>

#include "record/start_time.h"

static const struct table_about about = {"sessions", "One row per session", "duration_s"};

static const struct column_about columns[] = {
    WORDS("start_time", "Start", "Time 0 of the session's clock, ISO 8601; empty if unknown"),
    WORDS("time_kind", "Kind of time", "utc, local_with_offset, local_unknown or unknown"),
    NUMBER("duration_s", "s", "Duration", "From the first to the last frame of any sensor"),
    NUMBER("running_s", "s", "Running", "Time in running bouts, of the sensor that saw most"),
    NUMBER("walking_s", "s", "Walking", "Time in walking bouts, of the sensor that saw most"),
    COUNT("n_strides", "Strides", "Rows of the strides table, all sensors"),
    NUMBER("distance_m", "m", "Distance", "As stated by the user"),
    NUMBER("speed_mps", "m/s", "Speed", "Mean speed as stated by the user"),
    NUMBER("mass_kg", "kg", "Body mass", "As stated by the user"),
    NUMBER("height_m", "m", "Body height", "As stated by the user"),
    WORDS("affected_side", "Affected side", "The painful side as stated by the user, or unknown"),
    COUNT("n_findings", "Findings", "Rows of the findings table"),
    WORDS("worst_severity", "Worst severity", "none, info, note or flag"),
};

static const char *time_kind_name(gait_time_kind kind)
{
    static const char *const names[] = {"unknown", "utc", "local_with_offset", "local_unknown"};
    return (unsigned)kind < N_ROWS_OF(names) ? names[kind] : names[0];
}

/* Absolute time of the clock's zero by one sensor. */
static double zero_unix_s(const struct sensor_result *sensor)
{
    return sensor->info.start_unix_s - sensor->info.start_s - sensor->clock_offset_s;
}

/* The sensor that dates the session: the earliest, NULL if none knows. */
static const struct sensor_result *dating_sensor(const gait_session *session)
{
    const struct sensor_result *first = NULL;
    for (size_t i = 0; i < session->n_sensors; i++) {
        const struct sensor_result *sensor = &session->sensors[i];
        if (sensor->info.time_kind == GAIT_TIME_UNKNOWN || !isfinite(zero_unix_s(sensor))) continue;
        if (!first || zero_unix_s(sensor) < zero_unix_s(first)) first = sensor;
    }
    return first;
}

static double duration_s(const gait_session *session)
{
    double first = NAN, last = NAN;
    for (size_t i = 0; i < session->n_sensors; i++) {
        const struct sensor_result *sensor = &session->sensors[i];
        double start = sensor->info.start_s + sensor->clock_offset_s;
        first = fmin(first, start);
        last = fmax(last, start + sensor->quality.duration_s);
    }
    return last - first;
}

static double longest_s(const gait_session *session, gait_activity activity)
{
    double longest = 0;
    for (size_t i = 0; i < session->n_sensors; i++) {
        const struct sensor_result *sensor = &session->sensors[i];
        double sum = 0;
        for (size_t b = 0; b < sensor->n_bouts; b++)
            if (sensor->bouts[b].activity == activity)
                sum += sensor->bouts[b].end_s - sensor->bouts[b].start_s;
        longest = fmax(longest, sum);
    }
    return longest;
}

static size_t count_strides(const gait_session *session)
{
    size_t n = 0;
    for (size_t i = 0; i < session->n_sensors; i++) n += count_of(&session->sensors[i], OF_STRIDES);
    return n;
}

static gait_side affected_side(const gait_session *session)
{
    for (size_t i = 0; i < session->n_sensors; i++)
        if (session->sensors[i].info.affected_side != GAIT_SIDE_UNKNOWN)
            return session->sensors[i].info.affected_side;
    return GAIT_SIDE_UNKNOWN;
}

static const char *worst_severity(const gait_session *session)
{
    int worst = -1;
    for (size_t i = 0; i < session->findings.n; i++)
        if ((int)session->findings.at[i].severity > worst)
            worst = (int)session->findings.at[i].severity;
    return worst < 0 ? "none" : gait_severity_name((gait_severity)worst);
}

static const char *start_time(gait_summary *summary, const struct sensor_result *sensor)
{
    char text[START_TIME_ROOM];
    start_time_print(zero_unix_s(sensor), sensor->info.time_kind, sensor->info.utc_offset_s, text);
    return summary_text(summary, text);
}

gait_status add_sessions(gait_summary *summary, const gait_session *session, struct arena *tmp)
{
    (void)tmp;
    struct table *table = begin_table(summary, session, &about, 1, N_ROWS_OF(columns));
    if (!table || table_add_columns(summary, table, columns, N_ROWS_OF(columns))) return GAIT_NOMEM;
    const struct sensor_result *dated = dating_sensor(session);
    const char *start = dated ? start_time(summary, dated) : "";
    if (!start) return GAIT_NOMEM;
    texts_of(table, "start_time")[0] = start;
    texts_of(table, "time_kind")[0] =
        time_kind_name(dated ? dated->info.time_kind : GAIT_TIME_UNKNOWN);
    doubles_of(table, "duration_s")[0] = duration_s(session);
    doubles_of(table, "running_s")[0] = longest_s(session, GAIT_RUN);
    doubles_of(table, "walking_s")[0] = longest_s(session, GAIT_WALK);
    integers_of(table, "n_strides")[0] = (int64_t)count_strides(session);
    doubles_of(table, "distance_m")[0] = session->options.distance_m;
    doubles_of(table, "speed_mps")[0] = session->options.speed_mps;
    doubles_of(table, "mass_kg")[0] = session->options.mass_kg;
    doubles_of(table, "height_m")[0] = session->options.height_m;
    texts_of(table, "affected_side")[0] = gait_side_name(affected_side(session));
    integers_of(table, "n_findings")[0] = (int64_t)session->findings.n;
    texts_of(table, "worst_severity")[0] = worst_severity(session);
    return GAIT_OK;
}
