/* SPDX-License-Identifier: BSD-3-Clause */
#include "signal/downsample.h"

#include <math.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

/* Stage samples are cheap to filter; the box average above 200 Hz droops by under 2 % at 20 Hz. */
static const double stage_rate_hz = 200;
static const double half_width_s = 0.06;
static const double cutoff_ratio = 0.4;

static double kernel(double lag_s, double cutoff_hz)
{
    double x = 2 * cutoff_hz * lag_s;
    double sinc = fabs(x) < 1e-9 ? 1 : sin(pi * x) / (pi * x);
    return sinc * (0.5 + 0.5 * cos(pi * lag_s / half_width_s));
}

void downsampler_init(struct downsampler *d, double rate_in_hz, double rate_out_hz)
{
    memset(d, 0, sizeof *d);
    d->rate_out_hz = rate_out_hz;
    d->phase_s = NAN;
    d->box = rate_in_hz >= 2 * stage_rate_hz ? (size_t)(rate_in_hz / stage_rate_hz) : 1;
    d->stage_hz = rate_in_hz / (double)d->box;
    size_t half = (size_t)ceil(half_width_s * d->stage_hz);
    if (half > (DOWNSAMPLE_MOST_TAPS - 1) / 2) half = (DOWNSAMPLE_MOST_TAPS - 1) / 2;
    d->taps = 2 * half + 1;
    for (size_t k = 0; k <= DOWNSAMPLE_KERNEL_STEPS; k++)
        d->kernel[k] =
            kernel(half_width_s * (double)k / DOWNSAMPLE_KERNEL_STEPS, cutoff_ratio * rate_out_hz);
}

/* The kernel between two entries of its table; 0 outside its width. */
static double weight(const struct downsampler *d, double lag_s)
{
    double at = fabs(lag_s) / half_width_s * DOWNSAMPLE_KERNEL_STEPS;
    if (at > DOWNSAMPLE_KERNEL_STEPS) return 0;
    size_t k = (size_t)at;
    double part = at - (double)k;
    return d->kernel[k] + part * (d->kernel[k + 1] - d->kernel[k]);
}

/* When a stage sample was: the middle of the frames that were averaged. */
static double stage_time_s(const struct downsampler *d, size_t index)
{
    double middle = (double)(d->box - 1) / (2 * (double)d->box);
    return ((double)index + middle) / d->stage_hz;
}

/* Weights of n taps, the oldest at this lag. When the low rate divides the stage rate they stay the
 * same. */
static void weigh(struct downsampler *d, double oldest_lag_s, size_t n)
{
    if (n == d->taps && fabs(oldest_lag_s - d->phase_s) < 1e-9) return;
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        d->weights[k] = weight(d, oldest_lag_s + (double)k / d->stage_hz);
        sum += d->weights[k];
    }
    for (size_t k = 0; k < n; k++) d->weights[k] = sum > 1e-6 ? d->weights[k] / sum : k + 1 == n;
    d->phase_s = n == d->taps ? oldest_lag_s : (double)NAN;
}

static void add_weighted(const double *frames, const double *weights, size_t n, double sum[3])
{
    for (size_t k = 0; k < n; k++)
        for (size_t c = 0; c < 3; c++) sum[c] += weights[k] * frames[3 * k + c];
}

/* Low-rate frame n_out from the stage samples that are there. */
static void tell(struct downsampler *d, double out[3])
{
    double at_s = (double)d->n_out / d->rate_out_hz;
    size_t oldest = d->n_stage > d->taps ? d->n_stage - d->taps : 0, n = d->n_stage - oldest;
    weigh(d, stage_time_s(d, oldest) - at_s, n);
    out[0] = out[1] = out[2] = 0;
    size_t slot = oldest % d->taps, n_first = n < d->taps - slot ? n : d->taps - slot;
    add_weighted(d->ring[slot], d->weights, n_first, out);
    add_weighted(d->ring[0], d->weights + n_first, n - n_first, out);
    d->n_out++;
}

/* The box average is full. */
static size_t push_stage(struct downsampler *d, double (*out)[3])
{
    double *slot = d->ring[d->n_stage % d->taps];
    for (int c = 0; c < 3; c++) {
        slot[c] = d->box_sum[c] / (double)d->box;
        d->box_sum[c] = 0;
    }
    d->box_n = 0;
    d->n_stage++;
    size_t told = 0;
    double newest_s = stage_time_s(d, d->n_stage - 1);
    while (told < 2 && (double)d->n_out / d->rate_out_hz + half_width_s <= newest_s)
        tell(d, out[told++]);
    return told;
}

size_t downsampler_push(struct downsampler *d, const float *frames, size_t n, double (*out)[3])
{
    size_t told = 0;
    while (n) {
        size_t part = d->box - d->box_n < n ? d->box - d->box_n : n;
        for (size_t i = 0; i < part; i++, frames += 3)
            for (int c = 0; c < 3; c++) d->box_sum[c] += (double)frames[c];
        n -= part;
        d->box_n += part;
        if (d->box_n == d->box) told += push_stage(d, out + told);
    }
    return told;
}

size_t downsampler_flush(struct downsampler *d, double out[2][3])
{
    size_t told = 0;
    if (!d->n_stage) return 0;
    double newest_s = stage_time_s(d, d->n_stage - 1);
    while (told < 2 && (double)d->n_out / d->rate_out_hz <= newest_s) tell(d, out[told++]);
    return told;
}
