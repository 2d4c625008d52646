/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_JOB_H
#define BATCH_JOB_H

#include <jansson.h>

#include "batch/plan.h"

/* What a worker has to know to analyse one session: one line of JSON on its way to another process.
 * Texts live in the JSON. */

struct job_recording {
    const char *path;         /* absolute */
    const char *sensor;       /* NULL: all whose placement is known */
    const char *sidecar_json; /* NULL: none */
};

struct job {
    json_t *json;
    long parent;        /* process that asked for it */
    const char *root;   /* absolute path of the source folder */
    const char *output; /* path of the summary */
    const char *subject_id, *session_id;
    const char *detector; /* NULL: the default */
    gait_recording_options recording;
    gait_settings settings;
    size_t n;
    struct job_recording *recordings; /* malloc'd */
};

gait_status job_make(struct job *job, const gait_plan *plan, const gait_planned_session *session,
                     const gait_batch_options *options, gait_error *err);

/* malloc'd text of one line, NULL when memory is out. */
char *job_text(const struct job *job);
gait_status job_read(struct job *job, const char *text, size_t n, gait_error *err);

/* What is said about the session, without where anything lies: the same in any folder. malloc'd,
 * NULL when memory is out. */
char *job_identity(const struct job *job);

void job_free(struct job *job);

/* Options that count for every recording and session, as JSON; NULL when memory is out. */
json_t *options_json(const gait_batch_options *options);

/* The other way; texts live in the JSON. */
gait_status options_from_json(gait_batch_options *options, const json_t *json, gait_error *err);

#endif
