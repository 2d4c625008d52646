/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/pen.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/civil.h"
#include "base/text.h"

void *pen_room(struct pen *pen, size_t n, size_t size)
{
    void *room = arena_zalloc(pen->arena, n ? n : 1, size);
    if (!room) pen->failed = 1;
    return room;
}

const char *pen_word(const struct pen *pen, enum word word)
{
    return pen->language->word[word];
}

const char *pen_print(struct pen *pen, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = text_vprint(NULL, 0, format, args);
    char *text = length < 0 ? NULL : PEN_NEW(pen, (size_t)length + 1, char);
    if (text) text_vprint(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(args);
    return text ? text : "";
}

static const char *filling(const char *at, const char *const *texts, size_t n)
{
    if (at[0] != '{' || at[1] < '1' || at[1] > '9' || at[2] != '}') return NULL;
    size_t index = (size_t)(at[1] - '1');
    return index < n ? texts[index] : "";
}

const char *pen_fill(struct pen *pen, enum word word, const char *const *texts, size_t n)
{
    const char *pattern = pen_word(pen, word);
    size_t length = strlen(pattern) + 1;
    for (const char *c = pattern; *c; c++) {
        const char *text = filling(c, texts, n);
        if (text) length += strlen(text);
    }
    char *out = PEN_NEW(pen, length, char), *at = out;
    if (!out) return "";
    for (const char *c = pattern; *c; c++) {
        const char *text = filling(c, texts, n);
        if (!text) {
            *at++ = *c;
            continue;
        }
        size_t m = strlen(text);
        memcpy(at, text, m);
        at += m;
        c += 2;
    }
    return out;
}

static const char dash[] = "\xe2\x80\x93", minus[] = "\xe2\x88\x92";

const char *pen_number(struct pen *pen, double value, int decimals)
{
    char text[64];
    if (!isfinite(value)) return dash;
    text_print(text, sizeof text, "%.*f", decimals, fabs(value));
    int is_zero = strspn(text, "0.") == strlen(text);
    char *point = strchr(text, '.');
    if (!point) return pen_print(pen, "%s%s", value < 0 && !is_zero ? minus : "", text);
    *point = '\0';
    return pen_print(pen, "%s%s%s%s", value < 0 && !is_zero ? minus : "", text,
                     pen->language->decimal_point, point + 1);
}

const char *pen_range(struct pen *pen, double low, double high, int decimals)
{
    const char *from = pen_number(pen, low, decimals), *to = pen_number(pen, high, decimals);
    if (low < 0 || high < 0) return FILL(pen, W_FROM_TO, from, to);
    return pen_print(pen, "%s%s%s", from, dash, to);
}

const char *pen_date_time(struct pen *pen, const char *iso)
{
    double unix_s;
    struct civil civil;
    if (!civil_parse(iso, strlen(iso), &unix_s) || !civil_from_unix_s(unix_s, &civil))
        return pen_plain(pen, iso);
    return FILL(pen, W_DATE_TIME, pen_print(pen, "%d", civil.day),
                pen->language->months[civil.month - 1], pen_print(pen, "%d", civil.year),
                pen_print(pen, "%02d:%02d", civil.hour, civil.minute));
}

/* Four hexadecimal digits behind \u; -1 if it is no escape. */
static int32_t escaped_unit(const char *text)
{
    if (text[0] != '\\' || text[1] != 'u') return -1;
    int32_t unit = 0;
    for (int i = 2; i < 6; i++) {
        char c = text[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0) return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* One character of UTF-8, U+FFFD for what is none; how many bytes it took. */
static size_t next_utf8(const char *text, uint32_t *code)
{
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)text[0];
    size_t n = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    *code = n == 1 ? first : n ? first & (0x7fU >> n) : 0xfffd;
    for (size_t i = 1; i < n; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte & 0xc0) != 0x80) {
            *code = 0xfffd;
            return i;
        }
        *code = *code << 6 | (byte & 0x3fU);
    }
    if (*code < smallest[n] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000))
        *code = 0xfffd;
    return n ? n : 1;
}

/* One character of a summary's text; how many bytes it took. */
static size_t next_character(const char *text, uint32_t *code)
{
    int32_t high = escaped_unit(text);
    if (high < 0) return next_utf8(text, code);
    int32_t low = high >= 0xd800 && high < 0xdc00 ? escaped_unit(text + 6) : -1;
    if (low >= 0xdc00 && low < 0xe000) {
        *code = 0x10000 + (((uint32_t)high - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
        return 12;
    }
    *code = high >= 0xd800 && high < 0xe000 ? 0xfffd : (uint32_t)high;
    return 6;
}

/* Control characters are in no font and not allowed in XML; the others turn the direction of what
 * stands around them, hide, or are no characters. */
static int is_unwelcome(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c & 0xfffe) == 0xfffe;
}

static char *put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xc0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *out++ = (char)(0xe0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    } else {
        *out++ = (char)(0xf0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3f));
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    }
    return out;
}

const char *pen_plain(struct pen *pen, const char *summary_text)
{
    /* A byte that is no character takes three. */
    char *out = PEN_NEW(pen, 3 * strlen(summary_text) + 1, char), *at = out;
    if (!out) return "";
    for (const char *in = summary_text; *in;) {
        uint32_t c;
        in += next_character(in, &c);
        if (!is_unwelcome(c)) at = put_utf8(at, c);
    }
    return out;
}

const char *pen_short(struct pen *pen, const char *utf8, size_t most)
{
    size_t n = 0, bytes = 0;
    for (; utf8[bytes]; bytes++) {
        if (((unsigned char)utf8[bytes] & 0xc0) == 0x80) continue;
        if (n++ == most) return pen_print(pen, "%.*s\xe2\x80\xa6", (int)bytes, utf8);
    }
    return utf8;
}

const char *pen_capital(struct pen *pen, const char *text)
{
    const char *copy = pen_print(pen, "%s", text);
    if (copy[0] < 'a' || copy[0] > 'z') return copy;
    return pen_print(pen, "%c%s", copy[0] - 'a' + 'A', copy + 1);
}
