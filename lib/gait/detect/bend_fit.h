/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_BEND_FIT_H
#define GAIT_BEND_FIT_H

#include <stddef.h>

/* Ways to move from 0 to 1 that people are known to take: half a cosine, and that of least jerk
 * (Flash and Hogan 1985, J Neurosci 5:1688). */
typedef double bend_way(double share);
bend_way half_cosine, least_jerk;

/* How a repetition goes: one way down, a hold, the same way up. Times in frames with fractions;
 * lowest is the middle of the hold. */
struct bend_course {
    double begin, lowest, end;
    double hold;
    double depth_deg;
    double before_deg, after_deg; /* standing, to which it returns */
};

/* Moves a course to where it lies nearest to lean_deg[from..to) (least squares after Levenberg and
 * Marquardt); leaves it where it is if nothing sensible comes of that. The sum of squares that is
 * left. */
double bend_fit(const double *lean_deg, size_t from, size_t to, bend_way *way,
                struct bend_course *course);

#endif
