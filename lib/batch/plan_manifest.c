/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/fail.h"
#include "base/text.h"
#include "batch/inside.h"
#include "batch/plan.h"
#include "record/tsv.h"

/* A manifest: a table of recordings, whose cells say what a sidecar would say and win over it. */

enum { SUBJECT, SESSION, START, RECORDING, PLACEMENT, SIDE, N_REQUIRED };

static const char *const required[N_REQUIRED] = {"subject_id", "session_id", "start_time",
                                                 "file",       "placement",  "side"};

static gait_status find_columns(const struct tsv *table, const char *path,
                                size_t column[N_REQUIRED], gait_error *err)
{
    for (size_t r = 0; r < N_REQUIRED; r++) {
        size_t k = 0;
        while (k < table->n_columns && !text_equal(table->cells[k], required[r])) k++;
        if (k == table->n_columns)
            return gait_fail(err, GAIT_FORMAT,
                             "%s: line 1: no column %s; expected subject_id, session_id, "
                             "start_time, file, placement and side",
                             path, required[r]);
        column[r] = k;
    }
    return GAIT_OK;
}

static int says_nothing(const char *cell)
{
    return !*cell || strcmp(cell, "n/a") == 0;
}

static int is_text_key(const char *name)
{
    for (size_t r = 0; r < N_REQUIRED; r++)
        if (text_equal(name, required[r])) return 1;
    return 0;
}

/* A cell that prints like a number is one, unless it names something: "007" stays as it is. */
static json_t *cell_value(const char *name, const char *cell)
{
    char again[NUMBER_ROOM];
    double value;
    if (!is_text_key(name) && number_from_text(cell, &value) &&
        strcmp(number_to_text(value, again), cell) == 0)
        return json_real(value);
    return json_string(cell);
}

/* Numbers that a sidecar has limits for may be written in any way. */
static json_t *known_number(const char *name, const char *cell)
{
    static const char *const names[] = {"mass_kg", "height_m", "speed_mps", "distance_m",
                                        "slope_deg"};
    double value;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(name, names[i]) && number_from_text(cell, &value)) return json_real(value);
    return NULL;
}

/* Everything but where the file is, as a sidecar would have it; free() it. */
static char *row_json(const struct tsv *table, size_t row)
{
    json_t *members = json_object();
    for (size_t k = 0; members && k < table->n_columns; k++) {
        const char *name = table->cells[k], *cell = table->cells[row * table->n_columns + k];
        if (!cell || says_nothing(cell) || !*name || text_equal(name, "file")) continue;
        json_t *value = known_number(name, cell);
        json_object_set_new(members, name, value ? value : cell_value(name, cell));
    }
    char *text = members ? json_dumps(members, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
    json_decref(members);
    return text;
}

/* FILE:SENSOR, if there is no file of that whole name. */
static void split_sensor(const gait_plan *plan, struct find *find, char *file, size_t room)
{
    char why[REFUSAL_ROOM];
    const char *colon = strrchr(find->file, ':');
    if (!colon || strchr(colon, '/') || !refuse_file(plan->root, find->file, why)) return;
    if (!text_print(file, room, "%.*s", (int)(colon - find->file), find->file)) return;
    find->file = file;
    find->sensor = colon + 1;
}

static gait_status add_row(gait_plan *plan, const struct tsv *table, size_t row,
                           const size_t column[N_REQUIRED], const char *path, gait_error *err)
{
    char why[REFUSAL_ROOM], file[LONGEST_PATH];
    const char *cells[N_REQUIRED];
    for (size_t r = 0; r < N_REQUIRED; r++) {
        const char *cell = table->cells[row * table->n_columns + column[r]];
        cells[r] = cell && !says_nothing(cell) ? cell : "";
    }
    if (!*cells[SUBJECT] || !*cells[SESSION] || !*cells[RECORDING])
        return gait_fail(err, GAIT_FORMAT, "%s: line %zu: no %s", path, row + 1,
                         !*cells[SUBJECT]   ? "subject_id"
                         : !*cells[SESSION] ? "session_id"
                                            : "file");
    char *json = row_json(table, row);
    if (!json) return gait_fail(err, GAIT_FORMAT, "%s: line %zu: not text in UTF-8", path, row + 1);
    struct find find = {.subject_id = cells[SUBJECT],
                        .session_id = cells[SESSION],
                        .file = cells[RECORDING],
                        .sidecar_json = json};
    split_sensor(plan, &find, file, sizeof file);
    find.refused = refuse_recording(plan->root, find.file, why);
    gait_status st = plan_add(plan, &find, err);
    free(json);
    return st;
}

gait_status plan_from_manifest(gait_plan *plan, const char *path, gait_error *err)
{
    struct tsv table;
    size_t column[N_REQUIRED];
    TRY(tsv_read(&table, path, err));
    plan->keeps_order = 1;
    gait_status st = find_columns(&table, path, column, err);
    for (size_t row = 1; !st && row < table.n_rows; row++)
        st = add_row(plan, &table, row, column, path, err);
    tsv_free(&table);
    return st;
}
