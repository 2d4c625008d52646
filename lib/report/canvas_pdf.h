/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_CANVAS_PDF_H
#define REPORT_CANVAS_PDF_H

#include "report/canvas.h"
#include "report/libcairo.h"

/* A surface that draws with cairo; its origin is that of the cairo context. */
struct pdf_canvas {
    struct canvas canvas;
    cairo_t *cr;
    struct point origin; /* where the canvas lies on the sheet */
};
void pdf_canvas_begin(struct pdf_canvas *pdf, cairo_t *cr, double x, double y);

/* Text anywhere on the sheet: the advance, and drawing on a base line. */
double pdf_advance(cairo_t *cr, const char *utf8, double size, int is_bold);
void pdf_text(cairo_t *cr, double x, double y, const char *utf8, double size, int is_bold);

enum colour {
    COLOUR_TEXT,
    COLOUR_MUTED,
    COLOUR_LINE,
    COLOUR_LEFT,
    COLOUR_RIGHT,
    COLOUR_BOTH,
    COLOUR_ALERT,
    COLOUR_NOTE,
    COLOUR_GOOD
};
void pdf_colour(cairo_t *cr, enum colour colour, double opacity);

#endif
