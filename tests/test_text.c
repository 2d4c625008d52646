/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "near.h"

static void case_does_not_matter_in_ascii(void **state)
{
    (void)state;
    assert_true(text_equal("Left", "lEFT"));
    assert_true(text_equal("", ""));
    assert_false(text_equal("left", "lef"));
    assert_false(text_equal("lef", "left"));
    assert_false(text_equal("@", "`"));
    assert_true(text_starts_with("Accel X (g)", "accel"));
    assert_false(text_starts_with("acc", "accel"));
    assert_true(text_ends_with("RUN.CSV", ".csv"));
    assert_false(text_ends_with("csv", ".csv"));
}

static void the_base_name_is_what_follows_the_last_slash(void **state)
{
    (void)state;
    assert_string_equal(text_base_name("/a/b/run.csv"), "run.csv");
    assert_string_equal(text_base_name("run.csv"), "run.csv");
    assert_string_equal(text_base_name("/a/"), "");
}

static void printing_says_whether_it_fitted(void **state)
{
    (void)state;
    char out[6];
    assert_true(text_print(out, sizeof out, "%d", 12345));
    assert_false(text_print(out, sizeof out, "%d", 123456));
    assert_string_equal(out, "12345");
}

static void a_failure_is_one_line_that_ends_in_dots_when_cut(void **state)
{
    (void)state;
    gait_error err = {0};
    assert_int_equal(gait_fail(&err, GAIT_FORMAT, "run.csv: line %d: found '%s'", 7, "a\nb\x1b[2J"),
                     GAIT_FORMAT);
    assert_string_equal(err.text, "run.csv: line 7: found 'a?b?[2J'");
    assert_int_equal(err.status, GAIT_FORMAT);

    char longer[600];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(gait_fail(&err, GAIT_IO, "%s", longer), GAIT_IO);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    assert_true(text_ends_with(err.text, "x..."));
    assert_int_equal(gait_fail(NULL, GAIT_NOMEM, "nobody listens"), GAIT_NOMEM);
}

static void every_status_has_a_name(void **state)
{
    (void)state;
    for (int s = GAIT_OK; s <= GAIT_INTERRUPTED; s++)
        assert_string_not_equal(gait_status_name((gait_status)s), "unknown status");
    assert_string_equal(gait_status_name((gait_status)999), "unknown status");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_does_not_matter_in_ascii),
        cmocka_unit_test(the_base_name_is_what_follows_the_last_slash),
        cmocka_unit_test(printing_says_whether_it_fitted),
        cmocka_unit_test(a_failure_is_one_line_that_ends_in_dots_when_cut),
        cmocka_unit_test(every_status_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
