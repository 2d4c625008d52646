/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_READ_ARRAYS_H
#define RECORD_READ_ARRAYS_H

#include <gait/arrays.h>

#include "record/format.h"

/* Arrays in memory as a format of their own. Nothing begins like them, so they are no row of the
 * table; the source's origin is a const gait_arrays. */
extern const struct format format_arrays;

/* Bytes of n frames as they are handed on. */
uint64_t arrays_size(const gait_arrays *arrays);

#endif
