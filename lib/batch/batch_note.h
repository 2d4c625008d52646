/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_BATCH_NOTE_H
#define BATCH_BATCH_NOTE_H

#include "batch/job.h"

/* batch.json: of what source and with which options a batch folder is, so that it can be looked at
 * without saying so again. */
struct note {
    json_t *json;
    const char *source; /* absolute */
    gait_batch_options options;
};

gait_status note_write(const gait_plan *plan, const gait_batch_options *options, gait_error *err);

/* GAIT_NOT_FOUND: not a batch folder. */
gait_status note_read(struct note *note, const char *folder, gait_error *err);
void note_free(struct note *note);

#endif
