/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/sheet.h"

#include <math.h>
#include <string.h>

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

double put_paragraph(const struct sheet *sheet, const struct run *runs, size_t n, double left,
                     double top, double width)
{
    struct pen_place at = {0};
    for (size_t i = 0; i < n; i++) at.line = fmax(at.line, runs[i].size * sheet_leading);
    at.base = at.line / sheet_leading * 1.02;
    for (size_t i = 0; i < n; i++) {
        for (const char *word = runs[i].text; *word;) {
            size_t length = word_length(word);
            put_word(sheet, &runs[i], word, length, left, top, width, &at);
            word += length;
        }
    }
    return at.y > 0 || at.x > 0 ? at.y + at.line : 0;
}

double put_plain(const struct sheet *sheet, const char *text, enum colour colour, int is_bold,
                 double left, double top, double width)
{
    struct run run = {text, colour, is_bold, sheet->text_size};
    return put_paragraph(sheet, &run, 1, left, top, width);
}

void put_rule(const struct sheet *sheet, double left, double right, double y)
{
    if (!sheet->draws) return;
    pdf_colour(sheet->cr, COLOUR_LINE, 1);
    libcairo.set_line_width(sheet->cr, 0.8);
    libcairo.move_to(sheet->cr, left, y);
    libcairo.line_to(sheet->cr, right, y);
    libcairo.stroke(sheet->cr);
}

enum colour tone_colour(enum tone tone)
{
    static const enum colour colours[] = {
        [TONE_PLAIN] = COLOUR_TEXT, [TONE_MUTED] = COLOUR_MUTED, [TONE_FLAG] = COLOUR_ALERT,
        [TONE_NOTE] = COLOUR_NOTE,  [TONE_INFO] = COLOUR_MUTED,  [TONE_GOOD] = COLOUR_GOOD};
    return colours[tone];
}

double sheet_advance(const struct sheet *sheet, const char *text, int is_bold)
{
    return pdf_advance(sheet->cr, text, sheet->text_size, is_bold);
}
