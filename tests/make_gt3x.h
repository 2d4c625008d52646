/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MAKE_GT3X_H
#define TESTS_MAKE_GT3X_H

#include "make_zip.h"

/* Makes ActiGraph .gt3x files with known content: info.txt and the records of log.bin. */

enum { GT3X_ACTIVITY = 0, GT3X_EVENT = 3, GT3X_PARAMETERS = 21, GT3X_ACTIVITY2 = 26 };

/* Separator, type, second, size, payload, complement of the exclusive-or of all of these. */
static inline void gt3x_record(struct bytes_out *log, int type, uint32_t second,
                               const void *payload, size_t n)
{
    size_t start = log->n;
    unsigned char *head = out_room(log, 8), parity = 0;
    head[0] = 0x1e;
    head[1] = (unsigned char)type;
    put_le32(head + 2, second);
    put_le16(head + 6, (unsigned)n);
    out_bytes(log, payload, n);
    for (size_t i = start; i < log->n; i++) parity ^= log->bytes[i];
    *out_room(log, 1) = (unsigned char)~parity;
}

/* Type 26: x, y, z in 16 bits each. */
static inline void gt3x_second_16(struct bytes_out *log, uint32_t second, const int xyz[][3],
                                  size_t n)
{
    unsigned char payload[6 * 256];
    for (size_t i = 0; i < 3 * n; i++)
        put_le16(payload + 2 * i, (unsigned)xyz[i / 3][i % 3] & 0xffff);
    gt3x_record(log, GT3X_ACTIVITY2, second, payload, 6 * n);
}

/* y, x, z in 12 bits each, most significant bit first. */
static inline size_t gt3x_pack_12(unsigned char *out, const int xyz[][3], size_t n)
{
    static const int order[3] = {1, 0, 2};
    size_t nibble = 0;
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < 3; k++)
            for (int shift = 8; shift >= 0; shift -= 4, nibble++) {
                unsigned four = ((unsigned)xyz[i][order[k]] >> shift) & 15;
                if (nibble % 2)
                    out[nibble / 2] = (unsigned char)(out[nibble / 2] | four);
                else
                    out[nibble / 2] = (unsigned char)(four << 4);
            }
    return (nibble + 1) / 2;
}

static inline void gt3x_second_12(struct bytes_out *log, uint32_t second, const int xyz[][3],
                                  size_t n)
{
    unsigned char payload[5 * 256];
    gt3x_record(log, GT3X_ACTIVITY, second, payload, gt3x_pack_12(payload, xyz, n));
}

/* The whole archive; log is freed. */
static inline struct bytes_out gt3x_file(const char *info, const char *member,
                                         struct bytes_out *samples)
{
    struct zip_out zip = {{0}, {0}, 0};
    zip_add(&zip, "info.txt", info, strlen(info));
    zip_add(&zip, member, samples->bytes, samples->n);
    zip_end(&zip);
    out_free(samples);
    return zip.file;
}

#endif
