/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/chart.h"
#include "report/view.h"

/* What a page says, before anything is drawn: sections of blocks. The writers know these kinds and
 * nothing of gait. All texts are UTF-8, unescaped, and live in the pen's arena. */

enum tone { TONE_PLAIN, TONE_MUTED, TONE_FLAG, TONE_NOTE, TONE_INFO, TONE_GOOD };

/* One cell of a table. */
struct cell {
    const char *text;
    const char *note;          /* behind it, muted; NULL: none */
    double value;              /* what the text rounds; NaN: no number */
    const char *link;          /* NULL: none */
    const struct spark *spark; /* drawn in place of the text; NULL: none */
    unsigned span;             /* columns; 0 as 1 */
    unsigned is_strong : 1, is_number : 1;
    enum tone tone;
};

struct fact {
    const char *name, *text;
};

/* One thing that stood out. */
struct card {
    enum tone tone;
    const char *tag;   /* "Note" */
    const char *title; /* "Hard landings" */
    const char *where; /* "Shank, left" */
    const char *message;
    const char *message_language; /* NULL: the page's */
    const char *also;             /* of the other side; "": nothing */
    const char *caveat;           /* why it may not matter */
    size_t n_facts;
    struct fact facts[6]; /* size, limit, ... */
};

enum block_kind { BLOCK_TEXT, BLOCK_FACTS, BLOCK_ITEMS, BLOCK_CARD, BLOCK_TABLE, BLOCK_CHARTS };

struct block {
    enum block_kind kind;
    enum tone tone;       /* of a text */
    const char *language; /* of a text; NULL: that of the page */
    const char *text;     /* of a text; what leads the items; caption of a table */
    size_t n;             /* of the facts, items or charts, rows of the table */
    const struct fact *facts;
    const char *const *items;
    const struct card *card;
    size_t n_columns;
    const char *const *heads;
    const struct cell *cells; /* n x n_columns */
    const struct chart *charts;
    struct block *next;
};

struct section {
    const char *key;   /* for anchors and style */
    const char *title; /* "": only for screen readers */
    int is_small;      /* in small print */
    struct block *first, *last;
    struct section *next;
};

struct page {
    struct pen *pen;
    const char *title;    /* of the file */
    const char *headline; /* who */
    const char *subline;  /* which session and when */
    const char *back;     /* link to the index, NULL: none */
    const char *created;
    gait_paper paper;
    int details_open;
    int is_index;                          /* as many sheets as it takes */
    struct section *first, *last;          /* the one sheet */
    struct section *details, *last_detail; /* further sheets, on demand */
    struct section spare;                  /* written to when memory is out */
};

struct section *page_section(struct page *page, const char *key, const char *title);
struct section *page_detail(struct page *page, const char *key, const char *title);

/* Each adds one block to a section. Memory is checked at the end, by the pen. */
void add_text(struct page *page, struct section *section, enum tone tone, const char *text);
void add_english(struct page *page, struct section *section, const char *text);
void add_facts(struct page *page, struct section *section, const struct fact *facts, size_t n);
void add_items(struct page *page, struct section *section, const char *lead,
               const char *const *items, size_t n);
void add_card(struct page *page, struct section *section, const struct card *card);
struct cell *add_table(struct page *page, struct section *section, const char *caption,
                       const char *const *heads, size_t n_columns, size_t n_rows);
void add_charts(struct page *page, struct section *section, const struct chart *charts, size_t n);

/* A row that turned out not to be needed, the last one, is taken back. */
void drop_last_row(struct section *section);

struct cell cell_text(const char *text);
struct cell cell_number(const char *text, const char *note, double value);

/* What a session's page consists of, top to bottom. */
typedef void section_fn(struct page *page, const struct view *view);
section_fn tell_quality, tell_facts, tell_findings, tell_numbers, tell_knee, tell_charts,
    tell_doctor, tell_details;

/* A whole page. GAIT_NOMEM and what view_open() says. */
gait_status page_of_session(struct page *page, const gait_summary *summary,
                            const gait_report_options *options, struct pen *pen, gait_error *err);
gait_status page_of_study(struct page *page, const gait_summary *study,
                          const gait_report_options *options, struct pen *pen, gait_error *err);

/* The writers: bytes are malloc'd and the caller's. */
gait_status page_to_html(const struct page *page, char **bytes, size_t *size, gait_error *err);
gait_status page_to_pdf(const struct page *page, char **bytes, size_t *size, gait_error *err);

#endif
