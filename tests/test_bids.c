/* SPDX-License-Identifier: BSD-3-Clause */
#include <sys/stat.h>
#include <unistd.h>

#include "near.h"
#include "read_all.h"

/* A Motion-BIDS data set: sub-01/motion/..., with what all recordings share in the folders above.
 */

#define MOTION   "sub-01/motion/sub-01_task-run_tracksys-imu_run-1_motion.tsv"
#define CHANNELS "sub-01/motion/sub-01_task-run_tracksys-imu_run-1_channels.tsv"
#define SIDECAR  "sub-01/motion/sub-01_task-run_tracksys-imu_run-1_motion.json"

static const char *const all_files[] = {MOTION,
                                        CHANNELS,
                                        SIDECAR,
                                        "dataset_description.json",
                                        "task-run_motion.json",
                                        "task-walk_motion.json",
                                        "sub-01/sub-01_scans.tsv"};

static const char channels[] = "name\tcomponent\ttype\ttracked_point\tunits\tplacement\n"
                               "t\tn/a\tLATENCY\tn/a\ts\tn/a\n"
                               "fx\tx\tACCEL\tleft_foot\tm/s^2\tn/a\n"
                               "fy\ty\tACCEL\tleft_foot\tm/s^2\tn/a\n"
                               "fz\tz\tACCEL\tleft_foot\tm/s^2\tn/a\n"
                               "mx\tx\tMAGN\tleft_foot\tuT\tn/a\n"
                               "gx\tx\tGYRO\tback\trad/s\tlower back\n"
                               "gy\ty\tGYRO\tback\trad/s\tlower back\n"
                               "gz\tz\tGYRO\tback\trad/s\tlower back\n"
                               "bz\tz\tACCEL\tback\tg\tlower back\n"
                               "by\ty\tACCEL\tback\tg\tlower back\n"
                               "bx\tx\tACCEL\tback\tg\tlower back\n";

static char folder[] = "/tmp/gait_test_bids_XXXXXX";

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static double wave(int i, int k)
{
    return (i * (k + 3) % 11) * 0.0625 - 0.3125;
}

/* n rows, the last cells of which are bx = wave 0, by = wave 1, bz = 1 + wave 2. */
static void put_motion(const char *first_row, int n)
{
    FILE *file = fopen(MOTION, "wb");
    assert_non_null(file);
    fputs(first_row, file);
    for (int i = 0; i < n; i++)
        fprintf(file, "%.6f\t%.5f\t%.5f\t%.5f\t%d\t%.6f\t%.6f\t%.6f\t%.6f\t%.6f\t%.6f\n", i / 128.0,
                wave(i, 0) * 9.80665, (wave(i, 1) + 1) * 9.80665, wave(i, 2) * 9.80665, i,
                wave(i, 3), wave(i, 4), wave(i, 5), 1 + wave(i, 2), wave(i, 1), wave(i, 0));
    assert_int_equal(fclose(file), 0);
}

static struct whole read_point(const char *point)
{
    struct whole w;
    gait_error err = {0};
    gait_recording_options options;
    gait_recording_options_init(&options);
    options.sensor = point;
    assert_ok(read_path(&w, MOTION, &options, &err), err);
    return w;
}

static void columns_are_what_the_channels_say(void **state)
{
    (void)state;
    put(CHANNELS, channels);
    put(SIDECAR, "{\"SamplingFrequency\": 128, \"TaskName\": \"run\"}");
    put_motion("", 2000);
    struct whole w = read_point("back");
    assert_int_equal(w.n, 2000);
    for (int i = 0; i < 2000; i++) {
        assert_near((double)w.accel_g[3 * i], wave(i, 0), 1e-6, "x is the last column");
        assert_near((double)w.accel_g[3 * i + 2], 1 + wave(i, 2), 1e-6, "z comes before");
        assert_near((double)w.gyro_dps[3 * i], wave(i, 3) * 57.29577951, 1e-4, "rad/s");
    }
    assert_int_equal(w.info.placement, GAIT_SACRUM);
    assert_near(w.info.nominal_rate_hz, 128, 0, "motion.json");
    assert_near(w.info.rate_hz, 128, 0.01, "latency");
    whole_free(&w);
    w = read_point("left_foot");
    assert_near((double)w.accel_g[1], 1 + wave(0, 1), 1e-5, "m/s^2");
    assert_int_equal(w.info.placement, GAIT_FOOT);
    assert_int_equal(w.info.side, GAIT_LEFT);
    assert_int_equal(w.info.has_gyro, 0);
    whole_free(&w);
}

static void what_is_not_said_near_is_looked_for_above(void **state)
{
    (void)state;
    put("dataset_description.json", "{\"Name\": \"made\"}");
    put("task-walk_motion.json", "{\"SamplingFrequency\": 50}");
    put("task-run_motion.json", "{\"SamplingFrequency\": 128, \"MissingValues\": \"-999\"}");
    put(SIDECAR, "{\"SamplingFrequencyEffective\": 127.5}");
    put("sub-01/sub-01_scans.tsv", "filename\tacq_time\n"
                                   "motion/sub-01_task-run_tracksys-imu_run-2_motion.tsv\tn/a\n"
                                   "motion/sub-01_task-run_tracksys-imu_run-1_motion.tsv\t"
                                   "2024-05-06T07:00:00\n");
    put(CHANNELS, "name\tcomponent\ttype\ttracked_point\tunits\n"
                  "x\tx\tACCEL\tback\tg\ny\ty\tACCEL\tback\tg\nz\tz\tACCEL\tback\tg\n");
    FILE *file = fopen(MOTION, "wb");
    fputs("x\ty\tz\n", file);
    for (int i = 0; i < 2000; i++) {
        if (i >= 1000 && i < 1004)
            fputs(i % 2 ? "n/a\tn/a\tn/a\n" : "-999\t-999\t-999\n", file);
        else
            fprintf(file, "%.6f\t%.6f\t%.6f\n", wave(i, 0), wave(i, 1), 1 + wave(i, 2));
    }
    fclose(file);
    struct whole w = read_point(NULL);
    assert_near(w.info.nominal_rate_hz, 127.5, 0, "the effective rate beats the nominal");
    assert_near(w.info.start_unix_s, 1714978800, 0, "acq_time of this run");
    assert_int_equal(w.info.time_kind, GAIT_TIME_LOCAL_UNKNOWN);
    assert_near((double)w.accel_g[0], wave(0, 0), 1e-6, "a row of names is stepped over");
    for (size_t i = 0; i < 3 * w.n; i++) assert_true(w.accel_g[i] > -2 && w.accel_g[i] < 2);
    whole_free(&w);
    unlink("task-run_motion.json");
    unlink("task-walk_motion.json");
    unlink("sub-01/sub-01_scans.tsv");
    unlink("dataset_description.json");
}

static const struct {
    const char *channels, *motion;
    gait_status status;
    const char *said;
} refusals[] = {
    {NULL, "1\t2\t3\n", GAIT_NOT_FOUND, "run-1_channels.tsv beside it"},
    {"name\tcomponent\ttype\ttracked_point\tunits\nx\tx\tPOS\tback\tm\n", "1\n", GAIT_UNSUPPORTED,
     "no tracked point with channels of type ACCEL"},
    {"name\tcomponent\ttype\ttracked_point\tunits\nx\tx\tACCEL\tb\tg\ny\ty\tACCEL\tb\tm/s^2\n",
     "1\t2\n", GAIT_FORMAT, "unit m/s^2 beside another of b"},
    {"name\tcomponent\ttype\ttracked_point\tunits\tsampling_frequency\nx\tx\tACCEL\tb\tg\t64\n"
     "y\ty\tACCEL\tb\tg\t64\nz\tz\tACCEL\tb\tg\t64\n",
     "1\t2\t3\n", GAIT_UNSUPPORTED, "sampled at 64 Hz and padded"},
    {channels, "\n", GAIT_FORMAT, "no samples"},
};

static void what_cannot_be_read_is_named(void **state)
{
    (void)state;
    put(SIDECAR, "{\"SamplingFrequency\": 128}");
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct whole w;
        gait_error err = {0};
        unlink(CHANNELS);
        if (refusals[i].channels) put(CHANNELS, refusals[i].channels);
        put(MOTION, refusals[i].motion);
        assert_int_equal(read_path(&w, MOTION, NULL, &err), refusals[i].status);
        if (!strstr(err.text, refusals[i].said)) print_error("%s\n", err.text);
        assert_non_null(strstr(err.text, refusals[i].said));
    }
}

static void a_damaged_row_is_counted_and_left_out(void **state)
{
    (void)state;
    put(CHANNELS, "name\tcomponent\ttype\ttracked_point\tunits\n"
                  "x\tx\tACCEL\tback\tg\ny\ty\tACCEL\tback\tg\nz\tz\tACCEL\tback\tg\n");
    put(SIDECAR, "{\"SamplingFrequency\": 128}");
    FILE *file = fopen(MOTION, "wb");
    for (int i = 0; i < 2000; i++)
        if (i == 700)
            fputs("0.1\t0.2\n", file);
        else
            fprintf(file, "%.4f\t%.4f\t%s\n", wave(i, 0), wave(i, 1), i == 900 ? "x9" : "1");
    fclose(file);
    struct whole w = read_point(NULL);
    assert_int_equal(w.quality.n_bad_blocks, 2);
    assert_string_equal(w.quality.first_bad, "line 701");
    whole_free(&w);
}

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder) || chdir(folder) != 0) return -1;
    return mkdir("sub-01", 0700) == 0 && mkdir("sub-01/motion", 0700) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof all_files / sizeof *all_files; i++) unlink(all_files[i]);
    rmdir("sub-01/motion");
    rmdir("sub-01");
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_what_the_channels_say),
        cmocka_unit_test(what_is_not_said_near_is_looked_for_above),
        cmocka_unit_test(what_cannot_be_read_is_named),
        cmocka_unit_test(a_damaged_row_is_counted_and_left_out),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
