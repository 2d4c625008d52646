/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_HARVEST_H
#define GAIT_HARVEST_H

#include <gait/analysis.h>

#include "gait/measure/mean_stride.h"

/* Bouts being put together from stretches, and bouts that wait to be pulled. A stretch is a run of
 * seconds with one label inside one segment; a bout is one or several of them, short pauses
 * included. */

struct bout_record {
    gait_bout bout; /* pointers into the arrays below */
    size_t event_room;
    gait_event *events;
    size_t stride_room;
    gait_stride *strides;
    double *metric[GAIT_MAX_METRICS];
    struct mean_stride *mean_stride[GAIT_N_SIDES]; /* NULL: no stride of that side */
    double cadence_steps; /* steps according to the cadence, in cadence_s seconds */
    double cadence_s;
    double log_odds_sum; /* running against walking, over n_seconds */
    double n_seconds;
    struct bout_record *next;
};

struct harvest {
    const gait_settings *settings;
    double steps_per_strike;          /* 2 where the sensor sees one foot */
    struct bout_record *open;         /* the bout being put together */
    struct bout_record *pause;        /* a short rest after it that may turn out to be inside */
    struct bout_record *first, *last; /* complete, in order */
    struct bout_record *told;         /* the one the caller looks at */
    double recording_start_s;
    double recording_end_s; /* so far */
    int finished;
};

/* A stretch begins; it joins the open bout if that has the same activity and ended at most a short
 * pause ago. */
gait_status harvest_begin(struct harvest *harvest, gait_activity activity, double start_s);

/* What was found in the open bout; times are real. Column m of metric goes to column m. */
gait_status harvest_add(struct harvest *harvest, const gait_event *events, size_t n_events,
                        const gait_stride *strides, double *const *metric, size_t n_strides);

/* One more stride of the open bout for its mean stride. */
gait_status harvest_shape(struct harvest *harvest, gait_side side,
                          const struct stride_shape *shape);

/* Of the bout told last; NULL: no stride of that side. */
const struct mean_stride *harvest_mean_stride(const struct harvest *harvest, gait_side side);

/* One more second of the stretch. */
void harvest_second(struct harvest *harvest, double log_odds_run);

/* The cadence over some seconds of the open bout; NaN is left out. */
void harvest_cadence(struct harvest *harvest, double steps_per_min, double seconds);

/* The stretch ends. */
void harvest_end(struct harvest *harvest, double end_s);

void harvest_finish(struct harvest *harvest);
int harvest_next(struct harvest *harvest, gait_bout *out);
void harvest_free(struct harvest *harvest);

#endif
