/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_MEASURE_H
#define GAIT_MEASURE_H

#include <gait/analysis.h>

#include "base/arena.h"
#include "gait/measure/coarse.h"
#include "gait/detect/detect.h"

enum { FRAME_FORWARD = 1, FRAME_UP = 2, FRAME_RIGHT = 4 };

/* The body axes as rows in sensor axes: multiply a sensor vector to get forward, up, right. */
struct body_frame {
    double row[3][3];
    int known;         /* FRAME bits: the rows that metrics may rest on */
    double confidence; /* 0: not found */
    uint32_t flags;    /* GAIT_FLAG bits that everything resting on it inherits */
};

/* The impact after one foot strike, from the frames as delivered. */
struct impact {
    double axial_g;      /* largest low-passed acceleration along the limb; NaN without up */
    double resultant_g;  /* largest norm of the low-passed acceleration */
    double peak_s;       /* from foot strike to the axial peak (the resultant's without up) */
    double shock_g;      /* root mean square of what is faster than the limb moves */
    double jerk_g_per_s; /* steepest axial rise up to that peak; NaN without up */
    double rise_g_per_s; /* mean of that rise from 20 to 80 % of its height; NaN without up */
    uint32_t flags;      /* GAIT_FLAG bits */
};

/* How alike steps and strides of a trunk are, around one stride and within it. */
struct regularity {
    double step[2], stride[2]; /* autocorrelation of forward, up one step and one stride later */
    double harmonic_ratio[3];  /* forward, up: even over odd harmonics; right: odd over even */
    double entropy_forward;    /* sample entropy of 20 s of the minute around */
    uint32_t likeness_flags, harmonics_flags, entropy_flags; /* GAIT_FLAG bits of each */
};

/* What a metric sees: one window of a bout, its strides, and signals prepared once for all metrics.
 * Clock as in signal. */
struct measure_input {
    const struct bout_signal *signal;
    struct coarse coarse;
    const double *body_g;         /* coarse.n x 3: forward, up, right; NULL without a frame */
    const double *body_dps;       /* coarse.n x 3 about them; NULL without gyroscope or frame */
    const struct impact *impacts; /* n_strides; NULL away from foot and shank */
    const struct shock *shocks;   /* n_strides; NULL but in running */
    const struct foot_motion *foot_motion; /* NULL but for a foot with gyroscope */
    const struct pronation *pronation;     /* n_strides; NULL away from the foot */
    const struct sideways *sideways;       /* n_strides; NULL but at shank and trunk */
    const struct regularity *regularities; /* n_strides; NULL away from the trunk */
    const struct bend *bends;              /* n_strides; NULL but in bends and squats */
    const struct sway *sways;              /* n_strides; NULL but in standing on one leg */
    const struct body_frame *frame;
    double
        standing_up[3]; /* gravity while standing still near the bout, sensor axes; NaN if never */
    size_t n_strides;
    const gait_stride *strides; /* on the window's clock */
    const gait_event *events;   /* of the window, in order */
    size_t n_events;
    size_t n_cadence; /* cadence of the 10 s around each time, from the spectrum */
    const double *cadence_time_s;
    const double *cadence_steps_per_min; /* NaN where there is no period */
};

/* Fills value[n_strides] of one metric and may add to flags[n_strides]; NaN where it cannot be had.
 */
typedef gait_status measure_fn(const struct measure_input *in, double *value, uint32_t *flags,
                               struct arena *tmp);

struct metric {
    gait_metric pub;
    measure_fn *measure;         /* NULL: the session measures it (pub.of_session) */
    int is_bound_if_clipped;     /* 1: at the sensor's limit it is only known to be at least that */
    int survives_low_confidence; /* 1: told even where the events are doubtful (stride time,
                                    cadence) */
};

const struct metric *metric_row(size_t index);

/* Rows of the metric table. */
size_t metric_count(void);

/* Finds the body axes from in->coarse, the strides, standing_up and what the options know. */
gait_status frame_find(const struct measure_input *in, struct body_frame *out, struct arena *tmp);

/* The impact of every stride of a limb's sensor. */
gait_status impacts_find(const struct measure_input *in, struct impact *out, struct arena *tmp);

/* The regularity of every stride of a trunk's sensor; needs body_g, else all is NaN. */
gait_status regularities_find(const struct measure_input *in, struct regularity *out,
                              struct arena *tmp);

/* Fills everything of `in` but signal, strides, events, standing_up and cadence, which are set;
 * room from tmp, which must outlive the measuring. The frame is found into *frame. */
gait_status measure_prepare(struct measure_input *in, struct body_frame *frame, struct arena *tmp);

#endif
