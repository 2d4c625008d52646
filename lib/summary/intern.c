/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/intern.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Where the text is, or the free slot where it belongs; room is a power of two. */
static size_t find_slot(const char *const *slots, size_t room, const char *text)
{
    size_t i = (size_t)XXH3_64bits(text, strlen(text)) & (room - 1);
    while (slots[i] && strcmp(slots[i], text) != 0) i = (i + 1) & (room - 1);
    return i;
}

static int grow(struct intern *intern)
{
    size_t room = intern->room ? 2 * intern->room : 1024;
    const char **slots = calloc(room, sizeof *slots);
    if (!slots) return 0;
    for (size_t i = 0; i < intern->room; i++)
        if (intern->slots[i]) slots[find_slot(slots, room, intern->slots[i])] = intern->slots[i];
    free(intern->slots);
    intern->slots = slots;
    intern->room = room;
    return 1;
}

const char *intern_text(struct intern *intern, const char *text)
{
    if (2 * intern->n >= intern->room && !grow(intern)) return NULL;
    size_t i = find_slot(intern->slots, intern->room, text);
    if (intern->slots[i]) return intern->slots[i];
    size_t n = strlen(text) + 1;
    char *copy = ARENA_NEW(&intern->arena, n, char);
    if (!copy) return NULL;
    intern->slots[i] = memcpy(copy, text, n);
    intern->n++;
    return copy;
}

void intern_free(struct intern *intern)
{
    arena_free(&intern->arena);
    free(intern->slots);
    memset(intern, 0, sizeof *intern);
}
