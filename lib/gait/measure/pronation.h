/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_PRONATION_H
#define GAIT_PRONATION_H

#include "gait/measure/foot_roll.h"

/* Everything about inward roll and sideways force of one foot, per stride. Positive is pronation
 * (the sole turning outwards, force from inside). NaN where it cannot be had; flags say why. */
struct pronation {
    struct foot_roll roll;              /* gyroscope, running */
    double tilt_deg;                    /* of the force in mid-stance, sideways */
    double tilt_change_deg;             /* against standing or early stance, walking */
    double impact_g;                    /* largest sideways force in the first 60 ms */
    double impact_outward_g;            /* the same, outwards positive */
    double impact_time_s;               /* from foot strike to it */
    double impulse_g_s;                 /* sideways, first half of contact */
    double impulse_ratio;               /* size of it over the impulse upwards */
    double mean_g;                      /* mean size of the sideways force in contact */
    double tilt_peak_share;             /* of contact, where the force points most to the outside */
    double rearfoot, midfoot, forefoot; /* probabilities of how it landed; gyroscope */
    double ratio; /* sideways over whole acceleration in contact, root mean squares */
    double index; /* of the window's median stride, running */
    uint32_t flags;
};

/* n_strides of them, room from tmp; *out is NULL away from the foot. GAIT_OK, GAIT_NOMEM. */
gait_status pronation_find(const struct measure_input *in, const struct pronation **out,
                           struct arena *tmp);

/* What the index is read from: the median stride's force over contact and a little before, and how
 * long contact and stride last. */
enum { PRONATION_POINTS = 24, PRONATION_INPUTS = 3 * PRONATION_POINTS + 2 };

gait_status pronation_inputs(const struct foot_view *view, double x[PRONATION_INPUTS],
                             struct arena *tmp);

#endif
