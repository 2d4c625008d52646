/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/contest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "summary/agreement.h"

struct rows rows_of(const struct contest *c, const char *table)
{
    struct rows rows = {gait_summary_table(c->summary, table), NULL, 0};
    const gait_column *sensor = rows.table ? gait_table_column(rows.table, "sensor") : NULL;
    if (!sensor || sensor->type != GAIT_TEXTS) return rows;
    rows.sensor = sensor->texts;
    rows.n = rows.table->n_rows;
    return rows;
}

int is_about(const struct rows *rows, size_t i, const struct contest *c)
{
    return strcmp(rows->sensor[i], c->sensor) == 0;
}

const double *doubles_in(const struct rows *rows, const char *name)
{
    const gait_column *column = rows->n ? gait_table_column(rows->table, name) : NULL;
    return column ? column->doubles : NULL;
}

const char *const *texts_in(const struct rows *rows, const char *name)
{
    const gait_column *column = rows->n ? gait_table_column(rows->table, name) : NULL;
    return column ? column->texts : NULL;
}

static gait_status new_instants(struct instants *out, size_t n, struct arena *arena)
{
    out->n = 0;
    out->time_s = ARENA_NEW(arena, n, double);
    out->value = ARENA_NEW(arena, n, double);
    out->spread = ARENA_NEW(arena, n, double);
    out->confidence = ARENA_NEW(arena, n, double);
    return out->time_s && out->value && out->spread && out->confidence ? GAIT_OK : GAIT_NOMEM;
}

void add_instant(struct instants *to, double time_s, double value, double spread, double confidence)
{
    to->time_s[to->n] = time_s;
    to->value[to->n] = value;
    to->spread[to->n] = spread;
    to->confidence[to->n++] = confidence;
}

int earlier(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

struct placed {
    double time_s;
    size_t index;
};

static int by_time(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    if (x->time_s < y->time_s) return -1;
    if (x->time_s > y->time_s) return 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* Events of a trunk sensor may be listed limb by limb: matching wants them in order of time. */
static gait_status sort_instants(struct instants *list, struct arena *tmp)
{
    struct instants sorted;
    size_t n = list->n;
    struct placed *order = ARENA_NEW(tmp, n, struct placed);
    if (!order || new_instants(&sorted, n, tmp)) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) order[i] = (struct placed){list->time_s[i], i};
    qsort(order, n, sizeof *order, by_time);
    for (size_t i = 0; i < n; i++) {
        size_t k = order[i].index;
        add_instant(&sorted, list->time_s[k], list->value[k], list->spread[k], list->confidence[k]);
    }
    *list = sorted;
    return GAIT_OK;
}

int is_ours(const struct contest *c, const struct reference_row *row)
{
    return c->side == GAIT_SIDE_UNKNOWN || row->side == GAIT_SIDE_UNKNOWN || row->side == c->side;
}

gait_status reference_instants(const struct contest *c, enum reference_kind kind,
                               struct instants *out)
{
    if (new_instants(out, c->reference->n, c->tmp)) return GAIT_NOMEM;
    for (size_t i = 0; i < c->reference->n; i++) {
        const struct reference_row *row = &c->reference->rows[i];
        if (row->kind == kind && is_ours(c, row))
            add_instant(out, row->time_s, row->value, NAN, NAN);
    }
    return GAIT_OK;
}

gait_status event_instants(const struct contest *c, const char *type, struct instants *out)
{
    struct rows rows = rows_of(c, "events");
    const char *const *types = texts_in(&rows, "type");
    const double *times = doubles_in(&rows, "time_s");
    const double *spreads = doubles_in(&rows, "uncertainty_s");
    const double *confidences = doubles_in(&rows, "confidence");
    if (new_instants(out, rows.n, c->tmp)) return GAIT_NOMEM;
    if (!types || !times || !spreads || !confidences) return GAIT_OK;
    for (size_t i = 0; i < rows.n; i++)
        if (is_about(&rows, i, c) && strcmp(types[i], type) == 0 && isfinite(times[i]))
            add_instant(out, times[i], NAN, spreads[i], confidences[i]);
    return sort_instants(out, c->tmp);
}

/* At such a share of each stride; strides without a time count from their start. */
static gait_status instants_of_strides(const struct contest *c, const char *metric, double share,
                                       struct instants *out)
{
    struct rows rows = rows_of(c, "strides");
    const double *starts = doubles_in(&rows, "start_s"), *values = doubles_in(&rows, metric);
    const double *durations = doubles_in(&rows, "stride_time_s");
    if (new_instants(out, rows.n, c->tmp)) return GAIT_NOMEM;
    for (size_t i = 0; starts && values && i < rows.n; i++) {
        double into_s = durations && isfinite(durations[i]) ? share * durations[i] : 0;
        if (is_about(&rows, i, c) && isfinite(values[i]) && isfinite(starts[i]))
            add_instant(out, starts[i] + into_s, values[i], NAN, NAN);
    }
    return sort_instants(out, c->tmp);
}

gait_status stride_instants(const struct contest *c, const char *metric, struct instants *out)
{
    return instants_of_strides(c, metric, 0, out);
}

gait_status stride_middles(const struct contest *c, const char *metric, struct instants *out)
{
    return instants_of_strides(c, metric, 0.5, out);
}

gait_score *new_score(gait_comparison *comparison, const struct contest *c, const char *what,
                      const char *units)
{
    gait_score *score = &comparison->scores[comparison->n++];
    memset(score, 0, sizeof *score);
    text_print(score->what, sizeof score->what, "%s", what);
    text_print(score->sensor, sizeof score->sensor, "%s", c->sensor);
    text_print(score->units, sizeof score->units, "%s", units);
    score->precision = score->recall = score->f1 = NAN;
    score->coverage = score->mean_confidence = NAN;
    score_differences(score, NULL, 0);
    return score;
}
