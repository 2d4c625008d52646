/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <time.h>

#include <hdf5.h>

#include "sample_summary.h"
#include "summary/columns.h"
#include "summary/seal.h"

static struct image image_of(const gait_summary *summary)
{
    struct image image = {"memory", NULL, 0};
    gait_error err;
    assert_ok(columns_to_image(summary, &image.bytes, &image.size, &err), err);
    return image;
}

static void what_is_read_is_what_was_written(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 7, 16384, 16385, 40000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        gait_summary *summary = sample_summary(sizes[i]), *again = NULL;
        gait_error err;
        struct image image = image_of(summary);
        assert_ok(columns_from_image(&again, &image, NULL, &err), err);
        assert_same_summary(summary, again);
        gait_summary_free(&again);
        gait_summary_free(&summary);
        free(image.bytes);
    }
}

static void the_same_summary_gives_the_same_bytes(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(20000), *again = NULL;
    gait_error err;
    struct image first = image_of(summary);
    void *noise = malloc(1 << 20); /* other addresses, other garbage in fresh memory */
    assert_non_null(noise);
    memset(noise, 0xa5, 1 << 20);
    free(noise);
    assert_ok(columns_from_image(&again, &first, NULL, &err), err);
    struct image second = image_of(again);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.bytes, second.bytes, first.size);
    gait_summary_free(&again);
    gait_summary_free(&summary);
    free(first.bytes);
    free(second.bytes);
}

static void the_time_of_day_changes_nothing(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(10);
    const struct timespec moment = {.tv_nsec = 20000000};
    time_t then = time(NULL);
    struct image first = image_of(summary);
    while (time(NULL) == then) nanosleep(&moment, NULL);
    struct image second = image_of(summary);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.bytes, second.bytes, first.size);
    gait_summary_free(&summary);
    free(first.bytes);
    free(second.bytes);
}

static void wanted_tables_alone_are_read(void **state)
{
    (void)state;
    static const char *const tables[] = {"minutes", "no_such_table", NULL};
    const struct columns_wanted wanted = {.tables = tables, .values_only = 1};
    gait_summary *summary = sample_summary(5), *again = NULL;
    gait_error err;
    struct image image = image_of(summary);
    assert_ok(columns_from_image(&again, &image, &wanted, &err), err);
    assert_non_null(gait_summary_table(again, "minutes"));
    assert_null(gait_summary_table(again, "strides"));
    gait_summary_free(&again);
    gait_summary_free(&summary);
    free(image.bytes);
}

/* The HDF5 library, which shares no line with ours, opens the bytes. */
static hid_t open_with_hdf5(const struct image *image)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    assert_true(H5Pset_fapl_core(access, 1 << 16, 0) >= 0);
    assert_true(H5Pset_file_image(access, image->bytes, image->size) >= 0);
    hid_t file = H5Fopen("summary in memory", H5F_ACC_RDONLY, access);
    H5Pclose(access);
    assert_true(file >= 0);
    return file;
}

static void assert_hdf5_reads(hid_t group, const gait_column *column, size_t n)
{
    double *doubles = calloc(n + 1, sizeof *doubles);
    int64_t *integers = calloc(n + 1, sizeof *integers);
    char units[8] = "";
    hid_t dataset = H5Dopen2(group, column->name, H5P_DEFAULT);
    hid_t attribute = H5Aopen(dataset, "units", H5P_DEFAULT), type = H5Aget_type(attribute);
    assert_true(H5Aread(attribute, type, units) >= 0);
    assert_string_equal(units, column->units);
    if (column->type == GAIT_DOUBLES) {
        assert_true(H5Dread(dataset, H5T_NATIVE_DOUBLE, 0, 0, H5P_DEFAULT, doubles) >= 0);
        assert_memory_equal(doubles, column->doubles, n * sizeof *doubles);
    }
    if (column->type == GAIT_INTEGERS) {
        assert_true(H5Dread(dataset, H5T_NATIVE_INT64, 0, 0, H5P_DEFAULT, integers) >= 0);
        assert_memory_equal(integers, column->integers, n * sizeof *integers);
    }
    H5Tclose(type);
    H5Aclose(attribute);
    assert_true(H5Dclose(dataset) >= 0);
    free(doubles);
    free(integers);
}

static void the_hdf5_library_reads_the_same(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 40000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        gait_summary *summary = sample_summary(sizes[i]);
        const gait_table *strides = gait_summary_table(summary, "strides");
        struct image image = image_of(summary);
        hid_t file = open_with_hdf5(&image), group = H5Gopen2(file, "strides", H5P_DEFAULT);
        for (size_t k = 0; k < strides->n_columns; k++) {
            char name[64];
            H5Lget_name_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, k, name, sizeof name,
                               H5P_DEFAULT);
            assert_string_equal(name, strides->columns[k].name);
            assert_hdf5_reads(group, &strides->columns[k], sizes[i]);
        }
        H5Gclose(group);
        assert_true(H5Fclose(file) >= 0);
        free(image.bytes);
        gait_summary_free(&summary);
    }
}

/* Whoever writes a seal by hand can lie about names and units, but about no value. */
static void assert_values_or_nothing(const gait_summary *summary, const struct image *image)
{
    gait_summary *again = NULL;
    gait_error err = {0};
    gait_status st = columns_from_image(&again, image, NULL, &err);
    if (st == GAIT_OK) {
        const gait_table *was = gait_summary_table(summary, "strides");
        const gait_table *is = gait_summary_table(again, "strides");
        for (size_t i = 0; is && i < was->n_rows; i++)
            assert_memory_equal(&was->columns[1].doubles[i], &is->columns[1].doubles[i], 8);
    } else {
        assert_true(st == GAIT_FORMAT || st == GAIT_UNSUPPORTED || st == GAIT_NOMEM ||
                    st == GAIT_INVALID);
        assert_true(strlen(err.text) > 10);
    }
    gait_summary_free(&again);
}

static void a_sealed_lie_changes_no_value(void **state)
{
    (void)state;
    static const unsigned char lies[] = {1, 0x80, 0xff};
    gait_summary *summary = sample_summary(20);
    struct image image = image_of(summary);
    unsigned char *bytes = image.bytes;
    for (size_t at = 0; at < image.size - SEAL_BYTES; at++) {
        unsigned char was = bytes[at];
        bytes[at] = (unsigned char)(was ^ lies[at % 3]);
        seal_put(bytes, image.size - SEAL_BYTES);
        assert_values_or_nothing(summary, &image);
        bytes[at] = was;
    }
    gait_summary_free(&summary);
    free(image.bytes);
}

static void what_another_program_changed_is_refused(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(3), *again = NULL;
    gait_error err;
    struct image image = image_of(summary);
    image.size -= SEAL_BYTES;
    assert_int_equal(columns_from_image(&again, &image, NULL, &err), GAIT_FORMAT);
    assert_non_null(strstr(err.text, "changed by another program, or cut short"));
    gait_summary_free(&summary);
    free(image.bytes);
}

static void a_sealed_file_shows_any_damage(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(200), *again = NULL;
    gait_error err;
    struct image image = image_of(summary);
    unsigned char *bytes = image.bytes;
    for (size_t at = 0; at < image.size - SEAL_BYTES; at++) {
        bytes[at] ^= 4;
        assert_int_equal(columns_from_image(&again, &image, NULL, &err), GAIT_FORMAT);
        assert_string_equal(err.text, "memory: damaged: its bytes differ from its checksum");
        bytes[at] ^= 4;
    }
    gait_summary_free(&summary);
    free(image.bytes);
}

static void a_file_cut_short_is_found(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(200), *again = NULL;
    struct image image = image_of(summary);
    for (int percent = 0; percent < 100; percent++) {
        struct image cut = {"memory", image.bytes, image.size * (size_t)percent / 100};
        assert_int_not_equal(columns_from_image(&again, &cut, NULL, NULL), GAIT_OK);
        assert_null(again);
    }
    gait_summary_free(&summary);
    free(image.bytes);
}

static void what_is_no_summary_is_named(void **state)
{
    (void)state;
    char text[] = "time,x,y,z\n";
    struct image image = {"run.csv", text, sizeof text};
    gait_summary *summary = NULL;
    gait_error err;
    assert_int_equal(columns_from_image(&summary, &image, NULL, &err), GAIT_FORMAT);
    assert_string_equal(err.text, "run.csv: not an HDF5 file, or damaged");

    summary = sample_summary(1);
    assert_ok(summary_set(summary, "format", "something else", &err), err);
    image = image_of(summary);
    gait_summary *again = NULL;
    assert_int_equal(columns_from_image(&again, &image, NULL, &err), GAIT_FORMAT);
    assert_string_equal(err.text, "memory: an HDF5 file, but not a gait summary");
    free(image.bytes);

    assert_ok(summary_set(summary, "format", FORMAT_NAME, &err), err);
    assert_ok(summary_set(summary, "format_version", "2.0", &err), err);
    image = image_of(summary);
    assert_int_equal(columns_from_image(&again, &image, NULL, &err), GAIT_UNSUPPORTED);
    assert_string_equal(err.text, "memory: format_version 2.0, this library reads 1.0");
    free(image.bytes);
    gait_summary_free(&summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_what_was_written),
        cmocka_unit_test(the_same_summary_gives_the_same_bytes),
        cmocka_unit_test(the_time_of_day_changes_nothing),
        cmocka_unit_test(wanted_tables_alone_are_read),
        cmocka_unit_test(the_hdf5_library_reads_the_same),
        cmocka_unit_test(a_sealed_lie_changes_no_value),
        cmocka_unit_test(what_another_program_changed_is_refused),
        cmocka_unit_test(a_sealed_file_shows_any_damage),
        cmocka_unit_test(a_file_cut_short_is_found),
        cmocka_unit_test(what_is_no_summary_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
