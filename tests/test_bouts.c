/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include <gait/simulate.h>

#include "base/arena.h"
#include "base/random.h"
#include "gait/segment/bouts.h"
#include "gait/segment/period.h"
#include "near.h"

enum { MOST_SECONDS = 2000, MOST_FRAMES = 100000 };

/* One stretch of movement: what the trunk (or a limb, once per stride) feels. */
struct stretch {
    double seconds, step_hz, amplitude_g;
};

struct made {
    double accel_g[3 * MOST_FRAMES];
    size_t n;
};

static const double pi = 3.14159265358979323846;

/* Steps as a pair of harmonics upwards and half the rate sideways; stillness has sensor noise. */
static void make(struct made *out, const struct stretch *stretch, size_t n_stretches,
                 double rate_hz, gait_placement placement)
{
    struct prng prng;
    prng_seed(&prng, 7);
    double phase = 0;
    out->n = 0;
    for (size_t s = 0; s < n_stretches; s++) {
        double hz = placement == GAIT_SHANK ? stretch[s].step_hz / 2 : stretch[s].step_hz;
        size_t frames = (size_t)(stretch[s].seconds * rate_hz + 0.5);
        for (size_t i = 0; i < frames; i++) {
            double a = stretch[s].amplitude_g, *g = out->accel_g + 3 * out->n++;
            phase += 2 * pi * hz / rate_hz;
            g[0] = 0.2 * a * sin(phase / 2) + prng_normal(&prng, 0, 0.003);
            g[1] = 0.3 * a * cos(phase + 1) + prng_normal(&prng, 0, 0.003);
            g[2] = 1 + a * sin(phase) + 0.3 * a * sin(2 * phase) + prng_normal(&prng, 0, 0.003);
        }
    }
}

static struct second measure_at(const struct made *made, size_t index, gait_placement placement,
                                struct arena *tmp)
{
    enum { HALF = FEATURE_WINDOW_S * FEATURE_RATE_HZ / 2, WHOLE = 2 * HALF };
    size_t middle = index * FEATURE_RATE_HZ + FEATURE_RATE_HZ / 2;
    size_t from = middle > HALF ? middle - HALF : 0;
    if (from + WHOLE > made->n) from = made->n > WHOLE ? made->n - WHOLE : 0;
    size_t n = made->n - from < WHOLE ? made->n - from : WHOLE, at = index * FEATURE_RATE_HZ - from;
    struct second second;
    assert_int_equal(second_measure(made->accel_g + 3 * from, n, at, at + FEATURE_RATE_HZ,
                                    placement, &second, tmp),
                     GAIT_OK);
    return second;
}

/* Labels every second as a streaming caller does: final once DECISION_LAG_S old. */
static size_t label(const struct made *made, gait_placement placement, gait_activity *out)
{
    struct arena tmp = {0};
    struct decoder decoder;
    decoder_init(&decoder);
    size_t n = made->n / FEATURE_RATE_HZ, told = 0;
    for (size_t s = 0; s < n; s++) {
        struct second second = measure_at(made, s, placement, &tmp);
        decoder_feed(&decoder, &second);
        for (; told + DECISION_LAG_S <= s; told++) out[told] = decoder_label(&decoder, told);
    }
    for (; told < n; told++) out[told] = decoder_label(&decoder, told);
    arena_free(&tmp);
    return n;
}

static const gait_placement trunk_and_limbs[] = {GAIT_WAIST, GAIT_SACRUM, GAIT_SHANK, GAIT_FOOT};

static void a_short_file_is_one_activity_from_end_to_end(void **state)
{
    (void)state;
    static const struct {
        double step_hz, amplitude_g;
        gait_activity want;
    } cases[] = {
        {1.5, 0.20, GAIT_WALK}, {1.9, 0.35, GAIT_WALK}, {2.6, 1.0, GAIT_RUN},
        {3.0, 1.30, GAIT_RUN},  {1.8, 0.00, GAIT_REST},
    };
    static const double lengths_s[] = {3, 5, 20};
    static struct made made;
    gait_activity labels[MOST_SECONDS];
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        for (size_t l = 0; l < sizeof lengths_s / sizeof *lengths_s; l++) {
            struct stretch whole = {lengths_s[l], cases[c].step_hz, cases[c].amplitude_g};
            make(&made, &whole, 1, FEATURE_RATE_HZ, GAIT_WAIST);
            size_t n = label(&made, GAIT_WAIST, labels);
            for (size_t s = 0; s < n; s++) assert_int_equal(labels[s], cases[c].want);
        }
}

static void changes_of_activity_are_found_within_two_seconds(void **state)
{
    (void)state;
    static const struct stretch day[] = {
        {30, 1.8, 0}, {40, 1.8, 0.3}, {60, 2.7, 1.0}, {20, 1.8, 0.3}, {30, 1.8, 0}};
    static const gait_activity want[] = {GAIT_REST, GAIT_WALK, GAIT_RUN, GAIT_WALK, GAIT_REST};
    static struct made made;
    gait_activity labels[MOST_SECONDS];
    make(&made, day, 5, FEATURE_RATE_HZ, GAIT_WAIST);
    assert_int_equal(label(&made, GAIT_WAIST, labels), 180);
    double start = 0;
    for (size_t k = 0; k < 5; k++) {
        double end = start + day[k].seconds;
        for (double s = start + 2; s < end - 2; s++) assert_int_equal(labels[(size_t)s], want[k]);
        start = end;
    }
}

static void shaking_without_rhythm_is_no_gait(void **state)
{
    (void)state;
    static struct made made;
    struct prng prng;
    prng_seed(&prng, 11);
    made.n = 60 * FEATURE_RATE_HZ;
    for (size_t i = 0; i < 3 * made.n; i++)
        made.accel_g[i] = (i % 3 == 2) + prng_normal(&prng, 0, 0.3);
    gait_activity labels[MOST_SECONDS];
    size_t n = label(&made, GAIT_WAIST, labels);
    for (size_t s = 0; s < n; s++) assert_int_equal(labels[s], GAIT_OTHER_ACTIVITY);
}

/* Half sines of random height, about three a second but at no fixed interval. */
static void knock(struct made *made, double from_s, double to_s, double height_g, uint64_t seed)
{
    struct prng prng;
    prng_seed(&prng, seed);
    for (double at_s = from_s; at_s < to_s; at_s += prng_uniform(&prng, 0.15, 0.5)) {
        double g = height_g * prng_uniform(&prng, 0.5, 1.5);
        size_t first = (size_t)(at_s * FEATURE_RATE_HZ), n = FEATURE_RATE_HZ / 8;
        for (size_t i = 0; i < n; i++)
            made->accel_g[3 * (first + i) + 2] += g * sin(pi * (double)i / (double)n);
    }
}

static void a_walk_goes_on_while_the_bag_is_knocked_about(void **state)
{
    (void)state;
    static const struct stretch walk = {60, 1.95, 0.35};
    static struct made made;
    gait_activity labels[MOST_SECONDS];
    for (uint64_t seed = 1; seed <= 20; seed++) {
        make(&made, &walk, 1, FEATURE_RATE_HZ, GAIT_OTHER);
        knock(&made, 28, 31, 1.4, seed);
        size_t n = label(&made, GAIT_OTHER, labels);
        for (size_t s = 0; s < n; s++) assert_int_equal(labels[s], GAIT_WALK);
    }
}

/* A car shakes faster than anyone steps; a pedal goes round without striking anything. */
static void wheels_are_no_gait(void **state)
{
    (void)state;
    static struct made made;
    gait_activity labels[MOST_SECONDS];
    made.n = 60 * FEATURE_RATE_HZ;
    for (size_t i = 0; i < made.n; i++) {
        double t = (double)i / FEATURE_RATE_HZ, *g = made.accel_g + 3 * i;
        g[0] = 0.02 * sin(2 * pi * 7.1 * t);
        g[1] = 0.03 * sin(2 * pi * 4.3 * t + 1);
        g[2] = 1 + 0.07 * sin(2 * pi * 5.3 * t) * (1 + 0.5 * sin(2 * pi * 0.37 * t));
    }
    size_t n = label(&made, GAIT_WAIST, labels);
    for (size_t s = 0; s < n; s++) assert_int_equal(labels[s], GAIT_OTHER_ACTIVITY);
    for (size_t i = 0; i < made.n; i++) {
        double turn = 2 * pi * 1.25 * (double)i / FEATURE_RATE_HZ, *g = made.accel_g + 3 * i;
        g[0] = cos(0.5 * sin(turn)) + cos(turn); /* 17 cm of crank: 1 g towards the axle */
        g[1] = sin(0.5 * sin(turn)) + sin(turn);
        g[2] = 0;
    }
    n = label(&made, GAIT_FOOT, labels);
    for (size_t s = 0; s < n; s++) assert_int_equal(labels[s], GAIT_OTHER_ACTIVITY);
}

static void turning_the_sensor_changes_nothing(void **state)
{
    (void)state;
    static struct made made, turned;
    struct arena tmp = {0};
    struct stretch walk = {6, 1.9, 0.4};
    make(&made, &walk, 1, FEATURE_RATE_HZ, GAIT_WAIST);
    double c = cos(0.7), s = sin(0.7);
    turned.n = made.n;
    for (size_t i = 0; i < made.n; i++) {
        const double *a = made.accel_g + 3 * i;
        double *b = turned.accel_g + 3 * i;
        double y = c * a[1] - s * a[2];
        b[2] = s * a[1] + c * a[2];
        b[0] = c * a[0] - s * y;
        b[1] = s * a[0] + c * y;
    }
    for (size_t p = 0; p < 4; p++) {
        struct second one = measure_at(&made, 2, trunk_and_limbs[p], &tmp);
        struct second two = measure_at(&turned, 2, trunk_and_limbs[p], &tmp);
        assert_near(two.sd_g, one.sd_g, 1e-12, "intensity knows no axes");
        assert_near(two.step_hz, one.step_hz, 1e-9, "step rate knows no axes");
        assert_near(two.log_odds_run, one.log_odds_run, 1e-9, "walk or run knows no axes");
    }
    arena_free(&tmp);
}

static void cadence_is_right_to_a_fifth_of_a_step_per_minute(void **state)
{
    (void)state;
    static struct made made;
    struct arena tmp = {0};
    static const double rates_hz[] = {25, 50, 100, 204.8, 1000};
    static const gait_placement places[] = {GAIT_WAIST, GAIT_SHANK};
    for (size_t p = 0; p < 2; p++)
        for (size_t r = 0; r < sizeof rates_hz / sizeof *rates_hz; r++)
            for (double cadence = 90; cadence < 200; cadence += 7.3) {
                double amplitude_g = cadence > 140 ? 1.0 : 0.3, got;
                struct stretch ten = {10, cadence / 60, amplitude_g};
                make(&made, &ten, 1, rates_hz[r], places[p]);
                assert_int_equal(
                    cadence_measure(made.accel_g, made.n, rates_hz[r], places[p], NAN, &got, &tmp),
                    GAIT_OK);
                assert_near(got, cadence, 0.2, "10 s of even steps at any rate and place");
            }
    arena_free(&tmp);
}

static double limb_step_hz(double stride_hz, double stride_g, double two_strides_g)
{
    enum { N = 300 };
    double accel_g[3 * N] = {0};
    struct arena tmp = {0};
    struct period period;
    for (size_t i = 0; i < N; i++) {
        double phase = 2 * pi * stride_hz * (double)i / 50;
        accel_g[3 * i] = 1 + stride_g * sin(phase) + two_strides_g * sin(0.5 * phase);
    }
    assert_int_equal(period_find(accel_g, N, 50, GAIT_SHANK, &period, &tmp), GAIT_OK);
    arena_free(&tmp);
    return period.step_hz;
}

/* In a short window a runner's stride may look more like the one after next. */
static void two_strides_of_a_runner_are_no_slow_stride(void **state)
{
    (void)state;
    assert_near(limb_step_hz(1.35, 1, 0), 2.7, 0.05, "strides like each other");
    assert_near(limb_step_hz(1.35, 1, 0.6), 2.7, 0.05, "every other stride more so");
    assert_near(limb_step_hz(1.35, 0.6, 1), 1.35, 0.05, "a slow stride with a harmonic");
}

/* Log odds of running of a limb that rests on the ground for a share of each stride. */
static double limb_run_odds_at(double step_hz, double rest_share, double swing_g)
{
    enum { N = FEATURE_WINDOW_S * FEATURE_RATE_HZ };
    double accel_g[3 * N] = {0};
    struct second second;
    struct arena tmp = {0};
    for (size_t i = 0; i < N; i++) {
        double phase = fmod(0.5 * step_hz * (double)i / FEATURE_RATE_HZ, 1) - rest_share;
        double swing = phase > 0 ? fabs(sin(2 * pi * phase / (1 - rest_share))) : 0;
        accel_g[3 * i + 2] = 1 + swing_g * swing;
    }
    assert_int_equal(
        second_measure(accel_g, N, N / 2, N / 2 + FEATURE_RATE_HZ, GAIT_FOOT, &second, &tmp),
        GAIT_OK);
    arena_free(&tmp);
    return second.log_odds_run;
}

/* The foot of a walker is on the ground for six tenths of a stride and still for most of that; that
 * of a runner for less than four. */
static void a_foot_that_rests_for_long_walks_however_quick_it_is(void **state)
{
    (void)state;
    for (double step_hz = 1.5; step_hz < 2.35; step_hz += 0.1)
        for (double swing_g = 0.5; swing_g < 3; swing_g *= 2)
            assert_true(limb_run_odds_at(step_hz, 0.45, swing_g) < 0);
    for (double step_hz = 2.4; step_hz < 3.5; step_hz += 0.1)
        for (double swing_g = 1; swing_g < 5; swing_g *= 2)
            assert_true(limb_run_odds_at(step_hz, 0.22, swing_g) > 0);
}

/* Log odds of running of a trunk that feels so much force, in body weights, at phases of a step. */
static double trunk_run_odds_at(double step_hz, double (*force)(double phase, double share),
                                double share)
{
    enum { N = FEATURE_WINDOW_S * FEATURE_RATE_HZ };
    double accel_g[3 * N] = {0};
    struct second second;
    struct arena tmp = {0};
    for (size_t i = 0; i < N; i++)
        accel_g[3 * i + 2] = force(fmod(step_hz * (double)i / FEATURE_RATE_HZ, 1), share);
    assert_int_equal(
        second_measure(accel_g, N, N / 2, N / 2 + FEATURE_RATE_HZ, GAIT_WAIST, &second, &tmp),
        GAIT_OK);
    arena_free(&tmp);
    return second.log_odds_run;
}

/* Half a sine while on the ground, whose mean over the step is the body's weight. */
static double with_flight(double phase, double share_on_ground)
{
    if (phase > share_on_ground) return 0;
    return pi / (2 * share_on_ground) * sin(pi * phase / share_on_ground);
}

static double with_both_feet_down(double phase, double swing)
{
    return 1 + swing * sin(2 * pi * phase);
}

/* A gentle jog is in the air for a tenth of each step; a walk lifts and drops the body by less than
 * half its weight. */
static void who_leaves_the_ground_runs(void **state)
{
    (void)state;
    for (double step_hz = 2.27; step_hz < 3.4; step_hz += 0.1)
        for (double share = 0.5; share <= 0.9; share += 0.1)
            assert_true(trunk_run_odds_at(step_hz, with_flight, share) > 0);
    for (double step_hz = 1.5; step_hz < 2.42; step_hz += 0.1)
        for (double swing = 0.1; swing <= 0.45; swing += 0.05)
            assert_true(trunk_run_odds_at(step_hz, with_both_feet_down, swing) < 0);
}

/* Step rate found in 6 s of a trunk that feels pushes of two heights in turn. */
static double trunk_step_hz(double step_hz, double push_g, double uneven_g)
{
    enum { N = 300 };
    double accel_g[3 * N] = {0};
    struct period period;
    struct arena tmp = {0};
    for (size_t i = 0; i < N; i++) {
        double phase = 2 * pi * step_hz * (double)i / 50;
        accel_g[3 * i + 2] = 1 + push_g * sin(phase) + uneven_g * sin(phase / 2);
    }
    assert_int_equal(period_find(accel_g, N, 50, GAIT_SACRUM, &period, &tmp), GAIT_OK);
    arena_free(&tmp);
    return period.step_hz;
}

/* Steps of 200 to 230 a minute, whose stride is as long as a walker's step. */
static void a_quick_runner_who_limps_is_no_walker(void **state)
{
    (void)state;
    for (double step_hz = 2.7; step_hz < 3.85; step_hz += 0.1)
        for (double uneven = 0; uneven <= 0.5; uneven += 0.25)
            assert_near(trunk_step_hz(step_hz, 0.9, 0.9 * uneven), step_hz, 0.03 * step_hz,
                        "every other push is lower");
}

static void a_walker_who_treads_hard_does_not_take_two_steps_at_once(void **state)
{
    (void)state;
    for (double step_hz = 1.65; step_hz < 2.3; step_hz += 0.1)
        assert_near(trunk_step_hz(step_hz, 0.8, 0.1), step_hz, 0.03 * step_hz,
                    "pushes that are nearly alike");
}

static void standing_still_has_no_cadence(void **state)
{
    (void)state;
    struct arena tmp = {0};
    double still[3 * 500] = {0}, got = 1;
    for (size_t i = 0; i < 500; i++) still[3 * i] = 1;
    assert_int_equal(cadence_measure(still, 500, 50, GAIT_WAIST, NAN, &got, &tmp), GAIT_OK);
    assert_true(isnan(got));
    assert_int_equal(cadence_measure(still, 20, 50, GAIT_WAIST, NAN, &got, &tmp), GAIT_OK);
    assert_true(isnan(got));
    arena_free(&tmp);
}

static void gaps_say_nothing(void **state)
{
    (void)state;
    static struct made made;
    struct arena tmp = {0};
    struct stretch run = {10, 2.7, 1.0};
    make(&made, &run, 1, FEATURE_RATE_HZ, GAIT_WAIST);
    struct decoder decoder;
    decoder_init(&decoder);
    for (size_t s = 0; s < 10; s++) {
        struct second second = measure_at(&made, s, GAIT_WAIST, &tmp);
        second.covered = s < 4 || s > 6;
        if (!second.covered) second.log_odds_move = -6; /* whatever it may hold */
        decoder_feed(&decoder, &second);
    }
    for (size_t s = 0; s < 10; s++) assert_int_equal(decoder_label(&decoder, s), GAIT_RUN);
    arena_free(&tmp);
}

static void a_bout_on_the_fence_is_marked_uncertain(void **state)
{
    (void)state;
    struct arena tmp = {0};
    struct second seconds[9] = {0};
    struct bout_judgement judgement;
    for (size_t i = 0; i < 9; i++) seconds[i].log_odds_run = i < 2 ? 6 : 1;
    assert_int_equal(bout_judge(seconds, 9, GAIT_RUN, &judgement, &tmp), GAIT_OK);
    assert_int_equal(judgement.uncertain, 1);
    assert_near(judgement.confidence, 1 / (1 + exp(-1)), 1e-12, "logistic of the median");
    for (size_t i = 0; i < 9; i++) seconds[i].log_odds_run = -4;
    assert_int_equal(bout_judge(seconds, 9, GAIT_WALK, &judgement, &tmp), GAIT_OK);
    assert_int_equal(judgement.uncertain, 0);
    assert_near(judgement.confidence, 1 / (1 + exp(-4)), 1e-12, "a walk is sure when z is low");
    arena_free(&tmp);
}

/* The activity that the simulator's truth gives each second; -1 near a change. */
static void true_labels(const gait_simulated *sensor, size_t n, int *label)
{
    gait_activity now = GAIT_REST;
    double since = 0;
    for (size_t s = 0; s < n; s++) label[s] = -1;
    for (size_t i = 0; i <= sensor->n_truth; i++) {
        const gait_truth *row = i < sensor->n_truth ? &sensor->truth[i] : NULL;
        int starts = row && strcmp(row->event, "bout_start") == 0;
        int ends = row && strcmp(row->event, "bout_end") == 0;
        double until = row ? row->time_s : (double)n;
        if (row && !starts && !ends) continue;
        for (double s = ceil(since + 3); s < until - 4; s++) label[(size_t)s] = (int)now;
        now = GAIT_REST;
        for (int a = 0; starts && a < GAIT_N_ACTIVITIES; a++)
            if (strcmp(row->text, gait_activity_name((gait_activity)a)) == 0)
                now = (gait_activity)a;
        since = until;
    }
}

static gait_simulation *simulated_day(void)
{
    static const char *const settings[][2] = {{"activity", "day"}, {"vary", "1"},
                                              {"seed", "5"},       {"rate_hz", "50"},
                                              {"gyro", "0"},       {"duration_s", "1800"}};
    gait_simulation *day = NULL;
    gait_error err = {0};
    assert_ok(gait_simulation_new(&day, &err), err);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        assert_ok(gait_simulation_set(day, settings[i][0], settings[i][1], &err), err);
    return day;
}

/* Rest, walks, runs, a ride and a bicycle: at every place walking and running are told in all but a
 * few seconds, nothing else is running, and little else is walking. */
static void a_simulated_day_is_labelled_right(void **state)
{
    (void)state;
    static struct made made;
    static gait_activity labels[MOST_SECONDS];
    static int truth[MOST_SECONDS];
    for (size_t p = 0; p < 4; p++) {
        gait_simulation *day = simulated_day();
        gait_simulated sensor;
        gait_error err = {0};
        gait_side side = trunk_and_limbs[p] == GAIT_SHANK || trunk_and_limbs[p] == GAIT_FOOT
                             ? GAIT_RIGHT
                             : GAIT_SIDE_NONE;
        assert_ok(gait_simulation_run(day, trunk_and_limbs[p], side, &sensor, &err), err);
        made.n = sensor.n_frames;
        assert_true(made.n <= MOST_FRAMES);
        for (size_t i = 0; i < 3 * made.n; i++) made.accel_g[i] = (double)sensor.accel_g[i];
        size_t n = label(&made, trunk_and_limbs[p], labels);
        size_t gait = 0, gait_right = 0, other = 0, called_run = 0, called_walk = 0;
        true_labels(&sensor, n, truth);
        for (size_t s = 0; s < n; s++) {
            size_t is_gait = truth[s] == GAIT_WALK || truth[s] == GAIT_RUN;
            if (truth[s] < 0) continue;
            gait += is_gait;
            gait_right += is_gait && (int)labels[s] == truth[s];
            other += !is_gait;
            called_run += !is_gait && labels[s] == GAIT_RUN;
            called_walk += !is_gait && labels[s] == GAIT_WALK;
        }
        assert_true(gait > 300 && other > 300);
        assert_true((double)gait_right >= 0.995 * (double)gait);
        assert_int_equal(called_run, 0);
        assert_true((double)called_walk <= 0.05 * (double)other);
        gait_simulation_free(&day);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_file_is_one_activity_from_end_to_end),
        cmocka_unit_test(changes_of_activity_are_found_within_two_seconds),
        cmocka_unit_test(shaking_without_rhythm_is_no_gait),
        cmocka_unit_test(a_walk_goes_on_while_the_bag_is_knocked_about),
        cmocka_unit_test(wheels_are_no_gait),
        cmocka_unit_test(a_simulated_day_is_labelled_right),
        cmocka_unit_test(turning_the_sensor_changes_nothing),
        cmocka_unit_test(cadence_is_right_to_a_fifth_of_a_step_per_minute),
        cmocka_unit_test(two_strides_of_a_runner_are_no_slow_stride),
        cmocka_unit_test(a_foot_that_rests_for_long_walks_however_quick_it_is),
        cmocka_unit_test(who_leaves_the_ground_runs),
        cmocka_unit_test(a_quick_runner_who_limps_is_no_walker),
        cmocka_unit_test(a_walker_who_treads_hard_does_not_take_two_steps_at_once),
        cmocka_unit_test(standing_still_has_no_cadence),
        cmocka_unit_test(gaps_say_nothing),
        cmocka_unit_test(a_bout_on_the_fence_is_marked_uncertain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
