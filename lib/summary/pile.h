/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_PILE_H
#define SUMMARY_PILE_H

#include "summary/intern.h"
#include "summary/spool.h"
#include "summary/table.h"

/* One table of many sessions, in the order in which they came; later dealt out in theirs. Columns
 * that nobody has to look at meanwhile may be moved from memory to a spool. Texts and names live in
 * an arena of the owner's. */

/* Rows of the columns that were moved, side by side in the spool. */
struct pile_block {
    size_t first, n;
    uint64_t *at;  /* of each column */
    size_t *width; /* bytes of a cell */
};

struct pile {
    struct table_about about;
    size_t n_columns;
    struct column_about *columns;
    size_t n_rows;
    size_t room;
    void **cells;        /* one array per column */
    size_t *longest;     /* text of each column */
    unsigned char *kept; /* 1: this column stays in memory */
    struct arena loose;  /* texts of the others */
    size_t n_loose_bytes, loose_room;
    size_t n_moved; /* rows of the others that are in the spool */
    size_t n_blocks, block_room;
    struct pile_block *blocks;
};

/* Rows first ... first + n - 1. */
struct stretch {
    size_t first, n;
};

/* An empty pile with the columns of this table, all of which stay in memory; GAIT_NOMEM. */
gait_status pile_begin(struct pile *pile, const struct table *like, struct arena *keep);

/* From now on only the columns with these names stay; the list ends with NULL. */
void pile_keep_only(struct pile *pile, const char *const *names);

/* True if the table has the pile's columns, in their order and of their types. */
int pile_fits(const struct pile *pile, const struct table *table);

/* Puts all rows of a table that fits on the pile; GAIT_NOMEM, and the pile is as before. */
gait_status pile_add(struct pile *pile, const struct table *table, struct intern *shared);

/* Moves what need not stay to the spool. */
gait_status pile_move(struct pile *pile, struct spool *spool, struct arena *keep, gait_error *err);

/* Cells first ... first + n - 1 of a column as they lie in a file, texts NUL-padded to width. */
gait_status pile_read(const struct pile *pile, const struct spool *spool, size_t column,
                      struct stretch rows, void *out, size_t width, gait_error *err);

/* A table with the stretches one behind the other; all of it, or only what stayed in memory and
 * then with texts that are the pile's.
 * GAIT_NOMEM, or a spool that cannot be read. */
gait_status pile_deal(const struct pile *pile, const struct spool *spool,
                      const struct stretch *stretches, size_t n, int only_kept,
                      gait_summary *summary, gait_error *err);

/* Takes the rows from first on away again, none of which was moved. */
void pile_cut(struct pile *pile, size_t first);

void pile_free(struct pile *pile);

#endif
