/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_STATUS_FILE_H
#define BATCH_STATUS_FILE_H

#include <gait/batch.h>

#include "base/arena.h"

/* The rows of status.tsv in memory. Zeroed is empty. */
struct rows {
    struct arena arena;
    size_t n, room;
    gait_batch_row *row;
    gait_batch_row **by_output; /* sorted; NULL until asked for */
};

/* Texts are copied. */
gait_status rows_add(struct rows *rows, const gait_batch_row *row, gait_error *err);

/* Changes what has become of one; the text is copied if it changes. */
gait_status rows_set(struct rows *rows, size_t i, gait_batch_state state, const char *reason,
                     gait_error *err);
gait_status rows_set_hash(struct rows *rows, size_t i, const char *hash, gait_error *err);

/* The row of that output, NULL if there is none; no row may be added afterwards. */
const gait_batch_row *rows_find(struct rows *rows, const char *output);

void rows_free(struct rows *rows);

/* Whole or not at all. */
gait_status rows_write(const struct rows *rows, const char *path, gait_error *err);

/* Adds the rows of a status file. */
gait_status rows_read(struct rows *rows, const char *path, gait_error *err);

#endif
