/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch/status_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"
#include "record/tsv.h"

static const char *const state_names[GAIT_N_BATCH_STATES] = {"done", "failed", "missing", "stale"};

const char *gait_batch_state_name(gait_batch_state state)
{
    return (unsigned)state < GAIT_N_BATCH_STATES ? state_names[state] : "unknown";
}

static gait_status no_memory(gait_error *err)
{
    return gait_fail(err, GAIT_NOMEM, "no memory for the status of a batch");
}

/* On one line of one cell. */
static const char *keep_cell(struct rows *rows, const char *text)
{
    if (!*text) return "";
    size_t n = strlen(text) + 1;
    char *copy = ARENA_NEW(&rows->arena, n, char);
    if (!copy) return NULL;
    memcpy(copy, text, n);
    for (char *c = copy; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = '?';
    return copy;
}

gait_status rows_add(struct rows *rows, const gait_batch_row *row, gait_error *err)
{
    if (rows->n == rows->room) {
        size_t room = rows->room ? 2 * rows->room : 64;
        gait_batch_row *larger = realloc(rows->row, room * sizeof *larger);
        if (!larger) return no_memory(err);
        rows->row = larger;
        rows->room = room;
    }
    gait_batch_row *to = &rows->row[rows->n];
    *to = *row;
    to->subject_id = keep_cell(rows, row->subject_id);
    to->session_id = keep_cell(rows, row->session_id);
    to->reason = keep_cell(rows, row->reason);
    to->content_hash = keep_cell(rows, row->content_hash);
    to->output = keep_cell(rows, row->output);
    if (!to->subject_id || !to->session_id || !to->reason || !to->content_hash || !to->output)
        return no_memory(err);
    rows->n++;
    return GAIT_OK;
}

gait_status rows_set(struct rows *rows, size_t i, gait_batch_state state, const char *reason,
                     gait_error *err)
{
    rows->row[i].state = state;
    if (strcmp(rows->row[i].reason, reason) == 0) return GAIT_OK;
    const char *copy = keep_cell(rows, reason);
    rows->row[i].reason = copy ? copy : "";
    return copy ? GAIT_OK : no_memory(err);
}

gait_status rows_set_hash(struct rows *rows, size_t i, const char *hash, gait_error *err)
{
    if (strcmp(rows->row[i].content_hash, hash) == 0) return GAIT_OK;
    const char *copy = keep_cell(rows, hash);
    rows->row[i].content_hash = copy ? copy : "";
    return copy ? GAIT_OK : no_memory(err);
}

static int by_output(const void *a, const void *b)
{
    const gait_batch_row *const *x = a, *const *y = b;
    return strcmp((*x)->output, (*y)->output);
}

static int find_output(const void *key, const void *row)
{
    const gait_batch_row *const *x = row;
    return strcmp(key, (*x)->output);
}

const gait_batch_row *rows_find(struct rows *rows, const char *output)
{
    if (!rows->n) return NULL;
    if (!rows->by_output) {
        rows->by_output = malloc(rows->n * sizeof *rows->by_output);
        if (!rows->by_output) return NULL;
        for (size_t i = 0; i < rows->n; i++) rows->by_output[i] = &rows->row[i];
        qsort(rows->by_output, rows->n, sizeof *rows->by_output, by_output);
    }
    gait_batch_row *const *found =
        bsearch(output, rows->by_output, rows->n, sizeof *rows->by_output, find_output);
    return found ? *found : NULL;
}

void rows_free(struct rows *rows)
{
    arena_free(&rows->arena);
    free(rows->row);
    free(rows->by_output);
    memset(rows, 0, sizeof *rows);
}

static gait_status write_row(struct file_draft *draft, const gait_batch_row *row, gait_error *err)
{
    char seconds[32] = "";
    if (isfinite(row->seconds)) text_print(seconds, sizeof seconds, "%.3f", row->seconds);
    const char *cells[] = {row->subject_id, row->session_id, gait_batch_state_name(row->state),
                           row->reason,     seconds,         row->content_hash,
                           row->output};
    enum { N_CELLS = sizeof cells / sizeof *cells };
    char line[4096];
    size_t n = 0;
    for (size_t i = 0; i < N_CELLS; i++) {
        size_t length = strlen(cells[i]);
        if (n + length + 1 > sizeof line) {
            TRY(file_draft_write(draft, line, n, err));
            n = 0;
        }
        if (length + 1 > sizeof line) {
            TRY(file_draft_write(draft, cells[i], length, err));
            length = 0;
        }
        if (length) memcpy(line + n, cells[i], length);
        n += length;
        line[n++] = i + 1 < N_CELLS ? '\t' : '\n';
    }
    return file_draft_write(draft, line, n, err);
}

gait_status rows_write(const struct rows *rows, const char *path, gait_error *err)
{
    static const char names[] =
        "subject_id\tsession_id\tstate\treason\tseconds\tcontent_hash\toutput\n";
    struct file_draft draft;
    TRY(file_draft_begin(&draft, path, err));
    gait_status st = file_draft_write(&draft, names, sizeof names - 1, err);
    for (size_t i = 0; !st && i < rows->n; i++) st = write_row(&draft, &rows->row[i], err);
    if (!st) st = file_draft_seal(&draft, err);
    if (!st) st = file_draft_publish(&draft, err);
    file_draft_end(&draft);
    return st;
}

static gait_batch_state state_of(const char *name)
{
    int state = 0;
    while (state < GAIT_N_BATCH_STATES && strcmp(name, state_names[state]) != 0) state++;
    return (gait_batch_state)state;
}

static gait_status take_row(struct rows *rows, const struct tsv *table, size_t i, const char *path,
                            gait_error *err)
{
    gait_batch_row row = {
        .subject_id = tsv_cell(table, i, "subject_id"),
        .session_id = tsv_cell(table, i, "session_id"),
        .state = state_of(tsv_cell(table, i, "state")),
        .reason = tsv_cell(table, i, "reason"),
        .seconds = NAN,
        .content_hash = tsv_cell(table, i, "content_hash"),
        .output = tsv_cell(table, i, "output"),
    };
    number_from_text(tsv_cell(table, i, "seconds"), &row.seconds);
    if (row.state == GAIT_N_BATCH_STATES || !*row.output)
        return gait_fail(err, GAIT_FORMAT, "%s: line %zu: not a row of a batch's status", path,
                         i + 1);
    return rows_add(rows, &row, err);
}

gait_status rows_read(struct rows *rows, const char *path, gait_error *err)
{
    struct tsv table;
    TRY(tsv_read(&table, path, err));
    gait_status st = GAIT_OK;
    for (size_t i = 1; !st && i < table.n_rows; i++) st = take_row(rows, &table, i, path, err);
    tsv_free(&table);
    return st;
}
