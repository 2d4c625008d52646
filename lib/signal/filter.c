/* SPDX-License-Identifier: BSD-3-Clause */
#include "signal/filter.h"

#include <math.h>
#include <string.h>

enum { MOST_CHANNELS = 6, BLOCK_FRAMES = 512 };

static const double pi = 3.14159265358979323846;

/* Running forwards and backwards squares the gain; this moves the cut-off of one pass so that the
 * result of both is down 3 dB where it was asked for (Winter 2009, ch. 3). */
static double prewarped(double cutoff_hz, double rate_hz)
{
    return tan(pi * cutoff_hz / rate_hz);
}

static double two_pass_correction(int order)
{
    return pow(sqrt(2.0) - 1, 1 / (2.0 * order));
}

static int is_usable(double cutoff_hz, double rate_hz)
{
    return cutoff_hz > 0 && cutoff_hz < 0.45 * rate_hz;
}

/* Quality factors of the Butterworth poles. */
static double quality(int order, int section)
{
    if (order == 2) return 0.70710678118654752;
    return section == 0 ? 0.54119610014619698 : 1.3065629648763766;
}

static struct biquad section_of(double k, double q, int is_highpass)
{
    double norm = 1 / (1 + k / q + k * k);
    double b0 = is_highpass ? norm : k * k * norm;
    struct biquad section = {
        .b0 = b0,
        .b1 = is_highpass ? -2 * b0 : 2 * b0,
        .b2 = b0,
        .a1 = 2 * (k * k - 1) * norm,
        .a2 = (1 - k / q + k * k) * norm,
    };
    return section;
}

static void add_sections(struct filter *filter, double cutoff_hz, double rate_hz, int order,
                         int is_highpass)
{
    if (!is_usable(cutoff_hz, rate_hz)) return;
    double c = two_pass_correction(order);
    double k = prewarped(cutoff_hz, rate_hz);
    k = is_highpass ? k * c : k / c;
    for (int i = 0; i < order / 2; i++)
        filter->section[filter->n_sections++] = section_of(k, quality(order, i), is_highpass);
    filter->pad_samples = fmax(filter->pad_samples, ceil(rate_hz / cutoff_hz));
}

struct filter lowpass(double cutoff_hz, double rate_hz, int order)
{
    struct filter filter = {.n_sections = 0};
    add_sections(&filter, cutoff_hz, rate_hz, order, 0);
    return filter;
}

struct filter highpass(double cutoff_hz, double rate_hz, int order)
{
    struct filter filter = {.n_sections = 0};
    add_sections(&filter, cutoff_hz, rate_hz, order, 1);
    return filter;
}

struct filter bandpass(double low_hz, double high_hz, double rate_hz)
{
    struct filter filter = highpass(low_hz, rate_hz, 2);
    add_sections(&filter, high_hz, rate_hz, 2, 0);
    return filter;
}

/* Transposed direct form II: what a section remembers of each channel. */
struct state {
    double s1[MOST_CHANNELS], s2[MOST_CHANNELS];
};

/* The state after an endless constant signal; x becomes the constant that the section gives out. */
static void settle(const struct biquad *section, struct state *state, double *x, size_t channels)
{
    double gain = (section->b0 + section->b1 + section->b2) / (1 + section->a1 + section->a2);
    for (size_t c = 0; c < channels; c++) {
        double y = gain * x[c];
        state->s2[c] = section->b2 * x[c] - section->a2 * y;
        state->s1[c] = section->b1 * x[c] - section->a1 * y + state->s2[c];
        x[c] = y;
    }
}

/* One section over n frames in place, `step` doubles from one frame to the next. The channels do
 * not wait for each other, so three cost hardly more than one; inlined for constant counts. */
static inline void run_section(const struct biquad *section, struct state *state, double *x,
                               size_t n, size_t channels, ptrdiff_t step)
{
    struct biquad k = *section;
    struct state s = *state;
    for (size_t i = 0; i < n; i++, x += step)
        for (size_t c = 0; c < channels; c++) {
            double in = x[c];
            double out = k.b0 * in + s.s1[c];
            s.s1[c] = k.b1 * in - k.a1 * out + s.s2[c];
            s.s2[c] = k.b2 * in - k.a2 * out;
            x[c] = out;
        }
    *state = s;
}

static void run_block(const struct biquad *section, struct state *state, double *x, size_t n,
                      size_t channels, ptrdiff_t step)
{
    switch (channels) {
    case 1: run_section(section, state, x, n, 1, step); return;
    case 3: run_section(section, state, x, n, 3, 3 * step); return;
    default: run_section(section, state, x, n, channels, (ptrdiff_t)channels * step); return;
    }
}

/* All sections over n frames from `first` on, direction 1 or -1; block by block, so that the frames
 * are still at hand for the next section. */
static void run(const struct filter *filter, double *first, size_t n, size_t channels,
                ptrdiff_t direction)
{
    struct state state[4];
    double level[MOST_CHANNELS];
    memcpy(level, first, channels * sizeof *level);
    for (size_t k = 0; k < filter->n_sections; k++)
        settle(&filter->section[k], &state[k], level, channels);
    for (size_t done = 0; done < n;) {
        size_t frames = n - done < BLOCK_FRAMES ? n - done : BLOCK_FRAMES;
        for (size_t k = 0; k < filter->n_sections; k++)
            run_block(&filter->section[k], &state[k], first, frames, channels, direction);
        first += direction * (ptrdiff_t)(frames * channels);
        done += frames;
    }
}

/* Odd reflection: the signal turned about its end point. */
static void extend(const double *x, double *padded, size_t n, size_t pad, size_t channels)
{
    const double *last = x + (n - 1) * channels;
    double *after = padded + (pad + n) * channels;
    memcpy(padded + pad * channels, x, n * channels * sizeof *x);
    for (size_t j = 1; j <= pad; j++)
        for (size_t c = 0; c < channels; c++) {
            padded[(pad - j) * channels + c] = 2 * x[c] - x[j * channels + c];
            after[(j - 1) * channels + c] = 2 * last[c] - last[c - j * channels];
        }
}

gait_status filtfilt(const struct filter *filter, const double *x, double *y, size_t n,
                     size_t channels, struct arena *tmp)
{
    if (filter->n_sections == 0 || n < 3) {
        if (n && x != y) memmove(y, x, n * channels * sizeof *x);
        return GAIT_OK;
    }
    size_t pad = filter->pad_samples < (double)(n - 1) ? (size_t)filter->pad_samples : n - 1;
    size_t room = n + 2 * pad;
    struct arena_mark mark = arena_mark(tmp);
    double *padded = arena_alloc(tmp, room, channels * sizeof *padded);
    if (!padded) return GAIT_NOMEM;
    extend(x, padded, n, pad, channels);
    run(filter, padded, room, channels, 1);
    run(filter, padded + (room - 1) * channels, room, channels, -1);
    memcpy(y, padded + pad * channels, n * channels * sizeof *y);
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

void derivative(const double *x, double *y, size_t n, size_t channels, double rate_hz)
{
    if (n < 2) {
        for (size_t c = 0; c < n * channels; c++) y[c] = 0;
        return;
    }
    size_t last = (n - 1) * channels;
    for (size_t c = 0; c < channels; c++) {
        y[c] = (x[channels + c] - x[c]) * rate_hz;
        y[last + c] = (x[last + c] - x[last - channels + c]) * rate_hz;
    }
    double scale = 0.5 * rate_hz;
    for (size_t i = channels; i < last; i++) y[i] = (x[i + channels] - x[i - channels]) * scale;
}

/* Weights of x[i + k] - x[i - k], k = 1..reach, scaled so that a ramp gives its slope. */
static void gaussian_slope(double *weight, size_t reach, double sigma_samples, double rate_hz)
{
    double sum = 0;
    for (size_t k = 1; k <= reach; k++) {
        double z = (double)k / sigma_samples;
        weight[k] = z * exp(-0.5 * z * z);
        sum += 2 * (double)k * weight[k];
    }
    for (size_t k = 1; k <= reach; k++) weight[k] *= rate_hz / sum;
}

gait_status gaussian_derivative(const double *x, double *y, size_t n, double sigma_s,
                                double rate_hz, struct arena *tmp)
{
    double sigma = sigma_s * rate_hz;
    size_t reach = (size_t)fmin(fmax(ceil(4 * sigma), 1), (double)n);
    struct arena_mark mark = arena_mark(tmp);
    double *weight = ARENA_NEW(tmp, reach + 1, double);
    double *held = ARENA_NEW(tmp, n + 2 * reach, double); /* the end values go on */
    if (!weight || !held) return GAIT_NOMEM;
    gaussian_slope(weight, reach, fmax(sigma, 0.1), rate_hz);
    for (size_t i = 0; i < n + 2 * reach; i++)
        held[i] = x[i < reach ? 0 : i - reach < n ? i - reach : n - 1];
    for (size_t i = 0; i < n; i++) {
        const double *at = held + reach + i;
        double sum = 0;
        for (size_t k = 1; k <= reach; k++) sum += weight[k] * (at[k] - at[-(ptrdiff_t)k]);
        y[i] = sum;
    }
    arena_rewind(tmp, mark);
    return GAIT_OK;
}
