/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_CSV_NUMBER_H
#define RECORD_CSV_NUMBER_H

#include <stdint.h>
#include <string.h>

/* Numbers in text whose end is not checked: a newline has to stand somewhere behind, and
 * CSV_NUMBER_SLACK bytes behind that. These functions are the inner loop of reading text. */

enum { CSV_NUMBER_SLACK = 16 };

/* A decimal number as it stands: mantissa * 10^-decimals, with or without a minus. */
struct csv_number {
    uint64_t mantissa;
    unsigned decimals;
    size_t negative; /* 0 or 1 */
};

/* What the last number of a column looked like behind its sign. Columns keep their layout, so it is
 * worth trying first, and the processor can go on before it knows. */
struct csv_shape {
    uint64_t care;   /* 0x80 in each of the first `length` bytes */
    uint64_t others; /* 0x80 where there is no digit: the decimal sign */
    uint64_t low;    /* all bits of the bytes before the decimal sign */
    size_t length;   /* up to 8; 0: nothing known */
    unsigned shift;  /* bits that bring the digits to the end */
    unsigned decimals;
    double scale[2]; /* 10 to the decimals, and minus that */
    char stop;       /* behind the number */
};

static inline uint64_t csv_load(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word); /* little endian: the first character is the lowest byte */
    return word;
}

/* The highest bit of each byte tells whether it is no digit, of text with '0' taken off. */
static inline uint64_t csv_other_bytes(uint64_t digits)
{
    const uint64_t low_bits = UINT64_C(0x7f7f7f7f7f7f7f7f), above_9 = UINT64_C(0x7676767676767676);
    return ((digits & low_bits) + above_9) | digits;
}

/* Eight digits, one per byte, the first in the lowest: pairs, fours, all. */
static inline uint64_t csv_eight_digits(uint64_t digits)
{
    digits = digits * 10 + (digits >> 8);
    uint64_t even = (digits & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064);
    uint64_t odd = (digits >> 16 & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001);
    return (even + odd) >> 32;
}

/* Behind the number if it looks like the last one, else NULL. */
static inline const char *csv_read_alike(const char *p, const struct csv_shape *shape,
                                         struct csv_number *out)
{
    size_t negative = *p == '-';
    uint64_t digits = csv_load(p + negative) ^ UINT64_C(0x3030303030303030);
    p += negative + shape->length;
    if ((csv_other_bytes(digits) & shape->care) != shape->others || *p != shape->stop) return NULL;
    digits = (digits & shape->low) | (digits >> 8 & ~shape->low);
    out->mantissa = csv_eight_digits(digits << shape->shift);
    out->decimals = shape->decimals;
    out->negative = negative;
    return p;
}

/* For the next time; length is that of the text behind the sign. */
static inline void csv_keep_shape(struct csv_shape *shape, size_t length, unsigned decimals,
                                  int has_sign, char stop)
{
    shape->length = 0;
    shape->care = 0;
    shape->others = UINT64_MAX; /* never alike */
    if (length > 8 || length < 1 + (size_t)has_sign) return;
    size_t before = length - decimals - (size_t)has_sign;
    uint64_t high_bits = UINT64_C(0x8080808080808080);
    shape->length = length;
    shape->care = length == 8 ? high_bits : high_bits & ((UINT64_C(1) << 8 * length) - 1);
    shape->others = has_sign ? UINT64_C(0x80) << 8 * before : 0;
    shape->low = has_sign ? (UINT64_C(1) << 8 * before) - 1 : UINT64_MAX;
    shape->shift = (unsigned)(8 * (8 - (length - (size_t)has_sign)));
    shape->decimals = decimals;
    shape->scale[0] = 1;
    for (unsigned i = 0; i < decimals; i++) shape->scale[0] *= 10;
    shape->scale[1] = -shape->scale[0];
    shape->stop = stop;
}

/* Any number of up to 18 digits without an exponent; NULL for anything else. */
static inline const char *csv_read_plain(const char *p, char decimal, struct csv_shape *shape,
                                         struct csv_number *out)
{
    out->negative = *p == '-';
    p += out->negative;
    const char *from = p;
    uint64_t m = 0;
    unsigned d;
    while ((d = (unsigned)(unsigned char)*p - '0') < 10) {
        m = 10 * m + d;
        p++;
    }
    int has_sign = *p == decimal;
    out->decimals = 0;
    if (has_sign) {
        const char *fraction = ++p;
        while ((d = (unsigned)(unsigned char)*p - '0') < 10) {
            m = 10 * m + d;
            p++;
        }
        out->decimals = (unsigned)(p - fraction);
    }
    out->mantissa = m;
    size_t length = (size_t)(p - from), digits = length - (size_t)has_sign;
    if (digits - 1 >= 18) return NULL;
    csv_keep_shape(shape, length, out->decimals, has_sign, *p);
    return p;
}

static inline const char *csv_read_number(const char *p, char decimal, struct csv_shape *shape,
                                          struct csv_number *out)
{
    const char *end = csv_read_alike(p, shape, out);
    return end ? end : csv_read_plain(p, decimal, shape, out);
}

#endif
