/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "base/random.h"
#include "gait/detect/ensemble.h"
#include "gait/detect/selfalign.h"
#include "near.h"

enum { RATE_HZ = 200, SECONDS = 30, N = RATE_HZ * SECONDS, EVENTS = 24 };

static const double two_pi = 6.283185307179586;
static double x[3 * N];
static const struct track track = {x, N, 3, RATE_HZ};

static void reading_between_samples_follows_the_curve(void **state)
{
    (void)state;
    for (size_t i = 0; i < N; i++)
        for (size_t c = 0; c < 3; c++)
            x[3 * i + c] = sin(two_pi * 10 * ((double)i / RATE_HZ) + (double)c);
    static const double steps_s[] = {0.005, 0.0025, 0.01, 0.0013, 0.00125};
    for (size_t k = 0; k < sizeof steps_s / sizeof *steps_s; k++) {
        double out[3 * 50];
        track_read(&track, 4.3217, steps_s[k], out, 50);
        for (size_t j = 0; j < 50; j++)
            for (size_t c = 0; c < 3; c++) {
                double t = 4.3217 + (double)j * steps_s[k];
                assert_near(out[3 * j + c], sin(two_pi * 10 * t + (double)c), 2e-3, "10 Hz");
            }
    }
}

static void beyond_its_ends_a_track_goes_on_as_it_ended(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3 * N; i++) x[i] = (double)i;
    double out[3 * 4];
    track_read(&track, -5, 0.5, out, 4);
    for (size_t j = 0; j < 12; j++) assert_near(out[j], (double)(j % 3), 1e-9, "before");
    track_read(&track, SECONDS + 1, 0.005, out, 4);
    for (size_t j = 0; j < 12; j++)
        assert_near(out[j], (double)(3 * (N - 1) + j % 3), 1e-6, "after");
}

static void a_track_of_one_sample_can_be_read(void **state)
{
    (void)state;
    double one[3] = {1, 2, 3}, out[6];
    struct track shortest = {one, 1, 3, RATE_HZ};
    track_read(&shortest, -0.1, 0.15, out, 2);
    for (size_t j = 0; j < 6; j++) assert_near(out[j], one[j % 3], 1e-12, "the one there is");
}

static void the_mean_stride_leaves_out_what_is_cut_off(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3 * N; i++) x[i] = i < 3 * 400 ? 100 : 7;
    static const double event_s[] = {0.01, 5, 6, 7, SECONDS - 0.01};
    static const struct row row = {-0.1, 0.005, 41};
    double mean[3 * 41], one[3 * 41];
    ensemble_mean(&track, event_s, 5, &row, mean, one);
    for (size_t j = 0; j < 3 * 41; j++) assert_near(mean[j], 7, 1e-9, "only whole ones count");
    ensemble_mean(&track, event_s, 1, &row, mean, one);
    assert_near(mean[60], 100, 1e-9, "unless there is nothing else");
}

/* A bump of 60 ms on three axes around each event. */
static void draw_events(const double *event_s, size_t n, double noise_g)
{
    struct prng prng;
    prng_seed(&prng, 3);
    for (size_t i = 0; i < 3 * N; i++) x[i] = prng_normal(&prng, 0, noise_g);
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < N; i++) {
            double t = (double)i / RATE_HZ - event_s[k];
            if (fabs(t) > 0.3) continue;
            x[3 * i] += exp(-0.5 * pow(t / 0.03, 2));
            x[3 * i + 1] -= exp(-0.5 * pow((t - 0.02) / 0.02, 2));
            x[3 * i + 2] += 0.5 * exp(-0.5 * pow((t + 0.03) / 0.025, 2));
        }
}

static const struct selfalign_rules rules = {-0.1, 0.1, 0.02, 0.001};

static void events_that_were_misplaced_come_back_together(void **state)
{
    (void)state;
    double truth_s[EVENTS], given_s[EVENTS], likeness[EVENTS];
    for (size_t k = 0; k < EVENTS; k++) {
        truth_s[k] = 0.7 + 1.2 * (double)k;
        given_s[k] = truth_s[k] + 0.012 * sin(17 * (double)k);
    }
    draw_events(truth_s, EVENTS, 0.02);
    struct arena tmp = {0};
    for (int pass = 0; pass < 3; pass++)
        assert_int_equal(selfalign(&track, &rules, pass ? SELFALIGN_MEDIAN : SELFALIGN_MEAN,
                                   given_s, likeness, EVENTS, &tmp),
                         GAIT_OK);
    arena_free(&tmp);
    double common_s = given_s[0] - truth_s[0];
    for (size_t k = 0; k < EVENTS; k++) {
        assert_near(given_s[k] - truth_s[k], common_s, 0.0015, "one shift for all");
        assert_true(likeness[k] > 0.95);
    }
    assert_near(common_s, 0, 0.008, "the group stays where it was");
}

static void one_odd_event_does_not_move_the_others(void **state)
{
    (void)state;
    double truth_s[EVENTS], given_s[EVENTS], likeness[EVENTS];
    for (size_t k = 0; k < EVENTS; k++) given_s[k] = truth_s[k] = 0.7 + 1.2 * (double)k;
    given_s[5] += 0.5; /* nothing happens there */
    draw_events(truth_s, EVENTS, 0.02);
    struct arena tmp = {0};
    assert_int_equal(selfalign(&track, &rules, SELFALIGN_MEDIAN, given_s, likeness, EVENTS, &tmp),
                     GAIT_OK);
    arena_free(&tmp);
    for (size_t k = 0; k < EVENTS; k++)
        if (k != 5) assert_near(given_s[k], truth_s[k], 0.001, "in place");
    assert_true(likeness[5] < 0.5);
}

static void an_event_that_is_cut_off_is_aligned_by_the_rest_of_it(void **state)
{
    (void)state;
    double truth_s[EVENTS], given_s[EVENTS], likeness[EVENTS];
    for (size_t k = 0; k < EVENTS; k++) given_s[k] = truth_s[k] = 0.04 + 1.2 * (double)k;
    given_s[0] += 0.008;
    draw_events(truth_s, EVENTS, 0.01);
    struct arena tmp = {0};
    assert_int_equal(selfalign(&track, &rules, SELFALIGN_MEDIAN, given_s, likeness, EVENTS, &tmp),
                     GAIT_OK);
    arena_free(&tmp);
    assert_near(given_s[0], truth_s[0], 0.002, "from what was recorded");
}

static void two_events_are_left_alone(void **state)
{
    (void)state;
    double given_s[] = {2, 3.01};
    struct arena tmp = {0};
    assert_int_equal(selfalign(&track, &rules, SELFALIGN_MEAN, given_s, NULL, 2, &tmp), GAIT_OK);
    arena_free(&tmp);
    assert_near(given_s[0], 2, 0, "first");
    assert_near(given_s[1], 3.01, 0, "second");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_between_samples_follows_the_curve),
        cmocka_unit_test(beyond_its_ends_a_track_goes_on_as_it_ended),
        cmocka_unit_test(a_track_of_one_sample_can_be_read),
        cmocka_unit_test(the_mean_stride_leaves_out_what_is_cut_off),
        cmocka_unit_test(events_that_were_misplaced_come_back_together),
        cmocka_unit_test(one_odd_event_does_not_move_the_others),
        cmocka_unit_test(an_event_that_is_cut_off_is_aligned_by_the_rest_of_it),
        cmocka_unit_test(two_events_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
