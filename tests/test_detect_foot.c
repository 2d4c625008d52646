/* SPDX-License-Identifier: BSD-3-Clause */

/* The foot detectors on simulated runners and walkers with exact truth. */

#include "recorded.h"
#include "simulated.h"

static struct reference reference;

static struct event_list detect(const char *name, const struct bout_signal *signal,
                                struct arena *keep)
{
    struct arena tmp = {0};
    struct event_list found = {0};
    gait_error err = {0};
    const struct detector *row =
        detector_choose(name, GAIT_FOOT, signal->activity, signal->gyro_dps != NULL);
    assert_non_null(row);
    assert_ok(detector_run(row, signal, &found, keep, &tmp, &err), err);
    arena_free(&tmp);
    return found;
}

static void take_truth(const struct simulated_window *w)
{
    reference.n_strikes = reference.n_toe_offs = 0;
    for (size_t i = 0; i < w->m->in.n_events; i++) {
        const gait_event *e = &w->m->events[i];
        if (e->type == GAIT_FOOT_STRIKE)
            reference.strike_s[reference.n_strikes++] = e->time_s;
        else
            reference.toe_off_s[reference.n_toe_offs++] = e->time_s;
    }
}

static void score_people(const char *name, gait_activity activity, int n, struct score *strike,
                         struct score *toe_off)
{
    for (int seed = 1; seed <= n; seed++) {
        char settings[96];
        snprintf(settings, sizeof settings, "vary=1 seed=%d duration_s=20 standing_s=2",
                 seed + 500);
        gait_side side = seed % 2 ? GAIT_LEFT : GAIT_RIGHT;
        struct simulated_window w = simulate_window(settings, GAIT_FOOT, side, activity);
        struct arena keep = {0};
        struct event_list found = detect(name, &w.m->signal, &keep);
        take_truth(&w);
        score_add(strike, found.at, found.n, GAIT_FOOT_STRIKE, reference.strike_s,
                  reference.n_strikes);
        score_add(toe_off, found.at, found.n, GAIT_TOE_OFF, reference.toe_off_s,
                  reference.n_toe_offs);
        for (size_t i = 0; i < found.n; i++) assert_int_equal(found.at[i].side, side);
        arena_free(&keep);
        simulated_window_free(&w);
    }
    score_print(name, strike);
    score_print(name, toe_off);
}

static void runners_are_followed_with_and_without_gyroscope(void **state)
{
    (void)state;
    static const char *const names[] = {"foot-gyro", "foot"};
    for (size_t k = 0; k < 2; k++) {
        struct score strike = {0}, toe_off = {0};
        score_people(names[k], GAIT_RUN, 12, &strike, &toe_off);
        assert_true(score_f1(&strike) >= 0.97 && score_f1(&toe_off) >= 0.97);
        assert_true(score_rmse(&strike) <= 8 && score_rmse(&toe_off) <= 8);
        assert_true(score_coverage(&strike) >= 0.9 && score_coverage(&toe_off) >= 0.9);
    }
}

/* Observers mark a strike some 20 ms after the heel touches, which is when the simulator does. */
static void walkers_are_followed_with_and_without_gyroscope(void **state)
{
    (void)state;
    static const char *const names[] = {"foot-gyro", "foot"};
    for (size_t k = 0; k < 2; k++) {
        struct score strike = {.tolerance_s = 0.1}, toe_off = {.tolerance_s = 0.1};
        score_people(names[k], GAIT_WALK, 6, &strike, &toe_off);
        assert_true(score_f1(&strike) >= 0.95 && score_f1(&toe_off) >= 0.95);
    }
}

/* Rotation about an arbitrary axis; mirror: y is turned over as well. */
static void turn(double *x, size_t n, int is_rate, int mirror)
{
    static const double r[3][3] = {{0.36, 0.48, -0.8}, {-0.8, 0.6, 0}, {0.48, 0.64, 0.6}};
    for (size_t i = 0; i < n; i++, x += 3) {
        double y[3];
        for (int k = 0; k < 3; k++) y[k] = r[k][0] * x[0] + r[k][1] * x[1] + r[k][2] * x[2];
        /* a mirror turns one axis of a force over and the two others of a turn */
        for (int k = 0; k < 3; k++) x[k] = mirror && (k == 1) != is_rate ? -y[k] : y[k];
    }
}

static void neither_mounting_nor_mirror_moves_an_event(void **state)
{
    (void)state;
    for (int activity = GAIT_WALK; activity <= GAIT_RUN; activity++)
        for (int mirror = 0; mirror < 2; mirror++) {
            struct simulated_window w = simulate_window("vary=1 seed=9 duration_s=15", GAIT_FOOT,
                                                        GAIT_RIGHT, (gait_activity)activity);
            struct arena keep = {0};
            struct event_list before = detect(NULL, &w.m->signal, &keep);
            turn(w.accel_g, w.m->signal.n, 0, mirror);
            turn(w.gyro_dps, w.m->signal.n, 1, mirror);
            struct event_list after = detect(NULL, &w.m->signal, &keep);
            assert_true(before.n > 20);
            assert_int_equal(after.n, before.n);
            for (size_t i = 0; i < after.n; i++)
                assert_near(after.at[i].time_s, before.at[i].time_s, 0.002,
                            "turning or mirroring the sensor moves no event; medians axis by "
                            "axis leave a little");
            arena_free(&keep);
            simulated_window_free(&w);
        }
}

static void the_published_ones_find_the_strides_too(void **state)
{
    (void)state;
    struct score strike = {.tolerance_s = 0.1}, toe_off = {.tolerance_s = 0.1};
    score_people("falbriard-2018", GAIT_RUN, 6, &strike, &toe_off);
    assert_true(score_f1(&strike) >= 0.8 && score_f1(&toe_off) >= 0.9);
    struct score walk_strike = {.tolerance_s = 0.1}, walk_toe_off = {.tolerance_s = 0.1};
    score_people("rampp-2014", GAIT_WALK, 6, &walk_strike, &walk_toe_off);
    assert_true(score_f1(&walk_strike) >= 0.9 && score_f1(&walk_toe_off) >= 0.9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runners_are_followed_with_and_without_gyroscope),
        cmocka_unit_test(walkers_are_followed_with_and_without_gyroscope),
        cmocka_unit_test(neither_mounting_nor_mirror_moves_an_event),
        cmocka_unit_test(the_published_ones_find_the_strides_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
