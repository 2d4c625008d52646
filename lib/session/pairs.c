/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "session/session.h"

/* What takes two sensors that saw the same foot strike. */

static const double same_strike_s = 0.04;
static const double least_rotation_deg = 2; /* below it a ratio is noise */
enum { FEWEST_STRIDES = 10 };

static double attenuation_db(double shank_power, double trunk_power)
{
    double ratio = trunk_power / shank_power;
    return ratio > 0 ? 10 * log10(ratio) : (double)NAN;
}

static double roll_per_rotation(double rotation_deg, double roll_deg)
{
    return rotation_deg >= least_rotation_deg ? roll_deg / rotation_deg : (double)NAN;
}

/* A metric of the first sensor, made of one of its own and one of the other. */
static const struct pair {
    gait_placement of, beside;
    int of_one_leg;
    const char *result, *key, *other_key;
    double (*combine)(double own, double other);
} pairs[] = {
    {GAIT_SHANK, GAIT_SACRUM, 0, "shock_attenuation_db", "shock_high_band", "shock_high_band",
     attenuation_db},
    {GAIT_SHANK, GAIT_FOOT, 1, "roll_rotation_ratio", "ml_rotation_deg", "pronation_excursion_deg",
     roll_per_rotation},
};

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

static void compare(struct sensor_result *own, const struct sensor_result *other,
                    const struct pair *pair)
{
    const double *x = own->metric[gait_metric_index(pair->key)];
    const double *y = other->metric[gait_metric_index(pair->other_key)];
    double *result = own->metric[gait_metric_index(pair->result)];
    const gait_metric *metric = gait_metric_at((size_t)gait_metric_index(pair->result));
    size_t at = 0, n = 0;
    for (size_t i = 0; i < own->n_strides; i++) {
        result[i] = NAN;
        if (!is_running(own, i)) continue;
        size_t same = same_strike(other, own->strides[i].start_s, &at);
        if (same == other->n_strides) continue;
        if ((own->strides[i].flags | other->strides[same].flags) & GAIT_FLAG_CLIPPED) continue;
        double value = pair->combine(x[i], y[same]);
        if (!(value >= metric->low && value <= metric->high)) continue;
        result[i] = value;
        n++;
    }
    for (size_t i = 0; n < FEWEST_STRIDES && i < own->n_strides; i++) result[i] = NAN;
}

static int belong_together(const struct sensor_result *own, const struct sensor_result *other,
                           const struct pair *pair)
{
    if (own->info.placement != pair->of || other->info.placement != pair->beside) return 0;
    if (pair->of_one_leg && own->info.side != other->info.side) return 0;
    return on_one_clock(own, other);
}

void measure_pairs(gait_session *session)
{
    for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++)
        for (size_t i = 0; i < session->n_sensors; i++)
            for (size_t k = 0; k < session->n_sensors; k++)
                if (belong_together(&session->sensors[i], &session->sensors[k], &pairs[p]))
                    compare(&session->sensors[i], &session->sensors[k], &pairs[p]);
}
