/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_ROW_INDEX_H
#define REPORT_ROW_INDEX_H

#include "report/view.h"

/* Where the rows of each session stand in one table of a study, found in the time of a search. */
struct row_index {
    const gait_table *table;
    size_t n;
    struct stretch_of *at; /* sorted by subject and session */
};

struct row_index row_index_of(const gait_summary *study, const char *table, struct pen *pen);
struct rows row_index_find(const struct row_index *index, const char *subject, const char *session);

#endif
