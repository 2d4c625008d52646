/* SPDX-License-Identifier: BSD-3-Clause */
#include "signal/correlate.h"

#include "base/hot.h"

/* The sums of several lags stay in registers and do not wait for each other; the zeros behind the
 * end of x spare the loop its limit. */
HOT void correlate(const double *x, size_t n, double *r, size_t n_lags)
{
    for (size_t k = 0; k < n_lags; k += CORRELATE_LAGS) {
        double sum[CORRELATE_LAGS] = {0};
        for (size_t i = 0; i < n - k; i++)
            for (size_t j = 0; j < CORRELATE_LAGS; j++) sum[j] += x[i] * x[i + k + j];
        for (size_t j = 0; j < CORRELATE_LAGS; j++) r[k + j] += sum[j];
    }
}
