/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/trunk.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/hot.h"
#include "base/vec.h"
#include "gait/segment/period.h"
#include "signal/filter.h"
#include "signal/stats.h"

static const double track_window_s = 6;
static const double regular_enough = 0.3, intense_enough_g = 0.04;

/* A sensor that stands at one end of its scale for a tenth of the time hides what lies beyond:
 * its mean is not gravity. */
static int is_one_sided(const double *accel_g, size_t n, size_t axis)
{
    double low = INFINITY, high = -INFINITY;
    size_t at_low = 0, at_high = 0;
    for (size_t i = 0; i < n; i++) {
        double x = accel_g[3 * i + axis];
        if (x < low) {
            low = x;
            at_low = 0;
        }
        if (x > high) {
            high = x;
            at_high = 0;
        }
        at_low += x <= low;
        at_high += x >= high;
    }
    return high > low && (10 * at_low > n || 10 * at_high > n);
}

static int mean_is_gravity(const struct bout_signal *signal)
{
    for (size_t axis = 0; axis < 3; axis++)
        if (is_one_sided(signal->accel_g, signal->n, axis)) return 0;
    return 1;
}

static int axis_is_known(const gait_options *options, int row)
{
    return (options->axes_known >> row) & 1;
}

static double *along(const struct bout_signal *signal, const double axis[3], struct arena *keep)
{
    double *x = ARENA_NEW(keep, signal->n, double);
    for (size_t i = 0; x && i < signal->n; i++) x[i] = vec_dot(signal->accel_g + 3 * i, axis);
    return x;
}

/* Over many steps nobody rises or sinks: the mean is 1 g, and what differs is the sensor's offset.
 * In the flight of running it shows as well; what does not is a wrong scale, or a source that left
 * out what is below zero. */
static void remove_offset(const struct bout_signal *signal, double *vertical_g, struct arena *tmp)
{
    double offset_g = mean(vertical_g, signal->n) - 1;
    if (signal->activity == GAIT_RUN) {
        double flight_g = quantile(vertical_g, signal->n, 0.1, tmp);
        if (!(flight_g * offset_g > 0)) return;
        offset_g = copysign(fmin(fabs(flight_g), fabs(offset_g)), offset_g);
    }
    for (size_t i = 0; i < signal->n; i++) vertical_g[i] -= offset_g;
}

static gait_status find_axes(struct trunk *out, struct arena *keep)
{
    enum { FORWARD, UP };
    const struct bout_signal *signal = out->signal;
    const gait_options *options = signal->options;
    if (axis_is_known(options, FORWARD)) {
        double forward[3];
        for (int k = 0; k < 3; k++) forward[k] = options->axes[FORWARD][k];
        out->forward_g = along(signal, forward, keep);
        if (!out->forward_g) return GAIT_NOMEM;
    }
    int up_is_known = axis_is_known(options, UP), is_gravity = mean_is_gravity(signal);
    if (!up_is_known && !is_gravity) return GAIT_OK;
    for (int k = 0; k < 3; k++) out->up[k] = up_is_known ? options->axes[UP][k] : 0;
    for (size_t i = 0; !up_is_known && i < signal->n; i++)
        for (int k = 0; k < 3; k++) out->up[k] += signal->accel_g[3 * i + (size_t)k];
    if (!vec_unit(out->up)) return GAIT_OK;
    out->vertical_g = along(signal, out->up, keep);
    if (!out->vertical_g) return GAIT_NOMEM;
    if (is_gravity) remove_offset(signal, out->vertical_g, keep);
    return GAIT_OK;
}

/* Between the seconds that repeat, straight lines; level at the ends. 0: none repeats. */
static int bridge(double *period_s, size_t n)
{
    size_t last = n;
    for (size_t i = 0; i < n; i++) {
        if (isnan(period_s[i])) continue;
        size_t from = last == n ? 0 : last + 1;
        double before = last == n ? period_s[i] : period_s[last];
        for (size_t k = from; k < i; k++) {
            double share = last == n ? 1 : (double)(k - last) / (double)(i - last);
            period_s[k] = before + share * (period_s[i] - before);
        }
        last = i;
    }
    for (size_t k = last + 1; last < n && k < n; k++) period_s[k] = period_s[last];
    return last < n;
}

gait_status signal_thin(const struct bout_signal *signal, double rate_hz, struct bout_signal *out,
                        size_t *step, struct arena *tmp)
{
    *out = *signal;
    out->marks = NULL;
    out->gyro_dps = NULL;
    *step = (size_t)fmax(1, floor(signal->rate_hz / rate_hz));
    if (*step == 1) return GAIT_OK;
    out->rate_hz = signal->rate_hz / (double)*step;
    out->n = signal->n / *step;
    double *accel_g = ARENA_NEW(tmp, 3 * out->n, double), share = 1 / (double)*step;
    if (!accel_g) return GAIT_NOMEM;
    const double *frame = signal->accel_g;
    for (size_t i = 0; i < out->n; i++) {
        double sum[3] = {0};
        for (size_t j = 0; j < *step; j++, frame += 3)
            for (size_t k = 0; k < 3; k++) sum[k] += share * frame[k];
        for (size_t k = 0; k < 3; k++) accel_g[3 * i + k] = sum[k];
    }
    out->accel_g = accel_g;
    return GAIT_OK;
}

double step_track_at(const struct step_track *track, double time_s)
{
    return sample_at(track->period_s, track->n, time_s);
}

double step_track_median(const struct step_track *track, struct arena *tmp)
{
    return median(track->period_s, track->n, tmp);
}

double *smoothed(const double *x, size_t n, double cutoff_hz, double rate_hz, struct arena *tmp)
{
    double *y = ARENA_NEW(tmp, n, double);
    if (!y) return NULL;
    struct filter filter = lowpass(cutoff_hz, rate_hz, 2);
    return filtfilt(&filter, x, y, n, 1, tmp) == GAIT_OK ? y : NULL;
}

double first_rise(const double *x, size_t from, size_t end, double level)
{
    for (size_t i = from + 1; i < end; i++)
        if (x[i - 1] <= level && x[i] > level)
            return (double)i - (x[i] - level) / (x[i] - x[i - 1]);
    return NAN;
}

double first_fall(const double *x, size_t from, size_t end, double level)
{
    for (size_t i = from + 1; i < end; i++)
        if (x[i - 1] > level && x[i] <= level)
            return (double)i - (level - x[i]) / (x[i - 1] - x[i]);
    return NAN;
}

static gait_status track_steps(const struct bout_signal *signal, struct step_track *track,
                               struct arena *keep)
{
    struct bout_signal thin; /* once, not for every window */
    size_t step;
    TRY(signal_thin(signal, 25, &thin, &step, keep));
    double rate_hz = thin.rate_hz, length_s = (double)signal->n / signal->rate_hz;
    size_t n = (size_t)length_s + 1, window = (size_t)(track_window_s * rate_hz);
    if (window > thin.n) window = thin.n;
    track->n = 0;
    track->period_s = ARENA_NEW(keep, n, double);
    double *raw = ARENA_NEW(keep, n, double);
    if (!track->period_s || !raw) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        double from = fmax(0, ((double)i - track_window_s / 2) * rate_hz);
        size_t first = (size_t)fmin(from, (double)(thin.n - window));
        struct period period;
        TRY(period_find(thin.accel_g + 3 * first, window, rate_hz, signal->options->placement,
                        &period, keep));
        int valid = period.regularity > regular_enough && period.sd_g > intense_enough_g;
        raw[i] = valid ? 1 / period.step_hz : (double)NAN;
    }
    if (!bridge(raw, n)) return GAIT_OK;
    running_median(raw, track->period_s, n, 2, keep);
    track->n = n;
    return GAIT_OK;
}

HOT static void take_norms(const double *restrict xyz, size_t n, double *restrict norm)
{
    for (size_t i = 0; i < n; i++) norm[i] = vec_norm(xyz + 3 * i);
}

gait_status trunk_prepare(const struct bout_signal *signal, struct trunk *out, struct arena *keep)
{
    *out = (struct trunk){.signal = signal};
    out->norm_g = ARENA_NEW(keep, signal->n, double);
    if (!out->norm_g) return GAIT_NOMEM;
    take_norms(signal->accel_g, signal->n, out->norm_g);
    TRY(find_axes(out, keep));
    return track_steps(signal, &out->steps, keep);
}
