/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch/status_rows.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "batch/batch_folder.h"
#include "batch/plan.h"

static gait_status read_shard(struct rows *rows, const struct batch_folder *shard,
                              struct shards *shards, gait_error *err)
{
    char path[LONGEST_PATH];
    if (!folder_file(shard, "status", "tsv", path, sizeof path))
        return gait_fail(err, GAIT_INVALID, "%.80s...: too long a name", shard->path);
    if (access(path, F_OK) == 0) return rows_read(rows, path, err);
    if (!shards->first_missing) shards->first_missing = shard->shard;
    shards->n_missing++;
    return GAIT_OK;
}

static gait_status read_shards(struct rows *rows, const char *folder, struct shards *shards,
                               gait_error *err)
{
    struct batch_folder shard = {.path = folder, .n_shards = shards->n};
    shards->first_row = calloc(shards->n + 1, sizeof *shards->first_row);
    if (!shards->first_row)
        return gait_fail(err, GAIT_NOMEM, "no memory for %zu shards", shards->n);
    for (shard.shard = 1; shard.shard <= shards->n; shard.shard++) {
        TRY(read_shard(rows, &shard, shards, err));
        shards->first_row[shard.shard] = rows->n;
    }
    return GAIT_OK;
}

gait_status status_rows(struct rows *rows, const char *folder, struct shards *shards,
                        gait_error *err)
{
    struct shards own = {0};
    int n = folder_shards(folder);
    gait_status st;
    if (n < 0)
        return gait_fail(err, GAIT_NOT_FOUND, "%s: not the folder of a batch: no status.tsv in it",
                         folder);
    own.n = (size_t)n;
    if (n == 0) {
        const struct batch_folder all = {.path = folder};
        st = read_shard(rows, &all, &own, err);
    } else {
        st = read_shards(rows, folder, &own, err);
    }
    if (shards && !st)
        *shards = own;
    else
        free(own.first_row);
    return st;
}
