/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whole numbers as files hold them, least significant byte first, at any address. Compilers make
 * one load of each. */

static inline uint16_t le16(const unsigned char *b)
{
    return (uint16_t)(b[0] | b[1] << 8);
}

static inline int16_t le16s(const unsigned char *b)
{
    return (int16_t)le16(b);
}

static inline uint32_t le32(const unsigned char *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline bool all_bytes_are(const unsigned char *b, size_t n, unsigned char value)
{
    for (size_t i = 0; i < n; i++)
        if (b[i] != value) return false;
    return true;
}

#endif
