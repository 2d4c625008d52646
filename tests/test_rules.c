/* SPDX-License-Identifier: BSD-3-Clause */
#include "made_person.h"
#include "made_session.h"

/* Every row of the finding table, whoever wrote it. */

static int is_setting(const char *key, size_t length)
{
    for (size_t i = 0; gait_setting_at(i); i++)
        if (strlen(gait_setting_at(i)->key) == length &&
            strncmp(gait_setting_at(i)->key, key, length) == 0)
            return 1;
    return 0;
}

static int ends_a_sentence(const char *text)
{
    return text && *text && text[strlen(text) - 1] == '.';
}

/* What a patient must never read here. */
static void check_words(const char *text)
{
    static const char *const never[] = {"overpronator", "diagnos", "risk score",
                                        "bone load",    "N/s",     "injured by"};
    for (size_t k = 0; k < sizeof never / sizeof *never; k++)
        if (strstr(text, never[k])) fail_msg("'%s' in: %s", never[k], text);
    for (const char *c = text; *c; c++) assert_true(*c >= ' ' && *c <= '~');
}

static void every_rule_says_what_it_is_and_why_it_may_not_matter(void **state)
{
    (void)state;
    for (size_t i = 0; rule_row(i); i++) {
        const gait_rule *rule = gait_rule_at(i);
        assert_true(rule_row(i)->judge || rule_row(i)->compare);
        assert_true(rule->title && *rule->title && rule->source && *rule->source);
        assert_true(ends_a_sentence(rule->rule) && ends_a_sentence(rule->caveat));
        assert_true(strlen(rule->caveat) + 160 < sizeof(((gait_finding *)0)->message));
        assert_true(strlen(rule->title) < sizeof(((gait_finding *)0)->title));
        int is_grade = strlen(rule->evidence) == 1 && strchr("ABCD", rule->evidence[0]);
        assert_true(is_grade || strcmp(rule->evidence, "none") == 0);
        check_words(rule->rule);
        check_words(rule->caveat);
        for (size_t k = 0; k < i; k++) assert_string_not_equal(rule->code, gait_rule_at(k)->code);
    }
}

static void every_limit_of_a_rule_can_be_set_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; gait_rule_at(i); i++)
        for (const char *at = gait_rule_at(i)->settings; *at; at += strspn(at, " ")) {
            size_t length = strcspn(at, " ");
            if (!is_setting(at, length))
                fail_msg("%s: no setting %.*s", gait_rule_at(i)->code, (int)length, at);
            at += length;
        }
}

typedef void made_fn(gait_session *session);

static void clip(gait_session *session)
{
    for (size_t i = 0; i < 400; i++) session->sensors[0].strides[i].flags = GAIT_FLAG_CLIPPED;
}

static void land_hard(gait_session *session)
{
    made_column(session, 0, "peak_accel_resultant_g")[1000] = 20;
}

static void shift_up(gait_session *session)
{
    double *impact_g = made_column(session, 0, "peak_accel_resultant_g");
    for (size_t i = 1500; i < 3000; i++) impact_g[i] *= 1.3;
}

static void step_slowly(gait_session *session)
{
    made_drift(made_column(session, 0, "cadence_steps_per_min"), 3000, 150, 0.01, 0, 1);
}

static void drift_away(gait_session *session)
{
    made_drift(made_column(session, 0, "contact_time_s"), 3000, 0.25, 0.03, 12, 1);
}

static void land_unevenly(gait_session *session)
{
    made_drift(made_column(session, 1, "contact_time_s"), 3000, 0.29, 0.03, 0, 1);
}

static void roll_in(gait_session *session)
{
    session->sensors[0].info.placement = GAIT_FOOT;
    made_drift(made_column(session, 0, "pronation_excursion_deg"), 3000, 16, 0.1, 0, 1);
}

static const struct {
    const char *code;
    made_fn *make;
} in_a_session[] = {
    {"data_quality", clip},
    {"load_spike_stride", land_hard},
    {"load_spike_sustained", shift_up},
    {"low_cadence", step_slowly},
    {"fatigue_drift", drift_away},
    {"asymmetry_change", land_unevenly},
    {"overpronation", roll_in},
};

static gait_session *ordinary_session(void)
{
    gait_session *session = made_session(GAIT_SHANK, 2, 3000);
    for (size_t s = 0; s < 2; s++) {
        made_impacts(made_column(session, s, "peak_accel_resultant_g"), 3000, 8, 0.12, s + 1);
        made_drift(made_column(session, s, "cadence_steps_per_min"), 3000, 172, 0.01, 0, s);
        made_drift(made_column(session, s, "contact_time_s"), 3000, 0.25, 0.03, 0, s + 3);
    }
    return session;
}

static size_t found_in_session(made_fn *make, const char *code)
{
    gait_error err;
    gait_session *session = ordinary_session();
    gait_finding finding = {0};
    if (make) make(session);
    assert_ok(gait_session_judge(session, &err), err);
    size_t n = made_count(session, code, &finding);
    if (n) {
        assert_true(finding.confidence > 0 && finding.confidence <= 1);
        assert_true(isfinite(finding.value) && finding.units[0] && finding.title[0]);
        assert_true(ends_a_sentence(finding.message));
        check_words(finding.message);
    }
    gait_session_free(&session);
    return n;
}

static void an_ordinary_session_is_silent_and_each_rule_speaks_when_it_should(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof in_a_session / sizeof *in_a_session; k++) {
        const char *code = in_a_session[k].code;
        if (found_in_session(NULL, code)) fail_msg("%s speaks of an ordinary session", code);
        if (!found_in_session(in_a_session[k].make, code)) fail_msg("%s is silent", code);
    }
}

static struct made *ordinary_person(void)
{
    struct made *made = make_person(1);
    for (int i = 0; i < 8; i++) add_session(made, 3 * i, 8000);
    return made;
}

static void each_rule_of_several_sessions_speaks_when_it_should(void **state)
{
    (void)state;
    static const char *const codes[] = {"load_spike_session", "impact_above_baseline",
                                        "return_after_break", "low_cadence", "asymmetry_change"};
    for (size_t k = 0; k < sizeof codes / sizeof *codes; k++) {
        struct made *made = ordinary_person();
        finish(made);
        assert_int_equal(count(made, 7, codes[k], NULL), 0);
        struct past_session *last = &made->sessions[7];
        if (k == 0) made->exposure[7].amount = 12000;
        if (k == 1) last->limb[0].intensity = 10;
        if (k == 2) made->exposure[7].local_s += 20 * made_day_s;
        if (k == 3) last->cadence_steps_per_min = 150;
        if (k == 4) made->difference[7].index_percent = 12;
        finish(made);
        if (!count(made, 7, codes[k], NULL)) fail_msg("%s is silent", codes[k]);
        free(made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_says_what_it_is_and_why_it_may_not_matter),
        cmocka_unit_test(every_limit_of_a_rule_can_be_set_by_name),
        cmocka_unit_test(an_ordinary_session_is_silent_and_each_rule_speaks_when_it_should),
        cmocka_unit_test(each_rule_of_several_sessions_speaks_when_it_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
