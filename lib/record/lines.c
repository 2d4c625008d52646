/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/lines.h"

#include <string.h>

#include "base/fail.h"

/* Moves what is left to the front and reads on behind it. */
static gait_status refill(struct lines *lines, gait_error *err)
{
    size_t left = lines->n - lines->at, got = 0;
    memmove(lines->bytes, lines->bytes + lines->at, left);
    lines->at = 0;
    lines->n = left;
    TRY(source_read(lines->source, lines->bytes + left, LINES_ROOM - left, &got, err));
    lines->n += got;
    lines->ended = !got;
    return GAIT_OK;
}

gait_status lines_next(struct lines *lines, const char **line, size_t *length, gait_error *err)
{
    const char *end;
    *line = NULL;
    *length = 0;
    for (;;) {
        end = memchr(lines->bytes + lines->at, '\n', lines->n - lines->at);
        if (end || lines->ended || lines->n - lines->at == LINES_ROOM) break;
        TRY(refill(lines, err));
    }
    const char *from = lines->bytes + lines->at;
    size_t n = end ? (size_t)(end - from) : lines->n - lines->at;
    if (!end && !n) return GAIT_OK;
    *line = from;
    *length = n && from[n - 1] == '\r' ? n - 1 : n;
    lines->at += n + (end != NULL);
    lines->number++;
    return GAIT_OK;
}
