/* SPDX-License-Identifier: BSD-3-Clause */

/* Sideways motion of foot, shank and trunk as columns: proxies for how the leg and the pelvis are
 * held. sideways.h has what they mean at shank and trunk, pronation.h at the foot. */

#include <math.h>
#include <stddef.h>

#include "gait/measure/pronation.h"
#include "gait/measure/sideways.h"

static uint32_t reasons(const struct sideways *sideways)
{
    return sideways->flags ? sideways->flags : sideways->direction_flags;
}

/* Copies one member of every stride from either room; missing values pass on the reasons. */
static gait_status take(const struct measure_input *in, size_t of_foot, size_t of_others,
                        double *value, uint32_t *flags)
{
    for (size_t k = 0; k < in->n_strides; k++) {
        const char *foot = in->pronation ? (const char *)&in->pronation[k] : NULL;
        const char *other = in->sideways ? (const char *)&in->sideways[k] : NULL;
        if (!foot && !other) return GAIT_OK;
        const char *member = foot ? foot + of_foot : other + of_others;
        value[k] = *(const double *)(const void *)member;
        if (isnan(value[k])) flags[k] |= foot ? in->pronation[k].flags : reasons(&in->sideways[k]);
    }
    return GAIT_OK;
}

#define TAKE(name, foot_member, other_member) \
    static gait_status name(const struct measure_input *in, double *value, uint32_t *flags, \
                            struct arena *tmp) \
    { \
        (void)tmp; \
        return take(in, offsetof(struct pronation, foot_member), \
                    offsetof(struct sideways, other_member), value, flags); \
    }

TAKE(take_impact, impact_g, impact_g)
TAKE(take_outward, impact_outward_g, impact_outward_g)
TAKE(take_time, impact_time_s, impact_time_s)
TAKE(take_impulse, impulse_g_s, impulse_g_s)
TAKE(take_impulse_ratio, impulse_ratio, impulse_ratio)
TAKE(take_ratio, ratio, ratio)
TAKE(take_mean, mean_g, mean_g)
TAKE(take_roll, impact_g, roll_deg)
TAKE(take_rotation, impact_g, rotation_deg)

#define LIMBS (AT(GAIT_FOOT) | AT(GAIT_SHANK))
#define TRUNK (AT(GAIT_SACRUM) | AT(GAIT_WAIST))

static const char after_lafortune[] = "After Lafortune 1991, J Biomech 24:877 (pins in the tibia); "
                                      "on shoe and skin it depends on how "
                                      "these move as well";
static const char on_simulated_runners[] = "own; rank correlation of its size with the excursion "
                                           "of simulated runners 0.6 at the shoe, 0.4 "
                                           "at the shank, where it is no measure of pronation";

const struct metric metric_ml_impact = {
    .pub = {.key = "ml_impact_g",
            .unit = "g",
            .label = "Sideways impact",
            .definition = "Largest size of the sideways acceleration (below 40 Hz) in the first 60 "
                          "ms after foot strike.",
            .source = after_lafortune,
            .placements = LIMBS,
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 90,
            .resolution = 0.1,
            .low = 0,
            .high = 100,
            .minimal_change_percent = 25},
    .measure = take_impact,
};

const struct metric metric_ml_impact_outward = {
    .pub = {.key = "ml_impact_outward_g",
            .unit = "g",
            .label = "Sideways impact, outwards",
            .definition = "Sideways acceleration (below 40 Hz) where it is largest in the first 60 "
                          "ms after foot strike: outwards positive, inwards negative. At the shank "
                          "only where the sensor's axes are stated.",
            .source = after_lafortune,
            .placements = LIMBS,
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 90,
            .resolution = 0.1,
            .low = -100,
            .high = 100},
    .measure = take_outward,
};

const struct metric metric_ml_impact_time = {
    .pub = {.key = "ml_impact_time_s",
            .unit = "s",
            .label = "Time of the sideways impact",
            .definition = "From foot strike to the largest sideways acceleration (below 40 Hz) in "
                          "the first 60 ms.",
            .source = after_lafortune,
            .placements = LIMBS,
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 90,
            .resolution = 0.01,
            .low = 0,
            .high = 0.075},
    .measure = take_time,
};

const struct metric metric_ml_impulse = {
    .pub = {.key = "ml_impulse_g_s",
            .unit = "g.s",
            .label = "Sideways impulse",
            .definition = "Integral of the sideways specific force over the first half of contact, "
                          "outwards positive. At the shank only where the sensor's axes are "
                          "stated.",
            .source = on_simulated_runners,
            .placements = LIMBS,
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 90,
            .resolution = 0.005,
            .low = -2,
            .high = 2},
    .measure = take_impulse,
};

const struct metric metric_ml_impulse_ratio = {
    .pub = {.key = "ml_impulse_ratio",
            .unit = "1",
            .label = "Sideways share of the impulse",
            .definition = "Size of the integral of the sideways specific force over that along the "
                          "limb, both over the first half of contact.",
            .source = on_simulated_runners,
            .placements = LIMBS,
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 90,
            .resolution = 0.01,
            .low = 0,
            .high = 10},
    .measure = take_impulse_ratio,
};

const struct metric metric_ml_mean = {
    .pub = {.key = "ml_mean_g",
            .unit = "g",
            .label = "Sideways motion in contact",
            .definition = "Mean size of the sideways acceleration (below 40 Hz) over the contact; "
                          "at shank and trunk a proxy for how knee and pelvis are held.",
            .source = "After Schuette et al. 2015, doi 10.1371/journal.pone.0141957",
            .placements = AT(GAIT_FOOT) | AT(GAIT_SHANK) | TRUNK,
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 50,
            .resolution = 0.02,
            .low = 0,
            .high = 20,
            .minimal_change_percent = 25},
    .measure = take_mean,
};

const struct metric metric_ml_ratio = {
    .pub = {.key = "ml_ratio",
            .unit = "1",
            .label = "Sideways share",
            .definition =
                "Root mean square of the sideways acceleration over that of the norm less "
                "1 g, in contact.",
            .source = "After Schuette et al. 2015, doi 10.1371/journal.pone.0141957 (at the trunk)",
            .placements = AT(GAIT_FOOT) | AT(GAIT_SHANK) | TRUNK,
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 50,
            .resolution = 0.02,
            .low = 0,
            .high = 10,
            .minimal_change_percent = 25},
    .measure = take_ratio,
};

const struct metric metric_ml_roll = {
    .pub = {.key = "ml_roll_deg",
            .unit = "deg",
            .label = "Sideways roll in contact",
            .definition = "Range of the turn about the forward axis from foot strike to 60 % of "
                          "contact, from the gyroscope; at the trunk a proxy for a pelvis that "
                          "drops, at the shank for a knee that moves sideways.",
            .source = "Noehren et al. 2013, doi 10.1249/MSS.0b013e31828249d2 (hip adduction "
                      "before knee pain); what a sensor sees of it is a proxy",
            .placements = AT(GAIT_SHANK) | TRUNK,
            .activities = DURING(GAIT_RUN),
            .needs_gyro = 1,
            .min_rate_hz = 50,
            .resolution = 0.5,
            .low = 0,
            .high = 60,
            .minimal_change_percent = 25},
    .measure = take_roll,
};

const struct metric metric_ml_rotation = {
    .pub = {.key = "ml_rotation_deg",
            .unit = "deg",
            .label = "Rotation in contact",
            .definition = "Range of the turn about the long axis from foot strike to 60 % of "
                          "contact, from the gyroscope; at the shank it goes with inward roll of "
                          "the foot.",
            .source = "Noehren et al. 2012, PMC3984468 (shank internal rotation); skin moves the "
                      "sensor too",
            .placements = AT(GAIT_SHANK) | TRUNK,
            .activities = DURING(GAIT_RUN),
            .needs_gyro = 1,
            .min_rate_hz = 50,
            .resolution = 0.5,
            .low = 0,
            .high = 90,
            .minimal_change_percent = 25},
    .measure = take_rotation,
};
