/* SPDX-License-Identifier: BSD-3-Clause */

/* Two published detectors for a gyroscope on the foot, to compare with. Both read the pitch rate
 * (toes rising positive): it is largest in mid-swing and has a dip at push-off before and one at
 * touchdown after. */

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/detect/foot_scores.h"
#include "signal/filter.h"
#include "signal/peaks.h"
#include "signal/stats.h"

/* Where the papers leave a constant open, it is ours, chosen on simulated runners. */
static const double smooth_hz = 30;    /* pitch rate, ours */
static const double mid_swing_hz = 4;  /* to find mid-swing, ours */
static const double least_share = 0.3; /* of the 98 % quantile, for a mid-swing; ours */
static const double shortest_stride_s = 0.45;
static const double before_s = 0.6, after_s = 0.42; /* search at most so far from mid-swing; ours */
static const double early_s = 0.080, late_s = 0.050; /* strike around the touchdown dip (Rampp) */
static const double still_g = 0.05; /* spread of the forward acceleration at rest, ours */
static const double stated_sd_s = 0.030, stated_confidence = 0.6; /* of both, ours */

struct cycles {
    size_t n;
    double rate_hz;
    const double *pitch_dps; /* toes rising positive */
    const double *forward_g;
    size_t *mid; /* mid-swings */
    size_t n_mid;
};

/* Local maxima of the slow pitch rate that are large enough and not too near the one before. */
static gait_status find_mid_swings(struct cycles *c, struct arena *tmp)
{
    double *slow = ARENA_NEW(tmp, c->n, double);
    size_t *at = ARENA_NEW(tmp, c->n / 2 + 1, size_t);
    if (!slow || !at) return GAIT_NOMEM;
    struct filter filter = lowpass(mid_swing_hz, c->rate_hz, 2);
    TRY(filtfilt(&filter, c->pitch_dps, slow, c->n, 1, tmp));
    double least = least_share * quantile(slow, c->n, 0.98, tmp);
    size_t n = local_maxima(slow, c->n, at, c->n / 2);
    for (size_t i = 0; i < n; i++) {
        if (!(slow[at[i]] > least)) continue;
        size_t *last = c->n_mid ? &at[c->n_mid - 1] : NULL;
        if (last && (double)(at[i] - *last) < shortest_stride_s * c->rate_hz) {
            if (slow[at[i]] > slow[*last]) *last = at[i];
            continue;
        }
        at[c->n_mid++] = at[i];
    }
    c->mid = at;
    return GAIT_OK;
}

static gait_status cycles_make(const struct bout_signal *signal, struct cycles *c,
                               struct arena *tmp)
{
    struct foot_grid native = {signal->n, signal->accel_g, signal->gyro_dps};
    struct foot_grid grid;
    struct foot_axes axes;
    *c = (struct cycles){.n = signal->n, .rate_hz = signal->rate_hz};
    if (signal->n < 10) return GAIT_OK;
    double *pitch = ARENA_NEW(tmp, c->n, double), *forward = ARENA_NEW(tmp, c->n, double);
    if (!pitch || !forward) return GAIT_NOMEM;
    TRY(foot_grid_make(signal, &grid, tmp));
    if (grid.n < 3) return GAIT_OK;
    TRY(foot_axes_find(&grid, signal->activity, &axes, tmp));
    foot_pitch_rate(&native, &axes, pitch);
    for (size_t i = 0; i < c->n; i++) {
        pitch[i] = -pitch[i];
        forward[i] = vec_dot(signal->accel_g + 3 * i, axes.forward);
    }
    struct filter filter = lowpass(smooth_hz, c->rate_hz, 2);
    TRY(filtfilt(&filter, pitch, pitch, c->n, 1, tmp));
    c->pitch_dps = pitch;
    c->forward_g = forward;
    if (standard_deviation(forward, c->n) < still_g) return GAIT_OK;
    return find_mid_swings(c, tmp);
}

/* Samples before and after mid-swing k that belong to it: half way to its neighbours at most. */
struct reach {
    size_t from, mid, to;
};

static struct reach reach_of(const struct cycles *c, size_t k)
{
    size_t mid = c->mid[k];
    size_t before = (size_t)(before_s * c->rate_hz), after = (size_t)(after_s * c->rate_hz);
    size_t from = mid > before ? mid - before : 0;
    size_t to = mid + after < c->n ? mid + after : c->n;
    if (k > 0 && from < (c->mid[k - 1] + mid) / 2) from = (c->mid[k - 1] + mid) / 2;
    if (k + 1 < c->n_mid && to > (mid + c->mid[k + 1]) / 2) to = (mid + c->mid[k + 1]) / 2;
    return (struct reach){from, mid, to};
}

static gait_status push(const struct bout_signal *signal, gait_event_type type, double at,
                        struct event_list *found, struct arena *keep)
{
    gait_event event = {.type = type,
                        .side = signal->options->side,
                        .time_s = at / signal->rate_hz,
                        .uncertainty_s = stated_sd_s,
                        .confidence = stated_confidence};
    return event_push(found, &event, keep);
}

/* Falbriard: both events are the dips themselves. */
static double dip(const struct cycles *c, size_t from, size_t to)
{
    return parabolic(c->pitch_dps, c->n, argmin(c->pitch_dps, from, to), NULL);
}

/* Rampp: the foot brakes hardest around the touchdown dip. */
static double braking(const struct cycles *c, const struct reach *r)
{
    size_t middle = argmin(c->pitch_dps, r->mid, r->to);
    size_t early = (size_t)(early_s * c->rate_hz), late = (size_t)(late_s * c->rate_hz);
    size_t from = middle > r->mid + early ? middle - early : r->mid;
    size_t to = middle + late + 1 < c->n ? middle + late + 1 : c->n;
    return (double)argmin(c->forward_g, from, to);
}

/* Rampp: the toes begin to rise after the push-off dip. */
static double rising(const struct cycles *c, const struct reach *r)
{
    size_t i = argmin(c->pitch_dps, r->from, r->mid);
    while (i + 1 < r->mid && c->pitch_dps[i + 1] < 0) i++;
    double a = c->pitch_dps[i], b = c->pitch_dps[i + 1];
    return (double)i + (b - a > 1e-9 ? fmin(fmax(-a / (b - a), 0), 1) : 0);
}

static gait_status detect(const struct bout_signal *signal, int is_rampp, struct event_list *found,
                          struct arena *keep, struct arena *tmp)
{
    struct cycles c;
    TRY(cycles_make(signal, &c, tmp));
    for (size_t k = 0; k < c.n_mid; k++) {
        struct reach r = reach_of(&c, k);
        if (r.from + 2 >= r.mid || r.mid + 2 >= r.to) continue;
        double toe_off = is_rampp ? rising(&c, &r) : dip(&c, r.from, r.mid);
        double strike = is_rampp ? braking(&c, &r) : dip(&c, r.mid, r.to);
        TRY(push(signal, GAIT_TOE_OFF, toe_off, found, keep));
        TRY(push(signal, GAIT_FOOT_STRIKE, strike, found, keep));
    }
    return GAIT_OK;
}

static gait_status detect_dips(const struct bout_signal *signal, struct event_list *found,
                               struct arena *keep, struct arena *tmp)
{
    return detect(signal, 0, found, keep, tmp);
}

static gait_status detect_braking(const struct bout_signal *signal, struct event_list *found,
                                  struct arena *keep, struct arena *tmp)
{
    return detect(signal, 1, found, keep, tmp);
}

const struct detector detect_falbriard = {
    {.name = "falbriard-2018",
     .about = "Pitch-rate minima after and before mid-swing",
     .source = "Falbriard et al. 2018, Front Physiol 9:610, doi 10.3389/fphys.2018.00610; filters "
               "and mid-swing rule ours",
     .placements = AT(GAIT_FOOT),
     .activities = DURING(GAIT_WALK) | DURING(GAIT_RUN),
     .needs_gyro = 1},
    detect_dips,
    .after_walk = AFTER_WALK_TOLD};

const struct detector detect_rampp = {
    {.name = "rampp-2014",
     .about = "Strongest braking around the touchdown minimum of the pitch rate; toe-off where the "
              "pitch rate crosses zero",
     .source = "Rampp et al. 2015, IEEE Trans Biomed Eng 62:1089, doi 10.1109/TBME.2014.2368211; "
               "filters and mid-swing rule ours",
     .placements = AT(GAIT_FOOT),
     .activities = DURING(GAIT_WALK),
     .needs_gyro = 1},
    detect_braking,
    .after_walk = AFTER_WALK_TOLD};
