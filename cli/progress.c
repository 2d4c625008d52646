/* SPDX-License-Identifier: BSD-3-Clause */
#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BAR_WIDTH = 30 };

void progress_begin(struct progress *progress, const char *label, int quiet)
{
    progress->shown = !quiet && isatty(STDERR_FILENO);
    progress->label = label;
    progress->last = -1;
    clock_gettime(CLOCK_MONOTONIC, &progress->begun);
}

static double seconds_since(const struct timespec *begun)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begun->tv_sec) + 1e-9 * (double)(now.tv_nsec - begun->tv_nsec);
}

void progress_show(void *context, double share)
{
    struct progress *progress = context;
    if (!progress->shown || share < progress->last + 0.01) return;
    progress->last = share;
    char bar[BAR_WIDTH + 1];
    for (int i = 0; i < BAR_WIDTH; i++) bar[i] = i < share * BAR_WIDTH ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    double spent_s = seconds_since(&progress->begun);
    double left_s = share > 0.01 ? spent_s * (1 - share) / share : 0;
    fprintf(stderr, "\r%s [%s] %3.0f %%  %.0f s left ", progress->label, bar, 100 * share, left_s);
    fflush(stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->shown && progress->last >= 0) fprintf(stderr, "\r\033[K");
    progress->shown = 0;
}
