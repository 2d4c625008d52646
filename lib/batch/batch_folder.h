/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_BATCH_FOLDER_H
#define BATCH_BATCH_FOLDER_H

#include <jansson.h>

#include <gait/batch.h>

/* A batch folder: its own files, who is at work in it, and what was left behind. */

struct batch_folder {
    const char *path;
    size_t shard, n_shards;     /* 0 of 0: all */
    int bids_layout;            /* no folder of sessions */
    int whole_lock, shard_lock; /* -1: none */
};

/* The path of one of its files: "status" of shard 3 of 7 with ending "tsv" is status.3-of-7.tsv.
 * False if it is too long. */
int folder_file(const struct batch_folder *folder, const char *stem, const char *ending, char *out,
                size_t room);

/* Makes the folder and locks it: alone, or beside other shards. Removes what other ways to cut the
 * plan left, and temporaries that nobody is writing. */
gait_status folder_open(struct batch_folder *folder, gait_error *err);
void folder_close(struct batch_folder *folder);

/* Temporaries of a file that nobody is writing. */
void folder_sweep(const char *path);

/* Every folder on the way to a file. */
gait_status make_folder_of(const char *path, gait_error *err);

/* How many shards its status files are of: 0 for one status.tsv, -1 for none. */
int folder_shards(const char *path);

#endif
