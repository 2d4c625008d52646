/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch/run_log.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "batch/job.h"

/* A run that was killed, or a full disk, may have left half a line. */
static void end_half_line(int fd)
{
    char last = '\n';
    off_t size = lseek(fd, 0, SEEK_END);
    if (size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n') {
        ssize_t written = write(fd, "\n", 1);
        (void)written;
    }
}

void log_open(struct run_log *log, const char *path)
{
    log->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (log->fd >= 0) end_half_line(log->fd);
}

void log_close(struct run_log *log)
{
    if (log->fd >= 0) close(log->fd);
    log->fd = -1;
}

static json_t *now(void)
{
    char text[32];
    struct timespec t;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &t);
    if (!gmtime_r(&t.tv_sec, &utc)) return json_null();
    text_print(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ", utc.tm_year + 1900,
               utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
               t.tv_nsec / 1000000);
    return json_string(text);
}

/* In one write, so that lines of several writers do not mix. */
static void put(const struct run_log *log, json_t *line)
{
    char *text = line ? json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
    size_t n = text ? strlen(text) : 0;
    if (n && log->fd >= 0) {
        text[n] = '\n'; /* where the NUL was */
        ssize_t written = write(log->fd, text, n + 1);
        (void)written;
    }
    free(text);
    json_decref(line);
}

static json_t *text_or_null(const char *text)
{
    json_t *json = text && *text ? json_string(text) : NULL;
    return json ? json : json_null();
}

static json_t *left_out_of(const gait_plan *plan)
{
    json_t *names = json_array();
    for (size_t i = 0; gait_plan_left_out_at(plan, i); i++)
        json_array_append_new(names, text_or_null(gait_plan_left_out_at(plan, i)));
    return names;
}

void log_begin(const struct run_log *log, const gait_plan *plan, const gait_batch_options *options,
               size_t n)
{
    put(log,
        json_pack("{so ss ss so so sI sI sI sI so}", "time", now(), "event", "begin", "creator",
                  "libgait " GAIT_VERSION_STRING, "source", text_or_null(plan->root), "options",
                  options_json(options), "jobs", (json_int_t)options->n_jobs, "shard",
                  (json_int_t)options->shard, "shards", (json_int_t)options->n_shards, "sessions",
                  (json_int_t)n, "left_out", left_out_of(plan)));
}

void log_session(const struct run_log *log, const gait_batch_row *row, int skipped)
{
    put(log,
        json_pack("{so ss so so ss sb so so so so}", "time", now(), "event", "session",
                  "subject_id", text_or_null(row->subject_id), "session_id",
                  text_or_null(row->session_id), "state", gait_batch_state_name(row->state),
                  "skipped", skipped, "reason", text_or_null(row->reason), "seconds",
                  isfinite(row->seconds) ? json_real(row->seconds) : json_null(), "content_hash",
                  text_or_null(row->content_hash), "output", text_or_null(row->output)));
}

void log_end(const struct run_log *log, const gait_batch_counts *counts, gait_status status,
             const char *reason)
{
    put(log,
        json_pack("{so ss sI sI sI sI ss so}", "time", now(), "event", "end", "done",
                  (json_int_t)counts->n[GAIT_BATCH_DONE], "skipped", (json_int_t)counts->n_skipped,
                  "failed", (json_int_t)counts->n[GAIT_BATCH_FAILED], "missing",
                  (json_int_t)counts->n[GAIT_BATCH_MISSING], "status", gait_status_name(status),
                  "reason", text_or_null(status ? reason : NULL)));
}
