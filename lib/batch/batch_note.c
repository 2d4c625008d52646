/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch/batch_note.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"

enum { LARGEST_NOTE = 1 << 20 };

static int name_note(const char *folder, char out[LONGEST_PATH])
{
    return text_print(out, LONGEST_PATH, "%s/batch.json", folder);
}

static int is_same(const char *path, const char *text, size_t n)
{
    void *bytes;
    size_t size;
    if (file_load(path, LARGEST_NOTE, &bytes, &size, NULL)) return 0;
    int same = size == n && memcmp(bytes, text, n) == 0;
    free(bytes);
    return same;
}

gait_status note_write(const gait_plan *plan, const gait_batch_options *options, gait_error *err)
{
    char path[LONGEST_PATH];
    name_note(options->folder, path);
    json_t *json = json_pack("{ss ss ss sb sb so}", "format", "gait-batch", "creator",
                             "libgait " GAIT_VERSION_STRING, "source", plan->source, "bids_layout",
                             plan->bids_layout, "with_strides", options->with_strides, "options",
                             options_json(options));
    char *text = json ? json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(json);
    if (!text) return gait_fail(err, GAIT_FORMAT, "%s: its name is not UTF-8", plan->source);
    size_t n = strlen(text);
    gait_status st = is_same(path, text, n) ? GAIT_OK : file_store(path, text, n, err);
    free(text);
    return st;
}

gait_status note_read(struct note *note, const char *folder, gait_error *err)
{
    char path[LONGEST_PATH];
    void *bytes;
    size_t n;
    memset(note, 0, sizeof *note);
    if (!name_note(folder, path) || file_load(path, LARGEST_NOTE, &bytes, &n, NULL))
        return gait_fail(err, GAIT_NOT_FOUND, "%s: not the folder of a batch: no batch.json in it",
                         folder);
    note->json = json_loadb(bytes, n, 0, NULL);
    free(bytes);
    note->source = json_string_value(json_object_get(note->json, "source"));
    if (!note->source) return gait_fail(err, GAIT_FORMAT, "%s: does not name its source", path);
    gait_status st = options_from_json(&note->options, json_object_get(note->json, "options"), err);
    note->options.folder = folder;
    note->options.bids_layout = json_is_true(json_object_get(note->json, "bids_layout"));
    note->options.with_strides = json_is_true(json_object_get(note->json, "with_strides"));
    if (st) note_free(note);
    return st;
}

void note_free(struct note *note)
{
    json_decref(note->json);
    memset(note, 0, sizeof *note);
}
