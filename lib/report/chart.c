/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/chart.h"

#include <math.h>
#include <string.h>

static const double text_size = 10, text_height = 12, gap = 4, dot_size = 1.8,
                    sparse_dot_size = 2.8, ring_size = 6;

struct panel *chart_panel(struct chart *chart, const char *label)
{
    if (chart->n_panels == MOST_PANELS) return NULL;
    struct panel *panel = &chart->panels[chart->n_panels++];
    panel->label = label;
    panel->y = empty_scale;
    return panel;
}

void panel_mark(struct panel *panel, const struct mark *mark)
{
    if (panel->n_marks < MOST_MARKS) panel->marks[panel->n_marks++] = *mark;
}

void chart_key(struct chart *chart, const struct key *key)
{
    if (chart->n_keys < MOST_KEYS) chart->keys[chart->n_keys++] = *key;
}

enum ink side_ink(const char *side)
{
    if (strcmp(side, "left") == 0 || strcmp(side, "a") == 0) return INK_LEFT;
    if (strcmp(side, "right") == 0 || strcmp(side, "b") == 0) return INK_RIGHT;
    return INK_BOTH;
}

int side_is_dashed(const char *side)
{
    return side_ink(side) == INK_RIGHT;
}

void chart_describe(struct chart *chart, const char *sentence)
{
    const char *so_far = chart->description ? chart->description : "";
    chart->description = pen_print(chart->pen, "%s%s%s", so_far, so_far[0] ? " " : "", sentence);
}

/* Where one panel's data go. */
struct plot {
    const struct chart *chart;
    struct canvas *canvas;
    struct scale x, y;
    double left, right, top, bottom;
};

static double at_x(const struct plot *plot, double x)
{
    return plot->left +
           (x - plot->x.low) / (plot->x.high - plot->x.low) * (plot->right - plot->left);
}

static double at_y(const struct plot *plot, double y)
{
    double share = (y - plot->y.low) / (plot->y.high - plot->y.low);
    return plot->bottom - share * (plot->bottom - plot->top);
}

static void line_between(const struct plot *plot, struct point a, struct point b,
                         struct stroke stroke)
{
    const struct point both[] = {a, b};
    plot->canvas->kind->line(plot->canvas, both, 2, stroke);
}

static double width_of(const struct plot *plot, const char *text)
{
    return plot->canvas->kind->width(plot->canvas, text, text_size);
}

static void put(const struct plot *plot, double x, double y, const char *text, enum anchor anchor,
                enum ink ink)
{
    plot->canvas->kind->text(plot->canvas, x, y, text, text_size, anchor, ink);
}

static struct point *points_of(const struct plot *plot, const struct mark *mark, const double *y)
{
    struct point *points = PEN_NEW(plot->chart->pen, mark->n + 1, struct point);
    for (size_t i = 0; points && i < mark->n; i++)
        points[i] = (struct point){at_x(plot, mark->x[i]), at_y(plot, y[i])};
    return points;
}

static void draw_line(const struct plot *plot, const struct mark *mark)
{
    struct point *points = points_of(plot, mark, mark->y);
    struct stroke stroke = {mark->ink, 1.5, mark->is_dashed};
    for (size_t i = 0, begin = 0; points && i <= mark->n; i++) {
        if (i < mark->n && isfinite(points[i].y)) continue;
        if (i > begin + 1)
            plot->canvas->kind->line(plot->canvas, points + begin, i - begin, stroke);
        begin = i + 1;
    }
}

static void draw_band(const struct plot *plot, const struct mark *mark)
{
    struct point *shape = PEN_NEW(plot->chart->pen, 2 * mark->n, struct point);
    if (!shape || !mark->n) return;
    for (size_t i = 0; i < mark->n; i++) {
        if (!isfinite(mark->low[i]) || !isfinite(mark->high[i])) return;
        shape[i] = (struct point){at_x(plot, mark->x[i]), at_y(plot, mark->high[i])};
        shape[2 * mark->n - 1 - i] =
            (struct point){at_x(plot, mark->x[i]), at_y(plot, mark->low[i])};
    }
    plot->canvas->kind->fill(plot->canvas, shape, 2 * mark->n, mark->ink, 1);
}

static void draw_dots(const struct plot *plot, const struct mark *mark)
{
    struct point *points = points_of(plot, mark, mark->y);
    double size = mark->n > 300 ? dot_size : sparse_dot_size;
    if (mark->kind == MARK_RINGS) size = ring_size;
    if (points && mark->n) plot->canvas->kind->dots(plot->canvas, points, mark->n, mark->ink, size);
}

static void draw_rule(const struct plot *plot, const struct mark *mark)
{
    double y = at_y(plot, mark->y[0]);
    struct stroke stroke = {mark->ink, 1, mark->is_dashed};
    line_between(plot, (struct point){plot->left, y}, (struct point){plot->right, y}, stroke);
}

static void fill_box(const struct plot *plot, double x0, double y0, double x1, double y1,
                     enum ink ink, int is_wash)
{
    const struct point box[] = {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
    plot->canvas->kind->fill(plot->canvas, box, 4, ink, is_wash);
}

static void draw_shade(const struct plot *plot, const struct mark *mark)
{
    double from = fmax(mark->low[0], plot->x.low), to = fmin(mark->high[0], plot->x.high);
    if (to > from)
        fill_box(plot, at_x(plot, from), plot->top, at_x(plot, to), plot->bottom, mark->ink, 1);
}

static void draw_bars(const struct plot *plot, const struct mark *mark)
{
    double half = fmin(3, 0.35 * (plot->right - plot->left) / (plot->x.high - plot->x.low));
    half = fmax(half, 0.8);
    for (size_t i = 0; i < mark->n; i++) {
        double x = at_x(plot, mark->x[i]);
        if (isfinite(mark->y[i]))
            fill_box(plot, x - half, at_y(plot, mark->y[i]), x + half, at_y(plot, 0), mark->ink, 0);
    }
}

static void draw_ranges(const struct plot *plot, const struct mark *mark)
{
    struct stroke stroke = {mark->ink, 1.5, 0};
    for (size_t i = 0; i < mark->n; i++) {
        double y = at_y(plot, mark->y[i]);
        struct point low = {at_x(plot, fmax(mark->low[i], plot->x.low)), y};
        struct point high = {at_x(plot, fmin(mark->high[i], plot->x.high)), y};
        struct point middle = {at_x(plot, mark->x[i]), y};
        line_between(plot, low, high, stroke);
        plot->canvas->kind->dots(plot->canvas, &middle, 1, mark->ink, ring_size - 1);
    }
}

static void draw_mark(const struct plot *plot, const struct mark *mark)
{
    switch (mark->kind) {
    case MARK_LINE: draw_line(plot, mark); return;
    case MARK_BAND: draw_band(plot, mark); return;
    case MARK_DOTS:
    case MARK_RINGS: draw_dots(plot, mark); return;
    case MARK_RULE: draw_rule(plot, mark); return;
    case MARK_SHADE: draw_shade(plot, mark); return;
    case MARK_BARS: draw_bars(plot, mark); return;
    case MARK_RANGES: draw_ranges(plot, mark); return;
    }
}

static size_t most_y_ticks(double height)
{
    return height < 22 ? 1 : height < 62 ? 2 : 3;
}

/* Ticks of one scale, lowest first. */
struct ticks {
    double first, step;
    size_t n;
    int decimals;
};

enum { MOST_TICKS = 64 }; /* more come from numbers beyond all reason */

static struct ticks ticks_of(const struct scale *scale, size_t most, int whole)
{
    struct ticks ticks = {0, tick_step(scale, most), 0, 0};
    if (whole) ticks.step = fmax(1, ticks.step);
    ticks.decimals = tick_decimals(ticks.step);
    ticks.first = ticks.step * ceil(scale->low / ticks.step - 1e-6);
    double n = floor((scale->high - ticks.first) / ticks.step + 1e-6) + 1;
    ticks.n = n > 0 && n < MOST_TICKS ? (size_t)n : 0;
    return ticks;
}

static const char *tick_text(const struct chart *chart, const struct ticks *ticks, size_t i)
{
    return pen_number(chart->pen, ticks->first + (double)i * ticks->step, ticks->decimals);
}

static double y_labels_width(const struct plot *plot, const struct panel *panel, double height)
{
    double widest = 0;
    struct ticks ticks = ticks_of(&panel->y, most_y_ticks(height), 0);
    size_t n = panel->n_rows ? panel->n_rows : ticks.n;
    for (size_t i = 0; i < n; i++)
        widest = fmax(widest, width_of(plot, panel->n_rows ? panel->row_names[i]
                                                           : tick_text(plot->chart, &ticks, i)));
    return widest;
}

static void draw_y_axis(const struct plot *plot, const struct panel *panel)
{
    struct stroke grid = {INK_GRID, 0.75, 0};
    struct ticks ticks = ticks_of(&panel->y, most_y_ticks(plot->bottom - plot->top), 0);
    size_t n = panel->n_rows ? panel->n_rows : ticks.n;
    for (size_t i = 0; i < n; i++) {
        double value = panel->n_rows ? (double)i : ticks.first + (double)i * ticks.step;
        double y = at_y(plot, value);
        const char *text = panel->n_rows ? panel->row_names[i] : tick_text(plot->chart, &ticks, i);
        line_between(plot, (struct point){plot->left, y}, (struct point){plot->right, y}, grid);
        put(plot, plot->left - gap, y + 0.35 * text_size, text, ANCHOR_END, INK_MUTED);
    }
}

/* The label at the right end, and the ticks that leave it room. */
static void draw_x_axis(const struct plot *plot)
{
    const struct chart *chart = plot->chart;
    double y = plot->bottom + text_height, label = width_of(plot, chart->x_label);
    size_t most = (size_t)fmax(2, (plot->right - plot->left) / 55);
    struct ticks ticks = ticks_of(&plot->x, most, chart->x_whole);
    put(plot, plot->right, y, chart->x_label, ANCHOR_END, INK_MUTED);
    for (size_t i = 0; i < ticks.n; i++) {
        double x = at_x(plot, ticks.first + (double)i * ticks.step);
        const char *text = tick_text(chart, &ticks, i);
        line_between(plot, (struct point){x, plot->bottom}, (struct point){x, plot->bottom + 2},
                     (struct stroke){INK_MUTED, 0.75, 0});
        if (x + width_of(plot, text) / 2 < plot->right - label - 2 * gap)
            put(plot, x, y, text, ANCHOR_MIDDLE, INK_MUTED);
    }
}

static const double sample_width = 16;

static double key_width(const struct plot *plot, const struct key *key)
{
    return sample_width + gap + width_of(plot, key->label) + 3 * gap;
}

static void draw_sample(const struct plot *plot, const struct key *key, double x, double y)
{
    struct point middle = {x + sample_width / 2, y};
    switch (key->kind) {
    case MARK_BAND:
    case MARK_SHADE: fill_box(plot, x, y - 4, x + sample_width, y + 4, key->ink, 1); return;
    case MARK_BARS: fill_box(plot, x + 5, y - 4, x + 11, y + 4, key->ink, 0); return;
    case MARK_DOTS:
    case MARK_RINGS:
    case MARK_RANGES:
        plot->canvas->kind->dots(plot->canvas, &middle, 1, key->ink, ring_size - 1);
        return;
    case MARK_LINE:
    case MARK_RULE:
        line_between(plot, (struct point){x, y}, (struct point){x + sample_width, y},
                     (struct stroke){key->ink, 1.5, key->is_dashed});
        return;
    }
}

/* Keys from the left in as many lines as they need; the height they took. */
static double draw_keys(const struct plot *plot)
{
    double x = plot->left, y = 0;
    for (size_t i = 0; i < plot->chart->n_keys; i++) {
        const struct key *key = &plot->chart->keys[i];
        double width = key_width(plot, key);
        if (x > plot->left && x + width > plot->right + 3 * gap) {
            x = plot->left;
            y += text_height;
        }
        draw_sample(plot, key, x, y + text_height / 2);
        put(plot, x + sample_width + gap, y + text_height / 2 + 0.35 * text_size, key->label,
            ANCHOR_START, INK_TEXT);
        x += width;
    }
    return plot->chart->n_keys ? y + text_height + 2 : 0;
}

static void draw_panel(struct plot *plot, const struct panel *panel, int is_last)
{
    plot->y = panel->y;
    if (panel->label && panel->label[0])
        put(plot, plot->left, plot->top - gap, panel->label, ANCHOR_START, INK_TEXT);
    /* Washes lie below the grid, so that its lines stay visible. */
    for (size_t m = 0; m < panel->n_marks; m++)
        if (panel->marks[m].kind == MARK_SHADE || panel->marks[m].kind == MARK_BAND)
            draw_mark(plot, &panel->marks[m]);
    draw_y_axis(plot, panel);
    for (size_t m = 0; m < panel->n_marks; m++)
        if (panel->marks[m].kind != MARK_SHADE && panel->marks[m].kind != MARK_BAND)
            draw_mark(plot, &panel->marks[m]);
    if (is_last) draw_x_axis(plot);
}

void chart_draw(const struct chart *chart, struct canvas *canvas, double width, double height)
{
    struct plot plot = {.chart = chart, .canvas = canvas, .x = chart->x, .right = width - 1};
    double labels = 0, top, each;
    for (size_t p = 0; p < chart->n_panels; p++) {
        double w = y_labels_width(&plot, &chart->panels[p], height / (double)chart->n_panels);
        labels = fmax(labels, w);
    }
    plot.left = ceil(labels) + 2 * gap;
    top = draw_keys(&plot);
    each = (height - top - text_height - gap) / (double)chart->n_panels;
    for (size_t p = 0; p < chart->n_panels; p++) {
        const struct panel *panel = &chart->panels[p];
        int has_label = panel->label && panel->label[0];
        plot.top = top + each * (double)p + (has_label ? text_height + 2 : text_height / 2);
        plot.bottom = top + each * (double)(p + 1);
        draw_panel(&plot, panel, p + 1 == chart->n_panels);
    }
}

void spark_draw(const struct spark *spark, struct canvas *canvas, double width, double height)
{
    struct scale y = empty_scale;
    scale_take(&y, spark->value, spark->n);
    if (spark->is_bars) y.low = 0;
    if (!(y.high > y.low)) y.high = y.low + 1;
    double step = (width - 4) / fmax(1, (double)spark->n - 1),
           scale = (height - 4) / (y.high - y.low);
    struct point before = {NAN, NAN};
    for (size_t i = 0; i < spark->n; i++) {
        struct point at = {2 + step * (double)i, height - 2 - (spark->value[i] - y.low) * scale};
        enum ink ink = i == spark->marked ? INK_ALERT : INK_BOTH;
        const struct point bar[] = {{at.x, height - 2}, at}, piece[] = {before, at};
        if (isfinite(at.y) && spark->is_bars)
            canvas->kind->line(canvas, bar, 2, (struct stroke){ink, 2, 0});
        else if (isfinite(at.y) && isfinite(before.y))
            canvas->kind->line(canvas, piece, 2, (struct stroke){INK_BOTH, 1.25, 0});
        before = at;
    }
    if (spark->is_bars || spark->marked >= spark->n || !isfinite(spark->value[spark->marked]))
        return;
    struct point marked = {2 + step * (double)spark->marked,
                           height - 2 - (spark->value[spark->marked] - y.low) * scale};
    canvas->kind->dots(canvas, &marked, 1, INK_ALERT, 4.5);
}
