/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/standing.h"

#include <math.h>

#include "base/vec.h"

enum { STILL_S = 3, VALID_S = 60 };

static const double still_sd_g = 0.02;

void standing_init(struct standing *standing)
{
    *standing = (struct standing){.up = {NAN, NAN, NAN}};
}

void standing_begin_segment(struct standing *standing)
{
    standing->n_still = standing->n_seconds = standing->second = 0;
}

void standing_feed(struct standing *standing, const double *accel_g, size_t n, double sd_g)
{
    double mean[3] = {0, 0, 0};
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < 3; c++) mean[c] += accel_g[3 * i + c] / (double)n;
    size_t second = standing->n_seconds++;
    double norm = vec_norm(mean);
    if (!(sd_g < still_sd_g && norm > 0.9 && norm < 1.1)) {
        standing->n_still = 0;
        return;
    }
    for (int c = 0; c < 3; c++)
        standing->sum[c] = (standing->n_still ? standing->sum[c] : 0) + mean[c];
    if (++standing->n_still < STILL_S) return;
    for (int c = 0; c < 3; c++) standing->up[c] = standing->sum[c] / (double)standing->n_still;
    standing->second = second;
}

void standing_for(const struct standing *standing, double from, double to, double up[3])
{
    double second = (double)standing->second;
    double distance_s = fmax(from - second, second - to);
    for (int c = 0; c < 3; c++) up[c] = distance_s <= VALID_S ? standing->up[c] : (double)NAN;
}
