/* SPDX-License-Identifier: BSD-3-Clause */
/* O_TMPFILE is Linux's. */
#define _GNU_SOURCE
#include "summary/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"

static int open_nameless(const char *folder)
{
    char path[4096];
#ifdef O_TMPFILE
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0) return fd;
#endif
    if (!text_print(path, sizeof path, "%s/.spool.XXXXXX.tmp", folder)) return -1;
    int named = mkostemps(path, 4, O_CLOEXEC);
    if (named >= 0) unlink(path);
    return named;
}

gait_status spool_open(struct spool *spool, const char *folder, gait_error *err)
{
    spool->size = 0;
    spool->fd = open_nameless(folder);
    if (spool->fd >= 0) return GAIT_OK;
    return gait_fail(err, GAIT_CANNOT_CREATE, "%s: cannot create a temporary file: %s", folder,
                     strerror(errno));
}

gait_status spool_add(struct spool *spool, const void *bytes, size_t n, gait_error *err)
{
    const unsigned char *from = bytes;
    while (n) {
        ssize_t done = pwrite(spool->fd, from, n, (off_t)spool->size);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0)
            return gait_fail(err, GAIT_IO, "temporary file of a study: cannot write: %s",
                             strerror(errno));
        from += done;
        n -= (size_t)done;
        spool->size += (uint64_t)done;
    }
    return GAIT_OK;
}

gait_status spool_read(const struct spool *spool, uint64_t at, void *bytes, size_t n,
                       gait_error *err)
{
    unsigned char *to = bytes;
    while (n) {
        ssize_t done = pread(spool->fd, to, n, (off_t)at);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0)
            return gait_fail(err, GAIT_IO, "a study's tables: cannot read: %s",
                             done ? strerror(errno) : "it became shorter");
        to += done;
        n -= (size_t)done;
        at += (uint64_t)done;
    }
    return GAIT_OK;
}

void spool_close(struct spool *spool)
{
    if (spool->fd >= 0) close(spool->fd);
    spool->fd = -1;
}
