/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_STUDY_H
#define SUMMARY_STUDY_H

#include <gait/summary.h>

/* What only a batch asks of a study. */

/* Makes it one of several parts that are merged later: the history is left to the whole. Before the
 * first session. */
void study_be_part(gait_study *study);

/* gait_study_use_folder() with another limit than its own. */
gait_status study_use_folder(gait_study *study, const char *folder, size_t most_bytes,
                             gait_error *err);

/* gait_study_add() of a shard's study, whose rows are not read until they are written if the study
 * uses a folder. */
gait_status study_add_part(gait_study *study, const char *path, size_t position, gait_error *err);

#endif
