/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"
#include "batch/answer.h"
#include "batch/batch_folder.h"
#include "batch/inputs.h"
#include "batch/inside.h"
#include "summary/table.h"

/* The worker's side: one session from its description to its summary. */

struct work {
    const struct job *job;
    gait_session *session;
    char (*hashes)[HASH_ROOM]; /* of each recording */
    int (*interrupted)(void *context);
    void *context;
};

static gait_status add_sensor(struct work *work, size_t i, const char *sensor, gait_error *err)
{
    const struct job_recording *r = &work->job->recordings[i];
    gait_recording_options options = work->job->recording;
    gait_recording *recording = NULL;
    options.sensor = sensor;
    options.sidecar_json = r->sidecar_json;
    TRY(gait_recording_open(&recording, r->path, &options, err));
    gait_status st = gait_session_add(work->session, recording, err);
    memcpy(work->hashes[i], gait_recording_get_quality(recording)->content_hash, HASH_ROOM);
    gait_recording_close(&recording);
    return st;
}

/* Sensors of which somebody says where they were; only the file itself can tell them apart. */
struct sensors {
    size_t n, n_in_file;
    char (*name)[64];
};

static gait_status list_sensors(const struct work *work, size_t i, struct sensors *out,
                                gait_error *err)
{
    const struct job_recording *r = &work->job->recordings[i];
    gait_recording_options options = work->job->recording;
    gait_recording *recording = NULL;
    memset(out, 0, sizeof *out);
    options.sidecar_json = r->sidecar_json;
    TRY(gait_recording_open(&recording, r->path, &options, err));
    const gait_recording_info *info = gait_recording_get_info(recording);
    int told_from_outside =
        info->placement != GAIT_PLACEMENT_UNKNOWN && strcmp(info->placement_source, "file") != 0;
    while (!told_from_outside && gait_recording_sensor_at(recording, out->n_in_file))
        out->n_in_file++;
    out->name = calloc(out->n_in_file ? out->n_in_file : 1, sizeof *out->name);
    for (size_t k = 0; out->name && k < out->n_in_file; k++) {
        const gait_sensor_entry *sensor = gait_recording_sensor_at(recording, k);
        if (sensor->placement != GAIT_PLACEMENT_UNKNOWN)
            text_print(out->name[out->n++], sizeof *out->name, "%s", sensor->name);
    }
    gait_recording_close(&recording);
    return out->name ? GAIT_OK : gait_fail(err, GAIT_NOMEM, "%s: no memory", r->path);
}

static gait_status add_recording(struct work *work, size_t i, gait_error *err)
{
    const struct job_recording *r = &work->job->recordings[i];
    struct sensors sensors;
    char why[REFUSAL_ROOM];
    if (refuse_recording(work->job->root, r->path, why))
        return gait_fail(err, GAIT_FORMAT, "%s", why);
    if (r->sensor) return add_sensor(work, i, r->sensor, err);
    TRY(list_sensors(work, i, &sensors, err));
    gait_status st = GAIT_OK;
    if (sensors.n_in_file > 1 && !sensors.n)
        st = gait_fail(err, GAIT_INVALID, "%s: it says of none of its %zu sensors where they were",
                       r->path, sensors.n_in_file);
    else if (sensors.n_in_file < 2)
        st = add_sensor(work, i, NULL, err);
    for (size_t k = 0; !st && sensors.n_in_file > 1 && k < sensors.n; k++)
        st = add_sensor(work, i, sensors.name[k], err);
    free(sensors.name);
    return st;
}

static gait_status begin_session(struct work *work, gait_error *err)
{
    gait_session_options options;
    gait_session_options_init(&options);
    options.subject_id = work->job->subject_id;
    options.session_id = work->job->session_id;
    options.detector = work->job->detector;
    options.settings = work->job->settings;
    options.interrupted = work->interrupted;
    options.context = work->context;
    return gait_session_new(&work->session, &options, err);
}

static gait_status summarise(struct work *work, gait_summary **summary, gait_error *err)
{
    char hash[INPUT_HASH_ROOM];
    const struct job *job = work->job;
    TRY(begin_session(work, err));
    for (size_t i = 0; i < job->n; i++) TRY(add_recording(work, i, err));
    TRY(gait_session_judge(work->session, err));
    TRY(gait_summary_from_session(summary, work->session, err));
    const char **contents = calloc(job->n, sizeof *contents);
    if (!contents) return gait_fail(err, GAIT_NOMEM, "no memory for a session of a batch");
    for (size_t i = 0; i < job->n; i++) contents[i] = work->hashes[i];
    gait_status st = input_hash(job, contents, hash, err);
    free(contents);
    return st ? st : summary_set(*summary, "input_hash", hash, err);
}

static void join_hashes(const struct work *work, char *out, size_t room)
{
    out[0] = '\0';
    for (size_t i = 0; i < work->job->n; i++) {
        size_t n = strlen(out);
        text_print(out + n, room - n, "%s%s", i ? "," : "", work->hashes[i]);
    }
}

static void analyse(struct work *work, gait_batch_finish *finish, struct answer *answer)
{
    gait_summary *summary = NULL;
    answer->status = summarise(work, &summary, &answer->error);
    answer->stage = STAGE_READ;
    join_hashes(work, answer->content_hash, sizeof answer->content_hash);
    if (!answer->status) {
        answer->stage = STAGE_WRITE;
        answer->status = make_folder_of(work->job->output, &answer->error);
    }
    if (!answer->status)
        answer->status = gait_summary_write(summary, work->job->output, &answer->error);
    if (!answer->status && finish && finish(work->context, work->job->output, &answer->error))
        answer->status = answer->error.status ? answer->error.status : GAIT_IO;
    gait_summary_free(&summary);
}

static gait_status receive(int connection, char **text, size_t *n, gait_error *err)
{
    size_t room = 0;
    *text = NULL;
    *n = 0;
    for (;;) {
        if (*n == room) {
            room = room ? 2 * room : 1 << 14;
            char *larger = room <= 1 << 26 ? realloc(*text, room) : NULL;
            if (!larger) return gait_fail(err, GAIT_NOMEM, "no memory for a session of a batch");
            *text = larger;
        }
        ssize_t got = read(connection, *text + *n, room - *n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return gait_fail(err, GAIT_IO, "standard input: %s", strerror(errno));
        if (got == 0) return GAIT_OK;
        *n += (size_t)got;
    }
}

/* A worker without its parent would still write when the next batch is at work. */
static int is_orphan(const struct job *job)
{
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    return (long)getppid() != job->parent;
}

gait_status gait_batch_work(int connection, int (*interrupted)(void *context),
                            gait_batch_finish *finish, void *context)
{
    char *text;
    size_t n;
    struct job job;
    struct answer answer = {.status = GAIT_OK};
    gait_status st = receive(connection, &text, &n, &answer.error);
    if (!st) st = job_read(&job, text, n, &answer.error);
    free(text);
    if (st) return st;
    if (is_orphan(&job)) {
        job_free(&job);
        return GAIT_INTERRUPTED;
    }
    struct work work = {&job, NULL, calloc(job.n, HASH_ROOM), interrupted, context};
    if (work.hashes)
        analyse(&work, finish, &answer);
    else
        answer.status = gait_fail(&answer.error, GAIT_NOMEM, "no memory for a session of a batch");
    gait_session_free(&work.session);
    free(work.hashes);
    job_free(&job);
    return answer_send(connection, &answer);
}
