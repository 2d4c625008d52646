/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch_pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

enum { PATH_ROOM = 4200 };
static const char index_name[] = "study.html";

/* sessions/NAME.gait.h5 becomes sessions/NAME.html. */
static void page_path(char out[PATH_ROOM], const char *summary_path)
{
    static const char *const endings[] = {".h5", ".gait"};
    size_t n = strlen(summary_path);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t m = strlen(endings[i]);
        if (n > m && strncmp(summary_path + n - m, endings[i], m) == 0) n -= m;
    }
    snprintf(out, PATH_ROOM, "%.*s.html", (int)n, summary_path);
}

/* From the folder of a session's page up to the index. */
static void index_path(char out[PATH_ROOM], const char *summary_path)
{
    size_t used = 0;
    for (const char *c = summary_path; *c; c++)
        if (*c == '/' && used + sizeof "../study.html" < PATH_ROOM) {
            memcpy(out + used, "../", 3);
            used += 3;
        }
    memcpy(out + used, index_name, sizeof index_name);
}

/* The sessions by name: the index asks for every one of them. */
struct links {
    size_t n;
    const gait_planned_session **sessions;
    char path[PATH_ROOM];
};

static int by_name(const void *a, const void *b)
{
    const gait_planned_session *const *x = a, *const *y = b;
    int order = strcmp((*x)->subject_id, (*y)->subject_id);
    return order ? order : strcmp((*x)->session_id, (*y)->session_id);
}

static int make_links(struct links *links, const gait_plan *plan)
{
    links->n = gait_plan_size(plan);
    links->sessions = calloc(links->n + 1, sizeof *links->sessions);
    if (!links->sessions) return 0;
    for (size_t i = 0; i < links->n; i++) links->sessions[i] = gait_plan_session_at(plan, i);
    qsort(links->sessions, links->n, sizeof *links->sessions, by_name);
    return 1;
}

static const char *link_to(void *context, const char *subject_id, const char *session_id)
{
    struct links *links = context;
    const gait_planned_session named = {.subject_id = subject_id, .session_id = session_id};
    const gait_planned_session *key = &named, **found;
    found = bsearch(&key, links->sessions, links->n, sizeof *links->sessions, by_name);
    if (!found) return "";
    page_path(links->path, (*found)->output);
    return links->path;
}

static gait_status write_one(const char *folder, const char *output, const gait_summary *study,
                             gait_error *err)
{
    char from[PATH_ROOM], page[PATH_ROOM], back[PATH_ROOM];
    gait_summary *summary = NULL;
    gait_report_options options;
    snprintf(from, sizeof from, "%s/%s", folder, output);
    if (access(from, F_OK) != 0) return GAIT_OK; /* it failed; status.tsv says why */
    page_path(page, from);
    index_path(back, output);
    gait_report_options_init(&options);
    options.study = study;
    options.index = back;
    gait_status st = gait_report_read(&summary, from, err);
    if (st == GAIT_OK) st = gait_report_write(summary, &options, page, err);
    gait_summary_free(&summary);
    return st;
}

static gait_status write_index(const gait_plan *plan, const char *folder, const gait_summary *study,
                               gait_error *err)
{
    char path[PATH_ROOM];
    struct links links = {.n = 0};
    gait_report_options options;
    if (!make_links(&links, plan)) {
        snprintf(err->text, sizeof err->text, "no memory for the index");
        return err->status = GAIT_NOMEM;
    }
    gait_report_options_init(&options);
    options.link = link_to;
    options.context = &links;
    snprintf(path, sizeof path, "%s/%s", folder, index_name);
    gait_status st = gait_report_write(study, &options, path, err);
    free(links.sessions);
    return st;
}

int write_batch_pages(const gait_plan *plan, const char *folder)
{
    char path[PATH_ROOM];
    gait_summary *study = NULL;
    gait_error err = {0};
    snprintf(path, sizeof path, "%s/study.h5", folder);
    gait_status st = gait_report_read(&study, path, &err);
    for (size_t i = 0; st == GAIT_OK && i < gait_plan_size(plan); i++)
        st = was_interrupted(NULL)
                 ? GAIT_INTERRUPTED
                 : write_one(folder, gait_plan_session_at(plan, i)->output, study, &err);
    if (st == GAIT_OK) st = write_index(plan, folder, study, &err);
    gait_summary_free(&study);
    if (st == GAIT_INTERRUPTED) return EXIT_TRY_AGAIN;
    return st == GAIT_OK ? EXIT_DONE : report_error(&err);
}
