/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MAKE_ZIP_H
#define TESTS_MAKE_ZIP_H

#include "bytes_out.h"

/* Makes ZIP archives whose members are stored as they are: a header before each member, a directory
 * of them all behind. */

enum { ZIP_MEMBERS = 16, ZIP_LOCAL = 30, ZIP_CENTRAL = 46, ZIP_END = 22 };

struct zip_out {
    struct bytes_out file, directory;
    unsigned n_members;
};

static inline uint32_t zip_crc(const void *bytes, size_t n)
{
    const unsigned char *b = bytes;
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < n; i++) {
        crc ^= b[i];
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

/* What both headers say: version 2.0, stored, no date, checksum, sizes, length of the name. */
static inline void zip_put_common(unsigned char *at, uint32_t crc, size_t n, size_t n_name)
{
    put_le16(at, 20);
    put_le16(at + 8, 0x21); /* 1980-01-01 */
    put_le32(at + 10, crc);
    put_le32(at + 14, (uint32_t)n);
    put_le32(at + 18, (uint32_t)n);
    put_le16(at + 22, (unsigned)n_name);
}

static inline void zip_add(struct zip_out *zip, const char *name, const void *bytes, size_t n)
{
    uint32_t crc = zip_crc(bytes, n), at = (uint32_t)zip->file.n;
    unsigned char *local = out_room(&zip->file, ZIP_LOCAL);
    memcpy(local, "PK\3\4", 4);
    zip_put_common(local + 4, crc, n, strlen(name));
    out_text(&zip->file, name);
    out_bytes(&zip->file, bytes, n);
    unsigned char *central = out_room(&zip->directory, ZIP_CENTRAL);
    memcpy(central, "PK\1\2", 4);
    put_le16(central + 4, 20);
    zip_put_common(central + 6, crc, n, strlen(name));
    put_le32(central + 42, at);
    out_text(&zip->directory, name);
    zip->n_members++;
}

static inline void zip_end(struct zip_out *zip)
{
    uint32_t at = (uint32_t)zip->file.n, size = (uint32_t)zip->directory.n;
    out_bytes(&zip->file, zip->directory.bytes, zip->directory.n);
    unsigned char *end = out_room(&zip->file, ZIP_END);
    memcpy(end, "PK\5\6", 4);
    put_le16(end + 8, zip->n_members);
    put_le16(end + 10, zip->n_members);
    put_le32(end + 12, size);
    put_le32(end + 16, at);
    out_free(&zip->directory);
}

#endif
