/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "record/clock_state.h"
#include "record/line_fit.h"
#include "record/regrid.h"
#include "record/stamps.h"

/* Stretches whose stamps do not simply lie on the line that is running: frames are missing,
 * repeated or were taken unevenly. */

enum {
    LEAST_STRETCH = 128, /* frames, when halved because the line bends */
    FEW = 16,            /* too few frames for a line of their own */
    MOST_FILLED = 4      /* points per frame, else the stretch is cut */
};

static const double wander_share = 2.5; /* of the interval: stamps that follow each other evenly */

/* Frames of one instant: the same sample twice is dropped, another one moves up if there is room.
 * Returns how many of the n frames are left. */
static size_t separate_repeated(struct clock *c, size_t n)
{
    size_t kept = c->at, end = c->at + n;
    double half_s = c->line_s / 2;
    for (size_t i = c->at; i < end; i++) {
        int has_previous = kept > c->at || c->behind;
        double step_s = has_previous ? c->stamp_s[i] - c->stamp_s[kept - 1] : half_s;
        if (!(step_s > 0) && !(step_s < 0)) {
            double moved_s = c->stamp_s[kept - 1] + half_s;
            int has_room = i + 1 == c->n || c->stamp_s[i + 1] > moved_s;
            if (clock_same_sample(c, i, kept - 1) || !has_room) {
                c->n_duplicates++;
                continue;
            }
            c->stamp_s[i] = moved_s;
        }
        if (kept < i) {
            c->stamp_s[kept] = c->stamp_s[i];
            memcpy(c->accel + 3 * kept, c->accel + 3 * i, 3 * sizeof(float));
            if (c->has_gyro) memcpy(c->gyro + 3 * kept, c->gyro + 3 * i, 3 * sizeof(float));
            c->marks[kept] = c->marks[i];
        }
        kept++;
    }
    if (kept < end) {
        clock_move_frames(c, kept, end, c->n);
        c->n -= end - kept;
    }
    return kept - c->at;
}

/* Frames before the first gap that splits. */
static size_t before_gap(const struct clock *c, size_t n)
{
    const double *t = c->stamp_s + c->at;
    double longest_s = clock_longest_step(c);
    if (c->steps.most <= longest_s) return n;
    for (size_t i = 1; i < n; i++)
        if (t[i] - t[i - 1] > longest_s) return i;
    return n;
}

/* The stamps go on beside the line, and not because they are rough. */
static int leaves_line(const struct clock *c, const struct correction *to)
{
    double expected_s = c->next_s + (double)to->n_points * c->line_s;
    return c->in_segment &&
           fabs(to->end_s - expected_s) > most_bend * (double)to->n_points * c->line_s &&
           fabs(to->start_s - c->next_s) > 2 * c->rough_s;
}

static gait_status reserve_out(struct clock *c, size_t n, gait_error *err)
{
    if (n <= c->out_room) return GAIT_OK;
    void *marks = c->out_marks;
    int done = clock_resize(&marks, n);
    c->out_marks = marks;
    done = done && clock_resize_floats(&c->out_accel, 3 * n);
    done = done && (!c->has_gyro || clock_resize_floats(&c->out_gyro, 3 * n));
    if (!done) return clock_no_memory(c, err);
    c->out_room = n;
    return GAIT_OK;
}

/* Frames around a stretch of n that help to interpolate at its ends. */
struct around {
    size_t first, n; /* in the buffer */
    double *at;      /* n positions in intervals from the next point out */
};

static gait_status look_around(struct clock *c, size_t n, int ends, struct around *a,
                               gait_error *err)
{
    size_t last = c->at + n;
    for (int k = 0; !ends && k < KEPT_BEHIND && last < c->n && !(c->marks[last] & BREAK); k++) {
        if (!(c->stamp_s[last] > c->stamp_s[last - 1])) break;
        last++;
    }
    a->first = c->at - c->behind;
    a->n = last - a->first;
    a->at = ARENA_NEW(&c->scratch, a->n, double);
    return a->at ? GAIT_OK : clock_no_memory(c, err);
}

/* Stamps that go back: such a frame comes right behind the one before it. */
static void keep_rising(struct around *a)
{
    for (size_t i = 1; i < a->n; i++)
        if (!(a->at[i] > a->at[i - 1])) a->at[i] = a->at[i - 1] + close_share;
}

static gait_status send_regridded(struct clock *c, struct around *a, size_t n_points,
                                  double interval_s, gait_block *block, gait_error *err)
{
    TRY(reserve_out(c, n_points, err));
    keep_rising(a);
    struct scattered s = {.n = a->n,
                          .at = a->at,
                          .accel = c->accel + 3 * a->first,
                          .gyro = c->has_gyro ? c->gyro + 3 * a->first : NULL,
                          .marks = c->marks + a->first,
                          .widest = gap_intervals + c->quantum_s / c->line_s};
    struct regridded done = regrid(&s, n_points, c->out_accel, c->out_gyro, c->out_marks);
    c->n_gaps += done.n_gaps;
    c->gap_s += (double)done.n_filled * interval_s;
    block->accel_g = c->out_accel;
    block->gyro_dps = c->has_gyro ? c->out_gyro : NULL;
    block->marks = clock_any_mark(c->out_marks, n_points) ? c->out_marks : NULL;
    clock_fill_block(c, block, n_points, interval_s);
    return GAIT_OK;
}

/* Points of the grid that are missing before the first frame of a stretch. */
static double slots_skipped(const struct clock *c, double missing_s)
{
    const double *t = c->stamp_s + c->at;
    if (!c->in_segment) return 0;
    if (c->on_grid) return fmax(0, rint((t[0] - c->next_s) / c->line_s));
    double step_s = c->behind ? t[0] - t[-1] : 0;
    return step_s > missing_s ? rint(step_s / c->line_s) - 1 : 0;
}

/* Position of each stamp on the grid, counted from the next point out, if frames are only missing;
 * at least so many of them leave a gap. */
static void count_slots(const struct clock *c, size_t n, double least, double *slot)
{
    const double *t = c->stamp_s + c->at;
    double missing_s = (least + 0.5) * c->line_s + c->quantum_s;
    slot[0] = slots_skipped(c, missing_s);
    for (size_t i = 1; i < n; i++) {
        double step_s = t[i] - t[i - 1];
        slot[i] = slot[i - 1] + (step_s > missing_s ? rint(step_s / c->line_s) : 1);
    }
}

/* Frames before the grid would have too many points: a hostile file. */
static size_t before_flood(const double *slot, size_t n, size_t stretch)
{
    double most = (double)MOST_FILLED * (double)stretch;
    while (n > 1 && slot[n - 1] > most) n--;
    return n;
}

/* Mean change of the interval from what the slots say. */
static double unevenness(const struct clock *c, const double *slot, size_t n, double interval_s)
{
    const double *t = c->stamp_s + c->at;
    double sum = 0;
    for (size_t i = 1; i < n; i++)
        sum += fabs(t[i] - t[i - 1] - (slot[i] - slot[i - 1]) * interval_s);
    return n > 1 ? sum / (double)(n - 1) : 0;
}

enum evenness { UNEVEN, EVEN, EVEN_BUT_BENT };

/* Stamps that are rounded, or set now and then from a coarse clock, wander about the line although
 * the samples do not. */
static enum evenness judge(const struct clock *c, const struct line *line, const double *slot,
                           size_t n)
{
    static const double quantum_slack = 0.75; /* of the quantum: half, and the line's own error */
    double interval_s = line->slope;
    if (!(fabs(interval_s / c->interval_s - 1) < 0.1)) return UNEVEN;
    if (line->rms <= even_share * interval_s) return EVEN;
    if (line->largest <= quantum_slack * c->quantum_s) return EVEN;
    if (unevenness(c, slot, n, interval_s) > even_share * interval_s) return UNEVEN;
    return line->largest <= wander_share * interval_s ? EVEN : EVEN_BUT_BENT;
}

/* Stamps that wander: the samples were taken unevenly, and are put on an even grid. */
static gait_status tell_uneven(struct clock *c, size_t n, int ends, gait_block *block,
                               gait_error *err)
{
    struct around a;
    c->on_grid = 1;
    double last = floor((c->stamp_s[c->at + n - 1] - c->next_s) / c->line_s + close_share);
    if (last < 0) return GAIT_OK;
    TRY(look_around(c, n, ends, &a, err));
    for (size_t i = 0; i < a.n; i++) a.at[i] = (c->stamp_s[a.first + i] - c->next_s) / c->line_s;
    return send_regridded(c, &a, (size_t)last + 1, c->line_s, block, err);
}

/* Stamps on a line, but for missing frames. */
static gait_status tell_even(struct clock *c, size_t n, const double *slot, const struct line *line,
                             int ends, gait_block *block, gait_error *err)
{
    size_t n_points = (size_t)slot[n - 1] + 1;
    struct correction to = {.start_s = line->at_0,
                            .end_s = line->at_0 + (double)n_points * line->slope,
                            .slope_s = line->slope,
                            .error_s = 2 * line->rms / sqrt((double)n),
                            .n_points = n_points,
                            .n_fitted = n};
    if (n_points == n) c->rough_s = fmax(0.8 * c->rough_s, fmax(line->largest, c->quantum_s));
    if (leaves_line(c, &to)) return tell_uneven(c, n, ends, block, err);
    double interval_s = clock_follow_line(c, &to);
    c->on_grid = 0;
    if (n_points == n) {
        clock_send_as_is(c, n, interval_s, block);
        return GAIT_OK;
    }
    struct around a;
    TRY(look_around(c, n, ends, &a, err));
    for (size_t i = 0; i < a.n; i++) {
        size_t frame = a.first + i;
        int inside = frame >= c->at && frame < c->at + n;
        double place = (c->stamp_s[frame] - line->at_0) / line->slope;
        a.at[i] = inside ? slot[frame - c->at] : place;
    }
    return send_regridded(c, &a, n_points, interval_s, block, err);
}

static struct line fit_slots(const struct clock *c, const double *slot, size_t n)
{
    struct line line = {c->stamp_s[c->at] - slot[0] * c->line_s, c->line_s, 0, 0};
    return n < FEW ? line : line_fit(slot, c->stamp_s + c->at, n);
}

/* No step leaves out a frame. */
static struct line place_one_by_one(const struct clock *c, size_t n, double *slot)
{
    double first = slots_skipped(c, HUGE_VAL);
    stamps_lay(slot, n, 0, first, 1);
    return fit_slots(c, slot, n);
}

/* A long step is a missing frame if the stamps behind it stay late; if they come back, they were
 * rough there. */
static struct line place_in_slots(const struct clock *c, size_t n, double *slot)
{
    static const double much_better = 0.5;
    double missing_s = gap_intervals * c->line_s + c->quantum_s;
    if (c->steps.most <= missing_s) return place_one_by_one(c, n, slot);
    count_slots(c, n, 2, slot);
    double n_rough = slot[n - 1];
    count_slots(c, n, 1, slot);
    struct line missing = fit_slots(c, slot, n);
    if (!(slot[n - 1] > n_rough)) return missing; /* the same slots */
    count_slots(c, n, 2, slot);
    struct line rough = fit_slots(c, slot, n);
    if (!(missing.rms < much_better * rough.rms)) return rough;
    count_slots(c, n, 1, slot);
    return missing;
}

gait_status clock_tell_odd(struct clock *c, size_t *n, int *ends, gait_block *block,
                           gait_error *err)
{
    if (!(c->steps.least > 0)) {
        *n = separate_repeated(c, *n);
        if (!*n) return GAIT_OK;
        clock_look_at_steps(c, *n);
    }
    size_t before = before_gap(c, *n);
    *ends = before < *n || clock_gap_follows(c, before);
    *n = before;
    double *slot = ARENA_NEW(&c->scratch, *n, double);
    if (!slot) return clock_no_memory(c, err);
    struct line line = place_in_slots(c, *n, slot);
    before = before_flood(slot, *n, c->stretch);
    if (before < *n) *ends = 0;
    *n = before;
    enum evenness how = judge(c, &line, slot, *n);
    for (; how == EVEN_BUT_BENT && *n >= LEAST_STRETCH; *ends = 0) {
        *n /= 2; /* a shorter stretch is straighter */
        line = fit_slots(c, slot, *n);
        how = judge(c, &line, slot, *n);
    }
    if (how == EVEN) return tell_even(c, *n, slot, &line, *ends, block, err);
    return tell_uneven(c, *n, *ends, block, err);
}
