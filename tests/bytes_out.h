/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_BYTES_OUT_H
#define TESTS_BYTES_OUT_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file being made in memory, for the writers that make device files with known content. */
struct bytes_out {
    unsigned char *bytes;
    size_t n, room;
};

static inline unsigned char *out_room(struct bytes_out *out, size_t n)
{
    if (!out->bytes || out->n + n > out->room) {
        out->room = 2 * (out->n + n) + 1;
        out->bytes = realloc(out->bytes, out->room);
        if (!out->bytes) abort();
    }
    unsigned char *at = out->bytes + out->n;
    memset(at, 0, n);
    out->n += n;
    return at;
}

static inline void out_bytes(struct bytes_out *out, const void *bytes, size_t n)
{
    unsigned char *at = out_room(out, n);
    if (n) memcpy(at, bytes, n);
}

static inline void out_text(struct bytes_out *out, const char *text)
{
    out_bytes(out, text, strlen(text));
}

static inline void out_free(struct bytes_out *out)
{
    free(out->bytes);
    memset(out, 0, sizeof *out);
}

static inline void put_le16(unsigned char *at, unsigned value)
{
    at[0] = (unsigned char)value;
    at[1] = (unsigned char)(value >> 8);
}

static inline void put_le32(unsigned char *at, uint32_t value)
{
    put_le16(at, value & 0xffff);
    put_le16(at + 2, value >> 16);
}

#endif
