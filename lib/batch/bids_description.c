/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch/bids_description.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"

enum { LARGEST_DESCRIPTION = 1 << 20 };

static json_t *read_json(const char *path)
{
    void *bytes;
    size_t n;
    if (file_load(path, LARGEST_DESCRIPTION, &bytes, &n, NULL)) return NULL;
    json_t *json = json_loadb(bytes, n, 0, NULL);
    free(bytes);
    return json;
}

/* As a URL: everything that may not stand in one as %XX. */
static void file_url(const char *path, char *out, size_t room)
{
    text_print(out, room, "file://");
    for (size_t n = strlen(out); *path && n + 4 < room; path++, n = strlen(out)) {
        int plain = (*path >= 'a' && *path <= 'z') || (*path >= 'A' && *path <= 'Z') ||
                    (*path >= '0' && *path <= '9') || strchr("/._-~", *path);
        text_print(out + n, room - n, plain ? "%c" : "%%%02X", (unsigned char)*path);
    }
}

/* By its DOI if it has one: that is the same everywhere. */
static json_t *source_dataset(const gait_plan *plan)
{
    char path[LONGEST_PATH], url[3 * LONGEST_PATH];
    json_t *entry = json_object();
    text_print(path, sizeof path, "%s/dataset_description.json", plan->root);
    json_t *description = read_json(path);
    json_t *doi = json_object_get(description, "DatasetDOI");
    json_t *version = json_object_get(description, "DatasetVersion");
    if (json_is_string(doi)) json_object_set(entry, "DOI", doi);
    if (json_is_string(version)) json_object_set(entry, "Version", version);
    if (!json_is_string(doi)) {
        file_url(plan->root, url, sizeof url);
        json_object_set_new(entry, "URL", json_string(url));
    }
    json_decref(description);
    return entry;
}

gait_status write_bids_description(const gait_plan *plan, const char *folder, gait_error *err)
{
    char path[LONGEST_PATH];
    json_t *json =
        json_pack("{ss ss ss s[{ss ss ss}] s[o]}", "Name", "Gait of recorded accelerometer traces",
                  "BIDSVersion", "1.9.0", "DatasetType", "derivative", "GeneratedBy", "Name",
                  "libgait", "Version", GAIT_VERSION_STRING, "CodeURL",
                  "https://github.com/libgait/libgait", "SourceDatasets", source_dataset(plan));
    char *text = json ? json_dumps(json, JSON_INDENT(2)) : NULL;
    json_decref(json);
    if (!text || !text_print(path, sizeof path, "%s/dataset_description.json", folder)) {
        free(text);
        return gait_fail(err, GAIT_NOMEM, "no memory for dataset_description.json");
    }
    gait_status st = file_store(path, text, strlen(text), err);
    free(text);
    return st;
}
