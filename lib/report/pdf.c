/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "report/canvas_pdf.h"
#include "report/page.h"

/* The page laid out on paper: every block is first measured, then drawn by the same code. Lengths
 * are CSS pixels as in the charts. */

static const double body = 10, small_print = 8.7, leading = 1.34, margin_x = 37.8, margin_y = 34;
static const double section_gap = 6, chart_most = 150, chart_least = 70, column_gap = 14,
                    most_spare = 24;
static const double card_facts = 262, spark_width = 84, spark_height = 16;

struct sheet {
    cairo_t *cr;
    const struct page *page;
    double width, height; /* between the margins */
    int draws;            /* 0: only measures */
    double text_size;
};

/* A piece of a paragraph. */
struct run {
    const char *text;
    enum colour colour;
    int is_bold;
    double size;
};

/* Bytes of the next word, blanks before it included. */
static size_t word_length(const char *text)
{
    size_t n = strspn(text, " ");
    return n + strcspn(text + n, " ");
}

/* Bytes of the first characters that fit, at least one character. */
static size_t bytes_that_fit(const struct sheet *sheet, const char *word, size_t n,
                             const struct run *run, double width)
{
    char piece[256];
    size_t best = 0;
    for (size_t i = 1; i <= n && i < sizeof piece; i++) {
        if (i < n && ((unsigned char)word[i] & 0xc0) == 0x80) continue;
        memcpy(piece, word, i);
        piece[i] = '\0';
        if (best && pdf_advance(sheet->cr, piece, run->size, run->is_bold) > width) break;
        best = i;
    }
    return best;
}

/* Where the next word goes, from the paragraph's corner, and what its lines have in common. */
struct pen_place {
    double x, y; /* y of the line's top */
    double line, base;
};

static void new_line(struct pen_place *at)
{
    at->x = 0;
    at->y += at->line;
}

static void put_piece(const struct sheet *sheet, const struct run *run, const char *piece, double x,
                      double y)
{
    if (!sheet->draws) return;
    pdf_colour(sheet->cr, run->colour, 1);
    pdf_text(sheet->cr, x, y, piece, run->size, run->is_bold);
}

static void put_word(const struct sheet *sheet, const struct run *run, const char *word, size_t n,
                     double left, double top, double width, struct pen_place *at)
{
    char piece[256];
    while (n > 0) {
        size_t blanks = at->x <= 0 ? strspn(word, " ") : 0;
        if (blanks > n) blanks = n;
        word += blanks;
        n -= blanks;
        size_t m = n < sizeof piece ? n : sizeof piece - 1;
        memcpy(piece, word, m);
        piece[m] = '\0';
        double advance = pdf_advance(sheet->cr, piece, run->size, run->is_bold);
        if (at->x + advance > width + 0.01) {
            if (at->x > 0) {
                new_line(at);
                continue;
            }
            m = bytes_that_fit(sheet, word, m, run, width);
            piece[m] = '\0';
            advance = pdf_advance(sheet->cr, piece, run->size, run->is_bold);
        }
        put_piece(sheet, run, piece, left + at->x, top + at->y + at->base);
        at->x += advance;
        word += m;
        n -= m;
        if (n > 0) new_line(at);
    }
}

/* Runs set one behind the other in lines of that width; the height. */
static double paragraph(const struct sheet *sheet, const struct run *runs, size_t n, double left,
                        double top, double width)
{
    struct pen_place at = {0};
    for (size_t i = 0; i < n; i++) at.line = fmax(at.line, runs[i].size * leading);
    at.base = at.line / leading * 1.02;
    for (size_t i = 0; i < n; i++) {
        for (const char *word = runs[i].text; *word;) {
            size_t length = word_length(word);
            put_word(sheet, &runs[i], word, length, left, top, width, &at);
            word += length;
        }
    }
    return at.y > 0 || at.x > 0 ? at.y + at.line : 0;
}

static double plain(const struct sheet *sheet, const char *text, enum colour colour, int is_bold,
                    double left, double top, double width)
{
    struct run run = {text, colour, is_bold, sheet->text_size};
    return paragraph(sheet, &run, 1, left, top, width);
}

static void rule(const struct sheet *sheet, double left, double right, double y)
{
    if (!sheet->draws) return;
    pdf_colour(sheet->cr, COLOUR_LINE, 1);
    libcairo.set_line_width(sheet->cr, 0.8);
    libcairo.move_to(sheet->cr, left, y);
    libcairo.line_to(sheet->cr, right, y);
    libcairo.stroke(sheet->cr);
}

static enum colour tone_colour(enum tone tone)
{
    static const enum colour colours[] = {
        [TONE_PLAIN] = COLOUR_TEXT, [TONE_MUTED] = COLOUR_MUTED, [TONE_FLAG] = COLOUR_ALERT,
        [TONE_NOTE] = COLOUR_NOTE,  [TONE_INFO] = COLOUR_MUTED,  [TONE_GOOD] = COLOUR_GOOD};
    return colours[tone];
}

static double advance_of(const struct sheet *sheet, const char *text, int is_bold)
{
    return pdf_advance(sheet->cr, text, sheet->text_size, is_bold);
}

/* Name over text, side by side as far as they go. */
static double put_facts(const struct sheet *sheet, const struct block *block, double top)
{
    double x = 0, y = 0, tallest = 0, gap = 20;
    for (size_t i = 0; i < block->n; i++) {
        const struct fact *fact = &block->facts[i];
        double width = fmax(advance_of(sheet, fact->text, 1), advance_of(sheet, fact->name, 0));
        width = fmin(width + 1, sheet->width);
        if (x > 0 && x + width > sheet->width) {
            x = 0;
            y += tallest + 2;
            tallest = 0;
        }
        struct run name = {fact->name, COLOUR_MUTED, 0, sheet->text_size * 0.86};
        double height = paragraph(sheet, &name, 1, x, top + y, width);
        height += plain(sheet, fact->text, COLOUR_TEXT, 1, x, top + y + height, width);
        tallest = fmax(tallest, height);
        x += width + gap;
    }
    return y + tallest;
}

static double put_definitions(const struct sheet *sheet, const struct fact *fact, double top)
{
    struct run runs[] = {{fact->name, COLOUR_TEXT, 1, sheet->text_size},
                         {": ", COLOUR_TEXT, 0, sheet->text_size},
                         {fact->text, COLOUR_TEXT, 0, sheet->text_size}};
    return paragraph(sheet, runs, 3, 0, top, sheet->width) + 1.5;
}

static double put_items(const struct sheet *sheet, const struct block *block, double top)
{
    enum { COLUMNS = 3 };
    double width = (sheet->width - (COLUMNS - 1) * column_gap) / COLUMNS, tallest = 0;
    size_t each = (block->n + COLUMNS - 1) / COLUMNS;
    for (size_t k = 0; k < COLUMNS; k++) {
        double x = (width + column_gap) * (double)k, y = 0;
        for (size_t i = k * each; i < block->n && i < (k + 1) * each; i++) {
            plain(sheet, "\xe2\x80\xa2", COLOUR_MUTED, 0, x, top + y, width);
            y += plain(sheet, block->items[i], COLOUR_TEXT, 0, x + 9, top + y, width - 9);
        }
        tallest = fmax(tallest, y);
    }
    return tallest;
}

static double put_tag(const struct sheet *sheet, const struct card *card, double top)
{
    double size = sheet->text_size * 0.84, width = pdf_advance(sheet->cr, card->tag, size, 1) + 10;
    double height = size * 1.4, y = top + 0.5, r = height / 2;
    enum colour colour = tone_colour(card->tone);
    if (!sheet->draws) return width + 5;
    libcairo.new_path(sheet->cr);
    libcairo.arc(sheet->cr, r, y + r, r - 0.5, 0.5 * 3.14159265358979, 1.5 * 3.14159265358979);
    libcairo.arc(sheet->cr, width - r, y + r, r - 0.5, 1.5 * 3.14159265358979,
                 2.5 * 3.14159265358979);
    libcairo.close_path(sheet->cr);
    pdf_colour(sheet->cr, colour, 1);
    libcairo.set_line_width(sheet->cr, 0.8);
    if (card->tone == TONE_FLAG)
        libcairo.fill(sheet->cr);
    else
        libcairo.stroke(sheet->cr);
    if (card->tone == TONE_FLAG) libcairo.set_source_rgb(sheet->cr, 1, 1, 1);
    pdf_text(sheet->cr, 5, y + size * 1.06, card->tag, size, 1);
    return width + 5;
}

static double put_card_facts(const struct sheet *sheet, const struct card *card, double left,
                             double top)
{
    double half = card_facts / 2, y = 0, size = sheet->text_size * 0.93, name_width = 0;
    for (size_t i = 0; i < card->n_facts; i++)
        name_width = fmax(name_width, pdf_advance(sheet->cr, card->facts[i].name, size, 0));
    name_width += 8;
    for (size_t i = 0; i < card->n_facts; i++) {
        int is_last = i + 1 == card->n_facts, is_right = i % 2 == 1 && !is_last;
        double x = left + (is_right ? half : 0), width = is_last ? card_facts : half - 4;
        struct run name = {card->facts[i].name, COLOUR_MUTED, 0, size};
        struct run text = {card->facts[i].text, COLOUR_TEXT, 0, size};
        if (is_last && i % 2 == 1) y += size * leading;
        paragraph(sheet, &name, 1, x, top + y, name_width);
        double height = paragraph(sheet, &text, 1, x + name_width, top + y, width - name_width);
        if (is_right || is_last) y += fmax(height, size * leading);
    }
    return y;
}

static double put_card(const struct sheet *sheet, const struct card *card, double top)
{
    double size = sheet->text_size, width = sheet->width - card_facts - 2 * column_gap;
    double tag = put_tag(sheet, card, top);
    struct run title[] = {{card->title, COLOUR_TEXT, 1, size},
                          {"  ", COLOUR_TEXT, 0, size},
                          {card->where, COLOUR_MUTED, 0, size}};
    double y = paragraph(sheet, title, 3, tag, top, width - tag) + 1;
    if (card->message[0]) y += plain(sheet, card->message, COLOUR_TEXT, 0, 0, top + y, width);
    if (card->also[0]) y += plain(sheet, card->also, COLOUR_TEXT, 0, 0, top + y, width);
    struct run why[] = {
        {pen_word(sheet->page->pen, W_FINDING_CAVEAT), COLOUR_MUTED, 1, size * 0.93},
        {" ", COLOUR_MUTED, 0, size * 0.93},
        {card->caveat, COLOUR_MUTED, 0, size * 0.93}};
    if (card->caveat[0]) y += paragraph(sheet, why, 3, 0, top + y, width);
    double facts = put_card_facts(sheet, card, sheet->width - card_facts, top);
    return fmax(y, facts) + 4;
}

enum { MOST_COLUMNS = 12 };

static double cell_advance(const struct sheet *sheet, const struct cell *cell)
{
    if (cell->spark) return spark_width;
    double width = advance_of(sheet, cell->text, cell->is_strong);
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
        longest = fmax(longest, advance_of(sheet, word, 1));
        text += blanks + n;
    }
    return longest;
}

/* Numbers, pictures and short texts keep what they need; long texts share what is left. A head
 * takes as many lines as its column makes it. */
static void column_widths(const struct sheet *sheet, const struct block *block, double *width)
{
    static const double short_text = 90;
    double fixed = 0, wanted = 0;
    int keeps[MOST_COLUMNS];
    for (size_t k = 0; k < block->n_columns && k < MOST_COLUMNS; k++) {
        width[k] = longest_word(sheet, block->heads[k]);
        for (size_t i = 0; i < block->n; i++)
            width[k] = fmax(width[k], cell_advance(sheet, &block->cells[i * block->n_columns + k]));
        keeps[k] = width[k] <= short_text;
        for (size_t i = 0; i < block->n; i++) {
            const struct cell *cell = &block->cells[i * block->n_columns + k];
            keeps[k] |= cell->is_number || cell->spark;
        }
        width[k] += column_gap;
        *(keeps[k] ? &fixed : &wanted) += width[k];
    }
    double left = fmax(sheet->width + column_gap - fixed, 60);
    double spare = fmin(fmax(0, left - wanted) / (double)block->n_columns, most_spare);
    for (size_t k = 0; k < block->n_columns && k < MOST_COLUMNS; k++) {
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
    return paragraph(sheet, runs, 3, left, top, width + 0.5);
}

static double put_heads(const struct sheet *sheet, const struct block *block, const double *width,
                        double top)
{
    double x = 0, tallest = 0;
    for (size_t k = 0; k < block->n_columns && k < MOST_COLUMNS; k++) {
        struct cell head = {.text = block->heads[k], .value = NAN, .is_strong = 1};
        head.tone = TONE_MUTED;
        for (size_t i = 0; i < block->n; i++)
            head.is_number |= block->cells[i * block->n_columns + k].is_number;
        tallest = fmax(tallest, put_cell(sheet, &head, x, top, width[k] - column_gap));
        x += width[k];
    }
    return tallest + 1.5;
}

static double put_table_row(const struct sheet *sheet, const struct block *block,
                            const double *width, size_t row, double top)
{
    double x = 0, tallest = 0;
    rule(sheet, 0, sheet->width, top);
    for (size_t k = 0; k < block->n_columns && k < MOST_COLUMNS; k++) {
        const struct cell *cell = &block->cells[row * block->n_columns + k];
        tallest = fmax(tallest, put_cell(sheet, cell, x, top + 1.2, width[k] - column_gap));
        x += width[k];
    }
    return tallest + 2;
}

static double put_table(const struct sheet *sheet, const struct block *block, double top)
{
    double width[MOST_COLUMNS], y;
    column_widths(sheet, block, width);
    y = put_heads(sheet, block, width, top);
    for (size_t i = 0; i < block->n; i++) y += put_table_row(sheet, block, width, i, top + y);
    return y;
}

static size_t chart_rows_of(const struct block *block)
{
    return (block->n + 1) / 2;
}

static double put_charts(const struct sheet *sheet, const struct block *block, double top,
                         double chart_height)
{
    double width = (sheet->width - column_gap) / 2, title = body * leading, gap = 5;
    for (size_t i = 0; sheet->draws && i < block->n; i++) {
        double x = (width + column_gap) * (double)(i % 2);
        double y = top + (title + chart_height + gap) * (double)(i / 2);
        struct run run = {block->charts[i].title, COLOUR_TEXT, 1, sheet->text_size};
        struct pdf_canvas canvas;
        paragraph(sheet, &run, 1, x, y, width);
        pdf_canvas_begin(&canvas, sheet->cr, x, y + title);
        chart_draw(&block->charts[i], &canvas.canvas, width, chart_height);
    }
    return (title + chart_height + gap) * (double)chart_rows_of(block);
}

static double put_block(const struct sheet *sheet, const struct block *block, double top,
                        double chart_height)
{
    switch (block->kind) {
    case BLOCK_TEXT:
        return plain(sheet, block->text, tone_colour(block->tone), 0, 0, top, sheet->width);
    case BLOCK_FACTS: return put_facts(sheet, block, top);
    case BLOCK_ITEMS: return put_items(sheet, block, top);
    case BLOCK_CARD: return put_card(sheet, block->card, top);
    case BLOCK_TABLE: return put_table(sheet, block, top);
    case BLOCK_CHARTS: return put_charts(sheet, block, top, chart_height);
    }
    return 0;
}

static double put_section_title(const struct sheet *sheet, const struct section *section,
                                double top)
{
    struct run run = {section->title, COLOUR_TEXT, 1, body};
    rule(sheet, 0, sheet->width, top);
    return 3 + paragraph(sheet, &run, 1, 0, top + 3, sheet->width) + 1;
}

static double put_section(struct sheet *sheet, const struct section *section, double top,
                          double chart_height)
{
    double y = put_section_title(sheet, section, top);
    sheet->text_size = section->is_small ? small_print : body;
    for (const struct block *b = section->first; b; b = b->next)
        y += put_block(sheet, b, top + y, chart_height);
    sheet->text_size = body;
    return y + section_gap;
}

static double put_header(const struct sheet *sheet, double top)
{
    struct run runs[] = {{sheet->page->headline, COLOUR_TEXT, 1, 19},
                         {"  ", COLOUR_TEXT, 0, body},
                         {sheet->page->subline, COLOUR_MUTED, 0, body}};
    return paragraph(sheet, runs, 3, 0, top, sheet->width) + section_gap;
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
    double width[MOST_COLUMNS];
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
            make_room(flow, 3 * body * leading);
            flow->y += put_definitions(flow->sheet, &block->facts[i], flow->y);
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
    struct sheet sheet = {.cr = cr, .page = page, .text_size = body};
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
