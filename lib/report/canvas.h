/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_CANVAS_H
#define REPORT_CANVAS_H

#include <stddef.h>

/* What charts are drawn on. Lengths are CSS pixels (1/96 inch), y points down. Each surface has its
 * file canvas_NAME.c. */

enum ink { INK_TEXT, INK_MUTED, INK_GRID, INK_LEFT, INK_RIGHT, INK_BOTH, INK_ALERT, N_INKS };
enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };

struct point {
    double x, y;
};

struct stroke {
    enum ink ink;
    double width;
    int is_dashed;
};

struct canvas {
    const struct canvas_kind *kind;
};

struct canvas_kind {
    void (*line)(struct canvas *canvas, const struct point *points, size_t n, struct stroke stroke);
    /* A closed shape in a thin wash of the ink, or in its full colour. */
    void (*fill)(struct canvas *canvas, const struct point *points, size_t n, enum ink ink,
                 int is_wash);
    /* A small round dot at each; those that fall on one another may be drawn once. */
    void (*dots)(struct canvas *canvas, const struct point *points, size_t n, enum ink ink,
                 double diameter);
    /* y of the base line. */
    void (*text)(struct canvas *canvas, double x, double y, const char *text, double size,
                 enum anchor anchor, enum ink ink);
    double (*width)(struct canvas *canvas, const char *text, double size);
};

/* Advance of a text in DejaVu Sans, the widest of the fonts a page may be shown in. */
double text_advance(const char *utf8, double size);

#endif
