/* SPDX-License-Identifier: BSD-3-Clause */
#include "signal/peaks.h"

#include <math.h>

double parabolic(const double *y, size_t n, size_t i, double *value)
{
    double at = (double)i, top = y[i];
    if (i > 0 && i + 1 < n) {
        double slope = 0.5 * (y[i + 1] - y[i - 1]);
        double bend = y[i + 1] - 2 * y[i] + y[i - 1];
        double shift = fabs(bend) > 0 ? -slope / bend : 0;
        if (fabs(shift) <= 1) { /* else no extremum between the neighbours */
            at += shift;
            top += 0.5 * slope * shift;
        }
    }
    if (value) *value = top;
    return at;
}

size_t local_maxima(const double *y, size_t n, size_t *at, size_t room)
{
    size_t found = 0;
    for (size_t i = 1; i + 1 < n && found < room; i++) {
        if (!(y[i] > y[i - 1])) continue;
        size_t end = i;
        while (end + 1 < n && !(y[end + 1] < y[i]) && !(y[end + 1] > y[i])) end++;
        if (end + 1 < n && y[end + 1] < y[i]) at[found++] = i;
        i = end;
    }
    return found;
}

size_t argmax(const double *y, size_t from, size_t to)
{
    size_t best = from;
    for (size_t i = from + 1; i < to; i++)
        if (y[i] > y[best]) best = i;
    return best;
}

size_t argmin(const double *y, size_t from, size_t to)
{
    size_t best = from;
    for (size_t i = from + 1; i < to; i++)
        if (y[i] < y[best]) best = i;
    return best;
}
