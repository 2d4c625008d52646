/* SPDX-License-Identifier: BSD-3-Clause */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE
#include "batch/batch_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"
#include "batch/plan.h"

int folder_file(const struct batch_folder *folder, const char *stem, const char *ending, char *out,
                size_t room)
{
    if (!folder->n_shards) return text_print(out, room, "%s/%s.%s", folder->path, stem, ending);
    return text_print(out, room, "%s/%s.%zu-of-%zu.%s", folder->path, stem, folder->shard,
                      folder->n_shards, ending);
}

gait_status make_folder_of(const char *path, gait_error *err)
{
    char folder[2 * LONGEST_PATH];
    text_print(folder, sizeof folder, "%.*s", (int)(text_base_name(path) - path), path);
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0777) < 0 && errno != EEXIST)
            return gait_fail(err, GAIT_CANNOT_CREATE, "%s: cannot create: %s", folder,
                             strerror(errno));
        *slash = '/';
    }
    return GAIT_OK;
}

/* "status.3-of-7.tsv" is of 7 shards; "status.tsv" of 0; -1: not of that stem. */
static int shards_of(const char *name, const char *stem, const char *ending)
{
    size_t n = strlen(stem);
    char *end;
    if (strncmp(name, stem, n) != 0 || name[n] != '.') return -1;
    if (strcmp(name + n + 1, ending) == 0) return 0;
    unsigned long shard = strtoul(name + n + 1, &end, 10);
    if (!shard || strncmp(end, "-of-", 4) != 0) return -1;
    unsigned long shards = strtoul(end + 4, &end, 10);
    return *end == '.' && strcmp(end + 1, ending) == 0 && shards < 1000000 ? (int)shards : -1;
}

/* Calls visit with each name in the folder. */
static void each_name(const char *folder, void (*visit)(void *to, const char *name), void *to)
{
    DIR *listing = opendir(folder);
    if (!listing) return;
    for (const struct dirent *e; (e = readdir(listing));) visit(to, e->d_name);
    closedir(listing);
}

static void note_shards(void *to, const char *name)
{
    int *most = to, shards = shards_of(name, "status", "tsv");
    if (shards > *most) *most = shards;
}

int folder_shards(const char *path)
{
    int most = -1;
    each_name(path, note_shards, &most);
    return most;
}

/* What a run with another number of shards wrote does not describe the folder any more. */
static void drop_other_cut(void *to, const char *name)
{
    static const char *const files[][2] = {{"status", "tsv"}, {"log", "jsonl"}, {"study", "h5"}};
    const struct batch_folder *folder = to;
    char path[2 * LONGEST_PATH];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        int shards = shards_of(name, files[i][0], files[i][1]);
        int is_log = i == 1, is_study = i == 2 && shards == 0;
        if (shards < 0 || shards == (int)folder->n_shards || is_log || is_study) continue;
        if (text_print(path, sizeof path, "%s/%s", folder->path, name)) unlink(path);
    }
}

/* Temporaries are .NAME.tmp; those being written are locked. */
static void sweep_name(void *to, const char *name)
{
    char path[2 * LONGEST_PATH];
    if (name[0] == '.' && text_ends_with(name, ".tmp") &&
        text_print(path, sizeof path, "%s/%s", (const char *)to, name))
        file_sweep(path);
}

static void sweep_folder(const char *folder)
{
    union {
        const char *given;
        void *wanted;
    } to = {folder};
    each_name(folder, sweep_name, to.wanted);
}

void folder_sweep(const char *path)
{
    char temporary[2 * LONGEST_PATH];
    const char *name = text_base_name(path);
    if (text_print(temporary, sizeof temporary, "%.*s.%s.tmp", (int)(name - path), path, name))
        file_sweep(temporary);
}

static gait_status lock(int *fd, const char *path, int how, gait_error *err)
{
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (*fd < 0)
        return gait_fail(err, GAIT_CANNOT_CREATE, "%s: cannot create: %s", path, strerror(errno));
    if (flock(*fd, how | LOCK_NB) == 0 || errno != EWOULDBLOCK) return GAIT_OK;
    return gait_fail(err, GAIT_CANNOT_CREATE, "%.*s: another batch is at work in this folder",
                     (int)(text_base_name(path) - path) - 1, path);
}

static gait_status lock_both(struct batch_folder *folder, gait_error *err)
{
    char path[LONGEST_PATH];
    int how = folder->n_shards ? LOCK_SH : LOCK_EX;
    text_print(path, sizeof path, "%s/.lock", folder->path);
    TRY(lock(&folder->whole_lock, path, how, err));
    if (!folder->n_shards) return GAIT_OK;
    text_print(path, sizeof path, "%s/.lock.%zu-of-%zu", folder->path, folder->shard,
               folder->n_shards);
    return lock(&folder->shard_lock, path, LOCK_EX, err);
}

gait_status folder_open(struct batch_folder *folder, gait_error *err)
{
    char path[LONGEST_PATH];
    folder->whole_lock = folder->shard_lock = -1;
    if (!text_print(path, sizeof path, "%s/%s.", folder->path,
                    folder->bids_layout ? "" : "sessions/"))
        return gait_fail(err, GAIT_CANNOT_CREATE, "%.80s...: too long a name", folder->path);
    TRY(make_folder_of(path, err));
    TRY(lock_both(folder, err));
    each_name(folder->path, drop_other_cut, folder);
    sweep_folder(folder->path);
    sweep_folder(path);
    return GAIT_OK;
}

void folder_close(struct batch_folder *folder)
{
    if (folder->shard_lock >= 0) close(folder->shard_lock);
    if (folder->whole_lock >= 0) close(folder->whole_lock);
    folder->whole_lock = folder->shard_lock = -1;
}
