/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "report/findings.h"
#include "report/numbers.h"
#include "report/page.h"

/* Everything, for who wants to check: on further sheets, on demand. */

enum { MOST_CARDS = 64, NUMBER_COLUMNS = 7, RECORDING_COLUMNS = 7, MOST_CHARACTERS = 60 };

static void tell_all_findings(struct page *page, const struct view *view)
{
    size_t order[MOST_CARDS], n = findings_in_order(view, order, MOST_CARDS);
    if (!n) return;
    struct section *section =
        page_detail(page, "all-findings", pen_word(page->pen, W_DETAILS_FINDINGS));
    for (size_t k = 0; k < n; k++) {
        struct card card;
        finding_card(&card, view, order[k]);
        add_card(page, section, &card);
    }
}

static struct cell drift_cell(const struct view *view, const struct shown *shown,
                              const char *metric, size_t row)
{
    struct pen *pen = view->pen;
    struct shown finer = *shown;
    finer.decimals += 2;
    const struct rows *limbs = &view->limbs;
    double drift = rows_number(limbs, pen_print(pen, "%s_drift_per_min", metric), row);
    double low = rows_number(limbs, pen_print(pen, "%s_drift_ci_low", metric), row);
    double high = rows_number(limbs, pen_print(pen, "%s_drift_ci_high", metric), row);
    if (!isfinite(drift)) return cell_number("", NULL, NAN);
    return cell_number(shown_number(view, &finer, drift),
                       pen_range(pen, low * finer.factor, high * finer.factor, finer.decimals),
                       drift);
}

static void fill_number(struct cell *cells, const struct view *view, const char *metric, size_t row)
{
    struct pen *pen = view->pen;
    const struct rows *limbs = &view->limbs;
    struct shown shown = view_shown(view, metric);
    int runs = strcmp(rows_text(limbs, "activity", row), "run") == 0;
    cells[0] = cell_text(metric_label(view, &shown));
    cells[1] = cell_text(view_sensor_word(view, rows_text(limbs, "sensor", row)));
    cells[2] = cell_text(view_side_word(view, rows_text(limbs, "side", row)));
    cells[3] = cell_text(pen_word(pen, runs ? W_RUN : W_WALK));
    double value = rows_number(limbs, metric, row);
    double n = rows_number(limbs, pen_print(pen, "%s_n", metric), row);
    cells[4] = cell_number(pen_number(pen, n, 0), NULL, n);
    cells[5] = cell_number(shown_number(view, &shown, value),
                           interval_text(view, limbs, row, metric, &shown), value);
    cells[6] = drift_cell(view, &shown, metric, row);
}

static void tell_all_numbers(struct page *page, const struct view *view)
{
    struct pen *pen = page->pen;
    const char *const heads[NUMBER_COLUMNS] = {pen_word(pen, W_METRIC),  pen_word(pen, W_SENSOR),
                                               pen_word(pen, W_SIDE),    pen_word(pen, W_ACTIVITY),
                                               pen_word(pen, W_STRIDES), pen_word(pen, W_MEDIAN),
                                               pen_word(pen, W_DRIFT)};
    size_t n = 0, at = 0;
    for (size_t m = 0; gait_metric_at(m); m++)
        for (size_t row = 0; row < view->limbs.n; row++)
            n += isfinite(rows_number(&view->limbs, gait_metric_at(m)->key, row)) != 0;
    if (!n) return;
    struct section *section = page_detail(page, "all-numbers", pen_word(pen, W_DETAILS_NUMBERS));
    struct cell *cells =
        add_table(page, section, pen_word(pen, W_NUMBERS_CAPTION), heads, NUMBER_COLUMNS, n);
    for (size_t m = 0; cells && gait_metric_at(m); m++)
        for (size_t row = 0; row < view->limbs.n; row++)
            if (isfinite(rows_number(&view->limbs, gait_metric_at(m)->key, row)))
                fill_number(cells + NUMBER_COLUMNS * at++, view, gait_metric_at(m)->key, row);
}

static void fill_recording(struct cell *cells, const struct view *view, size_t i)
{
    struct pen *pen = view->pen;
    const struct rows *r = &view->recordings;
    double rate = rows_number(r, "effective_rate_hz", i), seconds = rows_number(r, "duration_s", i);
    double gaps = rows_number(r, "gap_s", i), clipped = rows_number(r, "clipped_fraction", i);
    cells[0] = cell_text(view_sensor_word(view, rows_text(r, "sensor", i)));
    cells[1] = cell_text(pen_short(pen, pen_plain(pen, rows_text(r, "file", i)), MOST_CHARACTERS));
    cells[2] =
        cell_text(pen_short(pen, pen_plain(pen, rows_text(r, "device", i)), MOST_CHARACTERS));
    cells[3] = cell_number(pen_print(pen, "%s\xc2\xa0Hz", pen_number(pen, rate, 1)), NULL, rate);
    cells[4] =
        cell_number(pen_print(pen, "%s\xc2\xa0s", pen_number(pen, seconds, 0)), NULL, seconds);
    cells[5] = cell_number(pen_print(pen, "%s\xc2\xa0s", pen_number(pen, gaps, 1)), NULL, gaps);
    cells[6] = cell_number(pen_print(pen, "%s\xc2\xa0%%", pen_number(pen, 100 * clipped, 2)), NULL,
                           clipped);
}

static void tell_recordings(struct page *page, const struct view *view)
{
    struct pen *pen = page->pen;
    const char *const heads[RECORDING_COLUMNS] = {pen_word(pen, W_SENSOR),   pen_word(pen, W_FILE),
                                                  pen_word(pen, W_DEVICE),   pen_word(pen, W_RATE),
                                                  pen_word(pen, W_DURATION), pen_word(pen, W_GAPS),
                                                  pen_word(pen, W_CLIPPED)};
    if (!view->recordings.n) return;
    struct section *section = page_detail(page, "recordings", pen_word(pen, W_DETAILS_RECORDINGS));
    struct cell *cells = add_table(page, section, pen_word(pen, W_DETAILS_RECORDINGS), heads,
                                   RECORDING_COLUMNS, view->recordings.n);
    for (size_t i = 0; cells && i < view->recordings.n; i++)
        fill_recording(cells + RECORDING_COLUMNS * i, view, i);
}

/* What each measure is, from the summary itself. */
static void tell_definitions(struct page *page, const struct view *view)
{
    struct pen *pen = page->pen;
    struct fact facts[GAIT_MAX_METRICS];
    size_t n = 0;
    for (size_t m = 0; gait_metric_at(m); m++) {
        const char *key = gait_metric_at(m)->key;
        int is_there = 0;
        for (size_t row = 0; row < view->limbs.n; row++)
            is_there |= isfinite(rows_number(&view->limbs, key, row)) != 0;
        const gait_column *column = is_there ? gait_table_column(view->limbs.table, key) : NULL;
        if (!column || n == GAIT_MAX_METRICS) continue;
        struct shown shown = view_shown(view, key);
        facts[n++] =
            (struct fact){pen_plain(pen, shown.label), pen_plain(pen, column->description)};
    }
    if (!n) return;
    struct section *section = page_detail(page, "definitions", pen_word(pen, W_DETAILS_WORDS));
    add_facts(page, section, facts, n);
}

void tell_details(struct page *page, const struct view *view)
{
    tell_all_findings(page, view);
    tell_all_numbers(page, view);
    tell_recordings(page, view);
    tell_definitions(page, view);
}
