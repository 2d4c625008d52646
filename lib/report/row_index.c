/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/row_index.h"

#include <stdlib.h>
#include <string.h>

struct stretch_of {
    const char *subject, *session;
    size_t first, n;
};

static int by_names(const void *a, const void *b)
{
    const struct stretch_of *x = a, *y = b;
    int order = strcmp(x->subject, y->subject);
    return order ? order : strcmp(x->session, y->session);
}

struct row_index row_index_of(const gait_summary *study, const char *table, struct pen *pen)
{
    struct row_index index = {gait_summary_table(study, table), 0, NULL};
    if (!index.table) return index;
    struct rows all = {index.table, 0, index.table->n_rows};
    const char *const *subjects = rows_texts(&all, "subject_id");
    const char *const *sessions = rows_texts(&all, "session_id");
    index.at = PEN_NEW(pen, all.n, struct stretch_of);
    if (!subjects || !sessions || !index.at) return index;
    for (size_t i = 0; i < all.n; i++) {
        struct stretch_of row = {subjects[i], sessions[i], i, 1};
        if (index.n && by_names(&row, &index.at[index.n - 1]) == 0)
            index.at[index.n - 1].n++;
        else
            index.at[index.n++] = row;
    }
    if (index.n) qsort(index.at, index.n, sizeof *index.at, by_names);
    return index;
}

struct rows row_index_find(const struct row_index *index, const char *subject, const char *session)
{
    struct stretch_of key = {subject, session, 0, 0};
    const struct stretch_of *found =
        index->n ? bsearch(&key, index->at, index->n, sizeof key, by_names) : NULL;
    return (struct rows){index->table, found ? found->first : 0, found ? found->n : 0};
}
