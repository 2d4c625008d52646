/* SPDX-License-Identifier: BSD-3-Clause */
#include "signal/correlate.h"

#include <string.h>

#include "base/hot.h"

enum { LANES = 4, REGISTERS = CORRELATE_LAGS / LANES };
typedef double lanes __attribute__((vector_size(LANES * sizeof(double))));

/* The sums of several lags stay in registers and do not wait for each other; the zeros behind the
 * end of x spare the loop its limit. Left to itself, the compiler takes several i at a time. */
HOT void correlate(const double *x, size_t n, double *r, size_t n_lags)
{
    for (size_t k = 0; k < n_lags; k += CORRELATE_LAGS) {
        lanes sum[REGISTERS] = {0};
        for (size_t i = 0; i < n - k; i++)
            for (size_t j = 0; j < REGISTERS; j++) {
                lanes later;
                memcpy(&later, x + i + k + LANES * j, sizeof later);
                sum[j] += x[i] * later;
            }
        for (size_t j = 0; j < CORRELATE_LAGS; j++) r[k + j] += sum[j / LANES][j % LANES];
    }
}
