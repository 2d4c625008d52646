/* SPDX-License-Identifier: BSD-3-Clause */
#include <unistd.h>

#include "make_wav.h"
#include "near.h"
#include "read_all.h"

enum { N = 3000 };

static int16_t samples[7 * N];
static char folder[] = "/tmp/gait_test_sound_XXXXXX";

/* About 1 g on the third channel at 4096 steps per g; the seventh is omconvert's channel of marks.
 */
static void fill(size_t n_channels)
{
    for (size_t i = 0; i < N; i++)
        for (size_t c = 0; c < n_channels; c++)
            samples[i * n_channels + c] =
                (int16_t)((c == 2 ? 4096 : 0) + (int)(i * (c + 3) % 101) * 8 - 400);
}

static const char config[] = "Session: 26\nStart: 1970-01-01 00:00:00.000\nConfig-A: 12.5,4\n"
                             "Metadata: _c=x&_p=left+foot&_sc=26\n";
static const char artist[] = "Id: 39434\nDevice: CWA\nRevision: 17\n";
static const char three[] = "Time: 2024-05-06 07:00:00.250\nChannel-1: Accel-X\nScale-1: 8\n"
                            "Channel-2: Accel-Y\nScale-2: 8\nChannel-3: Accel-Z\nScale-3: 8\n";
static const char six[] = "Time: 2024-05-06 07:00:00.250\nChannel-1: Accel-X\nScale-1: 8\n"
                          "Channel-2: Accel-Y\nScale-2: 8\nChannel-3: Accel-Z\nScale-3: 8\n"
                          "Channel-4: Gyro-X\nScale-4: 2000\nChannel-5: Gyro-Y\nScale-5: 2000\n"
                          "Channel-6: Gyro-Z\nScale-6: 2000\n";

static void omconvert_says_what_its_channels_are(void **state)
{
    (void)state;
    struct wav wav = {7, 100, NULL, artist, six};
    struct whole w;
    gait_error err = {0};
    fill(7);
    for (size_t i = 0; i < N; i++) samples[7 * i + 6] = 0x400;
    struct bytes_out file = wav_file(&wav, samples, N, N);
    assert_ok(read_memory(&w, "run.wav", file.bytes, file.n, &err), err);
    assert_int_equal(w.n, N);
    for (size_t i = 0; i < N; i++) {
        assert_near((double)w.accel_g[3 * i], samples[7 * i] / 4096.0, 0, "sample * 8 / 32768 g");
        assert_near((double)w.gyro_dps[3 * i + 2], samples[7 * i + 5] * 2000 / 32768.0, 1e-4,
                    "sample * 2000 / 32768 deg/s");
    }
    assert_string_equal(w.device, "Axivity 39434");
    assert_near(w.info.start_unix_s, 1714978800.25, 1e-3, "Time");
    assert_int_equal(w.info.time_kind, GAIT_TIME_LOCAL_UNKNOWN);
    whole_free(&w);
    out_free(&file);
}

static void a_rate_that_was_rounded_is_put_right(void **state)
{
    (void)state;
    struct wav wav = {4, 13, config, artist, three};
    struct whole w;
    gait_error err = {0};
    fill(4);
    for (size_t i = 0; i < N; i++) samples[4 * i + 3] = 0;
    struct bytes_out file = wav_file(&wav, samples, N, N);
    assert_ok(read_memory(&w, "run.wav", file.bytes, file.n, &err), err);
    assert_near(w.info.nominal_rate_hz, 12.5, 0, "Config-A, for 13 Hz in the header");
    assert_near(w.info.range_g, 4, 0, "and the true range");
    assert_int_equal(w.info.placement, GAIT_FOOT);
    assert_int_equal(w.info.side, GAIT_LEFT);
    whole_free(&w);
    out_free(&file);
}

static void invented_frames_are_marked_as_filler(void **state)
{
    (void)state;
    struct wav wav = {4, 100, NULL, artist, three};
    struct whole w;
    gait_error err = {0};
    fill(4);
    for (size_t i = 0; i < N; i++) samples[4 * i + 3] = 0x400;
    for (size_t i = 0; i < 601; i++) {
        memset(samples + 4 * i, 0, 6);
        samples[4 * i + 3] = (int16_t)(uint16_t)0x8800;
    }
    samples[4 * 1000 + 3] = 0x4c00;
    struct bytes_out file = wav_file(&wav, samples, N, N);
    assert_ok(read_memory(&w, "run.wav", file.bytes, file.n, &err), err);
    size_t n_filler = 0, n_clipped = 0;
    for (size_t i = 0; i < w.n; i++) {
        n_filler += (w.marks[i] & GAIT_FRAME_FILLER) != 0;
        n_clipped += (w.marks[i] & GAIT_FRAME_CLIPPED) != 0;
    }
    assert_true(n_filler + (N - w.n) == 601);
    assert_int_equal(n_clipped, 1);
    whole_free(&w);
    out_free(&file);
}

static void what_a_cut_file_holds_is_read(void **state)
{
    (void)state;
    struct wav wav = {4, 100, NULL, artist, three};
    struct whole w;
    gait_error err = {0};
    fill(4);
    for (size_t i = 0; i < N; i++) samples[4 * i + 3] = 0;
    struct bytes_out file = wav_file(&wav, samples, N, 100000000);
    assert_ok(read_memory(&w, "run.wav", file.bytes, file.n - 3, &err), err);
    assert_int_equal(w.n, N - 1);
    whole_free(&w);
    out_free(&file);
}

static void put(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static void samples_without_a_unit_are_never_taken_for_g(void **state)
{
    (void)state;
    struct wav wav = {3, 100, NULL, NULL, NULL};
    struct whole w;
    gait_error err = {0};
    fill(3);
    struct bytes_out file = wav_file(&wav, samples, N, N);
    put("run.wav", file.bytes, file.n);
    assert_int_equal(read_path(&w, "run.wav", NULL, &err), GAIT_UNSUPPORTED);
    assert_non_null(strstr(err.text, "\"unit\""));
    assert_non_null(strstr(err.text, "\"full_scale\""));
    put("run.json", "{\"unit\": \"g\"}", 13);
    assert_int_equal(read_path(&w, "run.wav", NULL, &err), GAIT_UNSUPPORTED);
    out_free(&file);
}

static void a_sidecar_gives_channels_unit_and_scale(void **state)
{
    (void)state;
    static const char sidecar[] =
        "{\"channels\": [\"az\", \"\", \"ay\", \"ax\"], \"unit\": \"m/s2\","
        " \"full_scale\": 78.4532, \"sample_rate_hz\": 99.5}";
    struct wav wav = {4, 100, NULL, NULL, NULL};
    struct whole w;
    gait_error err = {0};
    fill(4);
    struct bytes_out file = wav_file(&wav, samples, N, N);
    put("run.wav", file.bytes, file.n);
    put("run.json", sidecar, sizeof sidecar - 1);
    assert_ok(read_path(&w, "run.wav", NULL, &err), err);
    assert_near((double)w.accel_g[1], samples[2] / 4096.0, 1e-6, "78.4532 m/s^2 are 8 g");
    assert_near((double)w.accel_g[2], samples[0] / 4096.0, 1e-6, "az is the first channel");
    assert_near(w.info.nominal_rate_hz, 99.5, 0, "the exact rate");
    whole_free(&w);
    out_free(&file);
}

static void channels_that_are_not_named_are_not_guessed(void **state)
{
    (void)state;
    struct wav wav = {4, 100, NULL, NULL, "Unit: g\nFull-Scale: 8\n"};
    struct whole w;
    gait_error err = {0};
    fill(4);
    struct bytes_out file = wav_file(&wav, samples, N, N);
    unlink("run.json");
    assert_int_equal(read_memory(&w, "run.wav", file.bytes, file.n, &err), GAIT_UNSUPPORTED);
    assert_non_null(strstr(err.text, "which of 4 channels"));
    out_free(&file);
}

static void every_cut_of_a_file_is_read_or_refused(void **state)
{
    (void)state;
    struct wav wav = {4, 100, config, artist, three};
    fill(4);
    struct bytes_out file = wav_file(&wav, samples, 200, 200);
    for (size_t n = 0; n < file.n; n += 7) {
        struct whole w;
        gait_error err = {0};
        gait_status st = read_memory(&w, "run.wav", file.bytes, n, &err);
        if (st) assert_int_equal(strlen(err.text) > 0, 1);
        whole_free(&w);
    }
    out_free(&file);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink("run.wav");
    unlink("run.json");
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(omconvert_says_what_its_channels_are),
        cmocka_unit_test(a_rate_that_was_rounded_is_put_right),
        cmocka_unit_test(invented_frames_are_marked_as_filler),
        cmocka_unit_test(what_a_cut_file_holds_is_read),
        cmocka_unit_test(samples_without_a_unit_are_never_taken_for_g),
        cmocka_unit_test(a_sidecar_gives_channels_unit_and_scale),
        cmocka_unit_test(channels_that_are_not_named_are_not_guessed),
        cmocka_unit_test(every_cut_of_a_file_is_read_or_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
