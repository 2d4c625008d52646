/* SPDX-License-Identifier: BSD-3-Clause */
#include "make_hdf5.h"

#include <sys/stat.h>
#include <unistd.h>

#include "bytes_out.h"
#include "near.h"
#include "read_all.h"

static struct hdf5_samples samples;
static char folder[] = "/tmp/gait_test_hdf5_XXXXXX";

static struct whole read_sensor(const char *sensor)
{
    struct whole w;
    gait_error err = {0};
    gait_recording_options options;
    gait_recording_options_init(&options);
    options.sensor = sensor;
    assert_ok(read_path(&w, "run.h5", &options, &err), err);
    return w;
}

static void assert_same_samples(const struct whole *w)
{
    assert_int_equal(w->n, HDF5_N);
    for (size_t i = 0; i < 3 * HDF5_N; i++)
        assert_near((double)w->accel_g[i], (double)samples.accel[i / 3][i % 3], 1e-6, "in g");
}

static void put_plain(hid_t at)
{
    hdf5_put_with_units(at, "accel", H5T_NATIVE_FLOAT, 3, samples.accel, "g");
    hdf5_put_with_units(at, "gyro", H5T_NATIVE_FLOAT, 3, samples.gyro, "deg/s");
    hdf5_put_with_units(at, "time", H5T_NATIVE_DOUBLE, 1, samples.time_s, "s");
}

static void the_plain_layout_needs_three_datasets_and_their_units(void **state)
{
    (void)state;
    hid_t file = hdf5_new("run.h5");
    put_plain(file);
    hdf5_put_loose_text(file, "placement", "shank");
    hdf5_put_text(file, "side", "right");
    hdf5_put_text(file, "start_time", "2024-05-06T07:00:00.5+02:00");
    hdf5_put_number(file, "range_g", 16);
    H5Fclose(file);
    struct whole w = read_sensor(NULL);
    assert_same_samples(&w);
    assert_near((double)w.gyro_dps[7], (double)samples.gyro[2][1], 0, "deg/s");
    assert_int_equal(w.info.placement, GAIT_SHANK);
    assert_int_equal(w.info.side, GAIT_RIGHT);
    assert_near(w.info.range_g, 16, 0, "range_g");
    assert_near(w.info.start_unix_s, 1714978800.5 - 7200, 1e-6, "start_time");
    assert_near(w.info.rate_hz, 100, 0.01, "from the stamps");
    whole_free(&w);
}

static void a_rate_serves_where_there_is_no_time(void **state)
{
    (void)state;
    hid_t file = hdf5_new("run.h5");
    hdf5_put_with_units(file, "accel", H5T_NATIVE_FLOAT, 3, samples.accel, "g");
    hdf5_put_number(file, "sample_rate_hz", 51.2);
    H5Fclose(file);
    struct whole w = read_sensor(NULL);
    assert_same_samples(&w);
    assert_near(w.time_s[HDF5_N - 1] - w.time_s[0], (HDF5_N - 1) / 51.2, 1e-6, "uniform");
    whole_free(&w);
}

static void nanoseconds_since_1970_stay_exact(void **state)
{
    (void)state;
    static int64_t ns[HDF5_N];
    for (int i = 0; i < HDF5_N; i++) ns[i] = INT64_C(1714978800123456789) + i * INT64_C(10000000);
    hid_t file = hdf5_new("run.h5");
    hdf5_put_with_units(file, "accel", H5T_NATIVE_FLOAT, 3, samples.accel, "g");
    hdf5_put_with_units(file, "time", H5T_NATIVE_INT64, 1, ns, "ns");
    H5Fclose(file);
    struct whole w = read_sensor(NULL);
    assert_near(w.info.start_unix_s, 1714978800.123456789, 1e-6, "the first stamp");
    assert_int_equal(w.info.time_kind, GAIT_TIME_UTC);
    assert_near(w.time_s[0], 0, 0, "stamps count from there");
    assert_near(w.time_s[HDF5_N - 1], (HDF5_N - 1) * 0.01, 1e-6, "to the last");
    whole_free(&w);
}

static void each_group_is_a_sensor(void **state)
{
    (void)state;
    hid_t file = hdf5_new("run.h5");
    const char *const names[] = {"left_shank", "right_shank", "sacrum"};
    for (int i = 0; i < 3; i++) {
        hid_t group = hdf5_group(file, names[i]);
        put_plain(group);
        hdf5_put_text(group, "placement", i < 2 ? "shank" : "sacrum");
        hdf5_put_text(group, "side", i == 0 ? "left" : i == 1 ? "right" : "none");
        H5Gclose(group);
    }
    H5Gclose(hdf5_group(file, "notes"));
    H5Fclose(file);
    struct whole w = read_sensor("right_shank");
    assert_same_samples(&w);
    assert_string_equal(w.sensor, "right_shank");
    assert_int_equal(w.info.side, GAIT_RIGHT);
    whole_free(&w);

    gait_error err = {0};
    gait_recording *recording = NULL;
    gait_recording_options options;
    gait_recording_options_init(&options);
    options.sensor = "sacrum";
    assert_ok(gait_recording_open(&recording, "run.h5", &options, &err), err);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(gait_recording_sensor_at(recording, i)->name, names[i]);
    assert_int_equal(gait_recording_sensor_at(recording, 2)->placement, GAIT_SACRUM);
    assert_null(gait_recording_sensor_at(recording, 3));
    gait_recording_close(&recording);
    options.sensor = "head";
    assert_int_equal(gait_recording_open(&recording, "run.h5", &options, &err), GAIT_NOT_FOUND);
}

/* m/s^2 and rad/s in doubles, microseconds since 1970 in UTC. */
static void put_apdm(hid_t at, const char *accel_name, const char *gyro_name, hid_t time_at)
{
    static double accel[HDF5_N][3], gyro[HDF5_N][3];
    static uint64_t us[HDF5_N];
    for (int i = 0; i < HDF5_N; i++) {
        us[i] = UINT64_C(1714978800250000) + (uint64_t)i * 7813;
        for (int k = 0; k < 3; k++) {
            accel[i][k] = (double)samples.accel[i][k] * 9.80665;
            gyro[i][k] = (double)samples.gyro[i][k] * 0.017453292519943295;
        }
    }
    H5Dclose(hdf5_put(at, accel_name, H5T_NATIVE_DOUBLE, 3, accel, H5P_DEFAULT));
    H5Dclose(hdf5_put(at, gyro_name, H5T_NATIVE_DOUBLE, 3, gyro, H5P_DEFAULT));
    H5Dclose(hdf5_put(time_at, "Time", H5T_NATIVE_UINT64, 1, us, H5P_DEFAULT));
}

static void assert_apdm(const struct whole *w)
{
    assert_same_samples(w);
    for (size_t i = 0; i < 3 * HDF5_N; i++)
        assert_near((double)w->gyro_dps[i], (double)samples.gyro[i / 3][i % 3], 1e-4, "deg/s");
    assert_near(w->info.start_unix_s, 1714978800.25, 1e-6, "microseconds since 1970");
    assert_near(w->info.nominal_rate_hz, 128, 0, "stated");
    assert_int_equal(w->info.placement, GAIT_FOOT);
    assert_int_equal(w->info.side, GAIT_LEFT);
}

static void apdm_format_4_has_a_group_per_case(void **state)
{
    (void)state;
    hid_t file = hdf5_new("run.h5");
    hdf5_put_number(file, "FileFormatVersion", 4);
    hdf5_put_list(file, "CaseIdList", "SI-000123\0  SI-000456   ", 12, 2);
    hdf5_put_list(file, "MonitorLabelList", "Lumbar\0\0\0\0Left Foot ", 10, 2);
    const char *const ids[] = {"SI-000123", "SI-000456"};
    for (int i = 0; i < 2; i++) {
        hid_t group = hdf5_group(file, ids[i]), calibrated = hdf5_group(group, "Calibrated");
        put_apdm(calibrated, "Accelerometers", "Gyroscopes", group);
        hdf5_put_number(group, "SampleRate", 128);
        H5Gclose(calibrated);
        H5Gclose(group);
    }
    H5Fclose(file);
    struct whole w = read_sensor("Left Foot");
    assert_apdm(&w);
    assert_int_equal(w.info.time_kind, GAIT_TIME_UTC);
    whole_free(&w);
    w = read_sensor("SI-000456");
    assert_apdm(&w);
    whole_free(&w);
}

static void apdm_format_5_has_a_group_per_sensor(void **state)
{
    (void)state;
    hid_t file = hdf5_new("run.h5"), all = hdf5_group(file, "Sensors");
    hdf5_put_number(file, "FileFormatVersion", 5);
    for (int i = 0; i < 2; i++) {
        hid_t group = hdf5_group(all, i ? "5778" : "5718");
        hid_t configuration = hdf5_group(group, "Configuration");
        put_apdm(group, "Accelerometer", "Gyroscope", group);
        hdf5_put_list(configuration, "Label 0", i ? "Left Foot\0" : "Lumbar\0\0\0\0", 10, 1);
        hdf5_put_number(configuration, "Sample Rate", 128);
        hdf5_put_number(configuration, "Timezone Offset", -8);
        H5Gclose(configuration);
        H5Gclose(group);
    }
    H5Gclose(hdf5_group(all, "9999"));
    H5Gclose(all);
    H5Fclose(file);
    struct whole w = read_sensor("Left Foot");
    assert_apdm(&w);
    assert_int_equal(w.info.time_kind, GAIT_TIME_LOCAL_WITH_OFFSET);
    assert_near(w.info.utc_offset_s, -8 * 3600, 0, "hours");
    whole_free(&w);
}

static void an_old_apdm_format_is_refused(void **state)
{
    (void)state;
    struct whole w;
    gait_error err = {0};
    hid_t file = hdf5_new("run.h5");
    hdf5_put_number(file, "FileFormatVersion", 3);
    H5Fclose(file);
    assert_int_equal(read_path(&w, "run.h5", NULL, &err), GAIT_UNSUPPORTED);
    assert_non_null(strstr(err.text, "APDM file format 3"));
}

/* What a stranger's file may try, and what is said about it. */

static void put_behind_external_link(hid_t file)
{
    hid_t other = hdf5_new("other.h5"), group = hdf5_group(other, "in");
    put_plain(group);
    H5Gclose(group);
    H5Fclose(other);
    MADE(H5Lcreate_external("other.h5", "/in", file, "out", H5P_DEFAULT, H5P_DEFAULT));
    MADE(H5Lcreate_external("other.h5", "/in/accel", file, "accel", H5P_DEFAULT, H5P_DEFAULT));
}

static void put_behind_soft_link(hid_t file)
{
    hid_t group = hdf5_group(file, "hidden");
    H5Dclose(hdf5_put(group, "other", H5T_NATIVE_FLOAT, 3, samples.accel, H5P_DEFAULT));
    H5Gclose(group);
    MADE(H5Lcreate_soft("/hidden/other", file, "accel", H5P_DEFAULT, H5P_DEFAULT));
}

static void put_outside(hid_t file)
{
    hid_t list = MADE(H5Pcreate(H5P_DATASET_CREATE));
    MADE(H5Pset_external(list, "other.bin", 0, sizeof samples.accel));
    H5Dclose(hdf5_put(file, "accel", H5T_NATIVE_FLOAT, 3, samples.accel, list));
    H5Pclose(list);
}

static void put_virtual(hid_t file)
{
    hsize_t size[2] = {HDF5_N, 3};
    hid_t list = MADE(H5Pcreate(H5P_DATASET_CREATE)), space = MADE(H5Screate_simple(2, size, NULL));
    MADE(H5Pset_virtual(list, space, "other.h5", "/in/accel", space));
    H5Dclose(
        MADE(H5Dcreate2(file, "accel", H5T_NATIVE_FLOAT, space, H5P_DEFAULT, list, H5P_DEFAULT)));
    H5Sclose(space);
    H5Pclose(list);
}

static void put_packed(hid_t file)
{
    static int32_t accel[HDF5_N][3];
    hsize_t chunk[2] = {100, 3};
    hid_t list = MADE(H5Pcreate(H5P_DATASET_CREATE));
    MADE(H5Pset_chunk(list, 2, chunk));
    MADE(H5Pset_scaleoffset(list, H5Z_SO_INT, 8));
    H5Dclose(hdf5_put(file, "accel", H5T_NATIVE_INT32, 3, accel, list));
    H5Pclose(list);
}

static void put_in_one_huge_chunk(hid_t file)
{
    hsize_t size[2] = {HDF5_N, 3}, most[2] = {H5S_UNLIMITED, 3}, chunk[2] = {100000000, 3};
    hid_t list = MADE(H5Pcreate(H5P_DATASET_CREATE));
    hid_t space = MADE(H5Screate_simple(2, size, most));
    MADE(H5Pset_chunk(list, 2, chunk));
    H5Dclose(
        MADE(H5Dcreate2(file, "accel", H5T_NATIVE_FLOAT, space, H5P_DEFAULT, list, H5P_DEFAULT)));
    H5Sclose(space);
    H5Pclose(list);
}

static void put_texts(hid_t file)
{
    hid_t type = MADE(H5Tcopy(H5T_C_S1));
    MADE(H5Tset_size(type, 4));
    H5Dclose(hdf5_put(file, "accel", type, 3, samples.accel, H5P_DEFAULT));
    H5Tclose(type);
}

static void put_across(hid_t file)
{
    hsize_t size[2] = {3, 60};
    hid_t space = MADE(H5Screate_simple(2, size, NULL));
    H5Dclose(MADE(
        H5Dcreate2(file, "accel", H5T_NATIVE_FLOAT, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)));
    H5Sclose(space);
}

static void put_short_time(hid_t file)
{
    hsize_t size = 10;
    hid_t space = MADE(H5Screate_simple(1, &size, NULL));
    hdf5_put_with_units(file, "accel", H5T_NATIVE_FLOAT, 3, samples.accel, "g");
    H5Dclose(MADE(
        H5Dcreate2(file, "time", H5T_NATIVE_FLOAT, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)));
    H5Sclose(space);
}

static const struct {
    void (*put)(hid_t file);
    const char *said;
} traps[] = {
    {put_behind_external_link, "without an N x 3 dataset accel"},
    {put_behind_soft_link, "without an N x 3 dataset accel"},
    {put_outside, "outside the file"},
    {put_virtual, "virtual"},
    {put_packed, "filter"},
    {put_in_one_huge_chunk, "32 MiB"},
    {put_texts, "does not hold numbers"},
    {put_across, "N x 3 was expected"},
    {put_short_time, "as many rows"},
};

static void nothing_outside_the_file_is_reached(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
        struct whole w;
        gait_error err = {0};
        hid_t file = hdf5_new("run.h5");
        traps[i].put(file);
        H5Fclose(file);
        assert_int_equal(read_path(&w, "run.h5", NULL, &err), GAIT_FORMAT);
        if (!strstr(err.text, traps[i].said)) print_error("%s\n", err.text);
        assert_non_null(strstr(err.text, traps[i].said));
        whole_free(&w);
    }
}

/* Samples that lie in the dataset's own header: layout of version 3, of class 0, and their bytes.
 */
static void put_compact(size_t bytes_stated)
{
    unsigned char all[1 << 17], found[4] = {3, 0}, stated[2];
    hid_t file = hdf5_new("run.h5"), list = MADE(H5Pcreate(H5P_DATASET_CREATE));
    MADE(H5Pset_layout(list, H5D_COMPACT));
    hid_t dataset = hdf5_put(file, "accel", H5T_NATIVE_FLOAT, 3, samples.accel, list);
    hdf5_put_text(dataset, "units", "g");
    hdf5_put_number(file, "sample_rate_hz", 100);
    H5Dclose(dataset);
    H5Pclose(list);
    H5Fclose(file);
    FILE *f = fopen("run.h5", "r+b");
    size_t n = fread(all, 1, sizeof all, f), at = 0;
    put_le16(found + 2, sizeof samples.accel);
    put_le16(stated, (unsigned)bytes_stated);
    while (at + 4 < n && memcmp(all + at, found, 4) != 0) at++;
    assert_true(at + 4 < n);
    fseek(f, (long)at + 2, SEEK_SET);
    assert_int_equal(fwrite(stated, 1, 2, f), 2);
    assert_int_equal(fclose(f), 0);
}

static void fewer_samples_than_stated_are_not_read_behind(void **state)
{
    (void)state;
    static const size_t few[] = {0, 8, sizeof samples.accel - 4};
    put_compact(sizeof samples.accel);
    struct whole w = read_sensor(NULL);
    assert_same_samples(&w);
    whole_free(&w);
    for (size_t i = 0; i < sizeof few / sizeof *few; i++) {
        gait_error err = {0};
        put_compact(few[i]);
        assert_int_equal(read_path(&w, "run.h5", NULL, &err), GAIT_FORMAT);
        assert_non_null(strstr(err.text, "holds fewer bytes than its size needs"));
        whole_free(&w);
    }
}

static void compressed_chunks_are_read(void **state)
{
    (void)state;
    hsize_t chunk[2] = {700, 3};
    hid_t file = hdf5_new("run.h5"), list = MADE(H5Pcreate(H5P_DATASET_CREATE));
    MADE(H5Pset_chunk(list, 2, chunk));
    MADE(H5Pset_shuffle(list));
    MADE(H5Pset_deflate(list, 4));
    MADE(H5Pset_fletcher32(list));
    hid_t dataset = hdf5_put(file, "accel", H5T_NATIVE_FLOAT, 3, samples.accel, list);
    hdf5_put_text(dataset, "units", "g");
    hdf5_put_number(file, "sample_rate_hz", 100);
    H5Dclose(dataset);
    H5Pclose(list);
    H5Fclose(file);
    struct whole w = read_sensor(NULL);
    assert_same_samples(&w);
    whole_free(&w);
}

static void every_cut_of_a_file_is_read_or_refused(void **state)
{
    (void)state;
    static unsigned char bytes[1 << 20];
    hid_t file = hdf5_new("run.h5");
    put_plain(file);
    H5Fclose(file);
    FILE *from = fopen("run.h5", "rb");
    assert_non_null(from);
    size_t n = fread(bytes, 1, sizeof bytes, from);
    fclose(from);
    for (size_t percent = 0; percent < 100; percent++) {
        struct whole w;
        gait_error err = {0};
        gait_status st = read_memory(&w, "run.h5", bytes, n * percent / 100, &err);
        assert_int_not_equal(st, GAIT_OK);
        assert_true(strlen(err.text) > 0);
    }
    struct whole w;
    gait_error err = {0};
    assert_ok(read_memory(&w, "run.h5", bytes, n, &err), err);
    assert_same_samples(&w);
    whole_free(&w);
}

static int make_folder(void **state)
{
    (void)state;
    hdf5_fill(&samples, 100);
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink("run.h5");
    unlink("other.h5");
    unlink("other.bin");
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_plain_layout_needs_three_datasets_and_their_units),
        cmocka_unit_test(a_rate_serves_where_there_is_no_time),
        cmocka_unit_test(nanoseconds_since_1970_stay_exact),
        cmocka_unit_test(each_group_is_a_sensor),
        cmocka_unit_test(apdm_format_4_has_a_group_per_case),
        cmocka_unit_test(apdm_format_5_has_a_group_per_sensor),
        cmocka_unit_test(an_old_apdm_format_is_refused),
        cmocka_unit_test(nothing_outside_the_file_is_reached),
        cmocka_unit_test(fewer_samples_than_stated_are_not_read_behind),
        cmocka_unit_test(compressed_chunks_are_read),
        cmocka_unit_test(every_cut_of_a_file_is_read_or_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
