/* SPDX-License-Identifier: BSD-3-Clause */

/* The trunk as the centre of mass: the force that holds it, and how far it goes up and down. */

#include <math.h>

#include "base/fail.h"
#include "gait/measure/measure.h"
#include "gait/settings.h"
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

/* Of the frames about the strike; the blow arrives at the trunk a little later than at the foot. */
static gait_status peak_accel(const struct measure_input *in, double *value, uint32_t *flags,
                              struct arena *tmp)
{
    double *vertical = vertical_g(in, flags, tmp);
    if (!vertical) return in->body_g ? GAIT_NOMEM : GAIT_OK;
    const gait_settings *settings = &in->signal->options->settings;
    double before_s = setting(settings, impact_before_s);
    double after_s = setting(settings, impact_after_s);
    for (size_t k = 0; k < in->n_strides; k++) {
        double strike_s = in->strides[k].start_s;
        size_t from = coarse_index(&in->coarse, strike_s - before_s);
        size_t to = coarse_index(&in->coarse, strike_s + after_s);
        if (from < to && to < in->coarse.n)
            parabolic(vertical, in->coarse.n, argmax(vertical, from, to), &value[k]);
        else
            flags[k] |= GAIT_FLAG_SHORT;
    }
    return GAIT_OK;
}

/* One stride of the vertical: its begin, the frames inside, its end. */
struct course {
    double *force_g;
    size_t n;
    double first_step_s, step_s, last_step_s;
};

static double value_at(const struct coarse *coarse, const double *x, double time_s)
{
    double at = (time_s - coarse->start_s) * coarse->rate_hz;
    at = fmin(fmax(at, 0), (double)(coarse->n - 1));
    size_t i = (size_t)at, next = i + 1 < coarse->n ? i + 1 : i;
    return x[i] + (at - (double)i) * (x[next] - x[i]);
}

/* 0 if there are too few frames. */
static int cut_stride(const struct coarse *coarse, const double *vertical,
                      const gait_stride *stride, struct course *out)
{
    double begin = (stride->start_s - coarse->start_s) * coarse->rate_hz;
    double end = (stride->end_s - coarse->start_s) * coarse->rate_hz;
    double first = floor(begin) + 1, last = ceil(end) - 1;
    if (!(first >= 0 && last < (double)coarse->n && last >= first + FEWEST_FRAMES)) return 0;
    out->step_s = 1 / coarse->rate_hz;
    out->first_step_s = (first - begin) * out->step_s;
    out->last_step_s = (end - last) * out->step_s;
    out->n = 0;
    out->force_g[out->n++] = value_at(coarse, vertical, stride->start_s);
    for (size_t i = (size_t)first; i <= (size_t)last; i++) out->force_g[out->n++] = vertical[i];
    out->force_g[out->n++] = value_at(coarse, vertical, stride->end_s);
    return 1;
}

/* By trapezoids; from 0. */
static void integrate(const struct course *course, const double *x, double *sum)
{
    size_t last = course->n - 1;
    double half_step_s = 0.5 * course->step_s, total = 0;
    sum[0] = 0;
    sum[1] = total = 0.5 * (x[0] + x[1]) * course->first_step_s;
    for (size_t i = 2; i < last; i++) sum[i] = total += half_step_s * (x[i] + x[i - 1]);
    sum[last] = total + 0.5 * (x[last] + x[last - 1]) * course->last_step_s;
}

/* How far the force carries, speed and height being the same at both ends. */
static double range_m(const struct course *course, double *speed, double *height)
{
    size_t last = course->n - 1;
    double length_s =
        course->first_step_s + course->step_s * (double)(last - 2) + course->last_step_s;
    double *force = course->force_g;
    integrate(course, force, speed);
    double level = speed[last] / length_s;
    for (size_t i = 0; i <= last; i++) force[i] -= level;
    integrate(course, force, speed);
    integrate(course, speed, height);
    level = height[last] / length_s;
    for (size_t i = 0; i <= last; i++) speed[i] -= level;
    integrate(course, speed, height);
    double low = height[argmin(height, 0, course->n)], high = height[argmax(height, 0, course->n)];
    return gravity_mps2 * (high - low);
}

static gait_status oscillation(const struct measure_input *in, double *value, uint32_t *flags,
                               struct arena *tmp)
{
    const double *vertical = vertical_g(in, flags, tmp);
    if (!vertical) return in->body_g ? GAIT_NOMEM : GAIT_OK;
    struct course course = {.force_g = ARENA_NEW(tmp, in->coarse.n + 2, double)};
    double *speed = ARENA_NEW(tmp, in->coarse.n + 2, double);
    double *height = ARENA_NEW(tmp, in->coarse.n + 2, double);
    if (!course.force_g || !speed || !height) return GAIT_NOMEM;
    for (size_t k = 0; k < in->n_strides; k++) {
        if (cut_stride(&in->coarse, vertical, &in->strides[k], &course))
            value[k] = range_m(&course, speed, height);
        else
            flags[k] |= GAIT_FLAG_SHORT;
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
            .min_rate_hz = 45,
            .resolution = 0.05,
            .low = 1,
            .high = 5,
            .minimal_change_percent = 6},
    .measure = peak_force,
    .is_bound_if_clipped = 1,
};

const struct metric metric_trunk_peak_accel = {
    .pub = {.key = "trunk_peak_accel_g",
            .unit = "g",
            .label = "Peak trunk acceleration",
            .definition = "Largest vertical acceleration of the trunk, gravity included, from 10 "
                          "ms before to 80 ms after foot strike, at some 100 frames a second: what "
                          "of the blow arrives above.",
            .source =
                "Lawson et al. 2024, Appl Sci 14:63 (peak of the trunk in contact; there higher "
                "up)",
            .placements = TRUNK,
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 95,
            .resolution = 0.1,
            .low = 0.5,
            .high = 20,
            .minimal_change_percent = 15},
    .measure = peak_accel,
    .is_bound_if_clipped = 1,
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
            .min_rate_hz = 45,
            .resolution = 0.005,
            .low = 0.005,
            .high = 0.25,
            .minimal_change_percent = 10},
    .measure = oscillation,
};
