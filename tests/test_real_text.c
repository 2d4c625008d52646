/* SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "near.h"
#include "read_all.h"

/* Original text exports of apps and devices, and the recordings with known truth: what each holds
 * is what its own rows say. GAIT_FORMATS_DIR and GAIT_DATA_DIR are the folders that hold them. */

static const char *formats, *data;

#define NEED(folder, name) \
    do { \
        if (!(folder)) skip_because(name " is not set"); \
    } while (0)

static gait_status read_text(struct whole *w, const char *name,
                             const gait_recording_options *options, gait_error *err)
{
    char path[1024];
    assert_true(text_print(path, sizeof path, "%s/%s", formats, name));
    return read_path(w, path, options, err);
}

/* What is in the files, counted and converted from their rows by other tools (wc, date, awk). */
static const struct {
    const char *name;
    size_t n;
    double rate_hz, tolerance_hz;
    int has_gyro;
    size_t n_segments, n_gaps;
    double start_unix_s; /* 0: not known */
    gait_time_kind kind;
    double utc_offset_s; /* 0: not stated */
    double first_g[3];
} files[] = {
    {"csv-axivity/ax3_testfile_unix_timestamps.csv",
     210,
     99.4,
     0.5,
     0,
     1,
     0,
     1551178506,
     GAIT_TIME_LOCAL_UNKNOWN,
     0,
     {0.328125, 0.984375, 0.203125}},
    {"csv-geneactiv/demo_data.csv",
     8400,
     50,
     0.01,
     0,
     2,
     1,
     1565101550,
     GAIT_TIME_LOCAL_WITH_OFFSET,
     -14400,
     {-0.4264, 0.7279, 0.5089}},
    {"csv-stepcount/nano-sample.csv.gz",
     9,
     100,
     0.01,
     0,
     1,
     0,
     1362150901.01,
     GAIT_TIME_LOCAL_UNKNOWN,
     0,
     {-1 / 64.0, 65 / 64.0, 5 / 64.0}},
    {"metamotion-csv/A-bench-heavy2-rpe8_MetaWear_2019-01-11T16.10.08.270_C42732BE255C_"
     "Accelerometer_12.500Hz_1.4.4.csv",
     206,
     12.5,
     0.01,
     0,
     1,
     0,
     1547219408.431,
     GAIT_TIME_LOCAL_WITH_OFFSET,
     3600,
     {0.010, 0.964, -0.087}},
    {"xio-csv/sensor_data.csv",
     13534,
     100,
     0.01,
     1,
     1,
     10,
     0,
     GAIT_TIME_UNKNOWN,
     0,
     {0.001015204, -0.02045836, 0.9970807}},
    {"ngimu/sensors.csv",
     3617,
     50,
     0.01,
     1,
     1,
     1,
     0,
     GAIT_TIME_UNKNOWN,
     0,
     {0.1113003, -0.07790816, 0.9897444}},
    {"xsens-dot-csv/bei_D4CA6EF17860_20210830_170505.csv",
     1953,
     120.005,
     0.001,
     1,
     1,
     0,
     1630314305,
     GAIT_TIME_LOCAL_WITH_OFFSET,
     28800,
     {0, 0, 0}},
    {"xsens-mtw-txt/MT_012005D6_009-001_00B421E6.txt",
     2432,
     100,
     0.001,
     0,
     1,
     0,
     0,
     GAIT_TIME_UNKNOWN,
     0,
     {0.102257 / 9.80665, 4.888482 / 9.80665, -8.503300 / 9.80665}},
    {"apdm-csv/imuData01.csv",
     1024,
     128,
     0.001,
     1,
     1,
     0,
     0,
     GAIT_TIME_UNKNOWN,
     0,
     {0.102542184 / 9.80665, 0.048829611 / 9.80665, 9.804986382 / 9.80665}},
    {"apdm-csv/apdm_format7.csv",
     3,
     128,
     0.01,
     1,
     1,
     0,
     1550879504.438281,
     GAIT_TIME_UTC,
     0,
     {-9.982604 / 9.80665, -2.450636 / 9.80665, 0.515763 / 9.80665}},
    {"gait-ipol-xsens-mtw/1-1_lb.txt",
     3037,
     100,
     0.001,
     1,
     1,
     82,
     0,
     GAIT_TIME_UNKNOWN,
     0,
     {8.225546 / 9.80665, 0.091094 / 9.80665, 5.899778 / 9.80665}},
    {"shimmer/triaxcal_calibrated.csv.gz",
     2149,
     73.143,
     0.001,
     1,
     1,
     0,
     1629403337.781,
     GAIT_TIME_UTC,
     0,
     {-1.8637842870225032 / 9.80665, -0.5623487095825224 / 9.80665, 3.2375511040978875 / 9.80665}},
};

static void every_export_is_read_as_it_is(void **state)
{
    (void)state;
    NEED(formats, "GAIT_FORMATS_DIR");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct whole w;
        gait_error err = {0};
        assert_ok(read_text(&w, files[i].name, NULL, &err), err);
        if (w.n != files[i].n) print_error("%s\n", files[i].name);
        assert_int_equal(w.n, files[i].n);
        assert_near(w.quality.effective_rate_hz, files[i].rate_hz, files[i].tolerance_hz,
                    files[i].name);
        assert_int_equal(w.info.has_gyro, files[i].has_gyro);
        assert_int_equal(w.n_segments, files[i].n_segments);
        assert_int_equal(w.quality.n_gaps, files[i].n_gaps);
        assert_int_equal(w.quality.n_bad_blocks, 0);
        assert_int_equal(w.info.time_kind, files[i].kind);
        if (files[i].start_unix_s > 0)
            assert_near(w.info.start_unix_s, files[i].start_unix_s, 0.006, files[i].name);
        if (fabs(files[i].utc_offset_s) > 0)
            assert_near(w.info.utc_offset_s, files[i].utc_offset_s, 0, files[i].name);
        for (size_t k = 0; k < 3; k++)
            assert_near((double)w.accel_g[k], files[i].first_g[k], 1e-6, files[i].name);
        whole_free(&w);
    }
}

static const struct {
    const char *name;
    gait_status status;
    const char *says;
} refused[] = {
    {"csv-actigraph-counts/ActiGraph13.csv", GAIT_UNSUPPORTED, "counts"},
    {"csv-actigraph-counts/ActiGraph13_timestamps_headers.csv", GAIT_UNSUPPORTED, "counts"},
    {"csv-actigraph-counts/ActiGraph61.csv", GAIT_UNSUPPORTED, "counts"},
    {"phyphox-csv/Linear Accelerometer.csv", GAIT_UNSUPPORTED, "gravity"},
    {"phyphox-csv-2/Linear Acceleration.csv", GAIT_UNSUPPORTED, "gravity"},
    {"sensorlogger-csv/Accelerometer.csv", GAIT_UNSUPPORTED, "gravity"},
    {"sensorlogger-csv/Gyroscope.csv", GAIT_UNSUPPORTED, "angular rates alone"},
    {"xsens-dot-csv/LTibia_20210820_202113_811.csv", GAIT_UNSUPPORTED, "gravity"},
    {"csv-mobgap/TimeMeasure1_Test5_Trial1.csv", GAIT_FORMAT, "--rate"},
    {"shimmer/triaxcal_uncalibrated.csv.gz", GAIT_FORMAT, "--unit"},
    {"gt3x/WRIST_rawLSB_032Hz.csv", GAIT_FORMAT, "unit is wrong"},
    {"shimmer/pair_consensys.csv", GAIT_FORMAT, "at least three numbers"},
    {"ngimu/temperature.csv", GAIT_FORMAT, "acceleration"},
    {"ngimu/quaternion.csv", GAIT_FORMAT, "W,X,Y,Z"},
};

static void what_is_no_acceleration_is_refused(void **state)
{
    (void)state;
    NEED(formats, "GAIT_FORMATS_DIR");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct whole w;
        gait_error err = {0};
        gait_status st = read_text(&w, refused[i].name, NULL, &err);
        if (st != refused[i].status || !strstr(err.text, refused[i].says))
            print_error("%s: %s\n", refused[i].name, err.text);
        assert_int_equal(st, refused[i].status);
        assert_non_null(strstr(err.text, refused[i].says));
        whole_free(&w);
    }
}

static void a_rate_from_the_option_times_a_counter(void **state)
{
    (void)state;
    NEED(formats, "GAIT_FORMATS_DIR");
    gait_recording_options options;
    gait_recording_options_init(&options);
    options.rate_hz = 100;
    struct whole w;
    gait_error err = {0};
    assert_ok(read_text(&w, "csv-mobgap/TimeMeasure1_Test5_Trial1.csv", &options, &err), err);
    assert_int_equal(w.n, 1246);
    assert_near(w.quality.duration_s, 12.45, 1e-9, "1245 steps of 10 ms");
    assert_near((double)w.accel_g[0], 0.9548392163990763, 1e-7, "acc_x of the first row");
    assert_near((double)w.gyro_dps[0], 7.540124583921633, 1e-5, "in deg/s by its size");
    whole_free(&w);
}

/* One recording in two hands: as the laboratory wrote it, and converted to g and deg/s. */
static void two_conversions_of_one_recording_agree(void **state)
{
    (void)state;
    NEED(formats, "GAIT_FORMATS_DIR");
    NEED(data, "GAIT_DATA_DIR");
    static const char *const pairs[][2] = {{"lb", "lowback"}, {"lf", "Lfoot"}, {"rf", "Rfoot"}};
    for (size_t i = 0; i < 3; i++) {
        char name[64], path[1024];
        struct whole raw, converted;
        gait_error err = {0};
        text_print(name, sizeof name, "gait-ipol-xsens-mtw/1-1_%s.txt", pairs[i][0]);
        text_print(path, sizeof path, "%s/voisard_walk/S01_t1_%s.csv.gz", data, pairs[i][1]);
        assert_ok(read_text(&raw, name, NULL, &err), err);
        assert_ok(read_path(&converted, path, NULL, &err), err);
        assert_int_equal(raw.n, converted.n);
        assert_int_equal(raw.quality.n_gaps, converted.quality.n_gaps);
        for (size_t k = 0; k < 3 * raw.n; k++) {
            assert_near((double)raw.accel_g[k], (double)converted.accel_g[k], 2e-5, "in g");
            assert_near((double)raw.gyro_dps[k], (double)converted.gyro_dps[k], 0.05, "in deg/s");
        }
        assert_memory_equal(raw.marks, converted.marks, raw.n);
        whole_free(&raw);
        whole_free(&converted);
    }
}

static void check_recording(const char *path, size_t *n_read)
{
    struct whole w;
    gait_error err = {0};
    assert_ok(read_path(&w, path, NULL, &err), err);
    (*n_read)++;
    assert_true(w.info.placement != GAIT_PLACEMENT_UNKNOWN && w.n > 100);
    assert_near(w.info.rate_hz / w.info.nominal_rate_hz, 1, 0.02, path);
    assert_near(w.info.start_s, w.time_s[0], 1e-9, path);
    assert_int_equal(w.quality.n_bad_blocks, 0);
    assert_int_equal(w.quality.n_frames, w.n);
    assert_int_equal(strlen(w.quality.content_hash), 32);
    for (size_t i = 1; i < w.n; i++)
        if (!w.starts[i])
            assert_near((w.time_s[i] - w.time_s[i - 1]) * w.info.rate_hz, 1, 0.01, path);
    whole_free(&w);
}

static void every_recording_with_truth_is_read_evenly(void **state)
{
    (void)state;
    NEED(data, "GAIT_DATA_DIR");
    size_t n_read = 0;
    DIR *sets = opendir(data);
    assert_non_null(sets);
    for (struct dirent *set; (set = readdir(sets));) {
        char path[1024];
        text_print(path, sizeof path, "%s/%s", data, set->d_name);
        DIR *files_of_set = set->d_name[0] == '.' ? NULL : opendir(path);
        if (!files_of_set) continue;
        size_t n_of_set = 0;
        for (struct dirent *file; (file = readdir(files_of_set)) && n_of_set < 6;) {
            if (!text_ends_with(file->d_name, ".csv.gz")) continue;
            text_print(path, sizeof path, "%s/%s/%s", data, set->d_name, file->d_name);
            check_recording(path, &n_of_set);
        }
        n_read += n_of_set;
        closedir(files_of_set);
    }
    closedir(sets);
    assert_true(n_read > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_export_is_read_as_it_is),
        cmocka_unit_test(what_is_no_acceleration_is_refused),
        cmocka_unit_test(a_rate_from_the_option_times_a_counter),
        cmocka_unit_test(two_conversions_of_one_recording_agree),
        cmocka_unit_test(every_recording_with_truth_is_read_evenly),
    };
    formats = getenv("GAIT_FORMATS_DIR");
    data = getenv("GAIT_DATA_DIR");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
