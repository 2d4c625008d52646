/* SPDX-License-Identifier: BSD-3-Clause */

/* Functional tests on simulated people: repetitions, tempo, lean. */

#include <stdlib.h>
#include <string.h>

#include <gait/simulate.h>

#include "gait/strides.h"
#include "near.h"
#include "signal/stats.h"

enum { MOST = 64, PEOPLE = 24 };

struct set {
    size_t n, n_bouts;
    gait_activity activity;
    gait_stride repetition[MOST];
    double medial_deg[MOST], wobble_deg[MOST], lean_deg[MOST], rotation_deg[MOST];
    uint32_t flags;
};

/* What is true of one sensor. */
struct truth {
    size_t n;
    double start_s[MOST], down_s[MOST], up_s[MOST], medial_deg[MOST];
};

static void set_key(gait_simulation *simulation, const char *key, const char *value)
{
    gait_error err = {0};
    assert_ok(gait_simulation_set(simulation, key, value, &err), err);
}

/* settings is "key=value key=value". */
static gait_simulation *simulation_of(const char *settings)
{
    gait_simulation *simulation = NULL;
    gait_error err = {0};
    assert_ok(gait_simulation_new(&simulation, &err), err);
    for (const char *at = settings; *at; at += strspn(at, " ")) {
        char key[64] = {0}, value[64] = {0};
        size_t length = strcspn(at, " "), equal = strcspn(at, "=");
        memcpy(key, at, equal);
        memcpy(value, at + equal + 1, length - equal - 1);
        set_key(simulation, key, value);
        at += length;
    }
    return simulation;
}

static void keep_bout(struct set *set, const gait_bout *bout)
{
    set->n_bouts++;
    set->activity = bout->activity;
    for (size_t i = 0; i < bout->n_strides; i++, set->n++) {
        assert_true(set->n < MOST);
        set->repetition[set->n] = bout->strides[i];
        set->flags |= bout->strides[i].flags;
        set->medial_deg[set->n] = gait_bout_metric(bout, "bend_medial_lean_deg")[i];
        set->wobble_deg[set->n] = gait_bout_metric(bout, "bend_wobble_deg")[i];
        set->lean_deg[set->n] = gait_bout_metric(bout, "bend_lean_deg")[i];
        set->rotation_deg[set->n] = gait_bout_metric(bout, "bend_rotation_deg")[i];
    }
}

static struct set analysed(const gait_simulated *sensor, gait_activity task, int axes_known)
{
    gait_options options;
    gait_error err = {0};
    gait_analysis *analysis = NULL;
    gait_bout bout;
    struct set set = {0};
    gait_options_init(&options);
    options.placement = sensor->placement;
    options.side = sensor->side;
    options.task = task;
    memcpy(options.axes, sensor->axes, sizeof options.axes);
    options.axes_known = axes_known;
    gait_block block = {.n_frames = sensor->n_frames,
                        .accel_g = sensor->accel_g,
                        .gyro_dps = sensor->gyro_dps,
                        .rate_hz = sensor->rate_hz,
                        .starts_segment = 1};
    assert_ok(gait_analysis_new(&analysis, &options, &err), err);
    assert_ok(gait_analysis_feed(analysis, &block, &err), err);
    assert_ok(gait_analysis_finish(analysis, &err), err);
    while (gait_analysis_next_bout(analysis, &bout)) keep_bout(&set, &bout);
    gait_analysis_free(&analysis);
    return set;
}

static struct truth truth_of(const gait_simulated *sensor)
{
    struct truth truth = {0};
    for (size_t i = 0; i < sensor->n_truth; i++) {
        const gait_truth *row = &sensor->truth[i];
        if (strcmp(row->event, "bend_down_s") == 0) truth.down_s[truth.n] = row->value;
        if (strcmp(row->event, "bend_medial_lean_deg") == 0) truth.medial_deg[truth.n] = row->value;
        if (strcmp(row->event, "bend_start") == 0) truth.start_s[truth.n] = row->time_s;
        if (strcmp(row->event, "bend_up_s") == 0) truth.up_s[truth.n++] = row->value;
    }
    return truth;
}

/* One person's set: left and right shank, or a trunk. */
static struct set simulated(const char *settings, gait_placement placement, gait_side side,
                            gait_activity task, int axes_known, struct truth *truth)
{
    gait_simulation *simulation = simulation_of(settings);
    gait_simulated sensor;
    gait_error err = {0};
    assert_ok(gait_simulation_run(simulation, placement, side, &sensor, &err), err);
    struct set set = analysed(&sensor, task, axes_known);
    *truth = truth_of(&sensor);
    gait_simulation_free(&simulation);
    return set;
}

static double middle(const double *x, size_t n)
{
    double copy[MOST];
    memcpy(copy, x, n * sizeof *x);
    return median_inplace(copy, n);
}

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
        cmocka_unit_test(any_mounting_gives_repetitions_but_no_sides),
        cmocka_unit_test(a_trunk_counts_the_bends_of_both_legs),
        cmocka_unit_test(a_long_test_is_told_across_windows),
        cmocka_unit_test(standing_and_running_are_no_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
