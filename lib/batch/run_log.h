/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_RUN_LOG_H
#define BATCH_RUN_LOG_H

#include <gait/batch.h>

/* log.jsonl: one line of JSON per thing that happened, with the time of day; lines are only added.
 * A log that cannot be written does not stop a batch. */
struct run_log {
    int fd; /* -1: none */
};

void log_open(struct run_log *log, const char *path);
void log_begin(const struct run_log *log, const gait_plan *plan, const gait_batch_options *options,
               size_t n);
void log_session(const struct run_log *log, const gait_batch_row *row, int skipped);
void log_end(const struct run_log *log, const gait_batch_counts *counts, gait_status status,
             const char *reason);
void log_close(struct run_log *log);

#endif
