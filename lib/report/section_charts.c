/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/page.h"

/* To add a chart: write lib/report/chart_NAME.c, one line here, one in chart.h, and its title in
 * every language. */
static const struct chart_row rows[] = {
    {"timing", W_CHART_TIMING, chart_timing},
    {"impact", W_CHART_IMPACT, chart_impact},
    {"pronation", W_CHART_PRONATION, chart_pronation},
    {"drift", W_CHART_DRIFT, chart_drift},
    {"stride", W_CHART_STRIDE, chart_stride},
    {"sessions", W_CHART_SESSIONS, chart_sessions},
};

const struct chart_row *chart_row(size_t index)
{
    return index < sizeof rows / sizeof *rows ? &rows[index] : NULL;
}

void tell_charts(struct page *page, const struct view *view)
{
    struct pen *pen = page->pen;
    if (!view->study && view_shows_test(view)) return; /* nothing goes on through a test */
    struct section *section = page_section(page, "charts", pen_word(pen, W_CHARTS));
    struct chart *charts = PEN_NEW(pen, sizeof rows / sizeof *rows, struct chart);
    size_t n = 0;
    for (size_t k = 0; charts && chart_row(k); k++) {
        charts[n] =
            (struct chart){.key = rows[k].key, .title = pen_word(pen, rows[k].title), .pen = pen};
        if (rows[k].make(&charts[n], view)) n++;
    }
    if (n) add_charts(page, section, charts, n);
    if (!view->strides.table && view->limbs.n)
        add_text(page, section, TONE_MUTED, pen_word(pen, W_NO_CHARTS));
    else if (!n)
        add_text(page, section, TONE_MUTED, pen_word(pen, W_NO_NUMBERS));
}
