/* SPDX-License-Identifier: BSD-3-Clause */
/* Preloaded: lets one call that writes fail, counted over all processes, as a full disk would. Only
 * files in FAIL_FOLDER count; FAIL_COUNTER is a file of eight bytes that all share, FAIL_AT the
 * call that fails, from 1. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static _Atomic unsigned long *counter;
static unsigned long fail_at;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("FAIL_COUNTER"), *at = getenv("FAIL_AT");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void *shared = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared != MAP_FAILED) counter = shared;
    close(fd);
    fail_at = at ? strtoul(at, NULL, 10) : 0;
}

static int counts(const char *path)
{
    const char *folder = getenv("FAIL_FOLDER");
    return counter && folder && strncmp(path, folder, strlen(folder)) == 0;
}

static int fails(const char *path)
{
    if (!counts(path) || ++*counter != fail_at) return 0;
    errno = ENOSPC;
    return 1;
}

static int fd_fails(int fd)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n <= 0) return 0;
    path[n] = '\0';
    return fails(path);
}

/* ISO C has no way from dlsym() to a function but this. */
#define NEXT(name) \
    static union { \
        void *object; \
        __typeof__(&name) call; \
    } next; \
    if (!next.object) next.object = dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *bytes, size_t n)
{
    NEXT(write);
    return fd_fails(fd) ? -1 : next.call(fd, bytes, n);
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
    NEXT(pwrite64);
    return fd_fails(fd) ? -1 : next.call(fd, bytes, n, at);
}

int fsync(int fd)
{
    NEXT(fsync);
    return fd_fails(fd) ? -1 : next.call(fd);
}

int rename(const char *from, const char *to)
{
    char path[PATH_MAX];
    NEXT(rename);
    return fails(realpath(from, path) ? path : from) ? -1 : next.call(from, to);
}
