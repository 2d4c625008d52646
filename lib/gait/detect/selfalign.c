/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/selfalign.h"

#include <math.h>
#include <string.h>

#include "base/hot.h"
#include "signal/peaks.h"
#include "signal/stats.h"

/* Lags are one frame of 5 ms apart; every second frame is compared. */
enum { POINT = 2, AXES = 3, FEWEST_WHOLE = 3 };

static const double lag_s = 0.005;
static const double smallest_share = 0.6; /* of the points that must be recorded */

/* Sizes of one alignment. */
struct plan {
    size_t n_points, n_lags;
    size_t n_frames; /* of a block: what one event reads */
    double from_s;   /* of its first frame, about the event */
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
    double *block;           /* n x n_frames frames of three axes */
    struct stretch *stretch; /* n x n_lags */
    double *shift_s;         /* n */
    double *model;           /* n_points frames */
    double *column;          /* n, for medians */
    double *score;           /* n_lags */
    double *product;         /* n_lags x AXES, of one event with the model */
    double *sum;             /* running sums of one block */
};

static struct plan make_plan(const struct selfalign_rules *rules)
{
    struct plan plan = {0};
    size_t reach = (size_t)(rules->reach_s / lag_s + 0.5);
    plan.n_points = (size_t)((rules->to_s - rules->from_s) / (POINT * lag_s) + 1.5);
    plan.n_lags = 2 * reach + 1;
    plan.n_frames = plan.n_lags + POINT * (plan.n_points - 1);
    plan.from_s = rules->from_s - (double)reach * lag_s;
    return plan;
}

/* Frames of event i from a lag and a point on. */
static const double *frames_of(const struct work *w, size_t i, size_t lag, size_t point)
{
    return w->block + (i * w->plan.n_frames + lag + POINT * point) * AXES;
}

/* Which points of a lag were recorded. */
static struct stretch recorded(const struct work *w, double first_s)
{
    double step_s = POINT * lag_s, end_s = track_end_s(w->track);
    double from = first_s < 0 ? ceil(-first_s / step_s) : 0;
    double to = first_s > end_s ? 0 : floor((end_s - first_s) / step_s + 1e-9) + 1;
    double n = (double)w->plan.n_points;
    struct stretch s = {.from = (size_t)fmin(from, n), .to = (size_t)fmin(to, n)};
    if (s.to < s.from) s.to = s.from;
    return s;
}

/* sum[k + POINT] holds frame k and those 2, 4, ... before it, axis by axis, and the squares of all.
 */
enum { SQUARES = AXES, SUMS };

static void accumulate(const double *frame, size_t n_frames, double *sum)
{
    memset(sum, 0, sizeof *sum * POINT * SUMS);
    for (size_t k = 0; k < n_frames; k++, frame += AXES, sum += SUMS) {
        double *next = sum + (size_t)POINT * SUMS, square = 0;
        for (size_t c = 0; c < AXES; c++) {
            next[c] = sum[c] + frame[c];
            square += frame[c] * frame[c];
        }
        next[SQUARES] = sum[SQUARES] + square;
    }
}

static void take_moments(const double *sum, size_t lag, struct stretch *s)
{
    const double *a = sum + (lag + POINT * s->from) * SUMS;
    const double *b = sum + (lag + POINT * s->to) * SUMS;
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
    double *block = w->block + i * plan->n_frames * AXES;
    track_read(w->track, time_s + plan->from_s, lag_s, block, plan->n_frames);
    accumulate(block, plan->n_frames, w->sum);
    for (size_t lag = 0; lag < plan->n_lags; lag++) {
        struct stretch *s = &w->stretch[i * plan->n_lags + lag];
        *s = recorded(w, time_s + plan->from_s + (double)lag * lag_s);
        take_moments(w->sum, lag, s);
    }
}

static int is_whole(const struct work *w, size_t i)
{
    const struct stretch *s = &w->stretch[i * w->plan.n_lags];
    const struct stretch *last = s + w->plan.n_lags - 1;
    return s->from == 0 && last->to == w->plan.n_points;
}

static void mean_model(struct work *w)
{
    size_t n_points = w->plan.n_points;
    for (size_t k = 0; k < n_points * AXES; k++) w->model[k] = 0;
    for (size_t i = 0; i < w->n; i++) {
        if (!is_whole(w, i)) continue;
        const double *frame = frames_of(w, i, w->plan.n_lags / 2, 0);
        for (size_t j = 0; j < n_points; j++, frame += (size_t)POINT * AXES)
            for (size_t c = 0; c < AXES; c++) w->model[j * AXES + c] += frame[c];
    }
}

static void median_model(struct work *w)
{
    for (size_t j = 0; j < w->plan.n_points; j++)
        for (size_t c = 0; c < AXES; c++) {
            size_t n = 0;
            for (size_t i = 0; i < w->n; i++)
                if (is_whole(w, i)) w->column[n++] = frames_of(w, i, w->plan.n_lags / 2, j)[c];
            w->model[j * AXES + c] = median_inplace(w->column, n);
        }
}

static void centre(double *model, size_t n_points)
{
    for (size_t c = 0; c < AXES; c++) {
        double sum = 0;
        for (size_t j = 0; j < n_points; j++) sum += model[j * AXES + c];
        for (size_t j = 0; j < n_points; j++) model[j * AXES + c] -= sum / (double)n_points;
    }
}

static double model_energy(const double *model, size_t n_frames)
{
    double sum = 0;
    for (size_t k = 0; k < n_frames * AXES; k++) sum += model[k] * model[k];
    return sum;
}

/* Sum over points and axes of what was read times the model, from each of n_lags frames on. */
HOT static void add_products(const double *restrict frame, const double *restrict model,
                             size_t n_points, size_t n_lags, double *restrict sum)
{
    for (size_t j = 0; j < n_points; j++, frame += (size_t)POINT * AXES, model += AXES)
        for (size_t lag = 0; lag < n_lags; lag++)
            for (size_t c = 0; c < AXES; c++)
                sum[AXES * lag + c] += frame[AXES * lag + c] * model[c];
}

static void take_products(struct work *w, size_t i)
{
    const struct plan *plan = &w->plan;
    memset(w->product, 0, plan->n_lags * AXES * sizeof *w->product);
    if (is_whole(w, i)) {
        add_products(frames_of(w, i, 0, 0), w->model, plan->n_points, plan->n_lags, w->product);
        return;
    }
    for (size_t lag = 0; lag < plan->n_lags; lag++) {
        const struct stretch *s = &w->stretch[i * plan->n_lags + lag];
        add_products(frames_of(w, i, lag, s->from), w->model + s->from * AXES, s->to - s->from, 1,
                     w->product + lag * AXES);
    }
}

/* Correlation of a lag with the model, of that energy, over the points that were recorded. */
static double likeness_at(const struct work *w, size_t i, size_t lag, double energy)
{
    const struct stretch *s = &w->stretch[i * w->plan.n_lags + lag];
    const double *model = w->model + s->from * AXES, *part = w->product + lag * AXES;
    size_t n_points = s->to - s->from;
    double product = part[0] + part[1] + part[2];
    if (n_points < w->plan.n_points) {
        energy = model_energy(model, n_points);
        for (size_t j = 0; j < n_points; j++)
            for (size_t c = 0; c < AXES; c++) product -= s->mean[c] * model[j * AXES + c];
    }
    energy *= s->energy;
    return energy > 0 ? product / sqrt(energy) : 0;
}

/* Shifts one event to where it fits best; how well it fits there. */
static double fit_event(struct work *w, size_t i, double energy)
{
    size_t n_lags = w->plan.n_lags, middle = n_lags / 2;
    const struct stretch *here = &w->stretch[i * n_lags + middle];
    w->shift_s[i] = 0;
    if ((double)(here->to - here->from) < smallest_share * (double)w->plan.n_points)
        return (double)NAN;
    take_products(w, i);
    for (size_t lag = 0; lag < n_lags; lag++) {
        double move = ((double)lag - (double)middle) * lag_s / 0.01;
        w->score[lag] = likeness_at(w, i, lag, energy) - w->rules->prior_cost * move * move;
    }
    size_t best = argmax(w->score, 0, n_lags);
    w->shift_s[i] = (parabolic(w->score, n_lags, best, NULL) - (double)middle) * lag_s;
    return likeness_at(w, i, best, energy);
}

static void hold_the_group(struct work *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++)
        if (is_whole(w, i)) w->column[n++] = w->shift_s[i];
    double middle = median_inplace(w->column, n), most = w->rules->reach_s;
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
    double energy = model_energy(w->model, w->plan.n_points);
    for (size_t i = 0; i < w->n; i++) {
        double r = fit_event(w, i, energy);
        if (likeness) likeness[i] = r;
    }
    hold_the_group(w);
}

static int make_room(struct work *w, struct arena *tmp)
{
    const struct plan *plan = &w->plan;
    w->block = ARENA_NEW(tmp, w->n * plan->n_frames * AXES, double);
    w->stretch = ARENA_NEW(tmp, w->n * plan->n_lags, struct stretch);
    w->shift_s = ARENA_NEW(tmp, w->n, double);
    w->model = ARENA_NEW(tmp, plan->n_points * AXES, double);
    w->column = ARENA_NEW(tmp, w->n, double);
    w->score = ARENA_NEW(tmp, plan->n_lags, double);
    w->product = ARENA_NEW(tmp, plan->n_lags * AXES, double);
    w->sum = ARENA_NEW(tmp, (plan->n_frames + POINT) * SUMS, double);
    return w->block && w->stretch && w->shift_s && w->model && w->column && w->score &&
           w->product && w->sum;
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
