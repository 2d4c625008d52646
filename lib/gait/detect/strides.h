/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_STRIDES_H
#define GAIT_STRIDES_H

#include "gait/detect/detect.h"

/* Pairs events into strides: from a foot strike to the next one of the same foot. A limb's sensor
 * sees every stride of its foot; a trunk sensor sees every step, and every second step is a stride.
 * Where a step is missing no stride is made up. A test's repetitions are paired from their
 * begin to their end. Events are in order of time; room of the strides
 * comes from keep. */
gait_status strides_build(const struct bout_signal *signal, const gait_event *events,
                          size_t n_events, gait_stride **strides, size_t *n_strides,
                          struct arena *keep, struct arena *tmp);

/* The first foot strike inside a stride, which for a trunk is the other foot's; NaN if there is
 * none. Events are in order of time. */
double stride_middle_s(const gait_event *events, size_t n_events, const gait_stride *stride);

/* 1: walking or running; 1: a functional test, whose repetitions stand in place of strides. */
int activity_is_gait(gait_activity activity);
int activity_is_test(gait_activity activity);

/* 1: the sensor sees one foot, 0: it sees the steps of both. */
int placement_is_limb(gait_placement placement);

#endif
