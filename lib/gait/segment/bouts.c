/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/segment/bouts.h"

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/detect/fitted.h"
#include "signal/peaks.h"
#include "signal/stats.h"

/* Below these the log odds say nothing more; one second never outvotes its neighbours. */
static const double odds_limit = 6;

static double clip(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static int is_limb(gait_placement placement)
{
    return placement == GAIT_FOOT || placement == GAIT_SHANK;
}

/* How far the norm is from 1 g over the window, by order statistics, and how much of its movement
 * is slower than impacts and vibration. */
struct texture {
    double third_g, median_g, peak_g; /* quantiles 0.35, 0.5, 0.99 of the distance */
    double slow_sd_g;                 /* of the norm averaged over 0.2 s */
};

static double slow_spread(const double *norm_g, size_t n, double *scratch)
{
    enum { BOX = FEATURE_RATE_HZ / 5 };
    if (n <= BOX) return 0;
    double sum = 0;
    for (size_t i = 0; i < BOX; i++) sum += norm_g[i];
    for (size_t i = BOX; i < n; i++) {
        scratch[i - BOX] = sum / BOX;
        sum += norm_g[i] - norm_g[i - BOX];
    }
    return standard_deviation(scratch, n - BOX);
}

static void texture_measure(const double *norm_g, size_t n, gait_placement placement,
                            double *scratch, struct texture *out)
{
    *out = (struct texture){.third_g = 0};
    if (!is_limb(placement)) {
        out->slow_sd_g = slow_spread(norm_g, n, scratch);
        return;
    }
    for (size_t i = 0; i < n; i++) scratch[i] = fabs(norm_g[i] - 1);
    out->third_g = quantile_inplace(scratch, n, 0.35);
    out->median_g = quantile_inplace(scratch, n, 0.5);
    out->peak_g = quantile_inplace(scratch, n, 0.99);
}

static double plausible_step_hz(const struct second *s)
{
    return isnan(s->step_hz) ? 1.7 : clip(s->step_hz, 1.2, 3.2);
}

/* Log odds of running. Trunk: steps above 141 per minute at 0.46 g, fitted on belt recordings with
 * the widest margin between quick walkers and gentle joggers. Limbs: step rate, intensity and how
 * still the stillest third of the window is (a walking foot rests on the ground for almost half the
 * time, a running one for a fifth at most). Blows that hardly repeat have no step rate, and do not
 * prove a run, however hard they are. */
static double log_odds_run(const struct second *s, const struct texture *texture,
                           gait_placement placement)
{
    const struct run_odds *odds = is_limb(placement) ? &limb_run_odds : &trunk_run_odds;
    double irregular = irregular_cost * fmax(0, regular_gait - s->regularity) / regular_gait;
    double z = odds->per_step_hz * (plausible_step_hz(s) - odds->step_hz) +
               odds->per_log_sd * log(fmax(s->sd_g, 1e-3) / odds->sd_g);
    if (odds->per_log_still > 0)
        z += odds->per_log_still * log(fmax(texture->third_g, 1e-3) / odds->still_g);
    double most = odds_limit * clip(s->regularity / surely_regular, 0, 1);
    return clip(z - irregular, -odds_limit, most);
}

/* Log odds of walking or running against other movement. Gait repeats itself. On the trunk it also
 * lifts the body, the more the quicker the steps, which a vehicle does not; on a limb it strikes
 * the ground, which a pedal does not: either the peaks stand out or they are high. */
static double log_odds_gait(const struct second *s, const struct texture *texture,
                            gait_placement placement)
{
    double repeats = (s->regularity - even_regularity) / even_regularity_spread;
    double quicker_hz = clip(plausible_step_hz(s) - 1.9, 0, 0.6);
    double least = exp(trunk_lift_log_g + trunk_lift_per_hz * quicker_hz);
    double lifts = trunk_lift_slope * log(fmax(texture->slow_sd_g, 1e-4) / least);
    double usual_g = fmax(limb_blow_ratio * texture->median_g, 1e-3);
    double strikes =
        1 + limb_blow_slope * log(fmax(texture->peak_g / usual_g, texture->peak_g / limb_blow_g));
    return clip(fmin(repeats, is_limb(placement) ? strikes : lifts), -3, 3);
}

/* Rest is told by the second itself; most of a week is rest, and nothing else is asked of it. */
static void measure_rest(const double *norm_g, size_t n, struct second *out)
{
    out->sd_second_g = standard_deviation(norm_g, n);
    out->sd_g = out->sd_second_g;
    out->log_odds_move =
        clip((out->sd_second_g - rest_sd_g) / rest_spread_g, -odds_limit, odds_limit);
}

static gait_status measure_gait(const double *accel_g, const double *norm_g, size_t n,
                                gait_placement placement, struct second *out, struct arena *tmp)
{
    struct period period;
    struct texture texture;
    double *scratch = ARENA_NEW(tmp, n, double);
    if (!scratch) return GAIT_NOMEM;
    TRY(period_find(accel_g, n, FEATURE_RATE_HZ, placement, &period, tmp));
    texture_measure(norm_g, n, placement, scratch, &texture);
    out->sd_g = standard_deviation(norm_g, n);
    out->step_hz = period.step_hz;
    out->regularity = period.regularity;
    out->log_odds_run = log_odds_run(out, &texture, placement);
    out->log_odds_gait = log_odds_gait(out, &texture, placement);
    return GAIT_OK;
}

static void norms(const double *accel_g, size_t n, double *norm_g)
{
    for (size_t i = 0; i < n; i++) norm_g[i] = vec_norm(accel_g + 3 * i);
}

gait_status second_measure(const double *accel_g, size_t n, size_t from, size_t to,
                           gait_placement placement, struct second *out, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    double *norm_g = ARENA_NEW(tmp, n, double);
    if (!norm_g) return GAIT_NOMEM;

    /* A limb can rest on the ground for a whole second of slow walking. */
    size_t margin = is_limb(placement) ? FEATURE_RATE_HZ / 2 : 0;
    size_t first = from > margin ? from - margin : 0;
    size_t last = to + margin < n ? to + margin : n;
    *out = (struct second){.step_hz = NAN, .covered = 1};
    norms(accel_g + 3 * first, last - first, norm_g + first);
    measure_rest(norm_g + first, last - first, out);

    gait_status status = GAIT_OK;
    if (out->log_odds_move > -2) {
        norms(accel_g, n, norm_g);
        status = measure_gait(accel_g, norm_g, n, placement, out, tmp);
    }
    arena_rewind(tmp, mark);
    return status;
}

/* Chance per second to change from row to column; a walker hardly ever breaks into a run. */
static const double change[N_LABELS][N_LABELS] = {
    [GAIT_REST] = {0, 0.01, 0.01, 0.01},
    [GAIT_WALK] = {0.01, 0, 0.002, 0.005},
    [GAIT_RUN] = {0.01, 0.002, 0, 0.005},
    [GAIT_OTHER_ACTIVITY] = {0.01, 0.01, 0.01, 0},
};

static double log_change(size_t from, size_t to)
{
    if (from != to) return log(change[from][to]);
    double leave = 0;
    for (size_t k = 0; k < N_LABELS; k++) leave += change[from][k];
    return log1p(-leave);
}

/* ln of the probability that goes with these log odds. */
static double log_probability(double log_odds)
{
    return -log1p(exp(-log_odds));
}

static void emissions(const struct second *s, double out[N_LABELS])
{
    double moving = log_probability(s->log_odds_move);
    double gait = moving + log_probability(s->log_odds_gait);
    out[GAIT_REST] = log_probability(-s->log_odds_move);
    out[GAIT_WALK] = gait + log_probability(-s->log_odds_run);
    out[GAIT_RUN] = gait + log_probability(s->log_odds_run);
    out[GAIT_OTHER_ACTIVITY] = moving + log_probability(-s->log_odds_gait);
    for (size_t k = 0; k < N_LABELS && !s->covered; k++) out[k] = 0;
}

void decoder_init(struct decoder *decoder)
{
    *decoder = (struct decoder){0};
    for (size_t from = 0; from < N_LABELS; from++)
        for (size_t to = 0; to < N_LABELS; to++)
            decoder->log_change[from][to] = log_change(from, to);
}

void decoder_feed(struct decoder *decoder, const struct second *second)
{
    double emission[N_LABELS], next[N_LABELS], top = -INFINITY;
    unsigned char *back = decoder->from[decoder->n_fed % DECODER_ROOM];
    int is_first = decoder->n_fed == 0;
    emissions(second, emission);
    for (size_t to = 0; to < N_LABELS; to++) {
        next[to] = is_first ? 0 : -INFINITY;
        back[to] = (unsigned char)to;
        for (size_t from = 0; from < N_LABELS && !is_first; from++) {
            double score = decoder->score[from] + decoder->log_change[from][to];
            if (score <= next[to]) continue;
            next[to] = score;
            back[to] = (unsigned char)from;
        }
        next[to] += emission[to];
        top = fmax(top, next[to]);
    }
    /* Only differences matter; kept near zero, a year of them loses no digit. */
    for (size_t k = 0; k < N_LABELS; k++) decoder->score[k] = next[k] - top;
    decoder->n_fed++;
}

gait_activity decoder_label(const struct decoder *decoder, size_t index)
{
    size_t state = argmax(decoder->score, 0, N_LABELS);
    for (size_t i = decoder->n_fed - 1; i > index; i--)
        state = decoder->from[i % DECODER_ROOM][state];
    return (gait_activity)state;
}

gait_status bout_judge(const struct second *seconds, size_t n, gait_activity activity,
                       struct bout_judgement *out, struct arena *tmp)
{
    *out = (struct bout_judgement){.confidence = 1};
    if (n == 0 || (activity != GAIT_WALK && activity != GAIT_RUN)) return GAIT_OK;
    struct arena_mark mark = arena_mark(tmp);
    double *odds = ARENA_NEW(tmp, 2 * n, double), sign = activity == GAIT_RUN ? 1 : -1;
    if (!odds) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        odds[i] = sign * seconds[i].log_odds_run;
        odds[n + i] = fabs(seconds[i].log_odds_run);
    }
    out->confidence = 1 / (1 + exp(-median_inplace(odds, n)));
    out->uncertain = median_inplace(odds + n, n) < 2;
    arena_rewind(tmp, mark);
    return GAIT_OK;
}
