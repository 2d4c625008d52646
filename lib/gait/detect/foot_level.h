/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_FOOT_LEVEL_H
#define GAIT_FOOT_LEVEL_H

#include <gait/error.h>

#include "base/arena.h"
#include "gait/detect/ensemble.h"

/* Toe-offs that have been brought together may all be early or late, by how the shoe is walked in:
 * their jerk is of the last push and of the lift. What the shoe does around them at the median
 * stride tells by how much. */

/* Events are late by late_ms and by ms_per_g times the acceleration along an axis from from_s to
 * to_s about each. */
struct foot_level {
    double from_s, to_s;
    double late_ms, ms_per_g;
};

/* The median over the events of the mean acceleration along the unit vector `axis`, in units of the
 * track; NaN of fewer than three whole ones. GAIT_OK or GAIT_NOMEM. */
gait_status foot_level_read(const struct foot_level *rule, const struct track *track,
                            const double axis[3], const double *time_s, size_t n, double *level,
                            struct arena *tmp);

/* How late the events are, seconds; 0 where the level is unknown. */
double foot_level_late_s(const struct foot_level *rule, double level_g);

#endif
