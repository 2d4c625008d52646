/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_STUDY_TABLES_H
#define SUMMARY_STUDY_TABLES_H

#include "summary/pile.h"

/* Tables whose cells lie on a pile, written without ever being in memory at once. */

/* One table of the file: where its rows come from, run by run. */
struct piled_table {
    const struct pile *pile;
    struct table *table; /* hollow */
    const struct stretch *runs;
    size_t n_runs;
};

/* A hollow table of the summary with all columns of the pile. NULL when memory is out. */
struct table *outline_table(gait_summary *summary, const struct pile *pile, size_t n_rows);

/* Writes the summary, whole or not at all, as gait_summary_write() does; tables that are hollow are
 * filled from their piles. The file is read back before it gets its name. */
gait_status write_piled(const gait_summary *summary, const struct piled_table *piled, size_t n,
                        const char *path, gait_error *err);

#endif
