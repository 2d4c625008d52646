/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_CLOCK_H
#define RECORD_CLOCK_H

#include <gait/recording.h>

#include "record/format.h"

/* The one place where time stamps become segments: drift, jitter, gaps, duplicates, clock resets,
 * packets. Frames go in as a reader yields them, in any portions; blocks of even frames come out,
 * the same whatever the portions were. Memory does not grow with the recording. */
struct clock;

/* nominal_rate_hz: NaN if nobody stated one; then stamps must come. name is for messages and has to
 * stay. */
gait_status clock_new(struct clock **out, const char *name, double nominal_rate_hz, int has_stamps,
                      int has_gyro, gait_error *err);

/* Takes all frames (already in g and deg/s). Frames that are not finite are dropped. */
gait_status clock_push(struct clock *clock, const struct frames *frames, gait_error *err);
gait_status clock_finish(struct clock *clock, gait_error *err);

/* The next complete block, a view until the next call; n_frames 0 if more frames are needed or all
 * are told. */
gait_status clock_pull(struct clock *clock, gait_block *block, gait_error *err);

/* Measured rate of the first stretch; NaN before the first block. How the stamps were understood.
 */
double clock_rate_hz(const struct clock *clock);
const char *clock_evidence(const struct clock *clock);

/* Sets the fields about time; n_duplicates are those dropped here. */
void clock_report(const struct clock *clock, gait_recording_quality *quality);

void clock_free(struct clock **clock);

#endif
