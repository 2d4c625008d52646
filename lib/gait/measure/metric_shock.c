/* SPDX-License-Identifier: BSD-3-Clause */

/* How much of the shock after foot strike is slow (the body's own movement) and how much is fast
 * (the impact): power of the acceleration in two bands of frequency, over the same absolute time
 * for every stride. */

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/measure/measure.h"

static const double pi = 3.14159265358979323846;
static const double before_s = 0.02, after_s = 0.25;
static const double tapered_share = 0.05; /* of the stretch, at each end */

enum { MOST_BINS = 16 };

/* One band at bins of 1 Hz: the window, and cosine and sine of every bin over one stretch. */
struct band {
    size_t n, n_bins;
    double *window, *cosine, *sine;
    double scale[MOST_BINS]; /* from |X|^2 to g^2 per Hz, as delivered */
};

static double taper(size_t i, size_t n)
{
    double edge = fmax(1, tapered_share * (double)n);
    double from_end = fmin((double)i, (double)(n - 1 - i)) + 0.5;
    return from_end < edge ? 0.5 - 0.5 * cos(pi * from_end / edge) : 1;
}

/* What averaging frames left of a frequency. */
static double box_gain(const struct coarse *coarse, double hz)
{
    double x = pi * hz / (coarse->rate_hz * (double)coarse->n_box);
    return sin(x * (double)coarse->n_box) / ((double)coarse->n_box * sin(x));
}

/* Cosine and sine of 0, step, 2 step, ..., each turned from the last. */
static void fill_wave(double step, size_t n, double *cosine, double *sine)
{
    double c = cos(step), s = sin(step), x = 1, y = 0;
    for (size_t i = 0; i < n; i++) {
        cosine[i] = x;
        sine[i] = y;
        double next = x * c - y * s;
        y = x * s + y * c;
        x = next;
    }
}

static gait_status band_init(struct band *band, const struct coarse *coarse, int low_hz,
                             int high_hz, struct arena *tmp)
{
    band->n = (size_t)((before_s + after_s) * coarse->rate_hz);
    band->n_bins = (size_t)(high_hz - low_hz) + 1;
    band->window = ARENA_NEW(tmp, band->n, double);
    band->cosine = ARENA_NEW(tmp, band->n * band->n_bins, double);
    band->sine = ARENA_NEW(tmp, band->n * band->n_bins, double);
    if (!band->window || !band->cosine || !band->sine) return GAIT_NOMEM;
    double power = 0;
    for (size_t i = 0; i < band->n; i++) {
        band->window[i] = taper(i, band->n);
        power += band->window[i] * band->window[i];
    }
    for (size_t k = 0; k < band->n_bins; k++) {
        double hz = low_hz + (double)k, gain = box_gain(coarse, hz);
        band->scale[k] = 2 / (coarse->rate_hz * power * gain * gain);
        fill_wave(2 * pi * hz / coarse->rate_hz, band->n, band->cosine + k * band->n,
                  band->sine + k * band->n);
    }
    return GAIT_OK;
}

/* Takes the straight line of least squares away. */
static void detrend(double *x, size_t n)
{
    double middle = 0.5 * (double)(n - 1), level = 0, slope = 0, spread = 0;
    for (size_t i = 0; i < n; i++) {
        double t = (double)i - middle;
        level += x[i];
        slope += t * x[i];
        spread += t * t;
    }
    level /= (double)n;
    slope /= fmax(spread, 1);
    for (size_t i = 0; i < n; i++) x[i] -= level + slope * ((double)i - middle);
}

static double power_in(const struct band *band, const double *x)
{
    double sum = 0;
    for (size_t k = 0; k < band->n_bins; k++) {
        const double *cosine = band->cosine + k * band->n, *sine = band->sine + k * band->n;
        double re = 0, im = 0;
        for (size_t i = 0; i < band->n; i++) {
            re += x[i] * cosine[i];
            im += x[i] * sine[i];
        }
        sum += band->scale[k] * (re * re + im * im);
    }
    return sum;
}

/* Along the limb, or the norm where up is not known. */
static void cut_out(const struct measure_input *in, const struct band *band, size_t first,
                    double *x)
{
    const double *up = in->frame->known & FRAME_UP ? in->frame->row[1] : NULL;
    for (size_t i = 0; i < band->n; i++) {
        const double *f = in->coarse.accel_g + 3 * (first + i);
        x[i] = up ? vec_dot(f, up) : vec_norm(f);
    }
    detrend(x, band->n);
    for (size_t i = 0; i < band->n; i++) x[i] *= band->window[i];
}

static gait_status measure_band(const struct measure_input *in, int low_hz, int high_hz,
                                double *value, uint32_t *flags, struct arena *tmp)
{
    struct band band;
    TRY(band_init(&band, &in->coarse, low_hz, high_hz, tmp));
    double *x = ARENA_NEW(tmp, band.n, double);
    if (!x) return GAIT_NOMEM;
    for (size_t k = 0; k < in->n_strides; k++) {
        double from_s = in->strides[k].start_s - before_s;
        size_t first = coarse_index(&in->coarse, from_s);
        if (from_s < 0 || first + band.n > in->coarse.n) {
            flags[k] |= GAIT_FLAG_SHORT;
            continue;
        }
        cut_out(in, &band, first, x);
        value[k] = power_in(&band, x);
    }
    return GAIT_OK;
}

static gait_status measure_low(const struct measure_input *in, double *value, uint32_t *flags,
                               struct arena *tmp)
{
    return measure_band(in, 3, 8, value, flags, tmp);
}

static gait_status measure_high(const struct measure_input *in, double *value, uint32_t *flags,
                                struct arena *tmp)
{
    return measure_band(in, 9, 20, value, flags, tmp);
}

#define SHOCK_SOURCE "Shorten and Winslow 1992, Int J Sport Biomech 8:288; bands as in later use"

const struct metric metric_shock_low_band = {
    .pub = {.key = "shock_low_band",
            .unit = "1",
            .label = "Shock, 3 to 8 Hz",
            .definition =
                "Power of the vertical (along the limb) acceleration from 20 ms before to "
                "250 ms after foot strike between 3 and 8 Hz, in units of 1 g squared.",
            .source = SHOCK_SOURCE,
            .placements = AT(GAIT_FOOT) | AT(GAIT_SHANK) | AT(GAIT_SACRUM) | AT(GAIT_WAIST),
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 95,
            .resolution = 0.01,
            .low = 0.0001,
            .high = 500,
            .minimal_change_percent = 25},
    .measure = measure_low,
};

const struct metric metric_shock_high_band = {
    .pub = {.key = "shock_high_band",
            .unit = "1",
            .label = "Shock, 9 to 20 Hz",
            .definition =
                "Power of the vertical (along the limb) acceleration from 20 ms before to "
                "250 ms after foot strike between 9 and 20 Hz, in units of 1 g squared.",
            .source = SHOCK_SOURCE,
            .placements = AT(GAIT_FOOT) | AT(GAIT_SHANK) | AT(GAIT_SACRUM) | AT(GAIT_WAIST),
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 95,
            .resolution = 0.01,
            .low = 0.0001,
            .high = 500,
            .minimal_change_percent = 25},
    .measure = measure_high,
};
