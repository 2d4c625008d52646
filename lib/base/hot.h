/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_HOT_H
#define BASE_HOT_H

/* HOT before a function that loops over samples: it is compiled twice, for every machine and for
 * those with AVX2, and the loader takes one. Both give the same bits, since the build fuses no
 * multiplication with an addition. Thread sanitizers cannot stand the loader's choice. */
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_THREAD__)
#include <features.h>
#ifdef __GLIBC__
#define HOT __attribute__((target_clones("arch=x86-64-v3", "default")))
#endif
#endif
#ifndef HOT
#define HOT
#endif

/* A part of such a function, so that it is there in both forms. */
#define HOT_PART static inline __attribute__((always_inline))

#endif
