/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_OUTPUT_NAME_H
#define BATCH_OUTPUT_NAME_H

#include <stdbool.h>

#include <gait/batch.h>

/* Where a session's summary lies in the batch folder: sessions/SUBJECT_SESSION.gait.h5, or as a
 * BIDS derivative. False if the name is too long for a file. */
bool output_name(const gait_planned_session *session, int bids_layout, char *out, size_t room);

#endif
