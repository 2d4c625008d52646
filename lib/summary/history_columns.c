/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/history_columns.h"

#include <string.h>

#include "session/series.h"
#include "summary/tables.h"

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

int has_history_columns(const gait_summary *session)
{
    for (size_t i = 0; i < N_ROWS_OF(needed); i++) {
        const gait_table *table = gait_summary_table(session, needed[i].table);
        const gait_column *column = table ? gait_table_column(table, needed[i].column) : NULL;
        if (!column || column->type != needed[i].type) return 0;
    }
    return 1;
}

void list_history_columns(const char *table, const char *names[MOST_HISTORY_COLUMNS])
{
    size_t n = 0, most = MOST_HISTORY_COLUMNS - 1;
    int is_summary = strcmp(table, "summary") == 0;
    for (size_t i = 0; i < N_ROWS_OF(needed) && n < most; i++)
        if (strcmp(needed[i].table, table) == 0) names[n++] = needed[i].column;
    for (int p = 0; is_summary && p < GAIT_N_PLACEMENTS && n < most; p++)
        if (intensity_key((gait_placement)p)) names[n++] = intensity_key((gait_placement)p);
    names[n] = NULL;
}
