/* SPDX-License-Identifier: BSD-3-Clause */
#define _DEFAULT_SOURCE /* sbrk, madvise */
#include "heap.h"

#include <stdlib.h>

#if defined __linux__ && defined __GLIBC__

#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HUGE_PAGE = 2 << 20, FIRST_PIECE = 64 << 20, SMALLER_COMES_FROM_IT = 32 << 20 };

void heap_prepare(void)
{
    mallopt(M_MMAP_THRESHOLD, SMALLER_COMES_FROM_IT);
    mallopt(M_TRIM_THRESHOLD, FIRST_PIECE);
    mallopt(M_TOP_PAD, FIRST_PIECE);
    const char *before = sbrk(0);
    void *volatile more = malloc(HUGE_PAGE); /* than there is, which makes the heap grow */
    free(more);
    mallopt(M_TOP_PAD, HUGE_PAGE);
    char *end = sbrk(0);
    size_t gained = (size_t)(end - before), beside = (uintptr_t)end % HUGE_PAGE;
    if (gained < FIRST_PIECE) return; /* another allocator, or a limit */
    madvise(end - beside - (FIRST_PIECE - HUGE_PAGE), FIRST_PIECE - HUGE_PAGE, MADV_HUGEPAGE);
}

#else

void heap_prepare(void)
{
}

#endif
