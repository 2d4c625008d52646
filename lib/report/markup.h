/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_MARKUP_H
#define REPORT_MARKUP_H

#include <stddef.h>

#include "report/canvas.h"

/* HTML and SVG on their way out. `failed` stays set when memory is out. */
struct markup {
    char *bytes;
    size_t n, room;
    int failed;
};

void put_raw(struct markup *out, const char *markup);
void put_formatted(struct markup *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Text between tags or inside a quoted attribute: nothing in it is markup any more. */
void put_escaped(struct markup *out, const char *utf8);

/* A length with one decimal at most. */
void put_length(struct markup *out, double pixels);

/* A surface whose drawing goes into the markup as SVG elements. */
struct svg {
    struct canvas canvas;
    struct markup *out;
};
void svg_begin(struct svg *svg, struct markup *out);

#endif
