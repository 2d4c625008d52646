/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_REGRID_H
#define RECORD_REGRID_H

#include <stddef.h>
#include <stdint.h>

/* Frames that lie anywhere between the points 0, 1, 2, ... of a grid, brought onto them. */
struct scattered {
    size_t n;
    const double *at;   /* n rising positions in grid intervals */
    const float *accel; /* n x 3 */
    const float *gyro;  /* n x 3, or NULL */
    const uint8_t *marks;
    double widest; /* intervals longer than this are gaps: points inside are marked filled */
};

struct regridded {
    size_t n_filled, n_gaps; /* points in gaps, and gaps */
};

/* Points 0 to n_points - 1; each has to lie within the frames' span or close to it. A frame close
 * to a point is taken as it is; between frames a cubic through the four nearest, across a gap a
 * monotone cubic (Fritsch and Carlson 1980, doi 10.1137/0717021). */
struct regridded regrid(const struct scattered *s, size_t n_points, float *accel, float *gyro,
                        uint8_t *marks);

#endif
