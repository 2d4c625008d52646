/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "report/markup.h"

/* Colours are classes, so that the page's style decides them for light, dark and print. */
static const char *const ink_class[N_INKS] = {"t", "m", "g", "l", "r", "b", "a"};

static struct markup *out_of(struct canvas *canvas)
{
    return ((struct svg *)canvas)->out;
}

static void put_points(struct markup *out, const struct point *points, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put_raw(out, i == 0 ? "M" : i == 1 ? "L" : " ");
        put_length(out, points[i].x);
        put_raw(out, " ");
        put_length(out, points[i].y);
    }
}

static void line(struct canvas *canvas, const struct point *points, size_t n, struct stroke stroke)
{
    struct markup *out = out_of(canvas);
    put_formatted(out, "<path class=\"%s%s\" d=\"", ink_class[stroke.ink],
                  stroke.is_dashed ? " d" : "");
    put_points(out, points, n);
    put_formatted(out, "\" stroke-width=\"%g\"/>", stroke.width);
}

static void fill(struct canvas *canvas, const struct point *points, size_t n, enum ink ink,
                 int is_wash)
{
    struct markup *out = out_of(canvas);
    put_formatted(out, "<path class=\"%s %s\" d=\"", ink_class[ink], is_wash ? "w" : "f");
    put_points(out, points, n);
    put_raw(out, "Z\"/>");
}

/* Dots on a grid of half pixels, so that thousands of strides stay small: a column of neighbours is
 * one stroke. */
struct cell_at {
    int32_t x, y;
};

static int by_column(const void *a, const void *b)
{
    const struct cell_at *p = a, *q = b;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    return p->y < q->y ? -1 : p->y > q->y;
}

static void put_runs(struct markup *out, const struct cell_at *cells, size_t n)
{
    int32_t x = 0, y = 0;
    for (size_t i = 0; i < n;) {
        size_t k = i;
        while (k + 1 < n && cells[k + 1].x == cells[i].x && cells[k + 1].y <= cells[k].y + 1) k++;
        put_formatted(out, "m%d %dv%d", cells[i].x - x, cells[i].y - y, cells[k].y - cells[i].y);
        x = cells[i].x;
        y = cells[k].y;
        i = k + 1;
    }
}

static void dots(struct canvas *canvas, const struct point *points, size_t n, enum ink ink,
                 double diameter)
{
    struct markup *out = out_of(canvas);
    /* In a crowd a coarser grid tells as much. */
    double per_pixel = n > 4000 ? 1 : n > 12 ? 2 : 10;
    struct cell_at *cells = malloc(n * sizeof *cells);
    if (!cells) {
        out->failed = 1;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        cells[i].x = (int32_t)floor(points[i].x * per_pixel + 0.5);
        cells[i].y = (int32_t)floor(points[i].y * per_pixel + 0.5);
    }
    qsort(cells, n, sizeof *cells, by_column);
    put_formatted(out, "<path class=\"%s o\" transform=\"scale(%g)\" stroke-width=\"%g\" d=\"M0 0",
                  ink_class[ink], 1 / per_pixel, diameter * per_pixel);
    put_runs(out, cells, n);
    put_raw(out, "\"/>");
    free(cells);
}

static void text(struct canvas *canvas, double x, double y, const char *utf8, double size,
                 enum anchor anchor, enum ink ink)
{
    static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    struct markup *out = out_of(canvas);
    (void)size; /* one size, set by the style */
    put_formatted(out, "<text class=\"%s\"%s x=\"", ink_class[ink], anchors[anchor]);
    put_length(out, x);
    put_raw(out, "\" y=\"");
    put_length(out, y);
    put_raw(out, "\">");
    put_escaped(out, utf8);
    put_raw(out, "</text>");
}

static double width(struct canvas *canvas, const char *utf8, double size)
{
    (void)canvas;
    return text_advance(utf8, size);
}

void svg_begin(struct svg *svg, struct markup *out)
{
    static const struct canvas_kind kind = {line, fill, dots, text, width};
    svg->canvas.kind = &kind;
    svg->out = out;
}
