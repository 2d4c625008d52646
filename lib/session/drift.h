/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SESSION_DRIFT_H
#define SESSION_DRIFT_H

#include "base/arena.h"
#include "signal/stats.h"

/* How a metric changes along a run: medians of minutes behind the warm-up, a line through them. */

enum { MOST_DRIFT_POINTS = 180 };

struct drift_points {
    size_t n;
    double t_min[MOST_DRIFT_POINTS]; /* middle of each stretch, minutes of the clock */
    double level[MOST_DRIFT_POINTS]; /* median there */
};

/* Medians of minutes, or of longer stretches in a long session; of at least 20 values each. The
 * times are in order; a value may be infinite, a median that is counts as missing. */
void drift_points(const double *x, const double *time_s, size_t n, struct drift_points *out,
                  struct arena *tmp);

/* Theil-Sen through them, per minute; NaN for less than a quarter of an hour or five points.
 * GAIT_NOMEM. */
gait_status drift_of(const double *x, const double *time_s, size_t n, struct trend *out,
                     struct arena *tmp);

/* Change over the whole stretch in per cent of its middle, with its 95 % interval. */
struct relative_drift {
    size_t n_points;
    double from_s, to_s;
    double percent, low, high; /* NaN: too short */
};

/* x over time; what goes with `with` is taken away first where it is known (NULL: nothing). Both
 * are positive. GAIT_NOMEM. */
gait_status relative_drift_of(const struct drift_points *x, const struct drift_points *with,
                              struct relative_drift *out, struct arena *tmp);

#endif
