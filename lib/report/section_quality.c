/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "report/page.h"

/* What may not be trusted, and what was recorded. */

enum { MOST_QUALITY = 3, MOST_FACTS = 12, MOST_SENSORS_NAMED = 4, MOST_CHARACTERS = 60 };

void tell_quality(struct page *page, const struct view *view)
{
    struct pen *pen = page->pen;
    struct section *section = page_section(page, "quality", pen_word(pen, W_QUALITY));
    size_t n = 0;
    for (size_t i = 0; i < view->findings.n; i++) {
        if (strcmp(rows_text(&view->findings, "code", i), "data_quality") != 0) continue;
        if (n++ >= MOST_QUALITY) continue;
        const char *sensor = rows_text(&view->findings, "sensor", i);
        const char *message = pen_plain(pen, rows_text(&view->findings, "message", i));
        add_english(page, section,
                    sensor[0] ? pen_print(pen, "%s: %s", view_sensor_word(view, sensor), message)
                              : message);
    }
    if (n == 0) add_text(page, section, TONE_GOOD, pen_word(pen, W_QUALITY_GOOD));
    if (n > MOST_QUALITY)
        add_text(page, section, TONE_MUTED,
                 FILL(pen, W_QUALITY_MORE, pen_print(pen, "%zu", n - MOST_QUALITY)));
}

struct facts {
    struct pen *pen;
    size_t n;
    struct fact at[MOST_FACTS];
};

static void add_fact(struct facts *facts, enum word name, const char *text)
{
    if (text[0] && facts->n < MOST_FACTS)
        facts->at[facts->n++] = (struct fact){pen_word(facts->pen, name), text};
}

static const char *minutes_and_seconds(struct pen *pen, double seconds)
{
    if (!(seconds > 0)) return "";
    long s = lround(seconds);
    return pen_print(pen, "%ld:%02ld\xc2\xa0min", s / 60, s % 60);
}

static const char *list_sensors(const struct view *view)
{
    struct pen *pen = view->pen;
    const char *list = "";
    for (size_t i = 0; i < view->recordings.n; i++) {
        if (i == MOST_SENSORS_NAMED) return pen_print(pen, "%s \xe2\x80\xa6", list);
        const char *name = view_sensor_word(view, rows_text(&view->recordings, "sensor", i));
        double rate = rows_number(&view->recordings, "effective_rate_hz", i);
        list = pen_print(pen, "%s%s%s", list, i ? "; " : "",
                         FILL(pen, W_SENSOR_RATE, name, pen_number(pen, rate, 0)));
    }
    return list;
}

/* Strides of each limb that the numbers rest on: "85 + 85". */
static const char *list_strides(const struct view *view)
{
    size_t limbs[8], n = view_limbs_with(view, "stride_time_s", limbs, 8);
    const char *list = "";
    for (size_t i = 0; i < n; i++) {
        double strides = rows_number(&view->limbs, "n_strides", limbs[i]);
        const char *side = view_side_word(view, rows_text(&view->limbs, "side", limbs[i]));
        list = pen_print(view->pen, "%s%s%s %s", list, i ? ", " : "", side,
                         pen_number(view->pen, strides, 0));
    }
    return list;
}

/* A word that the user wrote into the sidecar of one of the sensors. */
static const char *stated(const struct view *view, const char *key)
{
    for (size_t i = 0; i < view->recordings.n; i++) {
        const char *text = rows_text(&view->recordings, "sidecar_json", i);
        json_t *sidecar = text[0] ? json_loads(text, 0, NULL) : NULL;
        const char *value = json_string_value(json_object_get(sidecar, key));
        const char *copy = value ? pen_plain(view->pen, value) : "";
        json_decref(sidecar);
        if (copy[0]) return pen_short(view->pen, copy, MOST_CHARACTERS);
    }
    return "";
}

static const char *painful_side(const struct view *view)
{
    const char *side = rows_text(&view->sessions, "affected_side", 0);
    if (strcmp(side, "left") == 0 || strcmp(side, "right") == 0) return view_side_word(view, side);
    return pen_word(view->pen, W_NOT_STATED);
}

void tell_facts(struct page *page, const struct view *view)
{
    struct pen *pen = page->pen;
    struct facts facts = {.pen = pen};
    const struct rows *session = &view->sessions;
    double distance = rows_number(session, "distance_m", 0);
    double speed = rows_number(session, "speed_mps", 0);
    add_fact(&facts, W_SENSORS, list_sensors(view));
    add_fact(&facts, W_RECORDED, minutes_and_seconds(pen, rows_number(session, "duration_s", 0)));
    add_fact(&facts, W_RUNNING, minutes_and_seconds(pen, rows_number(session, "running_s", 0)));
    add_fact(&facts, W_WALKING, minutes_and_seconds(pen, rows_number(session, "walking_s", 0)));
    add_fact(&facts, W_STRIDES_USED, list_strides(view));
    if (isfinite(distance))
        add_fact(&facts, W_DISTANCE,
                 pen_print(pen, "%s\xc2\xa0km", pen_number(pen, distance / 1000, 2)));
    if (isfinite(speed))
        add_fact(&facts, W_SPEED, pen_print(pen, "%s\xc2\xa0m/s", pen_number(pen, speed, 2)));
    add_fact(&facts, W_SHOE, stated(view, "shoe"));
    add_fact(&facts, W_SURFACE, stated(view, "surface"));
    add_fact(&facts, W_PAINFUL_SIDE, painful_side(view));
    struct section *section = page_section(page, "facts", pen_word(pen, W_SESSION_FACTS));
    add_facts(page, section, facts.at, facts.n);
}
