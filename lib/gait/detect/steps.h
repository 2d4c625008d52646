/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_STEPS_H
#define GAIT_STEPS_H

#include "gait/detect/trunk.h"

/* Walking steps from any sensor that the trunk shakes: where the twice smoothed vertical speed
 * bends upwards most, as the best loose rhythm; then once more, with what looks like this person's
 * strong steps counting too, which finds the weak ones before a halt. Needs no axes. */

enum { STEP_RATE_HZ = 100 };

struct step {
    double time_s;   /* of the bend, about 70 ms before foot strike */
    double period_s; /* of a step around it */
    double strength; /* 1 and more: as strong as the bout's strong steps */
};

/* A window at 100 Hz and what is common to all that look for steps in it. */
struct walk {
    struct bout_signal signal; /* at STEP_RATE_HZ; marks and gyroscope left out */
    struct trunk trunk;
    struct step *steps;
    size_t n_steps;
};

/* Everything from tmp. */
gait_status walk_prepare(const struct bout_signal *signal, struct walk *out, struct arena *tmp);

#endif
