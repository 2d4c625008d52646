/* SPDX-License-Identifier: BSD-3-Clause */
/* realpath() is one of the X/Open extensions to POSIX. */
#define _XOPEN_SOURCE 700
#include "batch/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"
#include "batch/output_name.h"

const char *plan_text(gait_plan *plan, const char *text)
{
    size_t n = strlen(text) + 1;
    char *copy = ARENA_NEW(&plan->arena, n, char);
    return copy ? memcpy(copy, text, n) : NULL;
}

static gait_status no_memory(gait_error *err)
{
    return gait_fail(err, GAIT_NOMEM, "no memory for the plan of a batch");
}

static gait_status make_room(gait_plan *plan, gait_error *err)
{
    if (plan->n_found < plan->room) return GAIT_OK;
    size_t room = plan->room ? 2 * plan->room : 64;
    struct find_row *larger = realloc(plan->found, room * sizeof *larger);
    if (!larger) return no_memory(err);
    plan->found = larger;
    plan->room = room;
    return GAIT_OK;
}

gait_status plan_add(gait_plan *plan, const struct find *find, gait_error *err)
{
    TRY(make_room(plan, err));
    struct find_row *row = &plan->found[plan->n_found];
    row->order = plan->n_found;
    row->find.is_alone = find->is_alone;
    row->find.subject_id = plan_text(plan, find->subject_id);
    row->find.session_id = plan_text(plan, find->session_id);
    row->find.file = plan_text(plan, find->file);
    row->find.sensor = find->sensor ? plan_text(plan, find->sensor) : NULL;
    row->find.sidecar_json = find->sidecar_json ? plan_text(plan, find->sidecar_json) : NULL;
    row->find.refused = find->refused ? plan_text(plan, find->refused) : NULL;
    if (!row->find.subject_id || !row->find.session_id || !row->find.file ||
        !row->find.sensor != !find->sensor || !row->find.sidecar_json != !find->sidecar_json ||
        !row->find.refused != !find->refused)
        return no_memory(err);
    plan->n_found++;
    return GAIT_OK;
}

static int by_name(const struct find_row *x, const struct find_row *y)
{
    int order = strcmp(x->find.subject_id, y->find.subject_id);
    return order ? order : strcmp(x->find.session_id, y->find.session_id);
}

static int by_session(const void *a, const void *b)
{
    const struct find_row *x = a, *y = b;
    int order = by_name(x, y);
    if (order) return order;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* A session and where it is to stand. */
struct group {
    gait_planned_session session;
    size_t order;
};

static int by_order(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* run.csv and run.wav may be one recording twice: both as sensors of one session would be wrong. */
static gait_status refuse_namesakes(gait_plan *plan, const struct find_row *rows, size_t n,
                                    gait_planned_session *session, gait_error *err)
{
    char why[256];
    int is_alone = 0;
    for (size_t i = 0; i < n; i++) is_alone |= rows[i].find.is_alone;
    if (n < 2 || !is_alone || session->refused) return GAIT_OK;
    text_print(why, sizeof why,
               "%.70s and %.70s have one name: the same recording twice? Remove or rename one",
               rows[0].find.file, rows[1].find.file);
    session->refused = plan_text(plan, why);
    return session->refused ? GAIT_OK : no_memory(err);
}

static gait_status make_session(gait_plan *plan, const struct find_row *rows, size_t n,
                                gait_planned_session *out, gait_error *err)
{
    char name[LONGEST_PATH];
    gait_planned_recording *recordings = ARENA_NEW(&plan->arena, n, gait_planned_recording);
    if (!recordings) return no_memory(err);
    *out = (gait_planned_session){.subject_id = rows[0].find.subject_id,
                                  .session_id = rows[0].find.session_id,
                                  .n_recordings = n,
                                  .recordings = recordings};
    for (size_t i = 0; i < n; i++) {
        recordings[i] = (gait_planned_recording){rows[i].find.file, rows[i].find.sensor,
                                                 rows[i].find.sidecar_json};
        if (rows[i].find.refused && !out->refused) out->refused = rows[i].find.refused;
    }
    TRY(refuse_namesakes(plan, rows, n, out, err));
    if (!output_name(out, plan->bids_layout, name, sizeof name))
        return gait_fail(err, GAIT_FORMAT,
                         "%s: session '%s' of subject '%s' has too long a name for a file",
                         recordings[0].file, out->session_id, out->subject_id);
    out->output = plan_text(plan, name);
    return out->output ? GAIT_OK : no_memory(err);
}

static gait_status group(gait_plan *plan, struct group *groups, size_t *n, gait_error *err)
{
    struct find_row *rows = plan->found;
    *n = 0;
    qsort(rows, plan->n_found, sizeof *rows, by_session);
    for (size_t i = 0, k; i < plan->n_found; i += k) {
        for (k = 1; i + k < plan->n_found && by_name(&rows[i], &rows[i + k]) == 0; k++) continue;
        groups[*n].order = plan->keeps_order ? rows[i].order : *n;
        TRY(make_session(plan, rows + i, k, &groups[*n].session, err));
        ++*n;
    }
    if (plan->keeps_order) qsort(groups, *n, sizeof *groups, by_order);
    return GAIT_OK;
}

static int by_output(const void *a, const void *b)
{
    const gait_planned_session *const *x = a, *const *y = b;
    return strcmp((*x)->output, (*y)->output);
}

static gait_status check_outputs(const gait_plan *plan, gait_error *err)
{
    const gait_planned_session **sorted = malloc(plan->n * sizeof *sorted);
    gait_status st = GAIT_OK;
    if (!sorted) return no_memory(err);
    for (size_t i = 0; i < plan->n; i++) sorted[i] = &plan->sessions[i];
    qsort(sorted, plan->n, sizeof *sorted, by_output);
    for (size_t i = 1; !st && i < plan->n; i++)
        if (strcmp(sorted[i - 1]->output, sorted[i]->output) == 0)
            st = gait_fail(err, GAIT_FORMAT,
                           "%s and %s: both would be written to %s; give them other sessions",
                           sorted[i - 1]->recordings[0].file, sorted[i]->recordings[0].file,
                           sorted[i]->output);
    free(sorted);
    return st;
}

static gait_status finish(gait_plan *plan, gait_error *err)
{
    struct group *groups = malloc(plan->n_found * sizeof *groups);
    plan->sessions = ARENA_NEW(&plan->arena, plan->n_found, gait_planned_session);
    gait_status st = groups && plan->sessions ? group(plan, groups, &plan->n, err) : no_memory(err);
    for (size_t i = 0; !st && i < plan->n; i++) plan->sessions[i] = groups[i].session;
    free(groups);
    free(plan->found);
    plan->found = NULL;
    return st ? st : check_outputs(plan, err);
}

/* The folder that a plan may read from: the source itself, or where the manifest lies. */
static gait_status find_root(gait_plan *plan, const char *source, int *is_folder, gait_error *err)
{
    struct stat about;
    char folder[LONGEST_PATH] = ".";
    if (stat(source, &about) < 0)
        return gait_fail(err, GAIT_NOT_FOUND, "%s: no such folder or manifest", source);
    *is_folder = S_ISDIR(about.st_mode);
    if (!*is_folder && (!S_ISREG(about.st_mode) || !text_ends_with(source, ".tsv")))
        return gait_fail(err, GAIT_FORMAT, "%s: neither a folder nor a manifest .tsv", source);
    int head = (int)(text_base_name(source) - source);
    int fits = *is_folder ? text_print(folder, sizeof folder, "%s", source)
               : head     ? text_print(folder, sizeof folder, "%.*s", head, source)
                          : 1;
    plan->root = fits ? realpath(folder, NULL) : NULL;
    plan->source = realpath(source, NULL);
    return plan->root && plan->source
               ? GAIT_OK
               : gait_fail(err, GAIT_IO, "%s: cannot be opened: %s", source, strerror(errno));
}

static gait_status fill(gait_plan *plan, const char *source, const gait_plan_options *options,
                        gait_error *err)
{
    int is_folder;
    TRY(find_root(plan, source, &is_folder, err));
    if (options && options->folder) plan->avoid = realpath(options->folder, NULL);
    if (options) plan->bids_layout = options->bids_layout;
    if (!is_folder)
        TRY(plan_from_manifest(plan, source, err));
    else if (plan_is_bids(plan))
        TRY(plan_from_bids(plan, err));
    else
        TRY(plan_from_folder(plan, err));
    if (!plan->n_found) return gait_fail(err, GAIT_NOT_FOUND, "%s: no recordings in it", source);
    return finish(plan, err);
}

gait_status gait_plan_new(gait_plan **plan, const char *source, const gait_plan_options *options,
                          gait_error *err)
{
    NEED(plan);
    NEED(source);
    gait_plan *made = calloc(1, sizeof *made);
    if (!made) return no_memory(err);
    gait_status st = fill(made, source, options, err);
    if (st)
        gait_plan_free(&made);
    else
        *plan = made;
    return st;
}

const gait_planned_session *gait_plan_session_at(const gait_plan *plan, size_t index)
{
    return plan && index < plan->n ? &plan->sessions[index] : NULL;
}

size_t gait_plan_size(const gait_plan *plan)
{
    return plan ? plan->n : 0;
}

const char *gait_plan_left_out_at(const gait_plan *plan, size_t index)
{
    return plan && index < plan->n_left_out ? plan->left_out[index] : NULL;
}

double plan_bytes(const gait_plan *plan, const gait_planned_session *session)
{
    char path[2 * LONGEST_PATH];
    double sum = 0;
    struct stat about;
    for (size_t i = 0; i < session->n_recordings; i++) {
        const char *file = session->recordings[i].file;
        text_print(path, sizeof path, "%s/%s", *file == '/' ? "" : plan->root, file);
        if (stat(path, &about) == 0 && S_ISREG(about.st_mode)) sum += (double)about.st_size;
    }
    return sum;
}

void gait_plan_free(gait_plan **plan)
{
    if (!plan || !*plan) return;
    arena_free(&(*plan)->arena);
    free((*plan)->found);
    free((*plan)->source);
    free((*plan)->root);
    free((*plan)->avoid);
    free(*plan);
    *plan = NULL;
}
