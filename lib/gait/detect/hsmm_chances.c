/* SPDX-License-Identifier: BSD-3-Clause */

/* All sequences of stances and swings at once: the sum-product form of hsmm_decode(), forward and
 * backward (Rabiner 1989, 10.1109/5.18626; for durations Yu 2010, 10.1016/j.artint.2009.11.011). */

#include <math.h>

#include "base/hot.h"
#include "gait/detect/hsmm.h"

/* Weights are kept as numbers near 1 times exp(log_unit); they are brought back so often, in
 * samples, that none of them can leave the range of a double on the way. */
enum { BLOCK = 32 };

/* One direction in time. Position p lies before sample p of that direction. */
struct pass {
    const struct hsmm *model;
    size_t n;
    const double *prior;  /* weight of a swing of swing_max - i samples */
    const double *stance; /* n + 1: what a stance over all samples before earns */
    const double *leave;  /* n + 1 weights of an event that ends a stance there, */
    const double *enter;  /* and of one that begins a stance there */
    double *after_stance; /* n + 1 logs: all of what may come before an event that ends a stance, */
    double *after_swing;  /* and before one that ends a swing */
};

/* Room of a pass, and where its numbers stand. */
struct sums {
    double *begun; /* of each position: all that leave a stance there, times exp(2 stance) */
    double *ended; /* all that enter a stance there, times exp(-stance) */
    double in_stance, log_unit, origin;
};

HOT static double sum_of_products(const double *a, const double *b, size_t n)
{
    double sum[4] = {0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t k = 0; k < 4; k++) sum[k] += a[i + k] * b[i + k];
    for (; i < n; i++) sum[0] += a[i] * b[i];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static void bring_back(const struct pass *p, struct sums *s, size_t at)
{
    size_t longest = p->model->swing_max, waiting = p->model->stance_min;
    double moved = p->stance[at] - s->origin, shrink = 1 / s->in_stance;
    double shrink_begun = shrink * exp(2 * -moved);
    for (size_t i = at > longest ? at - longest : 0; i < at; i++) s->begun[i] *= shrink_begun;
    for (size_t i = at > waiting ? at - waiting : 0; i < at; i++) s->ended[i] *= shrink;
    s->log_unit += log(s->in_stance);
    s->in_stance = 1;
    s->origin = p->stance[at];
}

/* All swings that may end here. One that was under way at the first sample has no prior. */
static double swings_to(const struct pass *p, const struct sums *s, size_t at)
{
    const struct hsmm *model = p->model;
    double sum = at > 0 && at <= model->swing_max ? exp(-s->log_unit - 2 * s->origin) : 0;
    if (at < model->swing_min) return sum;
    size_t first = at > model->swing_max ? at - model->swing_max : 0;
    size_t n = at - model->swing_min - first + 1;
    return sum + sum_of_products(s->begun + first, p->prior + (first + model->swing_max - at), n);
}

static void run(const struct pass *p, struct sums *s)
{
    s->in_stance = 1;
    s->log_unit = s->origin = 0;
    for (size_t at = 0; at <= p->n; at++) {
        if (at % BLOCK == 0) bring_back(p, s, at);
        if (at >= p->model->stance_min) s->in_stance += s->ended[at - p->model->stance_min];
        double rise = p->stance[at] - s->origin, swings = swings_to(p, s, at);
        s->begun[at] = s->in_stance * exp(2 * rise) * p->leave[at];
        s->ended[at] = swings * exp(-2 * rise) * p->enter[at];
        p->after_stance[at] = log(s->in_stance) + s->log_unit + p->stance[at];
        p->after_swing[at] = log(swings) + s->log_unit + 2 * s->origin - p->stance[at];
    }
}

/* ln of the weight of all sequences, after a run forward: they end in a stance, however short, or
 * in a swing. */
static double log_total(const struct pass *p, const struct sums *s)
{
    double stance = p->stance[p->n], sum = s->in_stance;
    size_t n = p->n, waiting = p->model->stance_min, longest = p->model->swing_max;
    for (size_t i = n >= waiting ? n - waiting + 1 : 0; i < n; i++) sum += s->ended[i];
    double swings = 0;
    for (size_t i = n > longest ? n - longest : 0; i < n; i++) swings += s->begun[i];
    return log(sum + swings * exp(2 * (s->origin - stance))) + s->log_unit + stance;
}

static double *reversed(const double *x, size_t n, struct arena *tmp)
{
    double *y = ARENA_NEW(tmp, n, double);
    for (size_t i = 0; y && i < n; i++) y[i] = x[n - 1 - i];
    return y;
}

/* exp(share * score), and 0 behind the last sample, where nothing happens. No log odds say more
 * than the limit does. */
static double *weights(const double *score, size_t n, double share, struct arena *tmp)
{
    static const double limit = 50;
    double *y = ARENA_NEW(tmp, n + 1, double);
    for (size_t i = 0; y && i < n; i++) y[i] = exp(share * fmin(fmax(score[i], -limit), limit));
    if (y) y[n] = 0;
    return y;
}

static double *running_stance(const struct hsmm *model, const double *score, size_t n, double share,
                              int backward, struct arena *tmp)
{
    double *sum = ARENA_NEW(tmp, n + 1, double), clip = model->stance_clip;
    if (sum) sum[0] = 0;
    for (size_t i = 0; sum && i < n; i++) {
        double x = fmin(fmax(score[backward ? n - 1 - i : i], -clip), clip);
        sum[i + 1] = sum[i] + share * model->stance_weight * x;
    }
    return sum;
}

static double *swing_priors(const struct hsmm *model, double share, struct arena *tmp)
{
    size_t durations = model->swing_max - model->swing_min + 1;
    double *prior = ARENA_NEW(tmp, durations, double);
    for (size_t i = 0; prior && i < durations; i++)
        prior[i] = exp(share * hsmm_swing_prior(model, model->swing_max - i));
    return prior;
}

static int pass_new(struct pass *p, const struct hsmm *model, const struct hsmm_scores *scores,
                    size_t n, double share, struct arena *tmp)
{
    *p = (struct pass){.model = model, .n = n};
    p->prior = swing_priors(model, share, tmp);
    p->stance = running_stance(model, scores->stance, n, share, 0, tmp);
    p->leave = weights(scores->toe_off, n, share, tmp);
    p->enter = weights(scores->strike, n, share, tmp);
    p->after_stance = ARENA_NEW(tmp, n + 1, double);
    p->after_swing = ARENA_NEW(tmp, n + 1, double);
    return p->prior && p->stance && p->leave && p->enter && p->after_stance && p->after_swing;
}

/* The same from the end: a stance is left by a strike and entered by a toe-off. */
static int pass_back(struct pass *back, const struct pass *p, const double *stance, double share,
                     struct arena *tmp)
{
    size_t n = p->n;
    *back = (struct pass){.model = p->model, .n = n, .prior = p->prior};
    back->stance = running_stance(p->model, stance, n, share, 1, tmp);
    back->leave = reversed(p->enter, n + 1, tmp);
    back->enter = reversed(p->leave, n + 1, tmp);
    back->after_stance = ARENA_NEW(tmp, n + 1, double);
    back->after_swing = ARENA_NEW(tmp, n + 1, double);
    return back->stance && back->leave && back->enter && back->after_stance && back->after_swing;
}

gait_status hsmm_chances(const struct hsmm *model, const struct hsmm_scores *scores, size_t n,
                         double share, double *strike, double *toe_off, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    struct pass p, back;
    struct sums sums = {.begun = ARENA_NEW(tmp, n + 1, double),
                        .ended = ARENA_NEW(tmp, n + 1, double)};
    if (!sums.begun || !sums.ended || !pass_new(&p, model, scores, n, share, tmp) ||
        !pass_back(&back, &p, scores->stance, share, tmp))
        return GAIT_NOMEM;
    run(&p, &sums);
    double total = log_total(&p, &sums);
    run(&back, &sums);
    for (size_t i = 0; i < n; i++) {
        strike[i] = p.enter[i] * exp(p.after_swing[i] + back.after_stance[n - i] - total);
        toe_off[i] = p.leave[i] * exp(p.after_stance[i] + back.after_swing[n - i] - total);
    }
    arena_rewind(tmp, mark);
    return GAIT_OK;
}
