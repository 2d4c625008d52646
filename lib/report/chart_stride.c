/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "report/chart.h"

/* The mean stride, limb beside limb, with one standard deviation around it. */

static const double percent = 100;

/* Rows of the waveforms of one sensor and side, which stand together. */
static int waveform_of(const struct view *view, const char *sensor, const char *side,
                       struct rows *out)
{
    *out = (struct rows){view->waveforms.table, 0, 0};
    for (size_t i = 0; i < view->waveforms.n; i++) {
        if (strcmp(rows_text(&view->waveforms, "sensor", i), sensor) != 0 ||
            strcmp(rows_text(&view->waveforms, "side", i), side) != 0)
            continue;
        if (!out->n) out->first = view->waveforms.first + i;
        out->n++;
    }
    return out->n > 1;
}

static void mark_axis(struct panel *panel, struct pen *pen, const struct rows *rows,
                      const char *axis, const char *side)
{
    const double *phase = rows_doubles(rows, "phase");
    const double *mean = rows_doubles(rows, pen_print(pen, "%s_g", axis));
    const double *sd = rows_doubles(rows, pen_print(pen, "%s_sd_g", axis));
    double *low = PEN_NEW(pen, rows->n, double), *high = PEN_NEW(pen, rows->n, double);
    if (!phase || !mean || !sd || !low || !high || !isfinite(mean[0])) return;
    for (size_t i = 0; i < rows->n; i++) {
        low[i] = mean[i] - sd[i];
        high[i] = mean[i] + sd[i];
    }
    struct mark band = {.kind = MARK_BAND,
                        .ink = side_ink(side),
                        .n = rows->n,
                        .x = phase,
                        .low = low,
                        .high = high};
    struct mark line = {.kind = MARK_LINE,
                        .ink = side_ink(side),
                        .is_dashed = side_is_dashed(side),
                        .n = rows->n,
                        .x = phase,
                        .y = mean};
    panel_mark(panel, &band);
    panel_mark(panel, &line);
    scale_take(&panel->y, mean, rows->n);
    scale_take(&panel->y, low, rows->n);
    scale_take(&panel->y, high, rows->n);
}

static void describe(struct chart *chart, const struct view *view, const struct rows *rows,
                     const char *side)
{
    struct pen *pen = chart->pen;
    const double *mean = rows_doubles(rows, "up_g");
    int is_up = mean && isfinite(mean[0]);
    struct scale range = empty_scale;
    if (!is_up) mean = rows_doubles(rows, "resultant_g");
    if (mean) scale_take(&range, mean, rows->n);
    chart_describe(chart, FILL(pen, W_DESC_STRIDE, pen_word(pen, is_up ? W_UP : W_RESULTANT),
                               view_side_word(view, side), pen_number(pen, range.low, 1),
                               pen_number(pen, range.high, 1),
                               pen_number(pen, rows_number(rows, "n", 0), 0)));
}

int chart_stride(struct chart *chart, const struct view *view)
{
    static const struct {
        const char *axis;
        enum word word;
    } axes[] = {{"up", W_UP}, {"forward", W_FORWARD}, {"resultant", W_RESULTANT}};
    struct pen *pen = chart->pen;
    size_t limbs[2], n = view_limbs_with(view, "stride_time_s", limbs, 2);
    for (size_t a = 0; a < sizeof axes / sizeof *axes && chart->n_panels < 2; a++) {
        struct panel *panel = chart_panel(
            chart, pen_print(pen, "%s, g", pen_capital(pen, pen_word(pen, axes[a].word))));
        for (size_t i = 0; i < n; i++) {
            struct rows rows;
            const char *side = rows_text(&view->limbs, "side", limbs[i]);
            if (!waveform_of(view, rows_text(&view->limbs, "sensor", limbs[i]), side, &rows))
                continue;
            mark_axis(panel, pen, &rows, axes[a].axis, side);
        }
        if (!panel->n_marks) {
            *panel = (struct panel){0};
            chart->n_panels--;
            continue;
        }
        panel->y = scale_round(&panel->y, 2);
    }
    if (!chart->n_panels) return 0;
    for (size_t i = 0; i < n; i++) {
        struct rows rows;
        const char *side = rows_text(&view->limbs, "side", limbs[i]);
        if (!waveform_of(view, rows_text(&view->limbs, "sensor", limbs[i]), side, &rows)) continue;
        describe(chart, view, &rows, side);
        chart_key(chart, &(struct key){MARK_LINE, side_ink(side), side_is_dashed(side),
                                       view_side_word(view, side)});
    }
    chart->x = (struct scale){0, percent};
    chart->x_label = pen_word(pen, W_AXIS_STRIDE_PERCENT);
    return 1;
}
