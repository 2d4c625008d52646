/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_PEN_H
#define REPORT_PEN_H

#include "base/arena.h"
#include "report/language.h"

/* Writes the page's texts in its language. Texts live in the arena; when memory is out they are ""
 * and `failed` stays set, so that one check at the end is enough. */
struct pen {
    struct arena *arena;
    const struct language *language;
    int failed;
};

const char *pen_word(const struct pen *pen, enum word word);

const char *pen_print(struct pen *pen, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The word with {1} ... {9} filled in. Fewer texts than places: those stay empty. */
const char *pen_fill(struct pen *pen, enum word word, const char *const *texts, size_t n);
#define FILL(pen, word, ...) \
    pen_fill((pen), (word), (const char *const[]){__VA_ARGS__}, \
             sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* A number with so many decimals as the language writes it; a dash for NaN. */
const char *pen_number(struct pen *pen, double value, int decimals);

/* "6.1-6.4" with a dash, "-1 to 2" where a minus would stand beside it. */
const char *pen_range(struct pen *pen, double low, double high, int decimals);

/* "6 May 2024, 18:30" of an ISO 8601 text; its own text if it is none, "" for "". */
const char *pen_date_time(struct pen *pen, const char *iso);

/* Text of a summary as UTF-8: \uXXXX undone, control characters and those that turn the direction
 * of writing left out. */
const char *pen_plain(struct pen *pen, const char *summary_text);

/* At most so many characters of a UTF-8 text, an ellipsis in place of the others. */
const char *pen_short(struct pen *pen, const char *utf8, size_t most);

/* The first letter large. */
const char *pen_capital(struct pen *pen, const char *text);

void *pen_room(struct pen *pen, size_t n, size_t size);
#define PEN_NEW(pen, n, type) ((type *)pen_room((pen), (n), sizeof(type)))

#endif
