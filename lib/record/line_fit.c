/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/line_fit.h"

#include <math.h>
#include <stdlib.h>

/* Sums are taken from the first point on, so that large times lose no digits. */
static struct line weighted(const double *x, const double *y, const double *w, size_t n)
{
    double sw = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (size_t i = 0; i < n; i++) {
        double u = x[i] - x[0], v = y[i] - y[0], weight = w ? w[i] : 1;
        sw += weight;
        sx += weight * u;
        sy += weight * v;
        sxx += weight * u * u;
        sxy += weight * u * v;
    }
    struct line line = {y[0], 0, 0, 0};
    double spread = sw * sxx - sx * sx;
    if (!(spread > 0)) return line;
    line.slope = (sw * sxy - sx * sy) / spread;
    line.at_0 = y[0] + (sy - line.slope * sx) / sw - line.slope * x[0];
    return line;
}

static double residual(const struct line *line, double x, double y)
{
    return y - (line->at_0 + line->slope * x);
}

struct line line_fit(const double *x, const double *y, size_t n)
{
    struct line line = weighted(x, y, NULL, n);
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        double r = fabs(residual(&line, x[i], y[i]));
        squares += r * r;
        if (r > line.largest) line.largest = r;
    }
    line.rms = n ? sqrt(squares / (double)n) : 0;
    return line;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Spread as of a normal distribution, from the median of the absolute residuals. */
static double robust_spread(const struct line *line, const double *x, const double *y, size_t n,
                            double *scratch)
{
    for (size_t i = 0; i < n; i++) scratch[i] = fabs(residual(line, x[i], y[i]));
    qsort(scratch, n, sizeof *scratch, by_value);
    return 1.4826 * scratch[n / 2];
}

struct line line_fit_robust(const double *x, const double *y, size_t n, struct arena *scratch)
{
    enum { ROUNDS = 10 };
    static const double k = 1.345;
    struct line line = {y[0], 0, 0, 0};
    struct arena_mark mark = arena_mark(scratch);
    double *w = ARENA_NEW(scratch, n, double), *sizes = ARENA_NEW(scratch, n, double);
    if (w && sizes) {
        line = weighted(x, y, NULL, n);
        for (int round = 0; round < ROUNDS; round++) {
            double limit = k * robust_spread(&line, x, y, n, sizes);
            if (!(limit > 0)) break;
            for (size_t i = 0; i < n; i++)
                w[i] = fmin(1, limit / fmax(fabs(residual(&line, x[i], y[i])), limit / 1e9));
            line = weighted(x, y, w, n);
        }
        double limit = k * robust_spread(&line, x, y, n, sizes), squares = 0;
        size_t within = 0;
        for (size_t i = 0; i < n && sizes[i] <= limit; i++, within++) {
            squares += sizes[i] * sizes[i];
            line.largest = sizes[i];
        }
        line.rms = within ? sqrt(squares / (double)within) : 0;
    }
    arena_rewind(scratch, mark);
    return line;
}
