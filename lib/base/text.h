/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <locale.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Text and number parsing and printing that no locale of the host can change. */

/* ASCII case-insensitive. */
bool text_equal(const char *a, const char *b);
bool text_starts_with(const char *text, const char *prefix);
bool text_ends_with(const char *text, const char *suffix);

/* The last component of a path; a view into it. */
const char *text_base_name(const char *path);

/* printf into room bytes; true if all of it fitted. */
bool text_print(char *out, size_t room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* vsnprintf in the C locale. */
int text_vprint(char *out, size_t room, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

/* The C locale for strtod_l and the like; made once, (locale_t)0 if memory was out. */
locale_t text_c_locale(void);

/* The decimal number at the start of text[0..n): how many bytes it took, 0 if there is none.
 * Correctly rounded. Accepts sign, digits, one decimal_point, exponent; nan and inf in any case. */
size_t number_parse(const char *text, size_t n, char decimal_point, double *value);

/* A whole number over all of text[0..n), as 64 bits: true if it is one and fits. */
bool integer_parse(const char *text, size_t n, int64_t *value);

/* The whole of a NUL-terminated text as a finite number: true if it is one, to its last character.
 */
bool number_from_text(const char *text, double *value);

/* Shortest decimal text that reads back as the same double, "." as point; NaN is "nan". Returns
 * out. */
enum { NUMBER_ROOM = 32 };
char *number_to_text(double value, char out[NUMBER_ROOM]);

#endif
