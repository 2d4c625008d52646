/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "session/session.h"

/* How much of the shock at the shank arrives at the trunk: two sensors, one foot strike. */

static const double same_strike_s = 0.04;
enum { FEWEST_STRIDES = 10 };

static int on_one_clock(const struct sensor_result *a, const struct sensor_result *b)
{
    if (strcmp(a->info.file, b->info.file) == 0 && a->info.sensor[0]) return 1; /* of one file */
    return isfinite(a->info.start_unix_s) && isfinite(b->info.start_unix_s) &&
           a->info.time_kind == b->info.time_kind;
}

static int is_running(const struct sensor_result *sensor, size_t stride)
{
    return sensor->bouts[sensor->stride_bout[stride]].activity == GAIT_RUN;
}

/* The stride of the other sensor that begins with the same strike from index *at on; its number if
 * there is none. Both are in order of time. */
static size_t same_strike(const struct sensor_result *sensor, double time_s, size_t *at)
{
    while (*at < sensor->n_strides && sensor->strides[*at].start_s < time_s - same_strike_s) ++*at;
    size_t best = sensor->n_strides;
    double nearest = same_strike_s;
    for (size_t i = *at; i < sensor->n_strides; i++) {
        double apart = sensor->strides[i].start_s - time_s;
        if (apart > same_strike_s) break;
        if (fabs(apart) > nearest || !is_running(sensor, i)) continue;
        nearest = fabs(apart);
        best = i;
    }
    return best;
}

static void compare(struct sensor_result *shank, const struct sensor_result *trunk, size_t power,
                    double *attenuation_db)
{
    size_t at = 0, n = 0;
    for (size_t i = 0; i < shank->n_strides; i++) {
        attenuation_db[i] = NAN;
        if (!is_running(shank, i)) continue;
        size_t other = same_strike(trunk, shank->strides[i].start_s, &at);
        if (other == trunk->n_strides) continue;
        uint32_t flags = shank->strides[i].flags | trunk->strides[other].flags;
        double ratio = trunk->metric[power][other] / shank->metric[power][i];
        if (flags & GAIT_FLAG_CLIPPED || !(ratio > 0)) continue;
        attenuation_db[i] = 10 * log10(ratio);
        n++;
    }
    for (size_t i = 0; n < FEWEST_STRIDES && i < shank->n_strides; i++) attenuation_db[i] = NAN;
}

void measure_attenuation(gait_session *session)
{
    int power = gait_metric_index("shock_high_band");
    int result = gait_metric_index("shock_attenuation_db");
    for (size_t i = 0; i < session->n_sensors; i++)
        for (size_t k = 0; k < session->n_sensors; k++) {
            struct sensor_result *shank = &session->sensors[i], *trunk = &session->sensors[k];
            if (shank->info.placement != GAIT_SHANK || trunk->info.placement != GAIT_SACRUM)
                continue;
            if (on_one_clock(shank, trunk))
                compare(shank, trunk, (size_t)power, shank->metric[result]);
        }
}
