/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_AGREEMENT_H
#define SUMMARY_AGREEMENT_H

#include <gait/compare.h>

#include "base/arena.h"

/* How well one list of instants or values agrees with another. */

/* Pairs one to one, the nearest first, none further apart than the tolerance: partner[i] is the
 * index in b of a[i]'s partner, or SIZE_MAX. Both in order of time. GAIT_NOMEM. */
gait_status match_nearest(const double *a, size_t n_a, const double *b, size_t n_b,
                          double tolerance_s, size_t *partner, struct arena *tmp);

/* Bias, SD, RMSE, mean absolute value and limits of agreement of n differences; NaN where n is too
 * small. Bland and Altman 1986, Lancet 327:307. */
void score_differences(gait_score *score, const double *difference, size_t n);

/* Precision, recall and F1 from the three counts. */
void score_counts(gait_score *score);

#endif
