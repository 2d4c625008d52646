/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_TSV_H
#define RECORD_TSV_H

#include <stdbool.h>
#include <stddef.h>

#include <gait/error.h>

/* A small table of texts: tab-separated, with a row of names. */
struct tsv {
    char *text;   /* NUL where tabs and line ends were */
    char **cells; /* n_rows x n_columns; row 0 holds the names, even of no rows */
    size_t n_rows, n_columns;
};

gait_status tsv_read(struct tsv *out, const char *path, gait_error *err);
void tsv_free(struct tsv *tsv);

/* Cell of a row from 1 on in the column of that name, in any case; "" if there is no such column or
 * nothing in it (n/a). */
const char *tsv_cell(const struct tsv *tsv, size_t row, const char *column);

#endif
