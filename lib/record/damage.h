/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_DAMAGE_H
#define RECORD_DAMAGE_H

#include <stdint.h>

#include "base/text.h"

enum { DAMAGE_PLACE = 48 };

/* Blocks or rows that could not be read since the last call, and where the first of them is: "byte
 * 7680", "line 17". */
struct damage {
    uint64_t n;
    char first[DAMAGE_PLACE];
};

static inline void damage_add(struct damage *damage, const char *unit, uint64_t place)
{
    if (damage->n++) return;
    text_print(damage->first, sizeof damage->first, "%s %llu", unit, (unsigned long long)place);
}

/* What was noted; the next call begins anew. */
static inline struct damage damage_take(struct damage *damage)
{
    struct damage taken = *damage;
    *damage = (struct damage){0};
    return taken;
}

#endif
