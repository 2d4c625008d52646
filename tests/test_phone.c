/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>

#include "make_zip.h"
#include "near.h"
#include "read_all.h"

GAIT_PRINTF(2, 3)
static void out_row(struct bytes_out *out, const char *format, ...)
{
    char line[256];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    out_text(out, line);
}

static double wave(int i, int k)
{
    return (i * (k + 3) % 11) * 0.25 - 1.25;
}

/* Sensor Logger: nanoseconds since 1970, columns in the order z, y, x. */
static void add_sensor_logger(struct zip_out *zip, const char *name, double gravity)
{
    struct bytes_out text = {0};
    out_text(&text, "time,seconds_elapsed,z,y,x\n");
    for (int i = 0; i < 1200; i++)
        out_row(&text, "17149788%09d00,%.3f,%.4f,%.4f,%.4f\n", i * 200000, i * 0.02, wave(i, 2),
                wave(i, 1) + gravity, wave(i, 0));
    zip_add(zip, name, text.bytes, text.n);
    out_free(&text);
}

static void the_table_with_gravity_is_taken(void **state)
{
    (void)state;
    struct zip_out zip = {{0}, {0}, 0};
    struct whole w;
    gait_error err = {0};
    zip_add(&zip, "Metadata.csv", "version\n3\n", 10);
    add_sensor_logger(&zip, "Accelerometer.csv", 0);
    add_sensor_logger(&zip, "TotalAcceleration.csv", 9.80665);
    add_sensor_logger(&zip, "Gyroscope.csv", 0);
    zip_end(&zip);
    assert_ok(read_memory(&w, "walk.zip", zip.file.bytes, zip.file.n, &err), err);
    assert_int_equal(w.n, 1200);
    assert_string_equal(w.format, "phone");
    assert_near((double)w.accel_g[3 * 7 + 1], wave(7, 1) / 9.80665 + 1, 1e-4, "y has gravity");
    assert_near((double)w.accel_g[3 * 7], wave(7, 0) / 9.80665, 1e-4, "x is the last column");
    assert_near(w.info.rate_hz, 50, 0.01, "every 20 ms");
    whole_free(&w);
    out_free(&zip.file);
}

static void phyphox_tells_its_start_in_a_table_of_its_own(void **state)
{
    (void)state;
    static const char times[] =
        "\"event\",\"experiment time\",\"system time\",\"system time text\"\n"
        "\"START\",0.0E0,1.7149788005E9,\"2024-05-06 09:00:00.500 "
        "UTC+02:00\"\n\"PAUSE\",12,1714978812.5,\"...\"\n";
    struct zip_out zip = {{0}, {0}, 0};
    struct bytes_out text = {0};
    struct whole w;
    gait_error err = {0};
    out_text(&text, "\"Time (s)\",\"X (m/s^2)\",\"Y (m/s^2)\",\"Z (m/s^2)\"\n");
    for (int i = 0; i < 1200; i++)
        out_row(&text, "%.9E,%.9E,%.9E,%.9E\n", 0.25 + i * 0.01, wave(i, 0), wave(i, 1),
                wave(i, 2) + 9.80665);
    zip_add(&zip, "Accelerometer.csv", text.bytes, text.n);
    zip_add(&zip, "meta/time.csv", times, sizeof times - 1);
    zip_end(&zip);
    assert_ok(read_memory(&w, "walk.zip", zip.file.bytes, zip.file.n, &err), err);
    assert_near(w.info.start_unix_s, 1714978800.5 + 0.25, 1e-3, "of the first row");
    assert_near(w.info.utc_offset_s, 7200, 0, "the phone's zone");
    whole_free(&w);
    out_free(&text);
    out_free(&zip.file);
}

static void an_archive_without_gravity_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"Linear Acceleration.csv", "Pedometer.csv"};
    static const char *const said[] = {"gravity was removed", "no table of acceleration"};
    for (size_t i = 0; i < 2; i++) {
        struct zip_out zip = {{0}, {0}, 0};
        struct whole w;
        gait_error err = {0};
        add_sensor_logger(&zip, names[i], 0);
        zip_end(&zip);
        assert_int_not_equal(read_memory(&w, "walk.zip", zip.file.bytes, zip.file.n, &err),
                             GAIT_OK);
        assert_non_null(strstr(err.text, said[i]));
        out_free(&zip.file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_with_gravity_is_taken),
        cmocka_unit_test(phyphox_tells_its_start_in_a_table_of_its_own),
        cmocka_unit_test(an_archive_without_gravity_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
