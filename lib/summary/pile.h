/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_PILE_H
#define SUMMARY_PILE_H

#include "summary/spool.h"
#include "summary/table.h"

/* One table of many sessions, in the order in which they came; later dealt out in theirs. Rows may
 * be moved from memory to a spool, or stay in the file they come from. Names live in an arena of
 * the owner's. */

/* Rows that are in a file, each column by itself. */
struct pile_block {
    size_t first, n;
    const struct spool *in;
    const uint64_t *at;  /* of each column */
    const size_t *width; /* bytes of a cell */
};

struct pile {
    struct table_about about;
    size_t n_columns;
    struct column_about *columns;
    size_t n_rows;
    size_t n_moved;     /* of these, the first ones that are in files */
    size_t room;        /* for the others, which are in memory */
    void **cells;       /* one array per column */
    struct arena texts; /* of the cells */
    size_t n_bytes;     /* of both */
    size_t *longest;    /* text of each column, wherever it is */
    size_t n_blocks, block_room;
    struct pile_block *blocks;
};

/* Rows first ... first + n - 1. */
struct stretch {
    size_t first, n;
};

/* Makes neighbours one, in place, and leaves out empty ones; says how many are left. */
size_t join_stretches(struct stretch *stretches, size_t n);

/* An empty pile with the columns of this table; GAIT_NOMEM. */
gait_status pile_begin(struct pile *pile, const struct table *like, struct arena *keep);

/* True if the table has the pile's columns, in their order and of their types. */
int pile_fits(const struct pile *pile, const struct table *table);

/* Puts all rows of a table that fits on the pile; GAIT_NOMEM, and the pile is as before. */
gait_status pile_add(struct pile *pile, const struct table *table);

/* The same with rows that stay in the file, where the table's hollow says; none may be in memory.
 */
gait_status pile_add_in_place(struct pile *pile, const struct table *table, const struct spool *in,
                              struct arena *keep);

/* Moves all rows that are in memory to the spool. */
gait_status pile_move(struct pile *pile, struct spool *spool, struct arena *keep, gait_error *err);

/* Cells first ... first + n - 1 of a column as they lie in a file, texts NUL-padded to width. */
gait_status pile_read(const struct pile *pile, size_t column, struct stretch rows, void *out,
                      size_t width, gait_error *err);

/* A table with the stretches one behind the other: the columns of these names, the list ends with
 * NULL; NULL: all. GAIT_NOMEM, or a file that cannot be read. */
gait_status pile_deal(const struct pile *pile, const struct stretch *stretches, size_t n,
                      const char *const *names, gait_summary *summary, gait_error *err);

/* Takes away again what was last added, from this row on. */
void pile_cut(struct pile *pile, size_t first);

void pile_free(struct pile *pile);

#endif
