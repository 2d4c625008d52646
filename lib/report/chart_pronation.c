/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "report/numbers.h"
#include "report/trace.h"

/* How far the shoe rolls inwards, left and right against the limits that the analysis used. */

static const struct {
    const char *metric, *note, *flag; /* with the settings of its limits */
} kinds[] = {
    {"pronation_excursion_deg", "overpronation_note_deg", "overpronation_flag_deg"},
    {"pronation_index", "pronation_index_note", NULL},
};

static void mark_limit(struct panel *panel, struct pen *pen, double limit, enum ink ink)
{
    double *level = PEN_NEW(pen, 1, double);
    if (!level || !isfinite(limit)) return;
    *level = limit;
    panel_mark(panel,
               &(struct mark){.kind = MARK_RULE, .ink = ink, .is_dashed = 1, .n = 1, .y = level});
    scale_take(&panel->y, level, 1);
}

static void key_limit(struct chart *chart, double limit, enum word word, enum ink ink)
{
    const char *number = pen_number(chart->pen, limit, 1);
    if (isfinite(limit))
        chart_key(chart, &(struct key){MARK_RULE, ink, 1, FILL(chart->pen, word, number)});
}

static void mark_strides(struct panel *panel, struct pen *pen, const struct course *course,
                         const struct span *span)
{
    double *t = PEN_NEW(pen, course->n, double);
    for (size_t i = 0; t && i < course->n; i++) t[i] = span_time(span, course->time_s[i]);
    struct mark dots = {.kind = MARK_DOTS,
                        .ink = side_ink(course->side),
                        .n = course->n,
                        .x = t,
                        .y = course->value};
    struct trace trace = trace_of(pen, course, span, 1);
    struct mark line = {
        .kind = MARK_LINE, .ink = INK_TEXT, .n = trace.n, .x = trace.time, .y = trace.level};
    if (!t) return;
    panel_mark(panel, &dots);
    panel_mark(panel, &line);
    scale_take(&panel->y, course->value, course->n);
}

int chart_pronation(struct chart *chart, const struct view *view)
{
    struct pen *pen = chart->pen;
    struct span span = span_of(view);
    struct scale y = empty_scale;
    size_t limbs[2], n = 0, kind = 0;
    for (size_t k = 0; !n && k < sizeof kinds / sizeof *kinds; k++)
        n = view_limbs_with(view, kinds[kind = k].metric, limbs, 2);
    if (!n || !(span.end_s > span.start_s)) return 0;
    double note = view_setting(view, kinds[kind].note);
    double flag = kinds[kind].flag ? view_setting(view, kinds[kind].flag) : (double)NAN;
    struct shown shown = view_shown(view, kinds[kind].metric);
    span_axis(chart, &span);
    for (size_t i = 0; i < n; i++) {
        struct course course = view_course(view, limbs[i], kinds[kind].metric);
        struct panel *panel =
            chart_panel(chart, pen_print(pen, "%s: %s", view_side_word(view, course.side),
                                         metric_label(view, &shown)));
        if (!course.n || !panel) return 0;
        mark_strides(panel, pen, &course, &span);
        mark_limit(panel, pen, note, INK_MUTED);
        mark_limit(panel, pen, flag, INK_ALERT);
        scale_take(&y, &panel->y.low, 1);
        scale_take(&y, &panel->y.high, 1);
        double median = rows_number(&view->limbs, kinds[kind].metric, limbs[i]);
        chart_describe(chart, FILL(pen, W_DESC_PRONATION, metric_label(view, &shown),
                                   view_side_word(view, course.side),
                                   shown_value(view, &shown, median), pen_number(pen, note, 1)));
    }
    key_limit(chart, note, W_LIMIT_NOTE, INK_MUTED);
    key_limit(chart, flag, W_LIMIT_FLAG, INK_ALERT);
    y.low = fmin(y.low, 0);
    for (size_t i = 0; i < n; i++) chart->panels[i].y = scale_round(&y, n == 1 ? 4 : 2);
    return 1;
}
