/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIGNAL_STATS_H
#define SIGNAL_STATS_H

#include <stddef.h>
#include <stdint.h>

#include <gait/error.h>

#include "base/arena.h"

/* All of these take finite values unless they say otherwise; an empty input gives NaN. */
double mean(const double *x, size_t n);
double standard_deviation(const double *x, size_t n); /* divided by n */
double correlation(const double *x, const double *y, size_t n);

/* These reorder x. Linear interpolation between order statistics, q in [0, 1]. */
double quantile_inplace(double *x, size_t n, double q);
double median_inplace(double *x, size_t n);

/* These copy; NaN when memory is out. NaN values of x are left out. */
double median(const double *x, size_t n, struct arena *tmp);
double quantile(const double *x, size_t n, double q, struct arena *tmp);
double mad_sigma(const double *x, size_t n,
                 struct arena *tmp); /* 1.4826 times the median absolute deviation */

/* Median of 2k+1 neighbours, the window cut at the ends; y may not be x; NaN when memory is out. */
void running_median(const double *x, double *y, size_t n, size_t k, struct arena *tmp);

/* The same with mad_sigma of the neighbours (sigma may be NULL); neither array may be x. */
void running_spread(const double *x, size_t n, size_t k, double *centre, double *sigma,
                    struct arena *tmp);

/* Theil-Sen line y = a + b t of n >= 3 points, with the 95 % interval of b from Kendall's variance
 * widened for lag-1 autocorrelation of the residuals. Sen 1968, J Am Stat Assoc 63:1379. More than
 * 1024 points are pooled into medians of equal runs first. GAIT_OK, with NaN if all t are equal;
 * GAIT_TOO_SHORT; GAIT_NOMEM. */
struct trend {
    double slope, intercept, slope_low, slope_high;
};
gait_status theil_sen(const double *t, const double *y, size_t n, struct trend *out,
                      struct arena *tmp);

/* 95 % interval of the median of n >= 2 values by moving-block bootstrap with a fixed seed; NaN and
 * GAIT_TOO_SHORT below. */
gait_status bootstrap_median(const double *x, size_t n, size_t block, size_t draws, uint64_t seed,
                             double *low, double *high, struct arena *tmp);

/* The same interval for any n: bootstrap_median() of 1000 draws for a short series, for a long one
 * what many draws tend to. How many of n drawn values lie below a threshold is a sum over blocks
 * drawn independently, so it is normal with the mean and variance of one block's count; the
 * interval ends where half of n is 1.96 standard deviations away. O(n log n). Kuensch 1989, Ann
 * Stat 17:1217 (the bootstrap); Woodruff 1952, J Am Stat Assoc 47:635 (turning it round). */
gait_status median_interval(const double *x, size_t n, size_t block, double *low, double *high,
                            struct arena *tmp);

#endif
