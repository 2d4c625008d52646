/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIMULATE_TRUTH_H
#define SIMULATE_TRUTH_H

#include "simulate/motion.h"

/* The rows of the truth. */

struct truth {
    size_t n, room;
    gait_truth *rows;
    double eversion_sum;
    size_t n_eversion;
};

/* What only the motion tells, of the steps that strike from from_s on and before to_s: true peaks
 * and eversion. side GAIT_SIDE_NONE: steps of both feet. */
gait_status truth_add_motion(struct truth *truth, const struct world *world,
                             const struct motion *motion, gait_side side, double from_s,
                             double to_s, gait_error *err);

/* Everything else, then sorts. */
gait_status truth_finish(struct truth *truth, const struct world *world,
                         const struct key_values *keys, gait_side side, gait_error *err);

void truth_free(struct truth *truth);

#endif
