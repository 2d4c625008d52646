/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_RELIABILITY_H
#define GAIT_RELIABILITY_H

#include <stddef.h>

/* Whether a window's events are right as a whole: at least nine of ten there, and nine of ten of
 * those told. One event can be as clear as the next and the walk still be half missed, so this is
 * judged by the window and multiplies the confidence of all its events. */

/* What speaks against the events of a window. */
struct walk_evidence {
    int is_known;
    double wrong; /* events expected to be wrong or missed, per event */
    double odd;   /* share of swings or steps that last unlike the others */
    size_t n_strikes;
};

/* log odds of being right = base - per_log_wrong ln(wrong + least_wrong) - per_odd odd
 *                           + per_log_strike ln(n_strikes) */
struct reliability {
    double base, per_log_wrong, least_wrong, per_odd, per_log_strike;
};

/* 0..1; 1 where nothing is known. */
double reliability_of(const struct reliability *model, const struct walk_evidence *evidence);

/* The share of n durations that are further from their median than that share of it; 1: none. The
 * durations lose their order. */
double share_unlike(double *duration, size_t n, double limit);

#endif
