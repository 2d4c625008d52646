/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_MEASURE_H
#define GAIT_MEASURE_H

#include <gait/analysis.h>

#include "base/arena.h"
#include "gait/detect.h"

/* The body axes as rows in sensor axes: multiply a sensor vector to get forward, up, right. */
struct body_frame {
    double row[3][3];
    double confidence; /* 0: not found */
    uint32_t flags;    /* GAIT_FLAG bits that everything resting on it inherits */
};

/* What a metric sees: one window of a bout, its strides, and signals prepared once for all metrics.
 * Clock as in signal. */
struct measure_input {
    const struct bout_signal *signal;
    const double *body_g;      /* n x 3: forward, up, right; NULL without a frame */
    const double *lowpass60_g; /* n x 3, sensor axes, 60 Hz or as delivered below 150 Hz */
    const double *body_dps;    /* n x 3 about forward, up, right; NULL without gyroscope or frame */
    const struct body_frame *frame;
    double
        standing_up[3]; /* gravity while standing still near the bout, sensor axes; NaN if never */
    size_t n_strides;
    const gait_stride *strides; /* on the window's clock */
    const gait_event *events;   /* of the window, in order */
    size_t n_events;
    size_t n_cadence; /* cadence of the 10 s around every 5 s, from the spectrum */
    const double *cadence_time_s;
    const double *cadence_steps_per_min; /* NaN where there is no period */
};

/* Fills value[n_strides] of one metric and may add to flags[n_strides]; NaN where it cannot be had.
 */
typedef gait_status measure_fn(const struct measure_input *in, double *value, uint32_t *flags,
                               struct arena *tmp);

struct metric {
    gait_metric pub;
    measure_fn *measure;
    int survives_low_confidence; /* 1: told even where the events are doubtful (stride time,
                                    cadence) */
};

const struct metric *metric_row(size_t index);

/* Finds the body axes from the window itself and what the options know. */
gait_status frame_find(const struct bout_signal *signal, const gait_stride *strides,
                       size_t n_strides, const double standing_up[3], struct body_frame *out,
                       struct arena *tmp);

/* Fills everything of `in` but signal, strides, events, standing_up and cadence, which are set; room from tmp, which
 * must outlive the measuring. The frame is found into *frame. */
gait_status measure_prepare(struct measure_input *in, struct body_frame *frame, struct arena *tmp);

#endif
