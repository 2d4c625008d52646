/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_COLUMN_HASH_H
#define SUMMARY_COLUMN_HASH_H

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "summary/table.h"

/* XXH3-128 of one column's name and values, in as many pieces as one likes. Texts count with their
 * end and without padding, so that how wide a column is changes nothing. */
struct column_hash {
    XXH3_state_t state;
    gait_column_type type;
};

void column_hash_begin(struct column_hash *hash, const gait_column *column);

/* Cells as they lie in a file. */
void column_hash_add(struct column_hash *hash, const void *cells, size_t n, size_t width);
struct digest128 column_hash_end(struct column_hash *hash);

/* Of a column in memory. */
struct digest128 column_hash_of(const gait_column *column, size_t n);

#endif
