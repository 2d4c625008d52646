/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_RELIABILITY_H
#define GAIT_RELIABILITY_H

#include <stddef.h>

#include <gait/analysis.h>

/* Whether a window's events of one kind are right as a whole: at least nine of ten there, and nine
 * of ten of those told. One event can be as clear as the next and the walk still be half missed, so
 * this is judged by the window and multiplies the confidence of all its events. */

/* What speaks against the events of a window. */
struct walk_evidence {
    int is_known;
    double wrong;     /* events expected to be wrong or missed, per event */
    double odd;       /* share of swings or steps that last unlike the others */
    double unlike[2]; /* of strikes and of toe-offs: mean of 1 - correlation with the others */
    size_t n_strikes;
};

/* log odds of being right = base[type] - per_log_wrong ln(wrong + least_wrong) - per_odd odd
 *                           + per_log_strike ln(n_strikes)
 *                           - per_log_unlike ln(unlike[type] + least_unlike) */
struct reliability {
    double base[2];
    double per_log_wrong, least_wrong, per_odd, per_log_strike, per_log_unlike, least_unlike;
};

/* 0..1; 1 where nothing is known. */
double reliability_of(const struct reliability *model, const struct walk_evidence *evidence,
                      gait_event_type type);

/* The share of n durations that are further from their median than that share of it; 1: none. The
 * durations lose their order. */
double share_unlike(double *duration, size_t n, double limit);

#endif
