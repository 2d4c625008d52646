/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_SIDES_H
#define GAIT_SIDES_H

#include "gait/detect/trunk.h"

/* Which foot each step of a trunk sensor is made with. Which steps belong together is safe, which
 * of the two feet is left is less so: without a declared mounting the sides are STEP_A (probably
 * left) and STEP_B. */
struct step_side {
    double strike_s, period_s;
    gait_side side; /* out */
};

/* right: unit vector to the person's right in sensor axes. naming_is_safe: the mounting says what
 * is right. */
gait_status sides_tell(const struct trunk *trunk, const double right[3], int naming_is_safe,
                       struct step_side *steps, size_t n, struct arena *tmp);

#endif
