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

static void draw_bar(char bar[BAR_WIDTH + 1], double share)
{
    for (int i = 0; i < BAR_WIDTH; i++) bar[i] = i < share * BAR_WIDTH ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
}

void progress_show(void *context, double share)
{
    struct progress *progress = context;
    if (!progress->shown || share < progress->last + 0.01) return;
    progress->last = share;
    char bar[BAR_WIDTH + 1];
    draw_bar(bar, share);
    double spent_s = seconds_since(&progress->begun);
    double left_s = share > 0.01 ? spent_s * (1 - share) / share : 0;
    fprintf(stderr, "\r%s [%s] %3.0f %%  %.0f s left ", progress->label, bar, 100 * share, left_s);
    fflush(stderr);
}

static void print_time_left(double left_s)
{
    if (left_s < 90)
        fprintf(stderr, "%.0f s left", left_s);
    else if (left_s < 5400)
        fprintf(stderr, "%.0f min left", left_s / 60);
    else
        fprintf(stderr, "%.1f h left", left_s / 3600);
}

void progress_show_count(struct progress *progress, const struct progress_count *count)
{
    double spent_s = seconds_since(&progress->begun);
    if (!progress->shown || (progress->last >= 0 && spent_s < progress->last_s + 0.1)) return;
    double share = count->bytes_all > 0 ? count->bytes / count->bytes_all : 0;
    char bar[BAR_WIDTH + 1];
    draw_bar(bar, share);
    progress->last = share;
    progress->last_s = spent_s;
    fprintf(stderr, "\r\033[K%s [%s] %zu/%zu", progress->label, bar, count->n, count->n_all);
    size_t n_new = count->n - count->n_skipped;
    if (n_new && spent_s > 0) fprintf(stderr, "  %.3g/min", 60 * (double)n_new / spent_s);
    double analysed = count->bytes - count->bytes_skipped;
    if (analysed > 0) {
        fputs("  ", stderr);
        print_time_left(spent_s * (count->bytes_all - count->bytes) / analysed);
    }
    if (count->n_failed) fprintf(stderr, "  %zu failed", count->n_failed);
    fflush(stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->shown && progress->last >= 0) fprintf(stderr, "\r\033[K");
    progress->shown = 0;
}
