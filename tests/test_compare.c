/* SPDX-License-Identifier: BSD-3-Clause */
#define _XOPEN_SOURCE 700 /* mkstemp() */
#include <stdlib.h>
#include <unistd.h>

#include <gait/compare.h>

#include "sample_session.h"
#include "sample_summary.h"
#include "summary/agreement.h"
#include "summary/reference.h"
#include "summary/tables.h"

static void pairs_are_one_to_one_and_nearest_first(void **state)
{
    (void)state;
    /* The second detection is nearer to the first reference than the first is; the third reference
     * would like it too, but comes too late. */
    const double reference[3] = {1.00, 2.00, 2.06};
    const double detected[4] = {0.97, 1.01, 2.03, 3.00};
    size_t partner[3];
    struct arena tmp = {0};
    assert_int_equal(match_nearest(reference, 3, detected, 4, 0.05, partner, &tmp), GAIT_OK);
    assert_int_equal(partner[0], 1);
    assert_int_equal(partner[1], 2);
    assert_true(partner[2] == SIZE_MAX);
    assert_int_equal(match_nearest(reference, 3, detected, 4, 0.005, partner, &tmp), GAIT_OK);
    assert_true(partner[0] == SIZE_MAX && partner[1] == SIZE_MAX && partner[2] == SIZE_MAX);
    assert_int_equal(match_nearest(reference, 3, detected, 0, 0.05, partner, &tmp), GAIT_OK);
    assert_true(partner[0] == SIZE_MAX);
    arena_free(&tmp);
}

static void agreement_is_worked_out_by_hand(void **state)
{
    (void)state;
    const double difference[4] = {1, 3, -1, 5};
    gait_score score;
    score_differences(&score, difference, 4);
    assert_near(score.bias, 2, 1e-12, "mean");
    assert_near(score.sd, sqrt(20.0 / 3), 1e-12, "divided by n - 1");
    assert_near(score.rmse, 3, 1e-12, "root of 36 / 4");
    assert_near(score.mae, 2.5, 1e-12, "mean of 1 3 1 5");
    assert_near(score.limit_high, 2 + 1.96 * sqrt(20.0 / 3), 1e-12, "limits of agreement");
    score_differences(&score, difference, 1);
    assert_near(score.bias, 1, 0, "one difference");
    assert_true(isnan(score.sd) && isnan(score.limit_low));
    score = (gait_score){.n_reference = 4, .n_detected = 5, .n_matched = 3};
    score_counts(&score);
    assert_near(score.precision, 0.6, 1e-12, "3 of 5");
    assert_near(score.recall, 0.75, 1e-12, "3 of 4");
    assert_near(score.f1, 6.0 / 9, 1e-12, "harmonic mean");
}

static char path[] = "/tmp/gait_test_compare_XXXXXX";

static void put_reference(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static gait_summary *summary_of_sample(void)
{
    gait_session *session = sample_session();
    gait_summary *summary = NULL;
    gait_error err;
    assert_ok(gait_summary_from_session(&summary, session, &err), err);
    gait_session_free(&session);
    return summary;
}

static gait_comparison *compared(const gait_summary *summary, const char *sensor, const char *text)
{
    gait_comparison *comparison = NULL;
    gait_error err;
    put_reference(text);
    assert_ok(gait_compare(&comparison, summary, sensor, path, 0.05, &err), err);
    return comparison;
}

static const gait_score *score_of(const gait_comparison *comparison, const char *what)
{
    const gait_score *score;
    for (size_t i = 0; (score = gait_comparison_at(comparison, i)); i++)
        if (strcmp(score->what, what) == 0) return score;
    fail_msg("no score of %s", what);
    return NULL;
}

/* The sample has a left strike at 60 + 0.7 k s and a toe-off 0.25 s later, each with a stated
 * standard deviation of 5 ms and confidence 0.9. */
static void events_are_scored_inside_the_reference_s_span(void **state)
{
    (void)state;
    gait_summary *summary = summary_of_sample();
    gait_comparison *comparison = compared(summary, "left_shank",
                                           "event,side,time_s\n"
                                           "foot_strike,left,60.700\n"
                                           "foot_strike,right,61.000\n" /* the other limb's */
                                           "foot_strike,,61.390\n"
                                           "foot_strike,left,62.140\n"
                                           "foot_strike,left,62.500\n" /* nobody found it */
                                           "stride_start,left,0\n"
                                           "toe_off,left,60.955\n");
    const gait_score *score = score_of(comparison, "foot_strike");
    assert_string_equal(score->sensor, "left_shank");
    assert_string_equal(score->units, "ms");
    assert_int_equal(score->n_reference, 4);
    assert_int_equal(score->n_detected, 3); /* 60.7, 61.4, 62.1; not those before and behind */
    assert_int_equal(score->n_matched, 3);
    assert_near(score->precision, 1, 0, "no false one");
    assert_near(score->recall, 0.75, 0, "one missed");
    assert_near(score->bias, -10, 1e-6, "mean of 0, 10 and -40 ms");
    assert_near(score->mae, 50.0 / 3, 1e-6, "absolute");
    assert_near(score->coverage, 1.0 / 3, 1e-12, "only 0 is within 9.8 ms");
    assert_near(score->mean_confidence, 0.9, 1e-12, "all the same");
    score = score_of(comparison, "toe_off");
    assert_int_equal(score->n_matched, 1);
    assert_near(score->bias, -5, 1e-6, "950 against 955 ms");
    assert_near(score->coverage, 1, 0, "5 ms is within 9.8 ms");
    assert_int_equal(gait_comparison_ignored(comparison), 1);
    gait_comparison_free(&comparison);
    gait_summary_free(&summary);
}

static void every_sensor_is_scored_with_its_own_side(void **state)
{
    (void)state;
    gait_summary *summary = summary_of_sample();
    gait_comparison *comparison = compared(summary, NULL,
                                           "event,side,time_s,value\n"
                                           "foot_strike,left,60.700,\n"
                                           "foot_strike,right,61.400,\n"
                                           "foot_strike,right,62.100,\n");
    assert_int_equal(gait_comparison_at(comparison, 0)->n_reference, 1);
    assert_string_equal(gait_comparison_at(comparison, 1)->sensor, "right_shank");
    assert_int_equal(gait_comparison_at(comparison, 1)->n_reference, 2);
    assert_null(gait_comparison_at(comparison, 2));
    gait_comparison_free(&comparison);
    assert_null(comparison);
    gait_error err;
    assert_int_equal(gait_compare(&comparison, summary, "sacrum", path, 0.05, &err),
                     GAIT_NOT_FOUND);
    assert_string_equal(err.text, "the summary has no sensor sacrum");
    assert_int_equal(gait_compare(&comparison, summary, NULL, path, 0, &err), GAIT_INVALID);
    gait_summary_free(&summary);
}

static void set_strides(gait_summary *summary, const char *name, double from, double step)
{
    const gait_table *strides = gait_summary_table(summary, "strides");
    assert_non_null(gait_table_column(strides, name));
    for (size_t t = 0; t < summary->n_tables; t++) {
        double *x = strcmp(summary->tables[t]->pub.name, "strides") == 0
                        ? doubles_of(summary->tables[t], name)
                        : NULL;
        for (size_t i = 0; x && i < strides->n_rows; i++) x[i] = from + step * (double)i;
    }
}

static void contact_times_are_matched_by_their_strike(void **state)
{
    (void)state;
    gait_summary *summary = summary_of_sample();
    set_strides(summary, "contact_time_s", 0.2, 0.001);
    gait_comparison *comparison = compared(summary, "left_shank",
                                           "event,side,time_s,value\n"
                                           "contact_time_s,unknown,60.71,0.211\n"
                                           "contact_time_s,unknown,61.41,0.198\n"
                                           "contact_time_s,unknown,61.80,0.5\n"
                                           "contact_time_s,unknown,61.90,nan\n");
    const gait_score *score = score_of(comparison, "contact_time_s");
    assert_string_equal(score->units, "s");
    assert_int_equal(score->n_reference, 3);
    assert_int_equal(score->n_detected, 2);
    assert_int_equal(score->n_matched, 2);
    assert_near(score->bias, -0.003, 1e-9, "mean of -0.010 and 0.004");
    assert_near(score->sd, 0.0098994949, 1e-9, "0.014 / sqrt 2");
    assert_true(isnan(score->f1) && isnan(score->mean_confidence));
    gait_comparison_free(&comparison);
    gait_summary_free(&summary);
}

/* Strides of 0.7 s from 60 s on; 5 to 8 have their middles 1.5 s around 65 s. */
static void cadence_is_taken_over_the_reference_s_window(void **state)
{
    (void)state;
    gait_summary *summary = summary_of_sample();
    set_strides(summary, "stride_time_s", 0.7, 0);
    set_strides(summary, "cadence_steps_per_min", 170, 0.1);
    gait_comparison *comparison = compared(summary, "left_shank",
                                           "event,side,time_s,value\n"
                                           "cadence_consensus_spm,both,65,170\n"
                                           "cadence_consensus_spm,both,30,170\n" /* rest */
                                           "cadence_spm,both,60,171\n"
                                           "bout_start,both,60,\n"
                                           "bout_end,both,67,\n");
    const gait_score *score = score_of(comparison, "cadence_consensus_spm");
    assert_string_equal(score->units, "1/min");
    assert_int_equal(score->n_reference, 2);
    assert_int_equal(score->n_matched, 1);
    assert_near(score->bias, 0.65, 1e-9, "the median of 170.5 ... 170.8, 1.5 s around 65 s");
    score = score_of(comparison, "cadence_spm");
    assert_int_equal(score->n_matched, 1);
    assert_near(score->bias, 120 / 0.7 - 171, 1e-6, "two steps in the 0.7 s of each stride");
    gait_comparison_free(&comparison);
    gait_summary_free(&summary);
}

/* The sample runs from 60 to 1260 s with 3428 steps and a strike of its one foot every 0.7 s. */
static void steps_are_counted_over_the_bout_or_the_span(void **state)
{
    (void)state;
    gait_summary *summary = summary_of_sample();
    gait_comparison *comparison = compared(summary, "left_shank",
                                           "event,side,time_s,value\n"
                                           "steps,both,0,3400\n");
    const gait_score *score = score_of(comparison, "steps");
    assert_string_equal(score->units, "1");
    assert_near(score->bias, 28, 1e-9, "all of them");
    gait_comparison_free(&comparison);
    comparison = compared(summary, "left_shank",
                          "event,side,time_s,value\n"
                          "bout_start,both,50,\n"
                          "steps,both,50,1000\n"
                          "bout_end,both,410,\n");
    assert_near(score_of(comparison, "steps")->bias, 2 * 501 - 1000, 1e-9,
                "strikes at 60, 60.7 ... 410 s");
    gait_comparison_free(&comparison);
    comparison = compared(summary, "left_shank",
                          "event,side,time_s,value\n"
                          "steps,both,0,1000\n"
                          "step,foot1,60.05,\n"
                          "step,foot2,659.95,\n");
    assert_near(score_of(comparison, "steps")->bias, 2 * 858 - 1000, 1e-6,
                "60 ... 659.9 s, the first and last step and 50 ms around");
    assert_int_equal(gait_comparison_ignored(comparison), 2);
    gait_comparison_free(&comparison);
    gait_summary_free(&summary);
}

/* Rest until 60 s, then running. */
static void labels_are_scored_second_by_second(void **state)
{
    (void)state;
    gait_summary *summary = summary_of_sample();
    gait_comparison *comparison = compared(summary, "left_shank",
                                           "event,side,time_s,value\n"
                                           "bout_start,both,0,standing\n"
                                           "bout_start,both,40,walking_slowly\n"
                                           "bout_end,both,50,\n"
                                           "bout_start,both,1200,jogging_treadmill_5.5mph\n");
    const gait_score *score = score_of(comparison, "activity");
    assert_int_equal(score->n_reference, 40 + 10 + 60);
    assert_int_equal(score->n_detected, 110);
    assert_int_equal(score->n_matched, 40 + 60);
    assert_near(score->recall, 100.0 / 110, 1e-12, "walking was not seen");
    gait_comparison_free(&comparison);
    comparison = compared(summary, "left_shank",
                          "event,side,time_s,value\n"
                          "bout_start,both,1e300,running\n"
                          "bout_start,both,-1e300,trunk rotation\n"
                          "bout_start,both,-1e300,\n");
    assert_null(gait_comparison_at(comparison, 0));
    gait_comparison_free(&comparison);
    gait_summary_free(&summary);
}

static void a_bad_reference_is_named_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        {"", "empty, a heading expected"},
        {"time,side\n", "line 1: found 'time', expected the heading event,side,time_s[,value]"},
        {"event,side,time_s\nfoot_strike,left,soon\n",
         "line 2: found 'soon', expected a time in seconds"},
        {"event,side,time_s,value\r\n\r\nsteps,both,0,many\r\n",
         "line 3: found 'many', expected a number"},
        {"event,side,time_s,value\na,b,1,2,3\n",
         "line 2: found '3', expected at most four columns"},
    };
    gait_summary *summary = summary_of_sample();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gait_comparison *comparison = NULL;
        gait_error err;
        put_reference(cases[i].text);
        assert_int_equal(gait_compare(&comparison, summary, NULL, path, 0.05, &err), GAIT_FORMAT);
        assert_string_equal(err.text + strlen(path) + 2, cases[i].complaint);
    }
    gait_summary_free(&summary);
}

/* All references that come with real recordings can be read. */
static void real_references_are_understood(void **state)
{
    (void)state;
    const char *folder = getenv("GAIT_DATA_DIR");
    static const char *const files[] = {
        "alcantara_run/S02_t02_2.5mps_0deg_sacrum.truth.csv",
        "bach_shank/S1_t00running_shank.truth.csv",
        "dragon_fatigue/D01_post_pelvis.truth.csv",
        "harlab_mixed/H002_full_ankle.truth.csv",
        "mobgap_walk/HA001_m1Test11Trial1_lowback.truth.csv",
        "oxford_steps/U1_NexusHard1_InHand.truth.csv",
        "sisfall_activity/SA01_D01_waist.truth.csv",
        "voisard_walk/S01_t1_lowback.truth.csv",
    };
    if (!folder) skip_because("GAIT_DATA_DIR is not set");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char name[512];
        struct reference reference;
        struct arena keep = {0};
        gait_error err;
        snprintf(name, sizeof name, "%s/%s", folder, files[i]);
        assert_ok(reference_read(&reference, name, &keep, &err), err);
        assert_true(reference.n + reference.n_ignored > 5);
        arena_free(&keep);
    }
}

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 || close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_one_to_one_and_nearest_first),
        cmocka_unit_test(agreement_is_worked_out_by_hand),
        cmocka_unit_test(events_are_scored_inside_the_reference_s_span),
        cmocka_unit_test(every_sensor_is_scored_with_its_own_side),
        cmocka_unit_test(contact_times_are_matched_by_their_strike),
        cmocka_unit_test(cadence_is_taken_over_the_reference_s_window),
        cmocka_unit_test(steps_are_counted_over_the_bout_or_the_span),
        cmocka_unit_test(labels_are_scored_second_by_second),
        cmocka_unit_test(a_bad_reference_is_named_with_its_line),
        cmocka_unit_test(real_references_are_understood),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
