/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/contest.h"

#include <math.h>
#include <string.h>

#include "summary/agreement.h"

/* Labels of bouts, second by second. */

static const double longest_label_s = 1e8;

/* The sensor's bouts in order of time, and how far it recorded. */
struct timeline {
    size_t n;
    double *start_s, *end_s;
    const char **activity;
    double first_s, last_s;
};

static void add_recordings(const struct contest *c, struct timeline *out)
{
    struct rows rows = rows_of(c, "recordings");
    const double *durations = doubles_in(&rows, "duration_s");
    const double *offsets = doubles_in(&rows, "clock_offset_s");
    for (size_t i = 0; durations && offsets && i < rows.n; i++)
        if (is_about(&rows, i, c)) out->last_s = fmax(out->last_s, durations[i] + offsets[i]);
}

static gait_status take_timeline(const struct contest *c, struct timeline *out)
{
    struct rows rows = rows_of(c, "bouts");
    const double *starts = doubles_in(&rows, "start_s"), *ends = doubles_in(&rows, "end_s");
    const char *const *activities = texts_in(&rows, "activity");
    *out = (struct timeline){0};
    out->start_s = ARENA_NEW(c->tmp, rows.n, double);
    out->end_s = ARENA_NEW(c->tmp, rows.n, double);
    out->activity = ARENA_NEW(c->tmp, rows.n, const char *);
    if (!out->start_s || !out->end_s || !out->activity) return GAIT_NOMEM;
    for (size_t i = 0; starts && ends && activities && i < rows.n; i++) {
        if (!is_about(&rows, i, c)) continue;
        out->start_s[out->n] = starts[i];
        out->end_s[out->n] = ends[i];
        out->activity[out->n++] = activities[i];
        out->first_s = fmin(out->first_s, starts[i]);
        out->last_s = fmax(out->last_s, ends[i]);
    }
    add_recordings(c, out);
    return GAIT_OK;
}

/* A labelled bout lasts until the next row that begins or ends one, or until the recording does. */
static double end_of_label(const struct contest *c, size_t row, double last_s)
{
    for (size_t i = row + 1; i < c->reference->n; i++) {
        const struct reference_row *next = &c->reference->rows[i];
        int is_edge = next->kind == REFERENCE_BOUT_START || next->kind == REFERENCE_BOUT_END;
        if (is_edge && next->time_s > c->reference->rows[row].time_s)
            return fmin(next->time_s, last_s);
    }
    return last_s;
}

/* Counts the seconds of one label by their middle. */
static void count_label(gait_score *counts, const struct timeline *bouts, const char *wanted,
                        double start_s, double end_s)
{
    size_t k = 0;
    double length_s = fmin(end_s - start_s, longest_label_s);
    size_t n = length_s > 0.5 ? (size_t)ceil(length_s - 0.5) : 0;
    for (size_t i = 0; i < n; i++) {
        double t = start_s + (double)i + 0.5;
        while (k < bouts->n && bouts->end_s[k] <= t) k++;
        int told = k < bouts->n && bouts->start_s[k] <= t;
        counts->n_reference++;
        counts->n_detected += (size_t)told;
        counts->n_matched += told && strcmp(bouts->activity[k], wanted) == 0;
    }
}

gait_status score_activity(gait_comparison *comparison, const struct contest *c)
{
    gait_score counts = {.n_reference = 0};
    struct timeline bouts;
    if (take_timeline(c, &bouts)) return GAIT_NOMEM;
    for (size_t i = 0; i < c->reference->n; i++) {
        const struct reference_row *row = &c->reference->rows[i];
        if (row->kind != REFERENCE_BOUT_START || row->activity < 0 || !is_ours(c, row)) continue;
        count_label(&counts, &bouts, gait_activity_name((gait_activity)row->activity),
                    fmax(row->time_s, bouts.first_s), end_of_label(c, i, bouts.last_s));
    }
    if (counts.n_reference == 0) return GAIT_OK;
    gait_score *score = new_score(comparison, c, "activity", "s");
    score->n_reference = counts.n_reference;
    score->n_detected = counts.n_detected;
    score->n_matched = counts.n_matched;
    score_counts(score);
    return GAIT_OK;
}
