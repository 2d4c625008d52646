/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_STANDING_H
#define GAIT_STANDING_H

#include <stddef.h>

/* Standing still for three seconds shows where up is, for the gait within a minute of it. */
struct standing {
    double up[3];     /* sensor axes, about 1 g; NaN: never stood still */
    size_t n_seconds; /* of the segment, fed so far */
    size_t second;    /* when it was */
    double sum[3];    /* of the still seconds going on */
    size_t n_still;
};

void standing_init(struct standing *standing);

/* What was learned before a gap holds on as if it were from the segment's first second. */
void standing_begin_segment(struct standing *standing);

/* The next second: n frames of three values and their standard deviation. */
void standing_feed(struct standing *standing, const double *accel_g, size_t n, double sd_g);

/* For gait of seconds [from, to), seen before or after it; NaN where there was none. */
void standing_for(const struct standing *standing, double from, double to, double up[3]);

#endif
