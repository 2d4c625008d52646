/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/regrid.h"

#include <math.h>

#include <gait/recording.h>

static const double close_enough = 0.02; /* intervals; far below any jitter that matters */

/* Weights of four frames around a point. */
struct weights {
    size_t first, n;
    double w[4];
};

static void lagrange(const double *at, double x, struct weights *out)
{
    for (size_t i = 0; i < out->n; i++) {
        double w = 1;
        for (size_t k = 0; k < out->n; k++)
            if (k != i) w *= (x - at[out->first + k]) / (at[out->first + i] - at[out->first + k]);
        out->w[i] = w;
    }
}

/* Slope at the middle of three points that keeps the curve monotone: 0 at a turn, else a weighted
 * harmonic mean of the two chords. */
static double monotone_slope(const double *at, const double *y)
{
    double h0 = at[1] - at[0], h1 = at[2] - at[1];
    double d0 = (y[1] - y[0]) / h0, d1 = (y[2] - y[1]) / h1;
    if (!(d0 * d1 > 0)) return 0;
    double w0 = 2 * h1 + h0, w1 = h1 + 2 * h0;
    return (w0 + w1) / (w0 / d0 + w1 / d1);
}

/* Value at x between frames j and j + 1 of one channel. */
static double across_gap(const struct scattered *s, const float *channel, size_t j, double x)
{
    double at[4] = {0}, y[4] = {0};
    size_t first = j ? j - 1 : j, last = j + 2 < s->n ? j + 2 : j + 1;
    size_t n = last - first + 1;
    for (size_t i = 0; i < n; i++) {
        at[i] = s->at[first + i];
        y[i] = (double)channel[3 * (first + i)];
    }
    size_t k = j - first;
    double h = at[k + 1] - at[k], chord = (y[k + 1] - y[k]) / h, u = (x - at[k]) / h;
    double m0 = k ? monotone_slope(at + k - 1, y + k - 1) : chord;
    double m1 = k + 2 < n ? monotone_slope(at + k, y + k) : chord;
    double v = 1 - u;
    return v * v * (1 + 2 * u) * y[k] + u * u * (3 - 2 * u) * y[k + 1] +
           h * u * v * (v * m0 - u * m1);
}

static float weigh(const struct weights *w, const float *channel)
{
    double sum = 0;
    for (size_t i = 0; i < w->n; i++) sum += w->w[i] * (double)channel[3 * (w->first + i)];
    return (float)sum;
}

static void copy_frame(const struct scattered *s, size_t j, size_t point, float *accel, float *gyro,
                       uint8_t *marks)
{
    for (size_t k = 0; k < 3; k++) accel[3 * point + k] = s->accel[3 * j + k];
    if (s->gyro)
        for (size_t k = 0; k < 3; k++) gyro[3 * point + k] = s->gyro[3 * j + k];
    marks[point] = s->marks[j];
}

static void fill_point(const struct scattered *s, size_t j, size_t point, float *accel, float *gyro,
                       uint8_t *marks)
{
    double x = (double)point;
    for (size_t k = 0; k < 3; k++) {
        accel[3 * point + k] = (float)across_gap(s, s->accel + k, j, x);
        if (s->gyro) gyro[3 * point + k] = (float)across_gap(s, s->gyro + k, j, x);
    }
    marks[point] = (uint8_t)(s->marks[j] | s->marks[j + 1] | GAIT_FRAME_FILLED);
}

/* Two neighbours that a cubic may lean on: no gap between them, and not in one place, where it
 * would have any slope. */
static int are_apart(const struct scattered *s, size_t j)
{
    double step = s->at[j + 1] - s->at[j];
    return step > close_enough && step <= s->widest;
}

/* Four frames if the outer ones help, else the two on either side. */
static struct weights weights_between(const struct scattered *s, size_t j, double x)
{
    int before = j > 0 && are_apart(s, j - 1);
    int after = j + 2 < s->n && are_apart(s, j + 1);
    struct weights w = {.first = j, .n = 2};
    if (before && after) {
        w.first = j - 1;
        w.n = 4;
    }
    lagrange(s->at, x, &w);
    return w;
}

static void interpolate(const struct scattered *s, size_t j, size_t point, float *accel,
                        float *gyro, uint8_t *marks)
{
    struct weights w = weights_between(s, j, (double)point);
    for (size_t k = 0; k < 3; k++) {
        accel[3 * point + k] = weigh(&w, s->accel + k);
        if (s->gyro) gyro[3 * point + k] = weigh(&w, s->gyro + k);
    }
    marks[point] = s->marks[j] | s->marks[j + 1];
}

struct regridded regrid(const struct scattered *s, size_t n_points, float *accel, float *gyro,
                        uint8_t *marks)
{
    struct regridded done = {0, 0};
    size_t j = 0, last_gap = SIZE_MAX;
    for (size_t point = 0; point < n_points; point++) {
        double x = (double)point;
        while (j + 1 < s->n && s->at[j + 1] <= x) j++;
        int is_last = j + 1 >= s->n;
        if (is_last || x - s->at[j] <= close_enough) {
            copy_frame(s, j, point, accel, gyro, marks);
        } else if (s->at[j + 1] - x <= close_enough) {
            copy_frame(s, j + 1, point, accel, gyro, marks);
        } else if (s->at[j + 1] - s->at[j] > s->widest) {
            fill_point(s, j, point, accel, gyro, marks);
            done.n_filled++;
            done.n_gaps += j != last_gap;
            last_gap = j;
        } else {
            interpolate(s, j, point, accel, gyro, marks);
        }
    }
    return done;
}
