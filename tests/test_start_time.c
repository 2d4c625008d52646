/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "near.h"
#include "record/start_time.h"

static const struct {
    const char *text, *again;
    double unix_s;
    gait_time_kind kind;
} times[] = {
    {"2024-05-06T07:08:09Z", "2024-05-06T07:08:09Z", 1714979289, GAIT_TIME_UTC},
    {"2024-05-06T07:08:09+02:00", "2024-05-06T07:08:09+02:00", 1714972089,
     GAIT_TIME_LOCAL_WITH_OFFSET},
    {"2024-05-06 07:08:09.5 -0330", "2024-05-06T07:08:09.500-03:30", 1714991889.5,
     GAIT_TIME_LOCAL_WITH_OFFSET},
    {"2024-05-06T07:08:09", "2024-05-06T07:08:09", 1714979289, GAIT_TIME_LOCAL_UNKNOWN},
    {"2024-12-31T23:59:59.9996Z", "2025-01-01T00:00:00Z", 1735689599.9996, GAIT_TIME_UTC},
};

static void a_start_time_is_printed_as_it_was_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        double unix_s, offset_s;
        gait_time_kind kind;
        char again[START_TIME_ROOM];
        assert_true(start_time_parse(times[i].text, &unix_s, &kind, &offset_s));
        assert_near(unix_s, times[i].unix_s, 1e-6, times[i].text);
        assert_int_equal(kind, times[i].kind);
        assert_string_equal(start_time_print(unix_s, kind, offset_s, again), times[i].again);
    }
}

static void an_unknown_time_is_printed_as_nothing(void **state)
{
    (void)state;
    char out[START_TIME_ROOM];
    assert_string_equal(start_time_print(0, GAIT_TIME_UNKNOWN, 0, out), "");
    assert_string_equal(start_time_print(NAN, GAIT_TIME_UTC, 0, out), "");
    assert_string_equal(start_time_print(0, GAIT_TIME_LOCAL_WITH_OFFSET, NAN, out),
                        "1970-01-01T00:00:00Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start_time_is_printed_as_it_was_read),
        cmocka_unit_test(an_unknown_time_is_printed_as_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
