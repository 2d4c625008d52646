/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_STILL_H
#define RECORD_STILL_H

#include <stddef.h>

/* Windows of 10 s in which a sensor did not move: there it measures 1 g,
 * whichever way it lies. */

enum { STILL_MOST_POINTS = 16384, STILL_LANES = 4 };

struct still {
    size_t width, n; /* frames of a window, and of the one being filled */
    int moved;       /* the one being filled is lost */
    /* First frame of the window, and sums of every fourth one, x y z, x y z, ... */
    double first[3 * STILL_LANES], sum[3 * STILL_LANES], squares[3 * STILL_LANES];
    size_t n_points, room, every, skipped;
    double *points; /* n_points x 3, means in g; every so many of those found */
};

void still_init(struct still *still, double rate_hz);
void still_free(struct still *still);

/* Time does not go on smoothly: the window being filled is lost. */
void still_break(struct still *still);

/* Consecutive frames, n x 3. Windows are left out silently when memory is out.
 */
void still_add(struct still *still, const float *accel_g, size_t n);

/* Mean distance of the points from 1 g; NaN without points. */
double still_error_g(const struct still *still);

#endif
