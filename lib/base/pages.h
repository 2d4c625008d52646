/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include <stddef.h>

enum { HUGE_PAGE = 1 << 21 };

/* Asks for huge pages for those that lie wholly in some memory; NULL is accepted. Where a host's
 * heap gives memory back after every call and takes it anew, touching it page by page costs more
 * than what is computed on it. */
void prefer_huge_pages(void *bytes, size_t size);

#endif
