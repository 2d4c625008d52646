/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/selfalign.h"

#include <math.h>
#include <string.h>

#include "signal/peaks.h"
#include "signal/stats.h"

/* Lags are 5 ms apart and points 10 ms, so two interleaved combs of points hold every lag. */
enum { COMBS = 2, AXES = 3, FEWEST_WHOLE = 3 };

static const double lag_s = 0.005;
static const double smallest_share = 0.6; /* of the points that must be recorded */

/* Sizes of one alignment. */
struct plan {
    size_t n_points, n_lags;
    size_t comb_frames; /* frames in one comb, one before the first lag included */
    size_t block_size;  /* doubles per event */
    double from_s;      /* of the first frame of a block, about the event */
};

/* Points [from, to) of a lag that were recorded, and their moments. */
struct stretch {
    size_t from, to;
    double mean[AXES];
    double energy;
};

struct work {
    const struct track *track;
    const struct selfalign_rules *rules;
    struct plan plan;
    size_t n;
    double *block;           /* n blocks: comb by comb, frames of three axes */
    struct stretch *stretch; /* n x n_lags */
    double *shift_s;         /* n */
    double *model;           /* n_points frames */
    double *column;          /* n, for medians */
    double *score;           /* n_lags */
    double *sum;             /* of a comb */
};

static struct plan make_plan(const struct selfalign_rules *rules)
{
    struct plan plan = {0};
    plan.n_points = (size_t)((rules->to_s - rules->from_s) / (COMBS * lag_s) + 1.5);
    size_t reach = (size_t)(rules->reach_s / lag_s + 0.5);
    plan.n_lags = 2 * reach + 1;
    plan.from_s = rules->from_s - (double)(reach + COMBS) * lag_s;
    plan.comb_frames = plan.n_points + (plan.n_lags + COMBS - 1) / COMBS + 3;
    plan.block_size = COMBS * plan.comb_frames * AXES;
    return plan;
}

/* The point-th frame of a lag; lag -1 is the frame just before that of lag 0. */
static const double *frame_of(const struct plan *plan, const double *block, size_t lag_plus_combs,
                              size_t point)
{
    size_t comb = lag_plus_combs % COMBS, index = lag_plus_combs / COMBS + point;
    return block + (comb * plan->comb_frames + index) * AXES;
}

/* Which points of a lag were recorded. */
static struct stretch recorded(const struct work *w, double first_s)
{
    double step_s = COMBS * lag_s, end_s = track_end_s(w->track);
    double from = first_s < 0 ? ceil(-first_s / step_s) : 0;
    double to = first_s > end_s ? 0 : floor((end_s - first_s) / step_s + 1e-9) + 1;
    double n = (double)w->plan.n_points;
    struct stretch s = {.from = (size_t)fmin(from, n), .to = (size_t)fmin(to, n)};
    if (s.to < s.from) s.to = s.from;
    return s;
}

/* sum[k]: over the first k frames of a comb, axis by axis, and of the squares of all. */
enum { SQUARES = AXES, SUMS };

static void accumulate(const double *comb, size_t n_frames, double *sum)
{
    double so_far[SUMS] = {0};
    memcpy(sum, so_far, sizeof so_far);
    for (size_t k = 0; k < n_frames; k++, comb += AXES) {
        for (size_t c = 0; c < AXES; c++) {
            so_far[c] += comb[c];
            so_far[SQUARES] += comb[c] * comb[c];
        }
        sum += SUMS;
        memcpy(sum, so_far, sizeof so_far);
    }
}

static void take_moments(const double *sum, size_t first, struct stretch *s)
{
    const double *a = sum + (first + s->from) * SUMS, *b = sum + (first + s->to) * SUMS;
    double count = (double)(s->to - s->from);
    s->energy = b[SQUARES] - a[SQUARES];
    for (size_t c = 0; c < AXES; c++) {
        s->mean[c] = count > 0 ? (b[c] - a[c]) / count : 0;
        s->energy -= count * s->mean[c] * s->mean[c];
    }
}

static void read_event(struct work *w, size_t i, double time_s)
{
    const struct plan *plan = &w->plan;
    double *block = w->block + i * plan->block_size;
    for (size_t comb = 0; comb < COMBS; comb++) {
        double *frames = block + comb * plan->comb_frames * AXES;
        double comb_s = time_s + plan->from_s + (double)comb * lag_s;
        track_read(w->track, comb_s, COMBS * lag_s, frames, plan->comb_frames);
        accumulate(frames, plan->comb_frames, w->sum);
        for (size_t lag = comb; lag < plan->n_lags; lag += COMBS) {
            size_t first = lag / COMBS + 1;
            struct stretch *s = &w->stretch[i * plan->n_lags + lag];
            *s = recorded(w, comb_s + (double)first * COMBS * lag_s);
            take_moments(w->sum, first, s);
        }
    }
}

static int is_whole(const struct work *w, size_t i)
{
    const struct stretch *s = &w->stretch[i * w->plan.n_lags];
    const struct stretch *last = s + w->plan.n_lags - 1;
    return s->from == 0 && last->to == w->plan.n_points;
}

/* The frames of event i where it is now. */
static const double *frames_now(const struct work *w, size_t i)
{
    return frame_of(&w->plan, w->block + i * w->plan.block_size, w->plan.n_lags / 2 + COMBS, 0);
}

static void centre(double *model, size_t n_points)
{
    for (size_t c = 0; c < AXES; c++) {
        double sum = 0;
        for (size_t j = 0; j < n_points; j++) sum += model[j * AXES + c];
        for (size_t j = 0; j < n_points; j++) model[j * AXES + c] -= sum / (double)n_points;
    }
}

static void mean_model(struct work *w)
{
    size_t n_values = w->plan.n_points * AXES;
    for (size_t k = 0; k < n_values; k++) w->model[k] = 0;
    for (size_t i = 0; i < w->n; i++) {
        if (!is_whole(w, i)) continue;
        const double *frames = frames_now(w, i);
        for (size_t k = 0; k < n_values; k++) w->model[k] += frames[k];
    }
}

static void median_model(struct work *w)
{
    for (size_t k = 0; k < w->plan.n_points * AXES; k++) {
        size_t n = 0;
        for (size_t i = 0; i < w->n; i++)
            if (is_whole(w, i)) w->column[n++] = frames_now(w, i)[k];
        w->model[k] = median_inplace(w->column, n);
    }
}

/* Four sums that do not wait for each other; the same order on every machine. */
static double dot(const double *x, const double *y, size_t n)
{
    double sum[4] = {0, 0, 0, 0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t k = 0; k < 4; k++) sum[k] += x[i + k] * y[i + k];
    for (; i < n; i++) sum[0] += x[i] * y[i];
    return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

/* Correlation of a lag with the model over the points that were recorded. */
static double likeness_at(const struct work *w, size_t i, size_t lag, double model_energy)
{
    const struct plan *plan = &w->plan;
    const struct stretch *s = &w->stretch[i * plan->n_lags + lag];
    const double *x = frame_of(plan, w->block + i * plan->block_size, lag + COMBS, s->from);
    const double *y = w->model + s->from * AXES;
    size_t n_frames = s->to - s->from;
    double product = dot(x, y, n_frames * AXES);
    if (n_frames < plan->n_points) {
        model_energy = dot(y, y, n_frames * AXES);
        for (size_t j = 0; j < n_frames; j++)
            for (size_t c = 0; c < AXES; c++) product -= s->mean[c] * y[j * AXES + c];
    }
    double energy = s->energy * model_energy;
    return energy > 0 ? product / sqrt(energy) : 0;
}

/* Shifts one event to where it fits best; how well it fits there. */
static double fit_event(struct work *w, size_t i, double model_energy)
{
    size_t n_lags = w->plan.n_lags, middle = n_lags / 2;
    const struct stretch *here = &w->stretch[i * n_lags + middle];
    w->shift_s[i] = 0;
    if ((double)(here->to - here->from) < smallest_share * (double)w->plan.n_points)
        return (double)NAN;
    for (size_t lag = 0; lag < n_lags; lag++) {
        double move = ((double)lag - (double)middle) * lag_s / 0.01;
        w->score[lag] = likeness_at(w, i, lag, model_energy) - w->rules->prior_cost * move * move;
    }
    size_t best = argmax(w->score, 0, n_lags);
    w->shift_s[i] = (parabolic(w->score, n_lags, best, NULL) - (double)middle) * lag_s;
    return likeness_at(w, i, best, model_energy);
}

static void hold_the_group(struct work *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++)
        if (is_whole(w, i)) w->column[n++] = w->shift_s[i];
    double middle = median_inplace(w->column, n);
    double most = w->rules->reach_s;
    for (size_t i = 0; i < w->n; i++)
        w->shift_s[i] = fmin(fmax(w->shift_s[i] - middle, -most), most);
}

static void fit_all(struct work *w, enum selfalign_model model, double *likeness)
{
    if (model == SELFALIGN_MEDIAN)
        median_model(w);
    else
        mean_model(w);
    centre(w->model, w->plan.n_points);
    double model_energy = dot(w->model, w->model, w->plan.n_points * AXES);
    for (size_t i = 0; i < w->n; i++) {
        double r = fit_event(w, i, model_energy);
        if (likeness) likeness[i] = r;
    }
    hold_the_group(w);
}

static int make_room(struct work *w, struct arena *tmp)
{
    const struct plan *plan = &w->plan;
    w->block = ARENA_NEW(tmp, w->n * plan->block_size, double);
    w->stretch = ARENA_NEW(tmp, w->n * plan->n_lags, struct stretch);
    w->shift_s = ARENA_NEW(tmp, w->n, double);
    w->model = ARENA_NEW(tmp, plan->n_points * AXES, double);
    w->column = ARENA_NEW(tmp, w->n, double);
    w->score = ARENA_NEW(tmp, plan->n_lags, double);
    w->sum = ARENA_NEW(tmp, (plan->comb_frames + 1) * SUMS, double);
    return w->sum && w->block && w->stretch && w->shift_s && w->model && w->column && w->score;
}

gait_status selfalign(const struct track *track, const struct selfalign_rules *rules,
                      enum selfalign_model model, double *time_s, double *likeness, size_t n,
                      struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    struct work w = {.track = track, .rules = rules, .plan = make_plan(rules), .n = n};
    if (!make_room(&w, tmp)) return GAIT_NOMEM;
    size_t n_whole = 0;
    for (size_t i = 0; i < n; i++) {
        read_event(&w, i, time_s[i]);
        n_whole += (size_t)is_whole(&w, i);
        if (likeness) likeness[i] = NAN;
    }
    if (n_whole >= FEWEST_WHOLE) {
        fit_all(&w, model, likeness);
        for (size_t i = 0; i < n; i++) time_s[i] += w.shift_s[i];
    }
    arena_rewind(tmp, mark);
    return GAIT_OK;
}
