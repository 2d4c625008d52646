/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/tsv.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"

enum { LARGEST_TABLE = 1 << 26, MOST_COLUMNS = 256 };

static size_t count(const char *text, char wanted)
{
    size_t n = 0;
    for (; *text; text++) n += *text == wanted;
    return n;
}

/* Cuts one line off; the rest of the text, NULL at its end. */
static char *cut_line(char *line)
{
    char *end = strchr(line, '\n');
    if (end) *end = '\0';
    size_t n = strlen(line);
    if (n && line[n - 1] == '\r') line[n - 1] = '\0';
    return end ? end + 1 : NULL;
}

static void cut_cells(char *line, char **cells, size_t n_columns)
{
    for (size_t i = 0; i < n_columns; i++) {
        cells[i] = line;
        line += strcspn(line, "\t");
        if (*line) *line++ = '\0';
    }
}

static gait_status cut_table(struct tsv *tsv, const char *path, gait_error *err)
{
    size_t most_rows = count(tsv->text, '\n') + 1;
    static const char mark[] = "\xef\xbb\xbf"; /* UTF-8, as Windows' programs begin a file */
    char *line = tsv->text + (strncmp(tsv->text, mark, strlen(mark)) == 0 ? strlen(mark) : 0);
    char *next = cut_line(line);
    tsv->n_columns = count(line, '\t') + 1;
    if (tsv->n_columns > MOST_COLUMNS)
        return gait_fail(err, GAIT_FORMAT, "%s: %zu columns, at most %d expected", path,
                         tsv->n_columns, (int)MOST_COLUMNS);
    tsv->cells = calloc(most_rows * tsv->n_columns, sizeof *tsv->cells);
    if (!tsv->cells) return gait_fail(err, GAIT_NOMEM, "%s", path);
    for (; line; line = next, next = line ? cut_line(line) : NULL)
        if (*line) cut_cells(line, tsv->cells + tsv->n_rows++ * tsv->n_columns, tsv->n_columns);
    if (!tsv->n_rows) tsv->cells[0] = tsv->text + strlen(tsv->text); /* an empty name */
    return GAIT_OK;
}

gait_status tsv_read(struct tsv *out, const char *path, gait_error *err)
{
    void *bytes = NULL;
    size_t n = 0;
    memset(out, 0, sizeof *out);
    TRY(file_load(path, LARGEST_TABLE, &bytes, &n, err));
    out->text = malloc(n + 1);
    if (out->text) {
        memcpy(out->text, bytes, n);
        for (size_t i = 0; i < n; i++)
            if (!out->text[i]) out->text[i] = ' ';
        out->text[n] = '\0';
    }
    free(bytes);
    gait_status st = out->text ? cut_table(out, path, err) : gait_fail(err, GAIT_NOMEM, "%s", path);
    if (st) tsv_free(out);
    return st;
}

void tsv_free(struct tsv *tsv)
{
    free(tsv->text);
    free(tsv->cells);
    memset(tsv, 0, sizeof *tsv);
}

const char *tsv_cell(const struct tsv *tsv, size_t row, const char *column)
{
    if (row >= tsv->n_rows) return "";
    for (size_t i = 0; i < tsv->n_columns; i++) {
        if (!text_equal(tsv->cells[i], column)) continue;
        const char *cell = tsv->cells[row * tsv->n_columns + i];
        return text_equal(cell, "n/a") ? "" : cell;
    }
    return "";
}
