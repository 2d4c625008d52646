/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_PROSE_H
#define BATCH_PROSE_H

/* True if a text file has words and, as far as it was looked at, nothing like a table: somebody's
 * notes. False in doubt; an empty or damaged file is a recording that cannot be read. */
int is_prose(const char *path);

#endif
