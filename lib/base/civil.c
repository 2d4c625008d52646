/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/civil.h"

#include <math.h>

enum { DAYS_PER_400_YEARS = 146097, SECONDS_PER_DAY = 86400 };

/* The year is taken to begin in March, so that the leap day is its last; day 0 is then 1 March of
 * year 0, and 1970-01-01 is day 719468. */
int64_t civil_days(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t month_from_march = month > 2 ? month - 3 : month + 9;
    int64_t before_month = (153 * month_from_march + 2) / 5; /* months of 31, 30, 31, 30, 31 days */
    int64_t cycle = y / 400, year_of_cycle = y % 400;
    int64_t before_year = 365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100;
    return cycle * DAYS_PER_400_YEARS + before_year + before_month + day - 1 - 719468;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

bool civil_to_unix_s(const struct civil *c, double *unix_s)
{
    if (c->year < 1 || c->year > 9999 || c->month < 1 || c->month > 12) return false;
    if (c->day < 1 || c->day > days_in_month(c->year, c->month)) return false;
    if (c->hour < 0 || c->hour > 23 || c->minute < 0 || c->minute > 59) return false;
    if (!(c->second >= 0 && c->second < 60)) return false;
    int64_t day_s = SECONDS_PER_DAY * civil_days(c->year, c->month, c->day);
    *unix_s = (double)(day_s + INT64_C(3600) * c->hour + INT64_C(60) * c->minute) + c->second;
    return true;
}

/* Inverse of civil_days(), by the same year that begins in March. */
static void date_of_day(int64_t day_1970, struct civil *out)
{
    int64_t day = day_1970 + 719468; /* since 1 March of year 0; positive from year 1 on */
    int64_t cycle = day / DAYS_PER_400_YEARS, in_cycle = day % DAYS_PER_400_YEARS;
    int64_t leap_days = in_cycle / 1460 - in_cycle / 36524 + in_cycle / (DAYS_PER_400_YEARS - 1);
    int64_t year_of_cycle = (in_cycle - leap_days) / 365;
    int64_t in_year = in_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    int month_from_march = (int)((5 * in_year + 2) / 153);
    out->day = (int)(in_year - (153 * month_from_march + 2) / 5) + 1;
    out->month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    out->year = (int)(400 * cycle + year_of_cycle) + (out->month <= 2);
}

bool civil_from_unix_s(double unix_s, struct civil *out)
{
    static const double year_1_s = -62135596800.0, year_10000_s = 253402300800.0;
    if (!(unix_s >= year_1_s && unix_s < year_10000_s - 0.0005)) return false;
    int64_t ms = (int64_t)floor(unix_s * 1000 + 0.5), ms_per_day = INT64_C(1000) * SECONDS_PER_DAY;
    int64_t day = ms / ms_per_day - (ms % ms_per_day < 0);
    int64_t in_day = ms - day * ms_per_day;
    date_of_day(day, out);
    out->hour = (int)(in_day / 3600000);
    out->minute = (int)(in_day / 60000 % 60);
    out->second = (double)(in_day % 60000) / 1000;
    return true;
}

/* Exactly `digits` digits at text[at]. */
static bool fixed_number(const char *text, size_t n, size_t at, size_t digits, int *value)
{
    if (at + digits > n) return false;
    *value = 0;
    for (size_t i = at; i < at + digits; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        *value = 10 * *value + (text[i] - '0');
    }
    return true;
}

/* Digits behind the mark at text[at] as a fraction of 1; how many bytes with the mark. */
static size_t fraction(const char *text, size_t n, size_t at, double *value)
{
    *value = 0;
    if (at >= n || (text[at] != '.' && text[at] != ',' && text[at] != ':')) return 0;
    double part = 0, whole = 1;
    size_t i = at + 1;
    for (; i < n && text[i] >= '0' && text[i] <= '9'; i++) {
        if (whole >= 1e15) continue;
        part = 10 * part + (text[i] - '0');
        whole *= 10;
    }
    if (i == at + 1) return 0;
    *value = part / whole;
    return i - at;
}

size_t civil_parse(const char *text, size_t n, double *unix_s)
{
    struct civil c;
    int second;
    if (!fixed_number(text, n, 0, 4, &c.year) || !fixed_number(text, n, 5, 2, &c.month) ||
        !fixed_number(text, n, 8, 2, &c.day) || !fixed_number(text, n, 11, 2, &c.hour) ||
        !fixed_number(text, n, 14, 2, &c.minute) || !fixed_number(text, n, 17, 2, &second))
        return 0;
    if (text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return 0;
    if (text[10] != ' ' && text[10] != 'T') return 0;
    double part;
    size_t behind = fraction(text, n, 19, &part);
    c.second = second + part;
    return civil_to_unix_s(&c, unix_s) ? 19 + behind : 0;
}

static size_t count_digits(const char *text, size_t n, size_t at)
{
    size_t i = at;
    while (i < n && text[i] >= '0' && text[i] <= '9') i++;
    return i - at;
}

size_t civil_zone(const char *text, size_t n, double *offset_s)
{
    int hours, minutes = 0;
    if (n && (text[0] == 'Z' || text[0] == 'z')) {
        *offset_s = 0;
        return 1;
    }
    if (!n || (text[0] != '+' && text[0] != '-')) return 0;
    size_t digits = count_digits(text, n, 1);
    size_t whole = digits == 1 ? 1 : 2;
    if (!fixed_number(text, n, 1, whole, &hours)) return 0;
    size_t at = 1 + whole;
    if (digits == 4 && fixed_number(text, n, at, 2, &minutes))
        at += 2;
    else if (digits <= 2 && at < n && text[at] == ':' && fixed_number(text, n, at + 1, 2, &minutes))
        at += 3;
    else if (digits > 2)
        return 0;
    if (hours > 15 || minutes > 59) return 0;
    *offset_s = (text[0] == '-' ? -60.0 : 60.0) * (60 * hours + minutes);
    return at;
}
