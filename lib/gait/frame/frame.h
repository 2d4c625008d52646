/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_FRAME_H
#define GAIT_FRAME_H

#include "gait/measure/measure.h"

/* What the ways of finding body axes share. */

enum { FRAME_FEWEST_STRIDES = 3 };

/* The body axis of a mounting that was stated: 1 and the unit vector, or 0. */
int frame_stated(const gait_options *options, int row, double axis[3]);

/* in->coarse.accel_g through a zero-phase second-order low-pass into a new array of tmp; NULL if
 * memory is out. */
double *frame_lowpass(const struct measure_input *in, double cutoff_hz, struct arena *tmp);

/* Rows from up and from what lies nearest to forward or to right, made orthogonal to up. 0 if it is
 * parallel to up. */
int frame_from_forward(const double up[3], const double forward[3], struct body_frame *out);
int frame_from_right(const double up[3], const double right[3], struct body_frame *out);

/* Turns forward and right about up by half a turn. */
void frame_turn(struct body_frame *frame);

/* Half a turn if the mounting says so: 1; 0 if the mounting says nothing about forward or right. */
int frame_follow_mounting(const gait_options *options, struct body_frame *frame);

gait_status frame_of_limb(const struct measure_input *in, struct body_frame *out,
                          struct arena *tmp);
gait_status frame_of_trunk(const struct measure_input *in, struct body_frame *out,
                           struct arena *tmp);
gait_status frame_of_test(const struct measure_input *in, struct body_frame *out,
                          struct arena *tmp);

/* The frame as the public has it; NaN and a flag if it was not found. */
void frame_tell(const struct body_frame *frame, int stood_still, gait_alignment *out);

#endif
