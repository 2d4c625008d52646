/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <time.h>

/* A bar with time left, on standard error, on a terminal only. */
struct progress {
    int shown; /* 0: say nothing */
    const char *label;
    struct timespec begun;
    double last; /* share last drawn */
};

void progress_begin(struct progress *progress, const char *label, int quiet);
void progress_show(void *progress, double share); /* 0 to 1 */
void progress_end(struct progress *progress);

#endif
