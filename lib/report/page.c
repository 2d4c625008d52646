/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/page.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"

enum { MOST_NAME = 80 }; /* characters of a name; the sheet has an end */

static struct section *new_section(struct page *page, const char *key, const char *title)
{
    struct section *section = PEN_NEW(page->pen, 1, struct section);
    if (!section) section = &page->spare;
    *section = (struct section){.key = key, .title = title};
    return section;
}

struct section *page_section(struct page *page, const char *key, const char *title)
{
    struct section *section = new_section(page, key, title);
    if (page->last)
        page->last->next = section;
    else
        page->first = section;
    return page->last = section;
}

struct section *page_detail(struct page *page, const char *key, const char *title)
{
    struct section *section = new_section(page, key, title);
    if (page->last_detail)
        page->last_detail->next = section;
    else
        page->details = section;
    return page->last_detail = section;
}

static void add(struct page *page, struct section *section, const struct block *about)
{
    struct block *block = PEN_NEW(page->pen, 1, struct block);
    if (!block) return;
    *block = *about;
    if (section->last)
        section->last->next = block;
    else
        section->first = block;
    section->last = block;
}

void add_text(struct page *page, struct section *section, enum tone tone, const char *text)
{
    add(page, section, &(struct block){.kind = BLOCK_TEXT, .tone = tone, .text = text});
}

void add_english(struct page *page, struct section *section, const char *text)
{
    int is_own = strcmp(page->pen->language->code, "en") == 0;
    add(page, section,
        &(struct block){.kind = BLOCK_TEXT, .text = text, .language = is_own ? NULL : "en"});
}

void add_facts(struct page *page, struct section *section, const struct fact *facts, size_t n)
{
    struct fact *copy = PEN_NEW(page->pen, n, struct fact);
    for (size_t i = 0; copy && i < n; i++) copy[i] = facts[i];
    add(page, section, &(struct block){.kind = BLOCK_FACTS, .facts = copy, .n = copy ? n : 0});
}

void add_items(struct page *page, struct section *section, const char *lead,
               const char *const *items, size_t n)
{
    const char **copy = PEN_NEW(page->pen, n, const char *);
    for (size_t i = 0; copy && i < n; i++) copy[i] = items[i];
    add(page, section,
        &(struct block){.kind = BLOCK_ITEMS, .text = lead, .items = copy, .n = copy ? n : 0});
}

void add_card(struct page *page, struct section *section, const struct card *card)
{
    struct card *copy = PEN_NEW(page->pen, 1, struct card);
    if (!copy) return;
    *copy = *card;
    add(page, section, &(struct block){.kind = BLOCK_CARD, .card = copy});
}

struct cell *add_table(struct page *page, struct section *section, const char *caption,
                       const char *const *heads, size_t n_columns, size_t n_rows)
{
    const char **copy = PEN_NEW(page->pen, n_columns, const char *);
    struct cell *cells = PEN_NEW(page->pen, n_rows * n_columns, struct cell);
    if (!copy || !cells) return NULL;
    for (size_t k = 0; k < n_columns; k++) copy[k] = heads[k];
    for (size_t i = 0; i < n_rows * n_columns; i++) cells[i] = cell_text("");
    add(page, section,
        &(struct block){.kind = BLOCK_TABLE,
                        .text = caption,
                        .heads = copy,
                        .n_columns = n_columns,
                        .n = n_rows,
                        .cells = cells});
    return cells;
}

void add_charts(struct page *page, struct section *section, const struct chart *charts, size_t n)
{
    add(page, section, &(struct block){.kind = BLOCK_CHARTS, .charts = charts, .n = n});
}

struct cell cell_text(const char *text)
{
    return (struct cell){.text = text, .value = NAN};
}

struct cell cell_number(const char *text, const char *note, double value)
{
    return (struct cell){.text = text, .note = note, .value = value, .is_number = 1};
}

static const char *headline(const struct view *view)
{
    const char *name = pen_short(view->pen, pen_plain(view->pen, view->subject), MOST_NAME);
    return name[0] ? name : pen_word(view->pen, W_SUBJECT_UNKNOWN);
}

static const char *subline(const struct view *view)
{
    struct pen *pen = view->pen;
    const char *date = pen_date_time(pen, rows_text(&view->sessions, "start_time", 0));
    if (!date[0]) date = pen_word(pen, W_DATE_UNKNOWN);
    if (!view->session[0]) return date;
    return pen_print(
        pen, "%s \xc2\xb7 %s", date,
        FILL(pen, W_SESSION, pen_short(pen, pen_plain(pen, view->session), MOST_NAME)));
}

static const char *attribute(const struct view *view, const char *name)
{
    const char *text = gait_summary_attribute(view->summary, name);
    return pen_plain(view->pen, text ? text : "");
}

gait_status page_of_session(struct page *page, const gait_summary *summary,
                            const gait_report_options *options, struct pen *pen, gait_error *err)
{
    static section_fn *const sections[] = {tell_quality, tell_facts,  tell_findings, tell_numbers,
                                           tell_knee,    tell_charts, tell_doctor,   tell_details};
    struct view view;
    TRY(view_open(&view, summary, options, pen, err));
    *page = (struct page){.pen = pen, .paper = options->paper, .details_open = options->details};
    page->headline = headline(&view);
    page->subline = subline(&view);
    page->back = options->index;
    page->title =
        pen_print(pen, "%s: %s, %s", pen_word(pen, W_TITLE), page->headline, page->subline);
    page->created =
        FILL(pen, W_CREATED, attribute(&view, "creator"), attribute(&view, "algorithm_version"));
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) sections[i](page, &view);
    return pen->failed ? gait_fail(err, GAIT_NOMEM, "no memory for the page") : GAIT_OK;
}
