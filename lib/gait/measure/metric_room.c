/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/metric_room.h"

#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "gait/measure/measure.h"

int metric_room(double **metric, size_t n, size_t room)
{
    size_t count = metric_count(), size = count * room * sizeof(double);
    size_t was = metric[0] ? (size_t)(metric[1] - metric[0]) : 0;
    double *block = realloc(metric[0], size);
    if (!block) return 0;
    prefer_huge_pages(block, size);
    for (size_t m = count; m-- > 0;) {
        if (n) memmove(block + m * room, block + m * was, n * sizeof *block);
        metric[m] = block + m * room;
    }
    return 1;
}
