/* SPDX-License-Identifier: BSD-3-Clause */
#include "near.h"
#include "made_session.h"
#include "session/rules.h"

static size_t judge_and_count(gait_session *session, const char *code, gait_finding *first)
{
    gait_error err;
    assert_ok(gait_session_judge(session, &err), err);
    return made_count(session, code, first);
}

static void a_steady_run_has_no_load_spike(void **state)
{
    (void)state;
    size_t shifts = 0, landings = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        gait_session *session = made_session(GAIT_SHANK, 1, 2600);
        made_impacts(made_column(session, 0, "peak_accel_resultant_g"), 2600, 8, 0.12, seed);
        shifts += judge_and_count(session, "load_spike_sustained", NULL);
        size_t n;
        const gait_finding *findings = gait_session_findings(session, &n);
        for (size_t i = 0; i < n; i++)
            landings += strcmp(findings[i].rule->code, "load_spike_stride") == 0;
        gait_session_free(&session);
    }
    assert_in_range(shifts, 0, 1);
    assert_in_range(landings, 0, 20); /* 0.1 for each run of 2600 strides is the rule's design */
}

static void a_sustained_rise_is_found_where_it_begins(void **state)
{
    (void)state;
    size_t found = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        gait_session *session = made_session(GAIT_SHANK, 1, 1700);
        double *impact_g = made_column(session, 0, "peak_accel_resultant_g");
        made_impacts(impact_g, 1700, 8, 0.12, seed);
        for (size_t i = 1000; i < 1700; i++) impact_g[i] *= 1.2;
        gait_finding finding = {0};
        if (judge_and_count(session, "load_spike_sustained", &finding)) {
            found++;
            assert_near(finding.value, 20, 8, "the size of the rise in per cent");
            assert_near(finding.start_s, 1000 * made_stride_s, 100 * made_stride_s,
                        "where the rise begins, to five blocks");
            assert_int_equal(finding.severity, GAIT_NOTE);
        }
        gait_session_free(&session);
    }
    assert_in_range(found, 95, 100);
}

static void hard_landings_are_counted_and_marked(void **state)
{
    (void)state;
    static const size_t hard[] = {301, 650, 1203};
    gait_session *session = made_session(GAIT_SHANK, 1, 1500);
    double *impact_g = made_column(session, 0, "peak_accel_resultant_g");
    made_impacts(impact_g, 1500, 8, 0.12, 3);
    for (size_t k = 0; k < 3; k++) impact_g[hard[k]] = 20;
    gait_finding finding = {0};
    assert_int_equal(judge_and_count(session, "load_spike_stride", &finding), 1);
    assert_near(finding.value, 20, 1e-9, "the hardest landing");
    assert_near(finding.reference, 8, 0.5, "the level around it");
    for (size_t k = 0; k < 3; k++)
        assert_true(session->sensors[0].strides[hard[k]].flags & GAIT_FLAG_HARD_LANDING);
    gait_session_free(&session);
}

static const struct {
    const char *key;
    double value;
    size_t strides;
    size_t found;
    gait_severity severity;
    const char *rule;
} rolls[] = {
    {"pronation_excursion_deg", 8, 200, 0, GAIT_INFO, "an ordinary roll is not told"},
    {"pronation_excursion_deg", 13, 200, 1, GAIT_NOTE, "above the note's limit"},
    {"pronation_excursion_deg", 16, 200, 1, GAIT_ALERT, "above the flag's limit"},
    {"pronation_excursion_deg", 16, 60, 1, GAIT_NOTE, "few strides give a note at most"},
    {"pronation_excursion_deg", 16, 20, 0, GAIT_INFO, "too few strides give nothing"},
    {"pronation_index", 16, 400, 1, GAIT_NOTE, "an accelerometer alone never gives a flag"},
    {"pronation_index", 9, 400, 0, GAIT_INFO, "a low index is not told"},
};

static void overpronation_follows_its_limits(void **state)
{
    (void)state;
    if (gait_metric_index("pronation_index") < 0) return;
    for (size_t k = 0; k < sizeof rolls / sizeof *rolls; k++) {
        gait_session *session = made_session(GAIT_FOOT, 1, rolls[k].strides);
        double *roll = made_column(session, 0, rolls[k].key);
        struct prng prng;
        prng_seed(&prng, k);
        for (size_t i = 0; i < rolls[k].strides; i++)
            roll[i] = prng_normal(&prng, rolls[k].value, 1);
        gait_finding finding = {0};
        size_t found = judge_and_count(session, "overpronation", &finding);
        if (found != rolls[k].found) fail_msg("%s", rolls[k].rule);
        if (found && finding.severity != rolls[k].severity) fail_msg("%s", rolls[k].rule);
        if (found && strcmp(rolls[k].key, "pronation_index") == 0)
            assert_true(finding.confidence < 0.5);
        gait_session_free(&session);
    }
}

static const struct {
    size_t n, n_earlier;
    double confidence, cadence_change_percent;
    int speed_is_known;
    const char *reasons;
} held[] = {
    {500, 9, 0.8, NAN, 0, ""},
    {99, 9, 0.8, NAN, 0, "few_strides"},
    {0, 9, 0.8, NAN, 0, ""}, /* strides are not what it counts */
    {500, 9, 0.4, NAN, 0, "low_confidence"},
    {500, 9, 0.8, -3.5, 0, "speed_unknown"},
    {500, 9, 0.8, -3.5, 1, ""},
    {500, 9, 0.8, 2.5, 0, ""},
    {500, 0, 0.8, NAN, 0, ""}, /* the limits of this rule are the same for everyone */
    {50, 9, 0.4, 5, 0, "few_strides speed_unknown low_confidence"},
};

static void what_speaks_against_a_flag_makes_it_a_note_and_is_told(void **state)
{
    (void)state;
    gait_settings settings;
    gait_settings_init(&settings);
    for (size_t k = 0; k < sizeof held / sizeof *held; k++) {
        struct finding_list list = {0};
        gait_finding *finding = add_finding(&list, &rule_overpronation.pub);
        finding->severity = GAIT_ALERT;
        finding->n = held[k].n;
        finding->confidence = held[k].confidence;
        finding->cadence_change_percent = held[k].cadence_change_percent;
        hold_back(finding,
                  &(struct circumstances){&settings, held[k].speed_is_known, held[k].n_earlier});
        assert_string_equal(finding->held_back, held[k].reasons);
        assert_int_equal(finding->severity, held[k].reasons[0] ? GAIT_NOTE : GAIT_ALERT);
        free(list.at);
    }
}

static const struct {
    double impact_percent, cadence_percent, contact_percent;
    size_t n, found;
    const char *rule;
} drifts[] = {
    {0, 0, 0, 3400, 0, "a steady run does not change"},
    {20, 0, 0, 3400, 1, "impact rises"},
    {-20, 0, 0, 3400, 1, "impact falls"},
    {0, -3, 0, 3400, 1, "cadence falls"},
    {0, 0, 6, 3400, 1, "contact gets longer"},
    {5, 0.5, 1, 3400, 0, "little of everything is not told"},
    {40, -6, 10, 1100, 0, "thirteen minutes are too short"},
};

static void a_change_along_the_run_is_told_if_it_counts(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof drifts / sizeof *drifts; k++) {
        gait_session *session = made_session(GAIT_SHANK, 1, drifts[k].n);
        made_drift(made_column(session, 0, "peak_accel_resultant_g"), drifts[k].n, 8, 0.12,
                   drifts[k].impact_percent, 1);
        made_drift(made_column(session, 0, "cadence_steps_per_min"), drifts[k].n, 170, 0.015,
                   drifts[k].cadence_percent, 2);
        made_drift(made_column(session, 0, "contact_time_s"), drifts[k].n, 0.25, 0.03,
                   drifts[k].contact_percent, 3);
        gait_finding finding = {0};
        size_t found = judge_and_count(session, "fatigue_drift", &finding);
        if (found != drifts[k].found) fail_msg("%s", drifts[k].rule);
        if (found) assert_int_equal(finding.severity, GAIT_NOTE);
        gait_session_free(&session);
    }
}

/* Impact that goes with cadence from minute to minute is not fatigue when cadence drifts. */
static void what_goes_with_cadence_is_taken_away(void **state)
{
    (void)state;
    enum { N = 3400 };
    gait_session *session = made_session(GAIT_SHANK, 1, N);
    double *impact_g = made_column(session, 0, "peak_accel_resultant_g");
    double *cadence = made_column(session, 0, "cadence_steps_per_min");
    struct prng prng;
    double minute = 0;
    prng_seed(&prng, 5);
    made_drift(impact_g, N, 8, 0.05, 0, 4);
    for (size_t i = 0; i < N; i++) {
        if (i % 86 == 0) minute = prng_normal(&prng, 0, 0.02);
        double pace = 1 + 0.06 * (double)i / N + minute;
        cadence[i] = 170 * pace;
        impact_g[i] *= pow(pace, 3); /* 19 % along the run */
    }
    gait_finding finding = {0};
    assert_int_equal(judge_and_count(session, "fatigue_drift", &finding), 1);
    assert_non_null(strstr(finding.message, "Cadence"));
    assert_null(strstr(finding.message, "Peak"));
    assert_true(finding.cadence_change_percent > 4);
    gait_session_free(&session);
}

static const struct {
    double cadence, speed_mps;
    size_t found;
    gait_severity severity;
} cadences[] = {
    {170, 3, 0, GAIT_INFO},           {163, 3, 1, GAIT_INFO},   {155, 3, 1, GAIT_ALERT},
    {155, (double)NAN, 1, GAIT_NOTE}, {155, 2.2, 0, GAIT_INFO},
};

static void a_low_step_rate_is_told_as_far_as_speed_is_known(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof cadences / sizeof *cadences; k++) {
        gait_session *session = made_session(GAIT_SHANK, 1, 300);
        session->options.speed_mps = cadences[k].speed_mps;
        made_drift(made_column(session, 0, "cadence_steps_per_min"), 300, cadences[k].cadence, 0.01,
                   0, k);
        gait_finding finding = {0};
        assert_int_equal(judge_and_count(session, "low_cadence", &finding), cadences[k].found);
        assert_int_equal(finding.severity, cadences[k].severity);
        gait_session_free(&session);
    }
}

/* A value that rises evenly along the run, with noise from stride to stride. */
static const struct {
    gait_placement placement;
    const char *key, *code;
    double level, rise, noise;
    size_t strides, found;
    const char *rule;
} rises[] = {
    {GAIT_FOOT, "pronation_excursion_deg", "pronation_drift", 9, 3, 1.5, 3400, 1,
     "3 deg more inward roll over 40 minutes is told"},
    {GAIT_FOOT, "pronation_excursion_deg", "pronation_drift", 9, 0, 1.5, 3400, 0,
     "a steady roll is not"},
    {GAIT_FOOT, "pronation_excursion_deg", "pronation_drift", 9, -3, 1.5, 3400, 0,
     "nor is one that falls"},
    {GAIT_FOOT, "pronation_excursion_deg", "pronation_drift", 9, 3, 1.5, 850, 0,
     "ten minutes are too short"},
    {GAIT_FOOT, "pronation_index", "pronation_drift", 9, 2.5, 0.1, 3400, 1,
     "an index that rises by a quarter is told"},
    {GAIT_SACRUM, "ml_ratio", "ml_instability", 0.4, 0.12, 0.05, 3400, 1,
     "a third more sideways motion is told"},
    {GAIT_SHANK, "ml_ratio", "ml_instability", 0.4, 0.02, 0.05, 3400, 0, "a twentieth more is not"},
    {GAIT_FOOT, "ml_ratio", "ml_instability", 0.4, 0.12, 0.05, 3400, 0,
     "the foot says nothing about the hip"},
};

static void a_rise_along_the_run_is_told_where_it_counts(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof rises / sizeof *rises; k++) {
        gait_session *session = made_session(rises[k].placement, 1, rises[k].strides);
        double *value = made_column(session, 0, rises[k].key), n = (double)rises[k].strides;
        struct prng prng;
        gait_finding finding = {0};
        prng_seed(&prng, 100 + k);
        for (size_t i = 0; i < rises[k].strides; i++)
            value[i] = rises[k].level + rises[k].rise * (double)i / n +
                       prng_normal(&prng, 0, rises[k].noise);
        if (judge_and_count(session, rises[k].code, &finding) != rises[k].found)
            fail_msg("%s", rises[k].rule);
        if (rises[k].found) assert_int_equal(finding.severity, GAIT_NOTE);
        gait_session_free(&session);
    }
}

/* The second session's sensor becomes the first one's right one. */
static void join_right(gait_session *session, gait_session *other)
{
    struct sensor_result *both = realloc(session->sensors, 2 * sizeof *both);
    assert_non_null(both);
    session->sensors = both;
    both[1] = other->sensors[0];
    both[1].info.side = GAIT_RIGHT;
    text_print(both[1].name, sizeof both[1].name, "right_%s",
               gait_placement_name(both[1].info.placement));
    session->n_sensors = 2;
    other->n_sensors = 0;
    gait_session_free(&other);
}

static void feet_that_differ_are_told(void **state)
{
    (void)state;
    static const struct {
        double left_deg, right_deg;
        size_t found;
    } cases[] = {{14, 8, 1}, {8, 14, 1}, {9, 11, 0}, {10, 10, 0}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        gait_session *session = made_session(GAIT_FOOT, 1, 300);
        gait_session *other = made_session(GAIT_FOOT, 1, 300);
        struct prng prng;
        prng_seed(&prng, c);
        for (size_t i = 0; i < 300; i++) {
            made_column(session, 0, "pronation_excursion_deg")[i] =
                prng_normal(&prng, cases[c].left_deg, 2);
            made_column(other, 0, "pronation_excursion_deg")[i] =
                prng_normal(&prng, cases[c].right_deg, 2);
        }
        join_right(session, other);
        gait_finding finding = {0};
        assert_int_equal(judge_and_count(session, "pronation_asymmetry", &finding), cases[c].found);
        if (cases[c].found)
            assert_int_equal(finding.side,
                             cases[c].left_deg > cases[c].right_deg ? GAIT_LEFT : GAIT_RIGHT);
        gait_session_free(&session);
    }
}

static void a_session_is_judged_once(void **state)
{
    (void)state;
    gait_error err;
    gait_session *session = NULL;
    assert_ok(gait_session_new(&session, NULL, &err), err);
    assert_int_equal(gait_session_judge(session, &err), GAIT_INVALID);
    gait_session_free(&session);
    session = made_session(GAIT_SHANK, 1, 10);
    assert_ok(gait_session_judge(session, &err), err);
    assert_int_equal(gait_session_judge(session, &err), GAIT_INVALID);
    gait_session_free(&session);
    gait_session_free(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steady_run_has_no_load_spike),
        cmocka_unit_test(a_sustained_rise_is_found_where_it_begins),
        cmocka_unit_test(hard_landings_are_counted_and_marked),
        cmocka_unit_test(overpronation_follows_its_limits),
        cmocka_unit_test(what_speaks_against_a_flag_makes_it_a_note_and_is_told),
        cmocka_unit_test(a_change_along_the_run_is_told_if_it_counts),
        cmocka_unit_test(what_goes_with_cadence_is_taken_away),
        cmocka_unit_test(a_low_step_rate_is_told_as_far_as_speed_is_known),
        cmocka_unit_test(a_rise_along_the_run_is_told_where_it_counts),
        cmocka_unit_test(feet_that_differ_are_told),
        cmocka_unit_test(a_session_is_judged_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
