/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_BATCH_STUDY_H
#define BATCH_BATCH_STUDY_H

#include "batch/batch_folder.h"
#include "batch/status_file.h"

/* Merges the summaries of all rows that are done, in their order, into one study. With none, an old
 * study is removed. */
gait_status study_of_rows(const struct rows *rows, const struct batch_folder *folder,
                          const char *path, int with_strides, gait_error *err);

#endif
