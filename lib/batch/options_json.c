/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>
#include <string.h>

#include "base/fail.h"
#include "batch/job.h"

/* Options of a batch as JSON and back; what is left at its standard is left out. */

static const struct {
    const char *key;
    size_t offset;
} texts[] = {
    {"unit", offsetof(gait_recording_options, unit)},
    {"columns", offsetof(gait_recording_options, columns)},
    {"mounting", offsetof(gait_recording_options, mounting)},
    {"task", offsetof(gait_recording_options, task)},
};

static const struct {
    const char *key;
    size_t offset;
} numbers[] = {
    {"rate_hz", offsetof(gait_recording_options, rate_hz)},
    {"range_g", offsetof(gait_recording_options, range_g)},
};

static const struct {
    const char *key;
    size_t offset;
} switches[] = {
    {"ignore_sidecar", offsetof(gait_recording_options, ignore_sidecar)},
    {"no_autocalibration", offsetof(gait_recording_options, no_autocalibration)},
};

#define N(list) (sizeof(list) / sizeof *(list))

static void put_recording(json_t *json, const gait_recording_options *o)
{
    const char *bytes = (const char *)o;
    for (size_t i = 0; i < N(texts); i++) {
        const char *text;
        memcpy(&text, bytes + texts[i].offset, sizeof text);
        if (text) json_object_set_new(json, texts[i].key, json_string(text));
    }
    for (size_t i = 0; i < N(numbers); i++) {
        double number;
        memcpy(&number, bytes + numbers[i].offset, sizeof number);
        if (number > 0) json_object_set_new(json, numbers[i].key, json_real(number));
    }
    for (size_t i = 0; i < N(switches); i++) {
        int on;
        memcpy(&on, bytes + switches[i].offset, sizeof on);
        if (on) json_object_set_new(json, switches[i].key, json_true());
    }
    if (o->placement)
        json_object_set_new(json, "placement", json_string(gait_placement_name(o->placement)));
    if (o->side) json_object_set_new(json, "side", json_string(gait_side_name(o->side)));
}

static void put_settings(json_t *json, const gait_settings *settings)
{
    json_t *changed = json_object();
    for (size_t i = 0; gait_setting_at(i); i++) {
        double standard = gait_setting_at(i)->standard, value = settings->value[i];
        if (value < standard || value > standard)
            json_object_set_new(changed, gait_setting_at(i)->key, json_real(value));
    }
    json_object_set_new(json, "settings", changed);
}

json_t *options_json(const gait_batch_options *options)
{
    json_t *json = json_object();
    if (!json) return NULL;
    put_recording(json, &options->recording);
    put_settings(json, &options->session.settings);
    if (options->session.detector)
        json_object_set_new(json, "detector", json_string(options->session.detector));
    return json;
}

static void get_recording(gait_recording_options *o, const json_t *json)
{
    char *bytes = (char *)o;
    for (size_t i = 0; i < N(texts); i++) {
        const char *text = json_string_value(json_object_get(json, texts[i].key));
        memcpy(bytes + texts[i].offset, &text, sizeof text);
    }
    for (size_t i = 0; i < N(numbers); i++) {
        double number = json_number_value(json_object_get(json, numbers[i].key));
        memcpy(bytes + numbers[i].offset, &number, sizeof number);
    }
    for (size_t i = 0; i < N(switches); i++) {
        int on = json_is_true(json_object_get(json, switches[i].key));
        memcpy(bytes + switches[i].offset, &on, sizeof on);
    }
    const char *placement = json_string_value(json_object_get(json, "placement"));
    const char *side = json_string_value(json_object_get(json, "side"));
    if (placement) o->placement = gait_placement_from_name(placement);
    if (side) o->side = gait_side_from_name(side);
}

gait_status options_from_json(gait_batch_options *options, const json_t *json, gait_error *err)
{
    const char *key;
    json_t *value, *settings = json_object_get(json, "settings");
    gait_batch_options_init(options);
    get_recording(&options->recording, json);
    options->session.detector = json_string_value(json_object_get(json, "detector"));
    json_object_foreach(settings, key, value)
        TRY(gait_settings_set(&options->session.settings, key, json_number_value(value), err));
    return GAIT_OK;
}
