/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_WRITE_BEHIND_H
#define BASE_WRITE_BEHIND_H

#include <stdint.h>

/* Lets the disk begin with a stretch of a file that was written, so that syncing it in the end has
 * less to wait for. Says nothing; whoever needs the file on the disk syncs it. */
void write_behind(int fd, uint64_t from, uint64_t n);

#endif
