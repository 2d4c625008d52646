/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/sidecar.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/mounting.h"
#include "record/start_time.h"
#include "record/units.h"

enum { LARGEST_SIDECAR = 1 << 20 };

const char sidecar_known_tasks[] = "run, walk, knee-bend, squat, stance";
static const char *const known_placements = "foot, shank, sacrum, waist, wrist, other";
static const char *const known_sides = "left, right, none, unknown";

void sidecar_init(struct sidecar *s)
{
    memset(s, 0, sizeof *s);
    s->start_unix_s = s->utc_offset_s = NAN;
    s->mass_kg = s->height_m = s->speed_mps = s->slope_deg = s->distance_m = NAN;
    s->sample_rate_hz = s->accel_range_g = s->full_scale = s->gyro_full_scale = NAN;
}

void sidecar_free(struct sidecar *s)
{
    free(s->json);
    s->json = NULL;
}

/* One member of the file and where it goes. */
struct member {
    struct sidecar *s;
    const char *file; /* for messages */
    const char *key;
    json_t *value;
};

static const char *type_name(const json_t *value)
{
    static const char *const names[] = {"an object", "an array", "a text", "a number",
                                        "a number",  "true",     "false",  "null"};
    return value ? names[json_typeof(value)] : "missing";
}

static gait_status wrong_type(const struct member *m, const char *expected, gait_error *err)
{
    return gait_fail(err, GAIT_INVALID, "%s: %s is %s; expected %s", m->file, m->key,
                     type_name(m->value), expected);
}

static gait_status unknown_word(const struct member *m, const char *word, const char *known,
                                gait_error *err)
{
    return gait_fail(err, GAIT_INVALID, "%s: %s is \"%.40s\"; known: %s", m->file, m->key, word,
                     known);
}

static gait_status take_text(const struct member *m, char *out, size_t room, gait_error *err)
{
    const char *text = json_string_value(m->value);
    if (!text) return wrong_type(m, "a text", err);
    if (!text_print(out, room, "%s", text))
        return gait_fail(err, GAIT_INVALID, "%s: %s is longer than %zu bytes", m->file, m->key,
                         room - 1);
    return GAIT_OK;
}

static gait_status take_subject(const struct member *m, gait_error *err)
{
    return take_text(m, m->s->subject_id, sizeof m->s->subject_id, err);
}

static gait_status take_session(const struct member *m, gait_error *err)
{
    return take_text(m, m->s->session_id, sizeof m->s->session_id, err);
}

static gait_status take_placement(const struct member *m, gait_error *err)
{
    char word[SIDECAR_TEXT];
    TRY(take_text(m, word, sizeof word, err));
    m->s->placement = gait_placement_from_name(word);
    if (m->s->placement == GAIT_PLACEMENT_UNKNOWN && !text_equal(word, "unknown"))
        return unknown_word(m, word, known_placements, err);
    return GAIT_OK;
}

static gait_status take_any_side(const struct member *m, gait_side *side, gait_error *err)
{
    char word[SIDECAR_TEXT];
    TRY(take_text(m, word, sizeof word, err));
    *side = gait_side_from_name(word);
    if (*side > GAIT_SIDE_NONE || (*side == GAIT_SIDE_UNKNOWN && !text_equal(word, "unknown")))
        return unknown_word(m, word, known_sides, err);
    return GAIT_OK;
}

static gait_status take_side(const struct member *m, gait_error *err)
{
    return take_any_side(m, &m->s->side, err);
}

static gait_status take_affected_side(const struct member *m, gait_error *err)
{
    return take_any_side(m, &m->s->affected_side, err);
}

const char *sidecar_task(const char *name)
{
    static const char *const tasks[] = {"run", "walk", "knee-bend", "squat", "stance"};
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++)
        if (text_equal(tasks[i], name)) return tasks[i];
    return NULL;
}

static gait_status take_task(const struct member *m, gait_error *err)
{
    char word[SIDECAR_TEXT];
    TRY(take_text(m, word, sizeof word, err));
    const char *task = sidecar_task(word);
    if (!task) return unknown_word(m, word, sidecar_known_tasks, err);
    text_print(m->s->task, sizeof m->s->task, "%s", task);
    return GAIT_OK;
}

static gait_status take_start_time(const struct member *m, gait_error *err)
{
    char word[SIDECAR_TEXT];
    TRY(take_text(m, word, sizeof word, err));
    if (!start_time_parse(word, &m->s->start_unix_s, &m->s->time_kind, &m->s->utc_offset_s))
        return gait_fail(err, GAIT_INVALID,
                         "%s: start_time is \"%.40s\"; expected as 2026-05-04T07:08:09+02:00",
                         m->file, word);
    return GAIT_OK;
}

static gait_status take_axes(const struct member *m, gait_error *err)
{
    if (!json_is_object(m->value))
        return wrong_type(m, "an object such as {\"x\": \"up\", \"y\": \"left\"}", err);
    struct mounting mounting = {0};
    char where[300];
    text_print(where, sizeof where, "%s: axes", m->file);
    for (void *at = json_object_iter(m->value); at; at = json_object_iter_next(m->value, at)) {
        const char *axis = json_object_iter_key(at);
        const char *way = json_string_value(json_object_iter_value(at));
        if (strlen(axis) != 1 || !way)
            return gait_fail(err, GAIT_INVALID, "%s: \"%.20s\"; expected \"x\": \"up\" and so on",
                             where, axis);
        TRY(mounting_add(&mounting, axis[0], way, where, err));
    }
    memcpy(m->s->axes, mounting.axes, sizeof m->s->axes);
    m->s->axes_known = mounting.known;
    return GAIT_OK;
}

static gait_status take_unit(const struct member *m, gait_error *err)
{
    char word[SIDECAR_TEXT];
    TRY(take_text(m, word, sizeof word, err));
    const char *unit = accel_unit(word);
    if (!unit) return unknown_word(m, word, "g, m/s2, mg, g/64", err);
    text_print(m->s->unit, sizeof m->s->unit, "%s", unit);
    return GAIT_OK;
}

static gait_status take_gyro_unit(const struct member *m, gait_error *err)
{
    char word[SIDECAR_TEXT];
    TRY(take_text(m, word, sizeof word, err));
    const char *unit = gyro_unit(word);
    if (!unit) return unknown_word(m, word, "deg/s, rad/s, mdeg/s", err);
    text_print(m->s->gyro_unit, sizeof m->s->gyro_unit, "%s", unit);
    return GAIT_OK;
}

static gait_status take_channels(const struct member *m, gait_error *err)
{
    size_t n = json_array_size(m->value);
    if (!json_is_array(m->value) || !n || n > SIDECAR_CHANNELS)
        return wrong_type(m, "an array such as [\"ax\", \"ay\", \"az\"]", err);
    for (size_t i = 0; i < n; i++) {
        struct member one = *m;
        one.value = json_array_get(m->value, i);
        TRY(take_text(&one, m->s->channels[i], sizeof m->s->channels[i], err));
    }
    m->s->n_channels = n;
    return GAIT_OK;
}

static gait_status take_three(const struct member *m, const char *part, double out[3],
                              gait_error *err)
{
    const json_t *array = json_object_get(m->value, part);
    if (!json_is_array(array) || json_array_size(array) != 3)
        return gait_fail(err, GAIT_INVALID, "%s: %s needs \"%s\" with three numbers", m->file,
                         m->key, part);
    for (size_t k = 0; k < 3; k++) {
        const json_t *number = json_array_get(array, k);
        if (!json_is_number(number))
            return gait_fail(err, GAIT_INVALID, "%s: %s.%s[%zu] is %s; expected a number", m->file,
                             m->key, part, k, type_name(number));
        out[k] = json_number_value(number);
    }
    return GAIT_OK;
}

static gait_status take_calibration(const struct member *m, gait_error *err)
{
    if (!json_is_object(m->value)) return wrong_type(m, "an object with scale and offset_g", err);
    TRY(take_three(m, "scale", m->s->scale, err));
    TRY(take_three(m, "offset_g", m->s->offset_g, err));
    for (int k = 0; k < 3; k++) {
        double scale = m->s->scale[k], offset_g = m->s->offset_g[k];
        if (!(scale > 1e-6 && scale < 1e6 && fabs(offset_g) < 1e6))
            return gait_fail(err, GAIT_INVALID,
                             "%s: calibration of axis %c is out of reason: scale %g, offset %g g; "
                             "expected a scale near 1, and axes that are turned round in \"axes\"",
                             m->file, "xyz"[k], scale, offset_g);
    }
    m->s->has_calibration = 1;
    return GAIT_OK;
}

/* Numbers within limits. */
static const struct {
    const char *key;
    size_t offset;
    double least, most;
} numbers[] = {
    {"sample_rate_hz", offsetof(struct sidecar, sample_rate_hz), 1, 20000},
    {"accel_range_g", offsetof(struct sidecar, accel_range_g), 0.5, 1000},
    {"mass_kg", offsetof(struct sidecar, mass_kg), 1, 500},
    {"height_m", offsetof(struct sidecar, height_m), 0.3, 3},
    {"speed_mps", offsetof(struct sidecar, speed_mps), 0, 20},
    {"slope_deg", offsetof(struct sidecar, slope_deg), -60, 60},
    {"distance_m", offsetof(struct sidecar, distance_m), 0, 1e6},
    {"full_scale", offsetof(struct sidecar, full_scale), 1e-6, 1e9},
    {"gyro_full_scale", offsetof(struct sidecar, gyro_full_scale), 1e-6, 1e9},
};

/* Everything else that means something. */
static const struct {
    const char *key;
    gait_status (*take)(const struct member *m, gait_error *err);
} others[] = {
    {"subject_id", take_subject},
    {"session_id", take_session},
    {"start_time", take_start_time},
    {"placement", take_placement},
    {"side", take_side},
    {"affected_side", take_affected_side},
    {"task", take_task},
    {"axes", take_axes},
    {"unit", take_unit},
    {"gyro_unit", take_gyro_unit},
    {"channels", take_channels},
    {"calibration", take_calibration},
};

static gait_status take_number(const struct member *m, size_t row, gait_error *err)
{
    if (!json_is_number(m->value)) return wrong_type(m, "a number", err);
    double value = json_number_value(m->value);
    if (!(value >= numbers[row].least && value <= numbers[row].most))
        return gait_fail(err, GAIT_INVALID, "%s: %s is %g; expected %g to %g", m->file, m->key,
                         value, numbers[row].least, numbers[row].most);
    memcpy((char *)m->s + numbers[row].offset, &value, sizeof value);
    return GAIT_OK;
}

static gait_status take_member(const struct member *m, gait_error *err)
{
    if (json_is_null(m->value)) return GAIT_OK; /* the same as leaving it out */
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!strcmp(m->key, numbers[i].key)) return take_number(m, i, err);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!strcmp(m->key, others[i].key)) return others[i].take(m, err);
    return GAIT_OK;
}

static gait_status take_members(struct sidecar *s, json_t *root, const char *name, gait_error *err)
{
    if (!json_is_object(root))
        return gait_fail(err, GAIT_INVALID, "%s: is %s; expected an object", name, type_name(root));
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
    {
        struct member m = {s, name, key, value};
        TRY(take_member(&m, err));
    }
    s->json = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(15));
    return s->json ? GAIT_OK : gait_fail(err, GAIT_NOMEM, "%s: no memory to keep it", name);
}

gait_status sidecar_parse(struct sidecar *sidecar, const char *text, size_t n, const char *name,
                          gait_error *err)
{
    json_error_t where;
    json_t *root = json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &where);
    if (!root) return gait_fail(err, GAIT_INVALID, "%s: line %d: %s", name, where.line, where.text);
    gait_status st = take_members(sidecar, root, name, err);
    json_decref(root);
    return st;
}

gait_status sidecar_override(struct sidecar *sidecar, const char *json, const char *name,
                             gait_error *err)
{
    json_error_t where;
    json_t *members = json_loads(json, JSON_REJECT_DUPLICATES, &where);
    if (!members) return gait_fail(err, GAIT_INVALID, "%s: options as JSON: %s", name, where.text);
    json_t *both = sidecar->json ? json_loads(sidecar->json, 0, NULL) : json_object();
    sidecar_free(sidecar);
    sidecar_init(sidecar);
    gait_status st = json_object_update(both, members)
                         ? gait_fail(err, GAIT_INVALID, "%s: options as JSON: no object", name)
                         : take_members(sidecar, both, name, err);
    json_decref(both);
    json_decref(members);
    return st;
}

bool sidecar_own_path(const char *recording_path, char *out, size_t room)
{
    return text_print(out, room, "%s.json", recording_path);
}

bool sidecar_path(const char *recording_path, char *out, size_t room)
{
    if (sidecar_own_path(recording_path, out, room) && access(out, F_OK) == 0) return true;
    return sidecar_stem_path(recording_path, out, room);
}

bool sidecar_stem_path(const char *recording_path, char *out, size_t room)
{
    size_t n = strlen(recording_path);
    if (text_ends_with(recording_path, ".gz")) n -= 3;
    size_t base = (size_t)(text_base_name(recording_path) - recording_path);
    for (size_t i = n; i > base + 1; i--)
        if (recording_path[i - 1] == '.') {
            n = i - 1;
            break;
        }
    return text_print(out, room, "%.*s.json", (int)n, recording_path);
}

gait_status sidecar_read(struct sidecar *sidecar, const char *recording_path, gait_error *err)
{
    char path[4096];
    if (!sidecar_path(recording_path, path, sizeof path)) return GAIT_OK;
    FILE *file = fopen(path, "rbe");
    if (!file && (errno == ENOENT || errno == ENOTDIR)) return GAIT_OK;
    if (!file) return gait_fail(err, GAIT_IO, "%s: cannot open: %s", path, strerror(errno));

    gait_status st;
    char *text = malloc(LARGEST_SIDECAR + 1);
    size_t n = text ? fread(text, 1, LARGEST_SIDECAR + 1, file) : 0;
    if (!text)
        st = gait_fail(err, GAIT_NOMEM, "%s: no memory to read it", path);
    else if (ferror(file))
        st = gait_fail(err, GAIT_IO, "%s: cannot read: %s", path, strerror(errno));
    else if (n > LARGEST_SIDECAR)
        st = gait_fail(err, GAIT_INVALID, "%s: larger than 1 MiB; expected a sidecar", path);
    else
        st = sidecar_parse(sidecar, text, n, text_base_name(path), err);
    free(text);
    fclose(file);
    return st;
}
