/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/column_hash.h"

#include <string.h>

void column_hash_begin(struct column_hash *hash, const gait_column *column)
{
    hash->type = column->type;
    XXH3_INITSTATE(&hash->state);
    XXH3_128bits_reset(&hash->state);
    XXH3_128bits_update(&hash->state, column->name, strlen(column->name) + 1);
}

static void add_text(struct column_hash *hash, const char *text, size_t length)
{
    XXH3_128bits_update(&hash->state, text, length);
    XXH3_128bits_update(&hash->state, "", 1);
}

void column_hash_add(struct column_hash *hash, const void *cells, size_t n, size_t width)
{
    const char *text = cells;
    if (hash->type != GAIT_TEXTS)
        XXH3_128bits_update(&hash->state, cells, n * width);
    else
        for (size_t i = 0; i < n; i++, text += width) add_text(hash, text, strnlen(text, width));
}

struct digest128 column_hash_end(struct column_hash *hash)
{
    XXH128_hash_t digest = XXH3_128bits_digest(&hash->state);
    return (struct digest128){digest.high64, digest.low64};
}

struct digest128 column_hash_of(const gait_column *column, size_t n)
{
    struct column_hash hash;
    column_hash_begin(&hash, column);
    if (column->type == GAIT_DOUBLES) column_hash_add(&hash, column->doubles, n, 8);
    if (column->type == GAIT_INTEGERS) column_hash_add(&hash, column->integers, n, 8);
    if (column->type == GAIT_TEXTS)
        for (size_t i = 0; i < n; i++)
            XXH3_128bits_update(&hash.state, column->texts[i], strlen(column->texts[i]) + 1);
    return column_hash_end(&hash);
}
