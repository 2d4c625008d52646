/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIMULATE_TURN_H
#define SIMULATE_TURN_H

#include <math.h>

/* How a segment is turned in the world: sine and cosine of toe-out yaw, toes-up pitch and inversion
 * roll, applied in that order. */
struct turn {
    double cy, sy, cp, sp, cr, sr;
};

static inline struct turn turn_make(const double angle_deg[3])
{
    const double rad_per_deg = 0.017453292519943295;
    double yaw = rad_per_deg * angle_deg[0], pitch = rad_per_deg * angle_deg[1],
           roll = rad_per_deg * angle_deg[2];
    return (struct turn){cos(yaw), sin(yaw), cos(pitch), sin(pitch), cos(roll), sin(roll)};
}

/* From the segment's axes to the world's. */
static inline void to_world(const struct turn *a, const double v[3], double out[3])
{
    double up = a->cr * v[1] - a->sr * v[2], right = a->sr * v[1] + a->cr * v[2];
    double forward = a->cp * v[0] - a->sp * up;
    out[0] = a->cy * forward - a->sy * right;
    out[1] = a->sp * v[0] + a->cp * up;
    out[2] = a->sy * forward + a->cy * right;
}

static inline void from_world(const struct turn *a, const double v[3], double out[3])
{
    double forward = a->cy * v[0] + a->sy * v[2], right = a->cy * v[2] - a->sy * v[0];
    double up = a->cp * v[1] - a->sp * forward;
    out[0] = a->cp * forward + a->sp * v[1];
    out[1] = a->cr * up + a->sr * right;
    out[2] = a->cr * right - a->sr * up;
}

/* Angular rate in the segment's own axes from the rates of the three angles. */
static inline void turning(const struct turn *a, const double rate[3], double out[3])
{
    out[0] = rate[2] - rate[0] * a->sp;
    out[1] = rate[1] * a->sr - rate[0] * a->cp * a->cr;
    out[2] = rate[1] * a->cr + rate[0] * a->cp * a->sr;
}

#endif
