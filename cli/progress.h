/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stddef.h>
#include <time.h>

/* A bar with time left, on standard error, on a terminal only. */
struct progress {
    int shown; /* 0: say nothing */
    const char *label;
    struct timespec begun;
    double last;   /* share last drawn */
    double last_s; /* when */
};

void progress_begin(struct progress *progress, const char *label, int quiet);
void progress_show(void *progress, double share); /* 0 to 1 */

/* Many recordings: how many are settled, and their share by size. */
struct progress_count {
    size_t n, n_all, n_failed, n_skipped;
    double bytes, bytes_skipped, bytes_all;
};
void progress_show_count(struct progress *progress, const struct progress_count *count);

void progress_end(struct progress *progress);

#endif
