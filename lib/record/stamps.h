/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_STAMPS_H
#define RECORD_STAMPS_H

#include <stddef.h>

/* Loops over time stamps and samples that every frame goes through. */

/* Steps from one stamp to the next; without any, the shortest is infinite and the longest minus
 * infinite. */
struct step_range {
    double least, most;
    int is_finite; /* all stamps are */
};

struct step_range stamps_range(const double *stamp_s, size_t n);

/* Largest distance from start_s + i * interval_s; the stamps are finite. */
double stamps_off_line(const double *stamp_s, size_t n, double start_s, double interval_s);

/* stamp_s[i] = start_s + (first + i) * interval_s, where `first` is a whole number. */
void stamps_lay(double *stamp_s, size_t n, double start_s, double first, double interval_s);

/* 1 if |x| <= limit everywhere; NaN is not. */
int all_within(const float *x, size_t n, float limit);

/* Largest |x|, |y| and |z| of n x 3 finite numbers; 0 without any. */
void largest_per_axis(const float *xyz, size_t n, float largest[3]);

#endif
