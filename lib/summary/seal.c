/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/seal.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/text.h"

static const char mark[] = "\ngait-summary xxh3-128: ";

void seal_print(unsigned long long high, unsigned long long low, char out[SEAL_BYTES + 1])
{
    text_print(out, SEAL_BYTES + 1, "%s%016llx%016llx\n", mark, high, low);
}

static void make_seal(const unsigned char *bytes, size_t n, char out[SEAL_BYTES + 1])
{
    XXH128_hash_t hash = XXH3_128bits(bytes, n);
    seal_print(hash.high64, hash.low64, out);
}

void seal_put(unsigned char *bytes, size_t n)
{
    char line[SEAL_BYTES + 1];
    make_seal(bytes, n, line);
    memcpy(bytes + n, line, SEAL_BYTES);
}

enum seal seal_check(const unsigned char *bytes, size_t n)
{
    char line[SEAL_BYTES + 1];
    if (n < SEAL_BYTES) return SEAL_MISSING;
    const unsigned char *found = bytes + n - SEAL_BYTES;
    if (memcmp(found, mark, sizeof mark - 1) != 0) return SEAL_MISSING;
    make_seal(bytes, n - SEAL_BYTES, line);
    return memcmp(found, line, SEAL_BYTES) == 0 ? SEAL_WHOLE : SEAL_BROKEN;
}
