/* SPDX-License-Identifier: BSD-3-Clause */

/* The trunk as the centre of mass: the force that holds it, and how far it goes up and down. */

#include <math.h>

#include "base/fail.h"
#include "gait/measure.h"
#include "signal/filter.h"
#include "signal/peaks.h"

#define TRUNK (AT(GAIT_SACRUM) | AT(GAIT_WAIST))

static const double gravity_mps2 = 9.80665;
static const double force_cutoff_hz = 10;

enum { UP = 1, FEWEST_FRAMES = 8 };

/* Vertical specific force of the window; NULL without up (flags say so) or memory. */
static double *vertical_g(const struct measure_input *in, uint32_t *flags, struct arena *tmp)
{
    if (!in->body_g) {
        for (size_t i = 0; i < in->n_strides; i++) flags[i] |= GAIT_FLAG_NO_ALIGNMENT;
        return NULL;
    }
    double *vertical = ARENA_NEW(tmp, in->coarse.n, double);
    for (size_t i = 0; vertical && i < in->coarse.n; i++) vertical[i] = in->body_g[3 * i + UP];
    return vertical;
}

/* Newton: over the body's mass the force is the specific force, as far as the sensor moves as the
 * centre of mass does. */
static gait_status peak_force(const struct measure_input *in, double *value, uint32_t *flags,
                              struct arena *tmp)
{
    double *vertical = vertical_g(in, flags, tmp);
    if (!vertical) return in->body_g ? GAIT_NOMEM : GAIT_OK;
    struct filter filter = lowpass(force_cutoff_hz, in->coarse.rate_hz, 2);
    TRY(filtfilt(&filter, vertical, vertical, in->coarse.n, 1, tmp));
    for (size_t k = 0; k < in->n_strides; k++) {
        const gait_stride *stride = &in->strides[k];
        double half_s = 0.5 * (stride->start_s + stride->end_s);
        double end_s = isnan(stride->toe_off_s) ? half_s : stride->toe_off_s;
        size_t from = coarse_index(&in->coarse, stride->start_s);
        size_t to = coarse_index(&in->coarse, end_s);
        if (from < to) parabolic(vertical, in->coarse.n, argmax(vertical, from, to), &value[k]);
    }
    return GAIT_OK;
}

/* Range of the position of x, twice integrated so that speed and height are the same at both ends.
 */
static double range_m(const double *vertical, size_t n, double rate_hz)
{
    double level = 0, speed = 0, mean_speed = 0, height = 0, low = 0, high = 0;
    double step = gravity_mps2 / rate_hz;
    for (size_t i = 0; i < n; i++) level += vertical[i] / (double)n;
    for (size_t i = 0; i < n; i++) {
        speed += step * (vertical[i] - level);
        mean_speed += speed / (double)n;
    }
    speed = 0;
    for (size_t i = 0; i < n; i++) {
        speed += step * (vertical[i] - level);
        height += (speed - mean_speed) / rate_hz;
        low = fmin(low, height);
        high = fmax(high, height);
    }
    return high - low;
}

static gait_status oscillation(const struct measure_input *in, double *value, uint32_t *flags,
                               struct arena *tmp)
{
    const double *vertical = vertical_g(in, flags, tmp);
    if (!vertical) return in->body_g ? GAIT_NOMEM : GAIT_OK;
    for (size_t k = 0; k < in->n_strides; k++) {
        size_t from = coarse_index(&in->coarse, in->strides[k].start_s);
        size_t to = coarse_index(&in->coarse, in->strides[k].end_s);
        if (from + FEWEST_FRAMES <= to)
            value[k] = range_m(vertical + from, to - from, in->coarse.rate_hz);
    }
    return GAIT_OK;
}

const struct metric metric_peak_vertical_force = {
    .pub = {.key = "peak_vertical_force_bw",
            .unit = "bw",
            .label = "Peak vertical force",
            .definition = "Largest vertical acceleration of the trunk below 10 Hz during the "
                          "contact, gravity included, as a multiple of body weight.",
            .source = "Patoz et al. 2022, doi 10.3390/s22030784, for the principle",
            .placements = TRUNK,
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 50,
            .resolution = 0.05,
            .low = 1,
            .high = 5,
            .minimal_change_percent = 6},
    .measure = peak_force,
};

const struct metric metric_vertical_oscillation = {
    .pub = {.key = "vertical_oscillation_m",
            .unit = "m",
            .label = "Vertical oscillation",
            .definition = "How far the trunk goes up and down over the stride, from the twice "
                          "integrated vertical acceleration.",
            .source = "own; zero net speed and height over the stride",
            .placements = TRUNK,
            .activities = DURING(GAIT_WALK) | DURING(GAIT_RUN),
            .min_rate_hz = 50,
            .resolution = 0.005,
            .low = 0.005,
            .high = 0.25,
            .minimal_change_percent = 10},
    .measure = oscillation,
};
