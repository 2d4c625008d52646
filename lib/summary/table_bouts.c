/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/tables.h"

/* Bouts, and what was found in them one by one: events and strides. */

static const struct column_about bout_columns[] = {
    WORDS("activity", "Activity", "rest, walk, run, other, knee-bend, squat or stance"),
    NUMBER("start_s", "s", "Start", "Begin of the bout"),
    NUMBER("end_s", "s", "End", "End of the bout"),
    COUNT("n_strides", "Strides", "Strides, or repetitions of a test, found in it"),
    NUMBER("cadence_steps_per_min", "1/min", "Cadence", "Steps of both feet per minute"),
    NUMBER("confidence", "1", "Confidence", "0 to 1 that the activity is right"),
    FLAGS,
    COUNT("bout", "Bout", "Number of the bout among those of its sensor, from 0"),
    NUMBER("n_steps", "1", "Steps", "Steps of both feet, counted or estimated"),
    COUNT("n_aborted", "Broken off",
          "Repetitions of a test begun and broken off; they do not count"),
};

static const struct column_about event_columns[] = {
    COUNT("bout", "Bout", "Number of the bout among those of its sensor, from 0"),
    WORDS("type", "Type",
          "foot_strike or toe_off; bend_start, bend_lowest, bend_end or bend_aborted in a test"),
    WORDS("side", "Side", "left, right, unknown, or a and b for steps of limbs not told apart"),
    NUMBER("time_s", "s", "Time", "When"),
    NUMBER("uncertainty_s", "s", "Uncertainty", "One standard deviation of the time"),
    NUMBER("confidence", "1", "Confidence",
           "0 to 1 that there is such an event within 50 ms, by itself and by the walk it is in"),
    FLAGS,
};

static const struct column_about stride_columns[] = {
    COUNT("bout", "Bout", "Number of the bout among those of its sensor, from 0"),
    WORDS("side", "Side", "left, right, unknown, or a and b for steps of limbs not told apart"),
    NUMBER("start_s", "s", "Start", "Foot strike that begins the stride"),
    NUMBER("end_s", "s", "End", "Next foot strike of the same foot"),
    FLAGS,
};

static const struct column_about stride_more_columns[] = {
    WORDS("activity", "Activity", "walk or run, as the stride's bout"),
    NUMBER("toe_off_s", "s", "Toe-off", "Toe-off of the same foot"),
    NUMBER("confidence", "1", "Confidence", "Of the weakest event the stride rests on"),
};

static int64_t count_aborted(const struct sensor_result *sensor, const struct bout_result *bout)
{
    int64_t n = 0;
    for (size_t i = 0; i < bout->n_events; i++)
        n += sensor->events[bout->first_event + i].type == GAIT_BEND_ABORTED;
    return n;
}

static void fill_bouts(struct table *table, size_t row, const struct sensor_result *sensor)
{
    for (size_t i = 0; i < sensor->n_bouts; i++, row++) {
        const struct bout_result *bout = &sensor->bouts[i];
        texts_of(table, "activity")[row] = gait_activity_name(bout->activity);
        doubles_of(table, "start_s")[row] = bout->start_s;
        doubles_of(table, "end_s")[row] = bout->end_s;
        integers_of(table, "n_strides")[row] = (int64_t)bout->n_strides;
        doubles_of(table, "cadence_steps_per_min")[row] = bout->cadence_steps_per_min;
        doubles_of(table, "confidence")[row] = bout->confidence;
        integers_of(table, "flags")[row] = bout->flags;
        integers_of(table, "bout")[row] = (int64_t)i;
        doubles_of(table, "n_steps")[row] = bout->n_steps;
        integers_of(table, "n_aborted")[row] = count_aborted(sensor, bout);
    }
}

gait_status add_bouts(gait_summary *summary, const gait_session *session, struct arena *tmp)
{
    static const struct table_about about = {"bouts", "One row per stretch of one activity",
                                             "cadence_steps_per_min"};
    (void)tmp;
    size_t n = 0;
    for (size_t i = 0; i < session->n_sensors; i++) n += session->sensors[i].n_bouts;
    struct table *table = begin_table(summary, session, &about, n, N_ROWS_OF(bout_columns));
    if (!table || add_sensor_key(summary, table) ||
        table_add_columns(summary, table, bout_columns, N_ROWS_OF(bout_columns)))
        return GAIT_NOMEM;
    size_t row = 0;
    for (size_t i = 0; i < session->n_sensors; i++) {
        const struct sensor_result *sensor = &session->sensors[i];
        if (set_sensor(summary, table, row, sensor->n_bouts, sensor)) return GAIT_NOMEM;
        fill_bouts(table, row, sensor);
        row += sensor->n_bouts;
    }
    return GAIT_OK;
}

static void fill_events(struct table *table, size_t row, const struct sensor_result *sensor)
{
    int64_t *bouts = integers_of(table, "bout"), *flags = integers_of(table, "flags");
    const char **types = texts_of(table, "type"), **sides = texts_of(table, "side");
    double *times = doubles_of(table, "time_s");
    double *uncertainties = doubles_of(table, "uncertainty_s");
    double *confidences = doubles_of(table, "confidence");
    for (size_t i = 0; i < sensor->n_events; i++, row++) {
        const gait_event *event = &sensor->events[i];
        bouts[row] = sensor->event_bout[i];
        types[row] = gait_event_type_name(event->type);
        sides[row] = gait_side_name(event->side);
        times[row] = event->time_s;
        uncertainties[row] = event->uncertainty_s;
        confidences[row] = event->confidence;
        flags[row] = event->flags;
    }
}

gait_status add_events(gait_summary *summary, const gait_session *session, struct arena *tmp)
{
    static const struct table_about about = {"events", "One row per event", "confidence"};
    (void)tmp;
    size_t n = 0;
    for (size_t i = 0; i < session->n_sensors; i++) n += session->sensors[i].n_events;
    struct table *table = begin_table(summary, session, &about, n, N_ROWS_OF(event_columns));
    if (!table || add_sensor_key(summary, table) ||
        table_add_columns(summary, table, event_columns, N_ROWS_OF(event_columns)))
        return GAIT_NOMEM;
    size_t row = 0;
    for (size_t i = 0; i < session->n_sensors; i++) {
        const struct sensor_result *sensor = &session->sensors[i];
        if (set_sensor(summary, table, row, sensor->n_events, sensor)) return GAIT_NOMEM;
        fill_events(table, row, sensor);
        row += sensor->n_events;
    }
    return GAIT_OK;
}

static void fill_strides(struct table *table, size_t row, const struct sensor_result *sensor)
{
    int64_t *bouts = integers_of(table, "bout"), *flags = integers_of(table, "flags");
    const char **sides = texts_of(table, "side"), **activities = texts_of(table, "activity");
    double *starts = doubles_of(table, "start_s"), *ends = doubles_of(table, "end_s");
    double *toe_offs = doubles_of(table, "toe_off_s");
    double *confidences = doubles_of(table, "confidence");
    copy_metrics(table, row, sensor, OF_STRIDES);
    for (size_t i = 0; i < sensor->n_strides; i++) {
        if (!is_of(sensor, i, OF_STRIDES)) continue;
        const gait_stride *stride = &sensor->strides[i];
        bouts[row] = sensor->stride_bout[i];
        sides[row] = gait_side_name(stride->side);
        activities[row] = gait_activity_name(sensor->bouts[sensor->stride_bout[i]].activity);
        starts[row] = stride->start_s;
        toe_offs[row] = stride->toe_off_s;
        ends[row] = stride->end_s;
        confidences[row] = stride->confidence;
        flags[row++] = stride->flags;
    }
}

gait_status add_strides(gait_summary *summary, const gait_session *session, struct arena *tmp)
{
    static const struct table_about about = {"strides", "One row per stride", "confidence"};
    (void)tmp;
    size_t n = 0;
    for (size_t i = 0; i < session->n_sensors; i++) n += count_of(&session->sensors[i], OF_STRIDES);
    struct table *table =
        begin_table(summary, session, &about, n,
                    N_ROWS_OF(stride_columns) + N_ROWS_OF(stride_more_columns) + GAIT_MAX_METRICS);
    if (!table || add_sensor_key(summary, table) ||
        table_add_columns(summary, table, stride_columns, N_ROWS_OF(stride_columns)) ||
        add_metric_columns(summary, table, OF_STRIDES) ||
        table_add_columns(summary, table, stride_more_columns, N_ROWS_OF(stride_more_columns)))
        return GAIT_NOMEM;
    if (gait_metric_index("stride_time_s") >= 0) table->signal = "stride_time_s";
    size_t row = 0;
    for (size_t i = 0; i < session->n_sensors; i++) {
        const struct sensor_result *sensor = &session->sensors[i];
        if (set_sensor(summary, table, row, count_of(sensor, OF_STRIDES), sensor))
            return GAIT_NOMEM;
        fill_strides(table, row, sensor);
        row += count_of(sensor, OF_STRIDES);
    }
    return GAIT_OK;
}
