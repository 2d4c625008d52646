/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/csv_time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/fail.h"
#include "base/text.h"

static const int64_t ns_per_s = 1000000000;
static const int64_t dotnet_origin = INT64_C(621355968000000000); /* 100 ns from year 1 to 1970 */
static const double serial_origin = 25569;                        /* days from 1899-12-30 */

static const int64_t power_of_ten[19] = {1,
                                         10,
                                         100,
                                         1000,
                                         10000,
                                         100000,
                                         1000000,
                                         10000000,
                                         100000000,
                                         1000000000,
                                         10000000000,
                                         100000000000,
                                         1000000000000,
                                         10000000000000,
                                         100000000000000,
                                         1000000000000000,
                                         10000000000000000,
                                         100000000000000000,
                                         1000000000000000000};

/* Times stay within this, so that no difference of two overflows; in ns it is the year 2096. */
static const int64_t most = INT64_C(4000000000000000000);

/* mantissa * 10^power, false if it is too large. */
static bool scale(int64_t mantissa, int power, int64_t *out)
{
    if (power < -18 || power > 18) return false;
    int64_t factor = power_of_ten[power < 0 ? -power : power];
    if (power >= 0 && (mantissa > most / factor || mantissa < -most / factor)) return false;
    *out = power < 0 ? mantissa / factor : mantissa * factor;
    return *out <= most && *out >= -most;
}

/* A decimal number as mantissa and decimals, exact; false if it has an exponent or too many
 * digits. */
static bool read_decimal(struct csv_cell cell, char decimal, int64_t *mantissa, int *decimals)
{
    size_t i = 0, digits = 0;
    bool negative = cell.n && cell.text[0] == '-';
    if (cell.n && (cell.text[0] == '-' || cell.text[0] == '+')) i++;
    int64_t m = 0;
    *decimals = -1;
    for (; i < cell.n; i++) {
        char c = cell.text[i];
        if (c == decimal && *decimals < 0) {
            *decimals = 0;
            continue;
        }
        if (c < '0' || c > '9' || (m && ++digits > 17 && m > (INT64_MAX - 9) / 10)) return false;
        m = 10 * m + (c - '0');
        if (*decimals >= 0) ++*decimals;
    }
    if (*decimals < 0) *decimals = 0;
    *mantissa = negative ? -m : m;
    return cell.n > 0;
}

/* Up to `longest` digits from text[*at]. */
static bool digits_at(const char *text, size_t n, size_t *at, size_t longest, int *value)
{
    size_t from = *at;
    *value = 0;
    while (*at < n && *at - from < longest && text[*at] >= '0' && text[*at] <= '9')
        *value = 10 * *value + (text[(*at)++] - '0');
    return *at > from;
}

static bool skip_one_of(const char *text, size_t n, size_t *at, const char *signs)
{
    if (*at >= n || !strchr(signs, text[*at])) return false;
    ++*at;
    return true;
}

/* Digits behind '.', ',' or ':' (or '_', as one exporter writes) as ns. */
static int64_t fraction_ns(const char *text, size_t n, size_t *at)
{
    size_t i = *at;
    if (i + 1 >= n || !strchr(".,:_", text[i]) || text[i + 1] < '0' || text[i + 1] > '9') return 0;
    int64_t ns = 0, unit = ns_per_s;
    for (i++; i < n && text[i] >= '0' && text[i] <= '9'; i++) {
        unit /= 10;
        ns += unit * (text[i] - '0');
    }
    *at = i;
    return ns;
}

static bool read_date(const char *text, size_t n, size_t *at, enum csv_date_order order, int ymd[3])
{
    int part[3];
    for (int k = 0; k < 3; k++) {
        if (k && !skip_one_of(text, n, at, "-/.")) return false;
        if (!digits_at(text, n, at, 4, &part[k])) return false;
    }
    if (order == DATE_UNSURE) order = DATE_DMY;
    if (part[0] > 31) order = DATE_YMD;
    int year = order == DATE_YMD ? 0 : 2, month = order == DATE_MDY ? 0 : 1;
    ymd[0] = part[year];
    ymd[1] = part[month];
    ymd[2] = part[3 - year - month];
    if (ymd[0] < 100) ymd[0] += 2000;
    return true;
}

/* "07:08:09.5", "07:08", with AM or PM behind it. */
static bool read_clock(const char *text, size_t n, size_t *at, int64_t *ns)
{
    int hour, minute, second = 0;
    if (!digits_at(text, n, at, 2, &hour) || !skip_one_of(text, n, at, ":") ||
        !digits_at(text, n, at, 2, &minute))
        return false;
    int64_t part = 0;
    if (skip_one_of(text, n, at, ":")) {
        if (!digits_at(text, n, at, 2, &second)) return false;
        part = fraction_ns(text, n, at);
    }
    size_t behind = *at;
    while (behind < n && text[behind] == ' ') behind++;
    if (behind + 2 <= n && strchr("AaPp", text[behind]) && strchr("Mm", text[behind + 1])) {
        hour = hour % 12 + (strchr("Pp", text[behind]) ? 12 : 0);
        *at = behind + 2;
    }
    if (hour > 23 || minute > 59 || second > 60) return false;
    *ns = (3600 * (int64_t)hour + 60 * minute + second) * ns_per_s + part;
    return true;
}

static size_t calendar_parse(const char *text, size_t n, enum csv_date_order order, int64_t *ns)
{
    size_t at = 0;
    int ymd[3];
    int64_t clock_ns = 0, day_ns;
    if (!read_date(text, n, &at, order, ymd)) return 0;
    struct civil day = {ymd[0], ymd[1], ymd[2], 0, 0, 0};
    double unix_s;
    if (!civil_to_unix_s(&day, &unix_s)) return 0;
    if (!(fabs(unix_s) * 1e9 < (double)most)) return 0;
    day_ns = (int64_t)unix_s * ns_per_s;
    if (at < n && strchr(" T_", text[at])) {
        while (at < n && strchr(" T_", text[at])) at++;
        if (!read_clock(text, n, &at, &clock_ns)) return 0;
    }
    *ns = day_ns + clock_ns;
    return at;
}

static const int64_t day_ns = INT64_C(86400000000000), hour_ns = INT64_C(3600000000000);

/* "mm:ss.f" is what a spreadsheet leaves of a time; "hh:mm:ss.f" is whole. */
static bool parse_clock(const struct csv_time *t, struct csv_cell cell, int64_t *ns)
{
    size_t at = 0;
    int minute, second;
    if (t->period == day_ns) return read_clock(cell.text, cell.n, &at, ns) && at == cell.n;
    if (!digits_at(cell.text, cell.n, &at, 2, &minute) ||
        !skip_one_of(cell.text, cell.n, &at, ":") || !digits_at(cell.text, cell.n, &at, 2, &second))
        return false;
    int64_t part = fraction_ns(cell.text, cell.n, &at);
    *ns = (60 * (int64_t)minute + second) * ns_per_s + part;
    return at == cell.n;
}

bool csv_moment_parse(struct csv_cell cell, enum csv_date_order order, int64_t *ns, double *zone_s)
{
    double offset_s = NAN;
    size_t at = calendar_parse(cell.text, cell.n, order, ns);
    if (!at) return false;
    while (at < cell.n && cell.text[at] == ' ') at++;
    if (cell.n - at >= 3 &&
        (text_starts_with(cell.text + at, "UTC") || text_starts_with(cell.text + at, "GMT"))) {
        at += 3;
        offset_s = 0;
    }
    at += civil_zone(cell.text + at, cell.n - at, &offset_s);
    if (isfinite(offset_s)) *ns -= (int64_t)offset_s * ns_per_s;
    *zone_s = offset_s;
    return at == cell.n;
}

/* The period behind a step back: 8, 16 or 32 bits, if that makes it a short step forward. */
static int64_t find_period(const struct csv_time *t, int64_t value, int64_t longest_step)
{
    static const int bits[] = {8, 16, 32};
    int power = t->kind == CSV_TIME_TICKS ? t->ns_power : 0;
    if (power > 6) return 0; /* nobody wraps seconds */
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        int64_t period = (INT64_C(1) << bits[i]) * power_of_ten[power];
        if (t->previous < period && value >= 0 && value + period - t->previous <= longest_step)
            return period;
    }
    return 0;
}

/* Unwraps; counts from the first row if so asked. */
static int64_t unwrap(struct csv_time *t, int64_t value, int64_t longest_step)
{
    if (!t->has_base) {
        t->has_base = 1;
        t->base = t->previous = value;
    }
    if (!t->period && longest_step && value < t->previous)
        t->period = find_period(t, value, longest_step);
    if (value >= t->period || t->previous > most) t->period = 0; /* it was no period after all */
    if (t->period) {
        int64_t step = value - t->previous % t->period;
        if (step < -t->period / 2) step += t->period;
        value = t->previous + step;
    }
    t->previous = value;
    return value - (t->from_first ? t->base : 0);
}

enum { LONGEST_COUNTER_STEP = 100000 };

bool csv_time_ticks(struct csv_time *t, int64_t mantissa, int decimals, double *stamp_s)
{
    int64_t value;
    if (t->kind == CSV_TIME_COUNTER) {
        if (!scale(mantissa, -decimals, &value)) return false;
        *stamp_s = (double)unwrap(t, value, LONGEST_COUNTER_STEP) / t->counter_rate_hz;
        return true;
    }
    if (t->origin && !decimals && mantissa > 0) mantissa -= t->origin;
    if (!scale(mantissa, t->ns_power - decimals, &value)) return false;
    /* Divided, not multiplied: 1e9 is exact, 1e-9 is not. */
    *stamp_s = (double)unwrap(t, value, 10 * ns_per_s) / 1e9;
    return true;
}

/* Exponents ("1.584614540601E12") leave what a double holds. */
static bool parse_inexact(struct csv_time *t, struct csv_cell cell, double *stamp_s)
{
    double value;
    if (number_parse(cell.text, cell.n, t->decimal, &value) != cell.n) return false;
    if (!(fabs(value) < (double)most)) return false;
    if (t->kind == CSV_TIME_COUNTER) return csv_time_ticks(t, (int64_t)value, 0, stamp_s);
    double ns = value * (double)power_of_ten[t->ns_power];
    if (!(fabs(ns) < (double)most)) return false;
    *stamp_s = (double)unwrap(t, llround(ns), 10 * ns_per_s) / 1e9;
    return true;
}

static bool parse_days(struct csv_time *t, struct csv_cell cell, double *stamp_s)
{
    double value;
    if (number_parse(cell.text, cell.n, t->decimal, &value) != cell.n) return false;
    if (!(fabs(value - serial_origin) < 1e5)) return false;
    *stamp_s = (double)unwrap(t, llround((value - serial_origin) * (double)day_ns), 0) / 1e9;
    return true;
}

bool csv_time_parse(struct csv_time *t, struct csv_cell cell, double *stamp_s)
{
    int64_t value;
    int decimals;
    double zone_s;
    switch (t->kind) {
    case CSV_TIME_NONE: return false;
    case CSV_TIME_SECONDS:
        return cell.n && number_parse(cell.text, cell.n, t->decimal, stamp_s) == cell.n &&
               isfinite(*stamp_s);
    case CSV_TIME_TICKS:
    case CSV_TIME_COUNTER:
        if (read_decimal(cell, t->decimal, &value, &decimals))
            return csv_time_ticks(t, value, decimals, stamp_s);
        return cell.n && parse_inexact(t, cell, stamp_s);
    case CSV_TIME_DAYS: return cell.n && parse_days(t, cell, stamp_s);
    case CSV_TIME_CALENDAR:
        if (!csv_moment_parse(cell, t->order, &value, &zone_s)) return false;
        break;
    case CSV_TIME_CLOCK:
        if (!parse_clock(t, cell, &value)) return false;
        break;
    }
    *stamp_s = (double)unwrap(t, value, 0) / 1e9;
    return true;
}

/* What is seen of the column at the start of the file. */
struct sample {
    const struct csv_cell *cells;
    size_t n;
    double first, step; /* first value, median of the steps forward */
    int whole;          /* all are whole numbers */
};

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

enum { MOST_STEPS = 1000 };

static void measure_sample(struct sample *s, char decimal)
{
    double steps[MOST_STEPS], previous = NAN, value;
    size_t n = 0;
    s->first = s->step = NAN;
    s->whole = 1;
    for (size_t i = 0; i < s->n && n < MOST_STEPS; i++) {
        if (!s->cells[i].n) continue;
        if (number_parse(s->cells[i].text, s->cells[i].n, decimal, &value) != s->cells[i].n)
            continue;
        if (!isfinite(value)) continue;
        if (isnan(s->first)) s->first = value;
        if (fabs(value - rint(value)) > 0) s->whole = 0;
        if (value > previous) steps[n++] = value - previous;
        previous = value;
    }
    if (!n) return;
    qsort(steps, n, sizeof *steps, by_value);
    s->step = steps[n / 2];
}

/* Whole values of about today in seconds, milli-, micro- and nanoseconds since 1970. */
static int power_of_epoch(double first)
{
    static const struct {
        double least;
        int power;
    } rows[] = {{1e17, 0}, {1e14, 3}, {1e11, 6}, {3e8, 9}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (first >= rows[i].least && first < rows[i].least * 43) return rows[i].power;
    return -1;
}

static const double latest_epoch_s = 4.3e9, earliest_epoch_s = 3e8;

static void take_ticks(struct csv_time *t, const struct sample *s, int power, int device_clock)
{
    double first_s = s->first * pow(10, power - 9);
    t->kind = CSV_TIME_TICKS;
    t->ns_power = power;
    int is_epoch = first_s > earliest_epoch_s && first_s < latest_epoch_s && !device_clock;
    t->from_first = is_epoch || device_clock;
    if (!is_epoch) return;
    t->start_unix_s = first_s;
    t->start_kind = GAIT_TIME_UTC;
}

static int power_of_unit(const char *unit)
{
    if (text_equal(unit, "s")) return 9;
    if (text_equal(unit, "ms")) return 6;
    if (text_equal(unit, "us")) return 3;
    return text_equal(unit, "ns") ? 0 : -1;
}

/* Steps of a column without a unit: below half it counts seconds, else thousandths and so on; a
 * known rate decides. */
static int power_of_step(const struct sample *s, double rate_hz)
{
    static const int powers[] = {9, 6, 3, 0};
    for (size_t i = 0; i < 4 && isfinite(rate_hz); i++) {
        double rate = pow(10, 9 - powers[i]) / s->step;
        if (fabs(rate / rate_hz - 1) < 0.1) return powers[i];
    }
    if (s->step < 0.5) return 9;
    if (s->step < 500) return 6;
    return s->step < 5e5 ? 3 : 0;
}

static void choose_number(struct csv_time *t, const struct csv_columns *columns,
                          const struct sample *s, double rate_hz, char *evidence, size_t room)
{
    int power = power_of_unit(columns->time_unit), epoch = power_of_epoch(s->first);
    const char *name = columns->time_name;
    if (columns->time_is_counter) {
        t->kind = CSV_TIME_COUNTER;
        t->from_first = 1;
        text_print(evidence, room, "%s counts samples at %g Hz", name, rate_hz);
        return;
    }
    if (power < 0 && s->first > 5e17 && s->first < 7e17 && s->whole) {
        take_ticks(t, s, 2, 1);
        t->origin = dotnet_origin;
        t->start_unix_s = (s->first - (double)dotnet_origin) / 1e7;
        t->start_kind = GAIT_TIME_LOCAL_UNKNOWN;
        text_print(evidence, room, "%s: 100 ns since year 1", name);
        return;
    }
    if (power < 0 && s->first > 25000 && s->first < 60000 && s->step < 1e-3) {
        t->kind = CSV_TIME_DAYS;
        t->from_first = 1;
        t->start_unix_s = (s->first - serial_origin) * 86400;
        t->start_kind = GAIT_TIME_LOCAL_UNKNOWN;
        text_print(evidence, room, "%s: serial days of a spreadsheet", name);
        return;
    }
    int stated = power >= 0;
    if (power < 0 && epoch >= 0) power = epoch;
    if (power < 0) power = power_of_step(s, rate_hz);
    take_ticks(t, s, power, columns->device_clock);
    if (power == 9 && !t->from_first) t->kind = CSV_TIME_SECONDS;
    static const char *const units[] = {"ns", "us", "ms", "s"};
    text_print(evidence, room, "%s in %s%s%s", *name ? name : "first column", units[power / 3],
               isfinite(t->start_unix_s) ? " since 1970" : "", stated ? "" : " by its size");
}

/* Two-digit first or second numbers above 12 tell days from months. */
static enum csv_date_order order_of(const struct sample *s, enum csv_date_order stated)
{
    if (stated != DATE_UNSURE) return stated;
    for (size_t i = 0; i < s->n; i++) {
        size_t at = 0;
        int first, second;
        if (!digits_at(s->cells[i].text, s->cells[i].n, &at, 4, &first)) continue;
        if (first > 31) return DATE_YMD;
        if (!skip_one_of(s->cells[i].text, s->cells[i].n, &at, "-/.")) continue;
        if (!digits_at(s->cells[i].text, s->cells[i].n, &at, 2, &second)) continue;
        if (first > 12) return DATE_DMY;
        if (second > 12) return DATE_MDY;
        if (s->cells[i].text[at - 1] == '.') return DATE_DMY;
    }
    return DATE_UNSURE;
}

static bool choose_calendar(struct csv_time *t, const struct sample *s, enum csv_date_order stated,
                            const char *name, char *evidence, size_t room)
{
    int64_t ns;
    double zone_s;
    t->kind = CSV_TIME_CALENDAR;
    t->order = order_of(s, stated);
    if (!csv_moment_parse(s->cells[0], t->order, &ns, &zone_s)) return false;
    t->from_first = 1;
    text_print(evidence, room, "%s: date and time%s", name,
               t->order == DATE_UNSURE
                   ? "; day or month first is not clear, so the start is not known"
                   : "");
    if (t->order == DATE_UNSURE) return true;
    t->start_unix_s = (double)ns / 1e9;
    t->utc_offset_s = zone_s;
    t->start_kind = isnan(zone_s)      ? GAIT_TIME_LOCAL_UNKNOWN
                    : fabs(zone_s) > 0 ? GAIT_TIME_LOCAL_WITH_OFFSET
                                       : GAIT_TIME_UTC;
    return true;
}

static bool choose_clock(struct csv_time *t, const struct sample *s, const char *name,
                         char *evidence, size_t room)
{
    int64_t ns;
    t->kind = CSV_TIME_CLOCK;
    t->from_first = 1;
    size_t colons = 0;
    for (size_t i = 0; i < s->cells[0].n; i++) colons += s->cells[0].text[i] == ':';
    t->period = colons >= 2 ? day_ns : hour_ns;
    text_print(evidence, room, "%s: clock time without a date", name);
    return parse_clock(t, s->cells[0], &ns);
}

gait_status csv_time_choose(struct csv_time *out, const struct csv_columns *columns,
                            const struct csv_time_known *known, const struct csv_cell *cells,
                            size_t n, char *evidence, size_t room, gait_error *err)
{
    memset(out, 0, sizeof *out);
    out->decimal = known->decimal;
    out->start_unix_s = out->utc_offset_s = NAN;
    out->counter_rate_hz = known->rate_hz;
    const char *column = *columns->time_name ? columns->time_name : "first column";
    struct sample s = {cells, n, 0, 0, 0};
    if (!n) return GAIT_OK;
    if (csv_cell_kind(cells[0], known->decimal) == CELL_NUMBER) {
        measure_sample(&s, known->decimal);
        choose_number(out, columns, &s, known->rate_hz, evidence, room);
        if (out->kind == CSV_TIME_COUNTER && !(known->rate_hz > 0))
            return gait_fail(err, GAIT_FORMAT,
                             "%s: column \"%s\" counts samples and nothing states the rate; give "
                             "--rate or \"sample_rate_hz\" in the sidecar",
                             known->name, column);
        return GAIT_OK;
    }
    if (choose_calendar(out, &s, known->order, column, evidence, room)) return GAIT_OK;
    if (choose_clock(out, &s, column, evidence, room)) return GAIT_OK;
    return gait_fail(err, GAIT_FORMAT,
                     "%s: column %s: \"%.*s\" is no time; expected seconds, a date or a clock time",
                     known->name, column, (int)(cells[0].n < 40 ? cells[0].n : 40), cells[0].text);
}
