/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/csv_text.h"

#include <string.h>

#include "base/fail.h"

static enum text_encoding encoding_of(const unsigned char *head, size_t n)
{
    if (n >= 2 && head[0] == 0xff && head[1] == 0xfe) return TEXT_UTF16_LE;
    if (n >= 2 && head[0] == 0xfe && head[1] == 0xff) return TEXT_UTF16_BE;
    return TEXT_BYTES;
}

int csv_text_is_text(const unsigned char *head, size_t n)
{
    if (encoding_of(head, n) != TEXT_BYTES) return 1;
    size_t nuls = 0, odd = 0; /* loggers pad with NULs; a stray byte is an accident */
    for (size_t i = 0; i < n; i++) {
        nuls += head[i] == 0;
        odd += head[i] && head[i] < 0x20 && !strchr("\t\n\r\f\x1a", head[i]);
    }
    return 4 * nuls <= n && 100 * odd <= n;
}

static int has_unit(const unsigned char *head, size_t n, enum text_encoding encoding, int c)
{
    if (encoding == TEXT_BYTES) return n && memchr(head, c, n) != NULL;
    size_t low = encoding == TEXT_UTF16_LE ? 0 : 1;
    for (size_t i = 2; i + 1 < n; i += 2)
        if (head[i + low] == c && !head[i + 1 - low]) return 1;
    return 0;
}

gait_status csv_text_open(struct csv_text *text, struct source *source, gait_error *err)
{
    const unsigned char *head;
    size_t n;
    TRY(source_peek(source, &head, &n, err));
    text->source = source;
    text->encoding = encoding_of(head, n);
    text->lone_returns =
        has_unit(head, n, text->encoding, '\r') && !has_unit(head, n, text->encoding, '\n');
    text->at_start = 1;
    text->n_raw = 0;
    return GAIT_OK;
}

static size_t put_utf8(unsigned c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c >= 0xd800 && c < 0xe000) { /* half of a pair: nothing a column name or number needs */
        out[0] = '?';
        return 1;
    }
    out[0] = (char)(0xe0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 0x3f));
    out[2] = (char)(0x80 | (c & 0x3f));
    return 3;
}

static gait_status read_utf16(struct csv_text *text, char *buffer, size_t room, size_t *n,
                              gait_error *err)
{
    size_t most = 2 * (room / 3), got;
    if (most > sizeof text->raw) most = sizeof text->raw;
    *n = 0;
    while (!*n) {
        TRY(source_read(text->source, text->raw + text->n_raw, most - text->n_raw, &got, err));
        if (!got) return GAIT_OK;
        size_t have = text->n_raw + got, i = 0;
        size_t low = text->encoding == TEXT_UTF16_LE ? 0 : 1;
        for (; i + 1 < have; i += 2) {
            unsigned c = text->raw[i + low] | (unsigned)text->raw[i + 1 - low] << 8;
            if (!(text->at_start && c == 0xfeff)) *n += put_utf8(c, buffer + *n);
            text->at_start = 0;
        }
        text->n_raw = have - i;
        if (text->n_raw) text->raw[0] = text->raw[i];
    }
    return GAIT_OK;
}

static gait_status read_bytes(struct csv_text *text, char *buffer, size_t room, size_t *n,
                              gait_error *err)
{
    TRY(source_read(text->source, buffer, room, n, err));
    if (text->at_start && *n >= 3 && !memcmp(buffer, "\xef\xbb\xbf", 3)) {
        *n -= 3;
        memmove(buffer, buffer + 3, *n);
        text->at_start = 0;
        if (!*n) return source_read(text->source, buffer, room, n, err);
    }
    text->at_start = 0;
    return GAIT_OK;
}

gait_status csv_text_read(struct csv_text *text, char *buffer, size_t room, size_t *n,
                          gait_error *err)
{
    if (text->encoding == TEXT_BYTES)
        TRY(read_bytes(text, buffer, room, n, err));
    else
        TRY(read_utf16(text, buffer, room, n, err));
    if (text->lone_returns)
        for (size_t i = 0; i < *n; i++)
            if (buffer[i] == '\r') buffer[i] = '\n';
    return GAIT_OK;
}
