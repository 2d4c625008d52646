/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/tables.h"

/* Repetitions of functional tests; what strides are in gait. */

static const struct column_about first_columns[] = {
    COUNT("bout", "Bout", "Number of the bout among those of its sensor, from 0"),
    WORDS("test", "Test", "knee-bend, squat or stance"),
    WORDS("side", "Side", "Limb of the sensor: left, right, none at the trunk, or unknown"),
    NUMBER("start_s", "s", "Start", "When the way down begins"),
    NUMBER("lowest_s", "s", "Lowest point", "When the lean is largest"),
    NUMBER("end_s", "s", "End", "When the way up ends"),
    FLAGS,
};

static const struct column_about last_columns[] = {
    NUMBER("confidence", "1", "Confidence", "0 to 1 that there is such a repetition"),
};

static void fill_repetition(struct table *table, size_t row, const struct sensor_result *sensor,
                            size_t i)
{
    const gait_stride *repetition = &sensor->strides[i];
    uint32_t bout = sensor->stride_bout[i];
    integers_of(table, "bout")[row] = bout;
    texts_of(table, "test")[row] = gait_activity_name(sensor->bouts[bout].activity);
    texts_of(table, "side")[row] = gait_side_name(repetition->side);
    doubles_of(table, "start_s")[row] = repetition->start_s;
    doubles_of(table, "lowest_s")[row] = repetition->toe_off_s;
    doubles_of(table, "end_s")[row] = repetition->end_s;
    doubles_of(table, "confidence")[row] = repetition->confidence;
    integers_of(table, "flags")[row] = repetition->flags;
}

gait_status add_repetitions(gait_summary *summary, const gait_session *session, struct arena *tmp)
{
    static const struct table_about about = {
        "repetitions", "One row per repetition of a functional test", "confidence"};
    (void)tmp;
    size_t n = 0, row = 0;
    for (size_t i = 0; i < session->n_sensors; i++)
        n += count_of(&session->sensors[i], OF_REPETITIONS);
    struct table *table =
        begin_table(summary, session, &about, n,
                    N_ROWS_OF(first_columns) + N_ROWS_OF(last_columns) + GAIT_MAX_METRICS);
    if (!table || add_sensor_key(summary, table) ||
        table_add_columns(summary, table, first_columns, N_ROWS_OF(first_columns)) ||
        add_metric_columns(summary, table, OF_REPETITIONS) ||
        table_add_columns(summary, table, last_columns, N_ROWS_OF(last_columns)))
        return GAIT_NOMEM;
    if (gait_metric_index("bend_lean_deg") >= 0) table->signal = "bend_lean_deg";
    for (size_t s = 0; s < session->n_sensors; s++) {
        const struct sensor_result *sensor = &session->sensors[s];
        size_t n_rows = count_of(sensor, OF_REPETITIONS);
        if (set_sensor(summary, table, row, n_rows, sensor)) return GAIT_NOMEM;
        copy_metrics(table, row, sensor, OF_REPETITIONS);
        for (size_t i = 0; i < sensor->n_strides; i++)
            if (is_of(sensor, i, OF_REPETITIONS)) fill_repetition(table, row++, sensor, i);
    }
    return GAIT_OK;
}
