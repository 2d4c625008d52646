/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "report/sheet.h"

static const double small_print = 8.7, margin_x = 37.8, margin_y = 34;
static const double section_gap = 6, chart_most = 150, chart_least = 70;

static double put_section_title(const struct sheet *sheet, const struct section *section,
                                double top)
{
    struct run run = {section->title, COLOUR_TEXT, 1, sheet_body};
    put_rule(sheet, 0, sheet->width, top);
    return 3 + put_paragraph(sheet, &run, 1, 0, top + 3, sheet->width) + 1;
}

static double put_section(struct sheet *sheet, const struct section *section, double top,
                          double chart_height)
{
    double y = put_section_title(sheet, section, top);
    sheet->text_size = section->is_small ? small_print : sheet_body;
    for (const struct block *b = section->first; b; b = b->next)
        y += put_block(sheet, b, top + y, chart_height);
    sheet->text_size = sheet_body;
    return y + section_gap;
}

static double put_header(const struct sheet *sheet, double top)
{
    struct run runs[] = {{sheet->page->headline, COLOUR_TEXT, 1, 19},
                         {"  ", COLOUR_TEXT, 0, sheet_body},
                         {sheet->page->subline, COLOUR_MUTED, 0, sheet_body}};
    return put_paragraph(sheet, runs, 3, 0, top, sheet->width) + section_gap;
}

static size_t chart_rows(const struct page *page)
{
    size_t n = 0;
    for (const struct section *s = page->first; s; s = s->next)
        for (const struct block *b = s->first; b; b = b->next)
            if (b->kind == BLOCK_CHARTS) n += chart_rows_of(b);
    return n;
}

static double all_sections(struct sheet *sheet, double chart_height)
{
    double y = put_header(sheet, 0);
    for (const struct section *s = sheet->page->first; s; s = s->next)
        y += put_section(sheet, s, y, chart_height);
    return y;
}

/* The charts take what the rest leaves; what still does not fit is set smaller. */
static double fit(struct sheet *sheet, double paper_width, double paper_height, double *scale)
{
    size_t rows = chart_rows(sheet->page);
    sheet->draws = 0;
    for (*scale = 1;; *scale *= 0.96) {
        sheet->width = (paper_width - 2 * margin_x) / *scale;
        sheet->height = (paper_height - 2 * margin_y) / *scale;
        double left = sheet->height - all_sections(sheet, 0);
        double each = rows ? left / (double)rows : chart_most;
        if (left >= 0 && (each >= chart_least || *scale < 0.8)) return fmin(each, chart_most);
        if (*scale < 0.5) return fmax(0, fmin(each, chart_most));
    }
}

static void begin_sheet(const struct sheet *sheet, double scale)
{
    libcairo.identity_matrix(sheet->cr);
    libcairo.scale(sheet->cr, 0.75, 0.75); /* CSS pixels */
    libcairo.translate(sheet->cr, margin_x, margin_y);
    libcairo.scale(sheet->cr, scale, scale);
}

static void put_first_sheet(struct sheet *sheet, double paper_width, double paper_height)
{
    double scale, chart_height = fit(sheet, paper_width, paper_height, &scale);
    double used = all_sections(sheet, chart_height), y;
    begin_sheet(sheet, scale);
    sheet->draws = 1;
    y = put_header(sheet, 0);
    for (const struct section *s = sheet->page->first; s; s = s->next) {
        if (!s->next) y += fmax(0, sheet->height - used); /* the last one lies at the foot */
        y += put_section(sheet, s, y, chart_height);
    }
    libcairo.show_page(sheet->cr);
}

struct flow {
    struct sheet *sheet;
    double y;
};

static void next_sheet(struct flow *flow)
{
    libcairo.show_page(flow->sheet->cr);
    begin_sheet(flow->sheet, 1);
    flow->y = 0;
}

static void make_room(struct flow *flow, double height)
{
    if (flow->y > 0 && flow->y + height > flow->sheet->height) next_sheet(flow);
}

static double measured(struct flow *flow, const struct block *block)
{
    flow->sheet->draws = 0;
    double height = put_block(flow->sheet, block, 0, chart_most);
    flow->sheet->draws = 1;
    return height;
}

static void flow_table(struct flow *flow, const struct block *block)
{
    struct sheet *sheet = flow->sheet;
    double width[SHEET_MOST_COLUMNS];
    column_widths(sheet, block, width);
    for (size_t i = 0; i < block->n; i++) {
        sheet->draws = 0;
        double height = put_table_row(sheet, block, width, i, 0);
        sheet->draws = 1;
        int is_new = flow->y > 0 && flow->y + height > sheet->height;
        if (is_new) next_sheet(flow);
        if (i == 0 || is_new) flow->y += put_heads(sheet, block, width, flow->y);
        flow->y += put_table_row(sheet, block, width, i, flow->y);
    }
}

static void flow_block(struct flow *flow, const struct block *block)
{
    if (block->kind == BLOCK_TABLE) {
        flow_table(flow, block);
        return;
    }
    if (block->kind == BLOCK_FACTS) {
        for (size_t i = 0; i < block->n; i++) {
            make_room(flow, 3 * sheet_body * sheet_leading);
            flow->y += put_definition(flow->sheet, &block->facts[i], flow->y);
        }
        return;
    }
    make_room(flow, measured(flow, block));
    flow->y += put_block(flow->sheet, block, flow->y, chart_most);
}

static void put_further_sheets(struct sheet *sheet, const struct section *first, double paper_width,
                               double paper_height)
{
    struct flow flow = {sheet, 0};
    sheet->width = paper_width - 2 * margin_x;
    sheet->height = paper_height - 2 * margin_y;
    sheet->draws = 1;
    begin_sheet(sheet, 1);
    if (sheet->page->is_index) flow.y += put_header(sheet, 0);
    for (const struct section *s = first; s; s = s->next) {
        make_room(&flow, 60);
        flow.y += put_section_title(sheet, s, flow.y);
        for (const struct block *b = s->first; b; b = b->next) flow_block(&flow, b);
        flow.y += section_gap;
    }
    libcairo.show_page(sheet->cr);
}

struct bytes_out {
    char *bytes;
    size_t n, room;
};

static cairo_status_t take(void *closure, const unsigned char *data, unsigned int length)
{
    struct bytes_out *out = closure;
    if (out->n + length > out->room) {
        size_t room = 2 * out->room + length + 16384;
        char *larger = realloc(out->bytes, room);
        if (!larger) return CAIRO_STATUS_NO_MEMORY;
        out->bytes = larger;
        out->room = room;
    }
    memcpy(out->bytes + out->n, data, length);
    out->n += length;
    return CAIRO_STATUS_SUCCESS;
}

/* cairo would write the time of day: the same summary gives the same bytes only with a fixed one.
 */
static void set_metadata(cairo_surface_t *surface, const struct page *page)
{
    libcairo.pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, page->title);
    libcairo.pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "libgait");
    libcairo.pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                      "1970-01-01T00:00:00Z");
}

int gait_report_has_pdf(void)
{
    return libcairo_load(NULL) == GAIT_OK;
}

gait_status page_to_pdf(const struct page *page, char **bytes, size_t *size, gait_error *err)
{
    static const double mm = 96 / 25.4;
    double width = (page->paper == GAIT_PAPER_LETTER ? 215.9 : 210) * mm;
    double height = (page->paper == GAIT_PAPER_LETTER ? 279.4 : 297) * mm;
    struct bytes_out out = {0};
    TRY(libcairo_load(err));
    cairo_surface_t *surface =
        libcairo.pdf_surface_create_for_stream(take, &out, width * 0.75, height * 0.75);
    cairo_t *cr = libcairo.create(surface);
    struct sheet sheet = {.cr = cr, .page = page, .text_size = sheet_body};
    set_metadata(surface, page);
    if (page->is_index) {
        put_further_sheets(&sheet, page->first, width, height);
    } else {
        put_first_sheet(&sheet, width, height);
        if (page->details_open && page->details)
            put_further_sheets(&sheet, page->details, width, height);
    }
    cairo_status_t drawn = libcairo.status(cr);
    libcairo.destroy(cr);
    libcairo.surface_finish(surface);
    if (!drawn) drawn = libcairo.surface_status(surface);
    libcairo.surface_destroy(surface);
    if (!drawn && !page->pen->failed) {
        *bytes = out.bytes;
        *size = out.n;
        return GAIT_OK;
    }
    free(out.bytes);
    if (page->pen->failed || drawn == CAIRO_STATUS_NO_MEMORY)
        return gait_fail(err, GAIT_NOMEM, "no memory for the page");
    return gait_fail(err, GAIT_IO, "cairo could not draw the page: %s",
                     libcairo.status_to_string(drawn));
}
