/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_TRUNK_CLASSIC_H
#define GAIT_TRUNK_CLASSIC_H

#include "gait/detect/apex.h"
#include "gait/frame/heading.h"

/* What published detectors of running at the lower back have in common: a vertical and a forward
 * acceleration, one push after the other, and a place in each. The papers leave the search for the
 * pushes open; here it is the same for all of them. */
struct trunk_classic {
    size_t n;
    double rate_hz;
    const double *vertical_g; /* specific force: 1 g standing, 0 in free fall */
    const double *forward_g;  /* mean taken away */
    const struct apex *apex;
    size_t n_apexes;
    struct arena *tmp;
};

/* Strike and toe-off of push k in frames; NaN: not found. */
struct trunk_classic_contact {
    double strike, toe_off;
};

typedef gait_status trunk_classic_fn(const struct trunk_classic *in,
                                     struct trunk_classic_contact *out);

/* Prepares, asks the method for out[n_apexes], tells what it found. sd_s: one standard deviation of
 * strike and toe-off, from the limits of agreement of Kiernan et al. 2023, 10.3390/s23115022, or
 * 60 ms where they give none. */
gait_status trunk_classic_detect(const struct bout_signal *signal, trunk_classic_fn *method,
                                 const double sd_s[2], struct event_list *found, struct arena *keep,
                                 struct arena *tmp);

/* Index from the middle of push k - 1 (or the first sample) and the middle of push k. */
size_t trunk_classic_from(const struct trunk_classic *in, size_t k);

/* x below a cut-off, from in->tmp; NULL if memory is out. */
const double *trunk_classic_low(const struct trunk_classic *in, const double *x, double cutoff_hz);

gait_event trunk_classic_event(gait_event_type type, double time_s, double sd_s);

#endif
