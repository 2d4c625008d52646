/* SPDX-License-Identifier: BSD-3-Clause */
/* realpath() is one of the X/Open extensions to POSIX. */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"
#include "batch/inside.h"
#include "batch/plan.h"
#include "batch/prose.h"
#include "summary/is_summary.h"

/* A list of paths from the root. */
struct paths {
    size_t n, room;
    const char **path;
};

struct walk {
    gait_plan *plan;
    struct paths folders, files;
    struct paths refused, reasons;
    struct paths left_out;
};

static gait_status push(struct walk *walk, struct paths *to, const char *path, gait_error *err)
{
    const char *copy = plan_text(walk->plan, path);
    if (to->n == to->room) {
        size_t room = to->room ? 2 * to->room : 64;
        const char **larger = realloc(to->path, room * sizeof *larger);
        if (larger) {
            to->path = larger;
            to->room = room;
        }
    }
    if (!copy || to->n == to->room) return gait_fail(err, GAIT_NOMEM, "no memory for a plan");
    to->path[to->n++] = copy;
    return GAIT_OK;
}

static gait_status refuse(struct walk *walk, const char *path, const char *why, gait_error *err)
{
    char reason[REFUSAL_ROOM];
    text_print(reason, sizeof reason, "%.90s: %.60s", path, why);
    TRY(push(walk, &walk->refused, path, err));
    return push(walk, &walk->reasons, reason, err);
}

/* NAME.ext or NAME.ext.gz; the extension is n long. */
static int has_extension(const char *name, const char *extension, size_t n)
{
    size_t length = strlen(name);
    if (length > 3 && text_equal(name + length - 3, ".gz")) length -= 3;
    return length > n + 1 && name[length - n - 1] == '.' &&
           strncasecmp(name + length - n, extension, n) == 0;
}

static int is_registered(const char *name)
{
    for (size_t i = 0; gait_format_at(i); i++)
        for (const char *word = gait_format_at(i)->extensions; *word;) {
            size_t n = strcspn(word, " ");
            if (n && has_extension(name, word, n)) return 1;
            word += n + strspn(word + n, " ");
        }
    return 0;
}

/* Text files that every data set has and that are no recordings. */
static int is_about_the_data(const char *name)
{
    static const char *const names[] = {"README", "LICENSE", "LICENCE", "CHANGES", "CHANGELOG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n = strlen(names[i]);
        if (strncasecmp(name, names[i], n) == 0 && (name[n] == '.' || !name[n])) return 1;
    }
    return 0;
}

static int may_be_recording(const char *name)
{
    return is_registered(name) && !text_ends_with(name, ".truth.csv") &&
           !text_ends_with(name, ".gait.h5") && strcmp(name, "status.tsv") != 0;
}

/* People keep notes beside their recordings; .txt is the extension of both. */
static int is_to_be_read_by_people(const char *name, const char *real)
{
    return is_about_the_data(name) || (has_extension(name, "txt", 3) && is_prose(real));
}

/* What a link to a folder hides: its target inside the root is walked anyway. */
static const char *refuse_link(const struct walk *walk, const char *link)
{
    char *target = realpath(link, NULL);
    const char *why = NULL;
    if (!target || !is_inside(walk->plan->root, target))
        why = "a link to a folder outside the source folder";
    else if (is_inside(target, link))
        why = "a link that leads in a circle";
    free(target);
    return why;
}

static gait_status note_entry(struct walk *walk, const char *folder, const char *name,
                              gait_error *err)
{
    char path[LONGEST_PATH], real[LONGEST_PATH];
    struct stat itself, target;
    if (!text_print(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", name) ||
        !text_print(real, sizeof real, "%s/%s", walk->plan->root, path))
        return refuse(walk, folder, "too long a name in it", err);
    if (lstat(real, &itself) < 0) return GAIT_OK; /* gone since it was listed */
    if (S_ISDIR(itself.st_mode)) return push(walk, &walk->folders, path, err);
    if (S_ISLNK(itself.st_mode) && stat(real, &target) == 0 && S_ISDIR(target.st_mode)) {
        const char *why = refuse_link(walk, real);
        return why ? refuse(walk, path, why, err) : GAIT_OK;
    }
    if (!may_be_recording(name)) return GAIT_OK;
    if (S_ISREG(itself.st_mode) && is_summary_file(real)) return GAIT_OK;
    if (S_ISREG(itself.st_mode) && is_to_be_read_by_people(name, real))
        return push(walk, &walk->left_out, path, err);
    return push(walk, &walk->files, path, err);
}

static int is_ours(const struct walk *walk, const char *real)
{
    char mark[LONGEST_PATH];
    if (walk->plan->avoid && strcmp(real, walk->plan->avoid) == 0) return 1;
    return text_print(mark, sizeof mark, "%s/batch.json", real) && access(mark, F_OK) == 0;
}

static gait_status list_folder(struct walk *walk, const char *folder, gait_error *err)
{
    char real[LONGEST_PATH];
    gait_status st = GAIT_OK;
    if (!text_print(real, sizeof real, "%s%s%s", walk->plan->root, *folder ? "/" : "", folder))
        return GAIT_OK;
    if (*folder && is_ours(walk, real)) return GAIT_OK;
    DIR *listing = opendir(real);
    if (!listing) return refuse(walk, *folder ? folder : ".", strerror(errno), err);
    for (const struct dirent *e; !st && (e = readdir(listing));)
        if (e->d_name[0] != '.') st = note_entry(walk, folder, e->d_name, err);
    closedir(listing);
    return st;
}

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static gait_status visit_all(struct walk *walk, plan_visit *visit, gait_error *err)
{
    char why[REFUSAL_ROOM];
    const struct paths *files = &walk->files;
    if (files->n) qsort(files->path, files->n, sizeof *files->path, by_text);
    for (size_t i = 0; i < files->n; i++)
        TRY(visit(walk->plan, files->path[i],
                  refuse_recording(walk->plan->root, files->path[i], why), err));
    for (size_t i = 0; i < walk->refused.n; i++)
        TRY(visit(walk->plan, walk->refused.path[i], walk->reasons.path[i], err));
    return GAIT_OK;
}

static gait_status hand_over(gait_plan *plan, const struct paths *left_out, gait_error *err)
{
    plan->left_out = ARENA_NEW(&plan->arena, left_out->n, const char *);
    if (!plan->left_out) return gait_fail(err, GAIT_NOMEM, "no memory for a plan");
    plan->n_left_out = left_out->n;
    if (!left_out->n) return GAIT_OK;
    memcpy(plan->left_out, left_out->path, left_out->n * sizeof *left_out->path);
    qsort(plan->left_out, left_out->n, sizeof *plan->left_out, by_text);
    return GAIT_OK;
}

gait_status plan_walk(gait_plan *plan, plan_visit *visit, gait_error *err)
{
    struct walk walk = {.plan = plan};
    gait_status st = push(&walk, &walk.folders, "", err);
    for (size_t i = 0; !st && i < walk.folders.n; i++)
        st = list_folder(&walk, walk.folders.path[i], err);
    if (!st) st = visit_all(&walk, visit, err);
    if (!st) st = hand_over(plan, &walk.left_out, err);
    free(walk.folders.path);
    free(walk.files.path);
    free(walk.refused.path);
    free(walk.reasons.path);
    free(walk.left_out.path);
    return st;
}
