/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <time.h>

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
    const struct columns_wanted wanted = {tables, 1};
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

/* Damage either shows or touches nothing that is read. */
static void assert_harmless(const gait_summary *summary, struct image *image)
{
    gait_summary *again = NULL;
    gait_error err = {0};
    gait_status st = columns_from_image(&again, image, NULL, &err);
    if (st == GAIT_OK) {
        assert_same_summary(summary, again);
    } else {
        assert_true(st == GAIT_FORMAT || st == GAIT_UNSUPPORTED || st == GAIT_NOMEM);
        assert_int_equal(strncmp(err.text, "memory: ", 8), 0);
    }
    gait_summary_free(&again);
}

/* Without its seal, so that everything rests on HDF5's checksums and the tables' own. */
static void a_damaged_byte_is_found_or_harmless(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(200);
    struct image image = image_of(summary);
    image.size -= SEAL_BYTES;
    unsigned char *bytes = image.bytes;
    for (size_t at = 0; at < image.size; at += image.size / 400) {
        unsigned char was = bytes[at];
        bytes[at] = (unsigned char)(was ^ (at % 3 ? 0xff : 1));
        assert_harmless(summary, &image);
        bytes[at] = was;
    }
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
    for (size_t at = 0; at < image.size - SEAL_BYTES; at += image.size / 100) {
        bytes[at] ^= 4;
        assert_int_equal(columns_from_image(&again, &image, NULL, &err), GAIT_FORMAT);
        assert_string_equal(err.text, "memory: damaged: its bytes differ from its checksum");
        bytes[at] ^= 4;
    }
    gait_summary_free(&summary);
    free(image.bytes);
}

/* HDF5's index nodes bear no checksum: "TREE", ..., and 24 bytes on the size of a chunk. */
static void a_lie_about_a_chunk_s_size_is_found(void **state)
{
    (void)state;
    gait_summary *summary = sample_summary(200), *again = NULL;
    gait_error err;
    struct image image = image_of(summary);
    unsigned char *bytes = image.bytes;
    size_t n = 0;
    image.size -= SEAL_BYTES;
    for (size_t at = 0; at + 28 < image.size; at++) {
        if (memcmp(bytes + at, "TREE", 4) != 0) continue;
        unsigned char was[4];
        memcpy(was, bytes + at + 24, 4);
        memcpy(bytes + at + 24, "\2\0\0\0", 4);
        assert_int_equal(columns_from_image(&again, &image, NULL, &err), GAIT_FORMAT);
        assert_non_null(strstr(err.text, "its index of chunks is damaged"));
        memcpy(bytes + at + 24, was, 4);
        n++;
    }
    assert_int_equal(n, 5);
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
        cmocka_unit_test(a_damaged_byte_is_found_or_harmless),
        cmocka_unit_test(a_sealed_file_shows_any_damage),
        cmocka_unit_test(a_lie_about_a_chunk_s_size_is_found),
        cmocka_unit_test(a_file_cut_short_is_found),
        cmocka_unit_test(what_is_no_summary_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
