/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/canvas_pdf.h"

LIBRARY_DEFINE(libcairo, cairo_, CAIRO_SYMBOLS, LIBCAIRO_FILE);

/* The colours of the page's light style. */
static const double colours[][3] = {
    [COLOUR_TEXT] = {0.106, 0.122, 0.141},  [COLOUR_MUTED] = {0.329, 0.361, 0.400},
    [COLOUR_LINE] = {0.835, 0.855, 0.878},  [COLOUR_LEFT] = {0.071, 0.247, 0.549},
    [COLOUR_RIGHT] = {0.722, 0.353, 0.047}, [COLOUR_BOTH] = {0.239, 0.271, 0.314},
    [COLOUR_ALERT] = {0.702, 0.000, 0.118}, [COLOUR_NOTE] = {0.420, 0.290, 0.000},
    [COLOUR_GOOD] = {0.078, 0.376, 0.227}};

static const enum colour ink_colour[N_INKS] = {
    [INK_TEXT] = COLOUR_TEXT,  [INK_MUTED] = COLOUR_MUTED, [INK_GRID] = COLOUR_LINE,
    [INK_LEFT] = COLOUR_LEFT,  [INK_RIGHT] = COLOUR_RIGHT, [INK_BOTH] = COLOUR_BOTH,
    [INK_ALERT] = COLOUR_ALERT};

/* The font with the widest stock of letters that most systems have; others stand in for it. */
static void choose_font(cairo_t *cr, double size, int is_bold)
{
    libcairo.select_font_face(cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                              is_bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    libcairo.set_font_size(cr, size);
}

void pdf_colour(cairo_t *cr, enum colour colour, double opacity)
{
    const double *c = colours[colour];
    libcairo.set_source_rgba(cr, c[0], c[1], c[2], opacity);
}

double pdf_advance(cairo_t *cr, const char *utf8, double size, int is_bold)
{
    cairo_text_extents_t extents;
    choose_font(cr, size, is_bold);
    libcairo.text_extents(cr, utf8, &extents);
    return extents.x_advance;
}

void pdf_text(cairo_t *cr, double x, double y, const char *utf8, double size, int is_bold)
{
    choose_font(cr, size, is_bold);
    libcairo.move_to(cr, x, y);
    libcairo.show_text(cr, utf8);
}

static cairo_t *cr_of(struct canvas *canvas)
{
    return ((struct pdf_canvas *)canvas)->cr;
}

static void trace(struct canvas *canvas, const struct point *points, size_t n)
{
    struct point origin = ((struct pdf_canvas *)canvas)->origin;
    libcairo.new_path(cr_of(canvas));
    for (size_t i = 0; i < n; i++)
        libcairo.line_to(cr_of(canvas), origin.x + points[i].x, origin.y + points[i].y);
}

static void line(struct canvas *canvas, const struct point *points, size_t n, struct stroke stroke)
{
    static const double dashes[] = {4, 2.5};
    cairo_t *cr = cr_of(canvas);
    trace(canvas, points, n);
    pdf_colour(cr, ink_colour[stroke.ink], 1);
    libcairo.set_line_width(cr, stroke.width);
    libcairo.set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
    libcairo.set_dash(cr, dashes, stroke.is_dashed ? 2 : 0, 0);
    libcairo.stroke(cr);
    libcairo.set_dash(cr, dashes, 0, 0);
}

static void fill(struct canvas *canvas, const struct point *points, size_t n, enum ink ink,
                 int is_wash)
{
    cairo_t *cr = cr_of(canvas);
    trace(canvas, points, n);
    libcairo.close_path(cr);
    pdf_colour(cr, ink_colour[ink], is_wash ? 0.2 : 1);
    libcairo.fill(cr);
}

/* A stroke of no length with round ends is a dot. */
static void dots(struct canvas *canvas, const struct point *points, size_t n, enum ink ink,
                 double diameter)
{
    cairo_t *cr = cr_of(canvas);
    struct point origin = ((struct pdf_canvas *)canvas)->origin;
    libcairo.new_path(cr);
    for (size_t i = 0; i < n; i++) {
        libcairo.move_to(cr, origin.x + points[i].x, origin.y + points[i].y);
        libcairo.close_path(cr);
    }
    pdf_colour(cr, ink_colour[ink], 1);
    libcairo.set_line_width(cr, diameter);
    libcairo.set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    libcairo.stroke(cr);
}

static void text(struct canvas *canvas, double x, double y, const char *utf8, double size,
                 enum anchor anchor, enum ink ink)
{
    cairo_t *cr = cr_of(canvas);
    struct point origin = ((struct pdf_canvas *)canvas)->origin;
    double advance = pdf_advance(cr, utf8, size, 0);
    double left = anchor == ANCHOR_START ? 0 : anchor == ANCHOR_MIDDLE ? advance / 2 : advance;
    pdf_colour(cr, ink_colour[ink], 1);
    pdf_text(cr, origin.x + x - left, origin.y + y, utf8, size, 0);
}

static double width(struct canvas *canvas, const char *utf8, double size)
{
    return pdf_advance(cr_of(canvas), utf8, size, 0);
}

void pdf_canvas_begin(struct pdf_canvas *pdf, cairo_t *cr, double x, double y)
{
    static const struct canvas_kind kind = {line, fill, dots, text, width};
    pdf->canvas.kind = &kind;
    pdf->cr = cr;
    pdf->origin = (struct point){x, y};
}
