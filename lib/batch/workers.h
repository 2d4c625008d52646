/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_WORKERS_H
#define BATCH_WORKERS_H

#include <stddef.h>

#include "batch/answer.h"

/* Worker processes: each gets one description on its standard input and answers there. */
struct workers;

gait_status workers_new(struct workers **out, const char *const *command, size_t most,
                        gait_error *err);

/* Kills whoever still works. */
void workers_free(struct workers **workers);

size_t workers_busy(const struct workers *workers);

/* Starts one more, of fewer than most; tag comes back with its end. */
gait_status workers_start(struct workers *workers, const char *text, size_t tag, gait_error *err);

/* The end of a worker: its answer, or how it died. */
struct end {
    size_t tag;
    double seconds;
    int died; /* without an answer; answer.error says how */
    struct answer answer;
};

/* Waits for the next end, at most so long: 1, or 0 if there was none. */
int workers_wait(struct workers *workers, int most_ms, struct end *end);

/* Kills those that work for longer; their end says so. */
void workers_kill_late(struct workers *workers, double limit_s);

/* Sends all of them a signal. */
void workers_signal(const struct workers *workers, int number);

#endif
