/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_ARRAYS_H
#define GAIT_ARRAYS_H

#include <stddef.h>

#include <gait/error.h>
#include <gait/recording.h>

/**
 * @file
 * Samples that are in memory already: read where they lie, in whatever order they lie there.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** What the numbers of an array are. */
typedef enum gait_number_type {
    GAIT_FLOAT64 = 0, /**< double. */
    GAIT_FLOAT32      /**< float. */
} gait_number_type;

/** Where numbers lie: that of frame i and channel c at data + i * frame_stride + c *
 * channel_stride, in bytes. Plain; with both strides 0 frames lie one behind the other, x y z x y z
 * ... Strides may be negative, numbers need not be aligned. */
typedef struct gait_array {
    const void *data;         /**< The number of frame 0 and channel 0; NULL: not there. */
    gait_number_type type;    /**< What they are. */
    ptrdiff_t frame_stride;   /**< From one frame to the next; 0: without a space between them. */
    ptrdiff_t channel_stride; /**< From one channel to the next; 0: without a space. */
} gait_array;

/** The samples of one sensor. Plain; what is left 0 is not given. */
typedef struct gait_arrays {
    const char *name;    /**< What messages and summaries call it; NULL: "array". */
    size_t n_frames;     /**< Frames of every array here. */
    gait_array accel_g;  /**< x, y, z with gravity, in g or in the unit of the options. */
    gait_array gyro_dps; /**< x, y, z in deg/s, if there is a gyroscope. */
    gait_array time_s;   /**< One stamp a frame; without it frames follow each other at the rate of
                            the options. */
    double start_unix_s; /**< Absolute time of time 0, seconds since 1970 in UTC; 0: not known. */
} gait_arrays;

/**
 * Open arrays as a recording, to be read, analysed or added to a session like any other. A frame
 * with a number that is not finite is a missing one: time goes on, a gap is left.
 *
 * @param[out] recording set on success, untouched otherwise; close it with gait_recording_close()
 * @param[in]  arrays    copied; the numbers are not, and have to stay until the recording is closed
 * @param[in]  options   placement, side, rate_hz (unless there are stamps), unit and what else is
 *                       known; NULL: nothing is
 * @param[out] err       may be NULL
 * @return GAIT_OK; GAIT_INVALID no frames, no acceleration, neither rate nor stamps, or an option
 *         that makes no sense; GAIT_FORMAT numbers that no body-worn sensor gives; GAIT_UNSUPPORTED
 *         gravity was removed; GAIT_NOMEM
 *
 * Thread-safe: yes; the same arrays may be read by several recordings at once.
 */
GAIT_API GAIT_MUST_USE gait_status gait_recording_open_arrays(gait_recording **recording,
                                                              const gait_arrays *arrays,
                                                              const gait_recording_options *options,
                                                              gait_error *err);

#ifdef __cplusplus
}
#endif

#endif
