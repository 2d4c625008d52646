/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_DETECT_H
#define GAIT_DETECT_H

#include <gait/analysis.h>

#include "base/arena.h"
#include "gait/detect/reliability.h"

/* What a detector sees: one window of one bout on a uniform grid, without a gap, at most 140 s
 * long. Time 0 is the first sample. A few seconds before and after the bout may be included. */
struct bout_signal {
    double rate_hz;
    size_t n;
    const double *accel_g;  /* n x 3, sensor axes */
    const double *gyro_dps; /* n x 3, or NULL */
    const uint8_t *marks;   /* n GAIT_FRAME bits, or NULL */
    double bout_start_s;    /* where the bout begins and ends on this clock; */
    double bout_end_s;      /* may lie outside the window */
    gait_activity activity; /* GAIT_WALK or GAIT_RUN */
    const gait_options *options;
};

/* Events in any order, times on the window's clock. */
struct event_list {
    gait_event *at;
    size_t n;
    size_t room;
    struct walk_evidence evidence; /* against all of them; known only if the detector says so */
};

/* Room comes from the arena given; GAIT_NOMEM. */
gait_status event_push(struct event_list *list, const gait_event *event, struct arena *keep);

/* Finds events of one window. Pure: reads the signal, appends to found (room from keep), works in
 * tmp. Nothing found is no error; GAIT_NOMEM is the only one. Sides: that of the sensor for a limb;
 * of the steps for the trunk. */
typedef gait_status detect_fn(const struct bout_signal *signal, struct event_list *found,
                              struct arena *keep, struct arena *tmp);

/* What a detector makes of the 15 s after a walk, in which people take single steps. */
enum after_walk { AFTER_WALK_UNSEEN, AFTER_WALK_SEEN, AFTER_WALK_TOLD };

struct detector {
    gait_detector pub;
    detect_fn *detect;
    const struct reliability *walk_reliability; /* what its evidence means in walking, or NULL */
    enum after_walk after_walk;
};

/* The row for this placement and activity: the named one, or the default; NULL if none fits. */
const struct detector *detector_choose(const char *name, gait_placement placement,
                                       gait_activity activity, int has_gyro);

/* Runs a detector on one window, weighs the confidence of what it finds with how reliable the whole
 * is, and leaves tmp as it was. GAIT_NOMEM with a sentence. */
gait_status detector_run(const struct detector *detector, const struct bout_signal *signal,
                         struct event_list *found, struct arena *keep, struct arena *tmp,
                         gait_error *err);

/* Private side of gait_detector_at(). */
const struct detector *detector_row(size_t index);

#define AT(placement)    (1u << (placement))
#define DURING(activity) (1u << (activity))

#endif
