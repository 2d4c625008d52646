/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_FOUR_H
#define BASE_FOUR_H

#include <stdint.h>
#include <string.h>

#include "base/hot.h"

/* Four numbers that are worked on together, as the machine can. They are handed on by pointer: how
 * such a value would be handed on differs between machines. */
typedef float four_floats __attribute__((vector_size(16)));
typedef double four __attribute__((vector_size(32)));
typedef int64_t four_masks __attribute__((vector_size(32)));

HOT_PART void four_load(four *out, const double *x)
{
    memcpy(out, x, sizeof *out);
}

HOT_PART void four_pick(four *out, const four *x, const four_masks *where)
{
    *out = (four)((*where & (four_masks)*x) | (~*where & (four_masks)*out));
}

HOT_PART void four_raise(four *largest, const four *x)
{
    four_masks where = *x > *largest;
    four_pick(largest, x, &where);
}

HOT_PART void four_lower(four *least, const four *x)
{
    four_masks where = *x < *least;
    four_pick(least, x, &where);
}

HOT_PART void four_size(four *x)
{
    const four_masks all_but_sign = (four_masks){0} + INT64_MAX;
    *x = (four)((four_masks)*x & all_but_sign);
}

#endif
