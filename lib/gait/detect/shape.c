/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/shape.h"

#include <math.h>

#include "signal/stats.h"

static const double pi = 3.14159265358979323846;
static const double faint_g = 0.02; /* added to the spread: a faint step has a faint shape */

static double phase_of(size_t point)
{
    return 0.05 * ((double)point - (SHAPE_POINTS - 1) / 2.0);
}

void shape_waves_make(struct shape_waves *out)
{
    for (size_t k = 0; k < SHAPE_TERMS; k++) {
        size_t harmonic = k / 2 + 1;
        for (size_t p = 0; p < SHAPE_POINTS; p++) {
            double angle = 2 * pi * (double)harmonic * phase_of(p);
            out->at[k][p] = 0.1 * (k % 2 ? sin(angle) : cos(angle));
        }
    }
}

void shape_measure(const struct shape_waves *waves, const double *smooth_g, size_t n,
                   double strike_s, double period_s, struct shape *out)
{
    for (size_t p = 0; p < SHAPE_POINTS; p++)
        out->look[p] = sample_at(smooth_g, n, (strike_s + phase_of(p) * period_s) * STEP_RATE_HZ);
    double mean_g = mean(out->look, SHAPE_POINTS);
    double scale = 1 / (standard_deviation(out->look, SHAPE_POINTS) + faint_g);
    for (size_t p = 0; p < SHAPE_POINTS; p++) out->look[p] = scale * (out->look[p] - mean_g);
    for (size_t k = 0; k < SHAPE_TERMS; k++) {
        out->term[k] = 0;
        for (size_t p = 0; p < SHAPE_POINTS; p++) out->term[k] += out->look[p] * waves->at[k][p];
    }
}

double step_period_around(const struct step *steps, size_t n, size_t k)
{
    double near[6], usual = steps[k].period_s;
    size_t n_near = 0, first = k > 3 ? k - 3 : 0;
    for (size_t i = first; i < k + 3 && i + 1 < n; i++) {
        double interval = steps[i + 1].time_s - steps[i].time_s;
        if (interval > 0.6 * usual && interval < 1.5 * usual) near[n_near++] = interval;
    }
    return n_near ? median_inplace(near, n_near) : usual;
}
