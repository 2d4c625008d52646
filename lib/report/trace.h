/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_TRACE_H
#define REPORT_TRACE_H

#include "report/chart.h"

/* What the charts over the time of the run share. */

/* From the first to the last stride of the page's activity. */
struct span {
    double start_s, end_s;
    int in_minutes;
};
struct span span_of(const struct view *view);
double span_time(const struct span *span, double seconds);
void span_axis(struct chart *chart, const struct span *span);

/* Medians of neighbouring strides. */
struct trace {
    size_t n;
    const double *time, *level; /* NaN where there were too few */
};
struct trace trace_of(struct pen *pen, const struct course *course, const struct span *span,
                      double factor);

/* Widened to the smallest change of the metric that counts. */
void keep_in_proportion(struct scale *scale, const char *metric);

#endif
