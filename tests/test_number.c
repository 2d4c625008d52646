/* SPDX-License-Identifier: BSD-3-Clause */
#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/text.h"
#include "near.h"

enum { MANY = 1000000 };

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static void assert_reads_as_strtod_does(const char *text)
{
    double got = -1, want = strtod(text, NULL);
    size_t used = number_parse(text, strlen(text), '.', &got);
    if (used == strlen(text) && bits_of(got) == bits_of(want)) return;
    print_error("'%s': got %.17g after %zu bytes, want %.17g\n", text, got, used, want);
    fail();
}

/* Digits as files have them: 1 to 20 of them, a point anywhere, now and then an exponent. */
static void random_decimal(struct prng *prng, char *text, size_t room)
{
    int digits = 1 + (int)prng_below(prng, 20), point = (int)prng_below(prng, 21);
    size_t n = 0;
    if (prng_below(prng, 2)) text[n++] = '-';
    for (int i = 0; i < digits; i++) {
        if (i == point) text[n++] = '.';
        text[n++] = (char)('0' + prng_below(prng, 10));
    }
    text[n] = '\0';
    if (prng_below(prng, 4) == 0)
        snprintf(text + n, room - n, "e%d", (int)prng_below(prng, 640) - 330);
}

static void a_million_decimals_read_exactly_as_strtod_reads_them(void **state)
{
    (void)state;
    struct prng prng;
    prng_seed(&prng, 11);
    char text[64];
    for (int i = 0; i < MANY; i++) {
        random_decimal(&prng, text, sizeof text);
        assert_reads_as_strtod_does(text);
    }
}

static void what_was_printed_in_full_reads_back(void **state)
{
    (void)state;
    struct prng prng;
    prng_seed(&prng, 12);
    for (int i = 0; i < MANY / 10; i++) {
        uint64_t bits = prng_bits(&prng);
        double x;
        memcpy(&x, &bits, sizeof x);
        if (!isfinite(x)) continue;
        char text[40];
        snprintf(text, sizeof text, "%.17g", x);
        assert_reads_as_strtod_does(text);
    }
}

static void the_hard_cases_are_right_too(void **state)
{
    (void)state;
    static const char *const cases[] = {"0",
                                        "-0",
                                        "0.0",
                                        "00012.5",
                                        ".5",
                                        "5.",
                                        "1e0",
                                        "1E+2",
                                        "1e-2",
                                        "9007199254740992",
                                        "9007199254740993",
                                        "9007199254740993.0000000000000000000001",
                                        "0.1",
                                        "1.7976931348623157e308",
                                        "1.7976931348623159e308",
                                        "1e400",
                                        "1e-400",
                                        "4.9406564584124654e-324",
                                        "2.4703282292062327e-324",
                                        "2.4703282292062328e-324",
                                        "2.2250738585072011e-308",
                                        "123456789012345678901234567890",
                                        "0.000000000000000000000001",
                                        "1000000000000000000000000e-24",
                                        "18446744073709551616",
                                        "99999999999999999999",
                                        "8.5e22",
                                        "1e23",
                                        "6.02214076e23"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) assert_reads_as_strtod_does(cases[i]);
}

static void a_number_ends_where_it_ends(void **state)
{
    (void)state;
    const struct {
        const char *text;
        char point;
        size_t used;
        double value;
    } cases[] = {
        {"1.5,2", '.', 3, 1.5},
        {"1,5;2", ',', 3, 1.5},
        {"12abc", '.', 2, 12},
        {"1e", '.', 1, 1},
        {"1e+", '.', 1, 1},
        {"1.2.3", '.', 3, 1.2},
        {"+4", '.', 2, 4},
        {"--4", '.', 0, 0},
        {".", '.', 0, 0},
        {"", '.', 0, 0},
        {"e5", '.', 0, 0},
        {" 1", '.', 0, 0},
        {"0x10", '.', 1, 0},
        {"-", '.', 0, 0},
        {"Infinity", '.', 8, INFINITY},
        {"-inf", '.', 4, -INFINITY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = 0;
        size_t n = strlen(cases[i].text);
        assert_int_equal(number_parse(cases[i].text, n, cases[i].point, &value), cases[i].used);
        if (cases[i].used) assert_true(bits_of(value) == bits_of(cases[i].value));
    }
    double value = 0;
    assert_int_equal(number_parse("NaN", 3, '.', &value), 3);
    assert_true(isnan(value));
    assert_int_equal(number_parse("12345", 3, '.', &value), 3);
    assert_near(value, 123, 0, "not a byte beyond n is read");
}

static void a_number_of_absurd_length_is_read_to_its_end(void **state)
{
    (void)state;
    enum { LONG = 5000 };
    static char text[LONG + 1];
    memset(text, '0', LONG);
    text[1] = '.';
    text[LONG - 1] = '1';
    double value = -1;
    assert_int_equal(number_parse(text, LONG, '.', &value), LONG);
    assert_near(value, 0, 1e-300, "0.000...1");
    memset(text, '1', LONG);
    assert_int_equal(number_parse(text, LONG, '.', &value), LONG);
    assert_true(isinf(value));
}

static void whole_numbers_fit_or_are_refused(void **state)
{
    (void)state;
    const struct {
        const char *text;
        bool is_one;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"-1", true, -1},
        {"+17", true, 17},
        {"9223372036854775807", true, INT64_MAX},
        {"9223372036854775808", false, 0},
        {"-9223372036854775808", true, INT64_MIN},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"1.0", false, 0},
        {"12 ", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t value = 0;
        assert_int_equal(integer_parse(cases[i].text, strlen(cases[i].text), &value),
                         cases[i].is_one);
        if (cases[i].is_one) assert_true(value == cases[i].value);
    }
}

static void an_argument_is_a_finite_number_to_its_last_character(void **state)
{
    (void)state;
    double value = 0;
    assert_true(number_from_text("-1.25e1", &value));
    assert_near(value, -12.5, 0, "value");
    static const char *const refused[] = {"",    "1x",    " 1",  "1 ", "nan",
                                          "inf", "1e999", "1,5", "--1"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_false(number_from_text(refused[i], &value));
    assert_near(value, -12.5, 0, "untouched when refused");
}

static void the_shortest_text_that_reads_back_is_printed(void **state)
{
    (void)state;
    const struct {
        double value;
        const char *text;
    } cases[] = {{0.1, "0.1"},       {1, "1"},
                 {-2.5, "-2.5"},     {1.0 / 3, "0.3333333333333333"},
                 {1e22, "1e+22"},    {NAN, "nan"},
                 {0, "0"},           {INFINITY, "inf"},
                 {5e-324, "5e-324"}, {0.1 + 0.2, "0.30000000000000004"}};
    char out[NUMBER_ROOM];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(number_to_text(cases[i].value, out), cases[i].text);

    struct prng prng;
    prng_seed(&prng, 13);
    for (int i = 0; i < MANY / 20; i++) {
        uint64_t bits = prng_bits(&prng);
        double x;
        memcpy(&x, &bits, sizeof x);
        if (!isfinite(x)) continue;
        assert_true(bits_of(strtod(number_to_text(x, out), NULL)) == bits_of(x));
    }
}

/* Needs a locale that writes a comma; a bare system has none. */
static void the_locale_of_the_host_changes_nothing(void **state)
{
    (void)state;
    static const char *const commas[] = {"de_DE.UTF-8", "de_DE.utf8",  "de_DE",
                                         "fr_FR.UTF-8", "nl_NL.UTF-8", "es_ES.UTF-8"};
    const char *folder = getenv("GAIT_LOCALE_DIR");
    assert_non_null(text_c_locale()); /* made before the host's locale changes */
    if (folder) setenv("LOCPATH", folder, 1);
    size_t i = 0;
    while (i < sizeof commas / sizeof *commas && !setlocale(LC_ALL, commas[i])) i++;
    if (i == sizeof commas / sizeof *commas)
        skip_because("no locale with a decimal comma is installed");
    char host[16], out[NUMBER_ROOM];
    snprintf(host, sizeof host, "%.1f", 1.5);
    assert_string_equal(host, "1,5");
    double value = 0;
    const char *hard = "0.12345678901234567890123";
    assert_int_equal(number_parse(hard, strlen(hard), '.', &value), strlen(hard));
    assert_near(value, 0.12345678901234568, 0, "parsed");
    assert_string_equal(number_to_text(1.5, out), "1.5");
    assert_true(text_print(out, sizeof out, "%.2f", 2.25));
    assert_string_equal(out, "2.25");
    snprintf(host, sizeof host, "%.1f", 1.5);
    assert_string_equal(host, "1,5");
    setlocale(LC_ALL, "C");
    unsetenv("LOCPATH");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_million_decimals_read_exactly_as_strtod_reads_them),
        cmocka_unit_test(what_was_printed_in_full_reads_back),
        cmocka_unit_test(the_hard_cases_are_right_too),
        cmocka_unit_test(a_number_ends_where_it_ends),
        cmocka_unit_test(a_number_of_absurd_length_is_read_to_its_end),
        cmocka_unit_test(whole_numbers_fit_or_are_refused),
        cmocka_unit_test(an_argument_is_a_finite_number_to_its_last_character),
        cmocka_unit_test(the_shortest_text_that_reads_back_is_printed),
        cmocka_unit_test(the_locale_of_the_host_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
