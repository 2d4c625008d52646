/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_TABLE_H
#define SUMMARY_TABLE_H

#include <gait/summary.h>

#include "base/arena.h"

/* Making a summary: tables are begun, columns added, then only read. Everything lives in the
 * summary's arena. */

struct attribute {
    const char *name;
    const char *text; /* NULL if it is a number */
    double number;
};

/* A column's HDF5 attributes beyond units, long_name and description. */
struct column_extra {
    const char *source;        /* NULL: none */
    double min_rate_hz;        /* NaN: none */
    const char *flag_meanings; /* NULL: none */
};

gait_status summary_new(gait_summary **out, gait_error *err);
gait_status summary_set(gait_summary *summary, const char *name, const char *text, gait_error *err);
struct arena *summary_arena(gait_summary *summary);

/* A new table with room for n_columns; n_rows of every column. NULL when memory is out. */
gait_table *summary_add_table(gait_summary *summary, const char *name, const char *description,
                              size_t n_rows, size_t n_columns);

/* Writable values of a new column, zeroed / NaN / "" : n_rows of them. NULL when memory is out. */
double *table_add_doubles(gait_summary *summary, gait_table *table, const char *name,
                          const char *units, const char *long_name, const char *description,
                          struct column_extra extra);
int64_t *table_add_integers(gait_summary *summary, gait_table *table, const char *name,
                            const char *units, const char *long_name, const char *description,
                            struct column_extra extra);
const char **table_add_texts(gait_summary *summary, gait_table *table, const char *name,
                             const char *long_name, const char *description);

/* Text as it may stand in a summary: other characters than printable ASCII as \uXXXX. NULL when
 * memory is out. */
const char *summary_text(gait_summary *summary, const char *utf8);

#endif
