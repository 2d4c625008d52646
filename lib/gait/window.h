/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_WINDOW_H
#define GAIT_WINDOW_H

#include "gait/measure/mean_stride.h"
#include "gait/measure/measure.h"

/* What one window of a bout gives; all arrays in the arena it was made with, times on the window's
 * clock. */
struct window_result {
    size_t n_events;
    gait_event *events;
    size_t n_strides;
    gait_stride *strides;
    double *metric[GAIT_MAX_METRICS];
    struct stride_shape *shapes; /* of each stride */
    struct body_frame frame;
    int stood_still; /* up is from standing still nearby */
};

/* Events in order of time; detector may be NULL. */
gait_status window_detect(const struct bout_signal *signal, const struct detector *detector,
                          struct event_list *found, struct arena *keep, struct arena *tmp,
                          gait_error *err);

/* Pairs and measures out->events, which are there already. */
gait_status window_measure(const struct measure_input *prepared, struct window_result *out,
                           struct arena *keep, struct arena *tmp);

/* detect -> pair -> measure, for one window. */
gait_status window_analyse(const struct measure_input *prepared, const struct detector *detector,
                           struct window_result *out, struct arena *keep, struct arena *tmp,
                           gait_error *err);

#endif
