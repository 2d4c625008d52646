/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "report/numbers.h"
#include "report/trace.h"

/* Cadence and contact time through the run: medians of neighbouring strides, limb beside limb. */

enum { Y_TICKS = 3 };

static double first_level(const struct trace *trace)
{
    for (size_t i = 0; i < trace->n; i++)
        if (isfinite(trace->level[i])) return trace->level[i];
    return NAN;
}

static double last_level(const struct trace *trace)
{
    for (size_t i = trace->n; i-- > 0;)
        if (isfinite(trace->level[i])) return trace->level[i];
    return NAN;
}

static void describe(struct chart *chart, const struct view *view, const struct shown *shown,
                     const struct course *course, const struct trace *trace)
{
    struct pen *pen = chart->pen;
    chart_describe(chart, FILL(pen, W_DESC_LINE, metric_label(view, shown),
                               view_side_word(view, course->side),
                               pen_number(pen, first_level(trace), shown->decimals),
                               pen_number(pen, last_level(trace), shown->decimals)));
}

static int add_metric(struct chart *chart, const struct view *view, const struct span *span,
                      const char *metric)
{
    size_t limbs[4], n = view_limbs_with(view, metric, limbs, 4);
    struct shown shown = view_shown(view, metric);
    struct panel *panel = n ? chart_panel(chart, metric_label(view, &shown)) : NULL;
    for (size_t i = 0; panel && i < n; i++) {
        struct course course = view_course(view, limbs[i], metric);
        struct trace trace = trace_of(chart->pen, &course, span, shown.factor);
        scale_take(&panel->y, trace.level, trace.n);
        panel_mark(panel, &(struct mark){.kind = MARK_LINE,
                                         .ink = side_ink(course.side),
                                         .is_dashed = side_is_dashed(course.side),
                                         .n = trace.n,
                                         .x = trace.time,
                                         .y = trace.level});
        describe(chart, view, &shown, &course, &trace);
        if (chart->n_panels == 1)
            chart_key(chart,
                      &(struct key){MARK_LINE, side_ink(course.side), side_is_dashed(course.side),
                                    view_side_word(view, course.side)});
    }
    if (!panel) return 0;
    if (!isfinite(panel->y.low)) {
        chart->n_panels--;
        return 0;
    }
    keep_in_proportion(&panel->y, metric);
    panel->y = scale_round(&panel->y, Y_TICKS);
    return 1;
}

int chart_timing(struct chart *chart, const struct view *view)
{
    struct span span = span_of(view);
    if (!(span.end_s > span.start_s)) return 0;
    span_axis(chart, &span);
    int n = add_metric(chart, view, &span, "cadence_steps_per_min");
    return n + add_metric(chart, view, &span, "contact_time_s");
}
