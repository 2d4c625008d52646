/* SPDX-License-Identifier: BSD-3-Clause */
/* realpath() is one of the X/Open extensions to POSIX, flock() of BSD. */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/write_behind.h"

enum { WRITTEN_BEHIND = 8 << 20 };

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

static gait_status make_room(struct file_buffer *to, size_t n, const char *path, gait_error *err)
{
    if (to->bytes && n <= to->room) return GAIT_OK;
    free(to->bytes); /* nothing in it is worth a copy */
    to->room = n ? n : 1;
    to->bytes = malloc(to->room);
    if (to->bytes) return GAIT_OK;
    to->room = 0;
    return gait_fail(err, GAIT_NOMEM, "%s: no memory for %zu bytes", path, n);
}

static gait_status look(int fd, const char *path, size_t *size, gait_error *err)
{
    struct stat about;
    if (fstat(fd, &about) < 0) return fail_errno(err, GAIT_IO, path, "cannot look at it");
    if (!S_ISREG(about.st_mode)) return gait_fail(err, GAIT_FORMAT, "%s: not a plain file", path);
    *size = (size_t)about.st_size;
    return GAIT_OK;
}

gait_status file_read(int fd, const char *path, size_t most, struct file_buffer *to,
                      gait_error *err)
{
    TRY(look(fd, path, &to->size, err));
    if (to->size > most)
        return gait_fail(err, GAIT_FORMAT, "%s: %zu bytes, at most %zu expected", path, to->size,
                         most);
    TRY(make_room(to, to->size, path, err));
    return read_whole(fd, path, to->bytes, to->size, err);
}

size_t file_head(const char *path, void *head, size_t most)
{
    size_t n = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return 0;
    for (ssize_t got; n < most; n += (size_t)got) {
        got = read(fd, (unsigned char *)head + n, most - n);
        if (got < 0 && errno == EINTR)
            got = 0;
        else if (got <= 0)
            break;
    }
    close(fd);
    return n;
}

gait_status file_open(const char *path, int *fd, gait_error *err)
{
    size_t size;
    /* Not blocking: a pipe of that name must not make us wait. */
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*fd < 0) {
        int missing = errno == ENOENT || errno == ENOTDIR;
        return fail_errno(err, missing ? GAIT_NOT_FOUND : GAIT_IO, path, "cannot open");
    }
    gait_status st = look(*fd, path, &size, err);
    if (st) close(*fd);
    return st;
}

gait_status file_load(const char *path, size_t most, void **bytes, size_t *size, gait_error *err)
{
    struct file_buffer whole = {NULL, 0, 0};
    int fd;
    TRY(file_open(path, &fd, err));
    gait_status st = file_read(fd, path, most, &whole, err);
    close(fd);
    if (st) {
        free(whole.bytes);
        return st;
    }
    *bytes = whole.bytes;
    *size = whole.size;
    return GAIT_OK;
}

static gait_status name_draft(struct file_draft *draft, const char *path, gait_error *err)
{
    draft->name = strdup(path);
    draft->path = realpath(path, NULL);
    if (!draft->path) draft->path = strdup(path);
    size_t n = draft->path ? strlen(draft->path) : 0;
    draft->folder = malloc(n + 2);
    draft->temporary = malloc(n + 8);
    if (!draft->name || !draft->path || !draft->folder || !draft->temporary)
        return gait_fail(err, GAIT_NOMEM, "%s: no memory for its name", path);
    const char *slash = strrchr(draft->path, '/');
    const char *name = slash ? slash + 1 : draft->path;
    int head = (int)(name - draft->path);
    if (!*name) return gait_fail(err, GAIT_CANNOT_CREATE, "%s: not a file name", path);
    snprintf(draft->temporary, n + 8, "%.*s.%s.tmp", head, draft->path, name);
    snprintf(draft->folder, n + 2, "%.*s", head ? head : 1, head ? draft->path : ".");
    return GAIT_OK;
}

/* Who holds the lock on a temporary owns it: two writers of one name cannot mix their bytes, and
 * what a killed one left behind is free. File systems without locks are taken as they are. */
enum hold { HELD, BUSY, GONE };

static enum hold hold(int fd, const char *path)
{
    struct stat open_file, named_file;
    if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) return BUSY;
    int same = fstat(fd, &open_file) == 0 && stat(path, &named_file) == 0 &&
               open_file.st_ino == named_file.st_ino && open_file.st_dev == named_file.st_dev;
    return same ? HELD : GONE; /* renamed or swept since it was opened */
}

static gait_status claim(struct file_draft *draft, gait_error *err)
{
    const struct timespec moment = {0, 20000000};
    enum hold held = GONE;
    for (int i = 0; i < 25 && held != HELD; i++) {
        if (i) nanosleep(&moment, NULL);
        draft->fd = open(draft->temporary, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (draft->fd < 0) return fail_errno(err, GAIT_CANNOT_CREATE, draft->name, "cannot create");
        held = hold(draft->fd, draft->temporary);
        if (held == HELD && ftruncate(draft->fd, 0) < 0)
            return fail_errno(err, GAIT_CANNOT_CREATE, draft->name, "cannot create");
        if (held != HELD) close(draft->fd);
    }
    if (held == HELD) return GAIT_OK;
    draft->fd = -1;
    return gait_fail(err, GAIT_CANNOT_CREATE, "%s: somebody else is writing it", draft->name);
}

gait_status file_draft_begin(struct file_draft *draft, const char *path, gait_error *err)
{
    memset(draft, 0, sizeof *draft);
    draft->fd = -1;
    gait_status st = name_draft(draft, path, err);
    if (!st && (st = claim(draft, err)) && draft->fd < 0) {
        free(draft->temporary); /* not ours to take back */
        draft->temporary = NULL;
    }
    if (st) file_draft_end(draft);
    return st;
}

int file_sweep(const char *temporary)
{
    int fd = open(temporary, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return 0;
    int swept = hold(fd, temporary) == HELD && unlink(temporary) == 0;
    close(fd);
    return swept;
}

gait_status file_draft_write(struct file_draft *draft, const void *bytes, size_t size,
                             gait_error *err)
{
    const unsigned char *from = bytes;
    for (size_t done = 0; done < size;) {
        ssize_t n = write(draft->fd, from + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail_errno(err, GAIT_IO, draft->name, "cannot write");
        done += (size_t)n;
    }
    draft->size += size;
    if (draft->size - draft->behind < WRITTEN_BEHIND) return GAIT_OK;
    write_behind(draft->fd, draft->behind, draft->size - draft->behind);
    draft->behind = draft->size;
    return GAIT_OK;
}

int file_is_same(const char *one, const char *other)
{
    struct stat a, b;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

gait_status file_draft_seal(struct file_draft *draft, gait_error *err)
{
    bool synced = fsync(draft->fd) == 0;
    int copy = dup(draft->fd); /* closing tells of errors too, but the lock must stay */
    bool closed = copy >= 0 && close(copy) == 0;
    return synced && closed ? GAIT_OK : fail_errno(err, GAIT_IO, draft->name, "cannot write");
}

/* The rename itself must survive a power cut; a file system that cannot sync folders says so. */
static void sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    fsync(fd);
    close(fd);
}

gait_status file_draft_publish(struct file_draft *draft, gait_error *err)
{
    if (rename(draft->temporary, draft->path) < 0)
        return fail_errno(err, GAIT_CANNOT_CREATE, draft->name, "cannot replace");
    sync_folder(draft->folder);
    free(draft->temporary);
    draft->temporary = NULL;
    return GAIT_OK;
}

void file_draft_end(struct file_draft *draft)
{
    if (draft->temporary) unlink(draft->temporary);
    if (draft->path && draft->fd >= 0) close(draft->fd);
    free(draft->name);
    free(draft->path);
    free(draft->folder);
    free(draft->temporary);
    memset(draft, 0, sizeof *draft);
}

gait_status file_store(const char *path, const void *bytes, size_t size, gait_error *err)
{
    struct file_draft draft;
    gait_status st = file_draft_begin(&draft, path, err);
    if (st) return st;
    st = file_draft_write(&draft, bytes, size, err);
    if (!st) st = file_draft_seal(&draft, err);
    if (!st) st = file_draft_publish(&draft, err);
    file_draft_end(&draft);
    return st;
}
