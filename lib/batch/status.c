/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"
#include "batch/batch_folder.h"
#include "batch/batch_note.h"
#include "batch/inputs.h"
#include "batch/status_file.h"
#include "batch/status_rows.h"

struct gait_batch_status {
    struct rows rows;
    char caveat[256];
};

/* What is there now counts; the status file only knows why something is not. */
static gait_status look_at(struct rows *rows, const gait_plan *plan,
                           const gait_planned_session *session, const struct note *note,
                           const gait_batch_row *old, gait_error *err)
{
    char path[LONGEST_PATH], *contents = NULL;
    struct job job;
    gait_error why = {0};
    gait_batch_row row = {session->subject_id, session->session_id, GAIT_BATCH_MISSING, "", NAN, "",
                          session->output};
    text_print(path, sizeof path, "%s/%s", note->options.folder, session->output);
    if (old) {
        row.seconds = old->seconds;
        row.content_hash = old->content_hash;
    }
    int is_job = !session->refused && !job_make(&job, plan, session, &note->options, &why);
    if (is_job && is_up_to_date(&job, path, note->options.trust_dates, &contents))
        row.state = GAIT_BATCH_DONE;
    else if (access(path, F_OK) == 0)
        row.state = GAIT_BATCH_STALE;
    else if (!is_job || (old && old->state == GAIT_BATCH_FAILED))
        row.state = GAIT_BATCH_FAILED;
    if (row.state == GAIT_BATCH_STALE)
        row.reason = "its summary is damaged, or of another input, other options or version";
    if (row.state == GAIT_BATCH_FAILED)
        row.reason = session->refused ? session->refused : is_job ? old->reason : why.text;
    if (contents && *contents) row.content_hash = contents;
    gait_status st = rows_add(rows, &row, err);
    free(contents);
    if (is_job) job_free(&job);
    return st;
}

static gait_status look_at_all(gait_batch_status *status, const gait_plan *plan,
                               const struct note *note, struct rows *before, gait_error *err)
{
    gait_status st = GAIT_OK;
    for (size_t i = 0; !st && gait_plan_session_at(plan, i); i++) {
        const gait_planned_session *session = gait_plan_session_at(plan, i);
        st = look_at(&status->rows, plan, session, note, rows_find(before, session->output), err);
    }
    return st;
}

/* Without the source: what the status file lists, and whether it is there. */
static gait_status look_at_outputs(gait_batch_status *status, const char *folder,
                                   const struct rows *before, gait_error *err)
{
    gait_status st = GAIT_OK;
    for (size_t i = 0; !st && i < before->n; i++) {
        char path[LONGEST_PATH];
        gait_batch_row row = before->row[i];
        text_print(path, sizeof path, "%s/%s", folder, row.output);
        if (access(path, F_OK) == 0) {
            row.state = GAIT_BATCH_DONE;
            row.reason = "";
        } else if (row.state != GAIT_BATCH_FAILED) {
            row.state = GAIT_BATCH_MISSING;
        }
        st = rows_add(&status->rows, &row, err);
    }
    return st;
}

static gait_status look(gait_batch_status *status, struct note *note, gait_error *err)
{
    struct rows before = {0};
    gait_plan *plan = NULL;
    gait_error why = {0};
    const gait_plan_options how = {note->options.folder, note->options.bids_layout};
    gait_status st = status_rows(&before, note->options.folder, NULL, err);
    if (!st && !gait_plan_new(&plan, note->source, &how, &why)) {
        st = look_at_all(status, plan, note, &before, err);
    } else if (!st) {
        text_print(status->caveat, sizeof status->caveat, "recordings were not looked at: %.200s",
                   why.text);
        st = look_at_outputs(status, note->options.folder, &before, err);
    }
    gait_plan_free(&plan);
    rows_free(&before);
    return st;
}

gait_status gait_batch_look(gait_batch_status **status, const char *folder, int trust_dates,
                            gait_error *err)
{
    struct note note;
    NEED(status);
    NEED(folder);
    TRY(note_read(&note, folder, err));
    note.options.trust_dates = trust_dates;
    gait_batch_status *made = calloc(1, sizeof *made);
    gait_status st = made ? look(made, &note, err)
                          : gait_fail(err, GAIT_NOMEM, "no memory for the status of a batch");
    note_free(&note);
    if (st)
        gait_batch_status_free(&made);
    else
        *status = made;
    return st;
}

const gait_batch_row *gait_batch_row_at(const gait_batch_status *status, size_t index)
{
    return status && index < status->rows.n ? &status->rows.row[index] : NULL;
}

const char *gait_batch_caveat(const gait_batch_status *status)
{
    return status ? status->caveat : "";
}

void gait_batch_status_free(gait_batch_status **status)
{
    if (!status || !*status) return;
    rows_free(&(*status)->rows);
    free(*status);
    *status = NULL;
}
