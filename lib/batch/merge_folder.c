/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"
#include "batch/batch_note.h"
#include "batch/batch_study.h"
#include "batch/status_rows.h"

/* Which shard a row is of, from 1; 0: the folder is not cut. */
static size_t shard_of(const struct shards *shards, size_t row)
{
    size_t shard = 0;
    while (shard < shards->n && row >= shards->first_row[shard]) shard++;
    return shard;
}

static gait_status check_shards(const struct shards *shards, const char *folder, gait_error *err)
{
    if (!shards->n_missing) return GAIT_OK;
    return gait_fail(err, GAIT_NOT_FOUND,
                     "%s: %zu of %zu shards are missing, the first is %zu: run gait batch with "
                     "--shard %zu/%zu",
                     folder, shards->n_missing, shards->n, shards->first_missing,
                     shards->first_missing, shards->n);
}

/* What is there counts as done; what is neither there nor failed is missing. */
static gait_status check_rows(struct rows *rows, const struct shards *shards, const char *folder,
                              gait_error *err)
{
    size_t n_missing = 0, first = 0;
    for (size_t i = 0; i < rows->n; i++) {
        char path[LONGEST_PATH];
        gait_batch_row *row = &rows->row[i];
        text_print(path, sizeof path, "%s/%s", folder, row->output);
        if (access(path, F_OK) == 0) {
            row->state = GAIT_BATCH_DONE;
        } else if (row->state != GAIT_BATCH_FAILED) {
            if (!n_missing++) first = i;
        }
    }
    if (!n_missing) return GAIT_OK;
    size_t shard = shard_of(shards, first);
    char again[64] = "";
    if (shard) text_print(again, sizeof again, " with --shard %zu/%zu", shard, shards->n);
    return gait_fail(err, GAIT_NOT_FOUND,
                     "%s: %zu of %zu sessions are missing, the first is %.60s: run gait batch%s "
                     "again",
                     folder, n_missing, rows->n, rows->row[first].output, again);
}

gait_status gait_batch_merge(const char *folder, const char *output, int with_strides,
                             gait_error *err)
{
    char path[LONGEST_PATH];
    NEED(folder);
    struct rows rows = {0};
    struct shards shards = {0};
    const struct batch_folder whole = {.path = folder};
    if (!output && !folder_file(&whole, "study", "h5", path, sizeof path))
        return gait_fail(err, GAIT_INVALID, "%.80s...: too long a name", folder);
    gait_status st = status_rows(&rows, folder, &shards, err);
    if (!st) st = check_shards(&shards, folder, err);
    if (!st) st = check_rows(&rows, &shards, folder, err);
    if (!st) st = study_of_rows(&rows, &whole, output ? output : path, with_strides, err);
    free(shards.first_row);
    rows_free(&rows);
    return st;
}
