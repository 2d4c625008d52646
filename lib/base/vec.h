/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <math.h>

/* Vectors of three. */

static inline double vec_dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static inline double vec_norm(const double a[3])
{
    return sqrt(vec_dot(a, a));
}

static inline void vec_cross(const double a[3], const double b[3], double out[3])
{
    double x = a[1] * b[2] - a[2] * b[1];
    double y = a[2] * b[0] - a[0] * b[2];
    double z = a[0] * b[1] - a[1] * b[0];
    out[0] = x;
    out[1] = y;
    out[2] = z;
}

static inline void vec_scale(double a[3], double s)
{
    a[0] *= s;
    a[1] *= s;
    a[2] *= s;
}

/* Length 1; a vector shorter than 1e-12 is left as it is and 0 returned. */
static inline int vec_unit(double a[3])
{
    double length = vec_norm(a);
    if (length < 1e-12) return 0;
    vec_scale(a, 1 / length);
    return 1;
}

/* a minus its part along the unit vector n. */
static inline void vec_reject(double a[3], const double n[3])
{
    double along = vec_dot(a, n);
    for (int k = 0; k < 3; k++) a[k] -= along * n[k];
}

#endif
