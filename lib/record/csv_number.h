/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_CSV_NUMBER_H
#define RECORD_CSV_NUMBER_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/hot.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The inner loop of reading text: where cells end, and what a short number in one is. Nothing waits
 * for the number before, and nothing is guessed, since columns of measurements change their length
 * from row to row. CSV_SLACK bytes before and behind a cell have to be readable. */

enum { CSV_SLACK = 64, CSV_SHORT = 16 /* bytes of a number without its minus */ };

/* A decimal number as it stands: mantissa * 10^-decimals, with or without a minus. */
struct csv_number {
    uint64_t mantissa;
    unsigned decimals;
    size_t negative; /* 0 or 1 */
};

/* Sixteen characters. */
typedef unsigned char csv_bytes __attribute__((vector_size(16)));

HOT_PART csv_bytes csv_load(const void *p)
{
    csv_bytes bytes;
    memcpy(&bytes, p, sizeof bytes);
    return bytes;
}

/* Bit i tells whether byte i is 255; it is 0 otherwise. */
HOT_PART unsigned csv_bits(csv_bytes bytes)
{
#ifdef __SSE2__
    return (unsigned)_mm_movemask_epi8((__m128i)bytes);
#else
    uint64_t half[2];
    const uint64_t high_bits = UINT64_C(0x8080808080808080), gather = UINT64_C(0x0002040810204081);
    memcpy(half, &bytes, sizeof half);
    for (int i = 0; i < 2; i++) half[i] = (half[i] & high_bits) * gather >> 56;
    return (unsigned)(half[0] | half[1] << 8);
#endif
}

/* Delimiters, line ends and quotes, one after the other; quotes only end the easy way. */
struct csv_marks {
    const char *block; /* of 64 bytes */
    uint64_t bits;     /* those that are still to come in it */
    char delimiter;
};

HOT_PART uint64_t csv_marks_of(const char *block, char delimiter)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < 4; i++) {
        csv_bytes b = csv_load(block + (size_t)16 * i);
        csv_bytes is_mark = (csv_bytes)(b == (unsigned char)delimiter) | (csv_bytes)(b == '\n') |
                            (csv_bytes)(b == '"');
        bits |= (uint64_t)csv_bits(is_mark) << 16 * i;
    }
    return bits;
}

HOT_PART void csv_marks_from(struct csv_marks *marks, const char *p)
{
    marks->block = p;
    marks->bits = csv_marks_of(p, marks->delimiter);
}

HOT_PART const char *csv_next_mark(struct csv_marks *marks)
{
    while (!marks->bits) csv_marks_from(marks, marks->block + 64);
    const char *at = marks->block + __builtin_ctzll(marks->bits);
    marks->bits &= marks->bits - 1;
    return at;
}

/* Sixteen digits, one per byte, the first in the lowest: pairs, fours, eights, all. */
HOT_PART uint64_t csv_sixteen_digits(csv_bytes digits)
{
    uint64_t eights[2];
#ifdef __SSE2__
    __m128i d = (__m128i)digits;
    __m128i pairs =
        _mm_add_epi16(_mm_mullo_epi16(_mm_and_si128(d, _mm_set1_epi16(255)), _mm_set1_epi16(10)),
                      _mm_srli_epi16(d, 8));
    __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(100 | 1 << 16));
    fours = _mm_packs_epi32(fours, fours);
    uint64_t both =
        (uint64_t)_mm_cvtsi128_si64(_mm_madd_epi16(fours, _mm_set1_epi32(10000 | 1 << 16)));
    eights[0] = both & UINT32_MAX;
    eights[1] = both >> 32;
#else
    memcpy(eights, &digits, sizeof eights); /* the machine is little endian */
    for (int i = 0; i < 2; i++) {
        uint64_t d = eights[i] * 10 + (eights[i] >> 8);
        uint64_t even = (d & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064);
        uint64_t odd = (d >> 16 & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001);
        eights[i] = (even + odd) >> 32;
    }
#endif
    return eights[0] * 100000000 + eights[1];
}

/* At csv_last + k: the last k of 16 bytes are set. */
static const unsigned char csv_last[32] = {[16] = 255, 255, 255, 255, 255, 255, 255, 255,
                                           255,        255, 255, 255, 255, 255, 255, 255};

/* All of [p, end) as a short number without an exponent; false for anything else. The digits behind
 * the point are taken where they stand before `end`, those in front of it one byte further on. */
HOT_PART bool csv_read_short(const char *p, const char *end, char decimal, struct csv_number *out)
{
    out->negative = *p == '-';
    p += out->negative;
    size_t length = (size_t)(end - p);
    if (length - 1 >= CSV_SHORT) return false;
    csv_bytes digits = csv_load(end - 16) - '0', earlier = csv_load(end - 17) - '0';
    unsigned others = csv_bits((csv_bytes)(digits > 9)) >> (16 - length);
    size_t point = (size_t)__builtin_ctz(others | 1u << length), has_point = point < length;
    size_t n_digits = length - has_point;
    if ((others & (others - 1)) || (has_point && p[point] != decimal) || !n_digits) return false;
    out->decimals = (unsigned)(n_digits - point);
    csv_bytes number = csv_load(csv_last + n_digits);
    csv_bytes fraction = csv_load(csv_last + (has_point ? out->decimals : length));
    digits = (digits & fraction) | (earlier & number & ~fraction);
    out->mantissa = csv_sixteen_digits(digits);
    return true;
}

#endif
