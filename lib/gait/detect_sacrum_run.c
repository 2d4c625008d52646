/* SPDX-License-Identifier: BSD-3-Clause */

/* Running at the sacrum or the waist. The body is in free fall until a foot meets the ground, so
 * foot strike is where the norm climbs through 1 g before each apex of the push, which no
 * orientation can change; toe-off is where the vertical falls back to nothing. The apexes are the
 * best rhythmic chain of the slow norm. Offsets are the medians against force plates for one runner
 * at 2.5 to 4.2 m/s (data of Alcantara et al. 2021, 10.7717/peerj.11199). */

#include <math.h>

#include "base/fail.h"
#include "gait/chain.h"
#include "gait/trunk.h"
#include "signal/filter.h"
#include "signal/peaks.h"
#include "signal/stats.h"

static const double strike_delay_s = 0.0066;  /* norm above 1 g */
static const double braking_delay_s = 0.0082; /* steepest fall of forward acceleration */
static const double fall_delay_s = 0.0207;    /* the trunk is weightless a little later */
static const double slow_lead_s = 0.0603;     /* steepest fall of the slow norm comes before */
static const double weightless_g = 0.05;

static const struct chain_rules rhythm = {.tolerance = 0.2,
                                          .shortest = 0.65,
                                          .longest = 3.5,
                                          .missed_cost = 1,
                                          .restart_cost = 3,
                                          .restart_gap = 1.4};

/* One push and what is known around it, times in samples. */
struct contact {
    double apex, period, strike, toe_off;
    double strike_sd_s, toe_off_sd_s, confidence;
    uint32_t strike_flags, toe_off_flags;
};

/* Levels that events are read from. */
struct levels {
    size_t n;
    double rate_hz;
    const double *norm30_g, *vertical30_g, *forward_slope, *slow_slope;
};

static double *slope(const double *x, size_t n, double rate_hz, struct arena *tmp)
{
    double *y = ARENA_NEW(tmp, n, double);
    if (x && y) derivative(x, y, n, 1, rate_hz);
    return x ? y : NULL;
}

static gait_status levels_make(const struct trunk *trunk, struct levels *out, struct arena *tmp)
{
    size_t n = trunk->signal->n;
    double rate_hz = trunk->signal->rate_hz, fast_hz = fmin(30, 0.4 * rate_hz);
    *out = (struct levels){.n = n, .rate_hz = rate_hz};
    out->norm30_g = smoothed(trunk->norm_g, n, fast_hz, rate_hz, tmp);
    out->slow_slope = slope(smoothed(trunk->norm_g, n, 8, rate_hz, tmp), n, rate_hz, tmp);
    if (!out->norm30_g || !out->slow_slope) return GAIT_NOMEM;
    if (trunk->vertical_g) {
        out->vertical30_g = smoothed(trunk->vertical_g, n, fast_hz, rate_hz, tmp);
        if (!out->vertical30_g) return GAIT_NOMEM;
    }
    if (trunk->forward_g) {
        out->forward_slope =
            slope(smoothed(trunk->forward_g, n, 20, rate_hz, tmp), n, rate_hz, tmp);
        if (!out->forward_slope) return GAIT_NOMEM;
    }
    return GAIT_OK;
}

/* Apexes of the push: maxima of the norm below 1.6 times the step rate, as a chain. */
static gait_status find_apexes(const struct trunk *trunk, struct contact **contacts, size_t *n_out,
                               struct arena *tmp)
{
    size_t n = trunk->signal->n, n_candidates = 0, *at = ARENA_NEW(tmp, n, size_t);
    double rate_hz = trunk->signal->rate_hz, step_hz = 1 / step_track_median(&trunk->steps, tmp);
    double *wave = smoothed(trunk->norm_g, n, 1.6 * step_hz, rate_hz, tmp);
    double *height = smoothed(trunk->norm_g, n, 1.3 * step_hz, rate_hz, tmp);
    if (!at || !wave || !height) return GAIT_NOMEM;
    double level_g = mean(wave, n), base_g = mean(height, n);
    size_t n_maxima = local_maxima(wave, n, at, n);
    for (size_t i = 0; i < n_maxima; i++)
        if (wave[at[i]] > level_g) at[n_candidates++] = at[i];

    struct chain_candidate *candidate = ARENA_NEW(tmp, n_candidates, struct chain_candidate);
    double *high = ARENA_NEW(tmp, n_candidates, double);
    size_t *member = ARENA_NEW(tmp, n_candidates, size_t);
    if (!candidate || !high || !member) return GAIT_NOMEM;
    for (size_t i = 0; i < n_candidates; i++) high[i] = height[at[i]] - base_g;
    double usual_g = fmax(quantile(high, n_candidates, 0.75, tmp), 1e-6);
    for (size_t i = 0; i < n_candidates; i++) {
        double time_s = (double)at[i] / rate_hz;
        double weight = 2 * fmin(fmax(high[i] / usual_g, 0), 1.3) - 0.3;
        candidate[i] =
            (struct chain_candidate){time_s, weight, step_track_at(&trunk->steps, time_s)};
    }
    TRY(chain_best(candidate, n_candidates, &rhythm, member, n_out, tmp));
    *contacts = ARENA_ZNEW(tmp, *n_out, struct contact);
    if (!*contacts) return GAIT_NOMEM;
    for (size_t i = 0; i < *n_out; i++) {
        (*contacts)[i].apex = (double)at[member[i]];
        (*contacts)[i].period = candidate[member[i]].period_s * rate_hz;
    }
    return GAIT_OK;
}

static size_t before(double index)
{
    return index > 0 ? (size_t)index : 0;
}

static void find_strike(const struct levels *levels, struct contact *contact)
{
    double rate_hz = levels->rate_hz;
    size_t apex = (size_t)contact->apex, first = before(contact->apex - 0.5 * contact->period);
    double rise = last_rise(levels->norm30_g, apex, first, 1) - strike_delay_s * rate_hz;
    contact->strike = rise;
    contact->strike_sd_s = 0.012;
    double early = contact->apex - 0.35 * contact->period;
    if (!levels->forward_slope || early < 0) return;
    size_t braking = argmin(levels->forward_slope, (size_t)early, apex);
    double fall = (double)braking - braking_delay_s * rate_hz;
    if (isnan(rise)) contact->strike = fall;
    if (!(fabs(fall - rise) < 0.03 * rate_hz)) return;
    contact->strike = 0.5 * (rise + fall);
    contact->strike_sd_s = 0.008;
}

/* The steepest fall of the slow norm, if it lies inside the search. */
static double slow_fall(const struct levels *levels, const struct contact *contact)
{
    size_t apex = (size_t)contact->apex;
    size_t end = (size_t)fmin(contact->apex + 0.5 * contact->period, (double)levels->n - 1);
    if ((double)(end - apex) < 0.2 * contact->period) return NAN;
    size_t steepest = argmin(levels->slow_slope, apex, end);
    if (steepest == apex || steepest + 1 >= end) return NAN;
    return (double)steepest;
}

static void find_toe_off(const struct levels *levels, struct contact *contact)
{
    size_t apex = (size_t)contact->apex;
    size_t end = (size_t)fmin(contact->apex + 0.6 * contact->period, (double)levels->n);
    double slow = slow_fall(levels, contact) + slow_lead_s * levels->rate_hz;
    double fall = NAN;
    if (levels->vertical30_g)
        fall = first_fall(levels->vertical30_g, apex, end, weightless_g) -
               fall_delay_s * levels->rate_hz;
    contact->toe_off_sd_s = levels->forward_slope ? 0.010 : 0.016;
    contact->toe_off = isnan(fall) ? slow : isnan(slow) ? fall : 0.6 * fall + 0.4 * slow;
    if (isnan(fall)) {
        contact->toe_off_sd_s *= 1.5;
        contact->toe_off_flags |=
            levels->vertical30_g ? GAIT_FLAG_GROUNDED : GAIT_FLAG_NO_ALIGNMENT;
    }
    double share = (contact->toe_off - contact->strike) / contact->period;
    if (!(share >= 0.35 && share <= 0.95)) contact->toe_off = NAN;
}

/* A strike that keeps time with neither neighbour is doubtful. */
static void judge_rhythm(struct contact *contact, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double period = contact[i].period, best = INFINITY;
        if (i > 0) best = fmin(best, fabs(contact[i].strike - contact[i - 1].strike - period));
        if (i + 1 < n) best = fmin(best, fabs(contact[i + 1].strike - contact[i].strike - period));
        contact[i].confidence = best <= 0.2 * period ? 0.9 : 0.4;
    }
}

static gait_status tell(const struct contact *contact, double rate_hz, struct event_list *found,
                        struct arena *keep)
{
    gait_event strike = {.type = GAIT_FOOT_STRIKE,
                         .time_s = contact->strike / rate_hz,
                         .uncertainty_s = contact->strike_sd_s,
                         .confidence = contact->confidence,
                         .flags = contact->strike_flags};
    gait_event toe_off = {.type = GAIT_TOE_OFF,
                          .time_s = contact->toe_off / rate_hz,
                          .uncertainty_s = contact->toe_off_sd_s,
                          .confidence = contact->confidence,
                          .flags = contact->toe_off_flags};
    if (isfinite(strike.time_s)) TRY(event_push(found, &strike, keep));
    if (isfinite(toe_off.time_s)) TRY(event_push(found, &toe_off, keep));
    return GAIT_OK;
}

static gait_status find_contacts(const struct bout_signal *signal, struct event_list *found,
                                 struct arena *keep, struct arena *tmp)
{
    struct trunk trunk;
    struct levels levels;
    struct contact *contact;
    size_t n;
    TRY(trunk_prepare(signal, &trunk, tmp));
    if (trunk.steps.n == 0) return GAIT_OK;
    TRY(find_apexes(&trunk, &contact, &n, tmp));
    TRY(levels_make(&trunk, &levels, tmp));
    for (size_t i = 0; i < n; i++) {
        find_strike(&levels, &contact[i]);
        find_toe_off(&levels, &contact[i]);
    }
    judge_rhythm(contact, n);
    for (size_t i = 0; i < n; i++) TRY(tell(&contact[i], signal->rate_hz, found, keep));
    return GAIT_OK;
}

static gait_status detect(const struct bout_signal *signal, struct event_list *found,
                          struct arena *keep, struct arena *tmp, gait_error *err)
{
    struct arena_mark mark = arena_mark(tmp);
    gait_status status = find_contacts(signal, found, keep, tmp);
    arena_rewind(tmp, mark);
    return status == GAIT_NOMEM ? gait_fail(err, status, "%zu frames", signal->n) : status;
}

const struct detector detect_sacrum_run = {
    .pub = {.name = "sacrum-run",
            .about = "Free fall ends and begins: norm through 1 g, vertical to zero.",
            .source = "own; offsets from force-plate data of Alcantara et al. 2021, "
                      "doi 10.7717/peerj.11199, one runner",
            .placements = AT(GAIT_SACRUM) | AT(GAIT_WAIST),
            .activities = DURING(GAIT_RUN),
            .is_default = 1},
    .detect = detect,
};
