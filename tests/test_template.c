/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/template.h"
#include "near.h"
#include "signal/peaks.h"

enum { RATE_HZ = 50, N = 20 * RATE_HZ };

static const struct stride_template pulse = {
    .from_phase = -0.5,
    .to_phase = 0.5,
    .channel = {{.base = 0, .bump = {{0.1, 0.05, 1}}, .weight = 1},
                {.base = -0.3, .bump = {{-0.2, 0.08, 2}}, .weight = 0.5},
                {.base = 0, .weight = 0}}};

static double channel[TEMPLATE_CHANNELS][N];
static const struct features features = {N, RATE_HZ, {channel[0], channel[1], channel[2]}};

/* The template itself at each strike, stretched to a period. */
static void draw_strides(double first_s, double period_s)
{
    for (size_t i = 0; i < N; i++) {
        double stride = ((double)i / RATE_HZ - first_s) / period_s;
        double phase = stride - floor(stride + 0.5);
        for (size_t c = 0; c < TEMPLATE_CHANNELS; c++)
            channel[c][i] = drawing_at(&pulse.channel[c], phase);
    }
}

static void match(double period_s, double *score)
{
    double periods_s[] = {period_s, period_s};
    struct period_track period = {2, 10, periods_s};
    struct arena tmp = {0};
    assert_int_equal(template_match(&pulse, &features, &period, score, &tmp), GAIT_OK);
    arena_free(&tmp);
}

static void a_bump_is_as_high_as_drawn(void **state)
{
    (void)state;
    assert_near(drawing_at(&pulse.channel[0], 0.1), 1, 1e-12, "at its top");
    assert_near(drawing_at(&pulse.channel[0], 0.15), exp(-0.5), 1e-12, "one width away");
    assert_near(drawing_at(&pulse.channel[1], 5), -0.3, 1e-12, "far away");
}

static void the_template_matches_itself(void **state)
{
    (void)state;
    double score[N];
    draw_strides(1.0, 1.0);
    match(1.0, score);
    for (size_t s = 2; s < 18; s++) {
        assert_near(score[s * RATE_HZ], 1, 1e-6, "a perfect match at each strike");
        size_t best = argmax(score, s * RATE_HZ - 20, s * RATE_HZ + 20);
        assert_int_equal(best, s * RATE_HZ);
    }
}

static void a_template_stretched_to_the_wrong_period_matches_less(void **state)
{
    (void)state;
    double right[N], wrong[N];
    draw_strides(1.0, 1.0);
    match(1.0, right);
    match(0.6, wrong);
    assert_true(wrong[5 * RATE_HZ] < right[5 * RATE_HZ] - 0.05);
}

static void too_little_of_the_template_scores_minus_one(void **state)
{
    (void)state;
    double score[N];
    draw_strides(0.0, 2.0); /* the template is 100 samples long, 50 before the strike */
    match(4.0, score);      /* and now 200: at the first sample half of it is there */
    assert_true(score[0] > -1);
    struct features few = features;
    few.n = 60;
    double periods_s[] = {4.0};
    struct period_track period = {1, 10, periods_s};
    struct arena tmp = {0};
    assert_int_equal(template_match(&pulse, &few, &period, score, &tmp), GAIT_OK);
    arena_free(&tmp);
    for (size_t i = 0; i < 60; i++) assert_near(score[i], -1, 0, "60 of 200 samples");
}

static void the_period_is_looked_up_by_time(void **state)
{
    (void)state;
    double periods_s[] = {0.7, 0.8, 0.9};
    struct period_track period = {3, 5, periods_s};
    assert_near(period_at(&period, -1), 0.7, 0, "before the first");
    assert_near(period_at(&period, 4.99), 0.7, 0, "in the first");
    assert_near(period_at(&period, 5), 0.8, 0, "in the second");
    assert_near(period_at(&period, 100), 0.9, 0, "after the last");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bump_is_as_high_as_drawn),
        cmocka_unit_test(the_template_matches_itself),
        cmocka_unit_test(a_template_stretched_to_the_wrong_period_matches_less),
        cmocka_unit_test(too_little_of_the_template_scores_minus_one),
        cmocka_unit_test(the_period_is_looked_up_by_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
