/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_TRUNK_H
#define GAIT_TRUNK_H

#include "gait/detect/detect.h"

/* What the detectors of trunk, wrist and phone share: the norm, the step period over time, and the
 * body axes as far as they are known before any step is found. */

struct step_track {
    double *period_s; /* of a step, at times 0, 1, 2, ... s of the window; n of them */
    size_t n;
};

struct trunk {
    const struct bout_signal *signal;
    double *norm_g;     /* n */
    double *vertical_g; /* n, upwards; NULL: the mean is not gravity and nobody gave the axis */
    double *forward_g;  /* n; NULL: nobody gave the axis */
    double up[3];       /* unit vector in sensor axes that vertical_g is along */
    struct step_track steps;
};

/* Averages blocks of frames so that at least rate_hz is left, which loses nothing far below it and
 * saves most of the work; marks and gyroscope are left out. Frame i of out lies at (i * step +
 * (step
 * - 1) / 2) / rate of the signal. step is 1, and nothing copied, at rates below twice rate_hz. */
gait_status signal_thin(const struct bout_signal *signal, double rate_hz, struct bout_signal *out,
                        size_t *step, struct arena *tmp);

/* Arrays from keep. steps.n is 0 when no stretch of the window repeats. */
gait_status trunk_prepare(const struct bout_signal *signal, struct trunk *out, struct arena *keep);

/* The step period at a time, constant beyond the ends; n > 0. */
double step_track_at(const struct step_track *track, double time_s);

/* The median step period; n > 0. NaN if memory is out. */
double step_track_median(const struct step_track *track, struct arena *tmp);

/* x through a zero-phase second-order low-pass into a new array of tmp; NULL if memory is out. */
double *smoothed(const double *x, size_t n, double cutoff_hz, double rate_hz, struct arena *tmp);

/* x at a fractional index, straight between samples, constant beyond the ends; n > 0. */
static inline double sample_at(const double *x, size_t n, double index)
{
    if (!(index > 0)) return x[0];
    if (index >= (double)(n - 1)) return x[n - 1];
    size_t i = (size_t)index;
    return x[i] + (index - (double)i) * (x[i + 1] - x[i]);
}

/* Fractional index where x, from `from` on, first climbs through the level, before `end`; NaN if
 * never. */
double first_rise(const double *x, size_t from, size_t end, double level);

/* Fractional index where x, from `from` on, first is at or below the level, before `end`; NaN if
 * never. */
double first_fall(const double *x, size_t from, size_t end, double level);

#endif
