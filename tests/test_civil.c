/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "base/civil.h"
#include "near.h"

/* Values of GNU date -u -d ... +%s. */
static const struct {
    const char *text;
    double unix_s;
    size_t taken;
} times[] = {
    {"1970-01-01 00:00:00", 0, 19},
    {"2000-02-29T23:59:59.5", 951868799.5, 21},
    {"2018-03-18 17:24:47.536\n", 1521393887.536, 23},
    {"2019-12-31 23:59:59:500", 1577836799.5, 23},
    {"1969-12-31 23:59:58,25+01:00", -1.75, 22},
    {"2026-11-21 00:00:00 GMT", 1795219200, 19},
};

static void a_written_time_becomes_seconds_since_1970(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        double unix_s = 0;
        assert_int_equal(civil_parse(times[i].text, strlen(times[i].text), &unix_s),
                         times[i].taken);
        assert_near(unix_s, times[i].unix_s, 1e-6, times[i].text);
    }
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    const char *bad[] = {"",
                         "2019-12-31",
                         "2019-12-31 23:59",
                         "2019-13-01 00:00:00",
                         "2019-02-29 00:00:00",
                         "1900-02-29 00:00:00",
                         "2019-01-01 24:00:00",
                         "2019-01-01 00:60:00",
                         "2019-01-01 00:00:60",
                         "2019/01/01 00:00:00",
                         "+019-01-01 00:00:00",
                         "0000-01-01 00:00:00"};
    double unix_s;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(civil_parse(bad[i], strlen(bad[i]), &unix_s), 0);
}

static const struct {
    const char *text;
    double offset_s;
    size_t taken;
} zones[] = {
    {"Z", 0, 1},        {"+02:00", 7200, 6}, {"-0330 ", -12600, 5}, {"+8", 28800, 2},
    {"-05", -18000, 3}, {"", 0, 0},          {" +02:00", 0, 0},     {"+123", 0, 0},
    {"+99:00", 0, 0},   {"+", 0, 0},         {"+02:60", 0, 0},
};

static void a_zone_is_local_time_minus_utc(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        double offset_s = 0;
        size_t taken = civil_zone(zones[i].text, strlen(zones[i].text), &offset_s);
        assert_int_equal(taken, zones[i].taken);
        if (taken) assert_near(offset_s, zones[i].offset_s, 0, zones[i].text);
    }
}

static void seconds_since_1970_become_the_same_day_again(void **state)
{
    (void)state;
    /* Every 11th hour and a bit of 2000 years, leap centuries included. */
    for (double unix_s = -62135596800.0; unix_s < 2e9; unix_s += 11 * 3600.0 * 365 + 61.125) {
        struct civil at;
        double back;
        assert_true(civil_from_unix_s(unix_s, &at));
        assert_true(civil_to_unix_s(&at, &back));
        assert_near(back, unix_s, 0.00051, "a date and back");
    }
    struct civil at;
    assert_true(civil_from_unix_s(951782400, &at));
    assert_int_equal(at.year * 10000 + at.month * 100 + at.day, 20000229);
    assert_true(civil_from_unix_s(-0.001, &at));
    assert_int_equal(at.year * 10000 + at.month * 100 + at.day, 19691231);
    assert_near(at.second, 59.999, 0, "a millisecond before 1970");
    assert_false(civil_from_unix_s(NAN, &at));
    assert_false(civil_from_unix_s(1e12, &at));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_written_time_becomes_seconds_since_1970),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(a_zone_is_local_time_minus_utc),
        cmocka_unit_test(seconds_since_1970_become_the_same_day_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
