/* SPDX-License-Identifier: BSD-3-Clause */
#include <gait/simulate.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "near.h"
#include "simulate/motion.h"

struct run {
    gait_simulation *simulation;
    gait_simulated sensor;
};

/* The next "key=value" of a row of them; the rest, NULL at the end. */
static const char *next_setting(const char *at, char key[64], char value[64])
{
    if (!*at) return NULL;
    size_t length = strcspn(at, " "), equal = strcspn(at, "=");
    memset(key, 0, 64);
    memset(value, 0, 64);
    memcpy(key, at, equal);
    memcpy(value, at + equal + 1, length - equal - 1);
    at += length;
    return at + strspn(at, " ");
}

static void set_all(gait_simulation *simulation, const char *settings)
{
    gait_error err = {0};
    char key[64], value[64];
    while ((settings = next_setting(settings, key, value)))
        assert_ok(gait_simulation_set(simulation, key, value, &err), err);
}

static void set_keys(struct key_values *keys, const char *settings)
{
    gait_error err = {0};
    char key[64], value[64];
    while ((settings = next_setting(settings, key, value)))
        assert_ok(key_values_set(keys, key_from_name(key), value, &err), err);
}

static void simulate(struct run *run, const char *settings, gait_placement placement,
                     gait_side side)
{
    gait_error err = {0};
    assert_ok(gait_simulation_new(&run->simulation, &err), err);
    set_all(run->simulation, settings);
    assert_ok(gait_simulation_run(run->simulation, placement, side, &run->sensor, &err), err);
}

static double value_of(const gait_simulated *sensor, const char *event, size_t *count)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < sensor->n_truth; i++) {
        if (strcmp(sensor->truth[i].event, event) != 0) continue;
        sum += sensor->truth[i].value;
        n++;
    }
    if (count) *count = n;
    return n ? sum / (double)n : (double)NAN;
}

static double accel_norm(const gait_simulated *sensor, size_t i)
{
    const float *a = sensor->accel_g + 3 * i;
    return sqrt((double)a[0] * (double)a[0] + (double)a[1] * (double)a[1] +
                (double)a[2] * (double)a[2]);
}

static void a_sensor_at_rest_reads_one_g_however_it_is_mounted(void **state)
{
    (void)state;
    static const char *const mountings[] = {"0/0/0", "90/0/0", "17/-33/121", "180/45/-90"};
    for (size_t m = 0; m < 4; m++) {
        char settings[128];
        snprintf(settings, sizeof settings,
                 "duration_s=12 standing_s=8 noise_g=0 rate_hz=100 mounting_deg=%s", mountings[m]);
        struct run run;
        simulate(&run, settings, GAIT_SHANK, GAIT_RIGHT);
        for (size_t i = 0; i < 600; i++)
            assert_near(accel_norm(&run.sensor, i), 1, .01, "standing still is 1 g");
        gait_simulation_free(&run.simulation);
    }
}

/* The trunk kept upright, so that its up axis is the world's. */
static double mean_upward_force(const char *settings)
{
    gait_error err = {0};
    struct key_values keys;
    struct person person;
    struct timeline timeline = {0};
    struct arena arena = {0};
    key_values_init(&keys);
    set_keys(&keys, settings);
    assert_ok(person_make(&person, &keys, &err), err);
    struct body *body = &person.body;
    body->trunk_lean_deg = body->trunk_pitch_deg = body->trunk_roll_deg = body->trunk_yaw_deg = 0;
    assert_ok(timeline_make(&timeline, &person, &keys, &err), err);

    struct world world = {&person, &timeline};
    struct motion motion;
    struct grid grid = {0, 1e-3, 60000};
    assert_int_equal(trunk_motion(&world, grid, &motion, &arena), GAIT_OK);
    size_t first = first_step_after(&timeline, 5), last = first_step_after(&timeline, 55);
    if ((last - first) % 2) last--;
    size_t from = grid_index(&grid, timeline.steps[first].strike_s);
    size_t to = grid_index(&grid, timeline.steps[last].strike_s);
    double sum = 0;
    for (size_t i = from; i < to; i++) sum += motion.force_g[3 * i + 1];
    arena_free(&arena);
    timeline_free(&timeline);
    return sum / (double)(to - from);
}

static void the_mean_force_on_the_trunk_is_one_body_weight(void **state)
{
    (void)state;
    static const char *const settings[] = {
        "",
        "vary=1 seed=3",
        "cadence_steps_per_min=155 speed_mps=2.6 impact_g=3",
        "cadence_steps_per_min=188 contact_time_s=0.19 impact_g=9",
        "activity=walk",
        "activity=walk vary=1 seed=8"};
    for (size_t k = 0; k < sizeof settings / sizeof *settings; k++)
        assert_near(mean_upward_force(settings[k]), 1, .005, settings[k]);
}

/* Times of one kind of event of one side (GAIT_SIDE_NONE: any), at most room. */
static size_t times_of(const gait_simulated *sensor, const char *event, gait_side side,
                       double *time_s, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < sensor->n_truth && n < room; i++)
        if (!strcmp(sensor->truth[i].event, event) &&
            (side == GAIT_SIDE_NONE || sensor->truth[i].side == side))
            time_s[n++] = sensor->truth[i].time_s;
    return n;
}

static void what_was_asked_for_is_what_happens(void **state)
{
    (void)state;
    static const struct {
        const char *settings;
        double cadence, contact_s, eversion_deg;
    } cases[] = {
        {"cadence_steps_per_min=164 contact_time_s=0.26 eversion_deg=14", 164, .26, 14},
        {"cadence_steps_per_min=182 contact_time_s=0.2 eversion_deg=6 roll_family=fast", 182, .2,
         6},
        {"cadence_steps_per_min=170 contact_time_s=0.24 eversion_deg=16 roll_family=shifted vary=1 "
         "rate_hz=200",
         170, .24, 16},
        {"cadence_steps_per_min=170 contact_time_s=0.24 eversion_deg=8 vary=1 rate_hz=200 seed=9",
         170, .24, 8},
        {"activity=walk cadence_steps_per_min=108 contact_time_s=0.68 eversion_deg=9", 108, .68, 9},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char settings[256];
        struct run run;
        size_t n;
        snprintf(settings, sizeof settings, "duration_s=120 %s", cases[k].settings);
        simulate(&run, settings, GAIT_FOOT, GAIT_LEFT);
        assert_near(value_of(&run.sensor, "cadence_spm", &n), cases[k].cadence,
                    .008 * cases[k].cadence, settings);
        assert_int_equal(n, 12);
        assert_near(value_of(&run.sensor, "contact_time_s", &n), cases[k].contact_s,
                    .01 * cases[k].contact_s, settings);
        assert_near((double)n, cases[k].cadence, 2, "one contact of the left foot per stride");
        assert_near(value_of(&run.sensor, "eversion_mean_deg", NULL), cases[k].eversion_deg, .6,
                    settings);
        gait_simulation_free(&run.simulation);
    }
}

static double mean_between(const gait_simulated *sensor, const char *event, gait_side side,
                           double from_s, double to_s)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < sensor->n_truth; i++) {
        const gait_truth *row = &sensor->truth[i];
        if (strcmp(row->event, event) != 0 || row->time_s < from_s || row->time_s >= to_s) continue;
        if (side != GAIT_SIDE_NONE && row->side != side) continue;
        sum += row->value;
        n += 1;
    }
    return sum / fmax(n, 1);
}

static void a_load_shift_lasts(void **state)
{
    (void)state;
    struct run run;
    simulate(&run, "duration_s=400 shift_at_s=200 shift_percent=20 impact_cv=0.1 rate_hz=100",
             GAIT_SHANK, GAIT_RIGHT);
    double before = mean_between(&run.sensor, "peak_accel_axial_g", GAIT_RIGHT, 0, 200);
    double after = mean_between(&run.sensor, "peak_accel_axial_g", GAIT_RIGHT, 200, 400);
    assert_near(after / before, 1.2, .025, "every impact is 20 % larger");
    assert_near(value_of(&run.sensor, "load_shift_percent", NULL), 20, 0, "the truth says so");
    gait_simulation_free(&run.simulation);
}

static void fatigue_changes_the_run_from_its_begin_to_its_end(void **state)
{
    (void)state;
    struct run run;
    simulate(&run,
             "duration_s=600 rate_hz=100 cadence_steps_per_min=170 contact_time_s=0.24 "
             "eversion_deg=10 fatigue_cadence_percent=-6 fatigue_impact_percent=30 "
             "fatigue_eversion_deg=4 fatigue_contact_percent=8",
             GAIT_FOOT, GAIT_RIGHT);
    const gait_simulated *s = &run.sensor;
    gait_side right = GAIT_RIGHT, any = GAIT_SIDE_NONE;
    assert_near(mean_between(s, "cadence_spm", any, 540, 600), 170 * (1 - .95 * .06), 1, "cadence");
    assert_near(mean_between(s, "eversion_excursion_deg", right, 540, 600) -
                    mean_between(s, "eversion_excursion_deg", right, 0, 60),
                .9 * 4, .5, "eversion");
    assert_near(mean_between(s, "contact_time_s", right, 540, 600), .24 * (1 + .95 * .08), .003,
                "contact");
    assert_true(mean_between(s, "peak_accel_axial_g", right, 540, 600) >
                1.15 * mean_between(s, "peak_accel_axial_g", right, 0, 60));
    gait_simulation_free(&run.simulation);
}

static void asymmetry_is_left_minus_right(void **state)
{
    (void)state;
    enum { ROOM = 2000 };
    struct run run;
    simulate(&run,
             "duration_s=300 rate_hz=100 step_time_asymmetry_percent=6 impact_asymmetry_percent=20",
             GAIT_SACRUM, GAIT_SIDE_NONE);
    const gait_simulated *s = &run.sensor;
    double sum[2] = {0, 0}, count[2] = {0, 0}, last = -1;
    for (size_t i = 0; i < s->n_truth; i++) {
        if (strcmp(s->truth[i].event, "foot_strike") != 0) continue;
        bool left = s->truth[i].side == GAIT_LEFT;
        if (last >= 0) sum[left] += s->truth[i].time_s - last;
        if (last >= 0) count[left] += 1;
        last = s->truth[i].time_s;
    }
    double right = sum[0] / count[0], left = sum[1] / count[1];
    assert_near((left - right) / ((left + right) / 2), .06, .006, "step time");
    gait_simulation_free(&run.simulation);

    double peak[2];
    for (int side = 0; side < 2; side++) {
        simulate(&run, "duration_s=300 rate_hz=100 impact_asymmetry_percent=20", GAIT_SHANK,
                 side ? GAIT_LEFT : GAIT_RIGHT);
        peak[side] = value_of(&run.sensor, "peak_accel_axial_g", NULL);
        gait_simulation_free(&run.simulation);
    }
    assert_near((peak[1] - peak[0]) / ((peak[0] + peak[1]) / 2), .20, .03, "impact");
}

/* Root mean square of the force to the right between two times. */
static double sideways_g(const gait_simulated *s, double from_s, double to_s)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < s->n_frames; i++) {
        if (s->time_s[i] < from_s || s->time_s[i] > to_s) continue;
        double right = 0;
        for (size_t k = 0; k < 3; k++) right += s->mounting[k][2] * (double)s->accel_g[3 * i + k];
        sum += right * right;
        n++;
    }
    return sqrt(sum / n);
}

/* From the middle of the first to the middle of the last sixth it grows from 1.083 to 1.917 times.
 */
static void sway_grows_as_asked(void **state)
{
    (void)state;
    static const gait_placement placements[] = {GAIT_SACRUM, GAIT_SHANK};
    for (size_t p = 0; p < 2; p++) {
        struct run run;
        simulate(&run,
                 "duration_s=120 vary=1 seed=3 rate_hz=100 mounting_deg=0/0/0 mount_hz=0 "
                 "noise_g=0 fatigue_sway_percent=100",
                 placements[p], p ? GAIT_RIGHT : GAIT_SIDE_NONE);
        double growth = sideways_g(&run.sensor, 100, 120) / sideways_g(&run.sensor, 0, 20);
        assert_near(growth, 1.917 / 1.083, .35, "sideways force");
        gait_simulation_free(&run.simulation);
    }
}

static void hard_landings_are_as_many_and_as_hard_as_asked(void **state)
{
    (void)state;
    struct run run;
    size_t n;
    simulate(&run, "duration_s=300 hard_landings=7 rate_hz=1000 noise_g=0 impact_g=5 range_g=50",
             GAIT_SHANK, GAIT_LEFT);
    value_of(&run.sensor, "hard_landing", &n);
    assert_int_equal(n, 7);
    double usual = value_of(&run.sensor, "peak_accel_axial_g", NULL);
    for (size_t i = 0; i < run.sensor.n_truth; i++) {
        if (strcmp(run.sensor.truth[i].event, "hard_landing") != 0) continue;
        double t_s = run.sensor.truth[i].time_s;
        double peak = mean_between(&run.sensor, "peak_accel_axial_g", GAIT_LEFT, t_s, t_s + 1e-6);
        assert_true(peak > 1.3 * usual);
        assert_near(peak / 5, run.sensor.truth[i].value, .15, "the truth gives the factor");
    }
    gait_simulation_free(&run.simulation);
}

static void true_peaks_are_those_of_a_fast_quiet_sensor(void **state)
{
    (void)state;
    static const gait_placement placements[] = {GAIT_SHANK, GAIT_FOOT, GAIT_SACRUM};
    for (size_t p = 0; p < 3; p++) {
        struct run run;
        simulate(&run, "duration_s=10 rate_hz=2000 noise_g=0 bits=0 range_g=100", placements[p],
                 placements[p] == GAIT_SACRUM ? GAIT_SIDE_NONE : GAIT_RIGHT);
        for (size_t i = 0; i < run.sensor.n_truth; i++) {
            const gait_truth *row = &run.sensor.truth[i];
            if (strcmp(row->event, "peak_accel_resultant_g") != 0) continue;
            size_t from = (size_t)fmax(0, (row->time_s - .010) * 2000);
            size_t to = (size_t)((row->time_s + .080) * 2000);
            double most = 0;
            for (size_t k = from; k <= to && k < run.sensor.n_frames; k++)
                most = fmax(most, accel_norm(&run.sensor, k));
            if (to < run.sensor.n_frames)
                assert_near(most / row->value, 1, .01, "resultant in the 90 ms around the strike");
        }
        gait_simulation_free(&run.simulation);
    }
}

static void the_impact_key_is_the_mean_peak_along_the_shank(void **state)
{
    (void)state;
    static const char *const settings[] = {"impact_g=5", "impact_g=9 vary=1 seed=4",
                                           "impact_g=2.2 activity=walk"};
    static const double want[] = {5, 9, 2.2};
    for (size_t k = 0; k < 3; k++) {
        struct run run;
        simulate(&run, settings[k], GAIT_SHANK, GAIT_RIGHT);
        assert_near(value_of(&run.sensor, "peak_accel_axial_g", NULL) / want[k], 1, .08,
                    settings[k]);
        gait_simulation_free(&run.simulation);
    }
}

static void the_same_seed_gives_the_same_bytes(void **state)
{
    (void)state;
    struct run a, b;
    const char *settings = "vary=1 seed=42 duration_s=20 jitter=0.1 duplicates=3";
    simulate(&a, settings, GAIT_FOOT, GAIT_RIGHT);
    simulate(&b, settings, GAIT_FOOT, GAIT_RIGHT);
    size_t n = a.sensor.n_frames;
    assert_int_equal(n, b.sensor.n_frames);
    assert_memory_equal(a.sensor.time_s, b.sensor.time_s, n * sizeof(double));
    assert_memory_equal(a.sensor.accel_g, b.sensor.accel_g, 3 * n * sizeof(float));
    assert_memory_equal(a.sensor.gyro_dps, b.sensor.gyro_dps, 3 * n * sizeof(float));
    gait_simulation_free(&a.simulation);
    gait_simulation_free(&b.simulation);
}

static void another_seed_gives_another_runner(void **state)
{
    (void)state;
    struct run a, b;
    simulate(&a, "vary=1 seed=1 duration_s=5", GAIT_FOOT, GAIT_RIGHT);
    simulate(&b, "vary=1 seed=2 duration_s=5", GAIT_FOOT, GAIT_RIGHT);
    assert_string_not_equal(gait_simulation_get(a.simulation, "eversion_deg"),
                            gait_simulation_get(b.simulation, "eversion_deg"));
    gait_simulation_free(&a.simulation);
    gait_simulation_free(&b.simulation);
}

static void all_sensors_see_the_same_steps(void **state)
{
    (void)state;
    enum { ROOM = 400 };
    static const char *const settings[] = {"vary=1 seed=5 duration_s=40",
                                           "activity=walk seed=6 duration_s=40 standing_s=5"};
    static const char *const events[] = {"foot_strike", "toe_off"};
    for (size_t k = 0; k < 4; k++) {
        gait_error err = {0};
        gait_simulated sensor;
        struct run run;
        double trunk[ROOM], limb[ROOM];
        const char *event = events[k / 2];
        for (int side = GAIT_LEFT; side <= GAIT_RIGHT; side++) {
            simulate(&run, settings[k % 2], GAIT_SACRUM, GAIT_SIDE_NONE);
            size_t n = times_of(&run.sensor, event, (gait_side)side, trunk, ROOM);
            assert_true(n > 15);
            assert_ok(gait_simulation_run(run.simulation, k % 2 ? GAIT_FOOT : GAIT_SHANK,
                                          (gait_side)side, &sensor, &err),
                      err);
            assert_int_equal(times_of(&sensor, event, GAIT_SIDE_NONE, limb, ROOM), n);
            assert_memory_equal(trunk, limb, n * sizeof *limb);
            gait_simulation_free(&run.simulation);
        }
    }
}

static void a_mounting_turns_the_same_signal(void **state)
{
    (void)state;
    struct run plain, turned;
    const char *same = "duration_s=5 noise_g=0 bits=0 range_g=100";
    char settings[128];
    snprintf(settings, sizeof settings, "%s mounting_deg=20/-40/130", same);
    simulate(&plain, same, GAIT_SHANK, GAIT_LEFT);
    simulate(&turned, settings, GAIT_SHANK, GAIT_LEFT);
    for (size_t i = 0; i < plain.sensor.n_frames; i++)
        for (size_t k = 0; k < 3; k++) {
            double want = 0;
            for (size_t b = 0; b < 3; b++)
                want += turned.sensor.mounting[k][b] * (double)plain.sensor.accel_g[3 * i + b];
            assert_near((double)turned.sensor.accel_g[3 * i + k], want, 1e-5, "rows of mounting");
        }
    assert_int_equal(plain.sensor.axes[0][0], 1);
    for (size_t k = 0; k < 9; k++) assert_int_equal(turned.sensor.axes[k / 3][k % 3], 0);
    gait_simulation_free(&plain.simulation);
    gait_simulation_free(&turned.simulation);

    simulate(&turned, "duration_s=5 standing_s=4 noise_g=0 mounting_deg=90/0/0", GAIT_SHANK,
             GAIT_LEFT);
    for (size_t k = 0; k < 3; k++) {
        double up = (double)turned.sensor.accel_g[300 + k];
        assert_near(up, turned.sensor.axes[1][k], .02, "axes say where up is");
    }
    gait_simulation_free(&turned.simulation);
}

static void the_sensor_has_the_faults_that_were_asked_for(void **state)
{
    (void)state;
    struct run run;
    simulate(&run, "duration_s=20 rate_hz=200 gap_at_s=7 gap_s=1.5", GAIT_FOOT, GAIT_LEFT);
    const gait_simulated *s = &run.sensor;
    assert_int_equal(s->n_frames, 20 * 200 - 300);
    double widest = 0;
    for (size_t i = 1; i < s->n_frames; i++) widest = fmax(widest, s->time_s[i] - s->time_s[i - 1]);
    assert_near(widest, 1.505, 1e-9, "1.5 s are missing");
    gait_simulation_free(&run.simulation);

    simulate(&run, "duration_s=50 rate_hz=100 jitter=0.1", GAIT_FOOT, GAIT_LEFT);
    double sum = 0;
    for (size_t i = 0; i < run.sensor.n_frames; i++) {
        double error = run.sensor.time_s[i] * 100 - (double)i;
        sum += error * error;
    }
    assert_near(sqrt(sum / (double)run.sensor.n_frames), .1, .005, "jitter in sample periods");
    gait_simulation_free(&run.simulation);

    simulate(&run, "duration_s=20 rate_hz=200 duplicates=25", GAIT_FOOT, GAIT_LEFT);
    size_t twice = 0;
    s = &run.sensor;
    for (size_t i = 1; i < s->n_frames; i++)
        twice += s->time_s[i] <= s->time_s[i - 1] &&
                 !memcmp(s->accel_g + 3 * i, s->accel_g + 3 * i - 3, 3 * sizeof(float));
    assert_int_equal(twice, 25);
    assert_int_equal(s->n_frames, 4025);
    gait_simulation_free(&run.simulation);

    simulate(&run, "duration_s=100 rate_hz=100 drift_ppm=20000", GAIT_FOOT, GAIT_LEFT);
    assert_int_equal(run.sensor.n_frames, 10200);
    assert_near(run.sensor.time_s[10199], 10199 / 102., 1e-9, "102 Hz that call themselves 100");
    assert_near(run.sensor.rate_hz, 100, 0, "nominal");
    gait_simulation_free(&run.simulation);
}

static void samples_are_clipped_and_quantised(void **state)
{
    (void)state;
    struct run run;
    simulate(&run, "duration_s=20 range_g=4 bits=9 noise_g=0", GAIT_FOOT, GAIT_LEFT);
    size_t at_limit = 0;
    for (size_t i = 0; i < 3 * run.sensor.n_frames; i++) {
        double x = (double)run.sensor.accel_g[i], steps = x * 64;
        assert_true(x >= -4 && x <= 4 - 1. / 64);
        assert_near(steps, round(steps), 1e-6, "1/64 g steps");
        at_limit += x > 3.98 || x < -3.99;
    }
    assert_true(at_limit > 50);
    gait_simulation_free(&run.simulation);
}

static void turning_rates_add_up_to_no_turn_over_strides(void **state)
{
    (void)state;
    static const gait_placement placements[] = {GAIT_SHANK, GAIT_FOOT};
    for (size_t p = 0; p < 2; p++) {
        enum { ROOM = 200 };
        struct run run;
        double strike_s[ROOM], sum = 0, most = 0;
        simulate(&run, "duration_s=30 rate_hz=200", placements[p], GAIT_RIGHT);
        size_t n = times_of(&run.sensor, "foot_strike", GAIT_RIGHT, strike_s, ROOM);
        size_t from = (size_t)(strike_s[1] * 200), to = (size_t)(strike_s[n - 2] * 200);
        for (size_t i = from; i < to; i++) {
            sum += (double)run.sensor.gyro_dps[3 * i + 2] / 200;
            most = fmax(most, fabs((double)run.sensor.gyro_dps[3 * i + 2]));
        }
        assert_near(sum / (double)n, 0, .5, "degrees per stride");
        assert_true(most > 350 && most < 1500);
        gait_simulation_free(&run.simulation);
    }
}

static void a_knee_bend_leans_as_asked(void **state)
{
    (void)state;
    struct run run;
    size_t n;
    simulate(&run,
             "task=knee-bend reps=4 tempo_down_s=1.5 tempo_up_s=1 medial_lean_deg=5 "
             "lean_difference_deg=6 noise_g=0",
             GAIT_SHANK, GAIT_LEFT);
    const gait_simulated *s = &run.sensor;
    assert_near(value_of(s, "bend_down_s", &n), 1.5, .1, "going down");
    assert_int_equal(n, 4);
    assert_near(value_of(s, "bend_up_s", NULL), 1, .07, "coming up");
    assert_near(value_of(s, "bend_medial_lean_deg", NULL), 8, .7, "5 + 6 / 2 on the left");
    for (size_t i = 0; i < s->n_truth; i++) {
        if (strcmp(s->truth[i].event, "bend_down_s") != 0) continue;
        size_t lowest = (size_t)((s->truth[i].time_s + s->truth[i].value) * s->rate_hz);
        const float *a = s->accel_g + 3 * lowest;
        double lean_deg = -atan2((double)a[2], (double)a[1]) * 180 / acos(-1.0);
        assert_near(lean_deg, 8, 2, "the left knee goes to the right");
    }
    gait_simulation_free(&run.simulation);
}

static void a_day_has_rest_walking_running_and_more(void **state)
{
    (void)state;
    struct run run;
    simulate(&run, "activity=day duration_s=900 rate_hz=50 seed=3", GAIT_SACRUM, GAIT_SIDE_NONE);
    static const char *const words[] = {"rest", "walk", "run", "other"};
    size_t found[4] = {0};
    for (size_t i = 0; i < run.sensor.n_truth; i++)
        for (size_t w = 0; w < 4; w++)
            found[w] += !strcmp(run.sensor.truth[i].event, "bout_start") &&
                        !strcmp(run.sensor.truth[i].text, words[w]);
    for (size_t w = 0; w < 4; w++) assert_true(found[w] > 0);
    gait_simulation_free(&run.simulation);
}

static void nobody_steps_while_standing(void **state)
{
    (void)state;
    double first[1];
    struct run run;
    simulate(&run, "duration_s=30 standing_s=10 noise_g=0", GAIT_SHANK, GAIT_RIGHT);
    times_of(&run.sensor, "toe_off", GAIT_SIDE_NONE, first, 1);
    assert_true(first[0] > 10);
    for (size_t i = 0; i < 1900; i++)
        assert_near(accel_norm(&run.sensor, i), 1, .02, "standing still");
    gait_simulation_free(&run.simulation);
}

static void every_key_of_the_table_is_accepted(void **state)
{
    (void)state;
    gait_simulation *simulation = NULL;
    gait_error err = {0};
    assert_ok(gait_simulation_new(&simulation, &err), err);
    for (size_t i = 0; gait_simulation_key_at(i); i++) {
        const gait_simulation_key *row = gait_simulation_key_at(i);
        assert_non_null(row->key);
        assert_true(strlen(row->about) > 10);
        const char *now = gait_simulation_get(simulation, row->key);
        assert_non_null(now);
        if (!*row->standard) continue;
        assert_string_equal(now, row->standard);
        assert_ok(gait_simulation_set(simulation, row->key, row->standard, &err), err);
        assert_string_equal(gait_simulation_get(simulation, row->key), row->standard);
    }
    gait_simulation_free(&simulation);
}

static void what_makes_no_sense_is_refused_with_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *key, *value;
        gait_status status;
    } cases[] = {
        {"cadence", "170", GAIT_NOT_FOUND},
        {"cadence_steps_per_min", "20", GAIT_INVALID},
        {"cadence_steps_per_min", "fast", GAIT_INVALID},
        {"contact_time_s", "0.2s", GAIT_INVALID},
        {"eversion_deg", "31", GAIT_INVALID},
        {"eversion_deg", "nan", GAIT_INVALID},
        {"rate_hz", "1e9", GAIT_INVALID},
        {"seed", "1.5", GAIT_INVALID},
        {"seed", "-1", GAIT_INVALID},
        {"gyro", "2", GAIT_INVALID},
        {"placement", "ear", GAIT_INVALID},
        {"roll_family", "", GAIT_INVALID},
        {"mounting_deg", "10/20", GAIT_INVALID},
        {"mounting_deg", "10/20/30/40", GAIT_INVALID},
        {"mounting_deg", "10/20/900", GAIT_INVALID},
        {"jitter", "0.6", GAIT_INVALID},
        {"duration_s", "", GAIT_INVALID},
        {"subject_id",
         "one whose name is longer than any table of subjects would want to hold, surely",
         GAIT_INVALID},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gait_simulation *simulation = NULL;
        gait_error err = {0};
        assert_ok(gait_simulation_new(&simulation, &err), err);
        assert_int_equal(gait_simulation_set(simulation, cases[i].key, cases[i].value, &err),
                         cases[i].status);
        assert_non_null(strstr(err.text, cases[i].key));
        gait_simulation_free(&simulation);
    }
}

static void keys_that_contradict_each_other_are_refused(void **state)
{
    (void)state;
    static const char *const settings[] = {
        "contact_time_s=0.4",
        "activity=walk contact_time_s=0.3",
        "standing_s=100",
        "duration_s=20 hard_landings=50",
        "activity=day duration_s=100",
        "task=knee-bend reps=30",
        "shift_percent=20",
        "gap_s=2",
        "mount_hz=2",
        "bits=3",
        "duplicates=100000",
        "start_time=yesterday",
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        gait_simulation *simulation = NULL;
        gait_simulated sensor;
        gait_error err = {0};
        assert_ok(gait_simulation_new(&simulation, &err), err);
        set_all(simulation, settings[i]);
        assert_int_equal(gait_simulation_run(simulation, GAIT_SHANK, GAIT_LEFT, &sensor, &err),
                         GAIT_INVALID);
        assert_true(strlen(err.text) > 15);
        gait_simulation_free(&simulation);
    }
}

/* Reads a recording back and compares it with the samples it was written from. */
static void assert_reads_back(const char *path, const gait_simulated *sensor)
{
    gait_recording *recording = NULL;
    gait_error err = {0};
    assert_ok(gait_recording_open(&recording, path, NULL, &err), err);
    const gait_recording_info *info = gait_recording_get_info(recording);
    assert_int_equal(info->placement, sensor->placement);
    assert_int_equal(info->side, sensor->side);
    assert_string_equal(info->subject_id, "S7");
    assert_near(info->distance_m, 5000, 0, "distance_m of the sidecar");
    assert_memory_equal(info->axes, sensor->axes, sizeof sensor->axes);
    size_t n = 0;
    gait_block block;
    do {
        assert_ok(gait_recording_read(recording, &block, &err), err);
        for (size_t i = 0; i < block.n_frames; i++) {
            size_t k = n + i;
            assert_near(block.start_s + (double)i / block.rate_hz, sensor->time_s[k], 1e-6, path);
            for (size_t c = 0; c < 3; c++) {
                assert_near((double)block.accel_g[3 * i + c], (double)sensor->accel_g[3 * k + c],
                            1e-5, path);
                assert_near((double)block.gyro_dps[3 * i + c], (double)sensor->gyro_dps[3 * k + c],
                            1e-3, path);
            }
        }
        n += block.n_frames;
    } while (block.n_frames);
    assert_int_equal(n, sensor->n_frames);
    gait_recording_close(&recording);
}

static size_t lines_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t lines = 0;
    for (int c; (c = fgetc(file)) != EOF;) lines += c == '\n';
    fclose(file);
    return lines;
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    static const char *const names[] = {"a.csv", "b.csv.gz", "c.wav", "d.flac", "e.h5"};
    char folder[] = "/tmp/gait-simulate-XXXXXX";
    assert_non_null(mkdtemp(folder));
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        struct run run;
        gait_error err = {0};
        char path[64], beside[64];
        simulate(&run, "duration_s=6 subject_id=S7 distance_m=5000 mounting_deg=0/90/0", GAIT_SHANK,
                 GAIT_LEFT);
        snprintf(path, sizeof path, "%s/%s", folder, names[k]);
        assert_ok(gait_simulation_write(run.simulation, &run.sensor, path, &err), err);
        assert_reads_back(path, &run.sensor);
        unlink(path);
        snprintf(beside, sizeof beside, "%s/%c.truth.csv", folder, names[k][0]);
        assert_int_equal(lines_of(beside), run.sensor.n_truth + 1);
        unlink(beside);
        snprintf(beside, sizeof beside, "%s/%c.json", folder, names[k][0]);
        unlink(beside);
        gait_simulation_free(&run.simulation);
    }
    assert_int_equal(rmdir(folder), 0);
}

static void another_extension_is_refused(void **state)
{
    (void)state;
    struct run run;
    gait_error err = {0};
    simulate(&run, "duration_s=5", GAIT_SHANK, GAIT_LEFT);
    assert_int_equal(gait_simulation_write(run.simulation, &run.sensor, "/tmp/run.xlsx", &err),
                     GAIT_INVALID);
    assert_non_null(strstr(err.text, ".csv"));
    gait_simulation_free(&run.simulation);
}

static void a_sensor_sits_where_sensors_sit(void **state)
{
    (void)state;
    struct run run;
    gait_simulated sensor;
    gait_error err = {0};
    simulate(&run, "duration_s=5", GAIT_WAIST, GAIT_SIDE_NONE);
    gait_simulation *s = run.simulation;
    assert_int_equal(gait_simulation_run(s, GAIT_WRIST, GAIT_LEFT, &sensor, &err), GAIT_INVALID);
    assert_int_equal(gait_simulation_run(s, GAIT_FOOT, GAIT_SIDE_NONE, &sensor, &err),
                     GAIT_INVALID);
    assert_int_equal(gait_simulation_run(s, GAIT_SACRUM, GAIT_LEFT, &sensor, &err), GAIT_INVALID);
    assert_int_equal(gait_simulation_set(s, "seed", "2", &err), GAIT_INVALID);
    gait_simulation_free(&run.simulation);
    gait_simulation_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sensor_at_rest_reads_one_g_however_it_is_mounted),
        cmocka_unit_test(the_mean_force_on_the_trunk_is_one_body_weight),
        cmocka_unit_test(what_was_asked_for_is_what_happens),
        cmocka_unit_test(a_load_shift_lasts),
        cmocka_unit_test(fatigue_changes_the_run_from_its_begin_to_its_end),
        cmocka_unit_test(asymmetry_is_left_minus_right),
        cmocka_unit_test(sway_grows_as_asked),
        cmocka_unit_test(hard_landings_are_as_many_and_as_hard_as_asked),
        cmocka_unit_test(true_peaks_are_those_of_a_fast_quiet_sensor),
        cmocka_unit_test(the_impact_key_is_the_mean_peak_along_the_shank),
        cmocka_unit_test(the_same_seed_gives_the_same_bytes),
        cmocka_unit_test(another_seed_gives_another_runner),
        cmocka_unit_test(all_sensors_see_the_same_steps),
        cmocka_unit_test(a_mounting_turns_the_same_signal),
        cmocka_unit_test(the_sensor_has_the_faults_that_were_asked_for),
        cmocka_unit_test(samples_are_clipped_and_quantised),
        cmocka_unit_test(turning_rates_add_up_to_no_turn_over_strides),
        cmocka_unit_test(a_knee_bend_leans_as_asked),
        cmocka_unit_test(a_day_has_rest_walking_running_and_more),
        cmocka_unit_test(nobody_steps_while_standing),
        cmocka_unit_test(every_key_of_the_table_is_accepted),
        cmocka_unit_test(what_makes_no_sense_is_refused_with_a_sentence),
        cmocka_unit_test(keys_that_contradict_each_other_are_refused),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(another_extension_is_refused),
        cmocka_unit_test(a_sensor_sits_where_sensors_sit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
