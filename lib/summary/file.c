/* SPDX-License-Identifier: BSD-3-Clause */
/* realpath() is one of the X/Open extensions to POSIX. */
#define _XOPEN_SOURCE 700
#include "summary/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"

static gait_status fail_errno(gait_error *err, gait_status status, const char *path,
                              const char *what)
{
    char reason[96] = "unknown error";
    int error = errno;
    if (strerror_r(error, reason, sizeof reason)) reason[0] = '\0';
    return gait_fail(err, status, "%s: %s: %s", path, what, reason);
}

static gait_status read_whole(int fd, const char *path, unsigned char *bytes, size_t size,
                              gait_error *err)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = read(fd, bytes + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail_errno(err, GAIT_IO, path, "cannot read");
        if (n == 0) return gait_fail(err, GAIT_IO, "%s: became shorter while it was read", path);
        done += (size_t)n;
    }
    return GAIT_OK;
}

static gait_status load(int fd, const char *path, size_t most, void **bytes, size_t *size,
                        gait_error *err)
{
    struct stat about;
    if (fstat(fd, &about) < 0) return fail_errno(err, GAIT_IO, path, "cannot look at it");
    if (!S_ISREG(about.st_mode)) return gait_fail(err, GAIT_FORMAT, "%s: not a plain file", path);
    if ((unsigned long long)about.st_size > most)
        return gait_fail(err, GAIT_FORMAT, "%s: %lld bytes, at most %zu expected", path,
                         (long long)about.st_size, most);
    size_t n = (size_t)about.st_size;
    unsigned char *whole = malloc(n ? n : 1);
    if (!whole) return gait_fail(err, GAIT_NOMEM, "%s: no memory for %zu bytes", path, n);
    gait_status st = read_whole(fd, path, whole, n, err);
    if (st) {
        free(whole);
        return st;
    }
    *bytes = whole;
    *size = n;
    return GAIT_OK;
}

gait_status file_load(const char *path, size_t most, void **bytes, size_t *size, gait_error *err)
{
    /* Not blocking: a pipe of that name must not make us wait. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        int missing = errno == ENOENT || errno == ENOTDIR;
        return fail_errno(err, missing ? GAIT_NOT_FOUND : GAIT_IO, path, "cannot open");
    }
    gait_status st = load(fd, path, most, bytes, size, err);
    close(fd);
    return st;
}

/* The names that belong to one file being written. */
struct target {
    char *path;      /* links followed */
    char *folder;    /* "." if the path has none */
    char *temporary; /* .NAME.tmp beside it */
};

static void target_free(struct target *target)
{
    free(target->path);
    free(target->folder);
    free(target->temporary);
}

static gait_status target_name(struct target *target, const char *path, gait_error *err)
{
    target->path = realpath(path, NULL);
    if (!target->path) target->path = strdup(path);
    size_t n = target->path ? strlen(target->path) : 0;
    target->folder = malloc(n + 2);
    target->temporary = malloc(n + 8);
    if (!target->path || !target->folder || !target->temporary)
        return gait_fail(err, GAIT_NOMEM, "%s: no memory for its name", path);
    const char *slash = strrchr(target->path, '/');
    const char *name = slash ? slash + 1 : target->path;
    int head = (int)(name - target->path);
    if (!*name) return gait_fail(err, GAIT_CANNOT_CREATE, "%s: not a file name", path);
    snprintf(target->temporary, n + 8, "%.*s.%s.tmp", head, target->path, name);
    snprintf(target->folder, n + 2, "%.*s", head ? head : 1, head ? target->path : ".");
    return GAIT_OK;
}

static gait_status write_whole(int fd, const char *path, const unsigned char *bytes, size_t size,
                               gait_error *err)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = write(fd, bytes + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail_errno(err, GAIT_IO, path, "cannot write");
        done += (size_t)n;
    }
    if (fsync(fd) < 0) return fail_errno(err, GAIT_IO, path, "cannot write");
    return GAIT_OK;
}

/* The rename itself must survive a power cut; a file system that cannot sync folders says so. */
static void sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    fsync(fd);
    close(fd);
}

static gait_status store(const struct target *target, const char *path, const void *bytes,
                         size_t size, gait_error *err)
{
    unlink(target->temporary); /* left by a run that was killed */
    int fd = open(target->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) return fail_errno(err, GAIT_CANNOT_CREATE, path, "cannot create");
    gait_status st = write_whole(fd, path, bytes, size, err);
    if (close(fd) < 0 && !st) st = fail_errno(err, GAIT_IO, path, "cannot write");
    if (!st && rename(target->temporary, target->path) < 0)
        st = fail_errno(err, GAIT_CANNOT_CREATE, path, "cannot replace");
    if (st)
        unlink(target->temporary);
    else
        sync_folder(target->folder);
    return st;
}

gait_status file_store(const char *path, const void *bytes, size_t size, gait_error *err)
{
    struct target target = {NULL, NULL, NULL};
    gait_status st = target_name(&target, path, err);
    if (!st) st = store(&target, path, bytes, size, err);
    target_free(&target);
    return st;
}
