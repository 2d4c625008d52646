/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/reliability.h"

#include "near.h"

static const struct reliability model = {
    .base = -1, .per_log_wrong = 2, .least_wrong = 0.05, .per_odd = 3, .per_log_strike = 0.5};

static double reliable(double wrong, double odd, size_t n_strikes)
{
    return reliability_of(&model, &(struct walk_evidence){1, wrong, odd, n_strikes});
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
    double log_odds = -1 - 2 * log(0.3 + 0.05) - 3 * 0.1 + 0.5 * log(16);
    assert_near(reliable(0.3, 0.1, 16), 1 / (1 + exp(-log_odds)), 1e-12, "logistic");
}

static void what_nobody_speaks_against_stays_as_sure_as_it_was(void **state)
{
    (void)state;
    assert_near(reliability_of(&model, &(struct walk_evidence){0, 9, 9, 20}), 1, 0, "not known");
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
        cmocka_unit_test(what_nobody_speaks_against_stays_as_sure_as_it_was),
        cmocka_unit_test(a_stumble_is_one_of_ten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
