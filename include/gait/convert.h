/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_CONVERT_H
#define GAIT_CONVERT_H

#include <gait/error.h>
#include <gait/recording.h>

/**
 * @file
 * Write samples as a plain recording that this library, and most others, read back.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** A recording being written. Opaque; one thread at a time. */
typedef struct gait_writer gait_writer;

/** What is written besides samples. Plain; initialise it. */
typedef struct gait_writer_options {
    double rate_hz;   /**< Needed for sound files: their one rate; the declared rate elsewhere. */
    double range_g;   /**< Accelerometer full scale: scale of 24-bit FLAC; NaN: 16. */
    double range_dps; /**< Gyroscope full scale: scale of 24-bit FLAC; NaN: 2000. */
    int has_gyro;     /**< 1: six channels. */
    gait_placement placement; /**< Goes to the sidecar. */
    gait_side side;           /**< Goes to the sidecar. */
    int axes[3][3];           /**< As in gait_recording_info; goes to the sidecar if known. */
    const char *subject_id;   /**< "" or NULL: left out. */
    const char *session_id;   /**< "" or NULL: left out. */
    double start_unix_s;      /**< NaN: left out. */
    gait_time_kind time_kind; /**< What start_unix_s means. */
    double utc_offset_s;      /**< NaN: unknown. */
    const char *sidecar_json; /**< Further sidecar members, a JSON object; "" or NULL: none. */
    int keeps_scale; /**< 1: the sidecar says that nobody is to rescale the samples to 1 g. */
    const char *copied_from; /**< Recording the samples come from, which is to stay as it is; NULL:
                                none. A copy beside it that would share its sidecar NAME.json gets
                                one of its own, NAME.EXTENSION.json, which is looked for first. */
} gait_writer_options;

/** Set every field to "unknown". Thread-safe: yes. */
GAIT_API void gait_writer_options_init(gait_writer_options *options);

/**
 * Begin to write NAME.csv, .csv.gz, .wav (32-bit float), .flac (24 bit) or .h5; the sidecar
 * NAME.json comes with it.
 *
 * @param[out] writer  set on success; close it with gait_writer_close()
 * @param[in]  path    its extension chooses the format; an existing file is replaced when the
 * writer closes
 * @param[in]  options copied
 * @param[out] err     may be NULL
 * @return GAIT_OK; GAIT_INVALID extension or options; GAIT_CANNOT_CREATE, also onto copied_from;
 * GAIT_NOMEM
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_writer_open(gait_writer **writer, const char *path,
                                                    const gait_writer_options *options,
                                                    gait_error *err);

/**
 * Write the next frames.
 *
 * @param[in]  writer    not NULL
 * @param[in]  n         frames
 * @param[in]  time_s    n stamps; sound files keep none and must be uniform
 * @param[in]  accel_g   n x 3
 * @param[in]  gyro_dps  n x 3, NULL without gyroscope
 * @param[out] err       may be NULL
 * @return GAIT_OK; GAIT_INVALID a gap, which a sound file cannot hold; GAIT_IO
 *
 * Thread-safe: no.
 */
GAIT_API GAIT_MUST_USE gait_status gait_writer_write(gait_writer *writer, size_t n,
                                                     const double *time_s, const float *accel_g,
                                                     const float *gyro_dps, gait_error *err);

/**
 * Finish: sync, rename, and write the sidecar; or throw away what was written.
 *
 * @param[in,out] writer set to NULL; NULL is accepted
 * @param[in]     keep   0: remove everything again
 * @param[out]    err    may be NULL
 * @return GAIT_OK; GAIT_IO (nothing is left behind)
 *
 * Thread-safe: no.
 */
GAIT_API gait_status gait_writer_close(gait_writer **writer, int keep, gait_error *err);

#ifdef __cplusplus
}
#endif

#endif
