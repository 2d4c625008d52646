/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_SIDECAR_H
#define RECORD_SIDECAR_H

#include <stddef.h>

/* What NAME.json says to a reader; "" and NaN where it is silent. A reader gets one that is always
 * there, empty without a file. */

enum { SIDECAR_CHANNELS = 16 };

struct sidecar {
    double sample_rate_hz; /* exact, where the file can only hold a whole number */
    char unit[16];         /* of the acceleration channels */
    double full_scale;     /* what the largest sample stands for, in unit */
    char gyro_unit[16];
    double gyro_full_scale;
    size_t n_channels;
    char channels[SIDECAR_CHANNELS][8]; /* "ax", "ay", "az", "gx", "gy", "gz"; else ignored */
};

#endif
