/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_SIGNAL_H
#define GAIT_SIGNAL_H

#include <stddef.h>

#include <gait/error.h>

/**
 * @file
 * Filter, resample, spectrum: the steps that know nothing of gait, as pure functions of arrays.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** Evenly sampled numbers. A view of the caller's; frame i of channel c is samples[i * n_channels +
 * c]. */
typedef struct gait_signal {
    const double *samples; /**< n_frames x n_channels, finite, of any unit u. */
    size_t n_frames;       /**< 1 or more. */
    size_t n_channels;     /**< 1 to 6. */
    double rate_hz;        /**< Frames per second, above 0. */
} gait_signal;

/**
 * Pass what lies between two frequencies, without moving anything in time.
 *
 * @param[in]  signal  not NULL
 * @param[in]  low_hz  what is slower is taken out; 0: nothing is
 * @param[in]  high_hz what is faster is taken out; 0, or 0.45 of the rate and more: nothing is
 * @param[in]  order   2 or 4, of each of the two passes
 * @param[out] out     n_frames x n_channels in u; may be the samples themselves
 * @param[out] err     may be NULL
 * @return GAIT_OK; GAIT_INVALID a NULL, a sample that is not finite, no frames, or limits that make
 *         no sense (@p out untouched); GAIT_NOMEM
 *
 * Both limits are where the result is down 3 dB; a low_hz of 0.45 of the rate or more is refused.
 *
 * Thread-safe: yes.
 * Source: Butterworth filters run forwards and backwards; Gustafsson 1996, IEEE Trans Signal
 * Process 44:988 (the ends), Winter 2009, Biomechanics and Motor Control of Human Movement (the
 * corrected cut-off).
 */
GAIT_API GAIT_MUST_USE gait_status gait_signal_filter(const gait_signal *signal, double low_hz,
                                                      double high_hz, int order, double *out,
                                                      gait_error *err);

/** Frames that a signal has at another rate, the first ones coinciding; 0 if it is not a signal or
 * not a rate. Thread-safe: yes. */
GAIT_API size_t gait_signal_resampled_length(const gait_signal *signal, double rate_hz);

/**
 * The same signal at another rate: going down behind a low-pass at 0.4 of the new rate, going up by
 * a cubic spline through the samples.
 *
 * @param[in]  signal  not NULL
 * @param[in]  rate_hz new rate, above 0
 * @param[out] out     gait_signal_resampled_length() x n_channels in u; may not overlap the samples
 * @param[out] err     may be NULL
 * @return GAIT_OK; GAIT_INVALID (@p out untouched); GAIT_NOMEM
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_signal_resample(const gait_signal *signal, double rate_hz,
                                                        double *out, gait_error *err);

/** Frequencies that gait_signal_spectrum() tells; 0 if it is not a signal. Bin k lies at k times
 * gait_signal_bin_hz(). Thread-safe: yes. */
GAIT_API size_t gait_signal_n_bins(const gait_signal *signal);

/** Distance of two bins in Hz; NaN if it is not a signal. Thread-safe: yes. */
GAIT_API double gait_signal_bin_hz(const gait_signal *signal);

/**
 * One-sided power spectral density of each channel: its mean taken off, under a Hann window, padded
 * with zeros to a length that transforms fast.
 *
 * @param[in]  signal  2 frames or more
 * @param[out] density gait_signal_n_bins() x n_channels in u^2 per Hz; its sum times
 *                     gait_signal_bin_hz() is the windowed signal's variance
 * @param[out] err     may be NULL
 * @return GAIT_OK; GAIT_INVALID (@p density untouched); GAIT_NOMEM
 *
 * Thread-safe: yes.
 * Source: Harris 1978, Proc IEEE 66:51.
 */
GAIT_API GAIT_MUST_USE gait_status gait_signal_spectrum(const gait_signal *signal, double *density,
                                                        gait_error *err);

#ifdef __cplusplus
}
#endif

#endif
