/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_BATCH_STUDY_H
#define BATCH_BATCH_STUDY_H

#include "batch/batch_folder.h"
#include "batch/status_file.h"

/* Sessions of a batch on their way into one file: a study, or the part of it that a shard makes.
 */
struct batch_study {
    gait_study *study;
    size_t n; /* sessions added */
};

gait_status batch_study_begin(struct batch_study *to, const char *folder, int with_strides,
                              int is_part, gait_error *err);

/* The summaries of rows first ... end - 1 that are done; the row is the place. */
gait_status batch_study_add(struct batch_study *to, const struct rows *rows, size_t first,
                            size_t end, const char *folder, gait_error *err);

/* With no session, an old file is removed. */
gait_status batch_study_write(struct batch_study *to, const char *path, gait_error *err);
void batch_study_end(struct batch_study *to);

#endif
