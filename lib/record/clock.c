/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "record/clock_state.h"

gait_status clock_no_memory(const struct clock *c, gait_error *err)
{
    return gait_fail(err, GAIT_NOMEM, "%s: no memory for the frames of %zu s", c->name,
                     (size_t)stretch_s);
}

gait_status clock_new(struct clock **out, const char *name, double nominal_rate_hz, int has_stamps,
                      int has_gyro, gait_error *err)
{
    struct clock *c = calloc(1, sizeof *c);
    if (!c) return gait_fail(err, GAIT_NOMEM, "%s: no memory for a clock", name);
    c->name = name;
    c->nominal_rate_hz = nominal_rate_hz;
    c->has_stamps = has_stamps;
    c->has_gyro = has_gyro;
    c->interval_s = nominal_rate_hz > 0 ? 1 / nominal_rate_hz : 0.01;
    c->first_rate_hz = NAN;
    *out = c;
    return GAIT_OK;
}

void clock_free(struct clock **clock)
{
    struct clock *c = *clock;
    if (!c) return;
    free(c->stamp_s);
    free(c->accel);
    free(c->gyro);
    free(c->marks);
    free(c->out_accel);
    free(c->out_gyro);
    free(c->out_marks);
    arena_free(&c->scratch);
    free(c);
    *clock = NULL;
}

gait_status clock_finish(struct clock *clock, gait_error *err)
{
    clock->ended = 1;
    return clock->decided || clock->n == clock->at ? GAIT_OK : clock_decide(clock, err);
}

void clock_move_frames(struct clock *c, size_t to, size_t from, size_t n)
{
    memmove(c->stamp_s + to, c->stamp_s + from, (n - from) * sizeof *c->stamp_s);
    memmove(c->accel + 3 * to, c->accel + 3 * from, 3 * (n - from) * sizeof *c->accel);
    if (c->has_gyro)
        memmove(c->gyro + 3 * to, c->gyro + 3 * from, 3 * (n - from) * sizeof *c->gyro);
    memmove(c->marks + to, c->marks + from, n - from);
}

int clock_resize(void **array, size_t bytes)
{
    void *bigger = realloc(*array, bytes);
    if (bigger) *array = bigger;
    return bigger != NULL;
}

int clock_resize_floats(float **array, size_t n)
{
    void *bytes = *array;
    int done = clock_resize(&bytes, n * sizeof(float));
    *array = bytes;
    return done;
}

int clock_same_sample(const struct clock *c, size_t i, size_t j)
{
    return !memcmp(c->accel + 3 * i, c->accel + 3 * j, 3 * sizeof(float));
}

double clock_share_repeated(const struct clock *c, size_t n)
{
    size_t repeated = 0;
    for (size_t i = c->at + 1; i < c->at + n; i++)
        repeated += !(c->stamp_s[i] > c->stamp_s[i - 1]) && !clock_same_sample(c, i, i - 1);
    return n > 1 ? (double)repeated / (double)(n - 1) : 0;
}

void clock_look_at_steps(struct clock *c, size_t n)
{
    size_t told = c->behind > 0;
    c->steps = stamps_range(c->stamp_s + c->at - told, n + told);
}

size_t clock_end_of_run(const struct clock *c)
{
    if (!c->n_breaks) return c->n;
    size_t i = c->at + 1;
    while (i < c->n && !(c->marks[i] & BREAK)) i++;
    return i;
}

/* Frames to tell next; 0 if more have to come first. */
static size_t next_stretch(const struct clock *c)
{
    if (!c->decided || c->at == c->n) return 0;
    size_t end = clock_end_of_run(c), n = end - c->at;
    if (!c->ended && end == c->n && n < c->stretch + c->held_back) return 0;
    return n < c->stretch ? n : c->stretch;
}

double clock_longest_step(const struct clock *c)
{
    return fmax(longest_fill_s, gap_intervals * c->interval_s + c->quantum_s);
}

int clock_gap_follows(const struct clock *c, size_t n)
{
    size_t i = c->at + n;
    return i < c->n && c->stamp_s[i] - c->stamp_s[i - 1] > clock_longest_step(c);
}

static void begin_segment(struct clock *c)
{
    double start_s = c->stamp_s[c->at];
    if (c->n_segments++) {
        c->n_gaps++;
        c->gap_s += fmax(0, start_s - c->next_s);
    }
    c->next_s = start_s;
    c->line_s = c->interval_s;
    c->behind = 0;
    c->on_grid = 0;
}

/* n frames went in; the next one may be too far away to go on. */
static void step_over(struct clock *c, size_t n, int ends)
{
    c->at += n;
    c->in_segment = !ends;
    c->behind = c->behind + n < KEPT_BEHIND ? c->behind + n : KEPT_BEHIND;
}

int clock_any_mark(const uint8_t *marks, size_t n)
{
    unsigned any = 0;
    for (size_t i = 0; i < n; i++) any |= marks[i];
    return any != 0;
}

void clock_fill_block(struct clock *c, gait_block *block, size_t n, double interval_s)
{
    block->n_frames = n;
    block->start_s = c->next_s;
    block->rate_hz = 1 / interval_s;
    block->starts_segment = !c->in_segment;
    if (!c->n_out) {
        c->first_s = block->start_s;
        c->first_rate_hz = block->rate_hz;
    }
    c->n_out += n;
    c->inside_s += (double)n * interval_s;
    c->next_s += (double)n * interval_s;
}

void clock_send_as_is(struct clock *c, size_t n, double interval_s, gait_block *block)
{
    block->accel_g = c->accel + 3 * c->at;
    block->gyro_dps = c->has_gyro ? c->gyro + 3 * c->at : NULL;
    block->marks = clock_any_mark(c->marks + c->at, n) ? c->marks + c->at : NULL;
    clock_fill_block(c, block, n, interval_s);
}

/* All stamps are where the line that is running expects them: the usual case. If not, mostly the
 * last one tells. */
static int lies_on_line(const struct clock *c, size_t n)
{
    const double *t = c->stamp_s + c->at;
    double close_s = close_share * c->line_s;
    double last_s = c->next_s + (double)(n - 1) * c->line_s;
    return fabs(t[n - 1] - last_s) <= close_s &&
           stamps_off_line(t, n, c->next_s, c->line_s) <= close_s;
}

double clock_follow_line(struct clock *c, const struct correction *to)
{
    double n = (double)to->n_points;
    if (!c->in_segment) {
        if (fabs(to->start_s - c->next_s) > close_share * to->slope_s) c->next_s = to->start_s;
        c->line_s = clock_round_interval(c, (to->end_s - c->next_s) / n);
        return c->line_s;
    }
    double slack_s = fmax(close_share * c->line_s, 3 * to->error_s);
    if (fabs(to->end_s - (c->next_s + n * c->line_s)) <= slack_s) return c->line_s;
    double interval_s = (to->end_s - c->next_s) / n;
    double slope_error_s = 2 * to->error_s / (double)to->n_fitted;
    double bend = interval_s / c->line_s - 1;
    if (fabs(bend) > most_bend) return c->line_s * (1 + copysign(most_bend, bend));
    if (fabs(to->slope_s - c->line_s) > 3 * slope_error_s) c->line_s = to->slope_s;
    return interval_s;
}

static gait_status tell_stretch(struct clock *c, size_t n, gait_block *block, gait_error *err)
{
    int ends;
    gait_status st = GAIT_OK;
    if (c->marks[c->at] & BREAK) {
        c->marks[c->at] &= (uint8_t)~BREAK;
        c->n_breaks--;
        c->in_segment = 0;
    }
    if (!c->in_segment) begin_segment(c);
    if (lies_on_line(c, n)) {
        ends = clock_gap_follows(c, n);
        c->on_grid = 0;
        clock_send_as_is(c, n, c->line_s, block);
    } else {
        struct arena_mark mark = arena_mark(&c->scratch);
        clock_look_at_steps(c, n);
        ends = 0;
        st = !(c->steps.least > 0) && clock_share_repeated(c, n) >= packet_share
                 ? clock_tell_packets(c, &n, &ends, block, err)
                 : clock_tell_odd(c, &n, &ends, block, err);
        arena_rewind(&c->scratch, mark);
    }
    step_over(c, n, ends);
    return st;
}

gait_status clock_pull(struct clock *clock, gait_block *block, gait_error *err)
{
    size_t n;
    memset(block, 0, sizeof *block);
    while ((n = next_stretch(clock)) > 0) {
        TRY(tell_stretch(clock, n, block, err));
        if (block->n_frames) return GAIT_OK;
    }
    return GAIT_OK;
}

double clock_rate_hz(const struct clock *clock)
{
    return clock->first_rate_hz;
}

const char *clock_evidence(const struct clock *clock)
{
    return clock->evidence;
}

void clock_report(const struct clock *clock, gait_recording_quality *quality)
{
    const struct clock *c = clock;
    quality->n_segments = c->n_segments;
    quality->n_gaps = c->n_gaps;
    quality->gap_s = c->gap_s;
    quality->rate_jitter = c->jitter;
    quality->n_frames = c->n_out;
    quality->n_duplicates = c->n_duplicates;
    if (!c->n_out) return;
    quality->effective_rate_hz = (double)c->n_out / c->inside_s;
    quality->duration_s = c->next_s - c->line_s - c->first_s;
}
