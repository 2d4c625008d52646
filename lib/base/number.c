/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/text.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NUMBER = 400, MOST_EXACT_POWER = 22 };

static const double power_of_ten[MOST_EXACT_POWER + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/* What a decimal number is made of, as far as it was read. */
struct decimal {
    uint64_t digits;   /* all digits as one whole number */
    int n_significant; /* digits without leading zeros; above 19 the number is not exact here */
    int power;         /* of ten */
    int negative;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits from text on; how many bytes. */
static size_t read_digits(const char *text, size_t n, struct decimal *d)
{
    size_t i = 0;
    for (; i < n && is_digit(text[i]); i++) {
        if (d->digits || text[i] != '0') d->n_significant++;
        d->digits = 10 * d->digits + (uint64_t)(text[i] - '0');
    }
    return i;
}

static size_t read_exponent(const char *text, size_t n, struct decimal *d)
{
    size_t i = 1; /* past the e */
    int sign = 1, exponent = 0;
    if (i < n && (text[i] == '+' || text[i] == '-')) sign = text[i++] == '-' ? -1 : 1;
    if (i >= n || !is_digit(text[i])) return 0;
    for (; i < n && is_digit(text[i]); i++)
        if (exponent < 10000) exponent = 10 * exponent + (text[i] - '0');
    d->power += sign * exponent;
    return i;
}

static size_t read_word(const char *text, size_t n, double *value)
{
    static const struct {
        const char *word;
        double value;
    } words[] = {{"infinity", INFINITY}, {"inf", INFINITY}, {"nan", NAN}};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        size_t length = strlen(words[k].word);
        char head[9] = {0};
        if (n < length) continue;
        memcpy(head, text, length);
        if (!text_equal(head, words[k].word)) continue;
        *value = words[k].value;
        return length;
    }
    return 0;
}

/* Correct rounding for what the fast path cannot do, in the C locale. */
static double convert_slowly(const char *text, size_t n, char decimal_point)
{
    char copy[LONGEST_NUMBER + 1];
    if (n > LONGEST_NUMBER) n = LONGEST_NUMBER;
    for (size_t i = 0; i < n; i++) copy[i] = text[i] == decimal_point ? '.' : text[i];
    copy[n] = '\0';
    locale_t plain = text_c_locale();
    locale_t host = plain ? uselocale(plain) : (locale_t)0;
    double value = strtod(copy, NULL);
    if (plain) uselocale(host);
    return value;
}

/* A whole number below 2^53 times or over an exact power of ten rounds once, so it is correctly
 * rounded (Clinger 1990, doi 10.1145/93542.93557). */
static bool convert_exactly(const struct decimal *d, double *value)
{
    if (d->n_significant > 19 || d->digits > (UINT64_C(1) << 53)) return false;
    if (d->power < -MOST_EXACT_POWER || d->power > MOST_EXACT_POWER) return false;
    double x = (double)d->digits;
    *value = d->power < 0 ? x / power_of_ten[-d->power] : x * power_of_ten[d->power];
    return true;
}

size_t number_parse(const char *text, size_t n, char decimal_point, double *value)
{
    struct decimal d = {0, 0, 0, 0};
    size_t i = 0;
    if (i < n && (text[i] == '-' || text[i] == '+')) d.negative = text[i++] == '-';
    size_t first = i;
    size_t whole = read_digits(text + i, n - i, &d), fraction = 0;
    i += whole;
    if (i < n && text[i] == decimal_point) {
        fraction = read_digits(text + i + 1, n - i - 1, &d);
        if (whole + fraction) i += 1 + fraction;
        d.power = -(int)fraction;
    }
    if (!whole && !fraction) {
        size_t word = read_word(text + first, n - first, value);
        if (word && d.negative) *value = -*value;
        return word ? first + word : 0;
    }
    if (i < n && (text[i] == 'e' || text[i] == 'E')) i += read_exponent(text + i, n - i, &d);
    double size;
    if (!convert_exactly(&d, &size)) size = convert_slowly(text + first, i - first, decimal_point);
    *value = d.negative ? -size : size;
    return i;
}

bool integer_parse(const char *text, size_t n, int64_t *value)
{
    size_t i = 0;
    bool negative = n && text[0] == '-';
    if (n && (text[0] == '-' || text[0] == '+')) i++;
    if (i == n) return false;
    uint64_t limit = negative ? UINT64_C(1) << 63 : INT64_MAX, size = 0;
    for (; i < n; i++) {
        if (!is_digit(text[i])) return false;
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (size > (limit - digit) / 10) return false;
        size = 10 * size + digit;
    }
    *value = negative ? (int64_t)(0 - size) : (int64_t)size;
    return true;
}

bool number_from_text(const char *text, double *value)
{
    double found;
    size_t n = strlen(text);
    if (!n || number_parse(text, n, '.', &found) != n || !isfinite(found)) return false;
    *value = found;
    return true;
}

char *number_to_text(double value, char out[NUMBER_ROOM])
{
    if (isnan(value)) {
        memcpy(out, "nan", 4);
        return out;
    }
    /* Fifteen digits of a normal number are always kept, of a subnormal one perhaps none. */
    int fewest = fabs(value) < DBL_MIN ? 1 : 15;
    for (int digits = fewest; digits <= 17; digits++) {
        double back;
        text_print(out, NUMBER_ROOM, "%.*g", digits, value);
        if (number_parse(out, strlen(out), '.', &back) && !(back < value) && !(back > value)) break;
    }
    return out;
}
