/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Dates and clock times without any time zone: wall clock to seconds since 1970 on the same clock.
 */

struct civil {
    int year, month, day; /* Gregorian, month and day from 1 */
    int hour, minute;
    double second; /* below 60 */
};

/* Days since 1970-01-01; any year from 1 on. */
int64_t civil_days(int year, int month, int day);

/* False if there is no such day or time. */
bool civil_to_unix_s(const struct civil *civil, double *unix_s);

/* The other way, to the nearest millisecond; false outside the years 1 to 9999. */
bool civil_from_unix_s(double unix_s, struct civil *out);

/* "2024-05-06 07:08:09.25" at the start of text[0..n), also with T, and with the fraction behind
 * '.', ',' or ':' (some loggers write it so) or left out: how many bytes it took, 0 if there is no
 * such time. What follows, such as a zone, is the caller's. */
size_t civil_parse(const char *text, size_t n, double *unix_s);

/* "Z", "+02:00", "-0330", "+2" at the start of text[0..n): how many bytes it took, 0 if there is no
 * zone, and offset_s untouched; local time minus UTC. */
size_t civil_zone(const char *text, size_t n, double *offset_s);

#endif
