/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_RECORDING_STATE_H
#define RECORD_RECORDING_STATE_H

#include <gait/arrays.h>
#include <gait/recording.h>

#include "base/arena.h"
#include "record/clock.h"
#include "record/format.h"
#include "record/start_time.h"
#include "record/survey.h"
#include "record/units.h"

/* A recording on its way from the reader's frames to blocks in g and deg/s. recording.c opens,
 * reads and closes it; recording_frames.c fetches the reader's frames, recording_facts.c settles
 * what they mean, recording_scale.c converts and calibrates them. */

/* Frames read ahead while opening, in the file's units. */
struct prefix {
    size_t n, used, room;
    double *stamp_s;
    float *accel, *gyro;
    uint8_t *marks;
    uint8_t *breaks; /* 1: the file says that time does not go on smoothly before this frame */
};

struct gait_recording {
    struct source *source;
    const struct format *format;
    void *state;        /* the reader's */
    gait_arrays arrays; /* for recordings in memory */
    struct description description;
    struct sidecar sidecar;
    gait_recording_options options; /* its texts live in the arena */
    struct arena arena;
    struct prefix prefix;
    struct clock *clock;
    double scale[3], offset_g[3]; /* g = offset + scale * as read */
    float gyro_scale;
    int is_calibrated; /* by the sidecar or by still windows */
    int as_read;       /* scale is 1 and offset 0: nothing to convert */
    size_t room;
    float *accel_g, *gyro_dps; /* converted frames on their way into the clock */
    struct survey survey;
    gait_block first;      /* pulled while opening */
    uint64_t n_duplicates; /* dropped by the reader */
    int has_first, reader_ended, ended;
    char time_evidence[2 * EVIDENCE_ROOM];
    char unit_evidence[2 * EVIDENCE_ROOM];
    char calibration[EVIDENCE_ROOM];
    char start_time[START_TIME_ROOM];
    struct magnitude size; /* of the prefix */
    gait_recording_info info;
    gait_recording_quality quality;
};

const char *recording_name(const gait_recording *recording);

gait_status recording_no_memory(const gait_recording *recording, gait_error *err);

/* Opens the reader, again if need be. */
gait_status recording_open_reader(gait_recording *recording, gait_error *err);

/* Reads the first frames, which are then delivered like all others: units, rate and dead axes are
 * decided on them. GAIT_FORMAT if there is none. */
gait_status recording_look_ahead(gait_recording *recording, gait_error *err);

/* Some next frames as the reader has them, none at the end. Views until the next call. */
gait_status recording_next_frames(gait_recording *recording, struct frames *frames,
                                  gait_error *err);

/* From the start again, as if nothing had been read. */
gait_status recording_start_over(gait_recording *recording, gait_error *err);

void prefix_free(struct prefix *prefix);

/* Of the frames read ahead; NaN if neither they nor anybody tells. */
double recording_rate_of_prefix(const gait_recording *recording);

/* Settles file, body, mounting, units and dead axes, each from the options, the sidecar, the file
 * or a guess from the frames read ahead. */
gait_status recording_understand(gait_recording *recording, gait_error *err);

/* Frames from the file's units into g and deg/s: the views then point into the recording. */
gait_status recording_convert(gait_recording *recording, struct frames *frames, gait_error *err);

/* Chooses and says the calibration: the sidecar's, one by still moments of a long recording, or
 * none. */
gait_status recording_calibrate(gait_recording *recording, gait_error *err);

#endif
