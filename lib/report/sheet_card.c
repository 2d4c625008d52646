/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/sheet.h"

#include <math.h>

static const double facts_width = 262;

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
    double half = facts_width / 2, y = 0, size = sheet->text_size * 0.93, name_width = 0;
    for (size_t i = 0; i < card->n_facts; i++)
        name_width = fmax(name_width, pdf_advance(sheet->cr, card->facts[i].name, size, 0));
    name_width += 8;
    for (size_t i = 0; i < card->n_facts; i++) {
        int is_last = i + 1 == card->n_facts, is_right = i % 2 == 1 && !is_last;
        double x = left + (is_right ? half : 0), width = is_last ? facts_width : half - 4;
        struct run name = {card->facts[i].name, COLOUR_MUTED, 0, size};
        struct run text = {card->facts[i].text, COLOUR_TEXT, 0, size};
        if (is_last && i % 2 == 1) y += size * sheet_leading;
        put_paragraph(sheet, &name, 1, x, top + y, name_width);
        double height = put_paragraph(sheet, &text, 1, x + name_width, top + y, width - name_width);
        if (is_right || is_last) y += fmax(height, size * sheet_leading);
    }
    return y;
}

double put_card(const struct sheet *sheet, const struct card *card, double top)
{
    double size = sheet->text_size, width = sheet->width - facts_width - 2 * sheet_column_gap;
    double tag = put_tag(sheet, card, top);
    struct run title[] = {{card->title, COLOUR_TEXT, 1, size},
                          {"  ", COLOUR_TEXT, 0, size},
                          {card->where, COLOUR_MUTED, 0, size}};
    double y = put_paragraph(sheet, title, 3, tag, top, width - tag) + 1;
    if (card->message[0]) y += put_plain(sheet, card->message, COLOUR_TEXT, 0, 0, top + y, width);
    if (card->also[0]) y += put_plain(sheet, card->also, COLOUR_TEXT, 0, 0, top + y, width);
    struct run why[] = {
        {pen_word(sheet->page->pen, W_FINDING_CAVEAT), COLOUR_MUTED, 1, size * 0.93},
        {" ", COLOUR_MUTED, 0, size * 0.93},
        {card->caveat, COLOUR_MUTED, 0, size * 0.93}};
    if (card->caveat[0]) y += put_paragraph(sheet, why, 3, 0, top + y, width);
    double facts = put_card_facts(sheet, card, sheet->width - facts_width, top);
    return fmax(y, facts) + 4;
}
