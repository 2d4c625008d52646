/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"
#include "batch/batch_folder.h"
#include "batch/batch_note.h"
#include "batch/batch_study.h"
#include "batch/bids_description.h"
#include "batch/inputs.h"
#include "batch/job.h"
#include "batch/run_log.h"
#include "batch/status_file.h"
#include "batch/workers.h"

/* The parent: it schedules, reports and merges. */

enum { TICK_MS = 200, PATIENCE_S = 20 };

void gait_batch_options_init(gait_batch_options *options)
{
    if (!options) return;
    memset(options, 0, sizeof *options);
    gait_recording_options_init(&options->recording);
    gait_session_options_init(&options->session);
    options->n_jobs = 1;
    options->time_limit_s = 3600;
}

struct batch {
    const gait_plan *plan;
    const gait_batch_options *options;
    struct batch_folder folder;
    struct run_log log;
    struct rows rows; /* of the sessions from first on */
    size_t first, n;
    struct workers *workers;
    gait_batch_progress now;
    double *bytes; /* of each session */
    char status_path[LONGEST_PATH];
    double written_s, write_took_s; /* the status file */
    gait_error *err;
};

static double monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void tell(struct batch *b, const gait_batch_row *row)
{
    b->now.row = row;
    if (b->options->progress) b->options->progress(b->options->context, &b->now);
}

static int is_interrupted(const struct batch *b)
{
    return b->options->interrupted && b->options->interrupted(b->options->context);
}

static gait_status write_status(struct batch *b)
{
    double begun = monotonic_s();
    TRY(rows_write(&b->rows, b->status_path, b->err));
    b->written_s = monotonic_s();
    b->write_took_s = b->written_s - begun;
    return GAIT_OK;
}

/* Now and then, and never for more than a hundredth of the time. */
static gait_status write_status_if_due(struct batch *b)
{
    double since = monotonic_s() - b->written_s;
    return since > 5 && since > 100 * b->write_took_s ? write_status(b) : GAIT_OK;
}

static gait_status settle(struct batch *b, size_t i, gait_batch_state state, const char *reason,
                          int skipped)
{
    TRY(rows_set(&b->rows, i, state, reason, b->err));
    b->now.n_settled++;
    b->now.n_skipped += skipped != 0;
    b->now.n_failed += state == GAIT_BATCH_FAILED;
    b->now.bytes += b->bytes[i];
    if (skipped) b->now.bytes_skipped += b->bytes[i];
    log_session(&b->log, &b->rows.row[i], skipped);
    tell(b, &b->rows.row[i]);
    return GAIT_OK;
}

static void output_path(const struct batch *b, size_t i, char out[LONGEST_PATH])
{
    text_print(out, LONGEST_PATH, "%s/%s", b->options->folder, b->rows.row[i].output);
}

/* What was made of an older input must not stand for this one. */
static gait_status start_session(struct batch *b, size_t i, const struct job *job)
{
    char path[LONGEST_PATH];
    output_path(b, i, path);
    unlink(path);
    char *text = job_text(job);
    if (!text) return gait_fail(b->err, GAIT_NOMEM, "no memory for a session of a batch");
    gait_status st = workers_start(b->workers, text, i, b->err);
    free(text);
    return st;
}

/* Settles a session that needs no worker, or gives it to one. */
static gait_status begin_session(struct batch *b, size_t i)
{
    const gait_planned_session *session = gait_plan_session_at(b->plan, b->first + i);
    char path[LONGEST_PATH], *contents = NULL;
    struct job job;
    gait_error why = {0};
    output_path(b, i, path);
    if (b->options->bids_layout) folder_sweep(path);
    if (session->refused || job_make(&job, b->plan, session, b->options, &why)) {
        unlink(path);
        return settle(b, i, GAIT_BATCH_FAILED, session->refused ? session->refused : why.text, 0);
    }
    gait_status st = GAIT_OK;
    int current =
        !b->options->force && is_up_to_date(&job, path, b->options->trust_dates, &contents);
    if (contents && *contents) st = rows_set_hash(&b->rows, i, contents, b->err);
    if (!st) st = current ? settle(b, i, GAIT_BATCH_DONE, "", 1) : start_session(b, i, &job);
    free(contents);
    job_free(&job);
    return st;
}

/* A full disk would only fail the next one, too. */
static int stops_all(const struct answer *answer)
{
    return answer->stage == STAGE_WRITE &&
           (answer->status == GAIT_IO || answer->status == GAIT_CANNOT_CREATE);
}

/* Paths in a sentence count from the source folder. */
static const char *without_root(const struct batch *b, const char *text)
{
    size_t n = strlen(b->plan->root);
    return strncmp(text, b->plan->root, n) == 0 && text[n] == '/' ? text + n + 1 : text;
}

static gait_status end_session(struct batch *b, const struct end *end)
{
    char path[LONGEST_PATH];
    const struct answer *answer = &end->answer;
    output_path(b, end->tag, path);
    b->rows.row[end->tag].seconds = end->seconds;
    if (end->died) folder_sweep(path);
    if (!end->died) TRY(rows_set_hash(&b->rows, end->tag, answer->content_hash, b->err));
    if (!answer->status) return settle(b, end->tag, GAIT_BATCH_DONE, "", 0);
    if (answer->status == GAIT_INTERRUPTED)
        return rows_set(&b->rows, end->tag, GAIT_BATCH_MISSING, "interrupted", b->err);
    TRY(settle(b, end->tag, GAIT_BATCH_FAILED, without_root(b, answer->error.text), 0));
    if (!stops_all(answer)) return GAIT_OK;
    return gait_fail(b->err, answer->status, "%s", answer->error.text);
}

static gait_status wait_for_end(struct batch *b)
{
    struct end end;
    if (b->options->time_limit_s > 0) workers_kill_late(b->workers, b->options->time_limit_s);
    if (workers_wait(b->workers, TICK_MS, &end)) return end_session(b, &end);
    tell(b, NULL);
    return GAIT_OK;
}

static gait_status run_sessions(struct batch *b)
{
    size_t next = 0;
    while (next < b->n || workers_busy(b->workers)) {
        if (is_interrupted(b))
            return gait_fail(b->err, GAIT_INTERRUPTED, "interrupted; run it again to go on");
        if (next < b->n && workers_busy(b->workers) < b->options->n_jobs)
            TRY(begin_session(b, next++));
        else
            TRY(wait_for_end(b));
        TRY(write_status_if_due(b));
    }
    return GAIT_OK;
}

/* Those still at work finish or discard theirs; who cannot is killed in the end. */
static void stop_workers(struct batch *b, int signal_number)
{
    gait_error ignored, *err = b->err;
    struct end end;
    double begun = monotonic_s();
    b->err = &ignored;
    if (signal_number) workers_signal(b->workers, signal_number);
    while (workers_busy(b->workers)) {
        if (signal_number && monotonic_s() > begun + PATIENCE_S)
            workers_signal(b->workers, SIGKILL);
        if (!workers_wait(b->workers, TICK_MS, &end)) continue;
        if (end.died && signal_number) {
            char path[LONGEST_PATH];
            output_path(b, end.tag, path);
            folder_sweep(path);
        } else if (end_session(b, &end)) {
            continue;
        }
    }
    b->err = err;
}

static gait_status prepare_rows(struct batch *b)
{
    struct rows before = {0};
    gait_status st = GAIT_OK;
    if (rows_read(&before, b->status_path, NULL)) before.n = 0; /* then nothing is known */
    for (size_t i = 0; !st && i < b->n; i++) {
        const gait_planned_session *session = gait_plan_session_at(b->plan, b->first + i);
        const gait_batch_row *old = rows_find(&before, session->output);
        gait_batch_row row = {
            session->subject_id, session->session_id, GAIT_BATCH_MISSING, "", NAN, "",
            session->output};
        if (old) {
            row.seconds = old->seconds;
            row.content_hash = old->content_hash;
        }
        st = rows_add(&b->rows, &row, b->err);
    }
    rows_free(&before);
    return st;
}

static gait_status weigh(struct batch *b)
{
    b->bytes = calloc(b->n ? b->n : 1, sizeof *b->bytes);
    if (!b->bytes) return gait_fail(b->err, GAIT_NOMEM, "no memory for a batch");
    for (size_t i = 0; i < b->n; i++) {
        b->bytes[i] = plan_bytes(b->plan, gait_plan_session_at(b->plan, b->first + i));
        b->now.bytes_total += b->bytes[i];
    }
    return GAIT_OK;
}

static void count(const struct batch *b, gait_batch_counts *counts)
{
    memset(counts, 0, sizeof *counts);
    for (size_t i = 0; i < b->rows.n; i++) counts->n[b->rows.row[i].state]++;
    counts->n_skipped = b->now.n_skipped;
}

static gait_status analyse_all(struct batch *b)
{
    TRY(workers_new(&b->workers, b->options->worker, b->options->n_jobs, b->err));
    gait_status st = run_sessions(b);
    if (st) stop_workers(b, st == GAIT_INTERRUPTED ? SIGTERM : 0);
    workers_free(&b->workers);
    gait_error ignored, *err = b->err;
    if (st) b->err = &ignored; /* the first failure is the one to tell */
    gait_status written = write_status(b);
    b->err = err;
    return st ? st : written;
}

static gait_status merge_all(struct batch *b)
{
    char path[LONGEST_PATH];
    struct batch_study study;
    folder_file(&b->folder, "study", "h5", path, sizeof path);
    gait_status st = batch_study_begin(&study, b->options->folder, b->options->with_strides,
                                       b->folder.n_shards != 0, b->err);
    if (!st) st = batch_study_add(&study, &b->rows, 0, b->rows.n, b->options->folder, b->err);
    if (!st) st = batch_study_write(&study, path, b->err);
    batch_study_end(&study);
    return st;
}

/* A shard's part is of the sessions as they are when it ends. */
static gait_status drop_part(struct batch *b)
{
    char path[LONGEST_PATH];
    if (!b->folder.n_shards) return GAIT_OK;
    folder_file(&b->folder, "study", "h5", path, sizeof path);
    if (unlink(path) == 0 || errno == ENOENT) return GAIT_OK;
    return gait_fail(b->err, GAIT_CANNOT_CREATE, "%s: cannot be removed: %s", path,
                     strerror(errno));
}

/* Part I of N are consecutive sessions, so that parts one behind the other are the whole. */
static void cut(struct batch *b)
{
    size_t n = gait_plan_size(b->plan), shard = b->options->shard, n_shards = b->options->n_shards;
    b->n = n;
    if (n_shards) {
        b->first = n / n_shards * (shard - 1) + n % n_shards * (shard - 1) / n_shards;
        b->n = n / n_shards * shard + n % n_shards * shard / n_shards - b->first;
    }
    b->now.n_sessions = b->n;
}

static gait_status run_locked(struct batch *b)
{
    char path[LONGEST_PATH];
    folder_file(&b->folder, "status", "tsv", b->status_path, sizeof b->status_path);
    folder_file(&b->folder, "log", "jsonl", path, sizeof path);
    log_open(&b->log, path);
    log_begin(&b->log, b->plan, b->options, b->n);
    TRY(note_write(b->plan, b->options, b->err));
    if (b->options->bids_layout) TRY(write_bids_description(b->plan, b->options->folder, b->err));
    TRY(prepare_rows(b));
    TRY(weigh(b));
    TRY(write_status(b));
    TRY(drop_part(b));
    TRY(analyse_all(b));
    return merge_all(b);
}

static gait_status check(const gait_batch_options *o, gait_error *err)
{
    if (!o->folder || !*o->folder || !o->worker || !o->worker[0] || !o->n_jobs)
        return gait_fail(err, GAIT_INVALID, "a batch needs a folder, a worker and a job");
    if (!(o->time_limit_s >= 0))
        return gait_fail(err, GAIT_INVALID, "time limit %g s: not a duration", o->time_limit_s);
    if (o->n_shards ? o->shard < 1 || o->shard > o->n_shards : o->shard != 0)
        return gait_fail(err, GAIT_INVALID, "shard %zu of %zu: there is none", o->shard,
                         o->n_shards);
    return GAIT_OK;
}

gait_status gait_batch_run(const gait_plan *plan, const gait_batch_options *options,
                           gait_batch_counts *counts, gait_error *err)
{
    gait_error own = {0};
    gait_batch_counts all = {0};
    NEED(plan);
    NEED(options);
    TRY(check(options, err));
    struct batch *b = calloc(1, sizeof *b);
    if (!b) return gait_fail(err, GAIT_NOMEM, "no memory for a batch");
    b->plan = plan;
    b->options = options;
    b->err = &own;
    b->log.fd = -1;
    b->folder = (struct batch_folder){
        options->folder, options->shard, options->n_shards, options->bids_layout, -1, -1};
    cut(b);
    gait_status st = folder_open(&b->folder, b->err);
    if (!st) st = run_locked(b);
    count(b, &all);
    log_end(&b->log, &all, st, own.text);
    log_close(&b->log);
    folder_close(&b->folder);
    rows_free(&b->rows);
    free(b->bytes);
    free(b);
    if (counts) *counts = all;
    if (st) gait_fail(err, st, "%s", own.text);
    return st;
}
