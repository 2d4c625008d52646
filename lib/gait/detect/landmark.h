/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_LANDMARK_H
#define GAIT_LANDMARK_H

#include "gait/detect/ensemble.h"

/* Places on a mean stride, between samples; times on the clock of its row. NaN where there is no
 * such place. */

/* Where y is largest (sign 1) or smallest (sign -1) in [from_s, to_s]; NaN if that is at an end. */
double extremum_between(const double *y, const struct row *row, double from_s, double to_s,
                        double sign);

/* As extremum_between(), of the slope of y. */
double steepest_between(const double *y, const struct row *row, double from_s, double to_s,
                        double sign);

/* Where a quiet stretch turns into a loud one: the largest ratio in [from_s, to_s] of the mean of
 * energy[row->n] over the time after_s that follows to its mean over before_s that went, both
 * raised by floor times the largest energy near. NaN at an end. */
struct edge_rules {
    double before_s, after_s;
    double floor;
};
double edge_between(const double *energy, const struct row *row, double from_s, double to_s,
                    const struct edge_rules *rules);

/* The middle of a hump: halfway between its steepest rise in [from_s, middle_s] and its steepest
 * fall in [middle_s, to_s]. */
double hump_between(const double *y, const struct row *row, double from_s, double middle_s,
                    double to_s);

/* A local minimum in [from_s, to_s], the one that stands out most where it is expected: smallest
 * ((t - expected_s) / spread_s)^2 / 2 - ln(prominence). */
struct dip {
    double time_s;
    double prominence; /* in units of y: how far one must climb to leave it */
    double breadth_s;  /* half of how long it is lower than a twentieth of the climb */
    double twin_s;     /* to its furthest other minimum below a quarter of the climb; 0: none */
    double rival_s;    /* time of the next best one, NaN if there is none */
    double lead;       /* how much worse that is */
};
struct dip dip_between(const double *y, const struct row *row, double from_s, double to_s,
                       double expected_s, double spread_s);

#endif
