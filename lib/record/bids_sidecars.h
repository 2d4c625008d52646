/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_BIDS_SIDECARS_H
#define RECORD_BIDS_SIDECARS_H

#include "record/format.h"

/* What stands beside the samples of a Motion-BIDS recording (bids-specification 1.9 and later):
 * *_channels.tsv says what the columns are, *_motion.json the rate, *_scans.tsv the start. The
 * first two may also lie in a folder above with fewer parts in their names; the nearest counts, key
 * by key.
 */

enum { BIDS_POINTS = 64, BIDS_NAME = 64, BIDS_PATH = 4096, BIDS_FILES = 18 };

/* One tracked point with an accelerometer. Columns count from 0, -1: none. */
struct bids_point {
    char name[BIDS_NAME];
    int accel[3];
    int gyro[3];
    char accel_unit[16]; /* "" if it is not stated */
    char gyro_unit[16];
    double rate_hz; /* of its channels if they state one, else NaN */
    int is_bad;     /* somebody marked a channel as bad */
    gait_placement placement;
    gait_side side;
};

struct bids {
    size_t n_columns;
    size_t n_points;
    struct bids_point points[BIDS_POINTS];
    int latency;    /* column of seconds since the first sample, -1: none */
    double rate_hz; /* measured if stated, else nominal; NaN */
    double nominal_hz;
    char missing[16]; /* what stands for a missing value besides n/a; "": nothing */
    char device[64];
    double start_unix_s; /* NaN if unknown */
    gait_time_kind time_kind;
    double utc_offset_s;
};

/* path ends in _motion.tsv, perhaps .gz. */
gait_status bids_read(struct bids *out, const char *path, gait_error *err);

/* The files that bids_read() looks at; how many. */
size_t bids_files(const char *path, char found[BIDS_FILES][BIDS_PATH]);

#endif
