/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"

enum { ALIGNMENT = 32, SMALLEST_BLOCK = 1 << 16, LARGEST_GROWN = 1 << 22 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    size_t used;
    unsigned char *bytes;
};

static size_t round_up(size_t n)
{
    return (n + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

/* As large as all before it, so that a large arena is few blocks with huge pages in them. They are
 * not aligned to those, which would tear holes into the heap. */
static size_t block_size(const struct arena *arena, size_t need)
{
    size_t size = SMALLEST_BLOCK;
    for (struct arena_block *block = arena->first; block; block = block->next) size += block->size;
    if (size > LARGEST_GROWN) size = LARGEST_GROWN;
    if (size < need) size = need;
    int huge = size > HUGE_PAGE && size <= SIZE_MAX - HUGE_PAGE;
    return huge ? (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE : size;
}

static struct arena_block *new_block(size_t size)
{
    struct arena_block *block = malloc(sizeof *block);
    if (!block) return NULL;
    block->bytes = aligned_alloc(ALIGNMENT, size);
    if (!block->bytes) {
        free(block);
        return NULL;
    }
    prefer_huge_pages(block->bytes, size);
    block->next = NULL;
    block->size = size;
    block->used = 0;
    return block;
}

/* The next block that has room: one kept from before a rewind, or a new one put behind the current.
 */
static struct arena_block *block_with_room(struct arena *arena, size_t need)
{
    struct arena_block *block = arena->current;
    if (block && block->size - block->used >= need) return block;
    struct arena_block *kept = block ? block->next : arena->first;
    if (kept && kept->size >= need) {
        kept->used = 0;
        arena->current = kept;
        return kept;
    }
    struct arena_block *fresh = new_block(block_size(arena, need));
    if (!fresh) return NULL;
    fresh->next = kept;
    if (block)
        block->next = fresh;
    else
        arena->first = fresh;
    arena->current = fresh;
    return fresh;
}

void *arena_alloc(struct arena *arena, size_t n, size_t size)
{
    if (size && n > (SIZE_MAX - ALIGNMENT) / size) return NULL;
    size_t bytes = n * size;
    size_t need = round_up(bytes > 0 ? bytes : 1);
    struct arena_block *block = block_with_room(arena, need);
    if (!block) return NULL;
    void *found = block->bytes + block->used;
    block->used += need;
    return found;
}

void *arena_zalloc(struct arena *arena, size_t n, size_t size)
{
    void *found = arena_alloc(arena, n, size);
    if (found) memset(found, 0, n * size);
    return found;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    struct arena_mark mark = {arena->current, arena->current ? arena->current->used : 0};
    return mark;
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    arena->current = mark.block;
    if (mark.block) mark.block->used = mark.used;
}

void arena_free(struct arena *arena)
{
    for (struct arena_block *block = arena->first; block;) {
        struct arena_block *next = block->next;
        free(block->bytes);
        free(block);
        block = next;
    }
    arena->first = NULL;
    arena->current = NULL;
}
