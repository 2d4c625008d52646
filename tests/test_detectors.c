/* SPDX-License-Identifier: BSD-3-Clause */

/* What every row of the detector table must do, whatever it is given. */

#include "base/random.h"
#include "gait/detect/strides.h"
#include "near.h"

enum { ROOM = 30000 };

static double accel_g[3 * ROOM], gyro_dps[3 * ROOM];

enum content { SILENCE, ZERO, NOISE, CONSTANT, STEPS, HUGE_VALUES, N_CONTENTS };

static void fill(enum content content, size_t n, uint64_t seed)
{
    struct prng prng;
    prng_seed(&prng, seed);
    for (size_t i = 0; i < 3 * n; i++) {
        double noise = prng_normal(&prng, 0, 1);
        double up = i % 3 == 2 ? 1 : 0;
        gyro_dps[i] = content == SILENCE || content == ZERO ? 0 : 100 * noise;
        switch (content) {
        case SILENCE: accel_g[i] = up; break;
        case ZERO: accel_g[i] = 0; break;
        case CONSTANT: accel_g[i] = 7.95; break;
        case STEPS: accel_g[i] = i / 3 % 97 < 40 ? up : -8; break;
        case HUGE_VALUES: accel_g[i] = 1e6 * noise; break;
        case NOISE:
        case N_CONTENTS: accel_g[i] = up + noise; break;
        }
    }
}

static void check_event(const gait_event *event, const struct bout_signal *signal)
{
    double length_s = (double)(signal->n - 1) / signal->rate_hz;
    int is_step = event->type == GAIT_FOOT_STRIKE || event->type == GAIT_TOE_OFF;
    assert_true(event->type < GAIT_N_EVENT_TYPES);
    assert_int_equal(is_step, activity_is_gait(signal->activity));
    assert_true(event->time_s >= -0.05 && event->time_s <= length_s + 0.05);
    assert_true(event->uncertainty_s > 0 && event->uncertainty_s < 1);
    assert_true(event->confidence >= 0 && event->confidence <= 1);
}

static void run(const struct detector *row, enum content content, size_t n, double rate_hz,
                gait_placement placement, gait_activity activity)
{
    gait_options options;
    gait_options_init(&options);
    options.placement = placement;
    options.side = GAIT_RIGHT;
    struct bout_signal signal = {.rate_hz = rate_hz,
                                 .n = n,
                                 .accel_g = accel_g,
                                 .gyro_dps = row->pub.needs_gyro ? gyro_dps : NULL,
                                 .bout_start_s = 0,
                                 .bout_end_s = (double)n / rate_hz,
                                 .activity = activity,
                                 .options = &options};
    struct arena keep = {0}, tmp = {0};
    struct event_list found = {0};
    gait_error err = {0};
    struct arena_mark before = arena_mark(&tmp);
    assert_ok(detector_run(row, &signal, &found, &keep, &tmp, &err), err);
    struct arena_mark after = arena_mark(&tmp);
    assert_true(after.used == before.used || before.block == NULL);
    for (size_t i = 0; i < found.n; i++) check_event(&found.at[i], &signal);
    if (content == SILENCE || content == ZERO || content == CONSTANT) assert_int_equal(found.n, 0);
    arena_free(&keep);
    arena_free(&tmp);
}

static void run_everywhere(const struct detector *row, enum content content, size_t n,
                           double rate_hz)
{
    for (int p = 0; p < GAIT_N_PLACEMENTS; p++)
        for (int a = 0; a < GAIT_N_ACTIVITIES; a++)
            if ((row->pub.placements & AT(p)) && (row->pub.activities & DURING(a)))
                run(row, content, n, rate_hz, (gait_placement)p, (gait_activity)a);
}

static void every_detector_survives_every_input(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 2, 3, 7, 50, 400, 3000};
    static const double rates_hz[] = {25, 142.857, 2000};
    for (size_t k = 0; detector_row(k); k++)
        for (int content = 0; content < N_CONTENTS; content++)
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
                fill((enum content)content, lengths[l], 100 * k + l);
                for (size_t r = 0; r < sizeof rates_hz / sizeof *rates_hz; r++)
                    run_everywhere(detector_row(k), (enum content)content, lengths[l], rates_hz[r]);
            }
}

static void a_window_of_140_s_is_taken(void **state)
{
    (void)state;
    fill(NOISE, ROOM, 7);
    for (size_t k = 0; detector_row(k); k++) run_everywhere(detector_row(k), NOISE, 140 * 200, 200);
}

static void every_row_says_what_it_is(void **state)
{
    (void)state;
    for (size_t k = 0; detector_row(k); k++) {
        const gait_detector *row = gait_detector_at(k);
        assert_non_null(row->name);
        assert_non_null(row->about);
        assert_non_null(row->source);
        assert_true(row->placements && row->activities);
        assert_ptr_equal(gait_detector_find(row->name), row);
    }
}

/* A row with gyroscope may stand beside one without: it is chosen where there is a gyroscope. */
static void no_two_rows_are_the_default_for_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; detector_row(i); i++)
        for (size_t j = 0; j < i; j++) {
            const gait_detector *a = gait_detector_at(i), *b = gait_detector_at(j);
            if (!a->is_default || !b->is_default || a->needs_gyro != b->needs_gyro) continue;
            assert_false((a->placements & b->placements) && (a->activities & b->activities));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_detector_survives_every_input),
        cmocka_unit_test(a_window_of_140_s_is_taken),
        cmocka_unit_test(every_row_says_what_it_is),
        cmocka_unit_test(no_two_rows_are_the_default_for_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
