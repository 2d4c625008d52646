/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "report/trace.h"

/* How much each measure drifted over the run, in per cent of its median, with the interval. */

enum { MOST_ROWS = 4, MOST_LIMBS = 2 };

static const char *const metrics[MOST_ROWS + 2] = {
    "cadence_steps_per_min",   "contact_time_s",  "peak_accel_resultant_g",
    "pronation_excursion_deg", "pronation_index", "peak_vertical_force_bw"};

struct drift {
    double percent, low, high;
};

static struct drift drift_of(const struct view *view, size_t limb, const char *metric,
                             double minutes)
{
    struct pen *pen = view->pen;
    const struct rows *limbs = &view->limbs;
    double per_minute = 100 * minutes / rows_number(limbs, metric, limb);
    double a = rows_number(limbs, pen_print(pen, "%s_drift_ci_low", metric), limb) * per_minute;
    double b = rows_number(limbs, pen_print(pen, "%s_drift_ci_high", metric), limb) * per_minute;
    return (struct drift){rows_number(limbs, pen_print(pen, "%s_drift_per_min", metric), limb) *
                              per_minute,
                          fmin(a, b), fmax(a, b)};
}

/* Both limbs of one metric, each in its ink, a little above and below the row's line. */
static int mark_metric(struct chart *chart, const struct view *view, const char *metric,
                       double minutes, size_t row)
{
    struct pen *pen = chart->pen;
    struct panel *panel = &chart->panels[0];
    size_t limbs[MOST_LIMBS], n = view_limbs_with(view, metric, limbs, MOST_LIMBS);
    int marked = 0;
    for (size_t i = 0; i < n; i++) {
        struct drift drift = drift_of(view, limbs[i], metric, minutes);
        double *at = PEN_NEW(pen, 4, double);
        if (!at || !isfinite(drift.percent)) continue;
        const char *side = rows_text(&view->limbs, "side", limbs[i]);
        at[0] = drift.percent;
        at[1] = drift.low;
        at[2] = drift.high;
        at[3] = (double)row + (n > 1 ? (i == 0 ? 0.17 : -0.17) : 0);
        scale_take(&chart->x, at, 3);
        panel_mark(panel, &(struct mark){.kind = MARK_RANGES,
                                         .ink = side_ink(side),
                                         .n = 1,
                                         .x = &at[0],
                                         .low = &at[1],
                                         .high = &at[2],
                                         .y = &at[3]});
        if (!marked && row == 0)
            for (size_t k = 0; k < n; k++) {
                const char *of = rows_text(&view->limbs, "side", limbs[k]);
                chart_key(chart,
                          &(struct key){MARK_RANGES, side_ink(of), 0, view_side_word(view, of)});
            }
        marked = 1;
        chart_describe(chart, FILL(pen, W_DESC_DRIFT, view_shown(view, metric).label,
                                   view_side_word(view, side), pen_number(pen, drift.percent, 1),
                                   pen_number(pen, drift.low, 1), pen_number(pen, drift.high, 1)));
    }
    return marked;
}

int chart_drift(struct chart *chart, const struct view *view)
{
    struct pen *pen = chart->pen;
    struct span span = span_of(view);
    double minutes = (span.end_s - span.start_s) / 60;
    const char **names = PEN_NEW(pen, MOST_ROWS, const char *);
    struct panel *panel = chart_panel(chart, pen_word(pen, W_AXIS_PERCENT));
    size_t n = 0;
    chart->x = (struct scale){-2, 2};
    if (!names || !(minutes > 0)) return 0;
    for (size_t k = 0; n < MOST_ROWS && k < sizeof metrics / sizeof *metrics; k++)
        if (mark_metric(chart, view, metrics[k], minutes, n))
            names[n++] = pen_plain(pen, view_shown(view, metrics[k]).label);
    if (!n) return 0;
    chart->x = scale_round(&chart->x, 4);
    chart->x_label = "";
    panel->y = (struct scale){-0.6, (double)n - 0.4};
    panel->n_rows = n;
    panel->row_names = names;
    double *ends = PEN_NEW(pen, 2, double), *zeros = PEN_NEW(pen, 2, double);
    if (!ends || !zeros) return 0;
    ends[0] = panel->y.low;
    ends[1] = panel->y.high;
    panel_mark(panel,
               &(struct mark){.kind = MARK_LINE, .ink = INK_MUTED, .n = 2, .x = zeros, .y = ends});
    return 1;
}
