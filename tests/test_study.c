/* SPDX-License-Identifier: BSD-3-Clause */
/* mkdtemp() is one of the X/Open extensions to POSIX. */
#define _XOPEN_SOURCE 700
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "sample_session.h"
#include "sample_summary.h"
#include "summary/columns.h"
#include "summary/study.h"

static const double day_s = 86400;

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
    for (size_t i = 0; i < session->n_sensors; i++) {
        struct sensor_result *sensor = &session->sensors[i];
        sensor->info.start_unix_s += 10 * day_s * k;
        for (size_t j = 0; j < sensor->n_strides; j++) sensor->strides[j].flags = 0;
    }
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

/* The row of a finding in the study, its number of rows if there is none. */
static size_t find_finding(const gait_summary *study, const char *session, const char *code)
{
    const gait_table *findings = gait_summary_table(study, "findings");
    for (size_t i = 0; i < findings->n_rows; i++)
        if (strcmp(text_at(study, "findings", "session_id", i), session) == 0 &&
            strcmp(text_at(study, "findings", "code", i), code) == 0)
            return i;
    return findings->n_rows;
}

static void what_several_sessions_show_stands_among_their_findings(void **state)
{
    (void)state;
    static const size_t order[N_SESSIONS] = {0, 1, 2, 3};
    gait_summary *study = study_of(order, NULL, 0);
    const gait_table *findings = gait_summary_table(study, "findings");
    const int64_t *counts =
        gait_table_column(gait_summary_table(study, "sessions"), "n_findings")->integers;
    size_t n_rows = findings->n_rows, sum = 0;
    for (size_t i = 0; i < N_SESSIONS; i++) sum += (size_t)counts[i];
    assert_int_equal(sum, n_rows);
    assert_int_equal(find_finding(study, "run1", "load_spike_session"), n_rows);
    assert_int_equal(find_finding(study, "only", "load_spike_session"), n_rows);
    size_t row = find_finding(study, "run3", "load_spike_session");
    assert_true(row < n_rows);
    assert_near(number_at(study, "findings", "value", row), 3000, 0, "as far as it was");
    assert_near(number_at(study, "findings", "reference", row), 2000, 0, "as far as before");
    assert_string_equal(text_at(study, "findings", "severity", row), "note");
    assert_string_equal(text_at(study, "findings", "held_back", row),
                        "low_confidence few_sessions");
    assert_string_equal(text_at(study, "findings", "subject_id", row), "ann");
    /* What the session said of itself is still there, in the order of urgency. */
    assert_true(find_finding(study, "run3", gait_rule_at(0)->code) < n_rows);
    assert_true(find_finding(study, "run3", gait_rule_at(0)->code) > row);
    gait_summary_free(&study);
}

static void *file_bytes(const char *path, size_t *n)
{
    void *bytes;
    gait_error err;
    assert_ok(file_load(path, (size_t)1 << 30, &bytes, n, &err), err);
    return bytes;
}

static void assert_same_file(const char *path, const void *want, size_t n_want)
{
    size_t n;
    void *found = file_bytes(path, &n);
    assert_int_equal(n, n_want);
    assert_memory_equal(found, want, n);
    free(found);
}

/* Whether all of it is in memory at once, or every table is moved to a file after each session. */
static void writing_piece_by_piece_gives_the_same_bytes(void **state)
{
    (void)state;
    static const size_t orders[2][N_SESSIONS] = {{0, 1, 2, 3}, {3, 1, 0, 2}};
    gait_error err;
    size_t n_whole;
    gait_summary *whole = study_of(orders[0], NULL, 1);
    assert_ok(gait_summary_write(whole, "whole.h5", &err), err);
    gait_summary_free(&whole);
    void *want = file_bytes("whole.h5", &n_whole);
    for (size_t k = 0; k < 4; k++) {
        gait_study *study = NULL;
        assert_ok(gait_study_new(&study, 1, &err), err);
        if (k >= 2) assert_ok(study_use_folder(study, ".", 0, &err), err);
        for (size_t i = 0; i < N_SESSIONS; i++)
            assert_ok(gait_study_add(study, sessions[orders[k % 2][i]].path, 0, &err), err);
        assert_ok(gait_study_write(study, "pieces.h5", &err), err);
        gait_study_free(&study);
        assert_same_file("pieces.h5", want, n_whole);
    }
    free(want);
    unlink("whole.h5");
    unlink("pieces.h5");
}

/* Sessions first ... end - 1 as a shard's study. */
static void put_part(const char *path, size_t first, size_t end)
{
    gait_study *study = NULL;
    gait_error err;
    assert_ok(gait_study_new(&study, 0, &err), err);
    study_be_part(study);
    for (size_t i = first; i < end; i++)
        assert_ok(gait_study_add(study, sessions[i].path, i, &err), err);
    assert_ok(gait_study_write(study, path, &err), err);
    gait_study_free(&study);
}

/* In the first part are one session of ann and the only one of bob, in the second one of ann. With
 * a folder their rows stay where they are; those of the fourth session are moved in between. */
static void parts_give_the_same_bytes_as_sessions(void **state)
{
    (void)state;
    static const size_t order[N_SESSIONS] = {0, 1, 2, 3}, places[N_SESSIONS] = {0, 1, 2, 3};
    gait_study *study = NULL;
    gait_error err;
    size_t n;
    put_part("part1.h5", 0, 2);
    put_part("part2.h5", 2, 3);
    gait_summary *whole = study_of(order, places, 0);
    assert_ok(gait_summary_write(whole, "whole.h5", &err), err);
    gait_summary_free(&whole);
    void *want = file_bytes("whole.h5", &n);
    for (int uses_folder = 0; uses_folder < 2; uses_folder++) {
        assert_ok(gait_study_new(&study, 0, &err), err);
        if (uses_folder) assert_ok(gait_study_use_folder(study, ".", &err), err);
        assert_ok(study_add_part(study, "part2.h5", 2, &err), err);
        assert_ok(gait_study_add(study, sessions[3].path, 3, &err), err);
        assert_int_equal(study_add_part(study, "part1.h5.gone", 0, &err), GAIT_NOT_FOUND);
        assert_ok(study_add_part(study, "part1.h5", 0, &err), err);
        assert_int_equal(gait_study_use_folder(study, ".", &err), GAIT_INVALID);
        assert_ok(gait_study_write(study, "of_parts.h5", &err), err);
        gait_study_free(&study);
        assert_same_file("of_parts.h5", want, n);
    }
    free(want);
    unlink("part1.h5");
    unlink("part2.h5");
    unlink("whole.h5");
    unlink("of_parts.h5");
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
    assert_string_equal(err.text, "a.h5 and same.h5: both are session 'run3' of subject 'ann'");
    gait_study_free(&study);
    assert_null(summary);
    unlink("old.h5");
    unlink("same.h5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_arrival_changes_nothing),
        cmocka_unit_test(sessions_stand_where_the_manifest_has_them),
        cmocka_unit_test(history_compares_with_earlier_sessions),
        cmocka_unit_test(what_several_sessions_show_stands_among_their_findings),
        cmocka_unit_test(writing_piece_by_piece_gives_the_same_bytes),
        cmocka_unit_test(parts_give_the_same_bytes_as_sessions),
        cmocka_unit_test(a_study_can_be_written_and_read),
        cmocka_unit_test(what_does_not_belong_together_is_refused),
    };
    return cmocka_run_group_tests(tests, make_sessions, remove_sessions);
}
