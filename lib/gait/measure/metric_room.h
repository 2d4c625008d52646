/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_METRIC_ROOM_H
#define GAIT_METRIC_ROOM_H

#include <stddef.h>

/* Columns of `room` values for every metric, more than before, in one block that column 0 owns:
 * free that one. The first n values of each are kept. 0 without memory; nothing is changed then. */
int metric_room(double **metric, size_t n, size_t room);

#endif
