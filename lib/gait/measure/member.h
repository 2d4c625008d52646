/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_MEMBER_H
#define GAIT_MEMBER_H

#include <stddef.h>

#include "gait/measure/measure.h"

/* Columns that copy one member of what was measured for every stride or repetition. */

/* A row of structs, NULL if nothing was measured, and where in each its value and its reasons lie.
 */
struct members {
    const void *rows;
    size_t size, value, flags; /* bytes */
};

/* Missing values pass on the reasons. */
gait_status copy_member(const struct members *members, size_t n, double *value, uint32_t *flags);

/* Defines the function that measures a column: `member` of the structs that `list` points to. */
#define MEMBER(name, list, type, member) \
    static gait_status name(const struct measure_input *in, double *value, uint32_t *flags, \
                            struct arena *tmp) \
    { \
        (void)tmp; \
        const struct members members = {in->list, sizeof(type), offsetof(type, member), \
                                        offsetof(type, flags)}; \
        return copy_member(&members, in->n_strides, value, flags); \
    }

#endif
