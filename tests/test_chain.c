/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/chain.h"
#include "near.h"

enum { ROOM = 64 };

static const struct chain_rules steady = {.tolerance = 0.12,
                                          .shortest = 0.6,
                                          .longest = 3.5,
                                          .missed_cost = 1.5,
                                          .restart_cost = INFINITY};

static const struct chain_rules loose = {.tolerance = 0.6,
                                         .shortest = 0.55,
                                         .longest = 3.5,
                                         .missed_cost = 1,
                                         .restart_cost = 3,
                                         .restart_gap = 1.4};

struct given {
    size_t n;
    struct chain_candidate at[ROOM];
};

static void put(struct given *given, double time_s, double weight)
{
    assert_true(given->n < ROOM);
    given->at[given->n++] = (struct chain_candidate){time_s, weight, 1};
}

static size_t chosen(const struct given *given, const struct chain_rules *rules, size_t *member)
{
    struct arena tmp = {0};
    size_t n = 0;
    assert_int_equal(chain_best(given->at, given->n, rules, member, &n, &tmp), GAIT_OK);
    arena_free(&tmp);
    return n;
}

static void nothing_to_choose_from_gives_an_empty_chain(void **state)
{
    (void)state;
    struct given given = {0};
    size_t member[ROOM];
    assert_int_equal(chosen(&given, &steady, member), 0);
}

static void one_candidate_is_a_chain(void **state)
{
    (void)state;
    struct given given = {0};
    size_t member[ROOM];
    put(&given, 3, 1);
    assert_int_equal(chosen(&given, &steady, member), 1);
    assert_int_equal(member[0], 0);
}

static void a_steady_rhythm_is_kept_whole(void **state)
{
    (void)state;
    struct given given = {0};
    size_t member[ROOM];
    for (int i = 0; i < 20; i++) put(&given, i, 1);
    assert_int_equal(chosen(&given, &steady, member), 20);
    for (size_t i = 0; i < 20; i++) assert_int_equal(member[i], i);
}

static void a_stronger_peak_between_two_beats_is_left_out(void **state)
{
    (void)state;
    struct given given = {0};
    size_t member[ROOM];
    for (int i = 0; i < 10; i++) {
        put(&given, i, 1);
        if (i == 4) put(&given, i + 0.4, 1.5);
    }
    assert_int_equal(chosen(&given, &steady, member), 10);
    for (size_t i = 0; i < 10; i++) assert_int_not_equal(member[i], 5);
}

static void a_missing_beat_leaves_a_hole(void **state)
{
    (void)state;
    struct given given = {0};
    size_t member[ROOM];
    for (int i = 0; i < 12; i++)
        if (i != 5) put(&given, i, 2);
    assert_int_equal(chosen(&given, &steady, member), 11);
}

static void a_hole_costs_what_the_rules_say(void **state)
{
    (void)state;
    struct given given = {0};
    size_t member[ROOM];
    put(&given, 0, 1.4); /* less than the 1.5 that the hole costs */
    put(&given, 2, 2);
    assert_int_equal(chosen(&given, &steady, member), 1);
    given.at[0].weight = 1.6;
    assert_int_equal(chosen(&given, &steady, member), 2);
}

static void an_interval_off_by_its_tolerance_costs_one(void **state)
{
    (void)state;
    struct given given = {0};
    size_t member[ROOM];
    put(&given, 0, 0.99);
    put(&given, 1.12, 2);
    assert_int_equal(chosen(&given, &steady, member), 1);
    given.at[0].weight = 1.01;
    assert_int_equal(chosen(&given, &steady, member), 2);
}

static void a_pause_ends_the_chain_unless_a_restart_is_allowed(void **state)
{
    (void)state;
    struct given given = {0};
    size_t member[ROOM];
    for (int i = 0; i < 6; i++) put(&given, i, 1);
    for (int i = 0; i < 8; i++) put(&given, 20.3 + i, 1);
    assert_int_equal(chosen(&given, &steady, member), 8);
    assert_int_equal(chosen(&given, &loose, member), 14);
}

static void a_restart_needs_its_gap(void **state)
{
    (void)state;
    struct given given = {0};
    size_t member[ROOM];
    struct chain_rules rules = loose;
    rules.longest = 1.2;
    put(&given, 0, 4);
    put(&given, 1.3, 4); /* too long for an interval, too short for a new beginning */
    assert_int_equal(chosen(&given, &rules, member), 1);
    given.at[1].time_s = 1.5;
    assert_int_equal(chosen(&given, &rules, member), 2);
}

static void the_period_may_change_along_the_way(void **state)
{
    (void)state;
    struct given given = {0};
    size_t member[ROOM];
    double time_s = 0, period_s = 0.7;
    for (int i = 0; i < 30; i++) {
        put(&given, time_s, 1);
        given.at[given.n - 1].period_s = period_s;
        period_s *= 1.02;
        time_s += period_s;
    }
    assert_int_equal(chosen(&given, &steady, member), 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_to_choose_from_gives_an_empty_chain),
        cmocka_unit_test(one_candidate_is_a_chain),
        cmocka_unit_test(a_steady_rhythm_is_kept_whole),
        cmocka_unit_test(a_stronger_peak_between_two_beats_is_left_out),
        cmocka_unit_test(a_missing_beat_leaves_a_hole),
        cmocka_unit_test(a_hole_costs_what_the_rules_say),
        cmocka_unit_test(an_interval_off_by_its_tolerance_costs_one),
        cmocka_unit_test(a_pause_ends_the_chain_unless_a_restart_is_allowed),
        cmocka_unit_test(a_restart_needs_its_gap),
        cmocka_unit_test(the_period_may_change_along_the_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
