/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/text.h"

struct unit {
    const char *written; /* without spaces, brackets, "^" and "_" */
    const char *name;
    double factor;
};

#define STANDARD_GRAVITY 9.80665
#define DEG_PER_RAD      57.295779513082320877

/* In g. The first row of each name is the name itself. */
static const struct unit accel_units[] = {
    {"g", "g", 1},
    {"m/s2", "m/s2", 1 / STANDARD_GRAVITY},
    {"mg", "mg", 1e-3},
    {"g/64", "g/64", 1 / 64.0},
    {"1/64g", "g/64", 1 / 64.0},
    {"gn", "g", 1},
    {"g0", "g", 1},
    {"gforce", "g", 1},
    {"m/s/s", "m/s2", 1 / STANDARD_GRAVITY},
    {"m/(s2)", "m/s2", 1 / STANDARD_GRAVITY},
    {"m/s\xc2\xb2", "m/s2", 1 / STANDARD_GRAVITY},
    {"m/s\xb2", "m/s2", 1 / STANDARD_GRAVITY},
    {"ms-2", "m/s2", 1 / STANDARD_GRAVITY},
    {"m.s-2", "m/s2", 1 / STANDARD_GRAVITY},
    {"m*s-2", "m/s2", 1 / STANDARD_GRAVITY},
    {"m\xc2\xb7s-2", "m/s2", 1 / STANDARD_GRAVITY},
    {"m/sec2", "m/s2", 1 / STANDARD_GRAVITY},
    {"m/s**2", "m/s2", 1 / STANDARD_GRAVITY},
    {"milli-g", "mg", 1e-3},
    {"millig", "mg", 1e-3},
};

/* In deg/s. */
static const struct unit gyro_units[] = {
    {"deg/s", "deg/s", 1},
    {"rad/s", "rad/s", DEG_PER_RAD},
    {"mdeg/s", "mdeg/s", 1e-3},
    {"dps", "deg/s", 1},
    {"d/s", "deg/s", 1},
    {"\xc2\xb0/s", "deg/s", 1},
    {"\xb0/s", "deg/s", 1},
    {"degrees/s", "deg/s", 1},
    {"degree/s", "deg/s", 1},
    {"deg/sec", "deg/s", 1},
    {"mdps", "mdeg/s", 1e-3},
    {"rads/s", "rad/s", DEG_PER_RAD},
    {"rad/sec", "rad/s", DEG_PER_RAD},
    {"rad.s-1", "rad/s", DEG_PER_RAD},
};

/* "( m/(s^2) )" -> "m/(s2)" -> "m/s2": what is left is in the table. */
static void strip(const char *text, char *out, size_t room)
{
    size_t n = 0;
    for (; *text && n + 1 < room; text++)
        if (!strchr(" \t\"'()[]{}^_", *text)) out[n++] = *text;
    out[n] = '\0';
}

static const struct unit *find(const struct unit *rows, size_t n, const char *text)
{
    char plain[24];
    strip(text, plain, sizeof plain);
    for (size_t i = 0; i < n; i++)
        if (text_equal(rows[i].written, plain)) return &rows[i];
    return NULL;
}

static const struct unit *find_accel(const char *text)
{
    return find(accel_units, sizeof accel_units / sizeof *accel_units, text);
}

static const struct unit *find_gyro(const char *text)
{
    return find(gyro_units, sizeof gyro_units / sizeof *gyro_units, text);
}

const char *accel_unit(const char *text)
{
    const struct unit *row = find_accel(text);
    return row ? row->name : NULL;
}

double accel_unit_in_g(const char *unit)
{
    const struct unit *row = find_accel(unit);
    return row ? row->factor : (double)NAN;
}

const char *gyro_unit(const char *text)
{
    const struct unit *row = find_gyro(text);
    return row ? row->name : NULL;
}

double gyro_unit_in_dps(const char *unit)
{
    const struct unit *row = find_gyro(unit);
    return row ? row->factor : (double)NAN;
}

/* One window: length and spread of the vector, length of its mean. */
struct window {
    double length, sd, mean;
};

static int measure_window(const float *accel, size_t n, struct window *out)
{
    double sum[3] = {0}, length = 0, square = 0;
    for (size_t i = 0; i < n; i++, accel += 3) {
        double x = (double)accel[0], y = (double)accel[1], z = (double)accel[2];
        double s = x * x + y * y + z * z;
        if (!isfinite(s)) return 0;
        sum[0] += x;
        sum[1] += y;
        sum[2] += z;
        length += sqrt(s);
        square += s;
    }
    double count = (double)n;
    out->length = length / count;
    out->sd = sqrt(fmax(0, square / count - out->length * out->length));
    out->mean = sqrt(sum[0] * sum[0] + sum[1] * sum[1] + sum[2] * sum[2]) / count;
    return out->length > 0; /* a stretch of zeros was not measured */
}

static int by_sd(const void *a, const void *b)
{
    double x = ((const struct window *)a)->sd, y = ((const struct window *)b)->sd;
    return (x > y) - (x < y);
}

static int by_length(const void *a, const void *b)
{
    double x = ((const struct window *)a)->length, y = ((const struct window *)b)->length;
    return (x > y) - (x < y);
}

static int by_mean(const void *a, const void *b)
{
    double x = ((const struct window *)a)->mean, y = ((const struct window *)b)->mean;
    return (x > y) - (x < y);
}

static int all_whole(const float *accel, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fabsf(accel[i] - rintf(accel[i])) > 0) return 0;
    return 1;
}

gait_status measure_magnitude(const float *accel, size_t n, double rate_hz, struct magnitude *out,
                              gait_error *err)
{
    memset(out, 0, sizeof *out);
    out->still = out->still_sd = out->sd = out->mean = out->length = NAN;
    size_t width = rate_hz >= 1 && rate_hz < 1e5 ? (size_t)rate_hz : 100;
    if (width > n) width = n;
    if (!width) return GAIT_OK;

    struct arena arena = {0};
    struct window *windows = ARENA_NEW(&arena, n / width, struct window);
    if (!windows) return gait_fail(err, GAIT_NOMEM, "no memory to look at %zu frames", n);
    size_t kept = 0;
    for (size_t i = 0; i + width <= n; i += width)
        kept += (size_t)measure_window(accel + 3 * i, width, &windows[kept]);
    out->n_windows = kept;
    out->whole = all_whole(accel, 3 * n);
    if (kept) {
        qsort(windows, kept, sizeof *windows, by_mean);
        out->mean = windows[kept / 2].mean;
        qsort(windows, kept, sizeof *windows, by_length);
        out->length = windows[kept / 2].length;
        qsort(windows, kept, sizeof *windows, by_sd);
        out->sd = windows[kept / 2].sd;
        size_t quiet = (kept + 4) / 5;
        out->still_sd = windows[quiet / 2].sd;
        qsort(windows, quiet, sizeof *windows, by_length);
        out->still = windows[quiet / 2].length;
    }
    arena_free(&arena);
    return GAIT_OK;
}

/* A still sensor shows 1 g within 15 %; one that always moves shows it in the mean of windows, less
 * what the limb's swing takes away, and the next unit is still far off. */
static const double still_tolerance = 1.15, moving_tolerance = 1.6, quiet_share = 0.1;

const char *guess_unit(const struct magnitude *m, char *evidence, size_t room)
{
    static const struct {
        const char *name;
        double one_g;
        bool floating, whole; /* may be written with, without decimals */
    } rows[] = {{"g", 1, true, false},
                {"m/s2", STANDARD_GRAVITY, true, false},
                {"g/64", 64, false, true},
                {"mg", 1000, true, true}};
    if (!m->n_windows) {
        text_print(evidence, room, "nothing was measured at the start");
        return NULL;
    }
    bool is_still = m->still_sd < quiet_share * m->still;
    double size = is_still ? m->still : m->mean;
    double tolerance = log(is_still ? still_tolerance : moving_tolerance);
    const char *what = is_still ? "length at rest" : "length of the mean";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!(fabs(log(size / rows[i].one_g)) < tolerance)) continue;
        if (m->whole ? !rows[i].whole : !rows[i].floating) continue;
        text_print(evidence, room, "%s is %.4g, 1 g in %s", what, size, rows[i].name);
        return rows[i].name;
    }
    text_print(evidence, room, "%s is %.4g, not 1 g in g, m/s2 or mg", what, size);
    return NULL;
}

/* Gait turns every place on the body faster than 30 deg/s and none faster than 36 rad/s; a
 * gyroscope at rest shows less than 0.12 rad/s of noise and offset, but often more than 0.12 deg/s.
 */
static const double fastest_rad = 36, stillest_deg = 0.12;

const char *guess_gyro_unit(const float *gyro, size_t n, bool moves, char *evidence, size_t room)
{
    double largest = 0;
    for (size_t i = 0; i < 3 * n; i++) {
        double size = fabs((double)gyro[i]);
        if (size > largest) largest = size; /* never true for NaN */
    }
    if (!(largest > 0)) return NULL;
    const char *unit = largest < (moves ? fastest_rad : stillest_deg) ? "rad/s" : "deg/s";
    text_print(evidence, room, "angular rates up to %.3g %s, so %s", largest,
               moves ? "while moving" : "at rest", unit);
    return unit;
}

/* A shank that swings through +-60 degrees still keeps a mean of 0.83 g. A fast runner's that clips
 * on one side and has a zero offset can show 4 g; 1 g in m/s2 is 9.8 and would be seen. */
static const double least_mean_g = 0.3, most_mean_g = 6;

gait_status check_gravity(const struct magnitude *m, const char *unit, const char *name,
                          gait_error *err)
{
    if (!m->n_windows) return GAIT_OK;
    double mean_g = m->mean * accel_unit_in_g(unit);
    if (mean_g < least_mean_g)
        return gait_fail(
            err, GAIT_UNSUPPORTED,
            "%s: taken as %s, the mean acceleration is %.2g g, expected about 1 g: "
            "gravity was removed (record the total acceleration), or the unit is wrong "
            "(--unit)",
            name, unit, mean_g);
    if (mean_g > most_mean_g)
        return gait_fail(err, GAIT_FORMAT,
                         "%s: taken as %s, the mean acceleration is %.3g g, expected about 1 g: "
                         "the unit is wrong (--unit), or these are raw steps of a device (export "
                         "them in g, or state \"calibration\" in the sidecar)",
                         name, unit, mean_g);
    return GAIT_OK;
}
