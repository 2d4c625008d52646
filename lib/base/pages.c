/* SPDX-License-Identifier: BSD-3-Clause */
#define _DEFAULT_SOURCE /* madvise */
#include "base/pages.h"

#include <stdint.h>
#include <sys/mman.h>

void prefer_huge_pages(void *bytes, size_t size)
{
#ifdef MADV_HUGEPAGE
    size_t before = (HUGE_PAGE - (uintptr_t)bytes % HUGE_PAGE) % HUGE_PAGE;
    if (bytes && before + HUGE_PAGE <= size)
        madvise((unsigned char *)bytes + before, (size - before) / HUGE_PAGE * HUGE_PAGE,
                MADV_HUGEPAGE);
#else
    (void)bytes;
    (void)size;
#endif
}
