/* SPDX-License-Identifier: BSD-3-Clause */
#include "signal/decimate.h"

#include <math.h>
#include <string.h>

#include "base/hot.h"

/* Each input frame is shared out to the four nearest output frames by a cubic B-spline (see
 * doi 10.1109/79.799930): four multiplications per sample at any ratio, no table. Its gain sinc^4
 * is then levelled, and shaped into that of the low-pass, by a short symmetric filter at the new
 * rate.
 */
enum { MOST_CHANNELS = 6, REACH = 6, MARGIN = REACH + 3 };

/* Least squares of sinc^4 times the filter against 1 / (1 + (f / 0.4)^8 (sqrt(2) - 1)), f in new
 * rates, weight 30 below 0.25 and 5 below 0.35; the sum over both sides is 1. */
static const double level[REACH + 1] = {1.546864,  -0.293375, -0.005964, 0.045508,
                                        -0.027808, 0.010344,  -0.002137};

struct source {
    const double *x;
    size_t n, channels;
    double ratio;
    double *edge; /* room for the frames of one interval */
};

/* Frame k; beyond its end points the signal is turned about them. */
static void extended_frame(const struct source *in, ptrdiff_t k, double *frame)
{
    ptrdiff_t last = (ptrdiff_t)in->n - 1;
    ptrdiff_t pivot = k < 0 ? 0 : k > last ? last : k, mirror = 2 * pivot - k;
    if (mirror < 0) mirror = 0;
    if (mirror > last) mirror = last;
    const double *at = in->x + (size_t)pivot * in->channels;
    const double *opposite = in->x + (size_t)mirror * in->channels;
    for (size_t c = 0; c < in->channels; c++) frame[c] = 2 * at[c] - opposite[c];
}

/* Two numbers that are worked on together. */
typedef double pair __attribute__((vector_size(16)));

/* What the frames of one output interval add to the four output frames about it: the outer two and
 * the inner two. `first` is the first frame's place in the interval, in [0, 1). */
HOT_PART void share_out(const double *x, size_t n, size_t channels, double first, double step,
                        double sum[MOST_CHANNELS][4])
{
    pair outer[MOST_CHANNELS] = {{0}}, inner[MOST_CHANNELS] = {{0}};
    for (size_t k = 0; k < n; k++, x += channels) {
        double u = first + (double)k * step, v = 1 - u;
        pair near = {v, u}, far = {u, v};
        pair square = near * near, far_square = far * far;
        pair w_outer = square * near, w_inner = 4 - 3 * far_square * (1 + near);
#pragma GCC unroll 6
        for (size_t c = 0; c < channels; c++) {
            outer[c] += w_outer * x[c];
            inner[c] += w_inner * x[c];
        }
    }
    for (size_t c = 0; c < channels; c++) {
        sum[c][0] = outer[c][0];
        sum[c][1] = inner[c][0];
        sum[c][2] = inner[c][1];
        sum[c][3] = outer[c][1];
    }
}

HOT_PART void share_out_interval(const struct source *in, ptrdiff_t interval,
                                 double sum[MOST_CHANNELS][4])
{
    ptrdiff_t from = (ptrdiff_t)ceil((double)interval * in->ratio);
    ptrdiff_t to = (ptrdiff_t)ceil((double)(interval + 1) * in->ratio);
    size_t n = (size_t)(to - from);
    const double *x = in->edge;
    if (from >= 0 && to <= (ptrdiff_t)in->n)
        x = in->x + (size_t)from * in->channels;
    else
        for (size_t k = 0; k < n; k++)
            extended_frame(in, from + (ptrdiff_t)k, in->edge + k * in->channels);
    double step = 1 / in->ratio, first = (double)from * step - (double)interval;
    switch (in->channels) {
    case 1: share_out(x, n, 1, first, step, sum); return;
    case 3: share_out(x, n, 3, first, step, sum); return;
    default: share_out(x, n, in->channels, first, step, sum); return;
    }
}

enum { BLOCK = 512 };

/* y = gain[0] x[j] + sum over k of gain[k] (x[j - k stride] + x[j + k stride]). */
HOT_PART void convolve_block(const double *restrict x, double *restrict y, size_t n, size_t stride,
                             const double *gain)
{
    for (size_t j = 0; j < n; j++) y[j] = gain[0] * x[j];
    for (size_t k = 1; k <= REACH; k++) {
        const double *before = x - k * stride, *after = x + k * stride;
        for (size_t j = 0; j < n; j++) y[j] += gain[k] * (before[j] + after[j]);
    }
}

HOT_PART void convolve_level(const double *knots, size_t channels, double scale, double *y,
                             size_t m)
{
    double gain[REACH + 1];
    for (size_t k = 0; k <= REACH; k++) gain[k] = level[k] * scale;
    size_t total = m * channels, done = 0;
    knots += REACH * channels;
    /* The constant length lets the compiler take several at a time. */
    for (; done + BLOCK <= total; done += BLOCK)
        convolve_block(knots + done, y + done, BLOCK, channels, gain);
    convolve_block(knots + done, y + done, total - done, channels, gain);
}

HOT gait_status decimate(const double *x, size_t n, size_t channels, double ratio, double *y,
                         size_t m, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    size_t n_knots = m + 2 * (size_t)MARGIN;
    struct source in = {x, n, channels, ratio, NULL};
    in.edge = arena_alloc(tmp, (size_t)ratio + 2, channels * sizeof *in.edge);
    double *knots = arena_zalloc(tmp, n_knots, channels * sizeof *knots);
    if (!in.edge || !knots) return GAIT_NOMEM;
    for (size_t i = 1; i + 2 < n_knots; i++) {
        double sum[MOST_CHANNELS][4];
        share_out_interval(&in, (ptrdiff_t)i - MARGIN, sum);
        for (size_t p = 0; p < 4; p++)
            for (size_t c = 0; c < channels; c++) knots[(i - 1 + p) * channels + c] += sum[c][p];
    }
    convolve_level(knots + (size_t)(MARGIN - REACH) * channels, channels, 1 / (6 * ratio), y, m);
    arena_rewind(tmp, mark);
    return GAIT_OK;
}
