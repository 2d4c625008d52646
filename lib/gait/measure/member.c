/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/member.h"

#include <math.h>
#include <string.h>

gait_status copy_member(const struct members *members, size_t n, double *value, uint32_t *flags)
{
    const char *row = members->rows;
    for (size_t k = 0; row && k < n; k++, row += members->size) {
        uint32_t reasons;
        memcpy(&value[k], row + members->value, sizeof *value);
        memcpy(&reasons, row + members->flags, sizeof reasons);
        if (isnan(value[k])) flags[k] |= reasons;
    }
    return GAIT_OK;
}
