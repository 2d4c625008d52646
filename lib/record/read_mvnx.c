/* SPDX-License-Identifier: BSD-3-Clause */
#include <expat.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "base/vec.h"
#include "record/format.h"
#include "record/words.h"

/* Xsens MVN's MVNX: XML with one element per instant. It does not hold what the accelerometers
 * felt, but their acceleration without gravity in the axes of the room (z up) and the orientation
 * of each sensor (a quaternion, w first, from sensor to room). Both together give the specific
 * force back: gravity is added and the sum turned into the sensor's axes; so is the angular rate of
 * the segment that the sensor sits on. Files without sensors have the same for the body's segments.
 */

enum {
    CHUNK = 1 << 14,
    MOST_LABELS = 64,
    LABEL = 48,
    MOST_NUMBERS = 4 * MOST_LABELS,
    NUMBERS_TEXT = 1 << 14,
    FRAMES_PER_READ = 1024,
    ROOM = FRAMES_PER_READ + CHUNK / 16
};

#define STANDARD_GRAVITY 9.80665

/* Elements of a frame whose numbers are used. */
enum element {
    SENSOR_ACCEL,
    SENSOR_ORIENTATION,
    SEGMENT_ACCEL,
    SEGMENT_ORIENTATION,
    SEGMENT_RATE,
    N_ELEMENTS
};

static const char *const element_names[N_ELEMENTS] = {"sensorFreeAcceleration", "sensorOrientation",
                                                      "acceleration", "orientation",
                                                      "angularVelocity"};
static const size_t numbers_each[N_ELEMENTS] = {3, 4, 3, 4, 3};

struct labels {
    size_t n;
    char names[MOST_LABELS][LABEL];
};

struct reader {
    struct source *source;
    XML_Parser parser;
    struct labels sensors, segments;
    double rate_hz; /* NaN if not stated */
    double zero_ms; /* since 1970, of time 0; NaN until a frame tells it */
    int has_frames; /* the element <frames> has begun: labels are complete */
    int ended, refused;

    int by_sensor;    /* else by segment */
    size_t chosen;    /* among sensors or segments */
    int rate_segment; /* segment whose angular rate belongs to it, -1: none */

    int in_frame;
    double frame_s;
    int in_element; /* enum element, -1: none */
    char text[NUMBERS_TEXT];
    size_t n_text;
    double numbers[N_ELEMENTS][MOST_NUMBERS];
    size_t n_numbers[N_ELEMENTS];

    struct damage bad; /* since the last read */
    size_t n;
    double stamp_s[ROOM];
    float accel[3 * ROOM];
    float gyro[3 * ROOM];
    gait_sensor_entry entries[MOST_LABELS];
};

static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (!strcmp(attributes[0], name)) return attributes[1];
    return "";
}

static void add_label(struct labels *labels, const char *label)
{
    if (labels->n < MOST_LABELS) text_print(labels->names[labels->n++], LABEL, "%s", label);
}

/* Milliseconds are rounded; the number of the frame, where there is one, is exact. */
static void begin_frame(struct reader *reader, const XML_Char **attributes)
{
    double index, ms;
    reader->in_frame = !strcmp(attribute(attributes, "type"), "normal");
    if (!reader->in_frame) return;
    memset(reader->n_numbers, 0, sizeof reader->n_numbers);
    reader->frame_s = NAN;
    if (number_from_text(attribute(attributes, "time"), &ms)) reader->frame_s = ms / 1000;
    if (number_from_text(attribute(attributes, "index"), &index) && reader->rate_hz > 0)
        reader->frame_s = index / reader->rate_hz;
    if (isnan(reader->zero_ms) && number_from_text(attribute(attributes, "ms"), &ms))
        reader->zero_ms = ms - 1000 * reader->frame_s;
}

static void XMLCALL begin_element(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct reader *reader = user;
    if (!strcmp(name, "frame")) {
        begin_frame(reader, attributes);
    } else if (!strcmp(name, "frames")) {
        reader->has_frames = 1;
    } else if (!strcmp(name, "segment")) {
        add_label(&reader->segments, attribute(attributes, "label"));
    } else if (!strcmp(name, "sensor")) {
        add_label(&reader->sensors, attribute(attributes, "label"));
    } else if (!strcmp(name, "subject")) {
        number_from_text(attribute(attributes, "frameRate"), &reader->rate_hz);
    } else if (reader->in_frame) {
        for (int e = 0; e < N_ELEMENTS; e++)
            if (!strcmp(name, element_names[e])) reader->in_element = e;
        reader->n_text = 0;
    }
}

static void XMLCALL take_text(void *user, const XML_Char *text, int n)
{
    struct reader *reader = user;
    if (reader->in_element < 0 || n <= 0) return;
    size_t room = NUMBERS_TEXT - reader->n_text, more = (size_t)n;
    if (more > room) more = room;
    memcpy(reader->text + reader->n_text, text, more);
    reader->n_text += more;
}

static void parse_numbers(struct reader *reader)
{
    size_t n = 0, at = 0;
    while (n < MOST_NUMBERS) {
        while (at < reader->n_text && reader->text[at] <= ' ') at++;
        size_t taken = number_parse(reader->text + at, reader->n_text - at, '.',
                                    &reader->numbers[reader->in_element][n]);
        if (!taken) break;
        at += taken;
        n++;
    }
    reader->n_numbers[reader->in_element] = n;
}

/* The numbers of one sensor or segment in an element of the frame; NULL if they are not there. */
static const double *numbers_of(const struct reader *reader, enum element element, size_t which)
{
    size_t k = numbers_each[element];
    if (reader->n_numbers[element] < (which + 1) * k) return NULL;
    return &reader->numbers[element][which * k];
}

/* From the axes of the room into those of the sensor. */
static void turn_back(const double q[4], const double v[3], double out[3])
{
    const double axis[3] = {q[1], q[2], q[3]};
    double once[3], twice[3];
    vec_cross(axis, v, once);
    vec_cross(axis, once, twice);
    for (int k = 0; k < 3; k++) out[k] = v[k] + 2 * (twice[k] - q[0] * once[k]);
}

static void end_frame(struct reader *reader)
{
    int s = reader->by_sensor;
    const double *free_accel = numbers_of(reader, s ? SENSOR_ACCEL : SEGMENT_ACCEL, reader->chosen);
    const double *q =
        numbers_of(reader, s ? SENSOR_ORIENTATION : SEGMENT_ORIENTATION, reader->chosen);
    const double *rate = reader->rate_segment < 0
                             ? NULL
                             : numbers_of(reader, SEGMENT_RATE, (size_t)reader->rate_segment);
    double force[3], turned[3], spin[3] = {NAN, NAN, NAN};
    reader->in_frame = 0;
    if (!free_accel || !q || isnan(reader->frame_s) || reader->n == ROOM) {
        damage_add(&reader->bad, "line", XML_GetCurrentLineNumber(reader->parser));
        return;
    }
    memcpy(force, free_accel, sizeof force);
    force[2] += STANDARD_GRAVITY;
    turn_back(q, force, turned);
    if (rate) turn_back(q, rate, spin);
    size_t i = reader->n++;
    reader->stamp_s[i] = reader->frame_s;
    for (size_t k = 0; k < 3; k++) {
        reader->accel[3 * i + k] = (float)turned[k];
        reader->gyro[3 * i + k] = (float)spin[k];
    }
}

static void XMLCALL end_element(void *user, const XML_Char *name)
{
    struct reader *reader = user;
    if (reader->in_element >= 0) parse_numbers(reader);
    reader->in_element = -1;
    if (reader->in_frame && !strcmp(name, "frame")) end_frame(reader);
}

/* Entities are declared in a document type, and nothing here needs any. */
static void XMLCALL refuse_doctype(void *user, const XML_Char *name, const XML_Char *system,
                                   const XML_Char *public, int internal)
{
    struct reader *reader = user;
    (void)name, (void)system, (void)public, (void)internal;
    reader->refused = 1;
    XML_StopParser(reader->parser, XML_FALSE);
}

static gait_status parse_chunk(struct reader *reader, gait_error *err)
{
    size_t n = 0;
    void *room = XML_GetBuffer(reader->parser, CHUNK);
    if (!room) return gait_fail(err, GAIT_NOMEM, "%s", source_name(reader->source));
    TRY(source_read(reader->source, room, CHUNK, &n, err));
    reader->ended = !n;
    if (XML_ParseBuffer(reader->parser, (int)n, reader->ended) != XML_STATUS_ERROR) return GAIT_OK;
    enum XML_Error why = XML_GetErrorCode(reader->parser);
    unsigned long line = XML_GetCurrentLineNumber(reader->parser);
    reader->ended = 1;
    if (reader->refused)
        return gait_fail(err, GAIT_FORMAT,
                         "%s: line %lu: a document type, which no MVNX file needs",
                         source_name(reader->source), line);
    if (reader->has_frames) { /* a file that was cut: its frames so far are good */
        damage_add(&reader->bad, "line", line);
        return GAIT_OK;
    }
    return gait_fail(err, GAIT_FORMAT, "%s: line %lu: not readable XML: %s",
                     source_name(reader->source), line, XML_ErrorString(why));
}

static gait_status read_frames(void *state, struct frames *out, gait_error *err)
{
    struct reader *reader = state;
    reader->n = 0;
    while (reader->n < FRAMES_PER_READ && !reader->ended) TRY(parse_chunk(reader, err));
    *out = (struct frames){.n = reader->n,
                           .stamp_s = reader->stamp_s,
                           .accel = reader->accel,
                           .gyro = reader->rate_segment >= 0 ? reader->gyro : NULL,
                           .bad = damage_take(&reader->bad)};
    return GAIT_OK;
}

static void close_reader(void *state)
{
    struct reader *reader = state;
    if (reader->parser) XML_ParserFree(reader->parser);
    free(reader);
}

static gait_status choose(struct reader *reader, const char *wanted, gait_error *err)
{
    const char *name = source_name(reader->source);
    reader->by_sensor = reader->sensors.n > 0;
    const struct labels *labels = reader->by_sensor ? &reader->sensors : &reader->segments;
    if (!labels->n)
        return gait_fail(err, GAIT_FORMAT, "%s: neither sensors nor segments before the frames",
                         name);
    while (wanted && reader->chosen < labels->n &&
           !text_equal(labels->names[reader->chosen], wanted))
        reader->chosen++;
    if (reader->chosen == labels->n)
        return gait_fail(err, GAIT_NOT_FOUND, "%s: no sensor \"%s\"; the first of %zu is \"%s\"",
                         name, wanted, labels->n, labels->names[0]);
    reader->rate_segment = -1;
    for (size_t i = 0; i < reader->segments.n; i++)
        if (!strcmp(reader->segments.names[i], labels->names[reader->chosen]))
            reader->rate_segment = (int)i;
    return GAIT_OK;
}

static void describe(struct reader *reader, struct description *out)
{
    const struct labels *labels = reader->by_sensor ? &reader->sensors : &reader->segments;
    const char *chosen = labels->names[reader->chosen];
    for (size_t i = 0; i < labels->n; i++) {
        reader->entries[i].name = labels->names[i];
        place_from_words(labels->names[i], &reader->entries[i].placement, &reader->entries[i].side);
    }
    text_print(out->evidence, sizeof out->evidence, "XML element mvnx");
    text_print(out->column_evidence, sizeof out->column_evidence,
               "%s %s: free acceleration with gravity put back by its orientation",
               reader->by_sensor ? "sensor" : "segment", chosen);
    text_print(out->time_evidence, sizeof out->time_evidence, "numbers of the frames");
    text_print(out->device, sizeof out->device, "Xsens MVN");
    if (labels->n > 1) text_print(out->sensor, sizeof out->sensor, "%s", chosen);
    text_print(out->unit, sizeof out->unit, "m/s2");
    text_print(out->unit_evidence, sizeof out->unit_evidence, "MVNX files are in m/s^2");
    out->placement = reader->entries[reader->chosen].placement;
    out->side = reader->entries[reader->chosen].side;
    out->nominal_rate_hz = reader->rate_hz;
    out->has_stamps = 1;
    out->has_gyro = reader->rate_segment >= 0;
    if (out->has_gyro) text_print(out->gyro_unit, sizeof out->gyro_unit, "rad/s");
    out->n_sensors = labels->n > 1 ? labels->n : 0;
    out->sensors = reader->entries;
}

/* The labels stand before the frames, and the samples of the frames that come with them are lost on
 * a reader that has not chosen yet: so they are read, chosen from, and the file begun again. */
static gait_status begin_parsing(struct reader *reader, gait_error *err)
{
    if (reader->parser) XML_ParserFree(reader->parser);
    reader->parser = XML_ParserCreate(NULL);
    if (!reader->parser) return gait_fail(err, GAIT_NOMEM, "%s", source_name(reader->source));
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, begin_element, end_element);
    XML_SetCharacterDataHandler(reader->parser, take_text);
    XML_SetStartDoctypeDeclHandler(reader->parser, refuse_doctype);
    reader->rate_hz = reader->zero_ms = NAN;
    reader->sensors.n = reader->segments.n = 0;
    reader->n = 0;
    reader->bad = (struct damage){0};
    reader->in_element = -1;
    reader->in_frame = reader->has_frames = reader->ended = 0;
    return GAIT_OK;
}

static gait_status open_reader(struct reader *reader, const char *wanted, struct description *out,
                               gait_error *err)
{
    TRY(begin_parsing(reader, err));
    reader->rate_segment = -1;
    while (isnan(reader->zero_ms) && !reader->ended && reader->n < FRAMES_PER_READ)
        TRY(parse_chunk(reader, err));
    if (!reader->has_frames)
        return gait_fail(err, GAIT_FORMAT, "%s: no element \"frames\"",
                         source_name(reader->source));
    TRY(choose(reader, wanted, err));
    describe(reader, out);
    if (!isnan(reader->zero_ms)) {
        out->start_unix_s = reader->zero_ms / 1000;
        out->time_kind = GAIT_TIME_UTC;
    }
    TRY(source_rewind(reader->source, err));
    return begin_parsing(reader, err);
}

static gait_status open_recording(struct source *source, const gait_recording_options *options,
                                  const struct sidecar *sidecar, struct description *out,
                                  void **state, gait_error *err)
{
    (void)sidecar;
    struct reader *reader = *state = calloc(1, sizeof *reader);
    if (!reader) return gait_fail(err, GAIT_NOMEM, "%s", source_name(source));
    reader->source = source;
    return open_reader(reader, options->sensor, out, err);
}

static int probe_mvnx(const unsigned char *head, size_t n, const char *name, const char *extension)
{
    (void)name;
    size_t most = n < 4096 ? n : 4096;
    bool xml = n >= 5 && memchr(head, '<', 8 < n ? 8 : n) != NULL;
    for (size_t at = 0; xml && at + 6 <= most; at++)
        if (!memcmp(head + at, "<mvnx", 5)) return 90;
    return xml && !strcmp(extension, "mvnx") ? 70 : 0;
}

const struct format format_mvnx = {
    .pub = {"mvnx", "Xsens MVN recordings; gravity is put back from the orientations", "mvnx"},
    .probe = probe_mvnx,
    .open = open_recording,
    .read = read_frames,
    .close = close_reader,
};
