/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_TABLE_H
#define SUMMARY_TABLE_H

#include <stdint.h>

#include <gait/summary.h>

#include "base/arena.h"

/* A summary in memory: tables are begun, columns added, cells filled, then only read. Everything
 * lives in the summary's arena. */

enum { MOST_TABLES = 24, MOST_ATTRIBUTES = 32, MOST_COLUMNS = 2000 };

#define FORMAT_NAME    "gait-summary"
#define FORMAT_VERSION "1.0"

struct attribute {
    const char *name;
    const char *text;
};

/* What a column is. Texts are constant or live in the summary's arena. */
struct column_about {
    const char *name;
    gait_column_type type;
    const char *units; /* "1" for counts, "" for text */
    const char *long_name;
    const char *description;
    const char *source;        /* where a computed value comes from; NULL: none */
    double min_rate_hz;        /* native rate it needs; 0: any */
    const char *flag_meanings; /* of bit 0, 1, ... separated by spaces; NULL: no bit field */
};

/* What a table is. */
struct table_about {
    const char *name;
    const char *description;
    const char *signal; /* the column a viewer draws first */
};

struct digest128 {
    uint64_t high, low;
};

/* What is known of a table whose cells are in a file and not in memory, or not all of them. Such a
 * table can be written: the place where the cells belong is left empty. */
struct hollow {
    size_t *width;            /* bytes of a cell of each column */
    uint64_t *at;             /* place of each column in the file */
    struct digest128 *digest; /* of each column */
};

struct table {
    gait_table pub;
    struct hollow *hollow; /* NULL: all cells are there */
    const char *signal;
    size_t room;                /* of the two below */
    gait_column *columns;       /* pub.columns */
    void **cells;               /* of each column, to be filled */
    struct column_about *about; /* of each column */
};

struct gait_summary {
    struct arena arena;
    size_t n_attributes;
    struct attribute attributes[MOST_ATTRIBUTES];
    size_t n_tables;
    struct table *tables[MOST_TABLES];
};

/* An empty summary with the attributes that every one has. */
gait_status summary_new(gait_summary **out, gait_error *err);

/* Sets a root attribute; name and text are copied, the text as summary_text() says. */
gait_status summary_set(gait_summary *summary, const char *name, const char *text, gait_error *err);

/* A new table of n_rows with room for most_columns. NULL when memory is out. */
struct table *summary_add_table(gait_summary *summary, const struct table_about *about,
                                size_t n_rows, size_t most_columns);

/* The table of that name, NULL if there is none. */
struct table *find_table(const gait_summary *summary, const char *name);

/* A new column, every cell NaN, 0 or "". NULL when memory or room is out. */
gait_column *table_add_column(gait_summary *summary, struct table *table,
                              const struct column_about *about);

/* The same without cells: they are elsewhere. */
gait_column *table_add_bare_column(struct table *table, const struct column_about *about);

/* Several at once; GAIT_NOMEM. */
gait_status table_add_columns(gait_summary *summary, struct table *table,
                              const struct column_about *about, size_t n);

/* Other rows for a table: row i is what row[i] was, or new and empty for NEW_ROW. Cells got before
 * are no longer the table's. GAIT_NOMEM. */
#define NEW_ROW SIZE_MAX
gait_status table_take_rows(gait_summary *summary, struct table *table, const size_t *row,
                            size_t n);

/* Writable cells of a column that is there and of that type. */
double *doubles_of(struct table *table, const char *name);
int64_t *integers_of(struct table *table, const char *name);
const char **texts_of(struct table *table, const char *name);

/* The column whose values are the table's axis: its times, or else its first. */
size_t table_axis(const struct table *table);

/* Column names separated by commas; malloc'd, NULL when memory is out. */
char *table_column_order(const struct table *table);

/* XXH3-128 of what all columns hash to, as 32 hexadecimal digits: what the file's own checksums
 * leave out, such as which block belongs to which column, is in it too. */
void table_hash(const struct table *table, char out[33]);

/* The same of what the columns hashed to. */
void digests_hash(const struct digest128 *digests, size_t n, char out[33]);

/* A table's hollow with room for n columns; NULL when memory is out. */
struct hollow *summary_new_hollow(gait_summary *summary, size_t n);

/* Text as it may stand in a summary: other characters than printable ASCII as \uXXXX, what is no
 * UTF-8 as \ufffd. NULL when memory is out. */
const char *summary_text(gait_summary *summary, const char *utf8);

/* A copy of text[0..n) with its NUL. NULL when memory is out. */
const char *summary_copy(gait_summary *summary, const char *text, size_t n);

#endif
