/* SPDX-License-Identifier: BSD-3-Clause */
#include "near.h"
#include "made_session.h"

enum { STRIDES = 300 };

/* Right over left of each measure of the impact; 0: not measured. */
struct sides {
    double high_band, peak, jerk, shock;
};

static void fill_pair(gait_session *session, const char *key, double level, double ratio)
{
    if (!(ratio > 0)) return;
    made_drift(made_column(session, 0, key), STRIDES, level, 0.05, 0, 1);
    made_drift(made_column(session, 1, key), STRIDES, level * ratio, 0.05, 0, 2);
}

static gait_session *two_shanks(struct sides sides)
{
    gait_session *session = made_session(GAIT_SHANK, 2, STRIDES);
    fill_pair(session, "shock_high_band", 1, sides.high_band * sides.high_band);
    fill_pair(session, "peak_accel_resultant_g", 8, sides.peak);
    fill_pair(session, "impact_jerk_g_per_s", 300, sides.jerk);
    fill_pair(session, "impact_shock_g", 2, sides.shock);
    return session;
}

static const struct asymmetry *difference_of(const gait_session *session, const char *key)
{
    for (size_t i = 0; i < session->n_asymmetries; i++)
        if (session->asymmetries[i].metric == gait_metric_index(key))
            return &session->asymmetries[i];
    fail_msg("%s was not compared", key);
    abort();
}

static void judge(gait_session *session)
{
    gait_error err;
    assert_ok(gait_session_judge(session, &err), err);
}

static void a_difference_counts_where_all_measures_agree_on_it(void **state)
{
    (void)state;
    static const struct {
        struct sides sides;
        int exceeds;
        const char *rule;
    } cases[] = {
        {{1.25, 1.25, 1.25, 1.25}, 1, "a harder side"},
        {{1.0, 1.0, 1.0, 1.0}, 0, "equal sides"},
        {{1.05, 1.25, 1.25, 1.40}, 0, "a sensor that rings shows most where it is fast"},
        {{1.25, 1.25, 1.00, 1.25}, 0, "one measure that denies it is enough"},
        {{0, 1.25, 0, 0}, 1, "one measure alone has nothing to disagree with"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        gait_session *session = two_shanks(cases[c].sides);
        judge(session);
        const struct asymmetry *a = difference_of(session, "peak_accel_resultant_g");
        if (a->exceeds != cases[c].exceeds) fail_msg("%s", cases[c].rule);
        gait_session_free(&session);
    }
}

/* sqrt(2) times the scale's 1 %, and twice that for a power. */
static void two_sensors_differ_by_their_scales(void **state)
{
    (void)state;
    gait_session *session = two_shanks((struct sides){1, 1, 1, 1});
    judge(session);
    const struct asymmetry *peak = difference_of(session, "peak_accel_resultant_g");
    const struct asymmetry *power = difference_of(session, "shock_high_band");
    assert_true(peak->ci_high - peak->ci_low >= 2 * 1.95 * 1.414);
    assert_true(power->ci_high - power->ci_low >= 4 * 1.95 * 1.414);
    gait_session_free(&session);
}

static void state_uncertainty(gait_session *session, double strike_s, double off_s)
{
    for (size_t s = 0; s < 2; s++) {
        struct sensor_result *sensor = &session->sensors[s];
        free(sensor->events);
        sensor->n_events = 2;
        sensor->events = calloc(2, sizeof *sensor->events);
        for (size_t i = 0; i < 2; i++)
            sensor->events[i] = (gait_event){.type = i ? GAIT_TOE_OFF : GAIT_FOOT_STRIKE,
                                             .side = sensor->info.side,
                                             .uncertainty_s = i ? off_s : strike_s,
                                             .confidence = 1};
    }
}

/* 3 and 4 ms make 5 ms a limb; two limbs 7.1 ms of 250 ms: 2.8 %, and 5.5 % at 95 %. */
static void contact_is_as_uncertain_as_its_events(void **state)
{
    (void)state;
    gait_session *session = made_session(GAIT_SHANK, 2, STRIDES);
    fill_pair(session, "contact_time_s", 0.25, 1);
    state_uncertainty(session, 0.003, 0.004);
    judge(session);
    const struct asymmetry *a = difference_of(session, "contact_time_s");
    assert_near((a->ci_high - a->ci_low) / 2, 5.54, 0.4, "half the interval, per cent");
    gait_session_free(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_difference_counts_where_all_measures_agree_on_it),
        cmocka_unit_test(two_sensors_differ_by_their_scales),
        cmocka_unit_test(contact_is_as_uncertain_as_its_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
