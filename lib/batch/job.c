/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch/job.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"

static gait_status no_memory(gait_error *err)
{
    return gait_fail(err, GAIT_NOMEM, "no memory for a session of a batch");
}

static json_t *recordings_json(const gait_plan *plan, const gait_planned_session *session)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < session->n_recordings; i++) {
        char path[2 * LONGEST_PATH];
        const gait_planned_recording *r = &session->recordings[i];
        int absolute = r->file[0] == '/';
        text_print(path, sizeof path, "%s%s%s", absolute ? "" : plan->root, absolute ? "" : "/",
                   r->file);
        json_array_append_new(list, json_pack("{ss ss* ss*}", "path", path, "sensor", r->sensor,
                                              "sidecar", r->sidecar_json));
    }
    return list;
}

static const char *text_of(const json_t *json, const char *key)
{
    return json_string_value(json_object_get(json, key));
}

/* Everything the JSON says, as the job's members. */
static gait_status take_apart(struct job *job, gait_error *err)
{
    gait_batch_options options;
    const json_t *list = json_object_get(job->json, "recordings");
    TRY(options_from_json(&options, json_object_get(job->json, "options"), err));
    job->parent = (long)json_integer_value(json_object_get(job->json, "parent"));
    job->root = text_of(job->json, "root");
    job->output = text_of(job->json, "output");
    job->subject_id = text_of(job->json, "subject_id");
    job->session_id = text_of(job->json, "session_id");
    job->detector = options.session.detector;
    job->recording = options.recording;
    job->settings = options.session.settings;
    job->n = json_array_size(list);
    if (!job->root || !job->output || !job->subject_id || !job->session_id || !job->n)
        return gait_fail(err, GAIT_FORMAT, "not a session of a batch");
    job->recordings = calloc(job->n, sizeof *job->recordings);
    if (!job->recordings) return no_memory(err);
    for (size_t i = 0; i < job->n; i++) {
        const json_t *one = json_array_get(list, i);
        job->recordings[i] = (struct job_recording){text_of(one, "path"), text_of(one, "sensor"),
                                                    text_of(one, "sidecar")};
        if (!job->recordings[i].path)
            return gait_fail(err, GAIT_FORMAT, "not a session of a batch");
    }
    return GAIT_OK;
}

gait_status job_make(struct job *job, const gait_plan *plan, const gait_planned_session *session,
                     const gait_batch_options *options, gait_error *err)
{
    char output[2 * LONGEST_PATH];
    memset(job, 0, sizeof *job);
    if (!text_print(output, sizeof output, "%s/%s", options->folder, session->output))
        return gait_fail(err, GAIT_INVALID, "%s: too long a name", options->folder);
    job->json = json_pack("{sI ss ss ss ss so so}", "parent", (json_int_t)getpid(), "root",
                          plan->root, "output", output, "subject_id", session->subject_id,
                          "session_id", session->session_id, "recordings",
                          recordings_json(plan, session), "options", options_json(options));
    if (!job->json)
        return gait_fail(err, GAIT_FORMAT, "%s: its name, subject or session is not UTF-8",
                         session->recordings[0].file);
    gait_status st = take_apart(job, err);
    if (st) job_free(job);
    return st;
}

char *job_text(const struct job *job)
{
    return json_dumps(job->json, JSON_COMPACT | JSON_REAL_PRECISION(17));
}

gait_status job_read(struct job *job, const char *text, size_t n, gait_error *err)
{
    memset(job, 0, sizeof *job);
    job->json = json_loadb(text, n, 0, NULL);
    if (!job->json) return gait_fail(err, GAIT_FORMAT, "not a session of a batch");
    gait_status st = take_apart(job, err);
    if (st) job_free(job);
    return st;
}

char *job_identity(const struct job *job)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < job->n; i++)
        json_array_append_new(list, json_pack("{ss ss* ss*}", "file",
                                              text_base_name(job->recordings[i].path), "sensor",
                                              job->recordings[i].sensor, "sidecar",
                                              job->recordings[i].sidecar_json));
    json_t *all =
        json_pack("{ss ss so sO}", "subject_id", job->subject_id, "session_id", job->session_id,
                  "recordings", list, "options", json_object_get(job->json, "options"));
    char *text = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(17));
    json_decref(all);
    return text;
}

void job_free(struct job *job)
{
    json_decref(job->json);
    free(job->recordings);
    memset(job, 0, sizeof *job);
}
