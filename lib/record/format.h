/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_FORMAT_H
#define RECORD_FORMAT_H

#include <stdio.h>

#include <gait/recording.h>

#include "base/arena.h"
#include "record/damage.h"
#include "record/sidecar.h"
#include "record/source.h"

/* What every input format is: one file read_X.c with a const struct format, one row in formats.c.
 */

enum { EVIDENCE_ROOM = 400, SCALE_UNKNOWN = 0 };

/* What a reader learned while opening; recording.c merges it with the sidecar and the options. */
struct description {
    char evidence[EVIDENCE_ROOM];        /* why this format */
    char column_evidence[EVIDENCE_ROOM]; /* which column is what */
    char time_evidence[EVIDENCE_ROOM];   /* how stamps were understood */
    char device[64];
    char sensor[48];
    char unit[16]; /* unit the file states for acceleration, "" if it does not */
    char unit_evidence[EVIDENCE_ROOM];
    char gyro_unit[16]; /* "deg/s", "rad/s"; "" if there is no gyroscope */
    gait_placement placement;
    gait_side side;
    double nominal_rate_hz; /* NaN if not stated */
    double range_g;         /* NaN if not stated */
    double start_unix_s;    /* absolute time of stamp 0; NaN if unknown */
    gait_time_kind time_kind;
    double utc_offset_s;
    int has_gyro;
    int has_stamps;      /* 0: frames follow each other at the nominal rate */
    int gravity_removed; /* 1: stated by the file; such a recording is refused */
    int feels_gravity;   /* 1: the device's own file: it cannot but feel gravity, so a small mean is
                            no   reason to refuse, and nobody filled its gaps */
    size_t n_sensors;    /* 0 for a file with one sensor */
    const gait_sensor_entry *sensors; /* n_sensors rows owned by the reader */
};

/* Frames as the file has them: in the file's units unless the format fixes them. Views until the
 * next read. */
struct frames {
    size_t n;              /* 0: end */
    const double *stamp_s; /* n stamps, NULL without; seconds since description.start_unix_s or the
                              file's zero */
    const float *accel;    /* n x 3 */
    const float *gyro;     /* n x 3, or NULL */
    const uint8_t *marks;  /* n, or NULL */
    int new_segment; /* 1: the file itself says that time does not go on smoothly before frame 0 */
    struct damage bad;     /* blocks or rows that could not be read since the last call */
    uint64_t n_duplicates; /* frames dropped as repeats since the last call */
};

struct format {
    gait_format pub;
    /* How sure, 0 to 100, that these first bytes are of this format; the name is without folders,
     * the extension in lower case without ".gz". */
    int (*probe)(const unsigned char *head, size_t n, const char *name, const char *extension);
    /* Whatever it put into *state, NULL before, is handed to close, on failure too. */
    gait_status (*open)(struct source *source, const gait_recording_options *options,
                        const struct sidecar *sidecar, struct description *out, void **state,
                        gait_error *err);
    gait_status (*read)(void *state, struct frames *out, gait_error *err);
    void (*close)(void *state);
};

const struct format *format_row(size_t index);

#endif
