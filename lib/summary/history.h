/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_HISTORY_H
#define SUMMARY_HISTORY_H

#include "summary/digest.h"

/* Adds /history to a study: one row per session with earlier ones. GAIT_NOMEM. */
gait_status add_history(gait_summary *study, const struct person *people, size_t n);

/* Judges every session against the earlier ones and puts what is found among its findings; the
 * sessions' own counts of findings follow. GAIT_NOMEM. */
gait_status add_history_findings(const struct study_rows *rows, const struct person *people,
                                 size_t n, struct arena *tmp);

#endif
