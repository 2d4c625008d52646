/* SPDX-License-Identifier: BSD-3-Clause */

/* Running at the sacrum or the waist. The body is in free fall until a foot meets the ground, so
 * foot strike is where the norm climbs through 1 g before each apex of the push, which no
 * orientation can change; toe-off is where the vertical falls back to nothing. The apexes are the
 * best rhythmic chain of the slow norm. Offsets are the medians against force plates for one runner
 * at 2.5 to 4.2 m/s (data of Alcantara et al. 2021, 10.7717/peerj.11199). */

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/detect/apex.h"
#include "gait/detect/fitted.h"
#include "gait/frame/heading.h"
#include "gait/detect/sides.h"
#include "gait/detect/trunk.h"
#include "signal/filter.h"
#include "signal/peaks.h"
#include "signal/stats.h"

static const double enough_hz = 200; /* nothing above 30 Hz is looked at */

/* Where something shows around one push, in samples; NaN: it does not. */
struct shown {
    double norm_rise, vertical_rise, braking;
    double steepest, unloading, weightless;
    double lightest_g; /* between the push before and this one; NaN: not recorded */
};

/* One push and what is known around it, times in samples. */
struct contact {
    double apex, period, strike, toe_off;
    double usual; /* contact time of the steps around it */
    struct shown shown;
    double strike_sd_s, toe_off_sd_s, confidence;
    uint32_t strike_flags, toe_off_flags;
    gait_side side;
};

/* What events are read from. Without a vertical (NULL) the norm stands in. */
struct levels {
    size_t n;
    double rate_hz;
    const double *norm30_g, *push5_g, *vertical15_g, *vertical30_g;
    const double *forward_slope, *slow_slope;
    double slow_lead_share;
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
    const double *up_g = trunk->vertical_g, *push_g = up_g ? up_g : trunk->norm_g;
    *out = (struct levels){.n = n, .rate_hz = rate_hz};
    out->slow_lead_share = up_g ? sacrum_slow_lead_share : sacrum_slow_norm_lead_share;
    out->norm30_g = smoothed(trunk->norm_g, n, fast_hz, rate_hz, tmp);
    out->push5_g = smoothed(push_g, n, 5, rate_hz, tmp);
    out->slow_slope = slope(smoothed(push_g, n, 8, rate_hz, tmp), n, rate_hz, tmp);
    if (!out->norm30_g || !out->push5_g || !out->slow_slope) return GAIT_NOMEM;
    if (up_g) {
        out->vertical15_g = smoothed(up_g, n, 15, rate_hz, tmp);
        out->vertical30_g = smoothed(up_g, n, fast_hz, rate_hz, tmp);
        if (!out->vertical15_g || !out->vertical30_g) return GAIT_NOMEM;
    }
    if (trunk->forward_g) {
        double *forward_g = smoothed(trunk->forward_g, n, 20, rate_hz, tmp);
        out->forward_slope = slope(forward_g, n, rate_hz, tmp);
        if (!out->forward_slope) return GAIT_NOMEM;
    }
    return GAIT_OK;
}

static gait_status contacts_begin(const struct trunk *trunk, struct contact **contacts, size_t *n,
                                  struct arena *tmp)
{
    struct apex *apex;
    TRY(apexes_find(trunk, &apex, n, tmp));
    *contacts = ARENA_ZNEW(tmp, *n, struct contact);
    if (!*contacts) return GAIT_NOMEM;
    for (size_t i = 0; i < *n; i++) {
        (*contacts)[i].apex = (double)apex[i].at;
        (*contacts)[i].period = apex[i].period;
    }
    return GAIT_OK;
}

static size_t before(double index)
{
    return index > 0 ? (size_t)index : 0;
}

/* From the valley of the flight forwards: between impact and push the body may be as light again.
 */
static void see_strike(const struct levels *levels, const struct contact *contact,
                       struct shown *shown)
{
    size_t apex = (size_t)contact->apex, first = before(contact->apex - 0.75 * contact->period);
    size_t valley = argmin(levels->push5_g, first, apex + 1);
    double early = contact->apex - 0.35 * contact->period;
    int is_whole = contact->apex >= 0.75 * contact->period;
    shown->lightest_g = is_whole ? levels->push5_g[valley] : (double)NAN;
    shown->norm_rise = first_rise(levels->norm30_g, valley, apex + 1, 1);
    shown->vertical_rise = shown->braking = NAN;
    if (levels->vertical15_g)
        shown->vertical_rise = first_rise(levels->vertical15_g, valley, apex + 1, sacrum_loaded_g);
    if (levels->forward_slope && early >= 0)
        shown->braking = (double)argmin(levels->forward_slope, (size_t)early, apex);
}

/* The steepest fall of the slow push, if it lies inside the search. */
static double steepest_fall(const struct levels *levels, const struct contact *contact)
{
    size_t apex = (size_t)contact->apex;
    size_t end = (size_t)fmin(contact->apex + 0.5 * contact->period, (double)levels->n - 1);
    if ((double)(end - apex) < 0.2 * contact->period) return NAN;
    size_t steepest = argmin(levels->slow_slope, apex, end);
    if (steepest == apex || steepest + 1 >= end) return NAN;
    return (double)steepest;
}

/* Where the slowest copy of the vertical has lost most of its load: coarse, but always there. A
 * runner without flight never gets that light; then a fifth of the way up from the valley. */
static double unloading(const struct levels *levels, struct contact *contact)
{
    size_t apex = (size_t)contact->apex;
    size_t end = (size_t)fmin(contact->apex + 0.75 * contact->period, (double)levels->n);
    if (!levels->vertical30_g || end < apex + 2) return NAN;
    size_t valley = argmin(levels->push5_g, apex, end);
    double valley_g = levels->push5_g[valley], grounded_g = valley_g + 0.2 * (1 - valley_g);
    if (grounded_g > sacrum_unloaded_g) contact->toe_off_flags |= GAIT_FLAG_GROUNDED;
    return first_fall(levels->push5_g, apex, valley + 1, fmax(sacrum_unloaded_g, grounded_g));
}

static double weightlessness(const struct levels *levels, const struct contact *contact)
{
    size_t end = (size_t)fmin(contact->apex + 0.6 * contact->period, (double)levels->n);
    if (!levels->vertical30_g) return NAN;
    return first_fall(levels->vertical30_g, (size_t)contact->apex, end, sacrum_weightless_g);
}

static void look_around(const struct levels *levels, struct contact *contact)
{
    see_strike(levels, contact, &contact->shown);
    contact->shown.steepest = steepest_fall(levels, contact);
    contact->shown.unloading = unloading(levels, contact);
    contact->shown.weightless = weightlessness(levels, contact);
}

/* Who starts from standing pushes off without a strike before: nothing fell. */
static gait_status forget_first_pushes(struct contact *contact, size_t n, struct arena *tmp)
{
    double *light_g = ARENA_NEW(tmp, n, double);
    if (!light_g) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) light_g[i] = contact[i].shown.lightest_g;
    double usual_g = median(light_g, n, tmp), too_heavy_g = 0.5 * (usual_g + 1);
    for (size_t i = 0; i < n; i++) {
        struct shown *shown = &contact[i].shown;
        if (shown->lightest_g > too_heavy_g)
            shown->norm_rise = shown->vertical_rise = shown->braking = NAN;
    }
    return GAIT_OK;
}

/* How long a force shaped like half a sine, whose mean over a step is one body weight, takes to
 * carry the body (Morin et al. 2005, 10.1123/jab.21.2.167). */
static double sine_rise(const struct contact *contact)
{
    static const double pi = 3.14159265358979323846;
    double weight = 2 * contact->usual / (pi * contact->period); /* over the highest force */
    return contact->usual / pi * asin(fmin(weight, 1));
}

static double norm_strike(const struct contact *contact, double rate_hz)
{
    return contact->shown.norm_rise - sacrum_norm_delay_s * rate_hz;
}

static double vertical_strike(const struct contact *contact, double rate_hz)
{
    return contact->shown.vertical_rise - sacrum_rise_delay_s * rate_hz;
}

/* The norm is the sharper witness, but a sensor with an offset, or one that spins in flight, never
 * shows free fall; then it disagrees with the vertical. */
static int norm_can_be_trusted(const struct contact *contact, size_t n, double rate_hz)
{
    size_t agree = 0, both = 0;
    for (size_t i = 0; i < n; i++) {
        double vertical = vertical_strike(&contact[i], rate_hz);
        both += isfinite(vertical) != 0;
        agree += fabs(norm_strike(&contact[i], rate_hz) - vertical) <
                 sacrum_strike_agreement_s * rate_hz;
    }
    return both == 0 || 10 * agree >= 9 * both;
}

/* Two witnesses that are apart are not as sure as two that agree. */
static double doubted(double sd_s, double apart, double rate_hz)
{
    return hypot(sd_s, sacrum_doubt * apart / rate_hz);
}

/* A hard landing loads the body at once, a soft one like half a sine: the middle of both. */
static void find_strike(int trust_norm, double rate_hz, struct contact *contact)
{
    double norm = norm_strike(contact, rate_hz), vertical = vertical_strike(contact, rate_hz);
    double near = sacrum_strike_agreement_s * rate_hz, apart = fabs(norm - vertical);
    double fall = contact->shown.braking - sacrum_braking_delay_s * rate_hz;
    double loaded = isnan(vertical) || (trust_norm && apart < near) ? norm : vertical;
    if (isnan(loaded)) loaded = fall;
    contact->strike_sd_s = sacrum_strike_sd_s;
    if (fabs(fall - loaded) < sacrum_braking_agreement_s * rate_hz) {
        contact->strike_sd_s = doubted(sacrum_strike_sd_forward_s, fall - loaded, rate_hz);
        loaded = 0.5 * (loaded + fall);
    }
    if (isfinite(apart))
        contact->strike_sd_s = doubted(contact->strike_sd_s, fmin(apart, near), rate_hz);
    contact->strike = loaded - sacrum_softness * sine_rise(contact);
}

/* The two sharp landmarks count as far as the coarse one confirms them. */
static void find_toe_off(const struct levels *levels, struct contact *contact)
{
    double rate_hz = levels->rate_hz, near = sacrum_toe_off_agreement_s * rate_hz;
    double coarse = contact->shown.unloading + sacrum_unloading_lead_s * rate_hz;
    double steepest = contact->shown.steepest + levels->slow_lead_share * contact->usual;
    double weightless = contact->shown.weightless - sacrum_fall_delay_s * rate_hz;
    /* also when there is no coarse one */
    int has_steepest = isfinite(steepest) && !(fabs(steepest - coarse) >= near);
    int has_weightless = fabs(weightless - coarse) < near;
    double sd_s = levels->forward_slope ? sacrum_toe_off_sd_forward_s : sacrum_toe_off_sd_s;
    if (has_steepest && has_weightless) {
        contact->toe_off = steepest + sacrum_weightless_share * (weightless - steepest);
        sd_s = doubted(sd_s, weightless - steepest, rate_hz);
    } else if (isnan(coarse)) {
        contact->toe_off = steepest;
    } else if (has_steepest || has_weightless) {
        double sharp = has_steepest ? steepest : weightless;
        contact->toe_off = 0.5 * (coarse + sharp);
        sd_s = doubted(sd_s, sharp - coarse, rate_hz);
    } else {
        contact->toe_off = coarse;
        sd_s *= sacrum_coarse_sd_ratio;
    }
    contact->toe_off_sd_s = sd_s;
    if (isnan(coarse)) contact->toe_off_flags |= GAIT_FLAG_NO_ALIGNMENT;
}

static double likely_contact(const struct contact *contact, double duration)
{
    double low = sacrum_contact_share[0], high = sacrum_contact_share[1];
    return fmin(fmax(duration, low * contact->period), high * contact->period);
}

/* What lies between an event and where it shows depends on the contact time, and that on the
 * events: a few rounds settle it, each of which leaves less than half of what is wrong. */
static gait_status settle(const struct levels *levels, int trust_norm, struct contact *contact,
                          size_t n, struct arena *tmp)
{
    enum { ROUNDS = 6, NEIGHBOURS = 8 };
    double *each = ARENA_NEW(tmp, n, double), *usual = ARENA_NEW(tmp, n, double);
    if (!each || !usual) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) contact[i].usual = sacrum_usual_contact * contact[i].period;
    for (int round = 0; round <= ROUNDS; round++) {
        for (size_t i = 0; i < n; i++) {
            find_strike(trust_norm, levels->rate_hz, &contact[i]);
            find_toe_off(levels, &contact[i]);
            double duration = contact[i].toe_off - contact[i].strike;
            each[i] = isfinite(duration) ? likely_contact(&contact[i], duration) : contact[i].usual;
        }
        if (round == ROUNDS) break;
        running_median(each, usual, n, NEIGHBOURS, tmp);
        for (size_t i = 0; i < n; i++) contact[i].usual = likely_contact(&contact[i], usual[i]);
    }
    for (size_t i = 0; i < n; i++) {
        double share = (contact[i].toe_off - contact[i].strike) / contact[i].period;
        if (share < sacrum_contact_share[0] || share > sacrum_contact_share[1])
            contact[i].toe_off = NAN;
    }
    return GAIT_OK;
}

/* A strike that keeps time with neither neighbour is doubtful. */
static void judge_rhythm(struct contact *contact, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double period = contact[i].period, best = INFINITY;
        if (i > 0) best = fmin(best, fabs(contact[i].strike - contact[i - 1].strike - period));
        if (i + 1 < n) best = fmin(best, fabs(contact[i + 1].strike - contact[i].strike - period));
        contact[i].confidence = best <= sacrum_rhythm_share * period ? sacrum_sure : sacrum_unsure;
    }
}

/* Which steps belong together. Not which foot it is: the ground pushes the pelvis away from the
 * standing foot, but the pelvis that drops on the other side turns gravity the other way, and who
 * wins depends on the runner. */
static gait_status name_sides(const struct trunk *trunk, struct contact *contact, size_t n,
                              struct arena *tmp)
{
    struct heading heading;
    TRY(heading_find(trunk, &heading, tmp));
    if (heading.clearness <= 0) return GAIT_OK;
    double right[3];
    struct step_side *step = ARENA_NEW(tmp, n, struct step_side);
    if (!step) return GAIT_NOMEM;
    vec_cross(heading.forward, trunk->up, right);
    double rate_hz = trunk->signal->rate_hz;
    for (size_t i = 0; i < n; i++)
        step[i] = (struct step_side){(contact[i].apex - 0.4 * contact[i].period) / rate_hz,
                                     contact[i].period / rate_hz, GAIT_SIDE_UNKNOWN};
    TRY(sides_tell(trunk, right, 0, step, n, tmp));
    for (size_t i = 0; i < n; i++) contact[i].side = step[i].side;
    return GAIT_OK;
}

static gait_status tell(const struct contact *contact, double rate_hz, double shift_s,
                        struct event_list *found, struct arena *keep)
{
    gait_event strike = {.type = GAIT_FOOT_STRIKE,
                         .side = contact->side,
                         .time_s = contact->strike / rate_hz + shift_s,
                         .uncertainty_s = contact->strike_sd_s,
                         .confidence = contact->confidence,
                         .flags = contact->strike_flags};
    gait_event toe_off = {.type = GAIT_TOE_OFF,
                          .side = contact->side,
                          .time_s = contact->toe_off / rate_hz + shift_s,
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
    struct bout_signal thin;
    struct trunk trunk;
    struct levels levels;
    struct contact *contact;
    size_t n, step;
    TRY(signal_thin(signal, enough_hz, &thin, &step, tmp));
    TRY(trunk_prepare(&thin, &trunk, tmp));
    if (trunk.steps.n == 0) return GAIT_OK;
    TRY(contacts_begin(&trunk, &contact, &n, tmp));
    TRY(levels_make(&trunk, &levels, tmp));
    for (size_t i = 0; i < n; i++) look_around(&levels, &contact[i]);
    TRY(forget_first_pushes(contact, n, tmp));
    int trust_norm = norm_can_be_trusted(contact, n, thin.rate_hz);
    TRY(settle(&levels, trust_norm, contact, n, tmp));
    judge_rhythm(contact, n);
    TRY(name_sides(&trunk, contact, n, tmp));
    double shift_s = 0.5 * (double)(step - 1) / signal->rate_hz;
    for (size_t i = 0; i < n; i++) TRY(tell(&contact[i], thin.rate_hz, shift_s, found, keep));
    return GAIT_OK;
}

const struct detector detect_sacrum_run = {
    .pub = {.name = "sacrum-run",
            .about = "Free fall ends and begins: norm through 1 g, vertical to zero.",
            .source = "own; offsets from force-plate data of Alcantara et al. 2021, "
                      "doi 10.7717/peerj.11199, one runner",
            .placements = AT(GAIT_SACRUM) | AT(GAIT_WAIST),
            .activities = DURING(GAIT_RUN),
            .is_default = 1},
    .detect = find_contacts,
};
