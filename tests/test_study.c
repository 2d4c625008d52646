/* SPDX-License-Identifier: BSD-3-Clause */
/* mkdtemp() is one of the X/Open extensions to POSIX. */
#define _XOPEN_SOURCE 700
#include <stdlib.h>
#include <unistd.h>

#include "sample_session.h"
#include "sample_summary.h"
#include "summary/columns.h"
#include "summary/history.h"

static const double day_s = 86400;

static void an_average_is_over_the_days_that_were_recorded(void **state)
{
    (void)state;
    enum { N = 400 };
    static struct exposure daily[N];
    static struct history found[N];
    double plain = 0;
    for (size_t i = 0; i < N; i++) {
        daily[i].local_s = day_s * (double)i + 7 * 3600;
        daily[i].amount = i % 2 ? 50 : 30;
        plain = 0.25 * daily[i].amount + 0.75 * plain; /* lambda = 2 / (7 + 1) */
    }
    history_of(daily, N, found);
    assert_near(found[N - 1].ewma_7, plain, 1e-9, "with one a day it is the usual recursion");
    assert_near(found[N - 1].longest_30d, 50, 0, "of the days before");
    assert_near(found[N - 1].ratio_30d, 1, 0, "as the longest");
    assert_near(found[N - 1].gap_days, 1, 1e-12, "yesterday");
    assert_true(isnan(found[0].longest_30d) && isnan(found[0].gap_days));

    const struct exposure apart[2] = {{0, 40}, {20 * day_s, 40}};
    history_of(apart, 2, found);
    assert_near(found[1].ewma_7, 40, 1e-12, "three weeks unknown are not three weeks of rest");
    const struct exposure same_day[2] = {{0, 40}, {6 * 3600, 20}};
    history_of(same_day, 2, found);
    assert_near(found[1].ewma_28, 60, 1e-12, "two runs of one day add up");
}

static void the_window_is_thirty_days(void **state)
{
    (void)state;
    const struct exposure sessions[5] = {
        {0, 100}, {5 * day_s, 50}, {30 * day_s, 60}, {30.5 * day_s, NAN}, {34 * day_s, 75}};
    struct history found[5];
    history_of(sessions, 5, found);
    assert_near(found[2].longest_30d, 100, 0, "exactly thirty days ago counts");
    assert_near(found[2].ratio_30d, 0.6, 1e-12, "60 of 100");
    assert_true(isnan(found[3].ratio_30d));
    assert_near(found[4].longest_30d, 60, 0, "the 100 are too old");
    assert_near(found[4].ratio_30d, 1.25, 1e-12, "a quarter more");
    assert_near(found[4].gap_days, 4, 1e-12, "what is unknown does not end a gap");
}

static char folder[] = "/tmp/gait_test_study_XXXXXX";

/* Session k of a subject, on day 10 k, k kilometres long. */
static void put_session(const char *path, const char *subject, const char *id, int k)
{
    gait_session *session = sample_session();
    gait_summary *summary = NULL;
    gait_error err;
    session->subject_id = subject;
    session->session_id = id;
    session->options.distance_m = 1000 * k;
    for (size_t i = 0; i < session->n_sensors; i++)
        session->sensors[i].info.start_unix_s += 10 * day_s * k;
    assert_ok(gait_summary_from_session(&summary, session, &err), err);
    assert_ok(gait_summary_write(summary, path, &err), err);
    gait_summary_free(&summary);
    gait_session_free(&session);
}

static const struct {
    const char *path, *subject, *id;
    int k;
} sessions[] = {
    {"a.h5", "ann", "run3", 3},
    {"b.h5", "bob", "only", 9},
    {"c.h5", "ann", "run1", 1},
    {"d.h5", "ann", "run2", 2},
};

enum { N_SESSIONS = sizeof sessions / sizeof *sessions };

static int make_sessions(void **state)
{
    (void)state;
    if (!mkdtemp(folder) || chdir(folder)) return -1;
    for (size_t i = 0; i < N_SESSIONS; i++)
        put_session(sessions[i].path, sessions[i].subject, sessions[i].id, sessions[i].k);
    return 0;
}

static int remove_sessions(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SESSIONS; i++) unlink(sessions[i].path);
    return chdir("/") || rmdir(folder);
}

static gait_summary *study_of(const size_t *order, const size_t *positions, int with_strides)
{
    gait_study *study = NULL;
    gait_summary *summary = NULL;
    gait_error err;
    assert_ok(gait_study_new(&study, with_strides, &err), err);
    for (size_t i = 0; i < N_SESSIONS; i++)
        assert_ok(gait_study_add(study, sessions[order[i]].path,
                                 positions ? positions[order[i]] : 0, &err),
                  err);
    assert_ok(gait_study_finish(study, &summary, &err), err);
    assert_int_equal(gait_study_add(study, "a.h5", 0, &err), GAIT_INVALID);
    gait_study_free(&study);
    assert_null(study);
    return summary;
}

static const char *text_at(const gait_summary *study, const char *table, const char *name,
                           size_t row)
{
    const gait_column *column = gait_table_column(gait_summary_table(study, table), name);
    assert_non_null(column);
    return column->texts[row];
}

static double number_at(const gait_summary *study, const char *table, const char *name, size_t row)
{
    const gait_column *column = gait_table_column(gait_summary_table(study, table), name);
    assert_non_null(column);
    return column->doubles[row];
}

static void the_order_of_arrival_changes_nothing(void **state)
{
    (void)state;
    static const size_t orders[3][N_SESSIONS] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}};
    struct image first = {"study", NULL, 0};
    gait_error err;
    for (size_t i = 0; i < 3; i++) {
        struct image next = {"study", NULL, 0};
        gait_summary *study = study_of(orders[i], NULL, 1);
        assert_ok(columns_to_image(study, &next.bytes, &next.size, &err), err);
        gait_summary_free(&study);
        if (i == 0) {
            first = next;
            continue;
        }
        assert_int_equal(next.size, first.size);
        assert_memory_equal(next.bytes, first.bytes, first.size);
        free(next.bytes);
    }
    free(first.bytes);
}

static void sessions_stand_where_the_manifest_has_them(void **state)
{
    (void)state;
    static const size_t order[N_SESSIONS] = {0, 1, 2, 3}, positions[N_SESSIONS] = {7, 3, 9, 1};
    static const char *const ids[N_SESSIONS] = {"run2", "only", "run3", "run1"};
    gait_summary *study = study_of(order, positions, 0);
    for (size_t i = 0; i < N_SESSIONS; i++)
        assert_string_equal(text_at(study, "sessions", "session_id", i), ids[i]);
    assert_int_equal(gait_summary_table(study, "recordings")->n_rows, 2 * N_SESSIONS);
    assert_string_equal(text_at(study, "recordings", "session_id", 3), "only");
    assert_null(gait_summary_table(study, "strides"));
    gait_summary_free(&study);
    study = study_of(order, NULL, 1);
    assert_string_equal(text_at(study, "sessions", "session_id", 0), "run1");
    assert_int_equal(gait_summary_table(study, "strides")->n_rows, 2 * SAMPLE_STRIDES * N_SESSIONS);
    gait_summary_free(&study);
}

/* Ann ran 1, 2 and 3 km, ten days apart. */
static void history_compares_with_earlier_sessions(void **state)
{
    (void)state;
    static const size_t order[N_SESSIONS] = {0, 1, 2, 3};
    gait_summary *study = study_of(order, NULL, 0);
    const gait_table *history = gait_summary_table(study, "history");
    assert_non_null(history);
    assert_int_equal(history->n_rows, 2);
    assert_string_equal(text_at(study, "history", "session_id", 0), "run2");
    assert_string_equal(text_at(study, "history", "session_id", 1), "run3");
    assert_string_equal(text_at(study, "history", "exposure_unit", 1), "m");
    assert_near(number_at(study, "history", "exposure", 1), 3000, 0, "as stated");
    assert_near(number_at(study, "history", "longest_30d", 1), 2000, 0, "the second run");
    assert_near(number_at(study, "history", "ratio_30d", 1), 1.5, 1e-12, "half more");
    assert_near(number_at(study, "history", "gap_days", 0), 10, 1e-9, "ten days");
    /* Every stride of every session is as hard, so the load is the number of strides, give or take
     * the slow rise within the run. */
    double load = number_at(study, "history", "load_l1_left", 1);
    assert_near(load, 1200 / 0.7, 2, "in strides of the first session");
    gait_summary_free(&study);
}

static void a_study_can_be_written_and_read(void **state)
{
    (void)state;
    static const size_t order[N_SESSIONS] = {0, 1, 2, 3};
    gait_summary *again = NULL;
    gait_study *study_again = NULL;
    gait_error err;
    gait_summary *study = study_of(order, NULL, 1);
    assert_ok(gait_summary_write(study, "study.h5", &err), err);
    assert_ok(gait_summary_read(&again, "study.h5", &err), err);
    assert_same_summary(study, again);
    assert_ok(gait_study_new(&study_again, 0, &err), err);
    assert_int_equal(gait_study_add(study_again, "study.h5", 0, &err), GAIT_INVALID);
    assert_string_equal(err.text, "study.h5: holds 4 sessions, one was expected");
    gait_study_free(&study_again);
    gait_summary_free(&again);
    gait_summary_free(&study);
    unlink("study.h5");
}

static void what_does_not_belong_together_is_refused(void **state)
{
    (void)state;
    gait_study *study = NULL;
    gait_summary *summary = NULL;
    gait_error err;
    assert_ok(gait_study_new(&study, 0, &err), err);
    assert_int_equal(gait_study_finish(study, &summary, &err), GAIT_INVALID);
    assert_string_equal(err.text, "the study has no session");
    assert_int_equal(gait_study_add(study, "none.h5", 0, &err), GAIT_NOT_FOUND);
    assert_ok(gait_study_add(study, "a.h5", 0, &err), err);
    assert_ok(gait_summary_read(&summary, "b.h5", &err), err);
    assert_ok(summary_set(summary, "algorithm_version", "0", &err), err);
    assert_ok(gait_summary_write(summary, "old.h5", &err), err);
    gait_summary_free(&summary);
    assert_int_equal(gait_study_add(study, "old.h5", 0, &err), GAIT_INVALID);
    assert_non_null(strstr(err.text, "algorithm_version 0"));
    put_session("same.h5", "ann", "run3", 5);
    assert_ok(gait_study_add(study, "same.h5", 1, &err), err);
    assert_int_equal(gait_study_finish(study, &summary, &err), GAIT_INVALID);
    assert_string_equal(err.text, "a.h5 and same.h5: both are session run3 of subject ann");
    gait_study_free(&study);
    assert_null(summary);
    unlink("old.h5");
    unlink("same.h5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_average_is_over_the_days_that_were_recorded),
        cmocka_unit_test(the_window_is_thirty_days),
        cmocka_unit_test(the_order_of_arrival_changes_nothing),
        cmocka_unit_test(sessions_stand_where_the_manifest_has_them),
        cmocka_unit_test(history_compares_with_earlier_sessions),
        cmocka_unit_test(a_study_can_be_written_and_read),
        cmocka_unit_test(what_does_not_belong_together_is_refused),
    };
    return cmocka_run_group_tests(tests, make_sessions, remove_sessions);
}
