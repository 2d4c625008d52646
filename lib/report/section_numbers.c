/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/numbers.h"
#include "report/page.h"
#include "signal/stats.h"

/* The numbers of one limb beside the other's, with intervals and what is usual for this person. */

enum { MOST_ROWS = 8, MOST_LIMBS = 4, MOST_COLUMNS = 5, FEWEST_EARLIER = 3 };

/* What is asked for first; behind these come the others whose sides differ. */
static const char *const asked_first[] = {
    "cadence_steps_per_min",
    "contact_time_s",
    "peak_accel_resultant_g",
    "pronation_excursion_deg",
    "pronation_index",
    "peak_vertical_force_bw",
    "vertical_oscillation_m",
    "flight_time_s",
    "foot_strike_angle_deg",
    "impact_jerk_g_per_s",
    "duty_factor",
    "bend_down_s",
    "bend_up_s",
    "bend_lean_deg",
    "bend_medial_lean_deg",
    "bend_wobble_deg",
    "bend_side_range_deg",
    "bend_rotation_deg",
    "stance_time_s",
    "stance_sway_g",
    "stance_ml_sway_g",
    "stance_path_g_per_s",
};

enum { N_ASKED = sizeof asked_first / sizeof *asked_first };

static const char *metric_in_order(size_t index)
{
    if (index < N_ASKED) return asked_first[index];
    for (size_t m = 0, k = N_ASKED; gait_metric_at(m); m++) {
        int is_asked = 0;
        for (size_t i = 0; i < N_ASKED; i++)
            is_asked |= strcmp(asked_first[i], gait_metric_at(m)->key) == 0;
        if (!is_asked && k++ == index) return gait_metric_at(m)->key;
    }
    return NULL;
}

const char *metric_label(const struct view *view, const struct shown *shown)
{
    const char *label = pen_plain(view->pen, shown->label);
    return shown->unit[0] ? pen_print(view->pen, "%s, %s", label, shown->unit) : label;
}

const char *interval_text(const struct view *view, const struct rows *limbs, size_t row,
                          const char *metric, const struct shown *shown)
{
    double low = rows_number(limbs, pen_print(view->pen, "%s_ci_low", metric), row);
    double high = rows_number(limbs, pen_print(view->pen, "%s_ci_high", metric), row);
    if (!isfinite(low) || !isfinite(high)) return "";
    return pen_range(view->pen, low * shown->factor, high * shown->factor, shown->decimals);
}

/* Medians of the earlier sessions of the same sensor, side and activity; how many. */
static size_t earlier_medians(const struct view *view, size_t limb, const char *metric,
                              double **medians)
{
    struct past past = view_past(view);
    const gait_table *sessions = view->study ? gait_summary_table(view->study, "sessions") : NULL;
    size_t n = 0;
    *medians = PEN_NEW(view->pen, past.n, double);
    if (!*medians || !sessions || past.this_one >= past.n) return 0;
    struct rows all = {sessions, 0, sessions->n_rows};
    struct view then = *view;
    for (size_t k = 0; k < past.this_one; k++) {
        const char *id = rows_text(&all, "session_id", past.row[k]);
        then.limbs = session_rows(view->study, "summary", view->subject, id);
        size_t row = view_limb(&then, rows_text(&view->limbs, "sensor", limb),
                               rows_text(&view->limbs, "side", limb),
                               rows_text(&view->limbs, "activity", limb));
        double median = row == SIZE_MAX ? (double)NAN : rows_number(&then.limbs, metric, row);
        if (isfinite(median)) (*medians)[n++] = median;
    }
    return n;
}

static struct cell usual(const struct view *view, const size_t *limbs, size_t n_limbs,
                         const char *metric, const struct shown *shown)
{
    struct cell cell = cell_number("", NULL, NAN);
    for (size_t i = 0; i < n_limbs && i < 2; i++) {
        double *x, low = INFINITY, high = -INFINITY;
        size_t n = earlier_medians(view, limbs[i], metric, &x);
        if (n < FEWEST_EARLIER) continue;
        for (size_t k = 0; k < n; k++) {
            low = fmin(low, x[k]);
            high = fmax(high, x[k]);
        }
        double middle = median_inplace(x, n);
        cell.text = pen_print(
            view->pen, "%s%s%s (%s)", cell.text, cell.text[0] ? " | " : "",
            shown_number(view, shown, middle),
            pen_range(view->pen, low * shown->factor, high * shown->factor, shown->decimals));
    }
    return cell;
}

static size_t earlier_sessions(const struct view *view)
{
    struct past past = view_past(view);
    return past.this_one < past.n ? past.this_one : 0;
}

static int is_trunk_only(const struct view *view, const size_t *limbs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *side = rows_text(&view->limbs, "side", limbs[i]);
        if (strcmp(side, "left") == 0 || strcmp(side, "right") == 0) return 0;
    }
    return 1;
}

static int goes_left(const char *side)
{
    return strcmp(side, "right") != 0 && strcmp(side, "b") != 0;
}

/* Whether any sensor of the page's activity tells left from right. */
static int has_limbs(const struct view *view)
{
    for (size_t i = 0; i < view->limbs.n; i++) {
        const char *side = rows_text(&view->limbs, "side", i);
        if (strcmp(rows_text(&view->limbs, "activity", i), view_activity(view)) == 0 &&
            (strcmp(side, "left") == 0 || strcmp(side, "right") == 0))
            return 1;
    }
    return 0;
}

/* "a 2.00" where the column is headed Left. */
static const char *prefix(const struct view *view, const char *side)
{
    int is_step = strcmp(side, "a") == 0 || strcmp(side, "b") == 0;
    return is_step && has_limbs(view) ? pen_print(view->pen, "%s ", side) : "";
}

static struct cell difference(const struct view *view, const char *metric)
{
    const struct rows *rows = &view->asymmetry;
    for (size_t i = 0; i < rows->n; i++) {
        if (strcmp(rows_text(rows, "metric", i), metric) != 0) continue;
        double index = rows_number(rows, "index_percent", i);
        double low = rows_number(rows, "ci_low", i), high = rows_number(rows, "ci_high", i);
        struct cell cell =
            cell_number(pen_print(view->pen, "%s\xc2\xa0%%", pen_number(view->pen, index, 1)),
                        pen_range(view->pen, low, high, 1), index);
        cell.is_strong = rows_number(rows, "exceeds", i) > 0;
        return cell;
    }
    return cell_number("", NULL, NAN);
}

static int has_several_placements(const struct view *view)
{
    for (size_t i = 1; i < view->recordings.n; i++)
        if (strcmp(rows_text(&view->recordings, "placement", i),
                   rows_text(&view->recordings, "placement", 0)) != 0)
            return 1;
    return 0;
}

static int exceeds(const struct view *view, const char *metric)
{
    const struct rows *rows = &view->asymmetry;
    for (size_t i = 0; i < rows->n; i++)
        if (strcmp(rows_text(rows, "metric", i), metric) == 0)
            return rows_number(rows, "exceeds", i) > 0;
    return 0;
}

/* Which columns there are: an empty one says nothing. */
struct columns {
    size_t left, right, difference, usual; /* 0: none */
    size_t n;
};

static void fill_limb(struct cell *cell, const struct view *view, const char *metric,
                      const struct shown *shown, size_t limb)
{
    const char *side = rows_text(&view->limbs, "side", limb);
    double value = rows_number(&view->limbs, metric, limb);
    if (cell->is_number) return; /* a second sensor of the same place */
    *cell = cell_number(
        pen_print(view->pen, "%s%s", prefix(view, side), shown_number(view, shown, value)),
        interval_text(view, &view->limbs, limb, metric, shown), value);
}

static void fill_row(struct cell *cells, const struct view *view, const struct columns *columns,
                     const char *metric, const size_t *limbs, size_t n)
{
    struct shown shown = view_shown(view, metric);
    cells[0] = cell_text(metric_label(view, &shown));
    if (has_several_placements(view))
        cells[0].note = view_placement_word(
            view, view_placement(view, rows_text(&view->limbs, "sensor", limbs[0])));
    for (size_t i = 0; i < n; i++) {
        int is_left = goes_left(rows_text(&view->limbs, "side", limbs[i]));
        size_t column = is_left ? columns->left : columns->right;
        fill_limb(&cells[column], view, metric, &shown, limbs[i]);
    }
    if (columns->difference && !is_trunk_only(view, limbs, n))
        cells[columns->difference] = difference(view, metric);
    if (columns->usual) cells[columns->usual] = usual(view, limbs, n, metric, &shown);
}

static void use_column(struct columns *columns, size_t *column, int is_there)
{
    if (is_there) *column = columns->n++;
}

static const char *head_of(const struct view *view, int is_left)
{
    const char *painful = rows_text(&view->sessions, "affected_side", 0);
    if (!has_limbs(view) && view_shows_test(view)) return pen_word(view->pen, W_MEDIAN);
    if (!has_limbs(view)) return pen_word(view->pen, is_left ? W_STEP_A : W_STEP_B);
    if (strcmp(painful, is_left ? "left" : "right") == 0)
        return pen_word(view->pen, is_left ? W_LEFT_PAINFUL : W_RIGHT_PAINFUL);
    return pen_word(view->pen, is_left ? W_LEFT : W_RIGHT);
}

static void add_note(struct page *page, struct section *section, const struct view *view,
                     const struct columns *columns)
{
    struct pen *pen = page->pen;
    int runs = strcmp(view_activity(view), "run") == 0;
    size_t earlier = earlier_sessions(view);
    const char *note = view_shows_test(view)
                           ? pen_word(pen, W_NUMBERS_NOTE_TEST)
                           : FILL(pen, W_NUMBERS_NOTE, pen_word(pen, runs ? W_RUN : W_WALK));
    if (columns->difference)
        note = pen_print(pen, "%s %s", note, pen_word(pen, W_NUMBERS_NOTE_DIFFERENCE));
    if (columns->usual)
        note = pen_print(pen, "%s %s", note,
                         FILL(pen, W_NUMBERS_NOTE_BASELINE, pen_print(pen, "%zu", earlier)));
    add_text(page, section, TONE_MUTED, note);
}

void tell_numbers(struct page *page, const struct view *view)
{
    struct pen *pen = page->pen;
    struct section *section = page_section(page, "numbers", pen_word(pen, W_NUMBERS));
    const char *metrics[MOST_ROWS];
    size_t limbs[MOST_ROWS][MOST_LIMBS], n_limbs[MOST_ROWS], n = 0;
    for (size_t k = 0; n < MOST_ROWS && metric_in_order(k); k++) {
        metrics[n] = metric_in_order(k);
        if (k >= N_ASKED && !exceeds(view, metrics[n])) continue;
        n_limbs[n] = view_limbs_with(view, metrics[n], limbs[n], MOST_LIMBS);
        if (n_limbs[n]) n++;
    }
    if (!n) {
        add_text(page, section, TONE_MUTED, pen_word(pen, W_NO_NUMBERS));
        return;
    }
    struct columns columns = {.n = 1};
    int has[2] = {0, 0};
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n_limbs[i]; k++)
            has[goes_left(rows_text(&view->limbs, "side", limbs[i][k]))] = 1;
    use_column(&columns, &columns.left, has[1]);
    use_column(&columns, &columns.right, has[0]);
    use_column(&columns, &columns.difference, view->asymmetry.n > 0 && has_limbs(view));
    use_column(&columns, &columns.usual, earlier_sessions(view) >= FEWEST_EARLIER);
    const char *heads[MOST_COLUMNS] = {pen_word(pen, W_METRIC)};
    if (columns.left) heads[columns.left] = head_of(view, 1);
    if (columns.right) heads[columns.right] = head_of(view, 0);
    if (columns.difference) heads[columns.difference] = pen_word(pen, W_DIFFERENCE);
    if (columns.usual) heads[columns.usual] = pen_word(pen, W_USUAL);
    struct cell *cells =
        add_table(page, section, pen_word(pen, W_NUMBERS_CAPTION), heads, columns.n, n);
    for (size_t i = 0; cells && i < n; i++)
        fill_row(cells + i * columns.n, view, &columns, metrics[i], limbs[i], n_limbs[i]);
    add_note(page, section, view, &columns);
}
