/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "near.h"
#include "record/mounting.h"
#include "record/units.h"

static void units_have_one_name_however_they_are_written(void **state)
{
    (void)state;
    static const struct {
        const char *written, *name;
    } accel[] = {
        {"g", "g"},          {"G", "g"},         {"[g]", "g"},
        {"m/s2", "m/s2"},    {"m/s^2", "m/s2"},  {"(m/s^2)", "m/s2"},
        {"m/(s^2)", "m/s2"}, {"m/s/s", "m/s2"},  {"m/s\xc2\xb2", "m/s2"},
        {"ms^-2", "m/s2"},   {"mg", "mg"},       {"1/64 g", "g/64"},
        {"deg/s", NULL},     {"no_units", NULL}, {"", NULL},
        {"gauss", NULL},     {"m/s", NULL},      {"a very long text that is no unit", NULL},
    };
    for (size_t i = 0; i < sizeof accel / sizeof *accel; i++) {
        const char *name = accel_unit(accel[i].written);
        if (!accel[i].name) assert_null(name);
        if (accel[i].name) assert_string_equal(name, accel[i].name);
    }
    assert_string_equal(gyro_unit("\xc2\xb0/s"), "deg/s");
    assert_string_equal(gyro_unit("(d/s)"), "deg/s");
    assert_string_equal(gyro_unit("Rad/s"), "rad/s");
    assert_null(gyro_unit("g"));
}

static void factors_are_those_of_the_standard(void **state)
{
    (void)state;
    assert_near(accel_unit_in_g("m/s2") * 9.80665, 1, 1e-15, "standard gravity, CGPM 1901");
    assert_near(accel_unit_in_g("mg"), 1e-3, 0, "a thousandth");
    assert_near(accel_unit_in_g("g/64"), 0.015625, 0, "a sixty-fourth");
    assert_near(gyro_unit_in_dps("rad/s"), 180 / 3.14159265358979323846, 1e-13,
                "a half turn is pi");
    assert_true(isnan(accel_unit_in_g("stone")) && isnan(gyro_unit_in_dps("")));
}

enum { N = 3000 };

/* A sensor at 100 Hz with gravity along a tilted axis and shaking of this size, in any unit. */
static struct magnitude measure(double one_g, double gravity, double shake_g, int whole)
{
    static float accel[3 * N];
    struct magnitude m;
    struct prng random;
    gait_error err = {0};
    prng_seed(&random, 9);
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < 3; k++) {
            double direction = k == 2 ? 0.9 : k == 1 ? -0.4 : 0.17320508;
            double x = one_g * (gravity * direction + prng_normal(&random, 0, shake_g));
            accel[3 * i + k] = (float)(whole ? rint(x) : x);
        }
    assert_ok(measure_magnitude(accel, N, 100, &m, &err), err);
    return m;
}

static void gravity_gives_the_unit_away(void **state)
{
    (void)state;
    static const struct {
        double one_g;
        int whole;
        const char *unit;
    } cases[] = {{1, 0, "g"},     {9.80665, 0, "m/s2"}, {1000, 0, "mg"}, {1000, 1, "mg"},
                 {64, 1, "g/64"}, {4096, 1, NULL},      {256, 0, NULL},  {16384, 1, NULL}};
    char evidence[160];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (double shake_g = 0.01; shake_g < 2; shake_g *= 10) {
            struct magnitude m = measure(cases[i].one_g, 1, shake_g, cases[i].whole);
            const char *unit = guess_unit(&m, evidence, sizeof evidence);
            if (!cases[i].unit) assert_null(unit);
            if (cases[i].unit) assert_string_equal(unit, cases[i].unit);
            assert_non_null(strstr(evidence, "1 g"));
        }
}

static void shaking_without_gravity_is_refused(void **state)
{
    (void)state;
    gait_error err;
    struct magnitude m = measure(9.80665, 0, 0.8, 0);
    assert_int_equal(check_gravity(&m, "m/s2", "a.csv", &err), GAIT_UNSUPPORTED);
    assert_non_null(strstr(err.text, "a.csv") && strstr(err.text, "gravity was removed"));
    m = measure(1, 1, 0.8, 0);
    assert_int_equal(check_gravity(&m, "g", "a.csv", &err), GAIT_OK);
    m = measure(9.80665, 1, 0.8, 0);
    assert_int_equal(check_gravity(&m, "g", "a.csv", &err), GAIT_FORMAT);
}

static void turning_gives_its_unit_away(void **state)
{
    (void)state;
    char evidence[160];
    float gyro[3 * 100];
    for (size_t i = 0; i < 300; i++) gyro[i] = (float)(80 * sin((double)i / 20));
    assert_string_equal(guess_gyro_unit(gyro, 100, true, evidence, sizeof evidence), "deg/s");
    for (size_t i = 0; i < 300; i++) gyro[i] /= 57.3F;
    assert_string_equal(guess_gyro_unit(gyro, 100, true, evidence, sizeof evidence), "rad/s");
    for (size_t i = 0; i < 300; i++) gyro[i] = i % 2 ? 0.02F : -0.01F;
    assert_string_equal(guess_gyro_unit(gyro, 100, false, evidence, sizeof evidence), "rad/s");
    for (size_t i = 0; i < 300; i++) gyro[i] = i % 2 ? 1.5F : 1.1F;
    assert_string_equal(guess_gyro_unit(gyro, 100, false, evidence, sizeof evidence), "deg/s");
}

static void a_mounting_names_each_direction_once(void **state)
{
    (void)state;
    struct mounting m;
    gait_error err = {0};
    assert_ok(mounting_from_text(&m, "x=up,y=left,z=forward", &err), err);
    assert_int_equal(m.known, 7);
    assert_int_equal(m.axes[0][2], 1);
    assert_int_equal(m.axes[1][0], 1);
    assert_int_equal(m.axes[2][1], -1);
    assert_ok(mounting_from_text(&m, "y=down", &err), err);
    assert_int_equal(m.known, 2);
    assert_int_equal(m.axes[1][1], -1);

    static const struct {
        const char *text, *says;
    } bad[] = {{"x=up,y=down", "two axes along"},
               {"x=up,x=left", "given twice"},
               {"x=sideways", "known: up, down"},
               {"w=up", "expected x, y or z"},
               {"up", "expected as"},
               {"x=", "expected as"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(mounting_from_text(&m, bad[i].text, &err), GAIT_INVALID);
        assert_non_null(strstr(err.text, bad[i].says));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_have_one_name_however_they_are_written),
        cmocka_unit_test(factors_are_those_of_the_standard),
        cmocka_unit_test(gravity_gives_the_unit_away),
        cmocka_unit_test(shaking_without_gravity_is_refused),
        cmocka_unit_test(turning_gives_its_unit_away),
        cmocka_unit_test(a_mounting_names_each_direction_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
