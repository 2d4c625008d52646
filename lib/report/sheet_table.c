/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/sheet.h"

#include <math.h>
#include <string.h>

static const double most_spare = 24;
static const double spark_width = 84, spark_height = 16;

static double cell_advance(const struct sheet *sheet, const struct cell *cell)
{
    if (cell->spark) return spark_width;
    double width = sheet_advance(sheet, cell->text, cell->is_strong);
    if (cell->note && cell->note[0])
        width += pdf_advance(sheet->cr, cell->note, sheet->text_size * 0.87, 0) + 4;
    return width;
}

static double longest_word(const struct sheet *sheet, const char *text)
{
    double longest = 0;
    char word[64];
    while (*text) {
        size_t blanks = strspn(text, " "), n = strcspn(text + blanks, " ");
        size_t m = n < sizeof word ? n : sizeof word - 1;
        memcpy(word, text + blanks, m);
        word[m] = '\0';
        longest = fmax(longest, sheet_advance(sheet, word, 1));
        text += blanks + n;
    }
    return longest;
}

/* Numbers, pictures and short texts keep what they need; long texts share what is left. A head
 * takes as many lines as its column makes it. */
void column_widths(const struct sheet *sheet, const struct block *block, double *width)
{
    static const double short_text = 90;
    double fixed = 0, wanted = 0;
    int keeps[SHEET_MOST_COLUMNS];
    for (size_t k = 0; k < block->n_columns && k < SHEET_MOST_COLUMNS; k++) {
        width[k] = longest_word(sheet, block->heads[k]);
        for (size_t i = 0; i < block->n; i++)
            width[k] = fmax(width[k], cell_advance(sheet, &block->cells[i * block->n_columns + k]));
        keeps[k] = width[k] <= short_text;
        for (size_t i = 0; i < block->n; i++) {
            const struct cell *cell = &block->cells[i * block->n_columns + k];
            keeps[k] |= cell->is_number || cell->spark;
        }
        width[k] += sheet_column_gap;
        *(keeps[k] ? &fixed : &wanted) += width[k];
    }
    double left = fmax(sheet->width + sheet_column_gap - fixed, 60);
    double spare = fmin(fmax(0, left - wanted) / (double)block->n_columns, most_spare);
    for (size_t k = 0; k < block->n_columns && k < SHEET_MOST_COLUMNS; k++) {
        if (!keeps[k] && left < wanted) width[k] *= left / wanted;
        width[k] += spare;
    }
}

static double put_cell(const struct sheet *sheet, const struct cell *cell, double left, double top,
                       double width)
{
    double size = sheet->text_size;
    struct run runs[] = {{cell->text, tone_colour(cell->tone), (int)cell->is_strong, size},
                         {cell->note && cell->note[0] ? " " : "", COLOUR_MUTED, 0, size * 0.87},
                         {cell->note ? cell->note : "", COLOUR_MUTED, 0, size * 0.87}};
    if (cell->spark) {
        struct pdf_canvas canvas;
        pdf_canvas_begin(&canvas, sheet->cr, left, top);
        if (sheet->draws) spark_draw(cell->spark, &canvas.canvas, spark_width, spark_height);
        return spark_height;
    }
    if (cell->is_number) left += fmax(0, width - cell_advance(sheet, cell));
    return put_paragraph(sheet, runs, 3, left, top, width + 0.5);
}

double put_heads(const struct sheet *sheet, const struct block *block, const double *width,
                 double top)
{
    double x = 0, tallest = 0;
    for (size_t k = 0; k < block->n_columns && k < SHEET_MOST_COLUMNS; k++) {
        struct cell head = {.text = block->heads[k], .value = NAN, .is_strong = 1};
        head.tone = TONE_MUTED;
        for (size_t i = 0; i < block->n; i++)
            head.is_number |= block->cells[i * block->n_columns + k].is_number;
        tallest = fmax(tallest, put_cell(sheet, &head, x, top, width[k] - sheet_column_gap));
        x += width[k];
    }
    return tallest + 1.5;
}

double put_table_row(const struct sheet *sheet, const struct block *block, const double *width,
                     size_t row, double top)
{
    double x = 0, tallest = 0;
    put_rule(sheet, 0, sheet->width, top);
    for (size_t k = 0; k < block->n_columns && k < SHEET_MOST_COLUMNS; k++) {
        const struct cell *cell = &block->cells[row * block->n_columns + k];
        tallest = fmax(tallest, put_cell(sheet, cell, x, top + 1.2, width[k] - sheet_column_gap));
        x += width[k];
    }
    return tallest + 2;
}

double put_table(const struct sheet *sheet, const struct block *block, double top)
{
    double width[SHEET_MOST_COLUMNS], y;
    column_widths(sheet, block, width);
    y = put_heads(sheet, block, width, top);
    for (size_t i = 0; i < block->n; i++) y += put_table_row(sheet, block, width, i, top + y);
    return y;
}
