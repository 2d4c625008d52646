/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_SHEET_H
#define REPORT_SHEET_H

#include "report/canvas_pdf.h"
#include "report/page.h"

/* A sheet of paper: every block is first measured, then drawn by the same code. Lengths are CSS
 * pixels as in the charts, from the corner between the margins. What puts something returns the
 * height it takes. */
struct sheet {
    cairo_t *cr;
    const struct page *page;
    double width, height; /* between the margins */
    int draws;            /* 0: only measures */
    double text_size;
};

static const double sheet_body = 10, sheet_leading = 1.34, sheet_column_gap = 14;

/* A piece of a paragraph. */
struct run {
    const char *text;
    enum colour colour;
    int is_bold;
    double size;
};

/* Runs set one behind the other in lines of that width. */
double put_paragraph(const struct sheet *sheet, const struct run *runs, size_t n, double left,
                     double top, double width);
double put_plain(const struct sheet *sheet, const char *text, enum colour colour, int is_bold,
                 double left, double top, double width);
void put_rule(const struct sheet *sheet, double left, double right, double y);
double sheet_advance(const struct sheet *sheet, const char *text, int is_bold);
enum colour tone_colour(enum tone tone);

double put_card(const struct sheet *sheet, const struct card *card, double top);

/* A table, or its rows one by one where it goes on on the next sheet. */
double put_table(const struct sheet *sheet, const struct block *block, double top);
enum { SHEET_MOST_COLUMNS = 12 };
void column_widths(const struct sheet *sheet, const struct block *block, double *width);
double put_heads(const struct sheet *sheet, const struct block *block, const double *width,
                 double top);
double put_table_row(const struct sheet *sheet, const struct block *block, const double *width,
                     size_t row, double top);

double put_block(const struct sheet *sheet, const struct block *block, double top,
                 double chart_height);
size_t chart_rows_of(const struct block *block);
double put_definition(const struct sheet *sheet, const struct fact *fact, double top);

#endif
