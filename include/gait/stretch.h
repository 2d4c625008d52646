/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_STRETCH_H
#define GAIT_STRETCH_H

#include <stddef.h>

#include <gait/analysis.h>
#include <gait/error.h>

/**
 * @file
 * Cadence, alignment, events, strides: the steps of an analysis one by one, on a stretch of samples
 * that is known to be walking or running all through.
 *
 * Each is a pure function of arrays. Longer recordings, or such of unknown content, are what
 * gait_analysis and gait_summary_from_arrays() are for: they find the stretches first.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** Evenly sampled walking or running of one sensor, without a gap: 2.5 to 150 s. A view of the
 * caller's; time 0 is frame 0. */
typedef struct gait_stretch {
    const double *accel_g;  /**< n_frames x 3, interleaved x y z, gravity included; finite. */
    const double *gyro_dps; /**< n_frames x 3 in deg/s, finite; NULL without a gyroscope. */
    size_t n_frames;        /**< Frames. */
    double rate_hz;         /**< 25 to 20000. */
    gait_activity activity; /**< GAIT_WALK or GAIT_RUN. */
    double standing_up[3];  /**< Acceleration while standing still near it, in sensor axes; all 0:
                               not known. */
} gait_stretch;

/**
 * Steps of both feet per minute, over all of a stretch.
 *
 * @param[in]  stretch               best 8 to 12 s
 * @param[in]  options               placement
 * @param[out] cadence_steps_per_min NaN without a period
 * @param[out] err                   may be NULL
 * @return GAIT_OK; GAIT_INVALID a NULL, a rate, number or placement that makes no sense;
 *         GAIT_TOO_SHORT; GAIT_NOMEM
 *
 * Thread-safe: yes.
 * Source: Moe-Nilssen and Helbostad 2004, J Biomech 37:121 (autocorrelation of the acceleration).
 */
GAIT_API GAIT_MUST_USE gait_status gait_stretch_cadence(const gait_stretch *stretch,
                                                        const gait_options *options,
                                                        double *cadence_steps_per_min,
                                                        gait_error *err);

/**
 * Foot strikes and toe-offs of a stretch.
 *
 * @param[in]  stretch  not NULL
 * @param[in]  options  placement, side and, unless NULL, detector
 * @param[out] events   room for @p room events in order of time; may be NULL if @p room is 0
 * @param[in]  room     how many fit; 8 for each second always do
 * @param[out] n_events how many there are; no more than @p room of them were written
 * @param[out] err      may be NULL
 * @return GAIT_OK, also if there are none; GAIT_INVALID; GAIT_NOT_FOUND no such detector;
 *         GAIT_UNSUPPORTED no detector works there; GAIT_TOO_SHORT; GAIT_NOMEM
 *
 * Thread-safe: yes.
 * Source: that of the detector, gait_detector.source.
 */
GAIT_API GAIT_MUST_USE gait_status gait_stretch_events(const gait_stretch *stretch,
                                                       const gait_options *options,
                                                       gait_event *events, size_t room,
                                                       size_t *n_events, gait_error *err);

/**
 * Strides between events, which may come from anywhere (a force plate, a camera), with their
 * metrics.
 *
 * @param[in]  stretch   not NULL
 * @param[in]  options   placement, side, range, axes and settings
 * @param[in]  events    @p n_events in order of time, on the stretch's clock
 * @param[in]  n_events  how many
 * @param[out] strides   room for @p room strides in order of time; may be NULL if @p room is 0
 * @param[out] metrics   NULL, or room for one row of @p room values for each row of the metric
 *                       table, one row behind the other: metrics[m * room + i] is metric m of
 *                       stride i, NaN where the stride's flags say why
 * @param[in]  room      how many strides fit; @p n_events always do
 * @param[out] n_strides how many there are; no more than @p room of them were written
 * @param[out] err       may be NULL
 * @return GAIT_OK, also if there are none; GAIT_INVALID, also if the events are not in order or lie
 *         outside; GAIT_TOO_SHORT; GAIT_NOMEM
 *
 * Thread-safe: yes.
 * Source: that of the metric, gait_metric.source.
 */
GAIT_API GAIT_MUST_USE gait_status gait_stretch_strides(const gait_stretch *stretch,
                                                        const gait_options *options,
                                                        const gait_event *events, size_t n_events,
                                                        gait_stride *strides, double *metrics,
                                                        size_t room, size_t *n_strides,
                                                        gait_error *err);

/**
 * Which way the body axes point in the sensor's, from a stretch and its events.
 *
 * @param[in]  stretch   not NULL
 * @param[in]  options   placement, side, and axes as far as they are known
 * @param[in]  events    as for gait_stretch_strides()
 * @param[in]  n_events  how many
 * @param[out] alignment NaN in the axes and GAIT_FLAG_NO_ALIGNMENT where they could not be found
 * @param[out] err       may be NULL
 * @return as gait_stretch_strides()
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_stretch_align(const gait_stretch *stretch,
                                                      const gait_options *options,
                                                      const gait_event *events, size_t n_events,
                                                      gait_alignment *alignment, gait_error *err);

/**
 * Turn vectors from the sensor's axes into the body's: forward, up, right.
 *
 * @param[in]  alignment not NULL
 * @param[in]  vectors   @p n x 3 of any unit
 * @param[in]  n         how many
 * @param[out] turned    @p n x 3 of the same unit; may be @p vectors; NaN where an axis is not
 * known
 * @param[out] err       may be NULL
 * @return GAIT_OK; GAIT_INVALID a NULL
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_alignment_turn(const gait_alignment *alignment,
                                                       const double *vectors, size_t n,
                                                       double *turned, gait_error *err);

#ifdef __cplusplus
}
#endif

#endif
