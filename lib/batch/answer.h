/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_ANSWER_H
#define BATCH_ANSWER_H

#include <stddef.h>

#include <gait/error.h>

/* What a worker tells of its session: one line of JSON. */

enum stage { STAGE_READ, STAGE_WRITE };

struct answer {
    gait_status status;
    enum stage stage; /* where it failed */
    gait_error error;
    char content_hash[1024]; /* of the recordings, separated by commas; cut if there are many */
};

gait_status answer_send(int connection, const struct answer *answer);

/* False if this is no answer. */
int answer_read(struct answer *answer, const char *text, size_t n);

#endif
