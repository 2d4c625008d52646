/* SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <gait/convert.h>

#include "base/random.h"
#include "near.h"
#include "read_all.h"

enum { N = 50000 };

/* Samples that use every bit of a float, around 1 g on one axis. */
struct samples {
    double time_s[N];
    float accel_g[3 * N], gyro_dps[3 * N];
};

static struct samples samples;
static char folder[] = "/tmp/gait_test_convert_XXXXXX";

static void fill(double rate_hz, double first_s)
{
    struct prng prng;
    prng_seed(&prng, 5);
    for (size_t i = 0; i < N; i++) {
        samples.time_s[i] = first_s + (double)i / rate_hz;
        for (size_t k = 0; k < 3; k++) {
            samples.accel_g[3 * i + k] = (float)prng_normal(&prng, k == 1, 0.4);
            samples.gyro_dps[3 * i + k] = (float)prng_normal(&prng, 0, 80);
        }
    }
}

static gait_status write_part(const char *path, const gait_writer_options *options, size_t n,
                              int keep, gait_error *err)
{
    gait_writer *writer = NULL;
    gait_status st = gait_writer_open(&writer, path, options, err);
    for (size_t at = 0; at < n && !st;) {
        size_t some = n - at < 3333 ? n - at : 3333;
        st = gait_writer_write(writer, some, samples.time_s + at, samples.accel_g + 3 * at,
                               options->has_gyro ? samples.gyro_dps + 3 * at : NULL, err);
        at += some;
    }
    if (!st) return gait_writer_close(&writer, keep, err);
    gait_writer_close(&writer, 0, NULL);
    return st;
}

static gait_writer_options usual_options(void)
{
    gait_writer_options options;
    gait_writer_options_init(&options);
    options.rate_hz = 200;
    options.range_g = 16;
    options.range_dps = 2000;
    options.has_gyro = 1;
    options.placement = GAIT_SHANK;
    options.side = GAIT_LEFT;
    options.axes[1][1] = 1;
    options.subject_id = "p07";
    options.start_unix_s = 1714978800.25;
    options.time_kind = GAIT_TIME_LOCAL_WITH_OFFSET;
    options.utc_offset_s = 7200;
    options.sidecar_json = "{\"shoe\": \"blue\", \"unit\": \"m/s2\", \"full_scale\": 40}";
    return options;
}

static void assert_same_description(const gait_recording_info *info)
{
    assert_int_equal(info->placement, GAIT_SHANK);
    assert_int_equal(info->side, GAIT_LEFT);
    assert_int_equal(info->has_gyro, 1);
    assert_int_equal(info->axes[1][1], 1);
    assert_int_equal(info->time_kind, GAIT_TIME_LOCAL_WITH_OFFSET);
    assert_near(info->start_unix_s, 1714978800.25, 1e-3, "the time of the first sample");
    assert_near(info->utc_offset_s, 7200, 0, "the zone");
    assert_near(info->range_g, 16, 0, "the range");
}

static const struct {
    const char *path;
    double accel_tolerance_g, gyro_tolerance_dps;
    const char *rule;
} formats[] = {
    {"run.wav", 0, 0, "a WAV in float keeps every bit"},
    {"run.h5", 0, 0, "HDF5 keeps every bit"},
    {"run.flac", 16 / 8388608.0, 2000 / 8388608.0, "FLAC keeps 24 bits of full scale"},
};

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    gait_error err = {0};
    gait_writer_options options = usual_options();
    fill(200, 0);
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        struct whole w;
        assert_ok(write_part(formats[f].path, &options, N, 1, &err), err);
        assert_ok(read_path(&w, formats[f].path, NULL, &err), err);
        assert_int_equal(w.n, N);
        for (size_t i = 0; i < 3 * N; i++) {
            assert_near((double)w.accel_g[i], (double)samples.accel_g[i],
                        formats[f].accel_tolerance_g, formats[f].rule);
            assert_near((double)w.gyro_dps[i], (double)samples.gyro_dps[i],
                        formats[f].gyro_tolerance_dps, formats[f].rule);
        }
        assert_near(w.info.nominal_rate_hz, 200, 0, "the rate");
        assert_same_description(&w.info);
        whole_free(&w);
        unlink(formats[f].path);
        unlink("run.json");
    }
}

static void a_sound_file_can_be_read_without_its_sidecar(void **state)
{
    (void)state;
    gait_error err = {0};
    gait_writer_options options = usual_options();
    options.rate_hz = 12.5;
    fill(12.5, 0);
    const char *const paths[] = {"run.wav", "run.flac"};
    for (size_t f = 0; f < 2; f++) {
        struct whole w;
        assert_ok(write_part(paths[f], &options, 4000, 1, &err), err);
        unlink("run.json");
        assert_ok(read_path(&w, paths[f], NULL, &err), err);
        assert_near(w.info.nominal_rate_hz, 12.5, 0, "a header could only say 12 or 13 Hz");
        assert_int_equal(w.info.has_gyro, 1);
        assert_near((double)w.accel_g[4], (double)samples.accel_g[4], 2e-6, "in g");
        whole_free(&w);
        unlink(paths[f]);
    }
}

/* Also a second later: some containers like to note the time of day. */
static void the_same_samples_give_the_same_bytes(void **state)
{
    (void)state;
    gait_error err = {0};
    gait_writer_options options = usual_options();
    char first[3][33];
    const struct timespec a_second = {1, 50000000};
    fill(200, 0);
    for (size_t f = 0; f < 6; f++) {
        struct whole w;
        if (f == 3) nanosleep(&a_second, NULL);
        assert_ok(write_part(formats[f % 3].path, &options, 5000, 1, &err), err);
        assert_ok(read_path(&w, formats[f % 3].path, NULL, &err), err);
        if (f < 3)
            memcpy(first[f], w.quality.content_hash, 33);
        else
            assert_string_equal(w.quality.content_hash, first[f - 3]);
        whole_free(&w);
        unlink(formats[f % 3].path);
    }
    unlink("run.json");
}

static size_t count_files(void)
{
    size_t n = 0;
    DIR *listing = opendir(".");
    for (const struct dirent *e; (e = readdir(listing));)
        n += e->d_name[0] != '.' || e->d_name[1] == 'r';
    closedir(listing);
    return n;
}

static void a_gap_does_not_fit_into_a_sound_file(void **state)
{
    (void)state;
    gait_error err = {0};
    gait_writer_options options = usual_options();
    fill(200, 3);
    for (size_t i = 4000; i < N; i++) samples.time_s[i] += 0.004;
    assert_int_equal(write_part("run.wav", &options, N, 1, &err), GAIT_INVALID);
    assert_non_null(strstr(err.text, "run.wav: 20.004 s into the recording is a gap"));
    fill(201, 0);
    assert_int_equal(write_part("run.wav", &options, N, 1, &err), GAIT_INVALID);
    assert_non_null(strstr(err.text, "by a rate of 200 Hz"));
    assert_int_equal(count_files(), 0);
}

static void a_sample_above_full_scale_is_never_cut_off_silently(void **state)
{
    (void)state;
    gait_error err = {0};
    gait_writer_options options = usual_options();
    fill(200, 0);
    options.range_g = 0.5;
    assert_int_equal(write_part("run.flac", &options, N, 1, &err), GAIT_INVALID);
    assert_non_null(strstr(err.text, "does not fit into the full scale of 0.5"));
    assert_int_equal(count_files(), 0);
}

static void a_gap_is_kept_in_hdf5(void **state)
{
    (void)state;
    struct whole w;
    gait_error err = {0};
    gait_writer_options options = usual_options();
    fill(200, 12.25);
    for (size_t i = 20000; i < N; i++) samples.time_s[i] += 60;
    assert_ok(write_part("run.h5", &options, N, 1, &err), err);
    assert_ok(read_path(&w, "run.h5", NULL, &err), err);
    assert_near(w.time_s[0], 12.25, 1e-9, "the recording's own clock");
    assert_near(w.time_s[w.n - 1], samples.time_s[N - 1], 1e-3, "and its end");
    whole_free(&w);
    unlink("run.h5");
    unlink("run.json");
}

static void nothing_stays_when_it_is_not_kept(void **state)
{
    (void)state;
    gait_error err = {0};
    gait_writer_options options = usual_options();
    fill(200, 0);
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++)
        assert_ok(write_part(formats[f].path, &options, 5000, 0, &err), err);
    assert_int_equal(count_files(), 0);
}

static void a_full_disk_is_told_and_leaves_nothing(void **state)
{
    (void)state;
    gait_error err = {0};
    gait_writer_options options = usual_options();
    struct rlimit whole, tight;
    fill(200, 0);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &whole), 0);
    tight = whole;
    tight.rlim_cur = 70000;
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
        gait_status st = write_part(formats[f].path, &options, N, 1, &err);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &whole), 0);
        assert_int_equal(st, GAIT_IO);
        assert_non_null(strstr(err.text, "cannot write: File too large"));
        assert_int_equal(count_files(), 0);
    }
}

static void what_cannot_be_written_is_said_before(void **state)
{
    (void)state;
    gait_error err = {0};
    gait_writer *writer = NULL;
    gait_writer_options options = usual_options();
    assert_int_equal(gait_writer_open(&writer, "run.mp3", &options, &err), GAIT_INVALID);
    assert_non_null(strstr(err.text, ".flac"));
    assert_int_equal(gait_writer_open(&writer, "none/run.wav", &options, &err), GAIT_CANNOT_CREATE);
    options.rate_hz = 0;
    assert_int_equal(gait_writer_open(&writer, "run.wav", &options, &err), GAIT_INVALID);
    assert_null(writer);
    assert_int_equal(count_files(), 0);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(a_sound_file_can_be_read_without_its_sidecar),
        cmocka_unit_test(the_same_samples_give_the_same_bytes),
        cmocka_unit_test(a_gap_does_not_fit_into_a_sound_file),
        cmocka_unit_test(a_sample_above_full_scale_is_never_cut_off_silently),
        cmocka_unit_test(a_gap_is_kept_in_hdf5),
        cmocka_unit_test(nothing_stays_when_it_is_not_kept),
        cmocka_unit_test(a_full_disk_is_told_and_leaves_nothing),
        cmocka_unit_test(what_cannot_be_written_is_said_before),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
