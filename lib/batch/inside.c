/* SPDX-License-Identifier: BSD-3-Clause */
/* realpath() is one of the X/Open extensions to POSIX. */
#define _XOPEN_SOURCE 700
#include "batch/inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "batch/plan.h"
#include "record/sidecar.h"

int is_inside(const char *root, const char *real_path)
{
    size_t n = strlen(root);
    if (n == 1) return 1; /* the root of all files */
    return strncmp(root, real_path, n) == 0 && (real_path[n] == '/' || real_path[n] == '\0');
}

static const char *kind_of(mode_t mode)
{
    if (S_ISDIR(mode)) return "a folder, not a recording";
    if (S_ISFIFO(mode)) return "a pipe, not a file";
    if (S_ISSOCK(mode)) return "a socket, not a file";
    return S_ISREG(mode) ? NULL : "a device, not a file";
}

static const char *why_unreachable(int error)
{
    switch (error) {
    case ELOOP: return "a link that leads in a circle";
    case ENOENT:
    case ENOTDIR: return "no such file";
    default: return strerror(error);
    }
}

const char *refuse_file(const char *root, const char *file, char out[REFUSAL_ROOM])
{
    char path[LONGEST_PATH];
    struct stat about;
    const char *why = NULL;
    if (*file == '/' || !text_print(path, sizeof path, "%s/%s", root, file)) path[0] = '\0';
    if (*file == '/') text_print(path, sizeof path, "%s", file);
    char *real = *path ? realpath(path, NULL) : NULL;
    if (!*path)
        why = "too long a name";
    else if (!real && lstat(path, &about) == 0 && S_ISLNK(about.st_mode) && errno != ELOOP)
        why = "a link that leads nowhere";
    else if (!real)
        why = why_unreachable(errno);
    else if (!is_inside(root, real))
        why = "leads out of the source folder";
    else if (stat(real, &about) < 0)
        why = why_unreachable(errno);
    else
        why = kind_of(about.st_mode);
    free(real);
    if (why) text_print(out, REFUSAL_ROOM, "%.90s: %s", file, why);
    return why ? out : NULL;
}

const char *refuse_recording(const char *root, const char *file, char out[REFUSAL_ROOM])
{
    char path[LONGEST_PATH], sidecar[LONGEST_PATH];
    struct stat about;
    const char *why = refuse_file(root, file, out);
    if (why || !sidecar_path(file, sidecar, sizeof sidecar)) return why;
    if (!text_print(path, sizeof path, "%s/%s", *file == '/' ? "" : root, sidecar)) return NULL;
    return lstat(path, &about) == 0 ? refuse_file(root, sidecar, out) : NULL;
}
