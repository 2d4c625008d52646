/* SPDX-License-Identifier: BSD-3-Clause */

/* Functional tests on simulated people: repetitions, tempo, lean. */

#include "bend_set.h"
#include "gait/detect/bend_fit.h"

enum { PEOPLE = 24 };

/* Times down and up, one by one and their medians. */
static void check_tempo(const struct set *set, const struct truth *truth, double tolerance_s)
{
    double down_s[MOST], up_s[MOST];
    for (size_t k = 0; k < set->n; k++) {
        const gait_stride *r = &set->repetition[k];
        down_s[k] = r->toe_off_s - r->start_s;
        up_s[k] = r->end_s - r->toe_off_s;
        assert_near(r->start_s, truth->start_s[k], 0.2, "where the repetition begins");
        assert_near(down_s[k], truth->down_s[k], 0.25, "each time down");
        assert_near(up_s[k], truth->up_s[k], 0.25, "each time up");
    }
    assert_near(middle(down_s, set->n), middle(truth->down_s, truth->n), tolerance_s, "tempo down");
    assert_near(middle(up_s, set->n), middle(truth->up_s, truth->n), tolerance_s, "tempo up");
}

/* Odd seeds at the usual tempo, even ones from 1.2 to 3 s down and from 1 to 2.4 s up. */
static void settings_of(int seed, char *out, size_t room)
{
    double down_s = seed % 2 ? 2 : 1.2 + 0.3 * (seed % 7);
    double up_s = seed % 2 ? 1.6 : 1.0 + 0.35 * (seed % 5);
    snprintf(out, room,
             "task=knee-bend vary=1 mounting_deg=0/0/0 seed=%d duration_s=75 reps=5 "
             "medial_lean_deg=5 lean_difference_deg=%d tempo_down_s=%.2f tempo_up_s=%.2f",
             seed, seed % 4 < 2 ? 6 : -6, down_s, up_s);
}

static void repetitions_tempo_and_side_difference_are_told(void **state)
{
    (void)state;
    double worst = 0;
    for (int seed = 1; seed <= PEOPLE; seed++) {
        char settings[256];
        struct truth truth[2];
        struct set set[2];
        settings_of(seed, settings, sizeof settings);
        for (int k = 0; k < 2; k++) {
            set[k] = simulated(settings, GAIT_SHANK, k ? GAIT_RIGHT : GAIT_LEFT, GAIT_KNEE_BEND, 7,
                               &truth[k]);
            assert_int_equal(set[k].n, 5);
            assert_int_equal(set[k].activity, GAIT_KNEE_BEND);
            check_tempo(&set[k], &truth[k], seed % 2 ? 0.1 : 0.2);
        }
        double found = middle(set[0].medial_deg, 5) - middle(set[1].medial_deg, 5);
        double true_deg = middle(truth[0].medial_deg, 5) - middle(truth[1].medial_deg, 5);
        worst = fmax(worst, fabs(found - true_deg));
        assert_near(found, true_deg, 1.5, "the left leans so much more than the right");
    }
    print_message("# side difference: largest error %.2f deg\n", worst);
}

/* 2 s down, held for 0.6 s, 1.6 s up, again after 5 s; the lean is 25 deg. */
static double held_lean(bend_way *way, double time_s)
{
    double t = fmod(time_s, 5) - 0.5, share = t < 2.3 ? t / 2 : (4.2 - t) / 1.6;
    return 25 * way(fmin(fmax(share, 0), 1));
}

/* Sensor axes are forward, up, right; it trembles by a hundredth of 1 g. */
static struct set held_bends(bend_way *way)
{
    enum { RATE = 100, N = 25 * RATE };
    static float frames[3 * N];
    for (size_t i = 0; i < N; i++) {
        double lean = held_lean(way, (double)i / RATE) * acos(-1.0) / 180;
        frames[3 * i] = (float)sin(lean);
        frames[3 * i + 1] = (float)cos(lean);
        frames[3 * i + 2] = 0.01F * (float)sin(0.37 * (double)i);
    }
    gait_simulated sensor = {.placement = GAIT_SHANK,
                             .side = GAIT_LEFT,
                             .n_frames = N,
                             .rate_hz = RATE,
                             .accel_g = frames};
    return analysed(&sensor, GAIT_SQUAT, 0);
}

static void people_move_in_several_ways_and_wait_below(void **state)
{
    (void)state;
    static bend_way *const ways[] = {half_cosine, least_jerk};
    for (size_t c = 0; c < sizeof ways / sizeof *ways; c++) {
        struct set set = held_bends(ways[c]);
        assert_int_equal(set.n, 5);
        for (size_t k = 0; k < 5; k++) {
            const gait_stride *r = &set.repetition[k];
            assert_near(r->toe_off_s - r->start_s, 2.3, 0.05, "down, half of the wait");
            assert_near(r->end_s - r->toe_off_s, 1.9, 0.05, "the other half, and up");
            assert_near(r->toe_off_s, 5 * (double)k + 2.8, 0.05, "the middle of the wait");
        }
    }
}

static void any_mounting_gives_repetitions_but_no_sides(void **state)
{
    (void)state;
    for (int seed = 1; seed <= 6; seed++) {
        char settings[160];
        struct truth truth;
        snprintf(settings, sizeof settings, "task=squat vary=1 seed=%d duration_s=40 reps=4", seed);
        struct set set = simulated(settings, GAIT_SHANK, GAIT_LEFT, GAIT_SQUAT, 0, &truth);
        assert_int_equal(set.n, 4);
        assert_true(isfinite(set.lean_deg[0]));
        assert_true(isnan(set.medial_deg[0]) && isnan(set.wobble_deg[0]));
        assert_true(set.flags & GAIT_FLAG_NO_ALIGNMENT);
        check_tempo(&set, &truth, 0.15);
    }
}

static void a_trunk_counts_the_bends_of_both_legs(void **state)
{
    (void)state;
    struct truth truth;
    for (int seed = 1; seed <= 6; seed++) {
        char settings[160];
        snprintf(settings, sizeof settings,
                 "task=knee-bend vary=1 mounting_deg=0/0/0 seed=%d duration_s=60", seed);
        struct set set =
            simulated(settings, GAIT_SACRUM, GAIT_SIDE_NONE, GAIT_KNEE_BEND, 7, &truth);
        assert_int_equal(set.n, 10);
        assert_true(isnan(set.medial_deg[0]) && isfinite(set.wobble_deg[0]));
        check_tempo(&set, &truth, 0.15);
    }
}

static void what_is_broken_off_is_named_and_does_not_count(void **state)
{
    (void)state;
    for (int seed = 1; seed <= PEOPLE / 2; seed++) {
        for (int aborted = 0; aborted <= 2; aborted++) {
            char settings[200];
            struct truth truth;
            snprintf(settings, sizeof settings,
                     "task=knee-bend vary=1 mounting_deg=0/0/0 seed=%d duration_s=75 reps=5 "
                     "aborted_reps=%d",
                     seed, aborted);
            struct set set = simulated(settings, GAIT_SHANK, GAIT_LEFT, GAIT_KNEE_BEND, 7, &truth);
            assert_int_equal(truth.n_aborted, aborted);
            assert_int_equal(set.n, 5);
            assert_int_equal(set.n_aborted, truth.n_aborted);
        }
    }
}

static void a_long_test_is_told_across_windows(void **state)
{
    (void)state;
    struct truth truth;
    struct set set = simulated("task=squat duration_s=270 reps=60", GAIT_SHANK, GAIT_RIGHT,
                               GAIT_SQUAT, 7, &truth);
    assert_int_equal(set.n, 60);
    assert_int_equal(set.n_bouts, 1);
    check_tempo(&set, &truth, 0.15);
}

static void standing_and_running_are_no_test(void **state)
{
    (void)state;
    struct truth truth;
    struct set set =
        simulated("standing_s=50 duration_s=60", GAIT_SHANK, GAIT_RIGHT, GAIT_KNEE_BEND, 7, &truth);
    assert_int_equal(set.n, 0);
    set = simulated("task=squat duration_s=40", GAIT_SHANK, GAIT_RIGHT, GAIT_REST, 7, &truth);
    assert_true(set.activity != GAIT_SQUAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repetitions_tempo_and_side_difference_are_told),
        cmocka_unit_test(people_move_in_several_ways_and_wait_below),
        cmocka_unit_test(any_mounting_gives_repetitions_but_no_sides),
        cmocka_unit_test(a_trunk_counts_the_bends_of_both_legs),
        cmocka_unit_test(what_is_broken_off_is_named_and_does_not_count),
        cmocka_unit_test(a_long_test_is_told_across_windows),
        cmocka_unit_test(standing_and_running_are_no_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
