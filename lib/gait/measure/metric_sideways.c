/* SPDX-License-Identifier: BSD-3-Clause */

/* Sideways motion of foot, shank and trunk as columns: proxies for how the leg and the pelvis are
 * held. sideways.h has what they mean at shank and trunk, pronation.h at the foot. */

#include <math.h>
#include <stddef.h>

#include "gait/measure/pronation.h"
#include "gait/measure/sideways.h"

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
        if (isnan(value[k])) flags[k] |= foot ? in->pronation[k].flags : in->sideways[k].flags;
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
TAKE(take_ratio, ratio, ratio)
TAKE(take_mean, mean_g, mean_g)
TAKE(take_roll, impact_g, roll_deg)
TAKE(take_rotation, impact_g, rotation_deg)

#define TRUNK (AT(GAIT_SACRUM) | AT(GAIT_WAIST))

const struct metric metric_ml_impact = {
    .pub = {.key = "ml_impact_g",
            .unit = "g",
            .label = "Sideways impact",
            .definition = "Largest size of the sideways acceleration (below 40 Hz) in the first 60 "
                          "ms after foot strike.",
            .source = "Shows how obliquely the foot lands; depends on shoe and skin",
            .placements = AT(GAIT_FOOT) | AT(GAIT_SHANK),
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 90,
            .resolution = 0.1,
            .low = 0,
            .high = 100,
            .minimal_change_percent = 25},
    .measure = take_impact,
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
