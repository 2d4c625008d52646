/* SPDX-License-Identifier: BSD-3-Clause */

/* How alike the steps and the strides of a trunk are: by the autocorrelation of its vertical
 * acceleration, and by how much of each stride repeats with the step. */

#include <math.h>

#include "base/fail.h"
#include "base/hot.h"
#include "gait/measure/measure.h"
#include "signal/entropy.h"
#include "signal/filter.h"
#include "signal/peaks.h"
#include "signal/spectrum.h"
#include "signal/stats.h"

static const double pi = 3.14159265358979323846;
static const double block_s = 20;
static const double entropy_every_s = 60, entropy_rate_hz = 100;
static const double entropy_low_hz = 0.5, entropy_high_hz = 20;
static const double alike_sd = 0.2;
static const double search_share = 0.1; /* about the lag of the step or the stride */

enum { FORWARD, UP, RIGHT };
enum { FEWEST_STRIDES = 10 };
enum { ENTROPY_POINTS = 2000 };                 /* always as many: the measure depends on it */
enum { HALF_POINTS = 32, HALF_HARMONICS = 10 }; /* harmonics 1 to 20 of the stride */

/* Highest value of the autocorrelation about a lag, over that at lag 0. */
static double height_near(const double *acf, size_t n, double lag)
{
    size_t from = (size_t)ceil((1 - search_share) * lag);
    size_t to = (size_t)floor((1 + search_share) * lag) + 1;
    if (from >= to || to > n || !(acf[0] > 0)) return NAN;
    double height;
    parabolic(acf, n, argmax(acf, from, to), &height);
    return height / acf[0];
}

static double median_stride_s(const gait_stride *strides, size_t n, struct arena *tmp)
{
    double *length_s = ARENA_NEW(tmp, n, double);
    if (!length_s) return NAN;
    for (size_t i = 0; i < n; i++) length_s[i] = strides[i].end_s - strides[i].start_s;
    return median_inplace(length_s, n);
}

/* The autocorrelation along one axis over the strides from first to before last. */
static gait_status find_likeness(const struct measure_input *in, size_t axis, size_t first,
                                 size_t last, struct regularity *out, struct arena *tmp)
{
    const struct coarse *coarse = &in->coarse;
    size_t from = coarse_index(coarse, in->strides[first].start_s);
    size_t to = coarse_index(coarse, in->strides[last - 1].end_s), length = to - from;
    double lag = median_stride_s(in->strides + first, last - first, tmp) * coarse->rate_hz;
    if (!isfinite(lag) || from >= to || (1 + search_share) * lag + 2 >= (double)length)
        return GAIT_OK;
    size_t most = (size_t)((1 + search_share) * lag) + 2;
    double *x = ARENA_NEW(tmp, length, double);
    double *acf = ARENA_ZNEW(tmp, most + 1, double);
    if (!x || !acf) return GAIT_NOMEM;
    for (size_t i = 0; i < length; i++) x[i] = in->body_g[3 * (from + i) + axis];
    TRY(acf_add(x, length, acf, most, tmp));
    for (size_t k = first; k < last; k++) {
        out[k].step[axis] = height_near(acf, most + 1, lag / 2);
        out[k].stride[axis] = height_near(acf, most + 1, lag);
    }
    return GAIT_OK;
}

/* Blocks of 20 to 40 s; every stride gets what its block gives. */
static gait_status find_all_likeness(const struct measure_input *in, struct regularity *out,
                                     struct arena *tmp)
{
    double start_s = in->strides[0].start_s;
    double span_s = in->strides[in->n_strides - 1].end_s - start_s;
    size_t n_blocks = (size_t)fmax(1, floor(span_s / block_s)), first = 0;
    for (size_t b = 1; b <= n_blocks; b++) {
        double end_s = start_s + span_s * (double)b / (double)n_blocks;
        size_t last = first;
        while (last < in->n_strides && (b == n_blocks || in->strides[last].end_s <= end_s)) last++;
        struct arena_mark mark = arena_mark(tmp);
        for (size_t axis = FORWARD; axis <= UP && last - first >= FEWEST_STRIDES; axis++)
            TRY(find_likeness(in, axis, first, last, out, tmp));
        arena_rewind(tmp, mark);
        first = last;
    }
    for (size_t k = 0; k < in->n_strides; k++)
        if (isnan(out[k].stride[UP])) out[k].likeness_flags |= GAIT_FLAG_FEW;
    return GAIT_OK;
}

/* Cosines and sines by which the sum of the two half strides gives the even harmonics of the
 * stride, and their difference the odd ones. */
struct harmonics {
    double even_cos[HALF_POINTS][HALF_HARMONICS], even_sin[HALF_POINTS][HALF_HARMONICS];
    double odd_cos[HALF_POINTS][HALF_HARMONICS], odd_sin[HALF_POINTS][HALF_HARMONICS];
};

static void harmonics_init(struct harmonics *h)
{
    for (int p = 0; p < HALF_POINTS; p++)
        for (int k = 0; k < HALF_HARMONICS; k++) {
            double phase = pi * p / HALF_POINTS;
            h->even_cos[p][k] = cos((2 * k + 2) * phase);
            h->even_sin[p][k] = sin((2 * k + 2) * phase);
            h->odd_cos[p][k] = cos((2 * k + 1) * phase);
            h->odd_sin[p][k] = sin((2 * k + 1) * phase);
        }
}

/* Sum of the amplitudes, up to a factor that both parities share. */
HOT static double amplitudes(const double x[HALF_POINTS], double cosine[][HALF_HARMONICS],
                             double sine[][HALF_HARMONICS])
{
    double re[HALF_HARMONICS] = {0}, im[HALF_HARMONICS] = {0}, sum = 0;
    for (int p = 0; p < HALF_POINTS; p++)
        for (int k = 0; k < HALF_HARMONICS; k++) {
            re[k] += x[p] * cosine[p][k];
            im[k] += x[p] * sine[p][k];
        }
    for (int k = 0; k < HALF_HARMONICS; k++) sum += sqrt(re[k] * re[k] + im[k] * im[k]);
    return sum;
}

/* Both halves of a stride at equally many points, straight lines between the frames. */
struct halves {
    double sum[3][HALF_POINTS], difference[3][HALF_POINTS];
};

/* 0 if the stride is not all there. */
static int halve(const struct measure_input *in, const gait_stride *stride, struct halves *out)
{
    const struct coarse *coarse = &in->coarse;
    double begin = (stride->start_s - coarse->start_s) * coarse->rate_hz;
    double length = (stride->end_s - stride->start_s) * coarse->rate_hz;
    if (!(begin >= 0 && begin + length < (double)coarse->n - 1)) return 0;
    for (int p = 0; p < HALF_POINTS; p++) {
        double first = begin + length * p / (2 * HALF_POINTS), second = first + length / 2;
        size_t i = (size_t)first, j = (size_t)second;
        double u = first - (double)i, v = second - (double)j;
        const double *x = in->body_g + 3 * i, *y = in->body_g + 3 * j;
        for (int axis = 0; axis < 3; axis++) {
            double here = x[axis] + u * (x[axis + 3] - x[axis]);
            double there = y[axis] + v * (y[axis + 3] - y[axis]);
            out->sum[axis][p] = here + there;
            out->difference[axis][p] = here - there;
        }
    }
    return 1;
}

static gait_status find_harmonics(const struct measure_input *in, struct regularity *out,
                                  struct arena *tmp)
{
    struct harmonics *h = ARENA_NEW(tmp, 1, struct harmonics);
    if (!h) return GAIT_NOMEM;
    harmonics_init(h);
    struct halves halves;
    for (size_t k = 0; k < in->n_strides; k++) {
        if (!halve(in, &in->strides[k], &halves)) {
            out[k].harmonics_flags |= GAIT_FLAG_SHORT;
            continue;
        }
        for (int axis = FORWARD; axis <= RIGHT; axis++) {
            double even = amplitudes(halves.sum[axis], h->even_cos, h->even_sin);
            double odd = amplitudes(halves.difference[axis], h->odd_cos, h->odd_sin);
            double ratio = odd > 0 && even > 0 ? even / odd : (double)NAN;
            out[k].harmonic_ratio[axis] = axis == RIGHT ? 1 / ratio : ratio;
        }
    }
    return GAIT_OK;
}

/* Sample entropy of 20 s from a stride on, at 100 Hz; NaN if they are not all there. */
static double entropy_from(const struct measure_input *in, const double *forward, double start_s,
                           struct arena *tmp)
{
    const struct coarse *coarse = &in->coarse;
    double begin = (start_s - coarse->start_s) * coarse->rate_hz;
    double step = coarse->rate_hz / entropy_rate_hz;
    double x[ENTROPY_POINTS];
    if (!(begin >= 0 && begin + step * ENTROPY_POINTS < (double)coarse->n - 1)) return NAN;
    for (size_t p = 0; p < ENTROPY_POINTS; p++) {
        double at = begin + step * (double)p;
        size_t i = (size_t)at;
        x[p] = forward[i] + (at - (double)i) * (forward[i + 1] - forward[i]);
    }
    double tolerance = alike_sd * standard_deviation(x, ENTROPY_POINTS);
    return tolerance > 0 ? sample_entropy(x, ENTROPY_POINTS, tolerance, tmp) : (double)NAN;
}

/* The first 20 s of every minute speak for it: it is the one measure that takes all pairs. */
static gait_status find_entropy(const struct measure_input *in, struct regularity *out,
                                struct arena *tmp)
{
    const struct coarse *coarse = &in->coarse;
    double *forward = ARENA_NEW(tmp, coarse->n, double);
    if (!forward) return GAIT_NOMEM;
    for (size_t i = 0; i < coarse->n; i++) forward[i] = in->body_g[3 * i + FORWARD];
    struct filter slow = highpass(entropy_low_hz, coarse->rate_hz, 2);
    struct filter fast = lowpass(entropy_high_hz, coarse->rate_hz, 2);
    TRY(filtfilt(&slow, forward, forward, coarse->n, 1, tmp));
    TRY(filtfilt(&fast, forward, forward, coarse->n, 1, tmp));
    double from_s = in->strides[0].start_s, entropy = NAN;
    for (size_t k = 0; k < in->n_strides; k++) {
        double start_s = in->strides[k].start_s;
        if (k == 0 || start_s >= from_s + entropy_every_s) {
            double found = entropy_from(in, forward, start_s, tmp);
            if (isfinite(found) || k == 0) entropy = found;
            from_s = start_s;
        }
        out[k].entropy_forward = entropy;
        if (isnan(entropy)) out[k].entropy_flags |= GAIT_FLAG_SHORT;
    }
    return GAIT_OK;
}

gait_status regularities_find(const struct measure_input *in, struct regularity *out,
                              struct arena *tmp)
{
    for (size_t k = 0; k < in->n_strides; k++)
        out[k] = (struct regularity){{NAN, NAN}, {NAN, NAN}, {NAN, NAN, NAN}, NAN, 0, 0, 0};
    if (!in->n_strides || !in->body_g) return GAIT_OK;
    struct arena_mark mark = arena_mark(tmp);
    gait_status status = find_all_likeness(in, out, tmp);
    if (!status) status = find_harmonics(in, out, tmp);
    if (!status) status = find_entropy(in, out, tmp);
    arena_rewind(tmp, mark);
    return status;
}
