/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_CLASSIC_H
#define GAIT_CLASSIC_H

#include "gait/detect/detect.h"

/* What the published detectors for one shank sensor share. They are kept for comparison, each as
 * its paper describes it; where a paper leaves a detail open, the choice is ours and said so. */

struct classic {
    const struct bout_signal *signal;
    double *axial_g;   /* along the shank, knee upwards; 1 g at rest */
    double *forward_g; /* mean taken off; of unknown sign unless the axes are known */
    double *right_g;   /* likewise */
    double *norm_g;
    double shortest_stride_s;
};

/* Tells the events of a prepared window; may change its arrays. */
typedef gait_status classic_find_fn(struct classic *classic, struct event_list *found,
                                    struct arena *keep, struct arena *tmp);

/* Prepares the window and looks for events unless it is too short or too still. Axes from the
 * options where they are known; else the mean acceleration points up the shank, and forward is the
 * direction across it in which acceleration varies most. */
gait_status classic_detect(classic_find_fn *find, const struct bout_signal *signal,
                           struct event_list *found, struct arena *keep, struct arena *tmp);

/* Local maxima above a level, of two that are nearer than the shortest stride the higher: their
 * indices, rising, into at[n]; how many. */
size_t classic_peaks(const struct classic *classic, const double *y, double level, size_t *at);

/* Mean plus one standard deviation: what counts as a peak where the paper does not say. */
double classic_level(const double *y, size_t n);

/* x through a zero-phase second-order low-pass into a new array of tmp; NULL if memory is out. */
double *classic_smooth(const struct classic *classic, const double *x, double cutoff_hz,
                       struct arena *tmp);

/* Fractional index where y last rises through the level in [first, from], or first falls through it
 * in [from, end); NaN if never. */
double classic_rise_before(const double *y, size_t from, size_t first, double level);
double classic_fall_after(const double *y, size_t from, size_t end, double level);

/* Samples that a time lasts. */
size_t classic_samples(const struct classic *classic, double time_s);

/* One event of the limb at a fractional index; NaN tells nothing. */
gait_status classic_tell(const struct classic *classic, gait_event_type type, double index,
                         double sd_s, struct event_list *found, struct arena *keep);

#endif
