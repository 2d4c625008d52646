/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "near.h"
#include "record/survey.h"

enum { N = 4000, BLOCK = 500 };

static float accel[3 * N];
static uint8_t marks[N];

/* A run at 100 Hz whose impacts along z would reach this. */
static void run(double peak_g, double limit_g)
{
    for (size_t i = 0; i < N; i++) {
        double phase = (double)(i % 70) / 70, impact = exp(-pow((phase - 0.3) / 0.03, 2));
        double wobble = 0.02 * (double)(i * 37 % 101) / 101;
        accel[3 * i] = (float)(0.3 * sin(6.2831853 * phase) + wobble);
        accel[3 * i + 1] = (float)(0.2 * cos(6.2831853 * phase) - wobble);
        accel[3 * i + 2] = (float)fmin(limit_g, 1 + (peak_g - 1 + wobble) * impact + wobble);
    }
}

static void look(struct survey *s, double range_g)
{
    survey_init(s, 100, range_g);
    for (size_t i = 0; i < N; i += BLOCK) {
        gait_error err = {0};
        gait_block block = {.n_frames = BLOCK,
                            .accel_g = accel + 3 * i,
                            .rate_hz = 100,
                            .start_s = (double)i / 100,
                            .starts_segment = !i};
        assert_ok(survey_block(s, &block, &err), err);
        if (block.marks)
            memcpy(marks + i, block.marks, BLOCK);
        else
            memset(marks + i, 0, BLOCK);
    }
}

static size_t count(unsigned mark)
{
    size_t n = 0;
    for (size_t i = 0; i < N; i++) n += (marks[i] & mark) != 0;
    return n;
}

static void frames_at_the_limit_are_marked_with_two_around(void **state)
{
    (void)state;
    struct survey s;
    run(20, 16);
    look(&s, 16);
    for (size_t i = 2; i + 2 < N; i++) {
        int near_limit = 0;
        for (size_t k = i - 2; k <= i + 2; k++) /* what went out is not marked any more */
            near_limit |= accel[3 * k + 2] >= 16 && (k <= i || k / BLOCK == i / BLOCK);
        assert_int_equal((marks[i] & GAIT_FRAME_CLIPPED) != 0, near_limit);
    }
    assert_true(s.n_clipped > 50 && s.n_clipped < count(GAIT_FRAME_CLIPPED));
    survey_free(&s);
}

static void a_limit_nobody_stated_is_found(void **state)
{
    (void)state;
    struct survey s;
    run(12, 8.1);
    look(&s, NAN);
    assert_near(s.range_g, 8, 0, "8.1 is within what a part of 8 g may show");
    assert_true(s.n_clipped > 50);
    survey_free(&s);
}

static void a_peak_below_the_limit_is_none(void **state)
{
    (void)state;
    struct survey s;
    static const double peaks_g[] = {5, 7.5, 9, 12};
    for (size_t i = 0; i < sizeof peaks_g / sizeof *peaks_g; i++) {
        run(peaks_g[i], 100);
        look(&s, i % 2 ? 16 : NAN);
        assert_int_equal(count(GAIT_FRAME_CLIPPED), 0);
        assert_int_equal(s.n_clipped, 0);
        if (i % 2 == 0) assert_true(isnan(s.range_g));
        survey_free(&s);
    }
}

static void zeros_and_constants_are_no_data(void **state)
{
    (void)state;
    struct survey s;
    run(3, 100);
    memset(accel, 0, 3 * sizeof *accel);                 /* an empty first row */
    memset(accel + 3 * 600, 0, 3 * 130 * sizeof *accel); /* zeros */
    memset(accel + 3 * 900, 0, 3 * 3 * sizeof *accel);   /* too few to say */
    for (size_t i = 1500; i < 3100; i++) memcpy(accel + 3 * i, accel + 3 * 1500, 12);
    look(&s, 16);
    for (size_t i = 0; i < N; i++) {
        int expected = i == 0 || (i >= 600 && i < 730) || (i >= 2500 && i < 3100);
        assert_int_equal((marks[i] & GAIT_FRAME_FILLER) != 0, expected);
    }
    assert_int_equal(s.n_filler, 1 + 130 + 600);
    survey_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_at_the_limit_are_marked_with_two_around),
        cmocka_unit_test(a_limit_nobody_stated_is_found),
        cmocka_unit_test(a_peak_below_the_limit_is_none),
        cmocka_unit_test(zeros_and_constants_are_no_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
