/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/metric_room.h"

#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "gait/measure/measure.h"

/* Of an hour they are megabytes: whole huge pages. */
static double *new_block(size_t size)
{
    if (size < HUGE_PAGE / 2) return malloc(size);
    size_t whole = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    double *block = aligned_alloc(HUGE_PAGE, whole);
    prefer_huge_pages(block, whole);
    return block;
}

int metric_room(double **metric, size_t n, size_t room)
{
    size_t count = metric_count();
    double *before = metric[0], *block = new_block(count * room * sizeof *block);
    if (!block) return 0;
    for (size_t m = 0; m < count; m++) {
        if (n) memcpy(block + m * room, metric[m], n * sizeof *block);
        metric[m] = block + m * room;
    }
    free(before);
    return 1;
}
