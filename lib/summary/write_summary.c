/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "summary/columns.h"
#include "base/file.h"

enum { HEAD_BYTES = 1 << 16 };

/* The root's attributes are the first thing in a summary, so its head tells what it is; that of a
 * damaged one does too, and it may be replaced. */
static int is_summary(const unsigned char *head, size_t n)
{
    static const char signature[] = "\x89HDF\r\n\x1a\n", mark[] = FORMAT_NAME;
    if (n < sizeof signature - 1 || memcmp(head, signature, sizeof signature - 1) != 0) return 0;
    for (size_t i = 0; i + sizeof mark <= n; i++)
        if (memcmp(head + i, mark, sizeof mark) == 0) return 1;
    return 0;
}

static size_t read_head(const char *path, unsigned char *head, size_t room)
{
    size_t n = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return 0;
    for (ssize_t got; n < room; n += (size_t)got) {
        got = read(fd, head + n, room - n);
        if (got < 0 && errno == EINTR)
            got = 0;
        else if (got <= 0)
            break;
    }
    close(fd);
    return n;
}

static gait_status may_replace(const char *path, gait_error *err)
{
    struct stat about;
    if (stat(path, &about) < 0) return GAIT_OK;
    if (!S_ISREG(about.st_mode))
        return gait_fail(err, GAIT_CANNOT_CREATE, "%s: exists and is not a plain file", path);
    unsigned char *head = malloc(HEAD_BYTES);
    if (!head) return gait_fail(err, GAIT_NOMEM, "%s: no memory to look at it", path);
    int ours = is_summary(head, read_head(path, head, HEAD_BYTES));
    free(head);
    if (ours) return GAIT_OK;
    return gait_fail(err, GAIT_CANNOT_CREATE,
                     "%s: exists and is not a gait summary; it is left as it is", path);
}

/* What will have the name is what was meant: a disk that loses bytes may say nothing. */
static gait_status compare_with(const struct file_draft *draft, const void *image, size_t size,
                                gait_error *err)
{
    void *bytes;
    size_t n;
    TRY(file_load(draft->temporary, size, &bytes, &n, err));
    int same = n == size && memcmp(bytes, image, size) == 0;
    free(bytes);
    if (same) return GAIT_OK;
    return gait_fail(err, GAIT_IO, "%s: reading it back gives other bytes", draft->name);
}

static gait_status store(const char *path, const void *image, size_t size, gait_error *err)
{
    struct file_draft draft = {0};
    gait_status st = file_draft_begin(&draft, path, err);
    if (!st) st = file_draft_write(&draft, image, size, err);
    if (!st) st = file_draft_seal(&draft, err);
    if (!st) st = compare_with(&draft, image, size, err);
    if (!st) st = file_draft_publish(&draft, err);
    file_draft_end(&draft);
    return st;
}

gait_status gait_summary_write(const gait_summary *summary, const char *path, gait_error *err)
{
    NEED(summary);
    NEED(path);
    void *image;
    size_t size;
    TRY(may_replace(path, err));
    TRY(columns_to_image(summary, &image, &size, err));
    gait_status st = store(path, image, size, err);
    free(image);
    return st;
}
