/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "report/html_style.h"
#include "report/markup.h"
#include "report/page.h"

static const double chart_width = 352, chart_height = 150, spark_width = 84, spark_height = 18;

static const char *const tone_class[] = {
    [TONE_PLAIN] = "",    [TONE_MUTED] = "muted", [TONE_FLAG] = "flag",
    [TONE_NOTE] = "note", [TONE_INFO] = "info",   [TONE_GOOD] = "good"};

static void put_element(struct markup *out, const char *tag, const char *class_name,
                        const char *text)
{
    put_formatted(out, "<%s", tag);
    if (class_name[0]) put_formatted(out, " class=\"%s\"", class_name);
    put_raw(out, ">");
    put_escaped(out, text);
    put_formatted(out, "</%s>", tag);
}

static void put_facts(struct markup *out, const struct fact *facts, size_t n)
{
    put_raw(out, "<dl>");
    for (size_t i = 0; i < n; i++) {
        put_raw(out, "<div>");
        put_element(out, "dt", "", facts[i].name);
        put_raw(out, "<dd><bdi>");
        put_escaped(out, facts[i].text);
        put_raw(out, "</bdi></dd></div>");
    }
    put_raw(out, "</dl>\n");
}

static void put_items(struct markup *out, const struct block *block)
{
    if (block->text[0]) put_element(out, "p", "lead", block->text);
    put_raw(out, "<ul>");
    for (size_t i = 0; i < block->n; i++) put_element(out, "li", "", block->items[i]);
    put_raw(out, "</ul>\n");
}

static void put_paragraph(struct markup *out, const char *class_name, const char *language,
                          const char *text)
{
    put_raw(out, "<p");
    if (class_name[0]) put_formatted(out, " class=\"%s\"", class_name);
    if (language) put_formatted(out, " lang=\"%s\"", language);
    put_raw(out, ">");
    put_escaped(out, text);
    put_raw(out, "</p>");
}

static void put_card(struct markup *out, const struct page *page, const struct card *card)
{
    put_formatted(out, "<article class=\"card %s\"><div><h3>", tone_class[card->tone]);
    put_element(out, "span", "tag", card->tag);
    put_raw(out, " ");
    put_escaped(out, card->title);
    if (card->where[0]) {
        put_raw(out, " ");
        put_element(out, "span", "where", card->where);
    }
    put_raw(out, "</h3>");
    if (card->message[0]) put_paragraph(out, "", card->message_language, card->message);
    if (card->also[0]) put_element(out, "p", "", card->also);
    if (card->caveat[0]) {
        put_raw(out, "<p class=\"why\"");
        if (card->message_language) put_formatted(out, " lang=\"%s\"", card->message_language);
        put_raw(out, "><b");
        if (card->message_language) put_formatted(out, " lang=\"%s\"", page->pen->language->code);
        put_raw(out, ">");
        put_escaped(out, pen_word(page->pen, W_FINDING_CAVEAT));
        put_raw(out, "</b> ");
        put_escaped(out, card->caveat);
        put_raw(out, "</p>");
    }
    put_raw(out, "</div>");
    if (card->n_facts) put_facts(out, card->facts, card->n_facts);
    put_raw(out, "</article>\n");
}

static void put_spark(struct markup *out, const struct spark *spark)
{
    struct svg svg;
    put_formatted(out, "<svg class=\"spark\" role=\"img\" viewBox=\"0 0 %g %g\" aria-label=\"",
                  spark_width, spark_height);
    put_escaped(out, spark->description);
    put_raw(out, "\">");
    svg_begin(&svg, out);
    spark_draw(spark, &svg.canvas, spark_width, spark_height);
    put_raw(out, "</svg>");
}

/* A link is relative and ours, but what it is made of is not. */
static void put_link(struct markup *out, const char *link, const char *text)
{
    put_raw(out, "<a href=\"");
    put_escaped(out, link);
    put_raw(out, "\"><bdi>");
    put_escaped(out, text);
    put_raw(out, "</bdi></a>");
}

static void put_cell_content(struct markup *out, const struct cell *cell)
{
    char value[NUMBER_ROOM];
    int has_value = isfinite(cell->value);
    if (cell->tone != TONE_PLAIN) put_formatted(out, "<span class=\"%s\">", tone_class[cell->tone]);
    if (cell->is_strong) put_raw(out, "<b>");
    if (has_value) put_formatted(out, "<data value=\"%s\">", number_to_text(cell->value, value));
    if (cell->spark)
        put_spark(out, cell->spark);
    else if (cell->link)
        put_link(out, cell->link, cell->text);
    else
        put_escaped(out, cell->text);
    if (has_value) put_raw(out, "</data>");
    if (cell->is_strong) put_raw(out, "</b>");
    if (cell->tone != TONE_PLAIN) put_raw(out, "</span>");
    if (!cell->note || !cell->note[0]) return;
    put_raw(out, " ");
    put_element(out, "small", "", cell->note);
}

static void put_row(struct markup *out, const struct block *block, size_t row)
{
    put_raw(out, "<tr>");
    for (size_t k = 0; k < block->n_columns;) {
        const struct cell *cell = &block->cells[row * block->n_columns + k];
        const char *tag = k == 0 ? "th scope=\"row\"" : "td";
        put_formatted(out, "<%s", tag);
        if (cell->span > 1) put_formatted(out, " colspan=\"%u\"", cell->span);
        if (cell->is_number) put_raw(out, " class=\"n\"");
        put_raw(out, ">");
        put_cell_content(out, cell);
        put_raw(out, k == 0 ? "</th>" : "</td>");
        k += cell->span > 1 ? cell->span : 1;
    }
    put_raw(out, "</tr>\n");
}

static int column_is_numeric(const struct block *block, size_t k)
{
    for (size_t i = 0; i < block->n; i++)
        if (block->cells[i * block->n_columns + k].is_number) return 1;
    return 0;
}

/* The box around it scrolls where the page is narrow; the keyboard must reach that. */
static void put_table(struct markup *out, const struct block *block)
{
    put_raw(out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    put_escaped(out, block->text);
    put_raw(out, "\"><table><caption>");
    put_escaped(out, block->text);
    put_raw(out, "</caption><thead><tr>");
    for (size_t k = 0; k < block->n_columns; k++) {
        put_formatted(out, "<th scope=\"col\"%s>",
                      column_is_numeric(block, k) ? " class=\"n\"" : "");
        put_escaped(out, block->heads[k]);
        put_raw(out, "</th>");
    }
    put_raw(out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < block->n; i++) put_row(out, block, i);
    put_raw(out, "</tbody></table></div>\n");
}

static void put_chart(struct markup *out, const struct chart *chart)
{
    struct svg svg;
    put_raw(out, "<figure><figcaption>");
    put_escaped(out, chart->title);
    put_formatted(out,
                  "</figcaption><svg role=\"img\" viewBox=\"0 0 %g %g\" aria-labelledby=\"%s-t "
                  "%s-d\"><title id=\"%s-t\">",
                  chart_width, chart_height, chart->key, chart->key, chart->key);
    put_escaped(out, chart->title);
    put_formatted(out, "</title><desc id=\"%s-d\">", chart->key);
    put_escaped(out, chart->description ? chart->description : "");
    put_raw(out, "</desc>");
    svg_begin(&svg, out);
    chart_draw(chart, &svg.canvas, chart_width, chart_height);
    put_raw(out, "</svg></figure>\n");
}

static void put_block(struct markup *out, const struct page *page, const struct block *block)
{
    switch (block->kind) {
    case BLOCK_TEXT:
        put_paragraph(out, tone_class[block->tone], block->language, block->text);
        return;
    case BLOCK_FACTS: put_facts(out, block->facts, block->n); return;
    case BLOCK_ITEMS: put_items(out, block); return;
    case BLOCK_CARD: put_card(out, page, block->card); return;
    case BLOCK_TABLE: put_table(out, block); return;
    case BLOCK_CHARTS:
        put_raw(out, "<div class=\"grid\">\n");
        for (size_t i = 0; i < block->n; i++) put_chart(out, &block->charts[i]);
        put_raw(out, "</div>\n");
        return;
    }
}

static void put_section(struct markup *out, const struct page *page, const struct section *section)
{
    put_formatted(out, "<section class=\"%s%s\" aria-labelledby=\"%s\"><h2 id=\"%s\">",
                  section->key, section->is_small ? " small" : "", section->key, section->key);
    put_escaped(out, section->title);
    put_raw(out, "</h2>\n");
    for (const struct block *b = section->first; b; b = b->next) put_block(out, page, b);
    put_raw(out, "</section>\n");
}

static void put_head(struct markup *out, const struct page *page)
{
    put_formatted(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
                  page->pen->language->code);
    put_raw(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                 "style-src 'unsafe-inline'\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                 "<meta name=\"color-scheme\" content=\"light dark\">\n"
                 "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    put_escaped(out, page->title);
    put_raw(out, "</title>\n<style>\n");
    put_raw(out, html_paper_style(page->paper));
    for (size_t i = 0; html_style[i]; i++) put_raw(out, html_style[i]);
    put_raw(out, "</style>\n</head>\n");
}

static void put_header(struct markup *out, const struct page *page)
{
    put_raw(out, "<header>");
    if (page->back) {
        put_raw(out, "<nav>");
        put_link(out, page->back, pen_word(page->pen, W_BACK));
        put_raw(out, "</nav>");
    }
    put_raw(out, "<h1><bdi>");
    put_escaped(out, page->headline);
    put_raw(out, "</bdi></h1>");
    if (page->subline[0]) {
        put_raw(out, "<p><bdi>");
        put_escaped(out, page->subline);
        put_raw(out, "</bdi></p>");
    }
    put_raw(out, "</header>\n");
}

static void put_details(struct markup *out, const struct page *page)
{
    if (!page->details) return;
    put_formatted(out, "<details%s><summary>", page->details_open ? " open" : "");
    put_escaped(out, pen_word(page->pen, W_DETAILS));
    put_raw(out, "</summary>\n");
    for (const struct section *s = page->details; s; s = s->next) put_section(out, page, s);
    put_raw(out, "</details>\n");
}

gait_status page_to_html(const struct page *page, char **bytes, size_t *size, gait_error *err)
{
    struct markup out = {0};
    put_head(&out, page);
    put_formatted(&out, "<body>\n<main>\n<div class=\"%s\">\n", page->is_index ? "index" : "sheet");
    put_header(&out, page);
    for (const struct section *s = page->first; s; s = s->next) put_section(&out, page, s);
    put_raw(&out, "</div>\n");
    put_details(&out, page);
    put_raw(&out, "</main>\n</body>\n</html>\n");
    if (out.failed || page->pen->failed) {
        free(out.bytes);
        return gait_fail(err, GAIT_NOMEM, "no memory for the page");
    }
    *bytes = out.bytes;
    *size = out.n;
    return GAIT_OK;
}
