/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/csv_preamble.h"

#include <math.h>
#include <string.h>

#include "base/civil.h"
#include "base/text.h"
#include "record/words.h"

/* Products that leave units out of their column names, by a word in the lines above the numbers. */
static const struct {
    const char *word, *product, *accel_unit, *gyro_unit;
} products[] = {
    {"ActiLife", "ActiLife", "g", ""},
    {"GENEActiv", "GENEActiv", "g", ""},
    {"DeviceTag:", "Xsens DOT", "m/s2", "deg/s"},
    {"Filter Profile:", "Xsens MT Manager", "m/s2", "rad/s"},
    {"Format=7", "APDM", "m/s2", "rad/s"},
    {"time,seconds_elapsed,", "Sensor Logger", "m/s2", "rad/s"},
};

/* Where word stands in the line, ignoring case; NULL if it does not. */
static const char *find(struct csv_cell line, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= line.n; i++)
        if (text_starts_with(line.text + i, word)) return line.text + i;
    return NULL;
}

/* What follows a key, without the signs between. */
static int value_of(struct csv_cell line, const char *key, struct csv_cell *value)
{
    const char *at = find(line, key), *end = line.text + line.n;
    if (!at) return 0;
    at += strlen(key);
    while (at < end && strchr(" \t:,;=\"", *at)) at++;
    while (end > at && strchr(" \t,;\"\r", end[-1])) end--;
    *value = (struct csv_cell){at, (size_t)(end - at)};
    return at < end;
}

static void take_number(struct csv_cell line, const char *key, double *out)
{
    struct csv_cell value;
    double number;
    if (isfinite(*out) || !value_of(line, key, &value)) return;
    if (number_parse(value.text, value.n, '.', &number) && isfinite(number)) *out = number;
}

static void take_rate(struct csv_cell line, struct csv_preamble *p)
{
    static const char *const keys[] = {
        "sample rate",           "sampling rate", "sampling frequency", "sample frequency",
        "update rate",           "output rate",   "outputrate",         "measurement frequency",
        "acquisition frequency", "samplerate"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) take_number(line, keys[i], &p->rate_hz);
    if (find(line, " Hz ") && find(line, "ActiLife")) take_number(line, " at ", &p->rate_hz);
    if (!(p->rate_hz >= 1 && p->rate_hz <= 20000)) p->rate_hz = NAN;
}

static void take_order(struct csv_cell line, struct csv_preamble *p)
{
    struct csv_cell value;
    if (!value_of(line, "date format ", &value) || !value.n) return;
    if (strchr("dD", value.text[0])) p->order = DATE_DMY;
    if (strchr("mM", value.text[0])) p->order = DATE_MDY;
    if (strchr("yY", value.text[0])) p->order = DATE_YMD;
}

static void take_epoch(struct csv_cell line, struct csv_preamble *p)
{
    struct csv_cell value;
    if (!value_of(line, "epoch period (hh:mm:ss)", &value) || value.n < 8) return;
    const char *t = value.text;
    p->epoch_s = 0;
    static const int units[] = {36000, 3600, 0, 600, 60, 0, 10, 1};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (t[i] >= '0' && t[i] <= '9') p->epoch_s += units[i] * (t[i] - '0');
}

static void take_device(struct csv_cell line, struct csv_preamble *p)
{
    static const char *const keys[] = {"serial number", "devicetag", "serial code", "device id"};
    struct csv_cell value;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && !*p->device; i++)
        if (value_of(line, keys[i], &value))
            text_print(p->device, sizeof p->device, "%.*s", (int)(value.n < 40 ? value.n : 40),
                       value.text);
}

static void take_placement(struct csv_cell line, struct csv_preamble *p)
{
    struct csv_cell value;
    char word[32];
    if (!value_of(line, "location code", &value) && !value_of(line, "limb", &value)) return;
    text_print(word, sizeof word, "%.*s", (int)value.n, value.text);
    place_from_words(word, &p->placement, &p->side);
}

static void take_range(struct csv_cell line, struct csv_preamble *p)
{
    struct csv_cell value;
    double low;
    if (isfinite(p->range_g) || !value_of(line, "range,", &value)) return;
    if (number_parse(value.text, value.n, '.', &low) && find(value, " to ") && low < 0)
        p->range_g = -low;
}

static void take_zone(struct csv_cell line, struct csv_preamble *p)
{
    struct csv_cell value;
    if (!value_of(line, "time zone", &value)) return;
    size_t at = find(value, "GMT") == value.text || find(value, "UTC") == value.text ? 3 : 0;
    while (at < value.n && value.text[at] == ' ') at++;
    civil_zone(value.text + at, value.n - at, &p->zone_s);
}

/* "Start Time 18:40:00" and "Start Date 9/17/2019" in two lines, or both in one. */
static void take_start(const struct csv_cell *lines, size_t n, struct csv_preamble *p)
{
    struct csv_cell date = {"", 0}, clock = {"", 0};
    char both[64];
    int64_t ns;
    for (size_t i = 0; i < n; i++) {
        if (!date.n) value_of(lines[i], "start date", &date);
        if (!clock.n && !value_of(lines[i], "start time", &clock))
            value_of(lines[i], "starttime", &clock);
    }
    if (!clock.n || clock.n > 40 || date.n > 20) return;
    text_print(both, sizeof both, "%.*s%s%.*s", (int)date.n, date.text, date.n ? " " : "",
               (int)clock.n, clock.text);
    struct csv_cell cell = {both, strlen(both)};
    enum csv_date_order order = p->order;
    if (order == DATE_UNSURE && (cell.n < 5 || cell.text[4] != '-')) return;
    if (!csv_moment_parse(cell, order, &ns, &p->utc_offset_s)) return;
    p->start_unix_s = (double)ns / 1e9;
    p->start_kind = isnan(p->utc_offset_s) ? GAIT_TIME_LOCAL_UNKNOWN : GAIT_TIME_LOCAL_WITH_OFFSET;
}

static void recognise(const struct csv_cell *lines, size_t n, const char *file,
                      struct csv_preamble *p)
{
    p->product = p->accel_unit = p->gyro_unit = "";
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < sizeof products / sizeof *products && !*p->product; k++)
            if (find(lines[i], products[k].word)) {
                p->product = products[k].product;
                p->accel_unit = products[k].accel_unit;
                p->gyro_unit = products[k].gyro_unit;
            }
    if (text_equal(p->product, "Sensor Logger") && strstr(file, "Uncalibrated"))
        p->accel_unit = p->gyro_unit = ""; /* in g on one platform, m/s2 on the other */
}

void csv_read_preamble(const struct csv_dialect *dialect, const char *file,
                       struct csv_preamble *out)
{
    const struct csv_cell *lines = dialect->lines;
    size_t n = dialect->first_row;
    memset(out, 0, sizeof *out);
    out->rate_hz = out->range_g = out->epoch_s = NAN;
    out->start_unix_s = out->utc_offset_s = out->zone_s = NAN;
    out->order = DATE_UNSURE;
    recognise(lines, n, file, out);
    for (size_t i = 0; i < n; i++) {
        take_rate(lines[i], out);
        take_order(lines[i], out);
        take_epoch(lines[i], out);
        take_device(lines[i], out);
        take_placement(lines[i], out);
        take_range(lines[i], out);
        take_zone(lines[i], out);
    }
    take_start(lines, n, out);
}
