/* SPDX-License-Identifier: BSD-3-Clause */
#include "signal/filter.h"

#include <math.h>
#include <string.h>

#include "base/hot.h"

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

/* What a section remembers of each channel: y[n] = (b0 x[n] + near) - a1 y[n-1], so that only one
 * multiplication and one subtraction wait for the last result. */
struct state {
    double near[MOST_CHANNELS]; /* b1 x[n-1] + far */
    double far[MOST_CHANNELS];  /* b2 x[n-1] - a2 y[n-1] */
    double last[MOST_CHANNELS]; /* y[n-1] */
};

/* The state after an endless constant signal; x becomes the constant that the section gives out. */
static void settle(const struct biquad *section, struct state *state, double *x, size_t channels)
{
    double gain = (section->b0 + section->b1 + section->b2) / (1 + section->a1 + section->a2);
    for (size_t c = 0; c < channels; c++) {
        double y = gain * x[c];
        state->far[c] = section->b2 * x[c] - section->a2 * y;
        state->near[c] = section->b1 * x[c] + state->far[c];
        state->last[c] = x[c] = y;
    }
}

/* One section over n frames in place, `step` doubles from one frame to the next. The channels do
 * not wait for each other, so three cost hardly more than one; inlined for constant counts. */
HOT_PART void run_section(const struct biquad *section, struct state *state, double *x, size_t n,
                          size_t channels, ptrdiff_t step)
{
    struct biquad k = *section;
    struct state s = *state;
    for (size_t i = 0; i < n; i++, x += step)
#pragma GCC unroll 6
        for (size_t c = 0; c < channels; c++) {
            double in = x[c];
            double out = (k.b0 * in + s.near[c]) - k.a1 * s.last[c];
            s.near[c] = k.b1 * in + s.far[c];
            s.far[c] = k.b2 * in - k.a2 * out;
            s.last[c] = x[c] = out;
        }
    *state = s;
}

HOT static void run_block(const struct biquad *section, struct state *state, double *x, size_t n,
                          size_t channels, ptrdiff_t step)
{
    switch (channels) {
    case 1: run_section(section, state, x, n, 1, step); return;
    case 3: run_section(section, state, x, n, 3, 3 * step); return;
    default: run_section(section, state, x, n, channels, (ptrdiff_t)channels * step); return;
    }
}

/* A filter on its way over a signal. */
struct pass {
    const struct filter *filter;
    struct state state[4];
    size_t channels;
};

static void begin(struct pass *pass, const struct filter *filter, const double *first,
                  size_t channels)
{
    double constant[MOST_CHANNELS];
    memcpy(constant, first, channels * sizeof *constant);
    pass->filter = filter;
    pass->channels = channels;
    for (size_t k = 0; k < filter->n_sections; k++)
        settle(&filter->section[k], &pass->state[k], constant, channels);
}

static void forwards(struct pass *pass, double *x, size_t n)
{
    for (size_t k = 0; k < pass->filter->n_sections; k++)
        run_block(&pass->filter->section[k], &pass->state[k], x, n, pass->channels, 1);
}

static void backwards(struct pass *pass, double *x, size_t n)
{
    double *last = x + (n - 1) * pass->channels;
    for (size_t k = 0; k < pass->filter->n_sections; k++)
        run_block(&pass->filter->section[k], &pass->state[k], last, n, pass->channels, -1);
}

/* The signal turned about its end points (odd reflection), n frames on each side. */
struct ends {
    double *head, *tail;
    size_t n;
};

static gait_status extend(const double *x, size_t n, size_t channels, struct ends *out,
                          struct arena *tmp)
{
    out->head = arena_alloc(tmp, out->n, channels * sizeof *out->head);
    out->tail = arena_alloc(tmp, out->n, channels * sizeof *out->tail);
    if (!out->head || !out->tail) return GAIT_NOMEM;
    const double *last = x + (n - 1) * channels;
    for (size_t j = 1; j <= out->n; j++)
        for (size_t c = 0; c < channels; c++) {
            out->head[(out->n - j) * channels + c] = 2 * x[c] - x[j * channels + c];
            out->tail[(j - 1) * channels + c] = 2 * last[c] - (last - j * channels)[c];
        }
    return GAIT_OK;
}

/* Block by block, so that the frames are still at hand for the next section. */
static void there(const struct filter *filter, const double *x, double *y, size_t n,
                  size_t channels, const struct ends *ends)
{
    struct pass pass;
    begin(&pass, filter, ends->head, channels);
    forwards(&pass, ends->head, ends->n);
    for (size_t done = 0; done < n; done += BLOCK_FRAMES) {
        size_t frames = n - done < BLOCK_FRAMES ? n - done : BLOCK_FRAMES;
        double *block = y + done * channels;
        if (x != y) memcpy(block, x + done * channels, frames * channels * sizeof *y);
        forwards(&pass, block, frames);
    }
    forwards(&pass, ends->tail, ends->n);
}

static void and_back(const struct filter *filter, double *y, size_t n, size_t channels,
                     const struct ends *ends)
{
    struct pass pass;
    begin(&pass, filter, ends->tail + (ends->n - 1) * channels, channels);
    backwards(&pass, ends->tail, ends->n);
    for (size_t left = n; left > 0;) {
        size_t frames = left < BLOCK_FRAMES ? left : BLOCK_FRAMES;
        left -= frames;
        backwards(&pass, y + left * channels, frames);
    }
}

gait_status filtfilt(const struct filter *filter, const double *x, double *y, size_t n,
                     size_t channels, struct arena *tmp)
{
    if (filter->n_sections == 0 || n < 3) {
        if (n && x != y) memmove(y, x, n * channels * sizeof *x);
        return GAIT_OK;
    }
    struct arena_mark mark = arena_mark(tmp);
    struct ends ends = {.n = n - 1};
    if (filter->pad_samples < (double)ends.n) ends.n = (size_t)filter->pad_samples;
    gait_status status = extend(x, n, channels, &ends, tmp);
    if (!status) {
        there(filter, x, y, n, channels, &ends);
        and_back(filter, y, n, channels, &ends);
    }
    arena_rewind(tmp, mark);
    return status;
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
