/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"
#include "batch/batch_note.h"
#include "batch/batch_study.h"
#include "batch/status_rows.h"
#include "summary/study.h"

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

static int part_path(const struct shards *shards, size_t shard, const char *folder,
                     char path[LONGEST_PATH])
{
    const struct batch_folder one = {.path = folder, .shard = shard, .n_shards = shards->n};
    return shard && folder_file(&one, "study", "h5", path, LONGEST_PATH) && access(path, F_OK) == 0;
}

/* What is there counts as done; what is neither there, nor in its shard's part, nor failed is
 * missing. How many are, and the first. */
static size_t count_missing(struct rows *rows, const struct shards *shards, const char *folder,
                            size_t *first)
{
    char path[LONGEST_PATH];
    size_t n = 0, shard = 0;
    int has_part = 0;
    for (size_t i = 0; i < rows->n; i++) {
        gait_batch_row *row = &rows->row[i];
        if (shards->n && shard_of(shards, i) != shard)
            has_part = part_path(shards, shard = shard_of(shards, i), folder, path);
        if (has_part && row->state == GAIT_BATCH_DONE) continue;
        text_print(path, sizeof path, "%s/%s", folder, row->output);
        if (access(path, F_OK) == 0)
            row->state = GAIT_BATCH_DONE;
        else if (row->state != GAIT_BATCH_FAILED && n++ == 0)
            *first = i;
    }
    return n;
}

static gait_status check_rows(struct rows *rows, const struct shards *shards, const char *folder,
                              gait_error *err)
{
    size_t first = 0, n = count_missing(rows, shards, folder, &first);
    if (!n) return GAIT_OK;
    char again[64] = "";
    size_t shard = shard_of(shards, first);
    if (shard) text_print(again, sizeof again, " with --shard %zu/%zu", shard, shards->n);
    return gait_fail(err, GAIT_NOT_FOUND,
                     "%s: %zu of %zu sessions are missing, the first is %.60s: run gait batch "
                     "again%s",
                     folder, n, rows->n, rows->row[first].output, again);
}

/* A shard's part, if it is there and has the same tables; else its sessions one by one. */
static gait_status add_shard(struct batch_study *study, const struct rows *rows,
                             const struct shards *shards, size_t shard, const char *folder,
                             int with_strides, gait_error *err)
{
    char path[LONGEST_PATH];
    size_t first = shards->first_row[shard - 1], end = shards->first_row[shard], n_done = 0;
    for (size_t i = first; i < end; i++) n_done += rows->row[i].state == GAIT_BATCH_DONE;
    if (!n_done) return GAIT_OK;
    if (with_strides || !part_path(shards, shard, folder, path))
        return batch_study_add(study, rows, first, end, folder, err);
    study->n += n_done;
    return study_add_part(study->study, path, first, err);
}

static gait_status merge(const struct rows *rows, const struct shards *shards, const char *folder,
                         const char *output, int with_strides, gait_error *err)
{
    char beside[LONGEST_PATH];
    struct batch_study study;
    int head = (int)(text_base_name(output) - output);
    text_print(beside, sizeof beside, "%.*s", head ? head : 1, head ? output : ".");
    gait_status st = batch_study_begin(&study, beside, with_strides, 0, err);
    for (size_t shard = 1; !st && shard <= shards->n; shard++)
        st = add_shard(&study, rows, shards, shard, folder, with_strides, err);
    if (!st && !shards->n) st = batch_study_add(&study, rows, 0, rows->n, folder, err);
    if (!st) st = batch_study_write(&study, output, err);
    batch_study_end(&study);
    return st;
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
    if (!st) st = merge(&rows, &shards, folder, output ? output : path, with_strides, err);
    free(shards.first_row);
    rows_free(&rows);
    return st;
}
