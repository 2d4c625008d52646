/* SPDX-License-Identifier: BSD-3-Clause */
#include "settings_file.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

static bool take(const char *path, json_t *json, gait_settings *settings)
{
    const char *key;
    json_t *value;
    gait_error err;
    if (!json_is_object(json)) {
        fprintf(stderr, "gait: %s: expected {\"key\": number, ...}\n", path);
        return false;
    }
    json_object_foreach(json, key, value)
    {
        if (!json_is_number(value)) {
            fprintf(stderr, "gait: %s: %s is not a number\n", path, key);
            return false;
        }
        if (gait_settings_set(settings, key, json_number_value(value), &err) != GAIT_OK) {
            fprintf(stderr, "gait: %s: %s\n", path, err.text);
            return false;
        }
    }
    return true;
}

static bool is_json(const char *path)
{
    size_t n = strlen(path);
    return n >= 5 && strcmp(path + n - 5, ".json") == 0;
}

/* A study has none if its sessions were made with different ones. */
static json_t *of_summary(const char *path)
{
    gait_summary *summary = NULL;
    gait_error err;
    if (gait_summary_read(&summary, path, &err) != GAIT_OK) {
        fprintf(stderr, "gait: %s\n", err.text);
        return NULL;
    }
    const char *text = gait_summary_attribute(summary, "settings_json");
    json_t *json = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    gait_summary_free(&summary);
    if (!json) fprintf(stderr, "gait: %s: does not say with which settings it was made\n", path);
    return json;
}

static json_t *of_json(const char *path)
{
    json_error_t why;
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
    if (!json && why.line > 0)
        fprintf(stderr, "gait: %s: line %d: %s\n", path, why.line, why.text);
    else if (!json)
        fprintf(stderr, "gait: %s\n", why.text);
    return json;
}

bool settings_from_file(const char *path, gait_settings *settings)
{
    json_t *json = is_json(path) ? of_json(path) : of_summary(path);
    bool taken = json && take(path, json, settings);
    json_decref(json);
    return taken;
}
