/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_APEX_H
#define GAIT_APEX_H

#include "gait/detect/trunk.h"

/* The middle of each push of a running trunk: maxima of the vertical (or of the norm where that is
 * not known) below 1.6 times the step rate, as the best rhythmic chain. */
struct apex {
    size_t at;     /* frame */
    double period; /* of a step, in frames */
};

/* From tmp; trunk->steps.n > 0. */
gait_status apexes_find(const struct trunk *trunk, struct apex **out, size_t *n, struct arena *tmp);

#endif
