/* SPDX-License-Identifier: BSD-3-Clause */
#include "signal/resample.h"

#include <math.h>
#include <string.h>

#include "signal/decimate.h"
#include "signal/filter.h"

/* Relative; two rates nearer than this are the same. */
static const double rate_tolerance = 1e-9;

/* Below this the shared-out frames are too few to be even. */
static const double smallest_decimation = 3;

size_t resampled_length(size_t n, double rate_in_hz, double rate_out_hz)
{
    if (n == 0) return 0;
    /* The last output may coincide with the last input; rounding must not lose it. */
    return (size_t)floor((double)(n - 1) * (rate_out_hz / rate_in_hz) + 1e-6) + 1;
}

/* Value between frames i and i + 1, u in [0, 1] from the first. */
struct cubic {
    double a, b, c, d; /* weights of x[i], x[i + 1] and their second derivatives */
};

static struct cubic cubic_at(double u)
{
    double v = 1 - u;
    struct cubic w = {v, u, (v * v * v - v) / 6, (u * u * u - u) / 6};
    return w;
}

/* Frame before t and the rest, so that frame + 1 exists; n >= 2. */
static size_t split_index(double t, size_t n, double *u)
{
    double clamped = fmin(fmax(t, 0), (double)(n - 1));
    size_t i = (size_t)clamped;
    if (i > n - 2) i = n - 2;
    *u = clamped - (double)i;
    return i;
}

gait_status spline_fit(const double *x, size_t n, size_t channels, double *second,
                       struct arena *tmp)
{
    /* Elimination factors of the rows (1 4 1); they settle to 2 - sqrt(3) within 20 rows. */
    enum { SETTLED = 24 };
    double factor[SETTLED + 1] = {0};
    for (size_t k = 1; k <= SETTLED; k++) factor[k] = 1 / (4 - factor[k - 1]);
    (void)tmp;

    size_t total = n * channels;
    if (n < 3) {
        for (size_t i = 0; i < total; i++) second[i] = 0;
        return GAIT_OK;
    }
    for (size_t i = channels; i < total - channels; i++)
        second[i] = x[i - channels] - 2 * x[i] + x[i + channels];
    /* Not-a-knot: one cubic over the first two and the last two intervals, so the second derivative
     * one step from the end is the second difference itself, and the ends follow on a line. */
    for (size_t i = 2; i + 2 < n; i++) {
        double f = factor[i - 1 < SETTLED ? i - 1 : SETTLED];
        for (size_t c = 0; c < channels; c++) {
            double *m = second + i * channels + c;
            double known = i + 3 == n ? m[channels] : 0;
            *m = (6 * *m - m[-(ptrdiff_t)channels] - known) * f;
        }
    }
    for (size_t i = n >= 5 ? n - 4 : 0; i >= 2; i--) {
        double f = factor[i - 1 < SETTLED ? i - 1 : SETTLED];
        for (size_t c = 0; c < channels; c++)
            second[i * channels + c] -= f * second[(i + 1) * channels + c];
    }
    for (size_t c = 0; c < channels; c++) {
        double *end = second + (n - 1) * channels + c;
        const double *begin = second + c;
        if (n == 3) {
            second[c] = *end = begin[channels];
            continue;
        }
        second[c] = 2 * begin[channels] - begin[2 * channels];
        *end = 2 * end[-(ptrdiff_t)channels] - end[-2 * (ptrdiff_t)channels];
    }
    return GAIT_OK;
}

double spline_at(const double *x, const double *second, size_t n, size_t channels, size_t c,
                 double t)
{
    if (n < 2) return n ? x[c] : (double)NAN;
    double u;
    size_t i = split_index(t, n, &u) * channels + c;
    struct cubic w = cubic_at(u);
    return w.a * x[i] + w.b * x[i + channels] + w.c * second[i] + w.d * second[i + channels];
}

static void spline_sample(const double *x, const double *second, size_t n, size_t channels,
                          double step, double *y, size_t m)
{
    for (size_t j = 0; j < m; j++) {
        double u;
        size_t i = split_index((double)j * step, n, &u) * channels;
        struct cubic w = cubic_at(u);
        for (size_t c = 0; c < channels; c++, i++)
            *y++ =
                w.a * x[i] + w.b * x[i + channels] + w.c * second[i] + w.d * second[i + channels];
    }
}

gait_status resample(const double *x, size_t n, size_t channels, double rate_in_hz, double *y,
                     double rate_out_hz, struct arena *tmp)
{
    double ratio = rate_in_hz / rate_out_hz;
    if (n < 2 || fabs(ratio - 1) < rate_tolerance) {
        if (n) memcpy(y, x, n * channels * sizeof *x);
        return GAIT_OK;
    }
    size_t m = resampled_length(n, rate_in_hz, rate_out_hz);
    if (ratio >= smallest_decimation) return decimate(x, n, channels, ratio, y, m, tmp);
    struct arena_mark mark = arena_mark(tmp);
    double *smooth = arena_alloc(tmp, n, channels * sizeof *smooth);
    double *second = arena_alloc(tmp, n, channels * sizeof *second);
    gait_status status = smooth && second ? GAIT_OK : GAIT_NOMEM;
    struct filter filter = {.n_sections = 0};
    if (ratio > 1) filter = lowpass(0.4 * rate_out_hz, rate_in_hz, 4);
    if (!status) status = filtfilt(&filter, x, smooth, n, channels, tmp);
    if (!status) status = spline_fit(smooth, n, channels, second, tmp);
    if (!status) spline_sample(smooth, second, n, channels, ratio, y, m);
    arena_rewind(tmp, mark);
    return status;
}

static double secant(const double *t, const double *x, size_t i)
{
    return (x[i + 1] - x[i]) / (t[i + 1] - t[i]);
}

/* Slope at the first point from a parabola through three, bent back so that the curve stays
 * monotone (Fritsch and Butland 1984, doi 10.1137/0905021). */
static double end_slope(double h0, double h1, double d0, double d1)
{
    double slope = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1);
    if (!(slope * d0 > 0)) return 0;
    if (d0 * d1 < 0 && fabs(slope) > 3 * fabs(d0)) return 3 * d0;
    return slope;
}

static double pchip_slope(const double *t, const double *x, size_t n, size_t i)
{
    if (n == 2) return secant(t, x, 0);
    if (i == 0) return end_slope(t[1] - t[0], t[2] - t[1], secant(t, x, 0), secant(t, x, 1));
    if (i == n - 1)
        return end_slope(t[n - 1] - t[n - 2], t[n - 2] - t[n - 3], secant(t, x, n - 2),
                         secant(t, x, n - 3));
    double before = secant(t, x, i - 1), after = secant(t, x, i);
    if (!(before * after > 0)) return 0;
    double h0 = t[i] - t[i - 1], h1 = t[i + 1] - t[i];
    double w0 = 2 * h1 + h0, w1 = h1 + 2 * h0;
    return (w0 + w1) / (w0 / before + w1 / after);
}

/* The interval of a rising sequence that holds `at`, searched from `from` on. */
static size_t interval_of(const double *t, size_t n, double at, size_t from)
{
    while (from + 2 < n && t[from + 1] <= at) from++;
    return from;
}

void pchip(const double *t, const double *x, size_t n, const double *at, double *y, size_t m)
{
    size_t i = 0, fitted = n; /* the interval whose slopes are at hand */
    double slope0 = 0, slope1 = 0;
    for (size_t j = 0; j < m; j++) {
        i = interval_of(t, n, at[j], i);
        if (i != fitted) {
            slope0 = pchip_slope(t, x, n, i);
            slope1 = pchip_slope(t, x, n, i + 1);
            fitted = i;
        }
        double h = t[i + 1] - t[i];
        double u = fmin(fmax((at[j] - t[i]) / h, 0), 1), v = 1 - u;
        y[j] = v * v * (1 + 2 * u) * x[i] + u * u * (3 - 2 * u) * x[i + 1] +
               h * u * v * (v * slope0 - u * slope1);
    }
}
