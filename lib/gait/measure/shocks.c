/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/shocks.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/hot.h"
#include "base/vec.h"
#include "signal/peaks.h"

static const double pi = 3.14159265358979323846;
static const double before_s = 0.02, after_s = 0.25;
static const double tapered_share = 0.05; /* of the stretch, at each end */
static const double least_rate_hz = 90;   /* of the coarse signal: bins end at 20 Hz */

/* Bins of 1 Hz from 3 to 20 Hz; the slow band ends with 8 Hz, the fast one begins with 9. */
enum { FIRST_HZ = 3, LAST_SLOW_HZ = 8, LAST_HZ = 20, BINS = LAST_HZ - FIRST_HZ + 1 };

/* What is the same for every stride: the window, and cosine and sine of every bin, frame by frame.
 */
struct spectrum {
    size_t n;
    double *window;
    double (*cosine)[BINS], (*sine)[BINS];
    double scale[BINS]; /* from |X|^2 to g^2 per Hz, as delivered */
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
static void fill_wave(struct spectrum *spectrum, size_t bin, double step)
{
    double c = cos(step), s = sin(step), x = 1, y = 0;
    for (size_t i = 0; i < spectrum->n; i++) {
        spectrum->cosine[i][bin] = x;
        spectrum->sine[i][bin] = y;
        double next = x * c - y * s;
        y = x * s + y * c;
        x = next;
    }
}

static gait_status spectrum_init(struct spectrum *spectrum, const struct coarse *coarse,
                                 struct arena *tmp)
{
    size_t n = spectrum->n = (size_t)((before_s + after_s) * coarse->rate_hz);
    spectrum->window = ARENA_NEW(tmp, n, double);
    spectrum->cosine = arena_alloc(tmp, n, sizeof *spectrum->cosine);
    spectrum->sine = arena_alloc(tmp, n, sizeof *spectrum->sine);
    if (!spectrum->window || !spectrum->cosine || !spectrum->sine) return GAIT_NOMEM;
    double power = 0;
    for (size_t i = 0; i < n; i++) {
        spectrum->window[i] = taper(i, n);
        power += spectrum->window[i] * spectrum->window[i];
    }
    for (size_t k = 0; k < BINS; k++) {
        double hz = (double)(FIRST_HZ + k), gain = box_gain(coarse, hz);
        spectrum->scale[k] = 2 / (coarse->rate_hz * power * gain * gain);
        fill_wave(spectrum, k, 2 * pi * hz / coarse->rate_hz);
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

/* Along the limb, or the norm where up is not known. */
static void cut_out(const struct measure_input *in, const struct spectrum *spectrum, size_t first,
                    double *x)
{
    const double *up = in->frame->known & FRAME_UP ? in->frame->row[1] : NULL;
    for (size_t i = 0; i < spectrum->n; i++) {
        const double *f = in->coarse.accel_g + 3 * (first + i);
        x[i] = up ? vec_dot(f, up) : vec_norm(f);
    }
    detrend(x, spectrum->n);
    for (size_t i = 0; i < spectrum->n; i++) x[i] *= spectrum->window[i];
}

HOT static void take_power(const struct spectrum *spectrum, const double *x, double power[BINS])
{
    double re[BINS] = {0}, im[BINS] = {0};
    for (size_t i = 0; i < spectrum->n; i++)
        for (size_t k = 0; k < BINS; k++) {
            re[k] += x[i] * spectrum->cosine[i][k];
            im[k] += x[i] * spectrum->sine[i][k];
        }
    for (size_t k = 0; k < BINS; k++)
        power[k] = spectrum->scale[k] * (re[k] * re[k] + im[k] * im[k]);
}

static void read_spectrum(const double power[BINS], struct shock *out)
{
    const size_t n_slow = LAST_SLOW_HZ - FIRST_HZ + 1;
    out->low = out->high = 0;
    for (size_t k = 0; k < BINS; k++) *(k < n_slow ? &out->low : &out->high) += power[k];
    out->ratio = out->low > 0 ? out->high / out->low : (double)NAN;
    out->peak_hz = FIRST_HZ + parabolic(power, BINS, argmax(power, 0, BINS), NULL);
}

static gait_status measure_all(const struct measure_input *in, struct shock *all, struct arena *tmp)
{
    struct spectrum spectrum;
    double power[BINS];
    TRY(spectrum_init(&spectrum, &in->coarse, tmp));
    double *x = ARENA_NEW(tmp, spectrum.n, double);
    if (!x) return GAIT_NOMEM;
    for (size_t k = 0; k < in->n_strides; k++) {
        double from_s = in->strides[k].start_s - before_s;
        size_t first = coarse_index(&in->coarse, from_s);
        all[k] = (struct shock){NAN, NAN, NAN, NAN, GAIT_FLAG_SHORT};
        if (from_s < 0 || first + spectrum.n > in->coarse.n) continue;
        cut_out(in, &spectrum, first, x);
        take_power(&spectrum, x, power);
        all[k].flags = 0;
        read_spectrum(power, &all[k]);
    }
    return GAIT_OK;
}

gait_status shocks_find(const struct measure_input *in, const struct shock **out, struct arena *tmp)
{
    *out = NULL;
    if (in->n_strides == 0 || in->coarse.rate_hz < least_rate_hz) return GAIT_OK;
    struct shock *all = ARENA_NEW(tmp, in->n_strides, struct shock);
    if (!all) return GAIT_NOMEM;
    *out = all;
    struct arena_mark mark = arena_mark(tmp);
    gait_status status = measure_all(in, all, tmp);
    arena_rewind(tmp, mark);
    return status;
}
