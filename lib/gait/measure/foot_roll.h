/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_FOOT_ROLL_H
#define GAIT_FOOT_ROLL_H

#include "gait/measure/foot_stride.h"

/* How the foot rolls inwards in one contact, by gyroscope: the rates are integrated from foot-flat,
 * where foot_motion.h knows the vertical, back to foot strike and on to 60 % of contact. Angles are
 * those of the shoe. NaN where it cannot be had. */
struct foot_roll {
    double excursion_deg;    /* roll at foot strike less the most everted roll */
    double velocity_dps;     /* fastest inward roll */
    double peak_s;           /* from foot strike to the most everted instant */
    double everted_share;    /* of contact, rolled in by more than half of the excursion */
    double strike_angle_deg; /* toes up at foot strike against mid-stance */
};

/* One per stride; needs in->foot_motion. GAIT_OK or GAIT_NOMEM. */
gait_status foot_rolls_find(const struct foot_view *view, struct foot_roll *out, struct arena *tmp);

#endif
