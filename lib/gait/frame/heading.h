/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_HEADING_H
#define GAIT_HEADING_H

#include "gait/detect/trunk.h"

/* Which way a trunk sensor's horizontal axes point. */
struct heading {
    double forward[3]; /* unit vector in sensor axes, level */
    double clearness;  /* of the line: 0 none, above 1 reliable */
    double sign;       /* agreement with the rule for the direction, 0..1; 1 if it was given */
    int is_given;      /* by the mounting */
};

/* From the mounting where it says so; else from the steps: forward is the horizontal line on which
 * most repeats with each step and least alternates between left and right. Needs trunk->vertical_g
 * and a step track. Activity decides the sign: a walker speeds up while the body rises, a runner
 * brakes then. */
gait_status heading_find(const struct trunk *trunk, struct heading *out, struct arena *tmp);

#endif
