/* SPDX-License-Identifier: BSD-3-Clause */
#include "make_cwa.h"
#include "near.h"
#include "read_all.h"

/* Seconds since 1970 of 2024-05-06 07:00:00, from GNU date. */
static const double seven_s = 1714978800;

/* Sample i of every file made here: about 1 g, never the same twice in a row. */
static void sample(uint64_t i, int xyz[3])
{
    xyz[0] = (int)(i % 200) - 100;
    xyz[1] = (int)(i * 7 % 200) - 100;
    xyz[2] = 230 + (int)(i % 13);
}

static void add_packed(struct cwa *cwa, size_t n_blocks)
{
    int xyz[CWA_PACKED_SAMPLES][3];
    for (size_t b = 0; b < n_blocks; b++) {
        for (int i = 0; i < CWA_PACKED_SAMPLES; i++) sample(cwa->n + (uint64_t)i, xyz[i]);
        cwa_packed(cwa, (const int(*)[3])xyz, 0);
    }
}

static struct whole read_cwa(const struct cwa *cwa)
{
    struct whole w;
    gait_error err = {0};
    assert_ok(read_memory(&w, "made.cwa", cwa->file.bytes, cwa->file.n, &err), err);
    return w;
}

static void a_block_of_ten_bit_samples_comes_back_in_g(void **state)
{
    (void)state;
    struct cwa cwa = {.first_s = 12.5, .rate_hz = 98.5};
    cwa_begin(&cwa, "_c=study&_p=right+ankle&_sc=26", 0);
    add_packed(&cwa, 100);
    struct whole w = read_cwa(&cwa);
    assert_int_equal(w.n, 12000);
    for (size_t i = 0; i < w.n; i++) {
        int xyz[3];
        sample(i, xyz);
        for (size_t k = 0; k < 3; k++)
            assert_near((double)w.accel_g[3 * i + k], xyz[k] / 256.0, 0, "256 steps are 1 g");
    }
    assert_string_equal(w.device, "Axivity AX3 4242");
    assert_int_equal(w.info.placement, GAIT_SHANK);
    assert_int_equal(w.info.side, GAIT_RIGHT);
    assert_near(w.info.range_g, 8, 0, "the rate code 0x4a says 8 g");
    assert_near(w.info.nominal_rate_hz, 100, 0, "and 100 Hz");
    assert_int_equal(w.info.time_kind, GAIT_TIME_LOCAL_UNKNOWN);
    whole_free(&w);
    out_free(&cwa.file);
}

static void the_clock_in_the_blocks_beats_the_stated_rate(void **state)
{
    (void)state;
    struct cwa cwa = {.first_s = 12.5, .rate_hz = 98.5};
    cwa_begin(&cwa, "", 0);
    add_packed(&cwa, 400);
    struct whole w = read_cwa(&cwa);
    assert_near(w.quality.effective_rate_hz, 98.5, 0.01, "48000 samples at 98.5 Hz");
    assert_near(w.info.start_unix_s, seven_s + 12.5, 0.01, "the first sample's wall clock");
    for (size_t i = 0; i < w.n; i += 997)
        assert_near(w.time_s[i] - w.time_s[0], (double)i / 98.5, 0.011,
                    "no sample is off by more than the one sample the block's clock is rounded by");
    whole_free(&w);
    out_free(&cwa.file);
}

static void the_exponent_shifts_all_three_axes(void **state)
{
    (void)state;
    struct cwa cwa = {.rate_hz = 100};
    int xyz[CWA_PACKED_SAMPLES][3];
    cwa_begin(&cwa, "", 0);
    for (int i = 0; i < CWA_PACKED_SAMPLES; i++) {
        xyz[i][0] = i & 1 ? 511 : -512;
        xyz[i][1] = i;
        xyz[i][2] = -i;
    }
    for (int b = 0; b < 4; b++) cwa_packed(&cwa, (const int(*)[3])xyz, 3);
    struct whole w = read_cwa(&cwa);
    assert_near((double)w.accel_g[0], -16, 0, "-512 << 3 of 256 per g");
    assert_near((double)w.accel_g[3], 511 / 32.0, 0, "511 << 3");
    assert_near((double)w.accel_g[3 * 119 + 2], -119 / 32.0, 0, "the last sample of a block");
    whole_free(&w);
    out_free(&cwa.file);
}

static void unpacked_samples_come_back_in_g(void **state)
{
    (void)state;
    struct cwa cwa = {.rate_hz = 98.5};
    int xyz[CWA_UNPACKED_SAMPLES][3];
    cwa_begin(&cwa, "", 0);
    for (int b = 0; b < 50; b++) {
        for (int i = 0; i < CWA_UNPACKED_SAMPLES; i++) {
            sample(cwa.n + (uint64_t)i, xyz[i]);
            xyz[i][0] *= 20; /* more than 10 bits */
        }
        cwa_unpacked(&cwa, (const int(*)[3])xyz);
    }
    struct whole w = read_cwa(&cwa);
    assert_int_equal(w.n, 4000);
    for (size_t i = 0; i < w.n; i++) {
        int expected[3];
        sample(i, expected);
        assert_near((double)w.accel_g[3 * i], 20 * expected[0] / 256.0, 0, "256 steps are 1 g");
        assert_near((double)w.accel_g[3 * i + 2], expected[2] / 256.0, 0, "on each axis");
    }
    assert_int_equal(w.info.has_gyro, 0);
    whole_free(&w);
    out_free(&cwa.file);
}

static void an_ax6_has_the_gyroscope_first(void **state)
{
    (void)state;
    struct cwa cwa = {.rate_hz = 100};
    int gyro[CWA_GYRO_SAMPLES][3], accel[CWA_GYRO_SAMPLES][3];
    cwa_begin(&cwa, "", 1);
    for (int i = 0; i < CWA_GYRO_SAMPLES; i++) {
        gyro[i][0] = 16384;
        gyro[i][1] = -32768;
        gyro[i][2] = i;
        accel[i][0] = 2048 - i;
        accel[i][1] = -2 * i;
        accel[i][2] = i;
    }
    for (int b = 0; b < 10; b++) cwa_with_gyro(&cwa, (const int(*)[3])gyro, (const int(*)[3])accel);
    struct whole w = read_cwa(&cwa);
    assert_int_equal(w.info.has_gyro, 1);
    assert_int_equal(w.n, 400);
    assert_near((double)w.gyro_dps[0], 1000, 1e-3, "half of 2000 deg/s full scale");
    assert_near((double)w.gyro_dps[1], -2000, 1e-3, "full scale");
    assert_near((double)w.gyro_dps[3 * 39 + 2], 39 * 2000 / 32768.0, 1e-5, "one step");
    assert_near((double)w.accel_g[3 * 39], 2009 / 2048.0, 0, "2048 steps are 1 g");
    whole_free(&w);
    out_free(&cwa.file);
}

static void a_damaged_block_becomes_a_gap_of_its_length(void **state)
{
    (void)state;
    struct cwa cwa = {.rate_hz = 100};
    cwa_begin(&cwa, "", 0);
    add_packed(&cwa, 60);
    cwa.file.bytes[CWA_HEADER + 20 * CWA_BLOCK + 77] ^= 4;
    cwa.file.bytes[CWA_HEADER + 21 * CWA_BLOCK] = 'B';
    struct whole w = read_cwa(&cwa);
    assert_int_equal(w.quality.n_bad_blocks, 2);
    assert_string_equal(w.quality.first_bad, "byte 11264"); /* 1024 + 20 blocks of 512 */
    assert_int_equal(w.n, 58 * 120);
    assert_int_equal(w.n_segments, 2);
    assert_near(w.time_s[20 * 120] - w.time_s[20 * 120 - 1], 2.41, 0.011,
                "240 samples are missing");
    whole_free(&w);
    out_free(&cwa.file);
}

static void a_restart_begins_a_segment(void **state)
{
    (void)state;
    struct cwa cwa = {.rate_hz = 100};
    cwa_begin(&cwa, "", 0);
    add_packed(&cwa, 20);
    cwa.sequence = 0;
    cwa.first_s += 100;
    add_packed(&cwa, 20);
    struct whole w = read_cwa(&cwa);
    assert_int_equal(w.n_segments, 2);
    assert_int_equal(w.starts[2400], 1);
    assert_near(w.time_s[2400], 124, 0.011, "24 s of data and 100 s of nothing");
    assert_int_equal(w.quality.n_bad_blocks, 0);
    whole_free(&w);
    out_free(&cwa.file);
}

static void an_unfinished_download_is_no_damage(void **state)
{
    (void)state;
    struct cwa cwa = {.rate_hz = 100};
    cwa_begin(&cwa, "", 0);
    add_packed(&cwa, 20);
    memset(out_room(&cwa.file, 5 * CWA_BLOCK), 0xff, 5 * CWA_BLOCK);
    memset(out_room(&cwa.file, 100), 'A', 100);
    struct whole w = read_cwa(&cwa);
    assert_int_equal(w.n, 2400);
    assert_int_equal(w.quality.n_bad_blocks, 0);
    whole_free(&w);
    out_free(&cwa.file);
}

static void a_damaged_header_does_not_hide_the_samples(void **state)
{
    (void)state;
    struct cwa cwa = {.rate_hz = 100};
    cwa_begin(&cwa, "", 0);
    add_packed(&cwa, 20);
    memset(cwa.file.bytes, 0, CWA_HEADER);
    struct whole w = read_cwa(&cwa);
    assert_int_equal(w.n, 2400);
    whole_free(&w);
    out_free(&cwa.file);
}

static void a_file_without_a_good_block_is_refused_in_one_sentence(void **state)
{
    (void)state;
    struct cwa cwa = {.rate_hz = 100};
    struct whole w;
    gait_error err = {0};
    cwa_begin(&cwa, "", 0);
    add_packed(&cwa, 1);
    cwa.file.bytes[CWA_HEADER + 100] ^= 1;
    assert_int_equal(read_memory(&w, "made.cwa", cwa.file.bytes, cwa.file.n, &err), GAIT_FORMAT);
    assert_non_null(strstr(err.text, "made.cwa"));
    assert_non_null(strstr(err.text, "1 damaged"));
    out_free(&cwa.file);
}

static void every_cut_of_a_file_is_read_or_refused(void **state)
{
    (void)state;
    struct cwa cwa = {.rate_hz = 100};
    cwa_begin(&cwa, "", 0);
    add_packed(&cwa, 12);
    for (size_t n = 0; n <= cwa.file.n; n += 61) {
        struct whole w;
        gait_error err = {0};
        gait_status st = read_memory(&w, "made.cwa", cwa.file.bytes, n, &err);
        if (st)
            assert_int_equal(strlen(err.text) > 0, 1);
        else
            assert_near((double)w.n, (double)((n - CWA_HEADER) / CWA_BLOCK * 120), 1,
                        "all whole blocks, evened out");
        whole_free(&w);
    }
    out_free(&cwa.file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_of_ten_bit_samples_comes_back_in_g),
        cmocka_unit_test(the_clock_in_the_blocks_beats_the_stated_rate),
        cmocka_unit_test(the_exponent_shifts_all_three_axes),
        cmocka_unit_test(unpacked_samples_come_back_in_g),
        cmocka_unit_test(an_ax6_has_the_gyroscope_first),
        cmocka_unit_test(a_damaged_block_becomes_a_gap_of_its_length),
        cmocka_unit_test(a_restart_begins_a_segment),
        cmocka_unit_test(an_unfinished_download_is_no_damage),
        cmocka_unit_test(a_damaged_header_does_not_hide_the_samples),
        cmocka_unit_test(a_file_without_a_good_block_is_refused_in_one_sentence),
        cmocka_unit_test(every_cut_of_a_file_is_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
