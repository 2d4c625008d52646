/* SPDX-License-Identifier: BSD-3-Clause */

/* A foot sensor, walking or running: local scores learned from examples, then the best sequence of
 * stances and swings (hsmm.h). In walking the moments so found are moved to landmarks of the signal
 * itself, which repeat better from person to person than the learned score. Then all are moved
 * until the strides look most like their mean. */

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/detect/fitted.h"
#include "gait/detect/foot_level.h"
#include "gait/detect/foot_model.h"
#include "gait/detect/foot_scores.h"
#include "gait/detect/foot_trust.h"
#include "gait/detect/selfalign.h"
#include "signal/filter.h"
#include "signal/peaks.h"
#include "signal/stats.h"

#define ROWS(x) (sizeof(x) / sizeof *(x))
#define MODEL(name) \
    .n_streams = ROWS((name##_weight)[0]), .n_taps = ROWS((name##_weight)[0][0]), .tap_step = 3, \
    .weight = &(name##_weight)[0][0][0], .bias = (name##_bias)

/* Durations in samples of 10 ms. A swing costs less than nothing because the scores are log odds of
 * an event at one single sample, about 1 in 100 to begin with. */
static const struct hsmm walk_decode = {.stance_weight = 0.1,
                                        .stance_clip = 4,
                                        .typical_swing = 45,
                                        .swing_spread = 0.35,
                                        .swing_weight = 0.5,
                                        .swing_cost = -14,
                                        .swing_min = 20,
                                        .swing_max = 110,
                                        .stance_min = 18};
static const struct hsmm run_decode = {.stance_weight = 0.05,
                                       .stance_clip = 4,
                                       .typical_swing = 47,
                                       .swing_spread = 0.2,
                                       .swing_weight = 0.5,
                                       .swing_cost = -9,
                                       .swing_min = 28,
                                       .swing_max = 75,
                                       .stance_min = 11};

/* The signals that landmarks are read from, at 100 Hz. */
struct landmarks {
    size_t n;
    const double *jerk;      /* g/s */
    const double *pitch_dps; /* below 12 Hz, heel rising positive; NULL without gyroscope */
};

static gait_status landmarks_make(const struct foot_grid *grid, const struct foot_axes *axes,
                                  struct landmarks *out, struct arena *tmp)
{
    size_t n = grid->n;
    double *slope = arena_alloc(tmp, n, 3 * sizeof *slope);
    double *jerk = ARENA_NEW(tmp, n, double);
    if (!slope || !jerk) return GAIT_NOMEM;
    derivative(grid->accel_g, slope, n, 3, FOOT_RATE_HZ);
    for (size_t i = 0; i < n; i++) jerk[i] = vec_norm(slope + 3 * i);
    *out = (struct landmarks){.n = n, .jerk = jerk};
    if (!grid->gyro_dps) return GAIT_OK;

    double *pitch = ARENA_NEW(tmp, n, double);
    if (!pitch) return GAIT_NOMEM;
    foot_pitch_rate(grid, axes, pitch);
    struct filter smooth = lowpass(12, FOOT_RATE_HZ, 2);
    TRY(filtfilt(&smooth, pitch, pitch, n, 1, tmp));
    out->pitch_dps = pitch;
    return GAIT_OK;
}

static size_t clamp_index(size_t at, int shift, size_t n)
{
    ptrdiff_t i = (ptrdiff_t)at + shift;
    if (i < 0) return 0;
    return (size_t)i < n ? (size_t)i : n - 1;
}

/* The middle of the jerk around the event and, with a gyroscope, the fastest heel rise (toe-off) or
 * foot slap (strike). Seconds. */
static double landmark_s(const struct landmarks *l, const struct foot_landmark_rule *rule,
                         size_t at)
{
    size_t from = clamp_index(at, rule->jerk_from, l->n), to = clamp_index(at, rule->jerk_to, l->n);
    double sum = 1e-9, moment = 1e-9 * (double)at;
    for (size_t i = from; i < to; i++) {
        sum += l->jerk[i];
        moment += l->jerk[i] * (double)i;
    }
    double jerk_s = moment / sum / FOOT_RATE_HZ;
    if (!l->pitch_dps) return jerk_s - rule->jerk_delay_s;
    from = clamp_index(at, rule->pitch_from, l->n);
    to = clamp_index(at, rule->pitch_to, l->n);
    if (from >= to) return jerk_s - rule->jerk_delay_s;
    double peak = parabolic(l->pitch_dps, l->n, argmax(l->pitch_dps, from, to), NULL);
    return 0.5 * (jerk_s + peak / FOOT_RATE_HZ) - rule->both_delay_s;
}

/* Everything decoded in one window. */
struct decoded {
    const struct bout_signal *signal;
    struct foot_grid grid;
    struct foot_axes axes;
    struct hsmm_scores scores;
    struct landmarks landmarks; /* walking only */
    struct foot_events *events;
};

static const double *score_of(const struct decoded *d, gait_event_type type)
{
    return type == GAIT_FOOT_STRIKE ? d->scores.strike : d->scores.toe_off;
}

static double when_s(const struct decoded *d, gait_event_type type, size_t at)
{
    int is_strike = type == GAIT_FOOT_STRIKE;
    if (d->signal->activity == GAIT_WALK)
        return landmark_s(&d->landmarks, is_strike ? &foot_strike_rule : &foot_toe_off_rule, at);
    return parabolic(score_of(d, type), d->grid.n, at, NULL) / FOOT_RATE_HZ;
}

/* The events of one kind, brought together on what the shoe does around them. How far most had to
 * move goes to *moved_s: scores that point at two moments of the stride leave the whole group in
 * doubt. */
static gait_status agree(const struct track *track, const struct selfalign_rules *rules,
                         struct foot_event *event, size_t n, double *moved_s, struct arena *tmp)
{
    static const double most = 0.84; /* one standard deviation */
    double *time_s = ARENA_NEW(tmp, n, double), *likeness = ARENA_NEW(tmp, n, double);
    double *move_s = ARENA_NEW(tmp, n, double);
    size_t m = 0, k = 0;
    if (!time_s || !likeness || !move_s) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++)
        if (event[i].at != HSMM_OUTSIDE) time_s[m++] = event[i].time_s;
    TRY(selfalign(track, rules, SELFALIGN_MEAN, time_s, NULL, m, tmp));
    TRY(selfalign(track, rules, SELFALIGN_MEDIAN, time_s, likeness, m, tmp));
    for (size_t i = 0; i < n; i++) {
        if (event[i].at == HSMM_OUTSIDE) continue;
        move_s[k] = fabs(time_s[k] - event[i].time_s);
        event[i].likeness = likeness[k];
        event[i].time_s = time_s[k++];
    }
    *moved_s = m ? quantile_inplace(move_s, m, most) : 0;
    return GAIT_OK;
}

static const struct selfalign_rules *alike_rules(const struct decoded *d)
{
    if (d->signal->activity == GAIT_RUN) return &foot_run_alike;
    return d->landmarks.pitch_dps ? &foot_walk_gyro_alike : &foot_walk_alike;
}

/* All toe-offs at once, by the push before them; one that a gyroscope has helped to place knows
 * when the heel rises. */
static gait_status move_toe_offs(const struct decoded *d, const struct track *track,
                                 struct arena *tmp)
{
    const struct foot_level *rule = &foot_walk_toe_off_level;
    struct foot_event *event = d->events->of[GAIT_TOE_OFF];
    double *time_s = ARENA_NEW(tmp, d->events->n_swings, double), level;
    size_t n = 0;
    if (!time_s) return GAIT_NOMEM;
    for (size_t i = 0; i < d->events->n_swings; i++)
        if (event[i].at != HSMM_OUTSIDE) time_s[n++] = event[i].time_s;
    TRY(foot_level_read(rule, track, d->axes.forward, time_s, n, &level, tmp));
    d->events->level_g = level / d->axes.one_g;
    d->events->late_s = foot_level_late_s(rule, d->events->level_g);
    for (size_t i = 0; i < d->events->n_swings; i++) event[i].time_s -= d->events->late_s;
    return GAIT_OK;
}

static gait_status place(struct decoded *d, const struct selfalign_rules *rules, struct arena *tmp)
{
    double *low_g = ARENA_NEW(tmp, 3 * d->grid.n, double);
    if (!low_g) return GAIT_NOMEM;
    struct filter smooth = lowpass(30, FOOT_RATE_HZ, 2);
    TRY(filtfilt(&smooth, d->grid.accel_g, low_g, d->grid.n, 3, tmp));
    struct track track = {low_g, d->grid.n, 3, FOOT_RATE_HZ};
    for (gait_event_type type = GAIT_FOOT_STRIKE; type <= GAIT_TOE_OFF; type++) {
        struct foot_event *event = d->events->of[type];
        size_t n = d->events->n_swings;
        for (size_t i = 0; i < n; i++)
            if (event[i].at != HSMM_OUTSIDE) event[i].time_s = when_s(d, type, event[i].at);
        TRY(agree(&track, rules, event, n, &d->events->moved_s[type], tmp));
    }
    int by_jerk_alone = d->signal->activity == GAIT_WALK && !d->landmarks.pitch_dps;
    return by_jerk_alone ? move_toe_offs(d, &track, tmp) : GAIT_OK;
}

static const struct foot_model *model_of(const struct bout_signal *signal, int use_gyro)
{
    static const struct foot_model walk = {MODEL(foot_walk), .decode = &walk_decode};
    static const struct foot_model run = {MODEL(foot_run), .decode = &run_decode};
    static const struct foot_model run_gyro = {MODEL(foot_run_gyro), .decode = &run_decode};
    if (signal->activity == GAIT_WALK) return &walk;
    return use_gyro ? &run_gyro : &run;
}

/* What is known of the walk over all sequences that might have been decoded. */
static gait_status weigh(const struct decoded *d, struct arena *tmp)
{
    size_t n = d->grid.n;
    double *strike = ARENA_NEW(tmp, n, double), *toe_off = ARENA_NEW(tmp, n, double);
    const double *const probability[2] = {strike, toe_off};
    if (!strike || !toe_off) return GAIT_NOMEM;
    TRY(hsmm_chances(model_of(d->signal, 0)->decode, &d->scores, n, foot_evidence_share, strike,
                     toe_off, tmp));
    foot_take_chances(d->events, probability, n, FOOT_RATE_HZ);
    return foot_weigh_walk(d->events, probability, n, tmp);
}

/* A sensor at rest has neither swings nor a stance to learn from. */
static int moves(const struct foot_streams *streams)
{
    const double least = log(0.15);
    for (size_t i = 0; i < streams->n; i++)
        if (streams->at[FOOT_DEVIATION][i] > least) return 1;
    return 0;
}

static struct foot_event event_at(size_t at, const double *score)
{
    struct foot_event event = {.at = at, .time_s = NAN, .likeness = NAN};
    if (at != HSMM_OUTSIDE) event.score = score[at];
    return event;
}

static gait_status take_events(struct decoded *d, const struct swing *swings, size_t n,
                               struct arena *tmp)
{
    struct foot_event *strike = ARENA_NEW(tmp, n, struct foot_event);
    struct foot_event *toe_off = ARENA_NEW(tmp, n, struct foot_event);
    if (!strike || !toe_off) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        strike[i] = event_at(swings[i].strike, d->scores.strike);
        toe_off[i] = event_at(swings[i].toe_off, d->scores.toe_off);
    }
    *d->events = (struct foot_events){.n_swings = n,
                                      .of = {strike, toe_off},
                                      .level_g = (double)NAN,
                                      .has_gyro = d->grid.gyro_dps != NULL,
                                      .may_be_reversed = d->axes.may_be_reversed};
    return GAIT_OK;
}

static gait_status decode(struct decoded *d, int use_gyro, struct arena *tmp)
{
    const struct foot_model *model = model_of(d->signal, use_gyro);
    struct foot_streams streams;
    TRY(foot_grid_make(d->signal, &d->grid, tmp));
    if (!use_gyro) d->grid.gyro_dps = NULL;
    if (d->grid.n < 3) return GAIT_OK;
    int walking = d->signal->activity == GAIT_WALK;
    TRY(foot_streams_make(&d->grid, d->signal->activity, use_gyro && !walking, &streams, &d->axes,
                          tmp, tmp));
    if (walking) TRY(landmarks_make(&d->grid, &d->axes, &d->landmarks, tmp));
    if (!moves(&streams)) return GAIT_OK;
    TRY(foot_score(model, &streams, &d->scores, tmp, tmp));
    struct swing *swings;
    size_t n_swings;
    TRY(hsmm_decode(model->decode, &d->scores, d->grid.n, &swings, &n_swings, tmp, tmp));
    return take_events(d, swings, n_swings, tmp);
}

gait_status foot_events_find(const struct bout_signal *signal, int use_gyro,
                             const struct selfalign_rules *alike, struct foot_events *events,
                             struct arena *tmp)
{
    struct decoded d = {.signal = signal, .events = events};
    *events = (struct foot_events){0};
    TRY(decode(&d, use_gyro && signal->gyro_dps, tmp));
    if (events->n_swings == 0) return GAIT_OK;
    TRY(place(&d, alike ? alike : alike_rules(&d), tmp));
    return signal->activity == GAIT_WALK ? weigh(&d, tmp) : GAIT_OK;
}

/* What is right too seldom is not told: it would cost more than it gives. */
static gait_status tell(const struct bout_signal *signal, const struct foot_events *events,
                        gait_event_type type, size_t i, struct event_list *found,
                        struct arena *keep)
{
    const struct foot_event *from = &events->of[type][i];
    if (from->at == HSMM_OUTSIDE) return GAIT_OK;
    int walking = signal->activity == GAIT_WALK;
    const struct foot_spread *spread =
        walking ? &foot_walk_spread[events->has_gyro][type] : &foot_run_spread;
    double log_odds = foot_log_odds(walking ? &foot_walk_trust[type] : &foot_run_trust, from);
    double confidence = 1 / (1 + exp(-log_odds));
    double moved_s = walking ? 0 : events->moved_s[type]; /* the spread in walking has it in it */
    if (walking && confidence < foot_least_confidence) return GAIT_OK;
    if (events->may_be_reversed) moved_s = hypot(moved_s, foot_reversed_sd_s);
    gait_event event = {.type = type,
                        .side = signal->options->side,
                        .time_s = from->time_s,
                        .uncertainty_s = hypot(foot_sd_s(spread, log_odds), moved_s),
                        .confidence = confidence};
    return event_push(found, &event, keep);
}

static gait_status detect(const struct bout_signal *signal, int use_gyro, struct event_list *found,
                          struct arena *keep, struct arena *tmp)
{
    struct foot_events events;
    TRY(foot_events_find(signal, use_gyro, NULL, &events, tmp));
    found->evidence = events.evidence;
    for (size_t i = 0; i < events.n_swings; i++) {
        TRY(tell(signal, &events, GAIT_TOE_OFF, i, found, keep));
        TRY(tell(signal, &events, GAIT_FOOT_STRIKE, i, found, keep));
    }
    return GAIT_OK;
}

static gait_status detect_gyro(const struct bout_signal *signal, struct event_list *found,
                               struct arena *keep, struct arena *tmp)
{
    return detect(signal, 1, found, keep, tmp);
}

static gait_status detect_accel(const struct bout_signal *signal, struct event_list *found,
                                struct arena *keep, struct arena *tmp)
{
    return detect(signal, 0, found, keep, tmp);
}

static const char source[] =
    "Local scores learned on simulated runners and on replays of one recorded walk (gaitmap, MIT "
    "licence), semi-Markov decoding.";

const struct detector detect_foot_gyro = {
    {.name = "foot-gyro",
     .about = "Learned strike, toe-off and stance scores of accelerometer and gyroscope, best "
              "sequence of stances and swings",
     .source = source,
     .placements = AT(GAIT_FOOT),
     .activities = DURING(GAIT_WALK) | DURING(GAIT_RUN),
     .needs_gyro = 1,
     .is_default = 1},
    detect_gyro,
    &foot_walk_reliability,
    AFTER_WALK_TOLD};

const struct detector detect_foot = {
    {.name = "foot",
     .about = "Learned strike, toe-off and stance scores of the accelerometer alone, best sequence "
              "of stances and swings",
     .source = source,
     .placements = AT(GAIT_FOOT),
     .activities = DURING(GAIT_WALK) | DURING(GAIT_RUN),
     .is_default = 1},
    detect_accel,
    &foot_walk_reliability,
    AFTER_WALK_TOLD};
