/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_CSV_DIALECT_H
#define RECORD_CSV_DIALECT_H

#include <stddef.h>

#include <gait/error.h>

#include "base/arena.h"

/* How a text file is laid out, found from its first 64 KiB: delimiter, decimal sign, where the rows
 * of numbers begin, and the lines above them. */

enum { CSV_MOST_COLUMNS = 1024 };

/* A view without surrounding spaces and quotes. */
struct csv_cell {
    const char *text;
    size_t n;
};

enum csv_cell_kind { CELL_EMPTY, CELL_NUMBER, CELL_TIME, CELL_TEXT };

struct csv_dialect {
    char delimiter; /* ' ' stands for any run of spaces and tabs */
    char decimal;
    size_t n_columns; /* of the rows of numbers */
    size_t n_lines;   /* whole lines of the head */
    struct csv_cell *lines;
    size_t first_row;       /* index of the first row of numbers; n_lines if there is none */
    size_t offset;          /* its first byte */
    struct csv_cell *names; /* n_columns; NULL without a header */
    struct csv_cell *units; /* n_columns; NULL without a row of units */
    size_t header_line;     /* counted from 1; 0 without */
};

/* Views of head, which has to stay and to end in a NUL behind n. name is for messages. */
gait_status csv_sniff(const char *head, size_t n, const char *name, struct arena *arena,
                      struct csv_dialect *out, gait_error *err);

/* The cells of one line; how many there are, which may be more than room. */
size_t csv_split(struct csv_cell line, char delimiter, struct csv_cell *cells, size_t room);

enum csv_cell_kind csv_cell_kind(struct csv_cell cell, char decimal);

/* Empty, n/a, NaN, --, -nan(ind), null. */
int csv_is_missing(struct csv_cell cell);

#endif
