/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* sync_file_range */
#include "base/write_behind.h"

#include <fcntl.h>

void write_behind(int fd, uint64_t from, uint64_t n)
{
#ifdef SYNC_FILE_RANGE_WRITE
    sync_file_range(fd, (off_t)from, (off_t)n, SYNC_FILE_RANGE_WRITE);
#else
    (void)fd;
    (void)from;
    (void)n;
#endif
}
