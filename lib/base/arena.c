/* SPDX-License-Identifier: BSD-3-Clause */
#define _DEFAULT_SOURCE /* madvise */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ALIGNMENT = 32, SMALLEST_BLOCK = 1 << 16, HUGE_PAGE = 1 << 21 };

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

/* Pages cost more than what is computed on them when a host's heap gives them back after every call
 * and takes them anew; huge ones are 512 times fewer. */
static void *new_bytes(size_t size)
{
    int huge = size % HUGE_PAGE == 0;
    void *bytes = aligned_alloc(huge ? HUGE_PAGE : ALIGNMENT, size);
#ifdef MADV_HUGEPAGE
    if (bytes && huge) madvise(bytes, size, MADV_HUGEPAGE); /* where the kernel will */
#endif
    return bytes;
}

/* As large as all before it, so that a large arena is few blocks of whole huge pages. */
static size_t block_size(const struct arena *arena, size_t need)
{
    size_t size = SMALLEST_BLOCK;
    for (struct arena_block *block = arena->first; block; block = block->next) size += block->size;
    if (size > HUGE_PAGE) size = HUGE_PAGE;
    if (size < need) size = need;
    int huge = size > HUGE_PAGE / 2 && size <= SIZE_MAX - HUGE_PAGE;
    return huge ? (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE : size;
}

static struct arena_block *new_block(size_t size)
{
    struct arena_block *block = malloc(sizeof *block);
    if (!block) return NULL;
    block->bytes = new_bytes(size);
    if (!block->bytes) {
        free(block);
        return NULL;
    }
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
