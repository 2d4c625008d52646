/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "report/chart.h"

/* How long each session of the last 60 days was, against the longest of the 30 days before it. */

enum { DAYS_SHOWN = 60 };
static const double usual_spike_percent = 10; /* Frandsen 2025, doi 10.1136/bjsports-2024-109380 */

struct bars {
    size_t n;
    double *day, *amount, *longest;
};

static const char *session_of(const struct view *view, const struct past *past, size_t k)
{
    const gait_table *table = gait_summary_table(view->study, "sessions");
    struct rows all = {table, 0, table->n_rows};
    return rows_text(&all, "session_id", past->row[k]);
}

/* The exposure of one session; the first one of a person has no row in the history, so the unit is
 * taken from the others. */
static double amount_of(const struct view *view, const struct past *past, size_t k, int in_metres)
{
    const gait_table *table = gait_summary_table(view->study, "sessions");
    struct rows all = {table, 0, table->n_rows};
    if (in_metres) return rows_number(&all, "distance_m", past->row[k]) / 1000;
    return rows_number(&all, "running_s", past->row[k]) / 60;
}

static double longest_of(const struct view *view, const struct past *past, size_t k, int in_metres)
{
    struct rows row =
        session_rows(view->study, "history", view->subject, session_of(view, past, k));
    return row.n ? rows_number(&row, "longest_30d", 0) / (in_metres ? 1000 : 1) : (double)NAN;
}

static int counts_metres(const struct view *view, const struct past *past)
{
    struct rows row =
        session_rows(view->study, "history", view->subject, session_of(view, past, past->n - 1));
    return row.n && strcmp(rows_text(&row, "exposure_unit", 0), "m") == 0;
}

static size_t mark_spikes(struct panel *panel, struct pen *pen, const struct bars *bars,
                          double percent)
{
    double *day = PEN_NEW(pen, bars->n, double), *amount = PEN_NEW(pen, bars->n, double);
    size_t n = 0;
    for (size_t i = 0; day && amount && i < bars->n; i++) {
        if (!(bars->amount[i] > (1 + percent / 100) * bars->longest[i])) continue;
        day[n] = bars->day[i];
        amount[n++] = bars->amount[i];
    }
    if (n)
        panel_mark(panel, &(struct mark){
                              .kind = MARK_RINGS, .ink = INK_ALERT, .n = n, .x = day, .y = amount});
    return n;
}

int chart_sessions(struct chart *chart, const struct view *view)
{
    struct pen *pen = chart->pen;
    struct past past = view_past(view);
    if (past.this_one >= past.n || past.n < 2) return 0;
    int in_metres = counts_metres(view, &past);
    double today = past.day[past.this_one];
    struct bars bars = {0, PEN_NEW(pen, past.n, double), PEN_NEW(pen, past.n, double),
                        PEN_NEW(pen, past.n, double)};
    if (!bars.day || !bars.amount || !bars.longest) return 0;
    struct panel *panel =
        chart_panel(chart, pen_word(pen, in_metres ? W_KILOMETRES : W_MINUTES_RUNNING));
    for (size_t k = 0; k <= past.this_one; k++) {
        if (past.day[k] < today - DAYS_SHOWN) continue;
        bars.day[bars.n] = past.day[k] - today;
        bars.amount[bars.n] = amount_of(view, &past, k, in_metres);
        bars.longest[bars.n++] = longest_of(view, &past, k, in_metres);
    }
    struct mark each = {
        .kind = MARK_BARS, .ink = INK_BOTH, .n = bars.n - 1, .x = bars.day, .y = bars.amount};
    struct mark this_one = {.kind = MARK_BARS,
                            .ink = INK_LEFT,
                            .n = 1,
                            .x = bars.day + bars.n - 1,
                            .y = bars.amount + bars.n - 1};
    struct mark longest = {.kind = MARK_LINE,
                           .ink = INK_RIGHT,
                           .is_dashed = 1,
                           .n = bars.n,
                           .x = bars.day,
                           .y = bars.longest};
    panel_mark(panel, &each);
    panel_mark(panel, &this_one);
    panel_mark(panel, &longest);
    scale_take(&panel->y, bars.amount, bars.n);
    scale_take(&panel->y, bars.longest, bars.n);
    panel->y.low = 0;
    panel->y = scale_round(&panel->y, 3);
    double percent = view_setting(view, "session_small_percent");
    if (!isfinite(percent)) percent = usual_spike_percent;
    size_t n_spikes = mark_spikes(panel, pen, &bars, percent);
    const char *limit = pen_number(pen, percent, 0);
    chart->x = (struct scale){-DAYS_SHOWN - 1, 1};
    chart->x_label = pen_word(pen, W_AXIS_DAYS);
    chart_key(chart, &(struct key){MARK_BARS, INK_LEFT, 0, pen_word(pen, W_THIS_SESSION)});
    chart_key(chart, &(struct key){MARK_LINE, INK_RIGHT, 1, pen_word(pen, W_LONGEST_30)});
    if (n_spikes)
        chart_key(chart, &(struct key){MARK_RINGS, INK_ALERT, 0, FILL(pen, W_SPIKE, limit)});
    double most = 0;
    for (size_t i = 0; i < bars.n; i++) most = fmax(most, bars.amount[i]);
    chart_describe(chart,
                   FILL(pen, W_DESC_SESSIONS, pen_print(pen, "%zu", bars.n),
                        pen_number(pen, most, 1), pen_number(pen, bars.amount[bars.n - 1], 1),
                        pen_print(pen, "%zu", n_spikes), limit));
    return 1;
}
