/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIGNAL_ENTROPY_H
#define SIGNAL_ENTROPY_H

#include <stddef.h>

#include "base/arena.h"

/* Sample entropy of n finite values with templates of two: minus the logarithm of how often two
 * stretches that are alike within `tolerance` at two values are so at the third as well. NaN if
 * nothing is alike, or memory is out. About n^2 / 9 comparisons at a tolerance of 0.2 standard
 * deviations. Richman and Moorman 2000, Am J Physiol Heart Circ Physiol 278:H2039. */
double sample_entropy(const double *x, size_t n, double tolerance, struct arena *tmp);

#endif
