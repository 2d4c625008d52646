/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/sheet.h"

#include <math.h>

/* Name over text, side by side as far as they go. */
static double put_facts(const struct sheet *sheet, const struct block *block, double top)
{
    double x = 0, y = 0, tallest = 0, gap = 20;
    for (size_t i = 0; i < block->n; i++) {
        const struct fact *fact = &block->facts[i];
        double width =
            fmax(sheet_advance(sheet, fact->text, 1), sheet_advance(sheet, fact->name, 0));
        width = fmin(width + 1, sheet->width);
        if (x > 0 && x + width > sheet->width) {
            x = 0;
            y += tallest + 2;
            tallest = 0;
        }
        struct run name = {fact->name, COLOUR_MUTED, 0, sheet->text_size * 0.86};
        double height = put_paragraph(sheet, &name, 1, x, top + y, width);
        height += put_plain(sheet, fact->text, COLOUR_TEXT, 1, x, top + y + height, width);
        tallest = fmax(tallest, height);
        x += width + gap;
    }
    return y + tallest;
}

double put_definition(const struct sheet *sheet, const struct fact *fact, double top)
{
    struct run runs[] = {{fact->name, COLOUR_TEXT, 1, sheet->text_size},
                         {": ", COLOUR_TEXT, 0, sheet->text_size},
                         {fact->text, COLOUR_TEXT, 0, sheet->text_size}};
    return put_paragraph(sheet, runs, 3, 0, top, sheet->width) + 1.5;
}

static double put_items(const struct sheet *sheet, const struct block *block, double top)
{
    enum { COLUMNS = 3 };
    double width = (sheet->width - (COLUMNS - 1) * sheet_column_gap) / COLUMNS, tallest = 0;
    size_t each = (block->n + COLUMNS - 1) / COLUMNS;
    for (size_t k = 0; k < COLUMNS; k++) {
        double x = (width + sheet_column_gap) * (double)k, y = 0;
        for (size_t i = k * each; i < block->n && i < (k + 1) * each; i++) {
            put_plain(sheet, "\xe2\x80\xa2", COLOUR_MUTED, 0, x, top + y, width);
            y += put_plain(sheet, block->items[i], COLOUR_TEXT, 0, x + 9, top + y, width - 9);
        }
        tallest = fmax(tallest, y);
    }
    return tallest;
}

size_t chart_rows_of(const struct block *block)
{
    return (block->n + 1) / 2;
}

static double put_charts(const struct sheet *sheet, const struct block *block, double top,
                         double chart_height)
{
    double width = (sheet->width - sheet_column_gap) / 2, title = sheet_body * sheet_leading,
           gap = 5;
    for (size_t i = 0; sheet->draws && i < block->n; i++) {
        double x = (width + sheet_column_gap) * (double)(i % 2);
        double y = top + (title + chart_height + gap) * (double)(i / 2);
        struct run run = {block->charts[i].title, COLOUR_TEXT, 1, sheet->text_size};
        struct pdf_canvas canvas;
        put_paragraph(sheet, &run, 1, x, y, width);
        pdf_canvas_begin(&canvas, sheet->cr, x, y + title);
        chart_draw(&block->charts[i], &canvas.canvas, width, chart_height);
    }
    return (title + chart_height + gap) * (double)chart_rows_of(block);
}

double put_block(const struct sheet *sheet, const struct block *block, double top,
                 double chart_height)
{
    switch (block->kind) {
    case BLOCK_TEXT:
        return put_plain(sheet, block->text, tone_colour(block->tone), 0, 0, top, sheet->width);
    case BLOCK_FACTS: return put_facts(sheet, block, top);
    case BLOCK_ITEMS: return put_items(sheet, block, top);
    case BLOCK_CARD: return put_card(sheet, block->card, top);
    case BLOCK_TABLE: return put_table(sheet, block, top);
    case BLOCK_CHARTS: return put_charts(sheet, block, top, chart_height);
    }
    return 0;
}
