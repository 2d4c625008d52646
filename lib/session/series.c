/* SPDX-License-Identifier: BSD-3-Clause */
#include "session/series.h"

#include <math.h>

#include "signal/stats.h"

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

double cadence_between(const struct sensor_result *sensor, double from_s, double to_s,
                       struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    const double *cadence = sensor->metric[gait_metric_index("cadence_steps_per_min")];
    double *inside = ARENA_NEW(tmp, sensor->n_strides + 1, double);
    size_t n = 0;
    for (size_t i = 0; cadence && inside && i < sensor->n_strides; i++) {
        const gait_stride *stride = &sensor->strides[i];
        if (sensor->bouts[sensor->stride_bout[i]].activity != GAIT_RUN) continue;
        if (stride->start_s >= from_s && stride->end_s <= to_s && isfinite(cadence[i]))
            inside[n++] = cadence[i];
    }
    double middle = inside ? median_inplace(inside, n) : (double)NAN;
    arena_rewind(tmp, mark);
    return middle;
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

const char *impact_key(gait_placement placement)
{
    return placement == GAIT_FOOT ? "impact_shock_g" : intensity_key(placement);
}
