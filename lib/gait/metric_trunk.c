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

/* One stride of the vertical: at its begin, at every frame inside and at its end. */
struct course {
    double *time_s, *force_g;
    size_t n;
};

static double value_at(const struct coarse *coarse, const double *x, double time_s)
{
    double at = (time_s - coarse->start_s) * coarse->rate_hz;
    at = fmin(fmax(at, 0), (double)(coarse->n - 1));
    size_t i = (size_t)at, next = i + 1 < coarse->n ? i + 1 : i;
    return x[i] + (at - (double)i) * (x[next] - x[i]);
}

static void add_node(struct course *course, double time_s, double force_g)
{
    course->time_s[course->n] = time_s;
    course->force_g[course->n] = force_g;
    course->n++;
}

static void cut_stride(const struct coarse *coarse, const double *vertical,
                       const gait_stride *stride, struct course *out)
{
    out->n = 0;
    add_node(out, stride->start_s, value_at(coarse, vertical, stride->start_s));
    for (size_t i = coarse_index(coarse, stride->start_s); i < coarse->n; i++) {
        double time_s = coarse->start_s + (double)i / coarse->rate_hz;
        if (time_s >= stride->end_s) break;
        if (time_s > stride->start_s) add_node(out, time_s, vertical[i]);
    }
    add_node(out, stride->end_s, value_at(coarse, vertical, stride->end_s));
}

/* y = the integral of x over time less its mean, by trapezoids; y may be x. */
static void integrate_swing(const double *time_s, const double *x, double *y, size_t n)
{
    double mean = 0;
    for (size_t i = 1; i < n; i++) mean += 0.5 * (x[i] + x[i - 1]) * (time_s[i] - time_s[i - 1]);
    mean /= time_s[n - 1] - time_s[0];
    double last = x[0] - mean, sum = 0;
    y[0] = 0;
    for (size_t i = 1; i < n; i++) {
        double here = x[i] - mean;
        sum += 0.5 * (here + last) * (time_s[i] - time_s[i - 1]);
        last = here;
        y[i] = sum;
    }
}

/* How far the twice integrated force goes, speed and height being the same at both ends. */
static double range_m(struct course *course)
{
    double *height = course->force_g;
    integrate_swing(course->time_s, course->force_g, height, course->n);
    integrate_swing(course->time_s, height, height, course->n);
    double low = height[argmin(height, 0, course->n)], high = height[argmax(height, 0, course->n)];
    return gravity_mps2 * (high - low);
}

static gait_status oscillation(const struct measure_input *in, double *value, uint32_t *flags,
                               struct arena *tmp)
{
    const double *vertical = vertical_g(in, flags, tmp);
    if (!vertical) return in->body_g ? GAIT_NOMEM : GAIT_OK;
    struct course course = {ARENA_NEW(tmp, in->coarse.n + 2, double),
                            ARENA_NEW(tmp, in->coarse.n + 2, double), 0};
    if (!course.time_s || !course.force_g) return GAIT_NOMEM;
    for (size_t k = 0; k < in->n_strides; k++) {
        cut_stride(&in->coarse, vertical, &in->strides[k], &course);
        if (course.n >= FEWEST_FRAMES) value[k] = range_m(&course);
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
