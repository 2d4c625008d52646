/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/random.h"
#include "made_person.h"

/* One person's sessions made by hand, and what the rules say of them. */

static void an_average_is_over_the_days_that_were_recorded(void **state)
{
    (void)state;
    static struct exposure daily[MADE_SESSIONS];
    static struct standing found[MADE_SESSIONS];
    double plain = 0;
    for (size_t i = 0; i < MADE_SESSIONS; i++) {
        daily[i].local_s = made_day_s * (double)i + 7 * 3600;
        daily[i].amount = i % 2 ? 50 : 30;
        plain = 0.25 * daily[i].amount + 0.75 * plain; /* lambda = 2 / (7 + 1) */
    }
    history_of(daily, MADE_SESSIONS, found);
    assert_near(found[MADE_SESSIONS - 1].ewma_7, plain, 1e-9,
                "with one a day it is the usual recursion");
    assert_near(found[MADE_SESSIONS - 1].longest_30d, 50, 0, "of the days before");
    assert_near(found[MADE_SESSIONS - 1].ratio_30d, 1, 0, "as the longest");
    assert_near(found[MADE_SESSIONS - 1].gap_days, 1, 1e-12, "yesterday");
    assert_int_equal(found[MADE_SESSIONS - 1].n_30d, 30);
    assert_true(isnan(found[0].longest_30d) && isnan(found[0].gap_days));

    const struct exposure apart[2] = {{0, 40}, {20 * made_day_s, 40}};
    history_of(apart, 2, found);
    assert_near(found[1].ewma_7, 40, 1e-12, "three weeks unknown are not three weeks of rest");
    const struct exposure same_day[2] = {{0, 40}, {6 * 3600, 20}};
    history_of(same_day, 2, found);
    assert_near(found[1].ewma_28, 60, 1e-12, "two runs of one day add up");
}

static void the_window_is_thirty_days(void **state)
{
    (void)state;
    const struct exposure sessions[5] = {{0, 100},
                                         {5 * made_day_s, 50},
                                         {30 * made_day_s, 60},
                                         {30.5 * made_day_s, NAN},
                                         {34 * made_day_s, 75}};
    struct standing found[5];
    history_of(sessions, 5, found);
    assert_near(found[2].longest_30d, 100, 0, "exactly thirty days ago counts");
    assert_near(found[2].ratio_30d, 0.6, 1e-12, "60 of 100");
    assert_true(isnan(found[3].ratio_30d));
    assert_near(found[4].longest_30d, 60, 0, "the 100 are too old");
    assert_near(found[4].ratio_30d, 1.25, 1e-12, "a quarter more");
    assert_near(found[4].gap_days, 4, 1e-12, "what is unknown does not end a gap");
}

/* Sixty days of training with a long run a week, three to five shorter ones, impacts that differ
 * from day to day; one run on day 40 or later is 40 % longer than the longest of the 30 days
 * before it. Which one; the largest ratio of all others is below the rule's 10 %. */
static size_t draw_history(struct made *made, struct prng *prng)
{
    size_t planted = 0;
    double longest_day = 41 + (double)prng_below(prng, 15);
    for (int day = 0; day < 60; day++) {
        int is_long = day % 7 == 0;
        if (!is_long && prng_below(prng, 7) > 4) continue;
        double length = is_long ? prng_uniform(prng, 58, 60) : prng_uniform(prng, 25, 50);
        struct past_session *session = add_session(made, day + 0.3, length);
        double hardness = exp(prng_normal(prng, 0, 0.08));
        for (int side = 0; side < 2; side++) {
            session->limb[side].intensity *= hardness;
            session->limb[side].l1 *= hardness;
        }
        if (planted || day < longest_day) continue;
        planted = made->history.n - 1;
        history_of(made->exposure, made->history.n, made->standing);
        made->exposure[planted].amount = 1.4 * made->standing[planted].longest_30d;
    }
    finish(made);
    return planted;
}

static void the_run_that_is_too_long_is_told_and_no_other(void **state)
{
    (void)state;
    struct prng prng;
    prng_seed(&prng, 20);
    for (int draw = 0; draw < 300; draw++) {
        struct made *made = make_person(draw % 2);
        size_t planted = draw_history(made, &prng);
        for (size_t i = 0; i < made->history.n; i++) {
            gait_finding finding = {0};
            size_t n = count(made, i, "load_spike_session", &finding);
            assert_int_equal(n, i == planted);
            if (!n) continue;
            assert_near(finding.value / finding.reference, 1.4, 1e-9, "by how much");
            assert_int_equal(finding.severity, GAIT_ALERT);
            assert_string_equal(finding.units, draw % 2 ? "m" : "min");
            assert_string_equal(finding.held_back, "");
        }
        free(made);
    }
}

static const struct {
    double ratio;
    size_t n_before;
    size_t found;
    gait_severity severity;
    const char *held_back;
} longer[] = {
    {1.09, 6, 0, GAIT_INFO, ""},
    {1.11, 6, 1, GAIT_NOTE, ""},
    {1.31, 6, 1, GAIT_ALERT, ""},
    {2.5, 6, 1, GAIT_ALERT, ""},
    {2.5, 2, 1, GAIT_NOTE, "low_confidence few_sessions"},
    {2.5, 0, 0, GAIT_INFO, ""}, /* nothing to compare with */
};

static void how_much_longer_decides(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof longer / sizeof *longer; k++) {
        struct made *made = make_person(1);
        for (size_t i = 0; i < longer[k].n_before; i++) add_session(made, 3 * (double)i, 8000);
        add_session(made, 20, 8000 * longer[k].ratio);
        finish(made);
        gait_finding finding = {0};
        assert_int_equal(count(made, longer[k].n_before, "load_spike_session", &finding),
                         longer[k].found);
        assert_int_equal(finding.severity, longer[k].severity);
        assert_string_equal(finding.held_back, longer[k].held_back);
        free(made);
    }
}

static void a_limb_that_took_more_in_a_run_no_longer_is_told(void **state)
{
    (void)state;
    struct made *made = make_person(1);
    for (int i = 0; i < 7; i++) add_session(made, 3 * i, 8000);
    made->sessions[6].limb[1].l1 *= 1.4;
    finish(made);
    gait_finding finding = {0};
    assert_int_equal(count(made, 6, "load_spike_session", &finding), 1);
    assert_int_equal(finding.side, GAIT_RIGHT);
    assert_near(finding.value, 40, 1e-9, "per cent above the largest");
    assert_int_equal(finding.severity, GAIT_NOTE);
    made->sessions[6].limb[1].range_g = 200;
    assert_int_equal(count(made, 6, "load_spike_session", NULL), 0); /* another sensor */
    free(made);
}

static void landings_harder_than_usual_are_a_note_and_twice_a_flag(void **state)
{
    (void)state;
    static const double usual[6] = {7.9, 8.1, 8.0, 7.8, 8.2, 8.0};
    struct made *made = make_person(1);
    for (int i = 0; i < 6; i++) add_session(made, 3 * i, 8000)->limb[0].intensity = usual[i];
    add_session(made, 18, 8000)->limb[0].intensity = 8.7;
    add_session(made, 21, 8000)->limb[0].intensity = 9.4;
    add_session(made, 24, 8000)->limb[0].intensity = 9.5;
    finish(made);
    gait_finding finding = {0};
    assert_int_equal(count(made, 6, "impact_above_baseline", NULL), 0); /* 9 % */
    assert_int_equal(count(made, 7, "impact_above_baseline", &finding), 1);
    assert_int_equal(finding.severity, GAIT_NOTE);
    assert_int_equal(finding.side, GAIT_LEFT);
    assert_near(finding.reference, 8.05, 0.06, "median of six");
    assert_int_equal(count(made, 8, "impact_above_baseline", &finding), 1);
    assert_int_equal(finding.severity, GAIT_ALERT);
    made->sessions[8].cadence_steps_per_min = 178;
    made->sessions[8].speed_mps = NAN;
    assert_int_equal(count(made, 8, "impact_above_baseline", &finding), 1);
    assert_int_equal(finding.severity, GAIT_NOTE); /* perhaps only a faster run */
    assert_string_equal(finding.held_back, "speed_unknown");
    made->sessions[8].limb[0].device = "another";
    assert_int_equal(count(made, 8, "impact_above_baseline", NULL), 0);
    free(made);
}

static void a_sensor_of_its_own_kind_is_never_above_itself(void **state)
{
    (void)state;
    struct prng prng;
    size_t found = 0, sessions = 0;
    prng_seed(&prng, 8);
    for (int draw = 0; draw < 300; draw++) {
        struct made *made = make_person(1);
        for (int i = 0; i < 20; i++)
            add_session(made, 3 * i, 8000)->limb[0].intensity =
                8 * exp(prng_normal(&prng, 0, 0.04)); /* sessions of one person */
        finish(made);
        for (size_t i = 0; i < made->history.n; i++, sessions++)
            found += count(made, i, "impact_above_baseline", NULL);
        free(made);
    }
    assert_in_range(found, 0, sessions / 100);
}

static void a_long_run_after_a_break_is_told(void **state)
{
    (void)state;
    static const struct {
        double gap_days, amount;
        size_t found;
    } breaks[] = {{13, 8000, 0}, {14, 8000, 1}, {90, 4100, 1}, {90, 3900, 0}};
    for (size_t k = 0; k < sizeof breaks / sizeof *breaks; k++) {
        struct made *made = make_person(1);
        for (int i = 0; i < 5; i++) add_session(made, 3 * i, i == 2 ? 8000 : 5000);
        add_session(made, 12 + breaks[k].gap_days, breaks[k].amount);
        finish(made);
        gait_finding finding = {0};
        assert_int_equal(count(made, 5, "return_after_break", &finding), breaks[k].found);
        if (breaks[k].found) assert_near(finding.limit, 4000, 1e-9, "half of the longest");
        free(made);
    }
}

static void a_step_rate_below_the_usual_is_told_if_it_is_low(void **state)
{
    (void)state;
    struct made *made = make_person(1);
    for (int i = 0; i < 5; i++) add_session(made, 3 * i, 8000);
    add_session(made, 15, 8000)->cadence_steps_per_min = 160;
    add_session(made, 18, 8000)->cadence_steps_per_min = 164;
    finish(made);
    gait_finding finding = {0};
    assert_int_equal(count(made, 5, "low_cadence", &finding), 1);
    assert_near(finding.cadence_change_percent, -100.0 / 17, 1e-9, "160 of 170");
    assert_int_equal(count(made, 6, "low_cadence", NULL), 0); /* 3.5 % below the usual */
    for (int i = 0; i < 5; i++) made->sessions[i].cadence_steps_per_min = 180;
    made->sessions[5].cadence_steps_per_min = 170;
    assert_int_equal(count(made, 5, "low_cadence", NULL), 0); /* lower than usual, not low */
    free(made);
}

static void a_new_difference_between_the_sides_is_told(void **state)
{
    (void)state;
    static const double usual[6] = {3, 3.4, 2.8, 3.1, 2.7, 3.2};
    struct made *made = make_person(1);
    for (int i = 0; i < 6; i++) {
        add_session(made, 3 * i, 8000);
        made->difference[i].index_percent = usual[i];
    }
    add_session(made, 18, 8000);
    finish(made);
    gait_finding finding = {0};
    made->difference[6].index_percent = 6.8; /* 3.75 away, 4 count */
    assert_int_equal(count(made, 6, "asymmetry_change", NULL), 0);
    made->difference[6].index_percent = -1.5;
    assert_int_equal(count(made, 6, "asymmetry_change", &finding), 1);
    assert_int_equal(finding.side, GAIT_LEFT);
    assert_near(finding.reference, 3.05, 1e-9, "what was usual");
    assert_int_equal(finding.severity, GAIT_NOTE);
    made->sessions[6].limb[1].device = "another";
    assert_int_equal(count(made, 6, "asymmetry_change", NULL), 0);
    free(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_average_is_over_the_days_that_were_recorded),
        cmocka_unit_test(the_window_is_thirty_days),
        cmocka_unit_test(the_run_that_is_too_long_is_told_and_no_other),
        cmocka_unit_test(how_much_longer_decides),
        cmocka_unit_test(a_limb_that_took_more_in_a_run_no_longer_is_told),
        cmocka_unit_test(landings_harder_than_usual_are_a_note_and_twice_a_flag),
        cmocka_unit_test(a_sensor_of_its_own_kind_is_never_above_itself),
        cmocka_unit_test(a_long_run_after_a_break_is_told),
        cmocka_unit_test(a_step_rate_below_the_usual_is_told_if_it_is_low),
        cmocka_unit_test(a_new_difference_between_the_sides_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
