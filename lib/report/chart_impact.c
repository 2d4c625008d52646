/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "report/numbers.h"
#include "report/trace.h"

/* The impact of every stride, one panel a limb on one scale; what stood out is marked. */

static const char *const intensities[] = {"peak_accel_resultant_g", "peak_vertical_force_bw"};

/* Stretches of a lasting change on this sensor. */
static int mark_changes(struct panel *panel, const struct view *view, const struct span *span,
                        const char *sensor)
{
    int n = 0;
    for (size_t i = 0; i < view->findings.n; i++) {
        if (strcmp(rows_text(&view->findings, "code", i), "load_spike_sustained") != 0 ||
            strcmp(rows_text(&view->findings, "sensor", i), sensor) != 0)
            continue;
        double *ends = PEN_NEW(view->pen, 2, double);
        if (!ends) return n;
        ends[0] = span_time(span, rows_number(&view->findings, "start_s", i));
        ends[1] = span_time(span, rows_number(&view->findings, "end_s", i));
        panel_mark(
            panel,
            &(struct mark){
                .kind = MARK_SHADE, .ink = INK_MUTED, .n = 1, .low = &ends[0], .high = &ends[1]});
        n++;
    }
    return n;
}

/* The strides' dots, and rings for those that were hard; how many. */
static size_t mark_strides(struct panel *panel, struct pen *pen, const struct course *course,
                           const struct span *span, double factor)
{
    double *t = PEN_NEW(pen, course->n, double), *x = PEN_NEW(pen, course->n, double);
    double *hard_t = PEN_NEW(pen, course->n, double), *hard_x = PEN_NEW(pen, course->n, double);
    size_t n_hard = 0;
    if (!t || !x || !hard_t || !hard_x) return 0;
    for (size_t i = 0; i < course->n; i++) {
        t[i] = span_time(span, course->time_s[i]);
        x[i] = course->value[i] * factor;
        if (!(course->flags[i] & GAIT_FLAG_HARD_LANDING)) continue;
        hard_t[n_hard] = t[i];
        hard_x[n_hard++] = x[i];
    }
    panel_mark(
        panel,
        &(struct mark){
            .kind = MARK_DOTS, .ink = side_ink(course->side), .n = course->n, .x = t, .y = x});
    if (n_hard)
        panel_mark(
            panel,
            &(struct mark){
                .kind = MARK_RINGS, .ink = INK_ALERT, .n = n_hard, .x = hard_t, .y = hard_x});
    scale_take(&panel->y, x, course->n);
    return n_hard;
}

static void describe(struct chart *chart, const struct view *view, const struct shown *shown,
                     const struct course *course, size_t n_hard)
{
    struct pen *pen = chart->pen;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < course->n; i++) {
        low = fmin(low, course->value[i]);
        high = fmax(high, course->value[i]);
    }
    chart_describe(chart, FILL(pen, W_DESC_IMPACT, metric_label(view, shown),
                               view_side_word(view, course->side), pen_print(pen, "%zu", course->n),
                               shown_number(view, shown, low), shown_value(view, shown, high),
                               pen_print(pen, "%zu", n_hard)));
}

int chart_impact(struct chart *chart, const struct view *view)
{
    struct pen *pen = chart->pen;
    struct span span = span_of(view);
    struct scale y = empty_scale;
    size_t limbs[2], n = 0, n_hard = 0;
    int n_changes = 0;
    const char *metric = NULL;
    for (size_t k = 0; !n && k < sizeof intensities / sizeof *intensities; k++)
        n = view_limbs_with(view, metric = intensities[k], limbs, 2);
    if (!n || !(span.end_s > span.start_s)) return 0;
    span_axis(chart, &span);
    struct shown shown = view_shown(view, metric);
    for (size_t i = 0; i < n; i++) {
        struct course course = view_course(view, limbs[i], metric);
        struct panel *panel =
            chart_panel(chart, pen_print(pen, "%s: %s", view_side_word(view, course.side),
                                         metric_label(view, &shown)));
        if (!course.n || !panel) return 0;
        n_changes += mark_changes(panel, view, &span, course.sensor);
        size_t hard = mark_strides(panel, pen, &course, &span, shown.factor);
        describe(chart, view, &shown, &course, hard);
        n_hard += hard;
        scale_take(&y, &panel->y.low, 1);
        scale_take(&y, &panel->y.high, 1);
    }
    y.low = fmin(y.low, 0);
    for (size_t i = 0; i < n; i++) chart->panels[i].y = scale_round(&y, 2);
    if (n_hard)
        chart_key(chart, &(struct key){MARK_RINGS, INK_ALERT, 0, pen_word(pen, W_HARD_LANDINGS)});
    if (n_changes)
        chart_key(chart, &(struct key){MARK_SHADE, INK_MUTED, 0, pen_word(pen, W_SUSTAINED)});
    return 1;
}
