/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_SHANK_H
#define GAIT_SHANK_H

#include "gait/detect/detect.h"
#include "gait/detect/ensemble.h"
#include "gait/detect/template.h"

/* What the strides of a shank look like to an accelerometer that may be mounted any way round. */

enum { SHANK_RATE_HZ = 200, SHANK_FEATURE_RATE_HZ = 50 };

/* One window, prepared once. What it points to lives in the arena it was made with. */
struct shank_view {
    struct track low;   /* three axes, low-passed at 24 Hz, at SHANK_RATE_HZ */
    struct track burst; /* squared norm of what lies above the features' low-pass */
    double axial[3];    /* unit vector of mean acceleration: along the shank, knee upwards */
    struct features features;
    struct period_track period;
    double from_s, to_s; /* the part of the window that belongs to the bout */
};

/* Prepares a window as if it were of that activity. A window too short, too still or without any
 * rhythm gives *usable 0. */
gait_status shank_view_make(const struct bout_signal *signal, gait_activity activity,
                            struct shank_view *view, int *usable, struct arena *arena);

/* Strides found by their drawn template: rough foot strikes, within some 30 ms. */
struct shank_strides {
    size_t n;
    double *strike_s;  /* rising */
    double *score;     /* of the template at each */
    double mean_score; /* NaN for none */
};

gait_status shank_strides_find(const struct shank_view *view, gait_activity activity,
                               struct shank_strides *found, struct arena *arena);

#endif
