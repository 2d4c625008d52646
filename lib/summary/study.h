/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_STUDY_H
#define SUMMARY_STUDY_H

#include <gait/summary.h>

/* What only a batch asks of a study. */

/* Makes it one of several parts that are merged later: the history is left to the whole. Before the
 * first session. */
void study_be_part(gait_study *study);

/* Tables that do not fit into so much memory are moved to a nameless file in that folder. Before
 * the first session; the folder's name is copied. */
gait_status study_use_folder(gait_study *study, const char *folder, size_t most_bytes,
                             gait_error *err);

#endif
