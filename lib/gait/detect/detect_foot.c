/* SPDX-License-Identifier: BSD-3-Clause */

/* A foot sensor, walking or running: local scores learned from examples, then the best sequence of
 * stances and swings (hsmm.h). In walking the moments so found are moved to landmarks of the signal
 * itself, which repeat better from person to person than the learned score. Then all are moved
 * until the strides look most like their mean. */

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/detect/fitted.h"
#include "gait/detect/foot_model.h"
#include "gait/detect/foot_scores.h"
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
    struct swing *swings;
    size_t n_swings;
    double *strike_s, *toe_off_s;           /* of each swing; NaN: outside */
    double strike_moved_s, toe_off_moved_s; /* running: how far they did not agree */
    struct landmarks landmarks;             /* walking only */
};

static double when_s(const struct decoded *d, gait_event_type type, size_t at)
{
    int is_strike = type == GAIT_FOOT_STRIKE;
    if (d->signal->activity == GAIT_WALK)
        return landmark_s(&d->landmarks, is_strike ? &foot_strike_rule : &foot_toe_off_rule, at);
    const double *score = is_strike ? d->scores.strike : d->scores.toe_off;
    return parabolic(score, d->grid.n, at, NULL) / FOOT_RATE_HZ;
}

static const struct foot_trust *trust_of(const struct decoded *d, gait_event_type type)
{
    if (d->signal->activity != GAIT_WALK) return &foot_run_trust;
    return type == GAIT_FOOT_STRIKE ? &foot_walk_strike_trust : &foot_walk_toe_off_trust;
}

static double confidence_of(const struct foot_trust *trust, double log_odds)
{
    return 1 / (1 + exp(-(trust->even_log_odds + trust->slope * log_odds)));
}

static double sd_of(const struct foot_trust *trust, double log_odds)
{
    double share =
        (trust->sure_log_odds - log_odds) / (trust->sure_log_odds - trust->unsure_log_odds);
    share = fmin(fmax(share, 0), 1);
    return trust->best_sd_s + share * (trust->worst_sd_s - trust->best_sd_s);
}

/* One kind of event, brought together on what the shoe does around it. How far most had to move
 * goes to *moved_s: scores that point at two moments of the stride leave the whole group in doubt.
 */
static gait_status agree(const struct track *track, const struct selfalign_rules *rules,
                         double *time_s, size_t n, double *moved_s, struct arena *tmp)
{
    static const double most = 0.84; /* one standard deviation */
    double *known_s = ARENA_NEW(tmp, n, double), *move_s = ARENA_NEW(tmp, n, double);
    size_t m = 0, k = 0;
    if (!known_s || !move_s) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++)
        if (isfinite(time_s[i])) known_s[m++] = time_s[i];
    TRY(selfalign(track, rules, SELFALIGN_MEAN, known_s, NULL, m, tmp));
    TRY(selfalign(track, rules, SELFALIGN_MEDIAN, known_s, NULL, m, tmp));
    for (size_t i = 0; i < n; i++) {
        if (isnan(time_s[i])) continue;
        move_s[k] = fabs(known_s[k] - time_s[i]);
        time_s[i] = known_s[k++];
    }
    *moved_s = m ? quantile_inplace(move_s, m, most) : 0;
    return GAIT_OK;
}

static const struct selfalign_rules *alike_rules(const struct decoded *d)
{
    if (d->signal->activity == GAIT_RUN) return &foot_run_alike;
    return d->landmarks.pitch_dps ? &foot_walk_gyro_alike : &foot_walk_alike;
}

static gait_status place(struct decoded *d, struct arena *tmp)
{
    d->strike_s = ARENA_NEW(tmp, d->n_swings, double);
    d->toe_off_s = ARENA_NEW(tmp, d->n_swings, double);
    if (!d->strike_s || !d->toe_off_s) return GAIT_NOMEM;
    for (size_t i = 0; i < d->n_swings; i++) {
        struct swing s = d->swings[i];
        d->strike_s[i] =
            s.strike == HSMM_OUTSIDE ? (double)NAN : when_s(d, GAIT_FOOT_STRIKE, s.strike);
        d->toe_off_s[i] =
            s.toe_off == HSMM_OUTSIDE ? (double)NAN : when_s(d, GAIT_TOE_OFF, s.toe_off);
    }
    double *low_g = ARENA_NEW(tmp, 3 * d->grid.n, double);
    if (!low_g) return GAIT_NOMEM;
    struct filter smooth = lowpass(30, FOOT_RATE_HZ, 2);
    TRY(filtfilt(&smooth, d->grid.accel_g, low_g, d->grid.n, 3, tmp));
    struct track track = {low_g, d->grid.n, 3, FOOT_RATE_HZ};
    const struct selfalign_rules *rules = alike_rules(d);
    TRY(agree(&track, rules, d->strike_s, d->n_swings, &d->strike_moved_s, tmp));
    return agree(&track, rules, d->toe_off_s, d->n_swings, &d->toe_off_moved_s, tmp);
}

static const struct foot_model *model_of(const struct bout_signal *signal, int use_gyro)
{
    static const struct foot_model walk = {MODEL(foot_walk), .decode = &walk_decode};
    static const struct foot_model run = {MODEL(foot_run), .decode = &run_decode};
    static const struct foot_model run_gyro = {MODEL(foot_run_gyro), .decode = &run_decode};
    if (signal->activity == GAIT_WALK) return &walk;
    return use_gyro ? &run_gyro : &run;
}

/* Expected events of a kind that were decoded and are not there, or are there and were not decoded,
 * per decoded one. */
static double expected_wrong(const double *chance, size_t n, const size_t *at, size_t n_at)
{
    enum { NEAR = FOOT_RATE_HZ / 20 };
    double all = 0, real = 0, found = (double)n_at;
    for (size_t i = 0; i < n; i++) all += chance[i];
    for (size_t k = 0; k < n_at; k++) {
        size_t from = clamp_index(at[k], -NEAR, n), to = clamp_index(at[k], NEAR, n);
        for (size_t i = from; i <= to; i++) real += chance[i];
    }
    return found > 0 ? (found - real + fmax(all - real, 0)) / found : 1;
}

/* What else might have been decoded, and swings unlike the others. */
static gait_status find_evidence(const struct decoded *d, struct walk_evidence *out,
                                 struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    size_t n = d->grid.n, n_strikes = 0, n_toe_offs = 0, n_whole = 0;
    double *strike = ARENA_NEW(tmp, n, double), *toe_off = ARENA_NEW(tmp, n, double);
    double *duration = ARENA_NEW(tmp, d->n_swings, double);
    size_t *strike_at = ARENA_NEW(tmp, d->n_swings, size_t);
    size_t *toe_off_at = ARENA_NEW(tmp, d->n_swings, size_t);
    if (!strike || !toe_off || !duration || !strike_at || !toe_off_at) return GAIT_NOMEM;
    TRY(hsmm_chances(model_of(d->signal, 0)->decode, &d->scores, n, foot_evidence_share, strike,
                     toe_off, tmp));
    for (size_t i = 0; i < d->n_swings; i++) {
        struct swing s = d->swings[i];
        if (s.strike != HSMM_OUTSIDE) strike_at[n_strikes++] = s.strike;
        if (s.toe_off != HSMM_OUTSIDE) toe_off_at[n_toe_offs++] = s.toe_off;
        if (s.strike != HSMM_OUTSIDE && s.toe_off != HSMM_OUTSIDE)
            duration[n_whole++] = (double)(s.strike - s.toe_off);
    }
    *out = (struct walk_evidence){.is_known = 1,
                                  .wrong = expected_wrong(strike, n, strike_at, n_strikes) +
                                           expected_wrong(toe_off, n, toe_off_at, n_toe_offs),
                                  .odd = share_unlike(duration, n_whole, foot_odd_swing)};
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

static gait_status push(const struct decoded *d, gait_event_type type, size_t at, double time_s,
                        struct event_list *found, struct arena *keep)
{
    if (at == HSMM_OUTSIDE) return GAIT_OK;
    int is_strike = type == GAIT_FOOT_STRIKE;
    const double *score = is_strike ? d->scores.strike : d->scores.toe_off;
    const struct foot_trust *trust = trust_of(d, type);
    double moved_s = is_strike ? d->strike_moved_s : d->toe_off_moved_s;
    if (d->signal->activity == GAIT_WALK) moved_s = 0; /* the trust in landmarks has it in it */
    int by_jerk_alone = d->signal->activity == GAIT_WALK && !d->landmarks.pitch_dps;
    if (d->axes.may_be_reversed) moved_s = hypot(moved_s, foot_reversed_sd_s);
    double sd_s = sd_of(trust, score[at]) * (by_jerk_alone ? foot_accelerometer_alone : 1);
    gait_event event = {.type = type,
                        .side = d->signal->options->side,
                        .time_s = time_s,
                        .uncertainty_s = hypot(sd_s, moved_s),
                        .confidence = confidence_of(trust, score[at])};
    return event_push(found, &event, keep);
}

/* A sensor at rest has neither swings nor a stance to learn from. */
static int moves(const struct foot_streams *streams)
{
    const double least = log(0.15);
    for (size_t i = 0; i < streams->n; i++)
        if (streams->at[FOOT_DEVIATION][i] > least) return 1;
    return 0;
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
    return hsmm_decode(model->decode, &d->scores, d->grid.n, &d->swings, &d->n_swings, tmp, tmp);
}

static gait_status detect(const struct bout_signal *signal, int use_gyro, struct event_list *found,
                          struct arena *keep, struct arena *tmp)
{
    struct decoded d = {.signal = signal};
    TRY(decode(&d, use_gyro && signal->gyro_dps, tmp));
    if (d.n_swings && signal->activity == GAIT_WALK) TRY(find_evidence(&d, &found->evidence, tmp));
    if (d.n_swings) TRY(place(&d, tmp));
    for (size_t i = 0; i < d.n_swings; i++) {
        TRY(push(&d, GAIT_TOE_OFF, d.swings[i].toe_off, d.toe_off_s[i], found, keep));
        TRY(push(&d, GAIT_FOOT_STRIKE, d.swings[i].strike, d.strike_s[i], found, keep));
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
