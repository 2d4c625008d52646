/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/text.h"
#include "near.h"
#include "read_all.h"
#include "record/format.h"

/* What holds for every row of the format table, whatever bytes come. */

enum { MOST_BYTES = 4096 };

/* How files of the formats begin, and then something else. */
static const char *const beginnings[] = {
    "",
    "MD\xfc\x03",
    "PK\x03\x04",
    "RIFF\xff\xff\xff\xffWAVEfmt ",
    "fLaC",
    "\x89HDF\r\n\x1a\n",
    "Device Identity\r\n",
    "\x1f\x8b\x08",
    "<?xml version=\"1.0\"?>\n<mvnx>",
    "time_s,ax_g,ay_g,az_g\n0.01,0.1,0.2,1\n0.02,",
    "\xff\xfet\0i\0",
    "{\"a\": [1, 2",
};
static const size_t lengths[] = {0, 4, 4, 16, 4, 8, 17, 3, 29, 41, 6, 11};

enum { N_BEGINNINGS = sizeof beginnings / sizeof *beginnings };

static void fill(unsigned char *bytes, size_t n, size_t beginning, int kind, struct prng *random)
{
    for (size_t i = 0; i < n; i++)
        bytes[i] = kind == 0   ? 0
                   : kind == 1 ? (unsigned char)prng_bits(random)
                               : (unsigned char)"0123456789.,;\n-eE: "[prng_below(random, 19)];
    memcpy(bytes, beginnings[beginning], lengths[beginning] < n ? lengths[beginning] : n);
}

static void every_row_says_what_it_is(void **state)
{
    (void)state;
    size_t n = 0;
    for (const gait_format *row; (row = gait_format_at(n)); n++) {
        assert_true(*row->name && *row->about && row->extensions);
        for (size_t i = 0; i < n; i++) assert_string_not_equal(row->name, gait_format_at(i)->name);
    }
    assert_true(n > 0);
    assert_null(format_row(n));
}

static void a_probe_is_a_score_for_any_beginning(void **state)
{
    (void)state;
    unsigned char bytes[MOST_BYTES];
    struct prng random;
    prng_seed(&random, 1);
    for (size_t row = 0; format_row(row); row++)
        for (size_t b = 0; b < N_BEGINNINGS; b++)
            for (size_t n = 0; n < 200; n += 1 + n / 8) {
                fill(bytes, n, b, (int)(n % 3), &random);
                int score = format_row(row)->probe(bytes, n, "made.csv", "csv");
                assert_in_range(score, 0, 100);
            }
}

/* Any bytes are read or refused in a sentence that names the file. */
static void try_bytes(const unsigned char *bytes, size_t n, const char *extension)
{
    char name[64];
    struct whole w;
    gait_error err = {0};
    assert_true(text_print(name, sizeof name, "made.%s", extension));
    unsigned char *copy = malloc(n ? n : 1); /* so that a step outside is seen */
    assert_non_null(copy);
    memcpy(copy, bytes, n);
    gait_status st = read_memory(&w, name, copy, n, &err);
    if (st) {
        assert_int_equal(err.status, st);
        assert_non_null(strstr(err.text, "made."));
    }
    for (size_t i = 0; !st && i < 3 * w.n; i++) assert_true(isfinite(w.accel_g[i]));
    whole_free(&w);
    free(copy);
}

static void any_bytes_are_read_or_refused_in_a_sentence(void **state)
{
    (void)state;
    static unsigned char bytes[MOST_BYTES];
    struct prng random;
    prng_seed(&random, 2);
    for (size_t row = 0; gait_format_at(row); row++) {
        char extension[16];
        const char *all = gait_format_at(row)->extensions;
        text_print(extension, sizeof extension, "%.*s", (int)strcspn(all, " "), all);
        for (size_t b = 0; b < N_BEGINNINGS; b++)
            for (int kind = 0; kind < 3; kind++) {
                size_t n = 1 + (size_t)prng_below(&random, MOST_BYTES);
                fill(bytes, n, b, kind, &random);
                try_bytes(bytes, n, extension);
            }
        try_bytes(bytes, 0, extension);
    }
}

static void a_name_that_does_not_exist_is_not_found(void **state)
{
    (void)state;
    gait_recording *recording = NULL;
    gait_error err;
    assert_int_equal(gait_recording_open(&recording, "/no/such/file.csv", NULL, &err),
                     GAIT_NOT_FOUND);
    assert_non_null(strstr(err.text, "/no/such/file.csv"));
    assert_int_equal(gait_recording_open(&recording, "/", NULL, &err), GAIT_FORMAT);
    assert_non_null(strstr(err.text, "folder"));
    assert_null(recording);
    gait_recording_close(&recording);
}

static void options_out_of_reason_are_refused(void **state)
{
    (void)state;
    static const char text[] = "time_s,ax_g,ay_g,az_g\n0,0,0.1,1\n0.01,0.1,0,1\n0.02,0.1,0,0.9\n";
    gait_recording *recording = NULL;
    gait_error err;
    gait_recording_options options[4];
    for (size_t i = 0; i < 4; i++) gait_recording_options_init(&options[i]);
    options[0].rate_hz = 0.5;
    options[1].range_g = -1;
    options[2].unit = "stone";
    options[3].mounting = "x=sideways";
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(gait_recording_open_memory(&recording, "a.csv", text, sizeof text - 1,
                                                    &options[i], &err),
                         GAIT_INVALID);
        assert_null(recording);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_says_what_it_is),
        cmocka_unit_test(a_probe_is_a_score_for_any_beginning),
        cmocka_unit_test(any_bytes_are_read_or_refused_in_a_sentence),
        cmocka_unit_test(a_name_that_does_not_exist_is_not_found),
        cmocka_unit_test(options_out_of_reason_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
