/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "report/chart.h"

const struct scale empty_scale = {INFINITY, -INFINITY};

void scale_take(struct scale *scale, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) continue;
        scale->low = fmin(scale->low, values[i]);
        scale->high = fmax(scale->high, values[i]);
    }
}

double tick_step(const struct scale *scale, size_t most)
{
    static const double round[] = {1, 2, 5, 10};
    double span = scale->high - scale->low;
    if (!(span > 0) || most < 1) return 1;
    double rough = span / (double)most, power = pow(10, floor(log10(rough)));
    for (size_t i = 0; i < sizeof round / sizeof *round; i++)
        if (round[i] * power >= rough * (1 - 1e-9)) return round[i] * power;
    return 10 * power;
}

int tick_decimals(double step)
{
    double d = -floor(log10(step) + 1e-9);
    return d > 0 ? (int)d : 0;
}

struct scale scale_round(const struct scale *scale, size_t most)
{
    struct scale wide = *scale;
    if (!(wide.high > wide.low)) {
        double slack = fmax(fabs(wide.low) * 0.05, 0.5);
        if (!isfinite(wide.low)) wide = (struct scale){0, 1};
        wide.low -= slack;
        wide.high += slack;
    }
    double step = tick_step(&wide, most);
    wide.low = step * floor(wide.low / step + 1e-6);
    wide.high = step * ceil(wide.high / step - 1e-6);
    return wide;
}
