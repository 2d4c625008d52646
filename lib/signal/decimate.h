/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIGNAL_DECIMATE_H
#define SIGNAL_DECIMATE_H

#include <stddef.h>

#include <gait/error.h>

#include "base/arena.h"

/* Frame j of y is the low-passed signal at frame j * ratio of x, for ratios of 3 and more that need
 * not be whole. The gain is that of a fourth-order Butterworth low-pass run forwards and backwards
 * with its cut-off at 0.4 of the new rate (within 0.003 below 0.3 of it); what folds down lies 28
 * dB under that below 0.3, 48 dB below 0.2 and 76 dB below 0.1 of the new rate. */
gait_status decimate(const double *x, size_t n, size_t channels, double ratio, double *y, size_t m,
                     struct arena *tmp);

#endif
