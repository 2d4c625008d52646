/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_STATUS_ROWS_H
#define BATCH_STATUS_ROWS_H

#include "batch/status_file.h"

/* Which shards a folder has no status of. */
struct shards {
    size_t n;             /* 0: it is not cut */
    size_t first_missing; /* from 1; 0: none */
    size_t n_missing;
    size_t *first_row; /* n + 1 of them, where each shard's rows begin; malloc'd */
};

/* Every row that the status files of a folder have, in the order of the plan. shards may be NULL.
 * GAIT_NOT_FOUND without any status file. */
gait_status status_rows(struct rows *rows, const char *folder, struct shards *shards,
                        gait_error *err);

#endif
