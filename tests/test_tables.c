/* SPDX-License-Identifier: BSD-3-Clause */
#include "near.h"
#include "gait/measure/measure.h"
#include "sample_session.h"
#include "summary/columns.h"
#include "summary/tables.h"

static gait_summary *sample_tables(void)
{
    gait_session *session = sample_session();
    gait_summary *summary = NULL;
    gait_error err;
    assert_ok(gait_summary_from_session(&summary, session, &err), err);
    gait_session_free(&session); /* the summary needs nothing of it */
    return summary;
}

static const gait_table *table_of(const gait_summary *summary, const char *name)
{
    const gait_table *table = gait_summary_table(summary, name);
    assert_non_null(table);
    return table;
}

static double number_at(const gait_table *table, const char *name, size_t row)
{
    const gait_column *column = gait_table_column(table, name);
    assert_non_null(column);
    assert_true(row < table->n_rows);
    return column->type == GAIT_INTEGERS ? (double)column->integers[row] : column->doubles[row];
}

static const char *text_at(const gait_table *table, const char *name, size_t row)
{
    const gait_column *column = gait_table_column(table, name);
    assert_non_null(column);
    assert_true(row < table->n_rows);
    return column->texts[row];
}

static void every_table_begins_with_its_keys(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t n_rows;
        int has_sensor;
    } tables[] = {
        {"sessions", 1, 0},
        {"recordings", 2, 1},
        {"bouts", 4, 1},
        {"events", 4 * SAMPLE_STRIDES, 1},
        {"strides", 2 * SAMPLE_STRIDES, 1},
        {"repetitions", 0, 1},
        {"minutes", 40, 1},
        {"summary", 2, 1},
        {"asymmetry", 0, 0},
        {"findings", 1, 1},
        {"waveforms", 2 * 101, 1},
    };
    gait_summary *summary = sample_tables();
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const gait_table *table = gait_summary_table_at(summary, i);
        assert_non_null(table);
        assert_string_equal(table->name, tables[i].name);
        assert_int_equal(table->n_rows, tables[i].n_rows);
        assert_string_equal(table->columns[0].name, "subject_id");
        assert_string_equal(table->columns[1].name, "session_id");
        if (tables[i].has_sensor) assert_string_equal(table->columns[2].name, "sensor");
        for (size_t row = 0; row < table->n_rows; row++)
            assert_string_equal(table->columns[0].texts[row], "J\\u00fcrgen");
    }
    assert_null(gait_summary_table_at(summary, sizeof tables / sizeof *tables));
    gait_summary_free(&summary);
}

static void the_session_is_told_in_one_row(void **state)
{
    (void)state;
    gait_summary *summary = sample_tables();
    const gait_table *t = table_of(summary, "sessions");
    assert_string_equal(text_at(t, "start_time", 0), "2024-05-06T09:08:09+02:00");
    assert_string_equal(text_at(t, "time_kind", 0), "local_with_offset");
    assert_near(number_at(t, "duration_s", 0), 1260, 0, "all of it");
    assert_near(number_at(t, "running_s", 0), 1200, 0, "one sensor's running, not the sum");
    assert_near(number_at(t, "walking_s", 0), 0, 0, "no walking");
    assert_near(number_at(t, "n_strides", 0), 2 * SAMPLE_STRIDES, 0, "both limbs");
    assert_near(number_at(t, "distance_m", 0), 3600, 0, "as stated");
    assert_true(isnan(number_at(t, "mass_kg", 0)));
    assert_string_equal(text_at(t, "affected_side", 0), "left");
    assert_string_equal(text_at(t, "worst_severity", 0), "note");
    t = table_of(summary, "recordings");
    assert_string_equal(text_at(t, "sensor", 1), "right_shank");
    assert_string_equal(text_at(t, "start_time", 1), "2024-05-06T09:08:09+02:00");
    assert_near(number_at(t, "clipped_fraction", 1), 0.001, 1e-15, "252 of 252000");
    assert_near(number_at(t, "alignment_v_x", 1), 1, 0, "up is x");
    assert_near(number_at(t, "flags", 1), GAIT_FLAG_CLIPPED | GAIT_FLAG_UNIT_GUESSED, 0, "why");
    gait_summary_free(&summary);
}

static void what_happened_is_told_in_order(void **state)
{
    (void)state;
    gait_summary *summary = sample_tables();
    const gait_table *t = table_of(summary, "bouts");
    assert_string_equal(text_at(t, "activity", 2), "rest");
    assert_string_equal(text_at(t, "activity", 3), "run");
    assert_near(number_at(t, "n_steps", 3), 3428, 0, "steps");
    t = table_of(summary, "events");
    assert_string_equal(text_at(t, "type", 0), "foot_strike");
    assert_string_equal(text_at(t, "type", 1), "toe_off");
    assert_near(number_at(t, "time_s", 1), 60.25, 1e-12, "toe-off");
    assert_near(number_at(t, "bout", 1), 1, 0, "second bout of its sensor");
    t = table_of(summary, "strides");
    assert_string_equal(text_at(t, "sensor", SAMPLE_STRIDES), "right_shank");
    assert_string_equal(text_at(t, "side", SAMPLE_STRIDES), "right");
    assert_near(number_at(t, "start_s", SAMPLE_STRIDES), 60, 0, "times begin again");
    for (size_t m = 0; gait_metric_at(m); m++)
        if (gait_metric_at(m)->activities & OF_STRIDES)
            assert_near(number_at(t, gait_metric_at(m)->key, SAMPLE_STRIDES - 1),
                        sample_value(60 + 0.7 * (SAMPLE_STRIDES - 1)), 1e-12,
                        "the stride's own value");
    t = table_of(summary, "findings");
    assert_string_equal(text_at(t, "code", 0), gait_rule_at(0)->code);
    assert_string_equal(text_at(t, "severity", 0), "note");
    assert_string_equal(text_at(t, "units", 0), "%");
    assert_string_equal(text_at(t, "caveat", 0), gait_rule_at(0)->caveat);
    gait_summary_free(&summary);
}

/* Strides begin every 0.7 s from 60 s on: 85 or 86 of them in each minute of the bout. */
static void a_minute_is_a_minute_of_the_bout(void **state)
{
    (void)state;
    gait_summary *summary = sample_tables();
    const gait_table *t = table_of(summary, "minutes");
    double n = 0;
    for (size_t row = 0; row < 20; row++) {
        assert_near(number_at(t, "start_s", row), 60 + 60 * (double)row, 0, "start");
        assert_near(number_at(t, "n_strides", row), 85.5, 0.5, "strides");
        n += number_at(t, "n_strides", row);
        for (size_t m = 0; gait_metric_at(m); m++)
            if ((gait_metric_at(m)->activities & OF_STRIDES) && !metric_row(m)->is_bound_if_clipped)
                assert_near(number_at(t, gait_metric_at(m)->key, row),
                            sample_value(90 + 60 * (double)row), 0.01 * 0.7 / 60 + 1e-12,
                            "the median is the middle of the minute");
    }
    assert_near(n, SAMPLE_STRIDES, 0, "every stride once");
    gait_summary_free(&summary);
}

static double statistic(const gait_table *t, size_t metric, const char *suffix)
{
    char name[128];
    snprintf(name, sizeof name, "%s%s", gait_metric_at(metric)->key, suffix);
    return number_at(t, name, 0);
}

/* The metric is linear in time: median, deviation and slope follow exactly. */
static void the_summary_has_what_theory_says(void **state)
{
    (void)state;
    gait_summary *summary = sample_tables();
    const gait_table *t = table_of(summary, "summary");
    double last = 0.7 * (SAMPLE_STRIDES - 1), rise = 0.01 * last / 60;
    assert_string_equal(text_at(t, "activity", 0), "run");
    assert_string_equal(text_at(t, "side", 1), "right");
    assert_near(number_at(t, "yield", 0), SAMPLE_STRIDES / (1200 / 0.7), 1e-12, "yield");
    assert_near(number_at(t, "flags", 0), GAIT_FLAG_CLIPPED, 0, "a tenth is clipped");
    for (size_t m = 0; gait_metric_at(m); m++) {
        assert_near(statistic(t, m, "_n"), SAMPLE_STRIDES, 0, "all strides");
        if (metric_row(m)->is_bound_if_clipped) continue;
        assert_near(statistic(t, m, ""), 5 + rise / 2, 1e-9, "median of a line");
        assert_near(statistic(t, m, "_mad"), rise / 4, 1e-4, "deviation of a line");
        assert_true(statistic(t, m, "_ci_low") < statistic(t, m, ""));
        assert_true(statistic(t, m, "_ci_high") > statistic(t, m, ""));
        assert_near(statistic(t, m, "_drift_per_min"), 0.01, 1e-4, "slope");
        assert_true(statistic(t, m, "_drift_ci_low") <= statistic(t, m, "_drift_per_min"));
        assert_true(statistic(t, m, "_drift_ci_high") >= statistic(t, m, "_drift_per_min"));
    }
    gait_summary_free(&summary);
}

static void the_mean_stride_has_a_row_a_phase(void **state)
{
    (void)state;
    gait_summary *summary = sample_tables();
    const gait_table *t = table_of(summary, "waveforms");
    assert_string_equal(text_at(t, "sensor", 101), "right_shank");
    assert_string_equal(text_at(t, "side", 101), "right");
    assert_string_equal(text_at(t, "activity", 101), "run");
    for (size_t p = 0; p <= 100; p++) {
        assert_near(number_at(t, "phase", 101 + p), (double)p, 1e-12, "per cent of the stride");
        assert_near(number_at(t, "n", 101 + p), SAMPLE_STRIDES, 0, "all strides");
        assert_near(number_at(t, "up_g", 101 + p), 1 + 0.01 * (double)p, 1e-6, "their mean");
        assert_near(number_at(t, "up_sd_g", 101 + p), 0, 1e-6, "all alike");
        assert_true(isnan(number_at(t, "forward_g", 101 + p)));
    }
    gait_summary_free(&summary);
}

/* A peak at the sensor's limit is at least that: it counts as higher than all others, and a median
 * among such peaks is not known. */
static void a_median_of_clipped_peaks_is_a_bound_or_nothing(void **state)
{
    (void)state;
    static const size_t clipped_of_ten[] = {1, 4, 6};
    int peak = gait_metric_index("peak_accel_resultant_g");
    for (size_t k = 0; k < 3; k++) {
        gait_session *session = sample_session();
        gait_summary *summary = NULL;
        gait_error err;
        struct sensor_result *s = &session->sensors[0];
        for (size_t i = 0; i < s->n_strides; i++)
            s->strides[i].flags = i % 10 < clipped_of_ten[k] ? GAIT_FLAG_CLIPPED : 0;
        assert_ok(gait_summary_from_session(&summary, session, &err), err);
        const gait_table *t = table_of(summary, "summary");
        double share = 0.5 / (1 - 0.1 * (double)clipped_of_ten[k]);
        double want = 5 + share * 0.01 * 0.7 * (SAMPLE_STRIDES - 1) / 60;
        if (share < 1)
            assert_near(statistic(t, (size_t)peak, ""), want, 2e-3, "as if they were above all");
        else
            assert_true(isnan(statistic(t, (size_t)peak, "")));
        assert_near(statistic(t, (size_t)gait_metric_index("contact_time_s"), ""), 5.1, 1e-3,
                    "times do not mind");
        assert_true((int64_t)number_at(t, "flags", 0) & GAIT_FLAG_CLIPPED);
        gait_summary_free(&summary);
        gait_session_free(&session);
    }
}

static void landings_are_counted_by_their_intensity(void **state)
{
    (void)state;
    gait_session *session = sample_session();
    gait_summary *summary = NULL;
    gait_error err;
    double *peak = session->sensors[0].metric[gait_metric_index("peak_accel_resultant_g")];
    for (size_t i = 0; i < SAMPLE_STRIDES; i++) peak[i] = i < 100 ? 5.9 : i < 300 ? 6 : 12.5;
    assert_ok(gait_summary_from_session(&summary, session, &err), err);
    const gait_table *t = table_of(summary, "summary");
    assert_near(number_at(t, "strides_low_intensity", 0), 100, 0, "below 6 g");
    assert_near(number_at(t, "strides_medium_intensity", 0), 200, 0, "6 to 12 g");
    assert_near(number_at(t, "strides_high_intensity", 0), SAMPLE_STRIDES - 300, 0, "from 12 g");
    assert_near(number_at(t, "stride_time_cv_percent", 0), 100 * 1.4826 * 0.25 * 0.19985 / 5.0999,
                1e-2, "of a line");
    assert_near(number_at(table_of(summary, "minutes"), "strides_low_intensity", 0), 86, 0.5,
                "the first minute is soft");
    gait_summary_free(&summary);
    gait_session_free(&session);
}

static void load_counts_missed_strides_as_the_others(void **state)
{
    (void)state;
    const double x[5] = {2, 2, NAN, 2, 2};
    struct load load = load_of(x, 5, 5);
    assert_near(load.l1, 10, 1e-12, "four of five found, the fifth like them");
    assert_near(load.l4, 80, 1e-12, "fourth powers");
    assert_int_equal(load.flags, 0);
    load = load_of(x, 5, 6);
    assert_near(load.l1, 8, 0, "too many missing: what was found");
    assert_int_equal(load.flags, GAIT_FLAG_FEW);
    load = load_of(x, 5, NAN);
    assert_near(load.l1, 8, 0, "nobody knows how many to expect");
    load = load_of(x, 0, 0);
    assert_true(isnan(load.l1) && isnan(load.l4));
    struct bout_result bout = {.start_s = 0, .end_s = 60, .cadence_steps_per_min = 180};
    assert_near(expected_strides(&bout, -INFINITY, INFINITY), 90, 1e-12, "half the steps");
    assert_near(expected_strides(&bout, 50, 100), 15, 1e-12, "of ten seconds");
    assert_near(expected_strides(&bout, 100, 200), 0, 0, "outside the bout");
}

/* Zifchock's angle of 8 and 10 by hand: (45 - 38.66) / 90 degrees; the sides changed, its opposite.
 */
static void the_symmetry_angle_needs_no_mean(void **state)
{
    (void)state;
    static const struct {
        double left, right, percent;
    } cases[] = {{8, 10, 7.0446}, {10, 8, -7.0446}, {5, 5, 0}, {1, 1e9, 50}, {-1, 5, NAN}};
    enum { N = sizeof cases / sizeof *cases };
    struct asymmetry rows[N] = {{0}};
    gait_session *session = sample_session();
    gait_summary *summary = NULL;
    gait_error err;
    for (size_t i = 0; i < N; i++)
        rows[i] = (struct asymmetry){.left = cases[i].left, .right = cases[i].right};
    session->asymmetries = rows;
    session->n_asymmetries = N;
    assert_ok(gait_summary_from_session(&summary, session, &err), err);
    for (size_t i = 0; i < N; i++) {
        double found = number_at(table_of(summary, "asymmetry"), "symmetry_angle_percent", i);
        if (isnan(cases[i].percent))
            assert_true(isnan(found));
        else
            assert_near(found, cases[i].percent, 1e-4, "symmetry angle");
    }
    gait_summary_free(&summary);
    gait_session_free(&session);
}

static void nothing_found_gives_empty_tables(void **state)
{
    (void)state;
    gait_session *session = sample_session();
    gait_summary *summary = NULL, *again = NULL;
    struct image image = {"memory", NULL, 0};
    gait_error err;
    for (size_t i = 0; i < session->n_sensors; i++) {
        session->sensors[i].n_strides = session->sensors[i].n_events = 0;
        session->sensors[i].n_bouts = 0;
        free(session->sensors[i].mean_stride[GAIT_RUN][i ? GAIT_RIGHT : GAIT_LEFT]);
        session->sensors[i].mean_stride[GAIT_RUN][i ? GAIT_RIGHT : GAIT_LEFT] = NULL;
    }
    session->findings.n = 0;
    assert_ok(gait_summary_from_session(&summary, session, &err), err);
    assert_int_equal(table_of(summary, "findings")->n_rows, 0);
    assert_string_equal(text_at(table_of(summary, "sessions"), "worst_severity", 0), "none");
    assert_ok(columns_to_image(summary, &image.bytes, &image.size, &err), err);
    assert_ok(columns_from_image(&again, &image, NULL, &err), err);
    session->judged = 0;
    assert_int_equal(gait_summary_from_session(&summary, session, &err), GAIT_INVALID);
    free(image.bytes);
    gait_summary_free(&again);
    gait_summary_free(&summary);
    gait_session_free(&session);
}

static void the_settings_can_be_repeated(void **state)
{
    (void)state;
    gait_summary *summary = sample_tables();
    const char *settings = gait_summary_attribute(summary, "settings_json");
    assert_non_null(settings);
    assert_non_null(strstr(settings, "\"spike_z\":4.5"));
    assert_int_equal(settings[strlen(settings) - 1], '}');
    gait_summary_free(&summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_begins_with_its_keys),
        cmocka_unit_test(the_session_is_told_in_one_row),
        cmocka_unit_test(what_happened_is_told_in_order),
        cmocka_unit_test(a_minute_is_a_minute_of_the_bout),
        cmocka_unit_test(the_summary_has_what_theory_says),
        cmocka_unit_test(the_mean_stride_has_a_row_a_phase),
        cmocka_unit_test(a_median_of_clipped_peaks_is_a_bound_or_nothing),
        cmocka_unit_test(landings_are_counted_by_their_intensity),
        cmocka_unit_test(load_counts_missed_strides_as_the_others),
        cmocka_unit_test(the_symmetry_angle_needs_no_mean),
        cmocka_unit_test(nothing_found_gives_empty_tables),
        cmocka_unit_test(the_settings_can_be_repeated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
