/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/reference.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"

enum { MOST_BYTES = 1 << 26, LONGEST_LINE = 512, MOST_FIELDS = 4 };

static const struct {
    const char *event;
    enum reference_kind kind;
    bool needs_value;
    bool is_instant; /* its time says when something happened, not what a value is about */
} kinds[] = {
    {"foot_strike", REFERENCE_FOOT_STRIKE, false, true},
    {"toe_off", REFERENCE_TOE_OFF, false, true},
    {"contact_time_s", REFERENCE_CONTACT_TIME, true, true},
    {"cadence_spm", REFERENCE_CADENCE, true, false},
    {"cadence_consensus_spm", REFERENCE_CADENCE_CONSENSUS, true, false},
    {"steps", REFERENCE_STEPS, true, false},
    {"bout_start", REFERENCE_BOUT_START, false, true},
    {"bout_end", REFERENCE_BOUT_END, false, true},
};

/* What people call a bout, looked for at the beginning of each word of the label. */
static const struct {
    const char *part;
    gait_activity activity;
} words[] = {
    {"walk", GAIT_WALK},      {"jog", GAIT_RUN},     {"run", GAIT_RUN},
    {"rest", GAIT_REST},      {"stand", GAIT_REST},  {"sit", GAIT_REST},
    {"lying", GAIT_REST},     {"still", GAIT_REST},  {"other", GAIT_OTHER_ACTIVITY},
    {"knee", GAIT_KNEE_BEND}, {"squat", GAIT_SQUAT}, {"stance", GAIT_STANCE},
};

struct line {
    const char *path;
    size_t number;
    size_t n_fields;
    char text[LONGEST_LINE];
    const char *field[MOST_FIELDS]; /* "" for those that are missing */
};

static gait_status bad_line(const struct line *line, const char *what, const char *expected,
                            gait_error *err)
{
    return gait_fail(err, GAIT_FORMAT, "%s: line %zu: found '%s', expected %s", line->path,
                     line->number, what, expected);
}

static char *trim(char *text)
{
    size_t n = strlen(text);
    while (n && (text[n - 1] == ' ' || text[n - 1] == '\r' || text[n - 1] == '\t')) n--;
    text[n] = '\0';
    while (*text == ' ' || *text == '\t') text++;
    return text;
}

static gait_status split(struct line *line, const char *from, size_t n, gait_error *err)
{
    if (n >= LONGEST_LINE)
        return gait_fail(err, GAIT_FORMAT, "%s: line %zu: %zu bytes long, at most %d expected",
                         line->path, line->number, n, LONGEST_LINE - 1);
    memcpy(line->text, from, n);
    line->text[n] = '\0';
    line->n_fields = 0;
    line->field[0] = line->field[1] = line->field[2] = line->field[3] = "";
    for (char *rest = line->text; rest;) {
        char *comma = strchr(rest, ',');
        if (comma) *comma = '\0';
        if (line->n_fields == MOST_FIELDS) return bad_line(line, rest, "at most four columns", err);
        line->field[line->n_fields++] = trim(rest);
        rest = comma ? comma + 1 : NULL;
    }
    return GAIT_OK;
}

static gait_status check_heading(const struct line *line, gait_error *err)
{
    static const char *const names[MOST_FIELDS] = {"event", "side", "time_s", "value"};
    for (size_t i = 0; i < MOST_FIELDS; i++)
        if (!text_equal(line->field[i], names[i]) && (i < 3 || line->field[i][0]))
            return bad_line(line, line->field[i], "the heading event,side,time_s[,value]", err);
    return GAIT_OK;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int activity_of(const char *label)
{
    for (const char *at = label; *at; at++) {
        if (at > label && is_letter(at[-1])) continue;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (text_starts_with(at, words[i].part)) return (int)words[i].activity;
    }
    return -1;
}

static gait_status parse_value(const struct line *line, bool needed, struct reference_row *row,
                               gait_error *err)
{
    const char *text = line->field[3];
    row->value = NAN;
    row->activity = -1;
    if (number_from_text(text, &row->value)) return GAIT_OK;
    if (needed && text[0] && !text_equal(text, "nan")) return bad_line(line, text, "a number", err);
    if (!needed) row->activity = activity_of(text);
    return GAIT_OK;
}

static void widen(struct reference *reference, double time_s)
{
    reference->first_s = fmin(reference->first_s, time_s);
    reference->last_s = fmax(reference->last_s, time_s);
}

static gait_status take_line(struct reference *out, const struct line *line, gait_error *err)
{
    double time_s;
    bool has_time = number_from_text(line->field[2], &time_s);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct reference_row row = {.kind = kinds[i].kind};
        if (!text_equal(line->field[0], kinds[i].event)) continue;
        if (!has_time) return bad_line(line, line->field[2], "a time in seconds", err);
        TRY(parse_value(line, kinds[i].needs_value, &row, err));
        if (kinds[i].is_instant) widen(out, time_s);
        if (kinds[i].needs_value && !isfinite(row.value)) break; /* nothing to compare with */
        row.time_s = time_s;
        row.side = gait_side_from_name(line->field[1]);
        if (row.side == GAIT_SIDE_NONE) row.side = GAIT_SIDE_UNKNOWN;
        out->rows[out->n++] = row;
        return GAIT_OK;
    }
    if (has_time && !line->field[3][0]) widen(out, time_s);
    out->n_ignored++;
    return GAIT_OK;
}

static int by_time(const void *a, const void *b)
{
    const struct reference_row *x = a, *y = b;
    if (x->time_s < y->time_s) return -1;
    if (x->time_s > y->time_s) return 1;
    return (int)x->kind - (int)y->kind;
}

static gait_status parse(struct reference *out, const char *path, const char *text, size_t size,
                         struct arena *keep, gait_error *err)
{
    struct line line = {.path = path, .field = {"", "", "", ""}};
    size_t most = 1;
    for (size_t i = 0; i < size; i++) most += text[i] == '\n';
    *out = (struct reference){.first_s = NAN, .last_s = NAN};
    out->rows = ARENA_NEW(keep, most, struct reference_row);
    if (!out->rows) return gait_fail(err, GAIT_NOMEM, "%s: no memory to read it", path);
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) text += 3, size -= 3;
    const char *end = text + size;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t n = (size_t)((stop ? stop : end) - text);
        line.number++;
        TRY(split(&line, text, n, err));
        if (line.number == 1)
            TRY(check_heading(&line, err));
        else if (line.n_fields > 1 || line.field[0][0])
            TRY(take_line(out, &line, err));
        text = stop ? stop + 1 : end;
    }
    if (line.number == 0) return gait_fail(err, GAIT_FORMAT, "%s: empty, a heading expected", path);
    qsort(out->rows, out->n, sizeof *out->rows, by_time);
    return GAIT_OK;
}

gait_status reference_read(struct reference *out, const char *path, struct arena *keep,
                           gait_error *err)
{
    void *bytes = NULL;
    size_t size = 0;
    TRY(file_load(path, MOST_BYTES, &bytes, &size, err));
    gait_status st = parse(out, path, bytes, size, keep, err);
    free(bytes);
    return st;
}
