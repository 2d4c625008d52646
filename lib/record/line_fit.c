/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/line_fit.h"

#include <math.h>
#include <stdlib.h>

#include "base/hot.h"

/* Sums that do not wait for each other: of every fourth point. */
enum { LANES = 4 };

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

static double total(const double lanes[LANES])
{
    return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

struct lane_sums {
    double x[LANES], y[LANES], xx[LANES], xy[LANES];
};

/* n points at most LANES, differences from (x0, y0). */
HOT_PART void add_points(struct lane_sums *s, const double *x, const double *y, size_t n, double x0,
                         double y0)
{
    for (size_t k = 0; k < n; k++) {
        double u = x[k] - x0, v = y[k] - y0;
        s->x[k] += u;
        s->y[k] += v;
        s->xx[k] += u * u;
        s->xy[k] += u * v;
    }
}

HOT static struct line unweighted(const double *x, const double *y, size_t n)
{
    struct lane_sums lanes = {{0}, {0}, {0}, {0}};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) add_points(&lanes, x + i, y + i, LANES, x[0], y[0]);
    add_points(&lanes, x + i, y + i, n - i, x[0], y[0]);
    struct sums sums = {(double)n, total(lanes.x), total(lanes.y), total(lanes.xx),
                        total(lanes.xy)};
    return line_of(&sums, x[0], y[0]);
}

HOT_PART double residual(const struct line *line, double x, double y)
{
    return y - (line->at_0 + line->slope * x);
}

HOT_PART void add_residuals(const struct line *line, const double *x, const double *y, size_t n,
                            double *squares, double *largest)
{
    for (size_t k = 0; k < n; k++) {
        double r = fabs(residual(line, x[k], y[k]));
        squares[k] += r * r;
        largest[k] = r > largest[k] ? r : largest[k];
    }
}

HOT struct line line_fit(const double *x, const double *y, size_t n)
{
    struct line line = unweighted(x, y, n), found = line;
    double squares[LANES] = {0}, largest[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) add_residuals(&line, x + i, y + i, LANES, squares, largest);
    add_residuals(&line, x + i, y + i, n - i, squares, largest);
    for (size_t k = 0; k < LANES; k++) found.largest = fmax(found.largest, largest[k]);
    found.rms = n ? sqrt(total(squares) / (double)n) : 0;
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
