/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/reliability.h"

#include "near.h"

static const struct reliability model = {.base = {-1, 0.5},
                                         .per_log_wrong = 2,
                                         .least_wrong = 0.05,
                                         .per_odd = 3,
                                         .per_log_strike = 0.5,
                                         .per_log_unlike = 1.5,
                                         .least_unlike = 0.02};

static double reliable(double wrong, double odd, size_t n_strikes)
{
    struct walk_evidence evidence = {
        .is_known = 1, .wrong = wrong, .odd = odd, .unlike = {0.1, 0.2}, .n_strikes = n_strikes};
    return reliability_of(&model, &evidence, GAIT_FOOT_STRIKE);
}

static void more_against_a_walk_makes_it_less_reliable(void **state)
{
    (void)state;
    for (double x = 0; x < 1; x += 0.1) {
        assert_true(reliable(x + 0.1, 0.2, 20) < reliable(x, 0.2, 20));
        assert_true(reliable(0.2, x + 0.1, 20) < reliable(0.2, x, 20));
        assert_true(reliable(0.2, 0.2, 21) > reliable(0.2, 0.2, 20));
        assert_true(reliable(x, x, 20) > 0 && reliable(x, x, 20) < 1);
    }
}

static void it_is_the_logistic_of_the_stated_sum(void **state)
{
    (void)state;
    double log_odds = -1 - 2 * log(0.3 + 0.05) - 3 * 0.1 + 0.5 * log(16) - 1.5 * log(0.1 + 0.02);
    assert_near(reliable(0.3, 0.1, 16), 1 / (1 + exp(-log_odds)), 1e-12, "logistic");
}

static void strikes_are_judged_by_strikes_and_toe_offs_by_toe_offs(void **state)
{
    (void)state;
    struct reliability same = model;
    same.base[GAIT_TOE_OFF] = same.base[GAIT_FOOT_STRIKE];
    for (double x = 0; x < 1; x += 0.1) {
        struct walk_evidence evidence = {.is_known = 1, .unlike = {x, x + 0.1}, .n_strikes = 20};
        double strikes = reliability_of(&same, &evidence, GAIT_FOOT_STRIKE);
        double toe_offs = reliability_of(&same, &evidence, GAIT_TOE_OFF);
        assert_true(toe_offs < strikes);
        evidence.unlike[GAIT_TOE_OFF] = x;
        assert_near(reliability_of(&same, &evidence, GAIT_TOE_OFF), strikes, 0, "as like as those");
        assert_near(reliability_of(&same, &evidence, GAIT_FOOT_STRIKE), strikes, 0, "untouched");
    }
}

static void what_nobody_speaks_against_stays_as_sure_as_it_was(void **state)
{
    (void)state;
    struct walk_evidence unknown = {.wrong = 9, .odd = 9, .n_strikes = 20};
    assert_near(reliability_of(&model, &unknown, GAIT_FOOT_STRIKE), 1, 0, "not known");
    assert_near(reliable(9, 9, 0), 1, 0, "no events");
}

static void a_stumble_is_one_of_ten(void **state)
{
    (void)state;
    double even[] = {1, 1.05, 0.95, 1, 1.1, 0.9, 1, 1.02, 0.98, 1.6}, none[1];
    assert_near(share_unlike(even, 10, 0.2), 0.1, 1e-12, "one is further off than a fifth");
    assert_near(share_unlike(even, 10, 0.7), 0, 0, "and less than that");
    assert_near(share_unlike(none, 0, 0.2), 1, 0, "of none nothing good is known");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_against_a_walk_makes_it_less_reliable),
        cmocka_unit_test(it_is_the_logistic_of_the_stated_sum),
        cmocka_unit_test(strikes_are_judged_by_strikes_and_toe_offs_by_toe_offs),
        cmocka_unit_test(what_nobody_speaks_against_stays_as_sure_as_it_was),
        cmocka_unit_test(a_stumble_is_one_of_ten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
