/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_WRITER_H
#define RECORD_WRITER_H

#include <gait/convert.h>

#include "base/file.h"

/* What every output format is: one file write_X.c with a const struct writer_format, one row in
 * writer.c. writer.c names the file, sees it whole or gone, and writes the sidecar. */

/* What the sidecar must say besides what it says for every format. */
struct writer_sidecar {
    int has_channels;  /* 1: the file's channels are ax, ay, az and, with a gyroscope, gx, gy, gz */
    double full_scale; /* in g; NaN: none */
    double gyro_full_scale; /* in deg/s; NaN: none */
};

struct writer_format {
    const char *extension; /* "wav", "csv.gz" */
    /* out comes in with nothing to add. On failure nothing is owned. name is for messages. */
    gait_status (*open)(void **state, struct file_draft *draft, const gait_writer_options *options,
                        struct writer_sidecar *out, gait_error *err);
    /* Frames as in gait_writer_write(). */
    gait_status (*write)(void *state, size_t n, const double *time_s, const float *accel_g,
                         const float *gyro_dps, gait_error *err);
    /* All bytes are in the draft after this. */
    gait_status (*finish)(void *state, gait_error *err);
    void (*close)(void *state);
};

#endif
