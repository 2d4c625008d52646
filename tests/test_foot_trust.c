/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/foot_trust.h"

#include "gait/detect/fitted.h"
#include "near.h"

enum { N = 400, RATE_HZ = 100 };

static struct foot_event event_at(size_t at)
{
    return (struct foot_event){.at = at, .likeness = 0.9};
}

static void a_clearer_event_is_surer_and_nearer(void **state)
{
    (void)state;
    struct foot_event event = {.likeness = 0.9, .chance = 0.9};
    for (int type = 0; type < 2; type++) {
        double before = foot_log_odds(&foot_walk_trust[type], &event);
        struct foot_event like = event, clear = event;
        like.likeness = 0.95;
        clear.chance = 0.95;
        assert_true(foot_log_odds(&foot_walk_trust[type], &like) > before);
        assert_true(foot_log_odds(&foot_walk_trust[type], &clear) > before);
        for (int gyro = 0; gyro < 2; gyro++) {
            const struct foot_spread *spread = &foot_walk_spread[gyro][type];
            assert_true(foot_sd_s(spread, 2) < foot_sd_s(spread, 1));
            assert_near(foot_sd_s(spread, 99), spread->best_sd_s, 1e-15, "never below the best");
            assert_near(foot_sd_s(spread, -99), spread->worst_sd_s, 1e-15, "never above the worst");
        }
    }
}

static void nothing_known_of_likeness_is_no_reason_to_be_sure(void **state)
{
    (void)state;
    struct foot_event event = {.likeness = (double)NAN, .chance = 1.2};
    double log_odds = foot_log_odds(&foot_walk_trust[GAIT_TOE_OFF], &event);
    assert_true(isfinite(log_odds));
    event.likeness = 0.8;
    assert_true(foot_log_odds(&foot_walk_trust[GAIT_TOE_OFF], &event) > log_odds);
}

static void the_chance_of_an_event_is_what_lies_within_50_ms(void **state)
{
    (void)state;
    double probability[N] = {0};
    struct foot_event strike[] = {event_at(3), event_at(100), event_at(HSMM_OUTSIDE)};
    struct foot_event toe_off[] = {event_at(N - 1), event_at(200), event_at(300)};
    struct foot_events events = {.n_swings = 3, .of = {strike, toe_off}};
    const double *const both[2] = {probability, probability};
    probability[0] = 0.1;
    probability[95] = 0.2;
    probability[105] = 0.3;
    probability[94] = probability[106] = 0.4;
    probability[N - 3] = 0.05;
    foot_take_chances(&events, both, N, RATE_HZ);
    assert_near(strike[0].chance, 0.1, 1e-12, "cut by the first sample");
    assert_near(strike[1].chance, 0.5, 1e-12, "five samples on each side");
    assert_near(strike[2].chance, 0, 0, "none");
    assert_near(toe_off[0].chance, 0.05, 1e-12, "cut by the last sample");
}

/* Three strikes with chances .9, .8, .7, of which .6 are false; .5 of one is elsewhere. Of three
 * toe-offs none is false and none elsewhere. */
static void what_speaks_against_a_walk_is_counted_per_event(void **state)
{
    (void)state;
    double strikes[N] = {0}, toe_offs[N] = {0};
    struct foot_event strike[] = {event_at(50), event_at(150), event_at(260)};
    struct foot_event toe_off[] = {event_at(10), event_at(110), event_at(210)};
    struct foot_events events = {.n_swings = 3, .of = {strike, toe_off}};
    const double *const both[2] = {strikes, toe_offs};
    strikes[50] = 0.9;
    strikes[152] = 0.8;
    strikes[257] = 0.7;
    strikes[350] = 0.5;
    toe_offs[10] = toe_offs[110] = toe_offs[210] = 1;
    strike[1].likeness = 0.6;
    strike[2].likeness = (double)NAN;
    struct arena tmp = {0};
    foot_take_chances(&events, both, N, RATE_HZ);
    assert_int_equal(foot_weigh_walk(&events, both, N, &tmp), GAIT_OK);
    arena_free(&tmp);
    assert_true(events.evidence.is_known);
    assert_near(events.evidence.wrong, (0.6 + 0.5) / 3, 1e-12, "false and missed");
    assert_near(events.evidence.odd, 1. / 3, 1e-12, "a swing of .5 s among .4 s");
    assert_near(events.evidence.unlike[GAIT_FOOT_STRIKE],
                (0.1 + 0.4 + 1 - foot_unknown_likeness) / 3, 1e-12, "strikes");
    assert_near(events.evidence.unlike[GAIT_TOE_OFF], 0.1, 1e-12, "toe-offs");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clearer_event_is_surer_and_nearer),
        cmocka_unit_test(nothing_known_of_likeness_is_no_reason_to_be_sure),
        cmocka_unit_test(the_chance_of_an_event_is_what_lies_within_50_ms),
        cmocka_unit_test(what_speaks_against_a_walk_is_counted_per_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
