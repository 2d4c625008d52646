/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>

#include "bytes_out.h"
#include "near.h"
#include "read_all.h"

/* A body of two segments, each with a sensor: the pelvis stands still and upright, the left foot
 * has its x axis up (a quarter turn about y) and swings about the room's y axis at a known rate. */

static const double quarter = 0.70710678118654752;

GAIT_PRINTF(2, 3)
static void out_line(struct bytes_out *out, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    out_text(out, line);
}

static double push_mps2(int i)
{
    return (i * 7 % 23) * 0.3 - 3;
}

static void out_frame(struct bytes_out *out, int i, double rate_hz, bool sensors)
{
    out_line(out, "<frame time=\"%d\" index=\"%d\" ms=\"%.0f\" type=\"normal\">\n",
             (int)lround(1000 * i / rate_hz), i, 1714978800500 + 1000 * i / rate_hz);
    out_line(out, "<orientation>1 0 0 0 %.9f 0 %.9f 0</orientation>\n", quarter, -quarter);
    double sway = i % 5 * 0.1;
    out_line(out, "<acceleration>0.1 %.1f %.1f 0.5 %.1f %.4f</acceleration>\n", sway, sway, sway,
             push_mps2(i));
    out_line(out, "<angularVelocity>0 0 0 1.5 2.5 0</angularVelocity>\n");
    if (sensors) {
        out_line(out,
                 "<sensorFreeAcceleration>0 %.1f %.1f 0.25 %.1f %.4f</sensorFreeAcceleration>\n",
                 sway, sway, sway, push_mps2(i));
        out_line(out, "<sensorOrientation>1 0 0 0 %.9f 0 %.9f 0</sensorOrientation>\n", quarter,
                 -quarter);
    }
    out_line(out, "<jointAngle>1 2 3</jointAngle></frame>\n");
}

static struct bytes_out make_mvnx(int n, bool sensors)
{
    struct bytes_out out = {0};
    out_text(&out, "<?xml version=\"1.0\"?>\n<mvnx version=\"4\"><subject frameRate=\"240\">\n"
                   "<segments><segment label=\"Pelvis\" id=\"1\"/><segment label=\"LeftFoot\" "
                   "id=\"2\"/></segments>\n");
    if (sensors)
        out_text(&out,
                 "<sensors><sensor label=\"Pelvis\"/><sensor label=\"LeftFoot\"/></sensors>\n");
    out_text(&out, "<frames><frame time=\"0\" type=\"tpose\"><orientation>1 0 0 0</orientation>"
                   "</frame>\n");
    for (int i = 0; i < n; i++) out_frame(&out, i, 240, sensors);
    out_text(&out, "</frames></subject></mvnx>\n");
    return out;
}

static gait_status read_sensor(struct whole *w, const struct bytes_out *file, const char *sensor,
                               gait_error *err)
{
    gait_recording *recording = NULL;
    gait_recording_options options;
    gait_recording_options_init(&options);
    options.sensor = sensor;
    memset(w, 0, sizeof *w);
    gait_status st =
        gait_recording_open_memory(&recording, "run.mvnx", file->bytes, file->n, &options, err);
    if (st) return st;
    st = whole_take(w, recording, err);
    gait_recording_close(&recording);
    return st;
}

static void gravity_is_put_back_in_the_sensors_axes(void **state)
{
    (void)state;
    for (int sensors = 0; sensors < 2; sensors++) {
        struct bytes_out file = make_mvnx(600, sensors);
        struct whole w;
        gait_error err = {0};
        assert_ok(read_sensor(&w, &file, "LeftFoot", &err), err);
        assert_int_equal(w.n, 600);
        for (int i = 0; i < 600; i++) {
            double up_g = 1 + push_mps2(i) / 9.80665;
            assert_near((double)w.accel_g[3 * i], up_g, 1e-5, "x points up");
            assert_near((double)w.accel_g[3 * i + 2], sensors ? -0.25 / 9.80665 : -0.5 / 9.80665,
                        1e-5, "z points back");
            assert_near((double)w.gyro_dps[3 * i + 1], 2.5 * 57.29577951, 1e-3, "y stays y");
            assert_near((double)w.gyro_dps[3 * i + 2], -1.5 * 57.29577951, 1e-3,
                        "about the room's x");
        }
        assert_int_equal(w.info.placement, GAIT_FOOT);
        assert_int_equal(w.info.side, GAIT_LEFT);
        assert_near(w.info.start_unix_s, 1714978800.5, 1e-3, "of the first frame");
        assert_near(w.info.rate_hz, 240, 0.01, "numbers of frames, not rounded milliseconds");
        whole_free(&w);
        out_free(&file);
    }
}

static void the_sensors_of_a_body_are_listed(void **state)
{
    (void)state;
    struct bytes_out file = make_mvnx(600, true);
    struct whole w;
    gait_error err = {0};
    gait_recording *recording = NULL;
    assert_ok(gait_recording_open_memory(&recording, "run.mvnx", file.bytes, file.n, NULL, &err),
              err);
    assert_string_equal(gait_recording_sensor_at(recording, 0)->name, "Pelvis");
    assert_int_equal(gait_recording_sensor_at(recording, 0)->placement, GAIT_SACRUM);
    assert_int_equal(gait_recording_sensor_at(recording, 1)->side, GAIT_LEFT);
    assert_null(gait_recording_sensor_at(recording, 2));
    gait_recording_close(&recording);
    assert_int_equal(read_sensor(&w, &file, "Head", &err), GAIT_NOT_FOUND);
    out_free(&file);
}

static void a_document_type_is_refused(void **state)
{
    (void)state;
    struct bytes_out file = {0};
    struct whole w;
    gait_error err = {0};
    out_text(&file, "<?xml version=\"1.0\"?>\n<!DOCTYPE mvnx [<!ENTITY a \"1 1 1 1\">]>\n"
                    "<mvnx><subject/></mvnx>\n");
    assert_int_equal(read_sensor(&w, &file, NULL, &err), GAIT_FORMAT);
    assert_non_null(strstr(err.text, "run.mvnx: line 2: a document type"));
    out_free(&file);
}

static void every_cut_of_a_file_is_read_or_refused(void **state)
{
    (void)state;
    struct bytes_out file = make_mvnx(300, true);
    for (size_t percent = 0; percent < 100; percent++) {
        struct whole w;
        gait_error err = {0};
        gait_status st = read_memory(&w, "run.mvnx", file.bytes, file.n * percent / 100, &err);
        if (st) assert_int_equal(strlen(err.text) > 0, 1);
        whole_free(&w);
    }
    out_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gravity_is_put_back_in_the_sensors_axes),
        cmocka_unit_test(the_sensors_of_a_body_are_listed),
        cmocka_unit_test(a_document_type_is_refused),
        cmocka_unit_test(every_cut_of_a_file_is_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
