/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_INPUTS_H
#define BATCH_INPUTS_H

#include "batch/job.h"

/* Whether a summary belongs to what it would be made of now: the hash of everything that goes in
 * stands in it as input_hash, 32 digits for what is said (options, version, sidecars), a dash, and
 * 32 for what was recorded. */

enum { HASH_ROOM = 33, INPUT_HASH_ROOM = 66 };

/* From the hashes of the recordings' bytes, in the job's order. */
gait_status input_hash(const struct job *job, const char *const *contents,
                       char out[INPUT_HASH_ROOM], gait_error *err);

/* XXH3-128 of a file's bytes. */
gait_status hash_file(const char *path, char out[HASH_ROOM], gait_error *err);

/* True if the summary at path is whole and of this job. With trust_dates, recordings older than it
 * are not read. contents gets the hashes of the recordings as far as they were read, separated by
 * commas; free() it. */
int is_up_to_date(const struct job *job, const char *path, int trust_dates, char **contents);

#endif
