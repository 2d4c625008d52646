/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "base/fail.h"
#include "base/random.h"
#include "gait/window.h"
#include "session/series.h"
#include "signal/stats.h"

enum { BLOCK_STRIDES = 20, DRAWS = 1000, FEWEST_STRIDES = 30 };

static double index_percent(double left, double right)
{
    double middle = 0.5 * (fabs(left) + fabs(right));
    return middle > 1e-12 ? 100 * (right - left) / middle : (double)NAN;
}

/* One draw of consecutive blocks, its median. Moving-block bootstrap, Kuensch 1989, Ann Stat
 * 17:1217. */
static double draw_median(const struct series *series, struct prng *prng, double *room)
{
    size_t block = series->n < BLOCK_STRIDES ? series->n : BLOCK_STRIDES, n = 0;
    while (n < series->n) {
        size_t from = (size_t)prng_below(prng, series->n - block + 1);
        for (size_t i = 0; i < block && n < series->n; i++) room[n++] = series->value[from + i];
    }
    return median_inplace(room, n);
}

static gait_status interval(const struct series *left, const struct series *right, double *low,
                            double *high, struct arena *tmp)
{
    size_t most = left->n > right->n ? left->n : right->n;
    double *room = ARENA_NEW(tmp, most, double), *draws = ARENA_NEW(tmp, DRAWS, double);
    if (!room || !draws) return GAIT_NOMEM;
    struct prng prng;
    prng_seed(&prng, 1);
    for (size_t d = 0; d < DRAWS; d++) {
        double l = draw_median(left, &prng, room), r = draw_median(right, &prng, room);
        draws[d] = index_percent(l, r);
    }
    *low = quantile(draws, DRAWS, 0.025, tmp);
    *high = quantile(draws, DRAWS, 0.975, tmp);
    return GAIT_OK;
}

/* Two limbs of one person: two sensors of one placement, or one trunk sensor that can tell its
 * steps apart. */
struct limbs {
    const struct sensor_result *left, *right;
    gait_side left_side, right_side;
};

static int find_limbs(const gait_session *session, struct limbs *out)
{
    for (size_t i = 0; i < session->n_sensors; i++)
        for (size_t j = 0; j < session->n_sensors; j++) {
            const struct sensor_result *l = &session->sensors[i], *r = &session->sensors[j];
            if (l->info.placement != r->info.placement) continue;
            if (l->info.side != GAIT_LEFT || r->info.side != GAIT_RIGHT) continue;
            *out = (struct limbs){l, r, GAIT_SIDE_UNKNOWN, GAIT_SIDE_UNKNOWN};
            return 1;
        }
    for (size_t i = 0; i < session->n_sensors; i++) {
        const struct sensor_result *s = &session->sensors[i];
        if (s->info.placement != GAIT_SACRUM && s->info.placement != GAIT_WAIST) continue;
        *out = (struct limbs){s, s, GAIT_LEFT, GAIT_RIGHT};
        return 1;
    }
    return 0;
}

static gait_status compare_metric(const struct limbs *limbs, int m, gait_activity activity,
                                  struct asymmetry *out, int *found, struct arena *tmp)
{
    const gait_metric *metric = gait_metric_at((size_t)m);
    struct series left, right;
    *found = 0;
    TRY(series_take(limbs->left, metric->key, limbs->left_side, activity, &left, tmp));
    TRY(series_take(limbs->right, metric->key, limbs->right_side, activity, &right, tmp));
    if (left.n < FEWEST_STRIDES || right.n < FEWEST_STRIDES) return GAIT_OK;
    out->metric = m;
    out->left = median(left.value, left.n, tmp);
    out->right = median(right.value, right.n, tmp);
    out->index_percent = index_percent(out->left, out->right);
    out->minimal_detectable_percent = metric->minimal_change_percent;
    TRY(interval(&left, &right, &out->ci_low, &out->ci_high, tmp));
    out->exceeds = (out->ci_low > 0 || out->ci_high < 0) &&
                   fabs(out->index_percent) > metric->minimal_change_percent;
    *found = 1;
    return GAIT_OK;
}

gait_status compare_sides(gait_session *session, struct arena *tmp, gait_error *err)
{
    struct limbs limbs;
    if (!find_limbs(session, &limbs)) return GAIT_OK;
    session->asymmetries = ARENA_NEW(&session->arena, metric_count(), struct asymmetry);
    if (!session->asymmetries) return gait_fail(err, GAIT_NOMEM, "no memory to compare the sides");
    for (int m = 0; gait_metric_at((size_t)m); m++) {
        if (gait_metric_at((size_t)m)->minimal_change_percent <= 0) continue;
        struct arena_mark mark = arena_mark(tmp);
        int found;
        struct asymmetry *next = &session->asymmetries[session->n_asymmetries];
        TRY(compare_metric(&limbs, m, GAIT_RUN, next, &found, tmp));
        if (!found) TRY(compare_metric(&limbs, m, GAIT_WALK, next, &found, tmp));
        session->n_asymmetries += (size_t)found;
        arena_rewind(tmp, mark);
    }
    return GAIT_OK;
}
