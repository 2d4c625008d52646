/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/is_summary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "base/file.h"
#include "summary/table.h"

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

int is_summary_file(const char *path)
{
    unsigned char *head = malloc(HEAD_BYTES);
    int ours = head && is_summary(head, file_head(path, head, HEAD_BYTES));
    free(head);
    return ours;
}

gait_status may_replace(const char *path, gait_error *err)
{
    struct stat about;
    if (stat(path, &about) < 0) return GAIT_OK;
    if (!S_ISREG(about.st_mode))
        return gait_fail(err, GAIT_CANNOT_CREATE, "%s: exists and is not a plain file", path);
    if (is_summary_file(path)) return GAIT_OK;
    return gait_fail(err, GAIT_CANNOT_CREATE,
                     "%s: exists and is not a gait summary; it is left as it is", path);
}
