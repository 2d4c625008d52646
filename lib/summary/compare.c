/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "summary/contest.h"

/* A score of everything that the reference speaks of, for each sensor. */

enum { MOST_SCORES = 8 }; /* of one sensor */

static gait_status score_sensor(gait_comparison *comparison, const struct contest *c)
{
    struct arena_mark mark = arena_mark(c->tmp);
    if (score_events(comparison, c) || score_values(comparison, c) || score_activity(comparison, c))
        return GAIT_NOMEM;
    arena_rewind(c->tmp, mark);
    return GAIT_OK;
}

static gait_status score_sensors(gait_comparison *comparison, struct contest *c, const char *sensor,
                                 gait_error *err)
{
    struct rows rows = rows_of(c, "recordings");
    const char *const *sides = texts_in(&rows, "side");
    comparison->scores = ARENA_NEW(&comparison->arena, MOST_SCORES * rows.n, gait_score);
    if (!comparison->scores) return gait_fail(err, GAIT_NOMEM, "no memory for scores");
    size_t n_scored = 0;
    for (size_t i = 0; i < rows.n; i++) {
        if (sensor && strcmp(sensor, rows.sensor[i]) != 0) continue;
        gait_side side = sides ? gait_side_from_name(sides[i]) : GAIT_SIDE_UNKNOWN;
        c->sensor = rows.sensor[i];
        c->side = side == GAIT_LEFT || side == GAIT_RIGHT ? side : GAIT_SIDE_UNKNOWN;
        if (score_sensor(comparison, c)) return gait_fail(err, GAIT_NOMEM, "no memory for scores");
        n_scored++;
    }
    if (n_scored) return GAIT_OK;
    return gait_fail(err, GAIT_NOT_FOUND, "the summary has no sensor%s%s", sensor ? " " : "",
                     sensor ? sensor : "");
}

gait_status gait_compare(gait_comparison **comparison, const gait_summary *summary,
                         const char *sensor, const char *reference, double tolerance_s,
                         gait_error *err)
{
    NEED(comparison);
    NEED(summary);
    NEED(reference);
    if (!(tolerance_s > 0 && isfinite(tolerance_s)))
        return gait_fail(err, GAIT_INVALID, "tolerance %g s, expected more than 0", tolerance_s);
    gait_comparison *made = calloc(1, sizeof *made);
    if (!made) return gait_fail(err, GAIT_NOMEM, "no memory for scores");
    struct reference rows;
    struct arena tmp = {0};
    struct contest contest = {.summary = summary, .reference = &rows, .tolerance_s = tolerance_s};
    contest.tmp = &tmp;
    gait_status st = reference_read(&rows, reference, &made->arena, err);
    if (!st) st = score_sensors(made, &contest, sensor, err);
    arena_free(&tmp);
    if (st) {
        gait_comparison_free(&made);
        return st;
    }
    made->n_ignored = rows.n_ignored;
    *comparison = made;
    return GAIT_OK;
}

const gait_score *gait_comparison_at(const gait_comparison *comparison, size_t index)
{
    if (!comparison) return NULL;
    return index < comparison->n ? &comparison->scores[index] : NULL;
}

size_t gait_comparison_ignored(const gait_comparison *comparison)
{
    if (!comparison) return 0;
    return comparison->n_ignored;
}

void gait_comparison_free(gait_comparison **comparison)
{
    if (!comparison || !*comparison) return;
    arena_free(&(*comparison)->arena);
    free(*comparison);
    *comparison = NULL;
}
