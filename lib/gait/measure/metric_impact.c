/* SPDX-License-Identifier: BSD-3-Clause */

/* How hard the foot lands, as the limb's sensor feels it: an intensity, not a load on bone. */

#include <math.h>

#include "gait/measure/measure.h"

#define LIMBS    (AT(GAIT_FOOT) | AT(GAIT_SHANK))
#define ANY_GAIT (DURING(GAIT_WALK) | DURING(GAIT_RUN))

/* Below this a peak between the samples is lost: 6 g at 17 Hz read 5.8 g at 100 Hz. Sensors of
 * nominally 100 or 200 Hz may run a few per cent slower. */
static const double peak_rate_hz = 190;

static double axial(const struct impact *impact)
{
    return impact->axial_g;
}

static double resultant(const struct impact *impact)
{
    return impact->resultant_g;
}

static double shock(const struct impact *impact)
{
    return impact->shock_g;
}

static double jerk(const struct impact *impact)
{
    return impact->jerk_g_per_s;
}

static double rise(const struct impact *impact)
{
    return impact->rise_g_per_s;
}

static double time_to_peak(const struct impact *impact)
{
    return impact->peak_s;
}

static void copy(const struct measure_input *in, double (*part)(const struct impact *),
                 double *value, uint32_t *flags)
{
    uint32_t low_rate = in->signal->rate_hz < peak_rate_hz ? GAIT_FLAG_LOW_RATE : 0;
    for (size_t i = 0; i < in->n_strides; i++) {
        value[i] = part(&in->impacts[i]);
        flags[i] |= in->impacts[i].flags | low_rate;
    }
}

static gait_status measure_axial(const struct measure_input *in, double *value, uint32_t *flags,
                                 struct arena *tmp)
{
    (void)tmp;
    copy(in, axial, value, flags);
    if (in->frame->known & FRAME_UP) return GAIT_OK;
    for (size_t i = 0; i < in->n_strides; i++) flags[i] |= GAIT_FLAG_NO_ALIGNMENT;
    return GAIT_OK;
}

static gait_status measure_resultant(const struct measure_input *in, double *value, uint32_t *flags,
                                     struct arena *tmp)
{
    (void)tmp;
    copy(in, resultant, value, flags);
    return GAIT_OK;
}

static gait_status measure_shock(const struct measure_input *in, double *value, uint32_t *flags,
                                 struct arena *tmp)
{
    (void)tmp;
    copy(in, shock, value, flags);
    return GAIT_OK;
}

static gait_status measure_jerk(const struct measure_input *in, double *value, uint32_t *flags,
                                struct arena *tmp)
{
    (void)tmp;
    copy(in, jerk, value, flags);
    return GAIT_OK;
}

static gait_status measure_rise(const struct measure_input *in, double *value, uint32_t *flags,
                                struct arena *tmp)
{
    (void)tmp;
    copy(in, rise, value, flags);
    return GAIT_OK;
}

static gait_status measure_time_to_peak(const struct measure_input *in, double *value,
                                        uint32_t *flags, struct arena *tmp)
{
    (void)tmp;
    copy(in, time_to_peak, value, flags);
    return GAIT_OK;
}

const struct metric metric_peak_accel_axial = {
    .pub = {.key = "peak_accel_axial_g",
            .unit = "g",
            .label = "Peak axial acceleration",
            .definition =
                "Largest acceleration along the limb, gravity included, from 10 ms before "
                "to 80 ms (walking: 120 ms) after foot strike, below 60 Hz.",
            .source = "Sheerin et al. 2020, doi 10.1080/14763141.2018.1546890",
            .placements = LIMBS,
            .activities = ANY_GAIT,
            .min_rate_hz = 95,
            .resolution = 0.2,
            .low = 0.5,
            .high = 60,
            .minimal_change_percent = 15},
    .measure = measure_axial,
    .is_bound_if_clipped = 1,
};

const struct metric metric_peak_accel_resultant = {
    .pub = {.key = "peak_accel_resultant_g",
            .unit = "g",
            .label = "Peak resultant acceleration",
            .definition =
                "Largest acceleration whatever its direction, gravity included, from 10 ms before "
                "to 80 ms (walking: 120 ms) after foot strike, below 60 Hz.",
            .source = "Sheerin et al. 2020, doi 10.1080/14763141.2018.1546890",
            .placements = LIMBS,
            .activities = ANY_GAIT,
            .min_rate_hz = 95,
            .resolution = 0.2,
            .low = 0.8,
            .high = 100,
            .minimal_change_percent = 15},
    .measure = measure_resultant,
    .is_bound_if_clipped = 1,
};

const struct metric metric_impact_shock = {
    .pub = {.key = "impact_shock_g",
            .unit = "g",
            .label = "Impact shock",
            .definition = "Root mean square of the acceleration between 25 and 60 Hz, faster than "
                          "the limb itself moves, from 10 ms before to 80 ms (walking: 120 ms) "
                          "after foot strike.",
            .source = "own; a soft landing on the forefoot has no peak of its own at the shoe",
            .placements = LIMBS,
            .activities = ANY_GAIT,
            .min_rate_hz = 95,
            .resolution = 0.05,
            .low = 0.01,
            .high = 40,
            .minimal_change_percent = 20},
    .measure = measure_shock,
    .is_bound_if_clipped = 1,
};

const struct metric metric_impact_jerk = {
    .pub = {.key = "impact_jerk_g_per_s",
            .unit = "g/s",
            .label = "Impact jerk",
            .definition = "Steepest rise of the acceleration along the limb, below 50 Hz, between "
                          "10 ms before foot strike and its peak.",
            .source = "own; not a loading rate (Kiernan et al. 2023, doi 10.3390/s23218719)",
            .placements = LIMBS,
            .activities = ANY_GAIT,
            .min_rate_hz = 190,
            .resolution = 20,
            .low = 5,
            .high = 8000,
            .minimal_change_percent = 15},
    .measure = measure_jerk,
    .is_bound_if_clipped = 1,
};

const struct metric metric_impact_rise = {
    .pub = {.key = "impact_rise_g_per_s",
            .unit = "g/s",
            .label = "Mean impact jerk",
            .definition = "Mean rise of the acceleration along the limb, below 50 Hz, between 20 "
                          "and 80 % of the way up "
                          "from its lowest value, 10 ms before foot strike or later, to its peak.",
            .source = "As Milner et al. 2006, doi 10.1249/01.mss.0000183477.75808.92, read a "
                      "force plate; not a loading rate (Kiernan et al. 2023, doi "
                      "10.3390/s23218719)",
            .placements = LIMBS,
            .activities = ANY_GAIT,
            .min_rate_hz = 190,
            .resolution = 20,
            .low = 1,
            .high = 6000},
    .measure = measure_rise,
    .is_bound_if_clipped = 1,
};

const struct metric metric_time_to_peak = {
    .pub = {.key = "time_to_peak_s",
            .unit = "s",
            .label = "Time to peak",
            .definition = "From foot strike to the peak of the acceleration along the limb.",
            .source = "Sheerin et al. 2020, doi 10.1080/14763141.2018.1546890",
            .placements = LIMBS,
            .activities = ANY_GAIT,
            .min_rate_hz = 95,
            .resolution = 0.005,
            .low = -0.012,
            .high = 0.13},
    .measure = measure_time_to_peak,
};
