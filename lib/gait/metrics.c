/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure.h"

#include <string.h>

/* To add a metric: write a measure_fn and its const struct metric in lib/gait/metric_NAME.c, then
 * one line here. */
static const struct metric *const rows[] = {
    NULL,
};

const struct metric *metric_row(size_t index)
{
    return index < sizeof rows / sizeof *rows ? rows[index] : NULL;
}

const gait_metric *gait_metric_at(size_t index)
{
    const struct metric *row = metric_row(index);
    return row ? &row->pub : NULL;
}

int gait_metric_index(const char *key)
{
    for (size_t i = 0; metric_row(i); i++)
        if (strcmp(rows[i]->pub.key, key) == 0) return (int)i;
    return -1;
}
