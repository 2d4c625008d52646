/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/coarse.h"

#include <math.h>

#include "base/hot.h"

HOT static const double *box_average(const double *x, size_t n, size_t n_box, struct arena *keep)
{
    double *y = ARENA_NEW(keep, 3 * n, double);
    if (!y) return NULL;
    double share = 1 / (double)n_box;
    for (size_t i = 0; i < n; i++) {
        double sum[3] = {0, 0, 0};
        for (size_t k = 0; k < n_box; k++, x += 3) {
            sum[0] += x[0];
            sum[1] += x[1];
            sum[2] += x[2];
        }
        for (size_t c = 0; c < 3; c++) y[3 * i + c] = sum[c] * share;
    }
    return y;
}

gait_status coarse_make(const struct bout_signal *signal, double least_rate_hz, struct coarse *out,
                        struct arena *keep)
{
    size_t n_box = (size_t)fmax(1, floor(signal->rate_hz / least_rate_hz + 1e-6));
    *out = (struct coarse){
        .n = signal->n / n_box,
        .n_box = n_box,
        .rate_hz = signal->rate_hz / (double)n_box,
        .start_s = (double)(n_box - 1) / (2 * signal->rate_hz),
        .accel_g = signal->accel_g,
        .gyro_dps = signal->gyro_dps,
    };
    if (n_box == 1) return GAIT_OK;
    out->accel_g = box_average(signal->accel_g, out->n, n_box, keep);
    if (signal->gyro_dps) out->gyro_dps = box_average(signal->gyro_dps, out->n, n_box, keep);
    return out->accel_g && (out->gyro_dps || !signal->gyro_dps) ? GAIT_OK : GAIT_NOMEM;
}

size_t coarse_index(const struct coarse *coarse, double time_s)
{
    double at = (time_s - coarse->start_s) * coarse->rate_hz + 0.5;
    if (!(at > 0)) return 0;
    return at < (double)coarse->n ? (size_t)at : coarse->n;
}

int coarse_mean(const struct coarse *coarse, const double *x, double from_s, double to_s,
                double out[3])
{
    size_t from = coarse_index(coarse, from_s), to = coarse_index(coarse, to_s);
    out[0] = out[1] = out[2] = 0;
    if (from >= to) return 0;
    for (size_t i = from; i < to; i++)
        for (size_t c = 0; c < 3; c++) out[c] += x[3 * i + c];
    for (size_t c = 0; c < 3; c++) out[c] /= (double)(to - from);
    return 1;
}
