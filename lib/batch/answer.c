/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch/answer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <jansson.h>

#include "base/fail.h"
#include "base/text.h"

/* A name in the sentence may not be UTF-8; the rest of the sentence is. */
static void keep_ascii(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text > 0x7e) *text = '?';
}

static json_t *reason_json(const struct answer *answer)
{
    char text[sizeof answer->error.text];
    json_t *whole = json_string(answer->error.text);
    if (whole) return whole;
    text_print(text, sizeof text, "%s", answer->error.text);
    keep_ascii(text);
    return json_string(text);
}

gait_status answer_send(int connection, const struct answer *answer)
{
    json_t *json =
        json_pack("{si si so ss}", "status", (int)answer->status, "stage", (int)answer->stage,
                  "reason", reason_json(answer), "content_hash", answer->content_hash);
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    size_t n = text ? strlen(text) : 0, done = 0;
    json_decref(json);
    while (done < n) {
        ssize_t sent = send(connection, text + done, n - done, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) break;
        done += (size_t)sent;
    }
    free(text);
    return n && done == n ? GAIT_OK : GAIT_IO;
}

int answer_read(struct answer *answer, const char *text, size_t n)
{
    json_t *json = json_loadb(text, n, 0, NULL);
    int status, stage;
    const char *reason, *hash;
    int ok = json && json_unpack(json, "{si si ss ss}", "status", &status, "stage", &stage,
                                 "reason", &reason, "content_hash", &hash) == 0;
    if (ok) {
        memset(answer, 0, sizeof *answer);
        answer->status = (gait_status)status;
        answer->stage = (enum stage)stage;
        text_print(answer->error.text, sizeof answer->error.text, "%s", reason);
        answer->error.status = answer->status;
        text_print(answer->content_hash, sizeof answer->content_hash, "%s", hash);
    }
    json_decref(json);
    return ok;
}
