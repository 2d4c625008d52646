/* SPDX-License-Identifier: BSD-3-Clause */
#include "make_gt3x.h"
#include "near.h"
#include "read_all.h"

enum { RATE = 30 };

/* 2024-05-06 07:00:00 as the device's local clock has it. */
static const uint32_t seven = 1714978800;

static const char info[] =
    "Serial Number: TAS1H30182785\r\nDevice Type: Link\r\nFirmware: 1.7.2\r\n"
    "Battery Voltage: 4,03\r\nSample Rate: 30\r\nStart Date: 0\r\n"
    "TimeZone: -05:00:00\r\nAcceleration Scale: 256.0\r\n"
    "Acceleration Max: 8.0\r\nLimb: Ankle\r\nSide: Left\r\n";

static void sample(uint64_t i, int xyz[3])
{
    xyz[0] = (int)(i % 200) - 100;
    xyz[1] = (int)(i * 7 % 190) - 100;
    xyz[2] = 230 + (int)(i % 13);
}

/* Second s holds samples 30 s to 30 s + 29. */
static void add_second(struct bytes_out *log, uint32_t s, int type)
{
    int xyz[RATE][3];
    for (uint64_t i = 0; i < RATE; i++) sample(RATE * (uint64_t)s + i, xyz[i]);
    if (type == GT3X_ACTIVITY)
        gt3x_second_12(log, seven + s, (const int(*)[3])xyz, RATE);
    else
        gt3x_second_16(log, seven + s, (const int(*)[3])xyz, RATE);
}

static struct whole read_log(struct bytes_out *log)
{
    struct whole w;
    gait_error err = {0};
    struct bytes_out file = gt3x_file(info, "log.bin", log);
    assert_ok(read_memory(&w, "made.gt3x", file.bytes, file.n, &err), err);
    out_free(&file);
    return w;
}

static void assert_sample(const struct whole *w, size_t at, uint64_t i, double per_g)
{
    int xyz[3];
    sample(i, xyz);
    for (size_t k = 0; k < 3; k++)
        assert_near((double)w->accel_g[3 * at + k], xyz[k] / per_g, 1e-6, "steps per g");
}

static void both_kinds_of_records_hold_the_same_samples(void **state)
{
    (void)state;
    const int types[] = {GT3X_ACTIVITY, GT3X_ACTIVITY2};
    for (size_t t = 0; t < 2; t++) {
        struct bytes_out log = {0};
        for (uint32_t s = 0; s < 40; s++) add_second(&log, s, types[t]);
        struct whole w = read_log(&log);
        assert_int_equal(w.n, 40 * RATE);
        for (size_t i = 0; i < w.n; i++) assert_sample(&w, i, i, 256);
        assert_string_equal(w.device, "ActiGraph Link TAS1H30182785");
        assert_int_equal(w.info.placement, GAIT_SHANK);
        assert_int_equal(w.info.side, GAIT_LEFT);
        assert_near(w.info.utc_offset_s, -18000, 0, "five hours behind");
        assert_near(w.info.start_unix_s, seven + 18000.0, 1e-6, "UTC");
        assert_near(w.info.nominal_rate_hz, RATE, 0, "info.txt");
        assert_int_equal(w.quality.n_bad_blocks, 0);
        whole_free(&w);
    }
}

static void an_odd_number_of_twelve_bit_samples_leaves_four_bits(void **state)
{
    (void)state;
    struct bytes_out log = {0};
    int xyz[RATE][3];
    for (uint64_t i = 0; i < RATE; i++) sample(i, xyz[i]);
    for (uint32_t s = 0; s < 10; s++) gt3x_second_12(&log, seven + s, (const int(*)[3])xyz, 29);
    struct whole w = read_log(&log);
    assert_sample(&w, 28, 28, 256);
    assert_sample(&w, w.n - 1, 28, 256);
    whole_free(&w);
}

static void parameters_know_the_scale_better_than_the_text(void **state)
{
    (void)state;
    struct bytes_out log = {0};
    unsigned char parameters[16];
    put_le16(parameters, 0);
    put_le16(parameters + 2, 55);
    put_le32(parameters + 4, 0x08400000); /* 0.5 times 2 to the power of 8 */
    put_le32(parameters + 8, 10 << 16 | 1);
    put_le32(parameters + 12, RATE);
    gt3x_record(&log, GT3X_PARAMETERS, seven, parameters, sizeof parameters);
    for (uint32_t s = 0; s < 10; s++) add_second(&log, s, GT3X_ACTIVITY2);
    struct whole w = read_log(&log);
    assert_sample(&w, 7, 7, 128);
    whole_free(&w);
}

static void a_missing_second_is_a_gap_without_any_event(void **state)
{
    (void)state;
    struct bytes_out log = {0};
    for (uint32_t s = 0; s < 60; s++)
        if (s < 20 || s >= 33) add_second(&log, s, GT3X_ACTIVITY2);
    struct whole w = read_log(&log);
    assert_int_equal(w.n, 47 * RATE);
    assert_int_equal(w.n_segments, 2);
    assert_near(w.time_s[20 * RATE], 33, 0.02, "the second of the record");
    assert_sample(&w, 20 * RATE, 33 * RATE, 256);
    whole_free(&w);
}

static void seconds_out_of_order_or_twice_are_put_right(void **state)
{
    (void)state;
    struct bytes_out log = {0};
    const uint32_t order[] = {0, 2, 1, 3, 3, 6, 5, 4, 7, 8, 9, 1, 10, 11, 12, 13, 14, 15, 16, 17};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        add_second(&log, order[i], GT3X_ACTIVITY2);
    struct whole w = read_log(&log);
    assert_int_equal(w.n, 18 * RATE);
    for (size_t i = 0; i < w.n; i++) assert_sample(&w, i, i, 256);
    assert_int_equal(w.quality.n_duplicates, 2 * RATE);
    whole_free(&w);
}

static void a_damaged_record_costs_only_its_second(void **state)
{
    (void)state;
    struct bytes_out log = {0};
    for (uint32_t s = 0; s < 60; s++) {
        if (s == 30) memset(out_room(&log, 7), 0, 7); /* padding is no damage */
        if (s == 40) gt3x_record(&log, GT3X_EVENT, seven + s, "\x08", 1);
        if (s == 50) gt3x_record(&log, GT3X_ACTIVITY, seven + s, "\x01", 1);
        add_second(&log, s, GT3X_ACTIVITY2);
    }
    size_t record = 20 * (6 * RATE + 9);
    char place[32];
    snprintf(place, sizeof place, "byte %zu", record);
    log.bytes[record + 50] ^= 0x10;
    struct whole w = read_log(&log);
    assert_int_equal(w.quality.n_bad_blocks, 1);
    assert_string_equal(w.quality.first_bad, place);
    assert_int_equal(w.n, 59 * RATE);
    assert_sample(&w, 20 * RATE, 21 * RATE, 256);
    assert_near(w.time_s[20 * RATE], 21, 0.02, "second 20 is missing");
    whole_free(&w);
}

static void activity_bin_is_one_row_of_samples(void **state)
{
    (void)state;
    enum { N = 5001 };
    static int xyz[N][3];
    struct bytes_out samples = {0};
    struct whole w;
    gait_error err = {0};
    for (uint64_t i = 0; i < N; i++) sample(i, xyz[i]);
    for (size_t i = N - 100; i < N; i++) memset(xyz[i], 0, sizeof xyz[i]);
    unsigned char *packed = out_room(&samples, 5 * N);
    size_t n = gt3x_pack_12(packed, (const int(*)[3])xyz, N);
    samples.n = n;
    /* 2024-05-06 07:00:00 in tenths of microseconds since the year 1. */
    struct bytes_out file = gt3x_file("Serial Number: NEO1C04110003\nFirmware: 2.5.0\n"
                                      "Sample Rate: 30\nStart Date: 638505756000000000\n",
                                      "activity.bin", &samples);
    assert_ok(read_memory(&w, "made.gt3x", file.bytes, file.n, &err), err);
    assert_int_equal(w.n, N);
    for (size_t i = 0; i < N - 100; i++) assert_sample(&w, i, i, 341);
    assert_near(w.info.start_unix_s, seven, 1e-3, "the start date");
    assert_int_equal(w.info.time_kind, GAIT_TIME_LOCAL_UNKNOWN);
    whole_free(&w);
    out_free(&file);
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    struct bytes_out log = {0}, none = {0};
    struct whole w;
    gait_error err = {0};
    out_text(&none, "");
    add_second(&log, 0, GT3X_ACTIVITY2);
    struct bytes_out file = gt3x_file("Serial Number: XYZ\nSample Rate: 30\n", "log.bin", &log);
    assert_int_equal(read_memory(&w, "made.gt3x", file.bytes, file.n, &err), GAIT_FORMAT);
    assert_non_null(strstr(err.text, "no second of acceleration"));
    out_free(&file);
    file = gt3x_file(info, "lux.bin", &none);
    assert_int_equal(read_memory(&w, "made.gt3x", file.bytes, file.n, &err), GAIT_FORMAT);
    assert_non_null(strstr(err.text, "neither log.bin nor activity.bin"));
    out_free(&file);
}

static void every_cut_of_a_file_is_read_or_refused(void **state)
{
    (void)state;
    struct bytes_out log = {0};
    for (uint32_t s = 0; s < 20; s++) add_second(&log, s, GT3X_ACTIVITY2);
    struct bytes_out file = gt3x_file(info, "log.bin", &log);
    for (size_t n = 0; n < file.n; n += 43) {
        struct whole w;
        gait_error err = {0};
        gait_status st = read_memory(&w, "made.gt3x", file.bytes, n, &err);
        if (st) assert_int_equal(strlen(err.text) > 0, 1);
        whole_free(&w);
    }
    out_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_kinds_of_records_hold_the_same_samples),
        cmocka_unit_test(an_odd_number_of_twelve_bit_samples_leaves_four_bits),
        cmocka_unit_test(parameters_know_the_scale_better_than_the_text),
        cmocka_unit_test(a_missing_second_is_a_gap_without_any_event),
        cmocka_unit_test(seconds_out_of_order_or_twice_are_put_right),
        cmocka_unit_test(a_damaged_record_costs_only_its_second),
        cmocka_unit_test(activity_bin_is_one_row_of_samples),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(every_cut_of_a_file_is_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
