/* SPDX-License-Identifier: BSD-3-Clause */
#include "session/series.h"

#include <math.h>

gait_status series_take(const struct sensor_result *sensor, const char *key, gait_side side,
                        gait_activity activity, struct series *out, struct arena *tmp)
{
    int m = gait_metric_index(key);
    *out = (struct series){0};
    out->value = ARENA_NEW(tmp, sensor->n_strides, double);
    out->start_s = ARENA_NEW(tmp, sensor->n_strides, double);
    out->end_s = ARENA_NEW(tmp, sensor->n_strides, double);
    out->stride = ARENA_NEW(tmp, sensor->n_strides, size_t);
    if (!out->value || !out->start_s || !out->end_s || !out->stride) return GAIT_NOMEM;
    for (size_t i = 0; m >= 0 && i < sensor->n_strides; i++) {
        const gait_stride *stride = &sensor->strides[i];
        if (sensor->bouts[sensor->stride_bout[i]].activity != activity) continue;
        if (side != GAIT_SIDE_UNKNOWN && stride->side != side) continue;
        out->n_all++;
        if (!isfinite(sensor->metric[m][i])) continue;
        out->value[out->n] = sensor->metric[m][i];
        out->start_s[out->n] = stride->start_s;
        out->end_s[out->n] = stride->end_s;
        out->stride[out->n] = i;
        out->flags |= stride->flags;
        out->n++;
    }
    return GAIT_OK;
}

const char *intensity_key(gait_placement placement)
{
    static const struct {
        gait_placement placement;
        const char *key;
    } rows[] = {{GAIT_FOOT, "peak_accel_resultant_g"},
                {GAIT_SHANK, "peak_accel_resultant_g"},
                {GAIT_SACRUM, "peak_vertical_force_bw"},
                {GAIT_WAIST, "peak_vertical_force_bw"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].placement == placement) return rows[i].key;
    return NULL;
}
