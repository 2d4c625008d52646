/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_INTERN_H
#define SUMMARY_INTERN_H

#include "base/arena.h"

/* Texts of which there is one copy each: names of people, sensors and metrics come again in every
 * table. Zeroed is empty. */
struct intern {
    struct arena arena;
    size_t n, room;
    const char **slots;
};

/* The one copy of a text; NULL when memory is out. */
const char *intern_text(struct intern *intern, const char *text);

void intern_free(struct intern *intern);

#endif
