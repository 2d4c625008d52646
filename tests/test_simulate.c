/* SPDX-License-Identifier: BSD-3-Clause */
#include <gait/simulate.h>

#include <string.h>

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
    assert_int_equal(trunk_motion(&world, GAIT_SACRUM, grid, &motion, &arena), GAIT_OK);
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

static void what_was_asked_for_is_what_happens(void **state)
{
    (void)state;
    struct run run;
    simulate(&run,
             "duration_s=120 cadence_steps_per_min=164 contact_time_s=0.26 eversion_deg=14 "
             "stride_time_cv=0.01",
             GAIT_FOOT, GAIT_LEFT);
    size_t n;
    assert_near(value_of(&run.sensor, "cadence_spm", &n), 164, .8, "cadence");
    assert_int_equal(n, 12);
    assert_near(value_of(&run.sensor, "contact_time_s", &n), .26, .002, "contact time");
    assert_near((double)n, 164, 2, "one contact of the left foot per stride");
    assert_near(value_of(&run.sensor, "eversion_excursion_deg", NULL), 14, .5, "eversion");
    gait_simulation_free(&run.simulation);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sensor_at_rest_reads_one_g_however_it_is_mounted),
        cmocka_unit_test(the_mean_force_on_the_trunk_is_one_body_weight),
        cmocka_unit_test(what_was_asked_for_is_what_happens),
        cmocka_unit_test(the_same_seed_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
