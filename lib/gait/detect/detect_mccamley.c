/* SPDX-License-Identifier: BSD-3-Clause */

/* McCamley et al. 2012, with the scale of Del Din et al. 2016: the vertical speed, smoothed by the
 * first derivative of a Gaussian, peaks at foot strike; its next derivative is lowest at toe-off of
 * the other foot. */

#include <math.h>

#include "base/fail.h"
#include "gait/detect/trunk_classic.h"
#include "signal/filter.h"
#include "signal/peaks.h"
#include "signal/stats.h"

static const double sigma_s = 0.0636; /* scale 9 at 100 Hz of the first Gaussian derivative */
static const double sd_s = 0.060;     /* with the bias of other people left in */

/* Vertical speed without its straight line. */
static gait_status speed_of(const struct trunk *trunk, double *speed, struct arena *tmp)
{
    size_t n = trunk->signal->n;
    double rate_hz = trunk->signal->rate_hz, middle = 0.5 * (double)(n - 1);
    const double *up = smoothed(trunk->vertical_g, n, 20, rate_hz, tmp);
    if (!up) return GAIT_NOMEM;
    double mean_g = mean(up, n), sum = 0, level = 0, cross = 0, square = 1e-12;
    for (size_t i = 0; i < n; i++) {
        sum += (up[i] - mean_g) / rate_hz;
        speed[i] = sum;
        double x = (double)i - middle;
        level += sum / (double)n;
        cross += x * sum;
        square += x * x;
    }
    for (size_t i = 0; i < n; i++) speed[i] -= level + cross / square * ((double)i - middle);
    return GAIT_OK;
}

static gait_status push_maxima(const double *x, size_t n, double rate_hz, gait_event_type type,
                               struct event_list *found, struct arena *keep, struct arena *tmp)
{
    size_t *at = ARENA_NEW(tmp, n, size_t);
    if (!at) return GAIT_NOMEM;
    size_t n_maxima = local_maxima(x, n, at, n);
    for (size_t k = 0; k < n_maxima; k++) {
        if (x[at[k]] <= 0) continue;
        gait_event event = trunk_classic_event(type, parabolic(x, n, at[k], NULL) / rate_hz, sd_s);
        TRY(event_push(found, &event, keep));
    }
    return GAIT_OK;
}

static gait_status find(const struct bout_signal *signal, struct event_list *found,
                        struct arena *keep, struct arena *tmp)
{
    struct trunk trunk;
    size_t n = signal->n;
    double *speed = ARENA_NEW(tmp, n, double), *first = ARENA_NEW(tmp, n, double);
    double *second = ARENA_NEW(tmp, n, double);
    if (!speed || !first || !second) return GAIT_NOMEM;
    TRY(trunk_prepare(signal, &trunk, tmp));
    if (!trunk.vertical_g || trunk.steps.n == 0) return GAIT_OK;
    TRY(speed_of(&trunk, speed, tmp));
    TRY(gaussian_derivative(speed, first, n, sigma_s, signal->rate_hz, tmp));
    TRY(gaussian_derivative(first, second, n, sigma_s, signal->rate_hz, tmp));
    for (size_t i = 0; i < n; i++) second[i] = -second[i];
    TRY(push_maxima(first, n, signal->rate_hz, GAIT_FOOT_STRIKE, found, keep, tmp));
    return push_maxima(second, n, signal->rate_hz, GAIT_TOE_OFF, found, keep, tmp);
}

const struct detector detect_mccamley = {
    .pub = {.name = "mccamley-2012",
            .about = "Peaks of the wavelet-smoothed vertical speed and of its derivative.",
            .source = "McCamley et al. 2012, Gait Posture 36:316-318, "
                      "doi 10.1016/j.gaitpost.2012.02.019",
            .placements = AT(GAIT_SACRUM) | AT(GAIT_WAIST),
            .activities = DURING(GAIT_WALK)},
    .detect = find,
};
