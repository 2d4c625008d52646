/* SPDX-License-Identifier: BSD-3-Clause */
#include "make_geneactiv.h"
#include "near.h"
#include "read_all.h"

/* Seconds since 1970 of 2024-05-06 07:00:00, from GNU date. */
static const double seven_s = 1714978800;

static void sample(uint64_t i, int xyz[3])
{
    xyz[0] = (int)(i % 200) - 100;
    xyz[1] = (int)(i * 7 % 190) - 100;
    xyz[2] = 250 + (int)(i % 13);
}

static void add_pages(struct geneactiv *made, size_t first, size_t n)
{
    int xyz[GENEACTIV_PER_PAGE][3];
    for (size_t page = first; page < first + n; page++) {
        for (size_t i = 0; i < GENEACTIV_PER_PAGE; i++)
            sample(page * GENEACTIV_PER_PAGE + i, xyz[i]);
        geneactiv_page(made, (const int(*)[3])xyz, GENEACTIV_PER_PAGE);
    }
}

static struct whole read_made(const struct geneactiv *made)
{
    struct whole w;
    gait_error err = {0};
    assert_ok(read_memory(&w, "made.bin", made->file.bytes, made->file.n, &err), err);
    return w;
}

static void assert_sample(const struct whole *w, size_t at, uint64_t i)
{
    static const double offset[3] = {256, -512, 0};
    int xyz[3];
    sample(i, xyz);
    for (size_t k = 0; k < 3; k++)
        assert_near((double)w->accel_g[3 * at + k], (100 * xyz[k] - offset[k]) / 25600, 1e-6,
                    "g = (100 raw - offset) / gain");
}

static void samples_come_back_in_g_with_both_line_ends(void **state)
{
    (void)state;
    const char *const ends[] = {"\n", "\r\n"};
    for (size_t e = 0; e < 2; e++) {
        struct geneactiv made = {.line_end = ends[e], .rate_hz = 50, .clock_s = 3.5};
        geneactiv_begin(&made, "50 Hz");
        add_pages(&made, 0, 40);
        struct whole w = read_made(&made);
        assert_int_equal(w.n, 12000);
        for (size_t i = 0; i < w.n; i++) assert_sample(&w, i, i);
        assert_string_equal(w.device, "GENEActiv 1.1 012967");
        assert_int_equal(w.info.placement, GAIT_SHANK);
        assert_int_equal(w.info.side, GAIT_LEFT);
        assert_near(w.info.range_g, 8, 0, "-8 to 8");
        assert_near(w.info.start_unix_s, seven_s + 3.5 - 3600, 1e-3, "an hour ahead of UTC");
        whole_free(&w);
        out_free(&made.file);
    }
}

static void half_seconds_of_the_page_clock_do_not_reach_the_rate(void **state)
{
    (void)state;
    struct geneactiv made = {.line_end = "\n", .rate_hz = 85.7, .clock_s = 100.2};
    geneactiv_begin(&made, "85,7 Hz");
    add_pages(&made, 0, 300);
    struct whole w = read_made(&made);
    assert_near(w.info.nominal_rate_hz, 85.7, 0, "a decimal comma");
    for (size_t i = 300; i < w.n; i += 300)
        assert_near(w.time_s[i] - w.time_s[i - 300], 300 / 85.7, 300 / 85.7 * 0.0006,
                    "no page's rate is off by more than 0.06 %");
    assert_near(w.time_s[w.n - 1] - w.time_s[0], (double)(w.n - 1) / 85.7, 0.5,
                "and the end is where the clock has it, to its half second");
    whole_free(&w);
    out_free(&made.file);
}

static void a_page_later_than_it_should_be_begins_a_segment(void **state)
{
    (void)state;
    struct geneactiv made = {.line_end = "\n", .rate_hz = 50};
    geneactiv_begin(&made, "50 Hz");
    add_pages(&made, 0, 20);
    made.clock_s += 60;
    add_pages(&made, 20, 20);
    struct whole w = read_made(&made);
    assert_int_equal(w.n, 12000);
    assert_sample(&w, 6000, 6000);
    assert_near(w.time_s[11999], 12000 / 50.0 + 60, 0.3, "a minute is missing");
    whole_free(&w);
    out_free(&made.file);
}

static void a_line_cut_in_mid_sample_keeps_the_whole_ones(void **state)
{
    (void)state;
    struct geneactiv made = {.line_end = "\r\n", .rate_hz = 50};
    geneactiv_begin(&made, "50 Hz");
    add_pages(&made, 0, 5);
    made.file.n -= 2 + 100 * 12 - 5;
    struct whole w = read_made(&made);
    assert_int_equal(w.n, 1400);
    assert_sample(&w, 1399, 1399);
    whole_free(&w);
    out_free(&made.file);
}

static void a_damaged_sample_ends_its_page(void **state)
{
    (void)state;
    struct geneactiv made = {.line_end = "\n", .rate_hz = 50};
    geneactiv_begin(&made, "50 Hz");
    add_pages(&made, 0, 5);
    size_t damage = made.file.n - 1 - 3600 + 1207, line = 1;
    char place[32];
    made.file.bytes[damage] = '?';
    for (size_t i = 0; i < damage; i++) line += made.file.bytes[i] == '\n';
    snprintf(place, sizeof place, "line %zu", line);
    struct whole w = read_made(&made);
    assert_int_equal(w.n, 1300);
    assert_int_equal(w.quality.n_bad_blocks, 1);
    assert_string_equal(w.quality.first_bad, place);
    whole_free(&w);
    out_free(&made.file);
}

static void a_header_without_calibration_is_refused(void **state)
{
    (void)state;
    struct geneactiv made = {.line_end = "\n", .rate_hz = 50};
    struct whole w;
    gait_error err = {0};
    geneactiv_line(&made, "Device Identity", "");
    geneactiv_line(&made, "Measurement Frequency:", "50 Hz");
    add_pages(&made, 0, 2);
    assert_int_equal(read_memory(&w, "made.bin", made.file.bytes, made.file.n, &err), GAIT_FORMAT);
    assert_string_equal(err.text, "made.bin: no line \"x gain\" with a number above 0");
    out_free(&made.file);
}

static void every_cut_of_a_file_is_read_or_refused(void **state)
{
    (void)state;
    struct geneactiv made = {.line_end = "\n", .rate_hz = 50};
    geneactiv_begin(&made, "50 Hz");
    add_pages(&made, 0, 3);
    for (size_t n = 0; n < made.file.n; n += 47) {
        struct whole w;
        gait_error err = {0};
        gait_status st = read_memory(&w, "made.bin", made.file.bytes, n, &err);
        if (st) assert_int_equal(strlen(err.text) > 0, 1);
        whole_free(&w);
    }
    out_free(&made.file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_come_back_in_g_with_both_line_ends),
        cmocka_unit_test(half_seconds_of_the_page_clock_do_not_reach_the_rate),
        cmocka_unit_test(a_page_later_than_it_should_be_begins_a_segment),
        cmocka_unit_test(a_line_cut_in_mid_sample_keeps_the_whole_ones),
        cmocka_unit_test(a_damaged_sample_ends_its_page),
        cmocka_unit_test(a_header_without_calibration_is_refused),
        cmocka_unit_test(every_cut_of_a_file_is_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
