/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/contest.h"

#include <math.h>
#include <stdlib.h>

#include "summary/agreement.h"

/* What is a number about a stretch of time: cadence and steps. */

/* The end of the bout that the reference begins at this time; NaN if none does. */
static double end_of_bout(const struct contest *c, double start_s)
{
    double end_s = NAN;
    int open = 0;
    for (size_t i = 0; i < c->reference->n; i++) {
        const struct reference_row *row = &c->reference->rows[i];
        if (row->kind == REFERENCE_BOUT_START && fabs(row->time_s - start_s) <= c->tolerance_s)
            open = 1;
        if (row->kind == REFERENCE_BOUT_END && open && row->time_s > start_s) return row->time_s;
    }
    return end_s;
}

/* Where a mean cadence ends that is not about a bout: at the next one, or with the reference. */
static double end_of_mean(const struct contest *c, const struct reference_row *from)
{
    const struct reference *reference = c->reference;
    for (size_t i = 0; i < reference->n; i++)
        if (reference->rows[i].kind == from->kind && reference->rows[i].time_s > from->time_s)
            return reference->rows[i].time_s;
    return reference->last_s > from->time_s ? reference->last_s : (double)INFINITY;
}

struct window {
    double start_s, end_s;
    int by_middle;
    int is_bout;
};

/* A stride's cadence is that of the 10 s around its middle, so those in the middle speak for 10 s.
 */
static const double consensus_s = 10, middle_s = 1.5;

static struct window window_of(const struct contest *c, const struct reference_row *row)
{
    struct window window = {
        .start_s = row->time_s - consensus_s / 2,
        .end_s = row->time_s + consensus_s / 2,
    };
    window.by_middle = row->kind == REFERENCE_CADENCE_CONSENSUS;
    if (window.by_middle) return window;
    window.start_s = row->time_s;
    window.end_s = end_of_bout(c, row->time_s);
    window.is_bout = isfinite(window.end_s);
    if (window.is_bout) return window;
    if (row->kind == REFERENCE_CADENCE) {
        window.end_s = end_of_mean(c, row);
        return window;
    }
    int has_span = c->reference->last_s > c->reference->first_s;
    window.start_s = has_span ? c->reference->first_s - c->tolerance_s : (double)-INFINITY;
    window.end_s = has_span ? c->reference->last_s + c->tolerance_s : (double)INFINITY;
    return window;
}

/* The part of a bout inside a window, in seconds. */
static double overlap_s(double start_s, double end_s, const struct window *window)
{
    double from = fmax(start_s, window->start_s), to = fmin(end_s, window->end_s);
    return to > from ? to - from : 0;
}

/* Median cadence of the strides whose middles lie in a stretch of time; NaN if none does. */
static double cadence_of_strides(const struct instants *strides, double from_s, double to_s,
                                 double *room)
{
    size_t n = 0;
    for (size_t i = 0; i < strides->n; i++)
        if (strides->time_s[i] >= from_s && strides->time_s[i] < to_s)
            room[n++] = strides->value[i];
    qsort(room, n, sizeof *room, earlier);
    return n ? 0.5 * (room[(n - 1) / 2] + room[n / 2]) : (double)NAN;
}

/* References give a bout the mean over its strides of two steps by the stride's time; NaN if no
 * stride lies in it. */
static double cadence_of_bout(const struct contest *c, const struct window *window)
{
    struct instants strides;
    double sum = 0, n = 0;
    if (stride_instants(c, "stride_time_s", &strides)) return NAN;
    for (size_t i = 0; i < strides.n; i++) {
        double from_s = strides.time_s[i], to_s = from_s + strides.value[i];
        if (from_s < window->start_s - c->tolerance_s || to_s > window->end_s + c->tolerance_s)
            continue;
        sum += 120 / strides.value[i];
        n++;
    }
    return n > 0 ? sum / n : (double)NAN;
}

/* By the strides of the window, its middle first, else the mean of the bouts in it. */
static double cadence_in(const struct contest *c, const struct window *window)
{
    double of_bout = window->is_bout ? cadence_of_bout(c, window) : (double)NAN;
    if (!isnan(of_bout)) return of_bout;
    struct instants strides;
    if (stride_middles(c, "cadence_steps_per_min", &strides)) return NAN;
    double *room = ARENA_NEW(c->tmp, strides.n, double);
    if (!room) return NAN;
    double found = NAN, at_s = 0.5 * (window->start_s + window->end_s);
    if (window->by_middle)
        found = cadence_of_strides(&strides, at_s - middle_s, at_s + middle_s, room);
    if (isnan(found)) found = cadence_of_strides(&strides, window->start_s, window->end_s, room);
    if (!isnan(found)) return found;
    struct rows rows = rows_of(c, "bouts");
    const double *starts = doubles_in(&rows, "start_s"), *ends = doubles_in(&rows, "end_s");
    const double *cadences = doubles_in(&rows, "cadence_steps_per_min");
    double sum = 0, weight = 0;
    for (size_t i = 0; starts && ends && cadences && i < rows.n; i++) {
        if (!is_about(&rows, i, c) || !isfinite(cadences[i])) continue;
        double part = overlap_s(starts[i], ends[i], window);
        sum += part * cadences[i];
        weight += part;
    }
    return weight > 0 ? sum / weight : (double)NAN;
}

/* Steps of a bout inside the window, by its foot strikes; by time if it has none. */
static double steps_inside(const struct instants *strikes, double start_s, double end_s,
                           double steps, const struct window *window)
{
    size_t in_bout = 0, in_both = 0;
    for (size_t i = 0; i < strikes->n; i++) {
        double t = strikes->time_s[i];
        if (t < start_s || t >= end_s) continue;
        in_bout++;
        in_both += t >= window->start_s && t <= window->end_s;
    }
    if (!in_bout) return steps * overlap_s(start_s, end_s, window) / (end_s - start_s);
    double per_strike = fmax(1, round(steps / (double)in_bout)); /* 2 on a limb */
    return per_strike * (double)in_both;
}

static double steps_in(const struct contest *c, const struct window *window)
{
    struct rows rows = rows_of(c, "bouts");
    const double *starts = doubles_in(&rows, "start_s"), *ends = doubles_in(&rows, "end_s");
    const double *steps = doubles_in(&rows, "n_steps");
    struct instants strikes;
    double sum = 0;
    if (event_instants(c, "foot_strike", &strikes)) return NAN;
    for (size_t i = 0; starts && ends && steps && i < rows.n; i++) {
        if (!is_about(&rows, i, c) || !isfinite(steps[i]) || !(ends[i] > starts[i])) continue;
        sum += steps_inside(&strikes, starts[i], ends[i], steps[i], window);
    }
    return sum;
}

static gait_status score_windows(gait_comparison *comparison, const struct contest *c,
                                 enum reference_kind kind, const char *what)
{
    const struct reference *reference = c->reference;
    double *difference = ARENA_NEW(c->tmp, reference->n, double);
    size_t n = 0, n_reference = 0;
    if (!difference) return GAIT_NOMEM;
    for (size_t i = 0; i < reference->n; i++) {
        const struct reference_row *row = &reference->rows[i];
        if (row->kind != kind || !is_ours(c, row)) continue;
        struct arena_mark mark = arena_mark(c->tmp);
        struct window window = window_of(c, row);
        double found = kind == REFERENCE_STEPS ? steps_in(c, &window) : cadence_in(c, &window);
        arena_rewind(c->tmp, mark);
        n_reference++;
        if (isfinite(found)) difference[n++] = found - row->value;
    }
    if (n_reference == 0) return GAIT_OK;
    gait_score *score = new_score(comparison, c, what, kind == REFERENCE_STEPS ? "1" : "1/min");
    score->n_reference = n_reference;
    score->n_detected = score->n_matched = n;
    score_differences(score, difference, n);
    return GAIT_OK;
}

gait_status score_values(gait_comparison *comparison, const struct contest *c)
{
    if (score_windows(comparison, c, REFERENCE_CADENCE, "cadence_spm") ||
        score_windows(comparison, c, REFERENCE_CADENCE_CONSENSUS, "cadence_consensus_spm") ||
        score_windows(comparison, c, REFERENCE_STEPS, "steps"))
        return GAIT_NOMEM;
    return GAIT_OK;
}
