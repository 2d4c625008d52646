/* SPDX-License-Identifier: BSD-3-Clause */
#include <gait/signal.h>

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "signal/filter.h"
#include "signal/resample.h"
#include "signal/spectrum.h"

enum { MOST_CHANNELS = 6 };

static const double highest_share = 0.45; /* of the rate: no filter reaches further */
static const double most_frames = 1e12;   /* after resampling */

static int is_signal(const gait_signal *s)
{
    return s && s->samples && s->n_frames && s->n_channels && s->n_channels <= MOST_CHANNELS &&
           s->rate_hz > 0 && isfinite(s->rate_hz);
}

static gait_status check_signal(const gait_signal *signal, gait_error *err)
{
    NEED(signal);
    NEED(signal->samples);
    if (!signal->n_frames) return gait_fail(err, GAIT_INVALID, "the signal has no frames");
    if (!signal->n_channels || signal->n_channels > MOST_CHANNELS)
        return gait_fail(err, GAIT_INVALID, "the signal has %zu channels, expected 1 to %d",
                         signal->n_channels, MOST_CHANNELS);
    if (!is_signal(signal))
        return gait_fail(err, GAIT_INVALID, "the rate is %g Hz, expected more than 0",
                         signal->rate_hz);
    for (size_t i = 0; i < signal->n_frames * signal->n_channels; i++)
        if (!isfinite(signal->samples[i]))
            return gait_fail(err, GAIT_INVALID, "frame %zu is not finite", i / signal->n_channels);
    return GAIT_OK;
}

static gait_status check_band(const gait_signal *signal, double low_hz, double high_hz, int order,
                              gait_error *err)
{
    if (order != 2 && order != 4)
        return gait_fail(err, GAIT_INVALID, "the order is %d, expected 2 or 4", order);
    if (!(low_hz >= 0 && low_hz < highest_share * signal->rate_hz))
        return gait_fail(err, GAIT_INVALID, "the lower limit is %g Hz, expected 0 to below %g Hz",
                         low_hz, highest_share * signal->rate_hz);
    if (!(high_hz >= 0) || (high_hz > 0 && high_hz <= low_hz))
        return gait_fail(err, GAIT_INVALID, "the upper limit is %g Hz, expected above %g Hz, or 0",
                         high_hz, low_hz);
    return GAIT_OK;
}

static gait_status filter_into(const gait_signal *s, double low_hz, double high_hz, int order,
                               double *out, struct arena *tmp)
{
    const double *x = s->samples;
    if (low_hz > 0) {
        struct filter slow = highpass(low_hz, s->rate_hz, order);
        TRY(filtfilt(&slow, x, out, s->n_frames, s->n_channels, tmp));
        x = out;
    }
    if (high_hz > 0 && high_hz < highest_share * s->rate_hz) {
        struct filter fast = lowpass(high_hz, s->rate_hz, order);
        TRY(filtfilt(&fast, x, out, s->n_frames, s->n_channels, tmp));
        x = out;
    }
    if (x != out) memmove(out, x, s->n_frames * s->n_channels * sizeof *out);
    return GAIT_OK;
}

gait_status gait_signal_filter(const gait_signal *signal, double low_hz, double high_hz, int order,
                               double *out, gait_error *err)
{
    TRY(check_signal(signal, err));
    NEED(out);
    TRY(check_band(signal, low_hz, high_hz, order, err));
    struct arena tmp = {0};
    gait_status st = filter_into(signal, low_hz, high_hz, order, out, &tmp);
    arena_free(&tmp);
    return st ? gait_fail(err, st, "no memory to filter %zu frames", signal->n_frames) : GAIT_OK;
}

size_t gait_signal_resampled_length(const gait_signal *signal, double rate_hz)
{
    if (!is_signal(signal) || !(rate_hz > 0)) return 0;
    double frames = (double)signal->n_frames * rate_hz / signal->rate_hz;
    return frames < most_frames ? resampled_length(signal->n_frames, signal->rate_hz, rate_hz) : 0;
}

gait_status gait_signal_resample(const gait_signal *signal, double rate_hz, double *out,
                                 gait_error *err)
{
    TRY(check_signal(signal, err));
    NEED(out);
    if (!gait_signal_resampled_length(signal, rate_hz))
        return gait_fail(err, GAIT_INVALID, "the new rate is %g Hz, expected more than 0", rate_hz);
    struct arena tmp = {0};
    gait_status st = resample(signal->samples, signal->n_frames, signal->n_channels,
                              signal->rate_hz, out, rate_hz, &tmp);
    arena_free(&tmp);
    return st ? gait_fail(err, st, "no memory to resample %zu frames", signal->n_frames) : GAIT_OK;
}

size_t gait_signal_n_bins(const gait_signal *signal)
{
    return is_signal(signal) ? fft_length(signal->n_frames) / 2 + 1 : 0;
}

double gait_signal_bin_hz(const gait_signal *signal)
{
    return is_signal(signal) ? signal->rate_hz / (double)fft_length(signal->n_frames) : (double)NAN;
}

/* Sum of the squares of the Hann window over n frames, ends at 0. */
static double window_power(size_t n)
{
    return n > 2 ? 0.375 * (double)(n - 1) : 1;
}

static gait_status spectrum_of(const gait_signal *s, size_t channel, double *density,
                               struct arena *tmp)
{
    size_t n = s->n_frames, n_fft = fft_length(n), bins = n_fft / 2 + 1;
    double *x = ARENA_NEW(tmp, n, double), *power = ARENA_NEW(tmp, bins, double);
    if (!x || !power) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) x[i] = s->samples[i * s->n_channels + channel];
    TRY(hann_power(x, n, n_fft, power, tmp));
    double scale = 1 / (s->rate_hz * window_power(n));
    for (size_t k = 0; k < bins; k++) {
        int is_single = k == 0 || 2 * k == n_fft; /* its mirror image is itself */
        density[k * s->n_channels + channel] = (is_single ? 1 : 2) * scale * power[k];
    }
    return GAIT_OK;
}

gait_status gait_signal_spectrum(const gait_signal *signal, double *density, gait_error *err)
{
    TRY(check_signal(signal, err));
    NEED(density);
    if (signal->n_frames < 2)
        return gait_fail(err, GAIT_INVALID, "a spectrum needs 2 frames or more");
    struct arena tmp = {0};
    gait_status st = GAIT_OK;
    for (size_t c = 0; !st && c < signal->n_channels; c++) {
        struct arena_mark mark = arena_mark(&tmp);
        st = spectrum_of(signal, c, density, &tmp);
        arena_rewind(&tmp, mark);
    }
    arena_free(&tmp);
    return st ? gait_fail(err, st, "no memory for the spectrum of %zu frames", signal->n_frames)
              : GAIT_OK;
}
