/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

/* Scratch memory: algorithms take an arena and own nothing, so they have nothing to clean up.
 * Grows by blocks, keeps them across resets, aligns every allocation to 32 bytes. */

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *first;
    struct arena_block *current;
};

struct arena_mark {
    struct arena_block *block;
    size_t used;
};

/* NULL when memory is out or n * size overflows; the bytes are not cleared. */
void *arena_alloc(struct arena *arena, size_t n, size_t size);

/* As arena_alloc, all bytes zero. */
void *arena_zalloc(struct arena *arena, size_t n, size_t size);

/* Everything allocated after the mark is given back at once. */
struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

void arena_free(struct arena *arena);

#define ARENA_NEW(arena, n, type)  ((type *)arena_alloc((arena), (n), sizeof(type)))
#define ARENA_ZNEW(arena, n, type) ((type *)arena_zalloc((arena), (n), sizeof(type)))

#endif
