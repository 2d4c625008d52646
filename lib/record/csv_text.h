/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_CSV_TEXT_H
#define RECORD_CSV_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "record/source.h"

/* A text file as UTF-8 with '\n' or "\r\n" behind each line, whatever it was written in: UTF-8,
 * Latin-1 (bytes above 0x7f are passed on, names may hold either), UTF-16 with a mark, old Mac
 * line ends. */

enum text_encoding { TEXT_BYTES, TEXT_UTF16_LE, TEXT_UTF16_BE };

enum { TEXT_RAW_SIZE = 1 << 14 };

struct csv_text {
    struct source *source;
    enum text_encoding encoding;
    int lone_returns; /* lines end in '\r' alone */
    int at_start;     /* the byte order mark is still to come */
    size_t n_raw;     /* bytes of an unfinished UTF-16 character */
    unsigned char raw[TEXT_RAW_SIZE];
};

/* From the first byte of the source. */
gait_status csv_text_open(struct csv_text *text, struct source *source, gait_error *err);

/* Up to room bytes (at least 4); *n is 0 only at the end. */
gait_status csv_text_read(struct csv_text *text, char *buffer, size_t room, size_t *n,
                          gait_error *err);

/* 1 if these first bytes may be text at all. */
int csv_text_is_text(const unsigned char *head, size_t n);

#endif
