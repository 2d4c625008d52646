/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_SLOW_COPY_H
#define GAIT_SLOW_COPY_H

#include <stddef.h>

#include <gait/error.h>

/* The latest 50-Hz frames of one segment. Indices count from the segment's first frame and stay the
 * same when old frames are dropped. */
struct slow_copy {
    size_t first, n, room;
    double *accel_g;
};

void slow_free(struct slow_copy *slow);
void slow_clear(struct slow_copy *slow);
gait_status slow_append(struct slow_copy *slow, const double frame[3]);
void slow_drop_before(struct slow_copy *slow, size_t index);
const double *slow_at(const struct slow_copy *slow, size_t index);
size_t slow_end(const struct slow_copy *slow);

#endif
