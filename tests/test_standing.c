/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "gait/standing.h"
#include "near.h"

static const double upright[2][3] = {{0, 1, 0}, {0, 1, 0}}; /* two frames of a second */
static const double still_g = 0.01, moving_g = 0.3;

static void feed(struct standing *standing, int seconds, double sd_g)
{
    for (int i = 0; i < seconds; i++) standing_feed(standing, upright[0], 2, sd_g);
}

static void three_still_seconds_show_where_up_is(void **state)
{
    (void)state;
    struct standing standing;
    double up[3];
    standing_init(&standing);
    feed(&standing, 2, still_g);
    standing_for(&standing, 2, 30, up);
    assert_true(isnan(up[0]));
    feed(&standing, 1, still_g);
    standing_for(&standing, 3, 30, up);
    assert_near(up[1], 1, 1e-12, "up is where the force points");
}

static void a_moving_second_starts_the_count_again(void **state)
{
    (void)state;
    struct standing standing;
    double up[3];
    standing_init(&standing);
    feed(&standing, 2, still_g);
    feed(&standing, 1, moving_g);
    feed(&standing, 2, still_g);
    standing_for(&standing, 5, 30, up);
    assert_true(isnan(up[0]));
}

static void it_holds_for_a_minute_before_and_after(void **state)
{
    (void)state;
    struct standing standing;
    double up[3];
    standing_init(&standing);
    feed(&standing, 3, still_g); /* the last one is second 2 */
    standing_for(&standing, 62, 90, up);
    assert_near(up[1], 1, 1e-12, "up is where the force points");
    standing_for(&standing, 63, 90, up);
    assert_true(isnan(up[1]));
}

static void what_is_not_at_1_g_is_not_standing(void **state)
{
    (void)state;
    static const double falling[3] = {0, 0.5, 0};
    struct standing standing;
    double up[3];
    standing_init(&standing);
    for (int i = 0; i < 5; i++) standing_feed(&standing, falling, 1, still_g);
    standing_for(&standing, 5, 30, up);
    assert_true(isnan(up[1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_still_seconds_show_where_up_is),
        cmocka_unit_test(a_moving_second_starts_the_count_again),
        cmocka_unit_test(it_holds_for_a_minute_before_and_after),
        cmocka_unit_test(what_is_not_at_1_g_is_not_standing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
