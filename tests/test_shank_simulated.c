/* SPDX-License-Identifier: BSD-3-Clause */

/* The default shank detector on people drawn by the simulator, mounted any way round, whose foot
 * strikes are known exactly. */

#include "simulated.h"

static const double edge_s = 0.4; /* what happens so near an end may or may not be found */

struct errors {
    size_t n_truth, n_matched, n_false;
    double sum_s, squares_s;
};

/* The nearest time to `at_s`, INFINITY if there is none. */
static double nearest(const gait_event *event, size_t n, gait_event_type type, gait_side side,
                      double at_s)
{
    double best = INFINITY;
    for (size_t i = 0; i < n; i++)
        if (event[i].type == type && event[i].side == side &&
            fabs(event[i].time_s - at_s) < fabs(best - at_s))
            best = event[i].time_s;
    return best;
}

static int is_inside(const struct bout_signal *signal, double time_s)
{
    double end_s = (double)(signal->n - 1) / signal->rate_hz;
    return time_s > edge_s && time_s < end_s - edge_s;
}

static void compare(const struct simulated_window *w, const struct event_list *found,
                    gait_event_type type, struct errors *errors)
{
    const struct bout_signal *signal = &w->m->signal;
    gait_side side = w->m->options.side;
    const gait_event *truth = w->m->events;
    size_t n_truth = w->m->in.n_events;
    for (size_t i = 0; i < n_truth; i++) {
        if (truth[i].type != type || truth[i].side != side) continue;
        if (!is_inside(signal, truth[i].time_s)) continue;
        double off_s = nearest(found->at, found->n, type, side, truth[i].time_s) - truth[i].time_s;
        errors->n_truth++;
        if (fabs(off_s) > 0.05) continue;
        errors->n_matched++;
        errors->sum_s += off_s;
        errors->squares_s += off_s * off_s;
    }
    for (size_t i = 0; i < found->n; i++) {
        if (found->at[i].type != type || !is_inside(signal, found->at[i].time_s)) continue;
        double off_s = nearest(truth, n_truth, type, side, found->at[i].time_s);
        errors->n_false += fabs(off_s - found->at[i].time_s) > 0.05;
    }
}

static void detect_person(gait_activity activity, int seed, double rate_hz, struct errors *strike,
                          struct errors *toe_off)
{
    char settings[128];
    snprintf(settings, sizeof settings, "vary=1 seed=%d duration_s=20 rate_hz=%g gyro=0", seed,
             rate_hz);
    struct simulated_window w =
        simulate_window(settings, GAIT_SHANK, seed % 2 ? GAIT_LEFT : GAIT_RIGHT, activity);
    const struct detector *row = detector_choose(NULL, GAIT_SHANK, activity, 0);
    struct arena keep = {0}, tmp = {0};
    struct event_list found = {0};
    gait_error err = {0};
    assert_ok(detector_run(row, &w.m->signal, &found, &keep, &tmp, &err), err);
    compare(&w, &found, GAIT_FOOT_STRIKE, strike);
    compare(&w, &found, GAIT_TOE_OFF, toe_off);
    arena_free(&keep);
    arena_free(&tmp);
    simulated_window_free(&w);
}

static void check(const char *what, const struct errors *errors, double rmse_limit_s)
{
    double n = (double)errors->n_matched, rmse_s = sqrt(errors->squares_s / n);
    print_message("# %s: %zu of %zu, %zu false, bias %+.1f ms, RMSE %.1f ms\n", what,
                  errors->n_matched, errors->n_truth, errors->n_false, 1e3 * errors->sum_s / n,
                  1e3 * rmse_s);
    assert_true((double)errors->n_matched >= 0.99 * (double)errors->n_truth);
    assert_true((double)errors->n_false <= 0.01 * (double)errors->n_truth);
    assert_true(rmse_s <= rmse_limit_s);
}

static void every_runner_and_walker_is_followed(void **state)
{
    (void)state;
    static const double rates_hz[] = {100, 142.857, 200, 500};
    for (int gait = GAIT_WALK; gait <= GAIT_RUN; gait++) {
        struct errors strike = {0}, toe_off = {0};
        for (int seed = 1; seed <= 12; seed++)
            detect_person((gait_activity)gait, 40 * seed, rates_hz[seed % 4], &strike, &toe_off);
        check(gait == GAIT_RUN ? "running strikes" : "walking strikes", &strike, 0.02);
        /* How a shank leaves the ground is drawn more freely than how it lands. */
        check(gait == GAIT_RUN ? "running toe-offs" : "walking toe-offs", &toe_off, 0.03);
    }
}

/* The time of the first event of that kind; INFINITY: there is none. */
static double first_time(const gait_event *event, size_t n, gait_event_type type)
{
    double first_s = INFINITY;
    for (size_t i = 0; i < n; i++)
        if (event[i].type == type) first_s = fmin(first_s, event[i].time_s);
    return first_s;
}

static void no_foot_strikes_while_standing(void **state)
{
    (void)state;
    for (int seed = 700; seed < 720; seed++) {
        char settings[128];
        snprintf(settings, sizeof settings, "vary=1 seed=%d duration_s=20 standing_s=2 gyro=0",
                 seed);
        struct simulated_window w = simulate_window(settings, GAIT_SHANK, GAIT_LEFT, GAIT_RUN);
        struct arena keep = {0}, tmp = {0};
        struct event_list found = {0};
        gait_error err = {0};
        const struct detector *row = detector_choose(NULL, GAIT_SHANK, GAIT_RUN, 0);
        assert_ok(detector_run(row, &w.m->signal, &found, &keep, &tmp, &err), err);
        double true_s = first_time(w.m->events, w.m->in.n_events, GAIT_FOOT_STRIKE);
        assert_true(first_time(found.at, found.n, GAIT_FOOT_STRIKE) > true_s - 0.2);
        arena_free(&keep);
        arena_free(&tmp);
        simulated_window_free(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_runner_and_walker_is_followed),
        cmocka_unit_test(no_foot_strikes_while_standing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
