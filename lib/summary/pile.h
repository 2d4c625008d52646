/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_PILE_H
#define SUMMARY_PILE_H

#include "summary/table.h"

/* One table of many sessions, in the order in which they came; later dealt out in theirs. Texts
 * and names live in an arena of the owner's. */
struct pile {
    struct table_about about;
    size_t n_columns;
    struct column_about *columns;
    size_t n_rows;
    size_t room;
    void **cells; /* one array per column */
};

/* Rows first ... first + n - 1. */
struct stretch {
    size_t first, n;
};

/* An empty pile with the columns of this table; GAIT_NOMEM. */
gait_status pile_begin(struct pile *pile, const struct table *like, struct arena *keep);

/* True if the table has the pile's columns, in their order and of their types. */
int pile_fits(const struct pile *pile, const struct table *table);

/* Puts all rows of a table that fits on the pile; GAIT_NOMEM, and the pile is as before. */
gait_status pile_add(struct pile *pile, const struct table *table, struct arena *keep);

/* A table with the stretches one behind the other. NULL when memory is out. */
struct table *pile_deal(const struct pile *pile, const struct stretch *stretches, size_t n,
                        gait_summary *summary);

/* Takes the rows from first on away again. */
void pile_cut(struct pile *pile, size_t first);

void pile_free(struct pile *pile);

#endif
