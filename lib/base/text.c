/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/text.h"

#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_starts_with(const char *text, const char *prefix)
{
    for (; *prefix; text++, prefix++)
        if (lower(*text) != lower(*prefix)) return false;
    return true;
}

bool text_equal(const char *a, const char *b)
{
    return text_starts_with(a, b) && strlen(a) == strlen(b);
}

bool text_ends_with(const char *text, const char *suffix)
{
    size_t n = strlen(text), k = strlen(suffix);
    return n >= k && text_equal(text + n - k, suffix);
}

const char *text_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static locale_t made_once;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_locale(void)
{
    made_once = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

locale_t text_c_locale(void)
{
    pthread_once(&once, make_locale);
    return made_once;
}

int text_vprint(char *out, size_t room, const char *format, va_list args)
{
    locale_t plain = text_c_locale();
    locale_t host = plain ? uselocale(plain) : (locale_t)0;
    int length = vsnprintf(out, room, format, args);
    if (plain) uselocale(host);
    return length;
}

bool text_print(char *out, size_t room, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = text_vprint(out, room, format, args);
    va_end(args);
    return length >= 0 && (size_t)length < room;
}
