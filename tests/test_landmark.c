/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/landmark.h"
#include "near.h"

enum { N = 201 };

static const struct row row = {-0.5, 0.005, N}; /* -0.5 to 0.5 s */

static void bell(double *y, double at_s, double width_s, double height)
{
    for (size_t i = 0; i < N; i++) {
        double z = (row_time_s(&row, (double)i) - at_s) / width_s;
        y[i] += height * exp(-0.5 * z * z);
    }
}

static void an_extremum_is_found_between_samples(void **state)
{
    (void)state;
    double y[N] = {0};
    bell(y, 0.0517, 0.03, 2);
    bell(y, -0.2113, 0.04, -3);
    assert_near(extremum_between(y, &row, 0, 0.1, 1), 0.0517, 1e-4, "a maximum");
    assert_near(extremum_between(y, &row, -0.3, -0.1, -1), -0.2113, 1e-4, "a minimum");
}

static void an_extremum_at_the_end_of_the_window_is_none(void **state)
{
    (void)state;
    double y[N] = {0};
    bell(y, 0.2, 0.05, 1);
    assert_true(isnan(extremum_between(y, &row, 0, 0.15, 1)));
    assert_true(isnan(extremum_between(y, &row, 0.25, 0.4, 1)));
    assert_true(isnan(extremum_between(y, &row, 0.2, 0.2, 1)));
    assert_true(isnan(extremum_between(y, &row, 3, 4, 1)));
}

static void a_bell_is_steepest_one_width_from_its_top(void **state)
{
    (void)state;
    double y[N] = {0};
    bell(y, 0.1, 0.06, 1);
    assert_near(steepest_between(y, &row, -0.1, 0.1, 1), 0.04, 5e-4, "its rise");
    assert_near(steepest_between(y, &row, 0.1, 0.3, -1), 0.16, 5e-4, "its fall");
    assert_near(hump_between(y, &row, -0.1, 0.1, 0.3), 0.1, 5e-4, "its middle");
}

static void an_edge_lies_where_the_loud_part_begins(void **state)
{
    (void)state;
    double energy[N];
    static const struct edge_rules rules = {.before_s = 0.04, .after_s = 0.02, .floor = 0.05};
    /* Samples 110 and on are loud: the edge is between 109 and 110. */
    for (size_t i = 0; i < N; i++) energy[i] = i < 110 ? 0.01 : 1;
    assert_near(edge_between(energy, &row, -0.1, 0.2, &rules), 0.0475, 0.0026, "a sharp edge");
    for (size_t i = 0; i < N; i++) energy[i] = 1;
    double flat = edge_between(energy, &row, -0.1, 0.2, &rules);
    assert_true(isnan(flat) || (flat > -0.1 && flat < 0.2));
    for (size_t i = 0; i < N; i++) energy[i] = 0;
    assert_true(isnan(edge_between(energy, &row, -0.1, 0.2, &rules)));
}

static void a_small_burst_before_a_great_one_does_not_hide_the_edge(void **state)
{
    (void)state;
    double energy[N] = {0};
    static const struct edge_rules rules = {.before_s = 0.04, .after_s = 0.02, .floor = 0.05};
    for (size_t i = 0; i < N; i++) energy[i] = 0.01;
    for (size_t i = 60; i < 70; i++) energy[i] = 0.05;
    for (size_t i = 110; i < 130; i++) energy[i] = 1;
    assert_near(edge_between(energy, &row, -0.25, 0.2, &rules), 0.0475, 0.0026, "the great one");
}

static void the_dip_that_stands_out_where_it_is_expected_wins(void **state)
{
    (void)state;
    double y[N] = {0};
    bell(y, 0.02, 0.015, -1);
    bell(y, 0.21, 0.015, -1);
    struct dip near = dip_between(y, &row, -0.2, 0.4, 0.03, 0.05);
    assert_near(near.time_s, 0.02, 5e-4, "the nearer of two alike");
    assert_near(near.rival_s, 0.21, 5e-4, "the other is its rival");
    assert_near(near.prominence, 1, 0.01, "how deep it is");
    /* a bell has lost a twentieth of its height at .32 of its width */
    assert_near(near.twin_s, 0, 0, "there is a hill between both");
    assert_near(near.breadth_s, 0.32 * 0.015, 5e-4, "how broad it is at its bottom");
    /* Costs: z = 3.8 standard deviations against 0.2. */
    assert_near(near.lead, 0.5 * (3.6 * 3.6 - 0.2 * 0.2), 0.1, "its lead");
    bell(y, 0.21, 0.015, -200);
    assert_near(dip_between(y, &row, -0.2, 0.4, 0.03, 0.1).time_s, 0.21, 5e-4, "a far deeper one");
}

static void a_dip_with_two_bottoms_has_a_twin(void **state)
{
    (void)state;
    double y[N] = {0};
    bell(y, 0.00, 0.015, -1);
    bell(y, 0.04, 0.015, -0.99);
    /* between them e^-(4/3)^2/2 = .41 of each: the ridge is a fifth higher than the bottoms */
    assert_near(dip_between(y, &row, -0.2, 0.4, 0.00, 0.05).twin_s, 0.04, 5e-3, "its twin");
}

static void without_a_dip_there_is_none(void **state)
{
    (void)state;
    double y[N];
    for (size_t i = 0; i < N; i++) y[i] = (double)i;
    struct dip dip = dip_between(y, &row, -0.2, 0.4, 0.03, 0.05);
    assert_true(isnan(dip.time_s));
    assert_true(isnan(dip.rival_s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_extremum_is_found_between_samples),
        cmocka_unit_test(an_extremum_at_the_end_of_the_window_is_none),
        cmocka_unit_test(a_bell_is_steepest_one_width_from_its_top),
        cmocka_unit_test(an_edge_lies_where_the_loud_part_begins),
        cmocka_unit_test(a_small_burst_before_a_great_one_does_not_hide_the_edge),
        cmocka_unit_test(the_dip_that_stands_out_where_it_is_expected_wins),
        cmocka_unit_test(a_dip_with_two_bottoms_has_a_twin),
        cmocka_unit_test(without_a_dip_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
