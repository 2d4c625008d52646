/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_MOUNTING_H
#define RECORD_MOUNTING_H

#include <gait/error.h>

/* Which way the sensor's axes point: up, down, left, right, forward, back. */
struct mounting {
    int axes[3][3]; /* rows forward, up, right in sensor axes, as in gait_recording_info */
    int known;      /* bit 0 forward, bit 1 up, bit 2 right */
};

/* Sensor axis 'x', 'y' or 'z' points this way. where names the option or file for messages. */
gait_status mounting_add(struct mounting *mounting, char axis, const char *direction,
                         const char *where, gait_error *err);

/* "x=up,y=left,z=forward"; fewer are fine. */
gait_status mounting_from_text(struct mounting *mounting, const char *text, gait_error *err);

#endif
