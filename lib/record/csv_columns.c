/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/csv_columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/units.h"

/* A column name taken apart: "Shimmer_952D_Accel_WR_X_CAL (m/s^2)" is the words Shimmer, 952D,
 * Accel, WR, X, CAL and the unit m/s2. */
enum { MOST_WORDS = 16, WORD_ROOM = 32 };

struct words {
    size_t n;
    char word[MOST_WORDS][WORD_ROOM];
    char unit[24]; /* as written, "" if none */
};

enum meaning {
    MEANS_NOTHING, /* part of the sensor's name */
    MEANS_ACCEL,
    MEANS_GYRO,
    MEANS_NO_GRAVITY, /* acceleration without gravity */
    MEANS_OTHER,      /* another quantity: not a column to read */
    MEANS_DETAIL,     /* says nothing that matters */
    MEANS_RAW         /* not in physical units */
};

/* First match wins; a word ending in '*' stands for all that begin like it. */
static const struct {
    const char *word;
    enum meaning meaning;
    int preference;
} dictionary[] = {
    {"a", MEANS_ACCEL, 0},
    {"g", MEANS_GYRO, 0},
    {"w", MEANS_GYRO, 0},
    {"as", MEANS_GYRO, 0},
    {"acc*", MEANS_ACCEL, 0},
    {"gforce", MEANS_ACCEL, 0},
    {"force", MEANS_DETAIL, 0},
    {"gyr*", MEANS_GYRO, 0},
    {"angular", MEANS_GYRO, 0},
    {"rotation", MEANS_GYRO, 0},
    {"omega", MEANS_GYRO, 0},
    {"rate", MEANS_DETAIL, 0},
    {"linear", MEANS_NO_GRAVITY, 0},
    {"lin", MEANS_NO_GRAVITY, 0},
    {"free", MEANS_NO_GRAVITY, 0},
    {"freeacc", MEANS_NO_GRAVITY, 0},
    {"user", MEANS_NO_GRAVITY, 0},
    {"velocity", MEANS_OTHER, 0},
    {"mag*", MEANS_OTHER, 0},
    {"quat*", MEANS_OTHER, 0},
    {"euler*", MEANS_OTHER, 0},
    {"orient*", MEANS_OTHER, 0},
    {"ori*", MEANS_OTHER, 0},
    {"mat", MEANS_OTHER, 0},
    {"temp*", MEANS_OTHER, 0},
    {"press*", MEANS_OTHER, 0},
    {"baro*", MEANS_OTHER, 0},
    {"gravity", MEANS_OTHER, 0},
    {"roll", MEANS_OTHER, 0},
    {"pitch", MEANS_OTHER, 0},
    {"yaw", MEANS_OTHER, 0},
    {"angle*", MEANS_OTHER, 0},
    {"vel", MEANS_OTHER, 0},
    {"dv", MEANS_OTHER, 0},
    {"dq", MEANS_OTHER, 0},
    {"pos*", MEANS_OTHER, 0},
    {"heading", MEANS_OTHER, 0},
    {"field", MEANS_OTHER, 0},
    {"emg*", MEANS_OTHER, 0},
    {"ecg*", MEANS_OTHER, 0},
    {"jerk", MEANS_OTHER, 0},
    {"std*", MEANS_OTHER, 0},
    {"mean", MEANS_OTHER, 0},
    {"var*", MEANS_OTHER, 0},
    {"force*", MEANS_OTHER, 0},
    {"moment*", MEANS_OTHER, 0},
    {"axis", MEANS_DETAIL, 0},
    {"cal", MEANS_DETAIL, 1},
    {"uncal", MEANS_RAW, -10},
    {"raw", MEANS_RAW, -10},
    {"wr", MEANS_DETAIL, 5},
    {"ln", MEANS_DETAIL, 0},
    {"sensor", MEANS_DETAIL, 0},
    {"data", MEANS_DETAIL, 0},
    {"imu", MEANS_DETAIL, 0},
    {"device", MEANS_DETAIL, 0},
    {"value", MEANS_DETAIL, 0},
    {"motion", MEANS_DETAIL, 0},
    {"channel", MEANS_DETAIL, 0},
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static int is_word_char(char c)
{
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

static int is_time_unit(const char *text, char *out, size_t room)
{
    static const char *const units[][2] = {
        {"s", "s"},
        {"sec", "s"},
        {"secs", "s"},
        {"seconds", "s"},
        {"second", "s"},
        {"ms", "ms"},
        {"msec", "ms"},
        {"millis", "ms"},
        {"milliseconds", "ms"},
        {"us", "us"},
        {"usec", "us"},
        {"microsec", "us"},
        {"microseconds", "us"},
        {"\xc2\xb5s", "us"},
        {"\xb5s", "us"},
        {"\xce\xbcs", "us"},
        {"ns", "ns"},
        {"nsec", "ns"},
        {"nanos", "ns"},
        {"nanoseconds", "ns"},
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (text_equal(text, units[i][0])) {
            if (out) text_print(out, room, "%s", units[i][1]);
            return 1;
        }
    return 0;
}

static int is_any_unit(const char *text)
{
    return accel_unit(text) || gyro_unit(text) || is_time_unit(text, NULL, 0);
}

/* Cuts "(unit)", "[unit]" or "_unit" off the end of a name. */
static size_t cut_unit(const char *name, size_t n, char *unit, size_t room)
{
    unit[0] = '\0';
    while (n && name[n - 1] == ' ') n--;
    char close = n ? name[n - 1] : '\0';
    if (close == ')' || close == ']') {
        size_t from = n - 1;
        int depth = 0;
        for (;; from--) {
            depth +=
                (name[from] == ')' || name[from] == ']') - (name[from] == '(' || name[from] == '[');
            if (!depth || !from) break;
        }
        if (n - from - 2 >= room) return n;
        text_print(unit, room, "%.*s", (int)(n - from - 2), name + from + 1);
        return is_any_unit(unit) ? from : n;
    }
    for (size_t i = n; i-- > 1;) {
        if (name[i] != '_' && name[i] != ' ') continue;
        if (n - i - 1 == 0 || n - i > room) continue;
        text_print(unit, room, "%.*s", (int)(n - i - 1), name + i + 1);
        if (is_any_unit(unit)) return i;
    }
    unit[0] = '\0';
    return n;
}

/* Words end at signs, at the small letter before a capital, and "gFx" is one. */
static void split_words(struct csv_cell name, struct words *w)
{
    memset(w, 0, sizeof *w);
    size_t n = cut_unit(name.text, name.n, w->unit, sizeof w->unit);
    size_t length = 0;
    for (size_t i = 0; i < n && w->n < MOST_WORDS; i++) {
        char c = name.text[i];
        int breaks = length > 1 && is_upper(c) && !is_upper(name.text[i - 1]);
        if ((breaks || !is_word_char(c)) && length) {
            w->n++;
            length = 0;
        }
        if (is_word_char(c) && w->n < MOST_WORDS && length + 1 < WORD_ROOM)
            w->word[w->n][length++] = c;
    }
    if (length && w->n < MOST_WORDS) w->n++;
}

static int matches(const char *word, const char *pattern)
{
    size_t n = strlen(pattern);
    if (pattern[n - 1] != '*') return text_equal(word, pattern);
    char head[WORD_ROOM];
    text_print(head, sizeof head, "%.*s", (int)(n - 1), pattern);
    return text_starts_with(word, head);
}

/* What a column turned out to be. */
struct found {
    enum meaning quantity; /* accel, gyro or nothing (bare x, y, z) */
    int axis;              /* 0 to 2; CSV_NO_COLUMN if the name has none */
    int gravity_removed, is_other, is_raw, preference;
    char sensor[CSV_SENSOR_ROOM];
    char unit[24];
};

/* "x", "ax", "gFx", "accX" written together: the axis, and what stands before it. */
static int axis_of_word(const char *word, enum meaning *quantity)
{
    static const struct {
        const char *stem;
        enum meaning quantity;
    } stems[] = {{"", MEANS_NOTHING},  {"a", MEANS_ACCEL},     {"gf", MEANS_ACCEL},
                 {"g", MEANS_GYRO},    {"w", MEANS_GYRO},      {"as", MEANS_GYRO},
                 {"acc", MEANS_ACCEL}, {"accel", MEANS_ACCEL}, {"gyr", MEANS_GYRO},
                 {"gyro", MEANS_GYRO}};
    size_t n = strlen(word);
    int axis = lower(word[n - 1]) - 'x';
    if (axis < 0 || axis > 2) return CSV_NO_COLUMN;
    for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
        if (strlen(stems[i].stem) != n - 1 || !text_starts_with(word, stems[i].stem)) continue;
        if (stems[i].quantity != MEANS_NOTHING) *quantity = stems[i].quantity;
        return axis;
    }
    return CSV_NO_COLUMN;
}

static void add_to_sensor(struct found *f, const char *word)
{
    size_t n = strlen(f->sensor);
    text_print(f->sensor + n, sizeof f->sensor - n, "%s%s", n ? " " : "", word);
}

static void take_meaning(struct found *f, size_t row, const char *word)
{
    f->preference += row < sizeof dictionary / sizeof *dictionary ? dictionary[row].preference : 0;
    enum meaning meaning =
        row < sizeof dictionary / sizeof *dictionary ? dictionary[row].meaning : MEANS_NOTHING;
    if (meaning == MEANS_NOTHING) add_to_sensor(f, word);
    if (meaning == MEANS_ACCEL || meaning == MEANS_GYRO) f->quantity = meaning;
    if (meaning == MEANS_NO_GRAVITY) f->gravity_removed = 1;
    if (meaning == MEANS_RAW) f->is_raw = 1;
    /* "angular velocity" is a gyroscope's; any other velocity is not. */
    if (meaning == MEANS_OTHER && f->quantity != MEANS_GYRO) f->is_other = 1;
}

static void understand(struct csv_cell name, struct found *f)
{
    struct words w;
    memset(f, 0, sizeof *f);
    f->axis = CSV_NO_COLUMN;
    split_words(name, &w);
    memcpy(f->unit, w.unit, sizeof f->unit);
    for (size_t i = 0; i < w.n; i++) {
        enum meaning quantity = MEANS_NOTHING;
        int axis = axis_of_word(w.word[i], &quantity);
        if (axis != CSV_NO_COLUMN && f->axis == CSV_NO_COLUMN) {
            f->axis = axis;
            if (quantity != MEANS_NOTHING) f->quantity = quantity;
            continue;
        }
        size_t row = 0;
        while (row < sizeof dictionary / sizeof *dictionary &&
               !matches(w.word[i], dictionary[row].word))
            row++;
        take_meaning(f, row, w.word[i]);
    }
    if (f->gravity_removed && f->quantity == MEANS_NOTHING && *f->unit) f->quantity = MEANS_ACCEL;
}

/* Time columns: the best that has values wins. device_clock: its zero means nothing. */
static const struct {
    const char *name; /* letters and digits alone; '*' at either end stands for anything */
    int preference, is_counter, device_clock;
    const char *unit;
} time_names[] = {
    {"sampletimefine", 90, 0, 1, "us"},
    {"sensortimestamp", 85, 0, 1, ""},
    {"*sincereboot", 84, 0, 1, ""},
    {"*timestampunix*", 82, 0, 0, ""},
    {"unixtime*", 82, 0, 0, ""},
    {"epoch*", 81, 0, 0, ""},
    {"timestamp*", 80, 0, 0, ""},
    {"time", 78, 0, 0, ""},
    {"times", 78, 0, 0, ""},
    {"t", 77, 0, 0, ""},
    {"datetime", 76, 0, 0, ""},
    {"headertime*", 76, 0, 0, ""},
    {"elapsed*", 70, 0, 0, ""},
    {"secondselapsed", 70, 0, 0, "s"},
    {"seconds", 70, 0, 0, "s"},
    {"milliseconds", 70, 0, 0, "ms"},
    {"loggingtime*", 50, 0, 0, ""},
    {"phonetimestamp", 40, 0, 0, ""},
    {"*timestamp*", 38, 0, 0, ""},
    {"*time", 35, 0, 0, ""},
    {"x", 30, 0, 0, ""}, /* Delsys writes X[s]: taken only with a unit of time */
    {"packetcounter", 20, 1, 1, ""},
    {"*counter", 15, 1, 1, ""},
    {"sample*", 12, 1, 1, ""},
    {"frame*", 12, 1, 1, ""},
    {"index", 10, 1, 1, ""},
};

static int name_matches(const char *name, const char *pattern)
{
    size_t n = strlen(pattern);
    int open_start = pattern[0] == '*', open_end = pattern[n - 1] == '*';
    char middle[WORD_ROOM];
    text_print(middle, sizeof middle, "%.*s", (int)n - open_start - open_end, pattern + open_start);
    if (open_start && open_end) return strstr(name, middle) != NULL;
    if (open_end) return text_starts_with(name, middle);
    if (open_start) return text_ends_with(name, middle);
    return text_equal(name, middle);
}

/* Row of time_names for a column, or -1. */
static int time_row(struct csv_cell name, char *unit, size_t room)
{
    char written[24] = "", compact[CSV_NAME_ROOM];
    size_t n = cut_unit(name.text, name.n, written, sizeof written), k = 0;
    for (size_t i = 0; i < n && k + 1 < sizeof compact; i++)
        if (is_word_char(name.text[i])) compact[k++] = lower(name.text[i]);
    compact[k] = '\0';
    unit[0] = '\0';
    int has_unit = is_time_unit(written, unit, room);
    if (*written && !has_unit) return -1;
    for (size_t i = 0; i < sizeof time_names / sizeof *time_names; i++) {
        if (!name_matches(compact, time_names[i].name)) continue;
        if (text_equal(time_names[i].name, "x") && !has_unit) continue;
        if (!has_unit) text_print(unit, room, "%s", time_names[i].unit);
        return (int)i;
    }
    return -1;
}

static struct csv_cell unit_cell(const struct csv_dialect *d, size_t c)
{
    return d->units ? d->units[c] : (struct csv_cell){"", 0};
}

static void choose_time(const struct csv_dialect *d, const unsigned char *is_empty,
                        struct csv_columns *out)
{
    int best = 0;
    out->time = CSV_NO_COLUMN;
    for (size_t c = 0; c < d->n_columns; c++) {
        char unit[8], row_unit[24];
        int row = is_empty[c] ? -1 : time_row(d->names[c], unit, sizeof unit);
        if (row < 0 || time_names[row].preference <= best) continue;
        best = time_names[row].preference;
        out->time = (int)c;
        out->time_is_counter = time_names[row].is_counter && !*unit;
        out->device_clock = time_names[row].device_clock;
        struct csv_cell from_row = unit_cell(d, c);
        text_print(row_unit, sizeof row_unit, "%.*s", (int)from_row.n, from_row.text);
        if (!*unit) is_time_unit(row_unit, unit, sizeof unit);
        memcpy(out->time_unit, unit, sizeof unit);
        text_print(out->time_name, sizeof out->time_name, "%.*s", (int)d->names[c].n,
                   d->names[c].text);
    }
}

/* Some programs write a time column beside each channel: of several alike, the last before x. */
void csv_time_beside(const struct csv_dialect *dialect, const unsigned char *is_empty,
                     const struct csv_sensor *sensor, struct csv_columns *columns)
{
    char unit[8];
    if (columns->time == CSV_NO_COLUMN || !dialect->names) return;
    int row = time_row(dialect->names[columns->time], unit, sizeof unit);
    for (int c = sensor->accel[0] - 1; row >= 0 && c > columns->time; c--) {
        if (is_empty[c] || time_row(dialect->names[c], unit, sizeof unit) != row) continue;
        columns->time = c;
        return;
    }
}

static struct csv_sensor *sensor_called(struct csv_columns *out, size_t *n, const char *name)
{
    for (size_t i = 0; i < *n; i++)
        if (text_equal(out->sensors[i].name, name)) return &out->sensors[i];
    if (*n == CSV_MOST_SENSORS) return NULL;
    struct csv_sensor *s = &out->sensors[(*n)++];
    memset(s, 0, sizeof *s);
    text_print(s->name, sizeof s->name, "%s", name);
    for (int k = 0; k < 3; k++) s->accel[k] = s->gyro[k] = CSV_NO_COLUMN;
    s->preference = -1000;
    return s;
}

static void put_accel(struct csv_sensor *s, const struct found *f, int column)
{
    int better = s->gravity_removed != f->gravity_removed ? !f->gravity_removed
                                                          : f->preference > s->preference;
    if (s->accel[f->axis] != CSV_NO_COLUMN && !better) return;
    if (better)
        for (int k = 0; k < 3; k++) s->accel[k] = CSV_NO_COLUMN;
    s->accel[f->axis] = column;
    s->gravity_removed = f->gravity_removed;
    s->preference = f->preference;
    const char *unit = f->is_raw ? NULL : accel_unit(f->unit);
    text_print(s->accel_unit, sizeof s->accel_unit, "%s", unit ? unit : "");
}

static void put_gyro(struct csv_sensor *s, const struct found *f, int column)
{
    if (s->gyro[f->axis] != CSV_NO_COLUMN || f->is_raw) return;
    s->gyro[f->axis] = column;
    const char *unit = gyro_unit(f->unit);
    text_print(s->gyro_unit, sizeof s->gyro_unit, "%s", unit ? unit : "");
}

static int is_count(struct csv_cell name)
{
    char word[CSV_NAME_ROOM];
    text_print(word, sizeof word, "%.*s", (int)name.n, name.text);
    return text_equal(word, "axis1") || text_equal(word, "activity counts") ||
           text_starts_with(word, "counts");
}

static void place_column(struct csv_columns *out, size_t *n, struct found *f, int column,
                         int file_is_gyro)
{
    if (f->is_other || f->axis == CSV_NO_COLUMN) return;
    if (f->quantity == MEANS_NOTHING) { /* bare x, y, z: the unit or the file's name tells */
        f->quantity =
            gyro_unit(f->unit) || (file_is_gyro && !accel_unit(f->unit)) ? MEANS_GYRO : MEANS_ACCEL;
        if (*f->unit && !accel_unit(f->unit) && !gyro_unit(f->unit)) return;
    }
    if (f->quantity == MEANS_GYRO && accel_unit(f->unit) && !gyro_unit(f->unit))
        f->quantity = MEANS_ACCEL; /* gx in g */
    struct csv_sensor *s = sensor_called(out, n, f->sensor);
    if (!s) return;
    if (f->quantity == MEANS_ACCEL)
        put_accel(s, f, column);
    else
        put_gyro(s, f, column);
}

static int is_whole(const int columns[3])
{
    return columns[0] >= 0 && columns[1] >= 0 && columns[2] >= 0;
}

/* Keeps sensors that measure acceleration; a lone gyroscope goes to the lone accelerometer. */
static void keep_sensors(struct csv_columns *out, size_t n)
{
    size_t n_accel = 0, gyros = 0, last_gyro = 0;
    int any_total = 0;
    for (size_t i = 0; i < n; i++) {
        struct csv_sensor *s = &out->sensors[i];
        n_accel += (size_t)is_whole(s->accel);
        if (is_whole(s->accel) && !s->gravity_removed) any_total = 1;
        if (!is_whole(s->gyro)) s->gyro[0] = s->gyro[1] = s->gyro[2] = CSV_NO_COLUMN;
        if (is_whole(s->gyro)) {
            gyros++;
            last_gyro = i;
        }
    }
    struct csv_sensor gyro = out->sensors[last_gyro];
    out->has_gyro_only = gyros > 0 && !n_accel;
    for (size_t i = 0; i < n; i++) {
        struct csv_sensor s = out->sensors[i];
        if (!is_whole(s.accel) || (any_total && s.gravity_removed)) continue;
        out->sensors[out->n_sensors++] = s;
    }
    if (out->n_sensors != 1 || gyros != 1) return;
    memcpy(out->sensors[0].gyro, gyro.gyro, sizeof gyro.gyro);
    memcpy(out->sensors[0].gyro_unit, gyro.gyro_unit, sizeof gyro.gyro_unit);
}

static int contains(const char *text, const char *word)
{
    for (; *text; text++)
        if (text_starts_with(text, word)) return 1;
    return 0;
}

/* W beside bare X, Y, Z: an orientation. */
static int is_quaternion(const struct csv_dialect *d)
{
    for (size_t c = 0; c < d->n_columns; c++)
        if (d->names[c].n == 1 && lower(d->names[c].text[0]) == 'w') return 1;
    return 0;
}

gait_status csv_name_columns(const struct csv_dialect *dialect, const unsigned char *is_empty,
                             const char *file, struct csv_columns *out, gait_error *err)
{
    const struct csv_dialect *d = dialect;
    size_t n = 0;
    (void)err;
    memset(out, 0, sizeof *out);
    choose_time(d, is_empty, out);
    int file_is_gyro = contains(file, "gyr") && !contains(file, "acc");
    int has_quaternion = is_quaternion(d);
    for (size_t c = 0; c < d->n_columns; c++) {
        struct found f;
        if ((int)c == out->time || is_empty[c]) continue;
        understand(d->names[c], &f);
        struct csv_cell unit = unit_cell(d, c);
        if (!*f.unit) text_print(f.unit, sizeof f.unit, "%.*s", (int)unit.n, unit.text);
        f.is_other |= has_quaternion && f.quantity == MEANS_NOTHING && !*f.unit;
        place_column(out, &n, &f, (int)c, file_is_gyro);
        out->are_counts |= is_count(d->names[c]);
    }
    keep_sensors(out, n);
    return GAIT_OK;
}

static int column_called(const struct csv_dialect *d, const char *name, size_t n)
{
    int64_t number;
    for (size_t c = 0; d->names && c < d->n_columns; c++)
        if (d->names[c].n == n && !strncmp(d->names[c].text, name, n)) return (int)c;
    if (integer_parse(name, n, &number) && number >= 1 && number <= (int64_t)d->n_columns)
        return (int)number - 1;
    return CSV_NO_COLUMN;
}

static int *role_called(struct csv_columns *out, const char *role, size_t n)
{
    struct csv_sensor *s = &out->sensors[0];
    if (n == 1 && *role >= 'x' && *role <= 'z') return &s->accel[*role - 'x'];
    if (n == 2 && *role == 'a' && role[1] >= 'x' && role[1] <= 'z') return &s->accel[role[1] - 'x'];
    if (n == 2 && *role == 'g' && role[1] >= 'x' && role[1] <= 'z') return &s->gyro[role[1] - 'x'];
    if ((n == 4 && !strncmp(role, "time", n)) || (n == 1 && *role == 't')) return &out->time;
    return NULL;
}

gait_status csv_given_columns(const struct csv_dialect *dialect, const char *given,
                              struct csv_columns *out, gait_error *err)
{
    size_t n = 0;
    memset(out, 0, sizeof *out);
    out->time = CSV_NO_COLUMN;
    sensor_called(out, &n, "");
    for (const char *at = given; *at;) {
        size_t length = strcspn(at, ","), equals = strcspn(at, "=");
        int *role = equals < length ? role_called(out, at, equals) : NULL;
        if (!role)
            return gait_fail(err, GAIT_INVALID,
                             "columns \"%.60s\": expected as time=t,x=ax,y=ay,z=az,gx=..", given);
        const char *name = at + equals + 1;
        *role = column_called(dialect, name, length - equals - 1);
        if (*role == CSV_NO_COLUMN)
            return gait_fail(err, GAIT_INVALID, "columns: the file has no column \"%.*s\"",
                             (int)(length - equals - 1), name);
        at += length + (at[length] == ',');
    }
    struct csv_sensor *s = &out->sensors[0];
    if (!is_whole(s->accel))
        return gait_fail(err, GAIT_INVALID, "columns \"%.60s\": x, y and z are needed", given);
    if (!is_whole(s->gyro)) s->gyro[0] = s->gyro[1] = s->gyro[2] = CSV_NO_COLUMN;
    out->n_sensors = 1;
    if (!dialect->names) return GAIT_OK;
    struct found f;
    understand(dialect->names[s->accel[0]], &f);
    if (accel_unit(f.unit))
        text_print(s->accel_unit, sizeof s->accel_unit, "%s", accel_unit(f.unit));
    if (s->gyro[0] != CSV_NO_COLUMN) {
        understand(dialect->names[s->gyro[0]], &f);
        if (gyro_unit(f.unit))
            text_print(s->gyro_unit, sizeof s->gyro_unit, "%s", gyro_unit(f.unit));
    }
    if (out->time == CSV_NO_COLUMN) return GAIT_OK;
    struct csv_cell name = dialect->names[out->time];
    int row = time_row(name, out->time_unit, sizeof out->time_unit);
    out->time_is_counter = row >= 0 && time_names[row].is_counter;
    out->device_clock = row >= 0 && time_names[row].device_clock;
    text_print(out->time_name, sizeof out->time_name, "%.*s", (int)name.n, name.text);
    return GAIT_OK;
}
