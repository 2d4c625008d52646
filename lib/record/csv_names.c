/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/csv_names.h"

#include <string.h>

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

int time_unit_read(const char *text, char *out, size_t room)
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
    return accel_unit(text) || gyro_unit(text) || time_unit_read(text, NULL, 0);
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

static void add_to_sensor(struct column_name *f, const char *word)
{
    size_t n = strlen(f->sensor);
    text_print(f->sensor + n, sizeof f->sensor - n, "%s%s", n ? " " : "", word);
}

static void take_meaning(struct column_name *f, size_t row, const char *word)
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

void column_name_read(struct csv_cell name, struct column_name *f)
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

static const struct time_name time_names[] = {
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

const struct time_name *time_name_find(struct csv_cell name, char *unit, size_t room)
{
    char written[24] = "", compact[CSV_NAME_ROOM];
    size_t n = cut_unit(name.text, name.n, written, sizeof written), k = 0;
    for (size_t i = 0; i < n && k + 1 < sizeof compact; i++)
        if (is_word_char(name.text[i])) compact[k++] = lower(name.text[i]);
    compact[k] = '\0';
    unit[0] = '\0';
    int has_unit = time_unit_read(written, unit, room);
    if (*written && !has_unit) return NULL;
    for (size_t i = 0; i < sizeof time_names / sizeof *time_names; i++) {
        if (!name_matches(compact, time_names[i].name)) continue;
        if (text_equal(time_names[i].name, "x") && !has_unit) continue;
        if (!has_unit) text_print(unit, room, "%s", time_names[i].unit);
        return &time_names[i];
    }
    return NULL;
}
