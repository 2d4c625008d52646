/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/line_fit.h"

#include <math.h>
#include <stdlib.h>

#include "base/four.h"

struct sums {
    double w, x, y, xx, xy;
};

static struct line line_of(const struct sums *s, double x0, double y0)
{
    struct line line = {y0, 0, 0, 0};
    double spread = s->w * s->xx - s->x * s->x;
    if (!(spread > 0)) return line;
    line.slope = (s->w * s->xy - s->x * s->y) / spread;
    line.at_0 = y0 + (s->y - line.slope * s->x) / s->w - line.slope * x0;
    return line;
}

/* Sums are taken from the first point on, so that large times lose no digits.
 */
static struct line weighted(const double *x, const double *y, const double *w, size_t n)
{
    struct sums sums = {0};
    for (size_t i = 0; i < n; i++) {
        double u = x[i] - x[0], v = y[i] - y[0];
        sums.w += w[i];
        sums.x += w[i] * u;
        sums.y += w[i] * v;
        sums.xx += w[i] * u * u;
        sums.xy += w[i] * u * v;
    }
    return line_of(&sums, x[0], y[0]);
}

static double total(const four *lanes)
{
    return ((*lanes)[0] + (*lanes)[2]) + ((*lanes)[1] + (*lanes)[3]);
}

/* Points in fours while there are such, then one by one: sums that do not wait for each other. */
HOT static struct line unweighted(const double *x, const double *y, size_t n)
{
    four sx = {0}, sy = {0}, sxx = {0}, sxy = {0}, u, v;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        four_load(&u, x + i);
        four_load(&v, y + i);
        u -= x[0];
        v -= y[0];
        sx += u;
        sy += v;
        sxx += u * u;
        sxy += u * v;
    }
    for (size_t k = 0; i < n; i++, k++) {
        double du = x[i] - x[0], dv = y[i] - y[0];
        sx[k] += du;
        sy[k] += dv;
        sxx[k] += du * du;
        sxy[k] += du * dv;
    }
    struct sums sums = {(double)n, total(&sx), total(&sy), total(&sxx), total(&sxy)};
    return line_of(&sums, x[0], y[0]);
}

HOT_PART double residual(const struct line *line, double x, double y)
{
    return y - (line->at_0 + line->slope * x);
}

HOT struct line line_fit(const double *x, const double *y, size_t n)
{
    struct line line = unweighted(x, y, n), found = line;
    four squares = {0}, largest = {0}, u, r;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        four_load(&u, x + i);
        four_load(&r, y + i);
        r -= line.at_0 + line.slope * u;
        four_size(&r);
        squares += r * r;
        four_raise(&largest, &r);
    }
    for (size_t k = 0; i < n; i++, k++) {
        double size = fabs(residual(&line, x[i], y[i]));
        squares[k] += size * size;
        largest[k] = fmax(largest[k], size);
    }
    for (size_t k = 0; k < 4; k++) found.largest = fmax(found.largest, largest[k]);
    found.rms = n ? sqrt(total(&squares) / (double)n) : 0;
    return found;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Spread as of a normal distribution, from the median of the absolute
 * residuals. */
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
        line = unweighted(x, y, n);
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
