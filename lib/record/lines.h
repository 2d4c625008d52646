/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_LINES_H
#define RECORD_LINES_H

#include "record/source.h"

/* The lines of a source, one after the other, without copying them. */

enum { LINES_ROOM = 1 << 17 };

struct lines {
    struct source *source;
    size_t n, at;
    int ended;
    uint64_t number; /* of the line given last, from 1 */
    char bytes[LINES_ROOM];
};

/* The next line without its LF or CRLF, valid until the next call; NULL at the end. A last line
 * without an end counts. One longer than LINES_ROOM comes in pieces of that length. */
gait_status lines_next(struct lines *lines, const char **line, size_t *length, gait_error *err);

#endif
