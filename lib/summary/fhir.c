/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <xxhash.h>

#include "base/fail.h"
#include "base/text.h"
#include "summary/document.h"

/* A session as a FHIR R4 collection: the program and each sensor as a Device, each median of each
 * limb and activity as an Observation, each finding as another. Everything is preliminary: nobody
 * has looked at it yet. What has no LOINC code has one of our own systems. */

#define OWN "https://github.com/libgait/libgait/fhir/"

static const char metrics_system[] = OWN "metric", statistics_system[] = OWN "statistic",
                  findings_system[] = OWN "finding", loinc[] = "http://loinc.org",
                  ucum[] = "http://unitsofmeasure.org",
                  absent[] = "http://terminology.hl7.org/CodeSystem/data-absent-reason";

enum { ID_ROOM = 64, URN_ROOM = 48 };

struct bundle {
    const gait_summary *summary;
    json_t *entries;
    size_t n;
    char subject[128];
    char when[48]; /* FHIR dateTime; "" if not known */
    int failed;    /* memory */
};

/* The same summary gives the same names. */
static void urn_of(const struct bundle *b, const char *id, char urn[URN_ROOM])
{
    const gait_table *recordings = gait_summary_table(b->summary, "recordings");
    char key[256];
    text_print(key, sizeof key, "%s %s %s", b->subject,
               document_text(recordings, "content_hash", 0), id);
    XXH128_hash_t h = XXH3_128bits(key, strlen(key));
    unsigned long long high = (h.high64 & ~0xf000ULL) | 0x8000ULL; /* version 8: made our way */
    unsigned long long low = (h.low64 & ~(3ULL << 62)) | 2ULL << 62;
    text_print(urn, URN_ROOM, "urn:uuid:%08llx-%04llx-%04llx-%04llx-%012llx", high >> 32,
               high >> 16 & 0xffff, high & 0xffff, low >> 48, low & 0xffffffffffffULL);
}

/* Letters, digits, hyphens: what an id may hold. */
GAIT_PRINTF(2, 3) static void id_of(char id[ID_ROOM], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(id, ID_ROOM, format, arguments);
    va_end(arguments);
    for (char *c = id; *c; c++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.", *c))
            *c = '-';
}

/* Takes the resource. */
static void add(struct bundle *b, const char *id, json_t *resource)
{
    char urn[URN_ROOM];
    urn_of(b, id, urn);
    if (!resource || json_object_set_new(resource, "id", json_string(id)) ||
        json_array_append_new(b->entries,
                              json_pack("{s:s, s:o}", "fullUrl", urn, "resource", resource)))
        b->failed = 1;
}

/* A cell; summaries write what is not ASCII as JSON does. */
static json_t *words(const char *text)
{
    char quoted[1024];
    text_print(quoted, sizeof quoted, "\"%s\"", text);
    json_t *decoded = strstr(text, "\\u") ? json_loads(quoted, JSON_DECODE_ANY, NULL) : NULL;
    return decoded ? decoded : json_string(text);
}

static json_t *concept(const char *system, const char *code, const char *display)
{
    return json_pack("{s:[{s:s, s:s, s:s}], s:s}", "coding", "system", system, "code", code,
                     "display", display, "text", display);
}

/* Our units as UCUM writes them. */
static const char *ucum_of(const char *unit)
{
    static const char *const units[][2] = {{"g", "[g]"},      {"g/s", "[g]/s"}, {"g.s", "[g].s"},
                                           {"1/min", "/min"}, {"bw", "{BW}"},   {"", "1"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i][0], unit) == 0) return units[i][1];
    return unit;
}

static json_t *quantity(double value, const char *unit)
{
    return json_pack("{s:f, s:s, s:s, s:s}", "value", value, "unit", *unit ? unit : "1", "system",
                     ucum, "code", ucum_of(unit));
}

static void set_value(json_t *into, double value, const char *unit)
{
    if (isfinite(value))
        json_object_set_new(into, "valueQuantity", quantity(value, unit));
    else
        json_object_set_new(into, "dataAbsentReason", concept(absent, "unknown", "Unknown"));
}

static json_t *observation(const struct bundle *b, json_t *code)
{
    json_t *o = json_pack("{s:s, s:s, s:o}", "resourceType", "Observation", "status", "preliminary",
                          "code", code);
    if (o && *b->subject)
        json_object_set_new(o, "subject",
                            json_pack("{s:{s:o}}", "identifier", "value", words(b->subject)));
    if (o && *b->when) json_object_set_new(o, "effectiveDateTime", json_string(b->when));
    return o;
}

static void add_component(json_t *o, const char *system, const char *code, const char *display,
                          double value, const char *unit)
{
    json_t *parts = json_object_get(o, "component");
    if (!isfinite(value)) return;
    if (!parts && !json_object_set_new(o, "component", json_array()))
        parts = json_object_get(o, "component");
    json_t *part = json_pack("{s:o}", "code", concept(system, code, display));
    if (part) set_value(part, value, unit);
    json_array_append_new(parts, part);
}

static void sensor_id(const char *sensor, char id[ID_ROOM])
{
    id_of(id, "sensor-%s", sensor);
}

static void refer_to_sensor(const struct bundle *b, json_t *o, const char *sensor)
{
    char id[ID_ROOM], urn[URN_ROOM];
    if (!o || !*sensor) return;
    sensor_id(sensor, id);
    urn_of(b, id, urn);
    json_object_set_new(o, "device", json_pack("{s:s, s:s}", "reference", urn, "display", sensor));
}

static void add_devices(struct bundle *b)
{
    const gait_table *table = gait_summary_table(b->summary, "recordings");
    const char *creator = gait_summary_attribute(b->summary, "creator");
    add(b, "program",
        json_pack("{s:s, s:[{s:s, s:s}], s:[{s:s}]}", "resourceType", "Device", "deviceName",
                  "name", "libgait", "type", "model-name", "version", "value",
                  creator ? creator : "libgait"));
    for (size_t i = 0; table && i < table->n_rows; i++) {
        const char *sensor = document_text(table, "sensor", i);
        const char *device = document_text(table, "device", i);
        char id[ID_ROOM];
        sensor_id(sensor, id);
        json_t *d = json_pack("{s:s, s:[{s:s, s:s}], s:{s:s}}", "resourceType", "Device",
                              "deviceName", "name", sensor, "type", "user-friendly-name", "type",
                              "text", "body-worn accelerometer");
        if (d && *device) json_object_set_new(d, "distinctIdentifier", words(device));
        add(b, id, d);
    }
}

static const gait_metric *metric_of(const gait_table *recordings, const char *sensor,
                                    const char *activity, size_t index)
{
    const gait_metric *metric = gait_metric_at(index);
    gait_placement placement = GAIT_PLACEMENT_UNKNOWN;
    for (size_t i = 0; recordings && i < recordings->n_rows; i++)
        if (strcmp(document_text(recordings, "sensor", i), sensor) == 0)
            placement = gait_placement_from_name(document_text(recordings, "placement", i));
    gait_activity doing = strcmp(activity, "run") == 0 ? GAIT_RUN : GAIT_WALK;
    int applies = (metric->placements >> placement & 1) && (metric->activities >> doing & 1);
    return applies ? metric : NULL;
}

static void add_median(struct bundle *b, const gait_table *table, size_t row,
                       const gait_metric *metric)
{
    static const struct {
        const char *suffix, *display;
        int is_count;
    } statistics[] = {{"_ci_low", "Lower end of the median's 95 % interval", 0},
                      {"_ci_high", "Upper end of the median's 95 % interval", 0},
                      {"_mad", "Median absolute deviation", 0},
                      {"_n", "Strides with a value", 1}};
    const char *sensor = document_text(table, "sensor", row);
    const char *side = document_text(table, "side", row);
    const char *activity = document_text(table, "activity", row);
    char id[ID_ROOM], column[96], site[96];
    id_of(id, "m%zu-%s", row, metric->key);
    text_print(site, sizeof site, "%s, strides of the %s side, %s", sensor, side, activity);
    json_t *o = observation(b, concept(metrics_system, metric->key, metric->label));
    if (!o) {
        b->failed = 1;
        return;
    }
    set_value(o, document_number(table, metric->key, row), metric->unit);
    json_object_set_new(o, "bodySite", json_pack("{s:s}", "text", site));
    json_object_set_new(o, "method", json_pack("{s:s}", "text", metric->definition));
    refer_to_sensor(b, o, sensor);
    for (size_t s = 0; s < sizeof statistics / sizeof *statistics; s++) {
        text_print(column, sizeof column, "%s%s", metric->key, statistics[s].suffix);
        add_component(o, statistics_system, statistics[s].suffix + 1, statistics[s].display,
                      document_number(table, column, row),
                      statistics[s].is_count ? "1" : metric->unit);
    }
    add(b, id, o);
}

static void add_medians(struct bundle *b)
{
    const gait_table *table = gait_summary_table(b->summary, "summary");
    const gait_table *recordings = gait_summary_table(b->summary, "recordings");
    for (size_t row = 0; table && row < table->n_rows; row++)
        for (size_t m = 0; gait_metric_at(m); m++) {
            const gait_metric *metric = metric_of(recordings, document_text(table, "sensor", row),
                                                  document_text(table, "activity", row), m);
            if (metric && gait_table_column(table, metric->key)) add_median(b, table, row, metric);
        }
}

static void add_findings(struct bundle *b)
{
    const gait_table *table = gait_summary_table(b->summary, "findings");
    for (size_t row = 0; table && row < table->n_rows; row++) {
        const char *units = document_text(table, "units", row);
        char id[ID_ROOM];
        id_of(id, "finding-%zu", row);
        json_t *o = observation(b, concept(findings_system, document_text(table, "code", row),
                                           document_text(table, "title", row)));
        if (o)
            json_object_set_new(o, "valueString",
                                json_string(document_text(table, "message", row)));
        refer_to_sensor(b, o, document_text(table, "sensor", row));
        static const char *const numbers[][2] = {{"value", "What was found"},
                                                 {"reference", "What it is compared with"},
                                                 {"limit", "Where the rule begins to speak"}};
        for (size_t k = 0; o && k < sizeof numbers / sizeof *numbers; k++)
            add_component(o, statistics_system, numbers[k][0], numbers[k][1],
                          document_number(table, numbers[k][0], row), units);
        add(b, id, o);
    }
}

/* What the user said of the person, where LOINC has a code. */
static void add_body(struct bundle *b)
{
    static const struct {
        const char *column, *unit, *code, *display;
    } stated[] = {{"mass_kg", "kg", "29463-7", "Body weight"},
                  {"height_m", "m", "8302-2", "Body height"}};
    const gait_table *table = gait_summary_table(b->summary, "sessions");
    for (size_t i = 0; i < sizeof stated / sizeof *stated; i++) {
        double value = document_number(table, stated[i].column, 0);
        if (!isfinite(value)) continue;
        json_t *o = observation(b, concept(loinc, stated[i].code, stated[i].display));
        if (o) set_value(o, value, stated[i].unit);
        char id[ID_ROOM];
        id_of(id, "%s", stated[i].column);
        add(b, id, o);
    }
}

static int dump(const char *text, size_t size, void *context)
{
    struct sink *sink = context;
    for (size_t i = 0; i < size; i++) sink_char(sink, text[i]);
    return sink->refused ? -1 : 0;
}

/* FHIR wants a zone behind a time of day; without one only the date is sure. */
static void set_when(struct bundle *b, const gait_table *sessions)
{
    const char *start = document_text(sessions, "start_time", 0);
    const char *kind = document_text(sessions, "time_kind", 0);
    int has_zone = strcmp(kind, "utc") == 0 || strcmp(kind, "local_with_offset") == 0;
    text_print(b->when, sizeof b->when, "%.*s", has_zone ? 40 : 10, start);
}

static gait_status write_fhir(const gait_summary *summary, struct sink *sink, gait_error *err)
{
    const gait_table *sessions = gait_summary_table(summary, "sessions");
    if (!sessions || sessions->n_rows != 1)
        return gait_fail(err, GAIT_INVALID, "the summary is not of one session");
    struct bundle b = {.summary = summary, .entries = json_array()};
    text_print(b.subject, sizeof b.subject, "%s", document_text(sessions, "subject_id", 0));
    set_when(&b, sessions);
    add_devices(&b);
    add_body(&b);
    add_medians(&b);
    add_findings(&b);
    json_t *whole = json_pack("{s:s, s:s, s:o}", "resourceType", "Bundle", "type", "collection",
                              "entry", b.entries);
    int failed = !whole || b.failed ||
                 json_dump_callback(whole, dump, sink, JSON_INDENT(1) | JSON_REAL_PRECISION(7));
    json_decref(whole);
    if (failed && !sink->refused) return gait_fail(err, GAIT_NOMEM, "no memory for the bundle");
    sink_char(sink, '\n');
    return GAIT_OK;
}

const struct document document_fhir = {
    {"fhir", "One session as a FHIR R4 bundle of Devices and preliminary Observations"},
    write_fhir};
