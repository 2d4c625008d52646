/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/slow_copy.h"

#include <stdlib.h>
#include <string.h>

void slow_free(struct slow_copy *slow)
{
    free(slow->accel_g);
    *slow = (struct slow_copy){0};
}

void slow_clear(struct slow_copy *slow)
{
    slow->first = slow->n = 0;
}

gait_status slow_append(struct slow_copy *slow, const double frame[3])
{
    if (slow->n == slow->room) {
        size_t room = slow->room ? 2 * slow->room : 1024;
        double *larger = realloc(slow->accel_g, room * 3 * sizeof *larger);
        if (!larger) return GAIT_NOMEM;
        slow->accel_g = larger;
        slow->room = room;
    }
    memcpy(slow->accel_g + 3 * slow->n++, frame, 3 * sizeof *frame);
    return GAIT_OK;
}

void slow_drop_before(struct slow_copy *slow, size_t index)
{
    size_t end = slow->first + slow->n;
    if (index > end) index = end;
    if (index <= slow->first || index - slow->first < slow->n / 2) return;
    size_t keep = end - index;
    memmove(slow->accel_g, slow->accel_g + 3 * (index - slow->first), 3 * keep * sizeof(double));
    slow->first = index;
    slow->n = keep;
}

const double *slow_at(const struct slow_copy *slow, size_t index)
{
    return slow->accel_g + 3 * (index - slow->first);
}

size_t slow_end(const struct slow_copy *slow)
{
    return slow->first + slow->n;
}
