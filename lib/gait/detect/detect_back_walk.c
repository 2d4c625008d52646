/* SPDX-License-Identifier: BSD-3-Clause */

/* Walking at the lower back or the waist. Steps come from the bends of the vertical speed; the
 * shape of each step and, where the forward axis can be found, the braking peak of Zijlstra and Hof
 * 2003 (10.1016/S0966-6362(02)00190-X) say when in it the foot landed, and the shape also when the
 * other foot left. */

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/detect/fitted.h"
#include "gait/detect/halt.h"
#include "gait/frame/heading.h"
#include "gait/detect/shape.h"
#include "gait/detect/sides.h"
#include "signal/peaks.h"
#include "signal/stats.h"

/* Everything known of one step. */
struct footfall {
    struct step step;
    struct shape shape;
    double period_s;
    double likeness;  /* of its shape to its neighbours' */
    double strike_s;  /* by bend and shape */
    double braking_s; /* by the forward axis; NaN: none near */
    double toe_off_s; /* of the other foot */
    gait_side side;
};

struct scene {
    struct walk walk;
    struct heading heading;
    double *smooth_g;  /* norm below 15 Hz */
    double *forward_g; /* NULL: no forward axis */
    struct footfall *step;
    size_t n;
    int phase_is_unsure;
    double usual_swing_s; /* NaN: no two steps follow each other */
    struct halt halt;
};

static double clip(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static double weighted(const struct shape *shape, const double weight[SHAPE_TERMS], double base)
{
    for (size_t k = 0; k < SHAPE_TERMS; k++) base += weight[k] * shape->term[k];
    return base;
}

static void place_by_shape(struct scene *scene)
{
    struct shape_waves waves;
    shape_waves_make(&waves);
    for (size_t k = 0; k < scene->n; k++) {
        struct footfall *f = &scene->step[k];
        f->step = scene->walk.steps[k];
        f->period_s = step_period_around(scene->walk.steps, scene->n, k);
        double start_s = f->step.time_s + strike_after_bend_s;
        shape_measure(&waves, scene->smooth_g, scene->walk.signal.n, start_s, f->period_s,
                      &f->shape);
        double late_ms = weighted(&f->shape, back_strike_ms, back_strike_base_ms);
        double swing_ms = weighted(&f->shape, back_toe_off_ms, back_toe_off_base_ms);
        f->strike_s = start_s + 1e-3 * clip(late_ms, -80, 80);
        f->toe_off_s = start_s + 1e-3 * clip(swing_ms, 50, 350);
        f->braking_s = NAN;
    }
}

/* How like the mean of its neighbours each step is. */
static void compare_with_neighbours(struct scene *scene)
{
    enum { REACH = 6 };
    for (size_t k = 0; k < scene->n; k++) {
        double usual[SHAPE_POINTS] = {0};
        size_t from = k > REACH ? k - REACH : 0;
        size_t to = k + REACH + 1 < scene->n ? k + REACH + 1 : scene->n;
        for (size_t j = from; j < to; j++)
            for (size_t p = 0; p < SHAPE_POINTS; p++) usual[p] += scene->step[j].shape.look[p];
        double r = correlation(scene->step[k].shape.look, usual, SHAPE_POINTS);
        scene->step[k].likeness = isnan(r) ? 0 : r;
    }
}

/* Gives a braking peak to the step it is nearest to. */
static void offer_braking(struct scene *scene, double peak_s)
{
    struct footfall *nearest = &scene->step[0];
    for (size_t k = 1; k < scene->n; k++)
        if (fabs(scene->step[k].strike_s - peak_s) < fabs(nearest->strike_s - peak_s))
            nearest = &scene->step[k];
    double off_s = fabs(peak_s - nearest->strike_s);
    if (off_s >= back_braking_reach_s || fabs(nearest->braking_s - nearest->strike_s) <= off_s)
        return;
    nearest->braking_s = peak_s;
}

/* The peak of forward acceleration before its slow part falls through zero. */
static gait_status place_by_braking(struct scene *scene, struct arena *tmp)
{
    enum { BACK = STEP_RATE_HZ * 15 / 100 };
    size_t n = scene->walk.signal.n;
    double step_hz = 1 / step_track_median(&scene->walk.trunk.steps, tmp);
    const double *slow = smoothed(scene->forward_g, n, 1.2 * step_hz, STEP_RATE_HZ, tmp);
    const double *fast = smoothed(scene->forward_g, n, 20, STEP_RATE_HZ, tmp);
    if (!slow || !fast) return GAIT_NOMEM;
    for (size_t i = 1; i < n && scene->n; i++) {
        if (!(slow[i - 1] > 0 && slow[i] <= 0)) continue;
        size_t peak = argmax(fast, i > BACK ? i - BACK : 0, i + 1);
        offer_braking(scene, (double)peak / STEP_RATE_HZ + back_braking_delay_s);
    }
    return GAIT_OK;
}

static gait_status name_sides(struct scene *scene, struct arena *tmp)
{
    const struct trunk *trunk = &scene->walk.trunk;
    double right[3];
    struct step_side *side = ARENA_NEW(tmp, scene->n, struct step_side);
    if (!side) return GAIT_NOMEM;
    vec_cross(scene->heading.forward, trunk->up, right);
    for (size_t k = 0; k < scene->n; k++)
        side[k] = (struct step_side){scene->step[k].strike_s, scene->step[k].step.period_s,
                                     GAIT_SIDE_UNKNOWN};
    TRY(sides_tell(trunk, right, scene->heading.is_given, side, scene->n, tmp));
    for (size_t k = 0; k < scene->n; k++) scene->step[k].side = side[k].side;
    return GAIT_OK;
}

static gait_status use_heading(struct scene *scene, struct arena *tmp)
{
    size_t n = scene->walk.signal.n;
    TRY(heading_find(&scene->walk.trunk, &scene->heading, tmp));
    if (scene->heading.clearness <= 0) return GAIT_OK;
    scene->forward_g = ARENA_NEW(tmp, n, double);
    if (!scene->forward_g) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++)
        scene->forward_g[i] = vec_dot(scene->walk.signal.accel_g + 3 * i, scene->heading.forward);
    double mean_g = mean(scene->forward_g, n);
    for (size_t i = 0; i < n; i++) scene->forward_g[i] -= mean_g;
    TRY(place_by_braking(scene, tmp));
    return name_sides(scene, tmp);
}

/* How far the intervals on both sides are from the usual one, as a share of it. */
static double irregularity(const struct scene *scene, size_t k)
{
    const struct footfall *f = &scene->step[k];
    double sum = 0;
    if (k > 0) sum += fabs((f->step.time_s - f[-1].step.time_s) / f->period_s - 1);
    if (k + 1 < scene->n) sum += fabs((f[1].step.time_s - f->step.time_s) / f->period_s - 1);
    return fmin(sum, 1);
}

/* Slow gait, or steps unlike each other: the steps are there, but when in them the foot lands is
 * another matter. */
static gait_status find_unsure(struct scene *scene, struct arena *tmp)
{
    double *like = ARENA_NEW(tmp, scene->n, double), *period = ARENA_NEW(tmp, scene->n, double);
    if (!like || !period) return GAIT_NOMEM;
    for (size_t k = 0; k < scene->n; k++) {
        like[k] = scene->step[k].likeness;
        period[k] = scene->step[k].period_s;
    }
    scene->phase_is_unsure = scene->n == 0 ||
                             median_inplace(like, scene->n) < back_least_likeness ||
                             median_inplace(period, scene->n) > back_slowest_sure_period_s;
    return GAIT_OK;
}

static double best_strike(const struct footfall *f)
{
    const double share = back_braking_share;
    return isnan(f->braking_s) ? f->strike_s : (1 - share) * f->strike_s + share * f->braking_s;
}

static double weakness(const struct footfall *f)
{
    return 1 - fmin(f->step.strength, 1);
}

/* That it is a step at all. */
static double reality(const struct scene *scene, size_t k)
{
    const struct footfall *f = &scene->step[k];
    const struct back_doubt *cost = &back_log_odds_cost;
    double odds = back_log_odds - cost->weak * weakness(f) - cost->unlike * (1 - f->likeness) -
                  cost->irregular * irregularity(scene, k);
    return 1 / (1 + exp(-odds));
}

/* That there is such an event within 50 ms: it is a step, and its time is not further off. */
static double confidence(const struct scene *scene, size_t k, double sd_s)
{
    double real = reality(scene, k), near = erf(0.05 / (sd_s * sqrt(2)));
    return fmin(real * near, scene->phase_is_unsure ? back_unsure_confidence : 1);
}

static double strike_sd_s(const struct scene *scene, size_t k)
{
    const struct footfall *f = &scene->step[k];
    const struct back_doubt *more = &back_strike_sd_ms;
    double apart_s = isnan(f->braking_s) ? back_braking_reach_s : fabs(f->braking_s - f->strike_s);
    double sd_ms = more->least + more->weak * weakness(f) + more->unlike * (1 - f->likeness) +
                   back_apart_sd_ms_per_s * apart_s;
    double sd_s = 1e-3 * hypot(sd_ms, back_person_sd_ms);
    return fmax(sd_s, scene->phase_is_unsure ? back_unsure_sd_s : 0);
}

static double toe_off_sd_s(const struct scene *scene, size_t k)
{
    const struct footfall *f = &scene->step[k];
    const struct back_doubt *more = &back_toe_off_sd_ms;
    double sd_ms = more->least + more->weak * weakness(f) + more->unlike * (1 - f->likeness) +
                   more->irregular * irregularity(scene, k);
    double sd_s = 1e-3 * hypot(sd_ms, back_toe_off_meaning_sd_ms);
    return fmax(sd_s, scene->phase_is_unsure ? back_unsure_sd_s : 0);
}

static gait_side opposite(gait_side side)
{
    static const gait_side pairs[][2] = {{GAIT_LEFT, GAIT_RIGHT}, {GAIT_STEP_A, GAIT_STEP_B}};
    for (size_t k = 0; k < 2; k++) {
        if (side == pairs[k][0]) return pairs[k][1];
        if (side == pairs[k][1]) return pairs[k][0];
    }
    return side;
}

/* No step comes shortly before. */
static int begins_walk(const struct scene *scene, size_t k)
{
    const struct footfall *f = &scene->step[k];
    return k == 0 || f->step.time_s - f[-1].step.time_s > back_pause_periods * f->period_s;
}

/* Before the first step the trunk is pushed over to the foot that stays, which looks like a weak
 * step: the other foot is leaving. */
static int is_push(const struct scene *scene, size_t k)
{
    return k + 1 < scene->n && begins_walk(scene, k) && !begins_walk(scene, k + 1) &&
           reality(scene, k) < back_push_reality && reality(scene, k) < reality(scene, k + 1);
}

/* From the toe-off of a foot to its strike. */
static gait_status find_usual_swing(struct scene *scene, struct arena *tmp)
{
    double *swing_s = ARENA_NEW(tmp, scene->n, double);
    size_t n = 0;
    if (!swing_s) return GAIT_NOMEM;
    for (size_t k = 0; k + 1 < scene->n; k++)
        if (!begins_walk(scene, k + 1))
            swing_s[n++] = best_strike(&scene->step[k + 1]) - scene->step[k].toe_off_s;
    scene->usual_swing_s = n ? median_inplace(swing_s, n) : (double)NAN;
    return GAIT_OK;
}

/* The first step's own foot left as long before its strike as it does later on. */
static gait_status tell_first_toe_off(const struct scene *scene, size_t k, struct event_list *found,
                                      struct arena *keep)
{
    const struct footfall *f = &scene->step[k];
    double time_s = best_strike(f) - scene->usual_swing_s;
    if (!(time_s > 0)) return GAIT_OK;
    gait_event toe_off = {.type = GAIT_TOE_OFF,
                          .side = f->side,
                          .time_s = time_s,
                          .uncertainty_s = fmax(back_first_toe_off_sd_s, toe_off_sd_s(scene, k))};
    toe_off.confidence = confidence(scene, k, toe_off.uncertainty_s);
    return event_push(found, &toe_off, keep);
}

/* An event that is less likely adds less to F1 than it takes away. */
static int is_told(const struct scene *scene, size_t k)
{
    return !is_push(scene, k) && reality(scene, k) >= back_least_reality;
}

/* What follows a step; CLOSING_UNSEEN if that is another one. */
static enum closing what_follows(const struct scene *scene, size_t k, double *time_s)
{
    const struct footfall *f = &scene->step[k];
    size_t next = k + 1;
    while (next < scene->n && is_push(scene, next)) next++;
    if (next < scene->n &&
        scene->step[next].step.time_s - f->step.time_s <= back_pause_periods * f->period_s)
        return CLOSING_UNSEEN;
    return closing_find(&scene->halt, best_strike(f), f->period_s, time_s);
}

static gait_status tell_strike(const struct scene *scene, size_t k, struct event_list *found,
                               struct arena *keep)
{
    gait_event strike = {.type = GAIT_FOOT_STRIKE,
                         .side = scene->step[k].side,
                         .time_s = best_strike(&scene->step[k]),
                         .uncertainty_s = strike_sd_s(scene, k)};
    strike.confidence = confidence(scene, k, strike.uncertainty_s);
    return event_push(found, &strike, keep);
}

/* Of the foot behind, after the step's strike. */
static gait_status tell_toe_off(const struct scene *scene, size_t k, struct event_list *found,
                                struct arena *keep)
{
    const struct footfall *f = &scene->step[k];
    gait_event toe_off = {.type = GAIT_TOE_OFF,
                          .side = opposite(f->side),
                          .time_s = f->toe_off_s,
                          .uncertainty_s = toe_off_sd_s(scene, k)};
    toe_off.confidence = confidence(scene, k, toe_off.uncertainty_s);
    return event_push(found, &toe_off, keep);
}

/* A step of which only its vibration is seen. */
static gait_status tell_closing(double time_s, gait_side side, double real,
                                struct event_list *found, struct arena *keep)
{
    gait_event strike = {.type = GAIT_FOOT_STRIKE,
                         .side = side,
                         .time_s = time_s,
                         .uncertainty_s = back_closing_sd_s,
                         .confidence = real * erf(0.05 / (back_closing_sd_s * sqrt(2)))};
    return event_push(found, &strike, keep);
}

/* The step's strike and the toe-off of the foot behind; no foot leaves after the last step. */
static gait_status tell(const struct scene *scene, size_t k, struct event_list *found,
                        struct arena *keep)
{
    double closing_s;
    enum closing closing = what_follows(scene, k, &closing_s);
    TRY(tell_strike(scene, k, found, keep));
    if (closing != CLOSING_NONE) TRY(tell_toe_off(scene, k, found, keep));
    if (closing != CLOSING_STEP) return GAIT_OK;
    double real = back_closing_reality * reality(scene, k);
    return tell_closing(closing_s, opposite(scene->step[k].side), real, found, keep);
}

/* How much the norm spreads around an instant. */
static double spread_g(const struct bout_signal *signal, double time_s)
{
    static const double reach_s = 0.6;
    double from = fmax(time_s - reach_s, 0) * signal->rate_hz;
    double to = fmin((time_s + reach_s) * signal->rate_hz, (double)signal->n);
    double sum = 0, square = 0, count = 0;
    for (size_t i = (size_t)from; (double)i < to; i++, count++) {
        double g = vec_norm(signal->accel_g + 3 * i);
        sum += g;
        square += g * g;
    }
    return count > 0 ? sqrt(fmax(0, square / count - sum / count * sum / count)) : 0;
}

/* Movement in the walk and after it that no step explains, counted in steps. */
static double unexplained(const struct scene *scene, const struct bout_signal *signal,
                          struct arena *tmp)
{
    static const double look_s = 0.1;
    double period_s = step_track_median(&scene->walk.trunk.steps, tmp), sum_s = 0;
    double reach_s = fmax(back_explained_s, period_s), end_s = (double)signal->n / signal->rate_hz;
    size_t k = 0;
    for (double t = 0.5 * look_s; t < end_s; t += look_s) {
        while (k < scene->n && (is_push(scene, k) || best_strike(&scene->step[k]) < t - reach_s))
            k++;
        int explained = k < scene->n && best_strike(&scene->step[k]) < t + reach_s;
        if (!explained && spread_g(signal, t) > back_moving_sd_g) sum_s += look_s;
    }
    return sum_s / period_s;
}

static gait_status find_evidence(const struct scene *scene, const struct bout_signal *signal,
                                 struct walk_evidence *out, struct arena *tmp)
{
    double *interval_s = ARENA_NEW(tmp, scene->n, double);
    size_t n = 0;
    if (!interval_s) return GAIT_NOMEM;
    for (size_t k = 1; k < scene->n; k++)
        if (!is_push(scene, k - 1))
            interval_s[n++] = best_strike(&scene->step[k]) - best_strike(&scene->step[k - 1]);
    *out = (struct walk_evidence){.is_known = 1,
                                  .wrong = unexplained(scene, signal, tmp) / (double)scene->n,
                                  .odd = share_unlike(interval_s, n, back_odd_step)};
    return GAIT_OK;
}

/* The walk itself. What comes after it has no rhythm to find steps by: of ten that were told, four
 * were none. */
static struct bout_signal walk_alone(const struct bout_signal *signal)
{
    struct bout_signal walk = *signal;
    double end = (signal->bout_end_s + back_late_s) * signal->rate_hz;
    if (end < (double)walk.n) walk.n = (size_t)end;
    return walk;
}

static gait_status find(const struct bout_signal *signal, struct event_list *found,
                        struct arena *keep, struct arena *tmp)
{
    struct scene scene = {.n = 0};
    struct bout_signal alone = walk_alone(signal);
    TRY(walk_prepare(&alone, &scene.walk, tmp));
    scene.n = scene.walk.n_steps;
    if (scene.n == 0) return GAIT_OK;
    scene.step = ARENA_ZNEW(tmp, scene.n, struct footfall);
    scene.smooth_g = smoothed(scene.walk.trunk.norm_g, scene.walk.signal.n, 15, STEP_RATE_HZ, tmp);
    if (!scene.step || !scene.smooth_g) return GAIT_NOMEM;
    TRY(halt_prepare(&scene.walk.signal, &scene.halt, tmp));
    place_by_shape(&scene);
    compare_with_neighbours(&scene);
    TRY(use_heading(&scene, tmp));
    TRY(find_unsure(&scene, tmp));
    TRY(find_usual_swing(&scene, tmp));
    for (size_t k = 0; k < scene.n; k++) {
        if (!is_told(&scene, k)) continue;
        if (begins_walk(&scene, k) || is_push(&scene, k - 1))
            TRY(tell_first_toe_off(&scene, k, found, keep));
        TRY(tell(&scene, k, found, keep));
    }
    return find_evidence(&scene, signal, &found->evidence, tmp);
}

const struct detector detect_back_walk = {
    .pub = {.name = "back-walk",
            .about = "Bends of the vertical speed, timed by step shape and braking; the last step "
                     "before a halt by vibration.",
            .source = "own; shape weights from data of Voisard et al., IPOL 2023/497, ten people",
            .placements = AT(GAIT_SACRUM) | AT(GAIT_WAIST),
            .activities = DURING(GAIT_WALK),
            .is_default = 1},
    .detect = find,
    .walk_reliability = &back_walk_reliability,
    .after_walk = AFTER_WALK_SEEN,
};
