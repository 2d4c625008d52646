/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/hsmm.h"

#include <math.h>
#include <string.h>

#include "base/hot.h"

/* Everything is counted from time 0 by the cumulative stance score c: a stance over [i, t) earns
 * c[t] - c[i], a swing the opposite. */
struct lattice {
    size_t n;
    double *c;           /* n + 1 */
    double *landed;      /* best score that ends with a strike at t */
    double *lifted;      /* best score that ends with a toe-off at t, plus c[t] */
    double *prior;       /* of a swing of swing_max - i samples */
    size_t *toe_off_of;  /* toe-off before the strike at t */
    size_t *strike_of;   /* strike before the toe-off at t */
    double best_landing; /* max of landed[i] - c[i] over the strikes far enough back, or 0: none */
    size_t best_strike;
};

double hsmm_swing_prior(const struct hsmm *model, size_t samples)
{
    double off = log((double)samples / model->typical_swing) / model->swing_spread;
    return -model->swing_weight * off * off - model->swing_cost;
}

static gait_status lattice_new(struct lattice *l, const struct hsmm *model, const double *stance,
                               size_t n, struct arena *tmp)
{
    size_t durations = model->swing_max - model->swing_min + 1;
    *l = (struct lattice){.n = n, .best_strike = HSMM_OUTSIDE};
    l->c = ARENA_NEW(tmp, n + 1, double);
    l->landed = ARENA_NEW(tmp, n, double);
    l->lifted = ARENA_NEW(tmp, n, double);
    l->prior = ARENA_NEW(tmp, durations, double);
    l->toe_off_of = ARENA_NEW(tmp, n, size_t);
    l->strike_of = ARENA_NEW(tmp, n, size_t);
    if (!l->c || !l->landed || !l->lifted || !l->prior || !l->toe_off_of || !l->strike_of)
        return GAIT_NOMEM;

    double clip = model->stance_clip;
    l->c[0] = 0;
    for (size_t t = 0; t < n; t++)
        l->c[t + 1] = l->c[t] + model->stance_weight * fmin(fmax(stance[t], -clip), clip);
    for (size_t i = 0; i < durations; i++)
        l->prior[i] = hsmm_swing_prior(model, model->swing_max - i);
    return GAIT_OK;
}

/* Largest a[i] + b[i], in four chains that do not wait for each other. */
HOT static double largest_sum(const double *a, const double *b, size_t n)
{
    double most[4] = {-INFINITY, -INFINITY, -INFINITY, -INFINITY};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t k = 0; k < 4; k++) {
            double sum = a[i + k] + b[i + k];
            most[k] = sum > most[k] ? sum : most[k];
        }
    for (; i < n; i++) most[0] = a[i] + b[i] > most[0] ? a[i] + b[i] : most[0];
    return fmax(fmax(most[0], most[1]), fmax(most[2], most[3]));
}

/* The best swing that ends at t: from which toe-off, and what it is worth. A swing that was under
 * way at the first sample has no toe-off and no prior. */
static double best_swing(const struct lattice *l, const struct hsmm *model, size_t t,
                         size_t *toe_off)
{
    double best = -INFINITY;
    *toe_off = HSMM_OUTSIDE;
    if (t > 0 && t <= model->swing_max) best = 0;
    if (t < model->swing_min) return best;
    size_t last = t - model->swing_min;
    size_t first = t > model->swing_max ? t - model->swing_max : 0;
    const double *prior = l->prior + (first + model->swing_max - t);
    const double *lifted = l->lifted + first;
    double most = largest_sum(lifted, prior, last - first + 1);
    if (!(most > best)) return best;
    size_t a = 0;
    while (lifted[a] + prior[a] < most) a++;
    *toe_off = first + a;
    return most;
}

static void fill(struct lattice *l, const struct hsmm *model, const struct hsmm_scores *scores)
{
    for (size_t t = 0; t < l->n; t++) {
        if (t >= model->stance_min) {
            size_t i = t - model->stance_min;
            double landing = l->landed[i] - l->c[i];
            if (landing > l->best_landing) {
                l->best_landing = landing;
                l->best_strike = i;
            }
        }
        l->strike_of[t] = l->best_strike;
        l->lifted[t] = l->best_landing + 2 * l->c[t] + scores->toe_off[t];
        l->landed[t] = best_swing(l, model, t, &l->toe_off_of[t]) - l->c[t] + scores->strike[t];
    }
}

/* Where the best sequence ends: its last strike, or a toe-off with no strike after it. */
static struct swing best_end(const struct lattice *l, const struct hsmm *model)
{
    struct swing end = {HSMM_OUTSIDE, HSMM_OUTSIDE};
    double c = l->c[l->n];
    double best = c; /* one stance from first to last sample */
    for (size_t t = 0; t < l->n; t++)
        if (l->landed[t] - l->c[t] + c > best) {
            best = l->landed[t] - l->c[t] + c;
            end.strike = t;
        }
    if (end.strike != HSMM_OUTSIDE) end.toe_off = l->toe_off_of[end.strike];
    size_t first = l->n > model->swing_max ? l->n - model->swing_max : 0;
    for (size_t a = first; a < l->n; a++)
        if (l->lifted[a] - c > best) {
            best = l->lifted[a] - c;
            end = (struct swing){a, HSMM_OUTSIDE};
        }
    return end;
}

static int is_swing(struct swing s)
{
    return s.toe_off != HSMM_OUTSIDE || s.strike != HSMM_OUTSIDE;
}

static struct swing before(const struct lattice *l, struct swing s)
{
    struct swing none = {HSMM_OUTSIDE, HSMM_OUTSIDE};
    if (s.toe_off == HSMM_OUTSIDE) return none;
    size_t strike = l->strike_of[s.toe_off];
    if (strike == HSMM_OUTSIDE) return none;
    return (struct swing){l->toe_off_of[strike], strike};
}

static size_t trace(const struct lattice *l, const struct hsmm *model, struct swing *swings)
{
    size_t count = 0, k = 0;
    for (struct swing s = best_end(l, model); is_swing(s); s = before(l, s)) count++;
    for (struct swing s = best_end(l, model); is_swing(s); s = before(l, s))
        swings[count - ++k] = s;
    return count;
}

gait_status hsmm_decode(const struct hsmm *model, const struct hsmm_scores *scores, size_t n,
                        struct swing **swings, size_t *n_swings, struct arena *keep,
                        struct arena *tmp)
{
    *swings = NULL;
    *n_swings = 0;
    if (n == 0) return GAIT_OK;
    *swings = ARENA_NEW(keep, n / (model->swing_min + model->stance_min) + 3, struct swing);
    if (!*swings) return GAIT_NOMEM;
    struct arena_mark mark = arena_mark(tmp);
    struct lattice l;
    gait_status status = lattice_new(&l, model, scores->stance, n, tmp);
    if (status == GAIT_OK) {
        fill(&l, model, scores);
        *n_swings = trace(&l, model, *swings);
    }
    arena_rewind(tmp, mark);
    return status;
}
