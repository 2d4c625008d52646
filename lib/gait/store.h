/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_STORE_H
#define GAIT_STORE_H

#include <gait/recording.h>

/* The latest frames of one segment at their own rate, and when each of them was. Indices count from
 * the segment's first frame and stay the same when old frames are dropped. */

struct anchor {
    size_t index;
    double time_s;
    double rate_hz;
};

struct store {
    int has_gyro;
    size_t first; /* oldest frame kept */
    size_t n;     /* frames kept */
    size_t room;
    float *accel_g;
    float *gyro_dps;
    uint8_t *marks;
    struct anchor *anchors; /* in order; the first one is at or before frame `first` */
    size_t n_anchors;
    size_t anchor_room;
};

gait_status store_append(struct store *store, const gait_block *block, size_t from, size_t n);
void store_drop_before(struct store *store, size_t index);
void store_clear(struct store *store); /* a new segment begins */
void store_free(struct store *store);

/* Time of a fractional index; extrapolated a little beyond the ends. */
double store_time_s(const struct store *store, double index);

static inline size_t store_end(const struct store *store)
{
    return store->first + store->n;
}

#endif
