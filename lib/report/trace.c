/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/trace.h"

#include <math.h>
#include <string.h>

#include "signal/stats.h"

enum { MOST_POINTS = 60, FEWEST_STRIDES = 5 };

struct trace trace_of(struct pen *pen, const struct course *course, const struct span *span,
                      double factor)
{
    struct trace trace = {0, NULL, NULL};
    size_t bins = course->n / FEWEST_STRIDES;
    if (bins > MOST_POINTS) bins = MOST_POINTS;
    double *time = PEN_NEW(pen, bins + 1, double), *level = PEN_NEW(pen, bins + 1, double);
    double *room = PEN_NEW(pen, course->n, double);
    if (!time || !level || !room || !bins || !(span->end_s > span->start_s)) return trace;
    double width = (span->end_s - span->start_s) / (double)bins;
    for (size_t b = 0, i = 0; b < bins; b++) {
        double from = span->start_s + width * (double)b;
        size_t n = 0;
        for (; i < course->n && course->time_s[i] < from + width; i++)
            room[n++] = course->value[i] * factor;
        time[b] = span_time(span, from + width / 2);
        level[b] = n >= 2 ? median_inplace(room, n) : (double)NAN;
    }
    trace.n = bins;
    trace.time = time;
    trace.level = level;
    return trace;
}

struct span span_of(const struct view *view)
{
    struct span span = {INFINITY, -INFINITY, 0};
    const double *start = rows_doubles(&view->strides, "start_s");
    int activity = strcmp(view_activity(view), "run") == 0 ? GAIT_RUN : GAIT_WALK;
    for (size_t i = 0; start && i < view->strides.n; i++) {
        if (view->stride_activity[i] != activity || !isfinite(start[i])) continue;
        span.start_s = fmin(span.start_s, start[i]);
        span.end_s = fmax(span.end_s, start[i]);
    }
    span.in_minutes = span.end_s > 300;
    return span;
}

double span_time(const struct span *span, double seconds)
{
    return span->in_minutes ? seconds / 60 : seconds;
}

void span_axis(struct chart *chart, const struct span *span)
{
    chart->x = (struct scale){span_time(span, span->start_s), span_time(span, span->end_s)};
    chart->x_label = pen_word(chart->pen, span->in_minutes ? W_AXIS_MINUTES : W_AXIS_SECONDS);
}

/* Noise shall not fill the panel: it shows at least the smallest change that counts, both ways. */
void keep_in_proportion(struct scale *scale, const char *metric)
{
    int m = gait_metric_index(metric);
    double percent = m < 0 ? 0 : gait_metric_at((size_t)m)->minimal_change_percent;
    double middle = 0.5 * (scale->low + scale->high);
    double slack = fabs(middle) * fmax(percent, 2) / 100;
    scale->low = fmin(scale->low, middle - slack);
    scale->high = fmax(scale->high, middle + slack);
}
