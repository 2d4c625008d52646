/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/bids_sidecars.h"

#include <dirent.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"
#include "record/start_time.h"
#include "record/tsv.h"
#include "record/units.h"
#include "record/words.h"

enum { LONGEST_PATH = BIDS_PATH, LEVELS = 6, LARGEST_JSON = 1 << 20 };

/* Where one recording's files are looked for. */
struct place {
    char folder[LONGEST_PATH]; /* of the samples */
    char stem[256];            /* "sub-01_task-walk_tracksys-imu_" */
};

static gait_status find_place(struct place *place, const char *path, gait_error *err)
{
    const char *name = text_base_name(path);
    const char *suffix = strstr(name, "_motion.tsv");
    int head = (int)(name - path);
    if (!suffix || (size_t)(suffix - name) + 2 > sizeof place->stem ||
        !text_print(place->folder, sizeof place->folder, "%.*s", head, path))
        return gait_fail(err, GAIT_INVALID, "%s: not a name of Motion-BIDS", path);
    text_print(place->stem, sizeof place->stem, "%.*s_", (int)(suffix - name), name);
    return GAIT_OK;
}

/* Whether every part of a sidecar's name ("task-walk_") is one of the recording's. */
static bool applies(const char *parts, size_t n, const char *stem)
{
    while (n) {
        char part[128];
        const char *end = memchr(parts, '_', n);
        size_t length = end ? (size_t)(end - parts) + 1 : n;
        if (!text_print(part, sizeof part, "%.*s", (int)length, parts)) return false;
        const char *found = strstr(stem, part);
        while (found && found != stem && found[-1] != '_') found = strstr(found + 1, part);
        if (!found) return false;
        parts += length;
        n -= length;
    }
    return true;
}

/* The file with the most parts in one folder that ends in kind ("motion.json") and applies. */
static bool find_in_folder(const char *folder, const char *kind, const char *stem, char *out)
{
    size_t best = 0;
    bool found = false;
    DIR *listing = opendir(folder[0] ? folder : ".");
    if (!listing) return false;
    for (const struct dirent *e; (e = readdir(listing));) {
        size_t n = strlen(e->d_name), k = strlen(kind);
        if (n < k || !text_equal(e->d_name + n - k, kind)) continue;
        if (n > k && e->d_name[n - k - 1] != '_') continue;
        if ((found && n - k <= best) || !applies(e->d_name, n - k, stem)) continue;
        best = n - k;
        found = text_print(out, LONGEST_PATH, "%s%s", folder, e->d_name);
    }
    closedir(listing);
    return found;
}

static bool is_dataset_root(const char *folder)
{
    char path[LONGEST_PATH];
    return text_print(path, sizeof path, "%sdataset_description.json", folder) &&
           access(path, F_OK) == 0;
}

/* From the recording's folder up to the dataset's root, nearest first: how many were found. */
static size_t find_all(const struct place *place, const char *kind, char found[][LONGEST_PATH])
{
    char folder[LONGEST_PATH];
    size_t n = 0;
    memcpy(folder, place->folder, sizeof folder);
    for (int level = 0; level < LEVELS; level++) {
        n += find_in_folder(folder, kind, place->stem, found[n]);
        size_t length = strlen(folder);
        if (is_dataset_root(folder) || length + 4 > sizeof folder) break;
        memcpy(folder + length, "../", 4);
    }
    return n;
}

static void fill_number(double *out, const json_t *value)
{
    if (isnan(*out) && json_is_number(value) && json_number_value(value) > 0)
        *out = json_number_value(value);
}

static void fill_text(char *out, size_t room, const json_t *value)
{
    if (!out[0] && json_is_string(value)) text_print(out, room, "%s", json_string_value(value));
}

/* Only what nearer files left open. */
static gait_status fill_from_json(struct bids *out, double *effective_hz, const char *path,
                                  gait_error *err)
{
    void *bytes = NULL;
    size_t n = 0;
    json_error_t where;
    TRY(file_load(path, LARGEST_JSON, &bytes, &n, err));
    json_t *root = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, &where);
    free(bytes);
    if (!json_is_object(root)) {
        json_decref(root);
        return gait_fail(err, GAIT_FORMAT, "%s: line %d: not a JSON object: %s", path, where.line,
                         where.text);
    }
    fill_number(&out->nominal_hz, json_object_get(root, "SamplingFrequency"));
    fill_number(effective_hz, json_object_get(root, "SamplingFrequencyEffective"));
    fill_text(out->missing, sizeof out->missing, json_object_get(root, "MissingValues"));
    fill_text(out->device, sizeof out->device, json_object_get(root, "ManufacturersModelName"));
    fill_text(out->device, sizeof out->device, json_object_get(root, "Manufacturer"));
    json_decref(root);
    return GAIT_OK;
}

static gait_status read_json(struct bids *out, const struct place *place, gait_error *err)
{
    char found[LEVELS][LONGEST_PATH];
    double effective_hz = NAN;
    size_t n = find_all(place, "motion.json", found);
    for (size_t i = 0; i < n; i++) TRY(fill_from_json(out, &effective_hz, found[i], err));
    out->rate_hz = isnan(effective_hz) ? out->nominal_hz : effective_hz;
    return GAIT_OK;
}

static struct bids_point *find_point(struct bids *out, const char *name)
{
    for (size_t i = 0; i < out->n_points; i++)
        if (!strcmp(out->points[i].name, name)) return &out->points[i];
    if (out->n_points == BIDS_POINTS) return NULL;
    struct bids_point *point = &out->points[out->n_points++];
    memset(point, 0, sizeof *point);
    text_print(point->name, sizeof point->name, "%s", name);
    for (int k = 0; k < 3; k++) point->accel[k] = point->gyro[k] = -1;
    point->rate_hz = NAN;
    place_from_words(name, &point->placement, &point->side);
    return point;
}

/* The unit of one axis; false if another axis of the same sensor has another. */
static bool take_unit(char unit[16], const char *name, const char *stated)
{
    const char *known = name ? name : stated;
    if (unit[0] && *known && !text_equal(unit, known)) return false;
    text_print(unit, 16, "%s", known);
    return true;
}

static gait_status take_channel(struct bids *out, const struct tsv *channels, size_t row,
                                const char *path, gait_error *err)
{
    const char *type = tsv_cell(channels, row, "type"), *units = tsv_cell(channels, row, "units");
    const char *component = tsv_cell(channels, row, "component");
    bool accel = text_equal(type, "ACCEL"), gyro = text_equal(type, "GYRO");
    int column = (int)row - 1, axis = strlen(component) == 1 ? (component[0] | 0x20) - 'x' : -1;
    if (text_equal(type, "LATENCY")) out->latency = column;
    if ((!accel && !gyro) || axis < 0 || axis > 2) return GAIT_OK;
    struct bids_point *point = find_point(out, tsv_cell(channels, row, "tracked_point"));
    if (!point) return GAIT_OK;
    (accel ? point->accel : point->gyro)[axis] = column;
    bool same = accel ? take_unit(point->accel_unit, accel_unit(units), units)
                      : take_unit(point->gyro_unit, gyro_unit(units), units);
    if (!same)
        return gait_fail(err, GAIT_FORMAT, "%s: line %zu: unit %s beside another of %s", path,
                         row + 1, units, point->name);
    number_from_text(tsv_cell(channels, row, "sampling_frequency"), &point->rate_hz);
    point->is_bad |= text_equal(tsv_cell(channels, row, "status"), "bad");
    place_from_words(tsv_cell(channels, row, "placement"), &point->placement, &point->side);
    return GAIT_OK;
}

/* A point of which an axis is missing is none; a gyroscope of which one is missing is not used. */
static void keep_whole_points(struct bids *out)
{
    size_t n = 0;
    for (size_t i = 0; i < out->n_points; i++) {
        struct bids_point point = out->points[i];
        if (point.accel[0] < 0 || point.accel[1] < 0 || point.accel[2] < 0) continue;
        if (point.gyro[1] < 0 || point.gyro[2] < 0 || !point.gyro_unit[0]) point.gyro[0] = -1;
        out->points[n++] = point;
    }
    out->n_points = n;
}

static gait_status take_channels(struct bids *out, const struct tsv *channels, const char *path,
                                 gait_error *err)
{
    out->n_columns = channels->n_rows ? channels->n_rows - 1 : 0;
    for (size_t row = 1; row < channels->n_rows; row++)
        TRY(take_channel(out, channels, row, path, err));
    keep_whole_points(out);
    if (out->n_points) return GAIT_OK;
    return gait_fail(err, GAIT_UNSUPPORTED,
                     "%s: no tracked point with channels of type ACCEL and components x, y, z; the "
                     "first channel is of type %s",
                     path, channels->n_rows > 1 ? tsv_cell(channels, 1, "type") : "none");
}

static gait_status read_channels(struct bids *out, const struct place *place, const char *path,
                                 gait_error *err)
{
    char found[LEVELS][LONGEST_PATH];
    struct tsv channels;
    if (!find_all(place, "channels.tsv", found))
        return gait_fail(err, GAIT_NOT_FOUND,
                         "%s: no %schannels.tsv beside it, which says what its columns are", path,
                         place->stem);
    TRY(tsv_read(&channels, found[0], err));
    gait_status st = take_channels(out, &channels, found[0], err);
    tsv_free(&channels);
    return st;
}

/* "filename	acq_time" of the subject or its session, a folder above. */
static void read_scans(struct bids *out, const struct place *place, const char *path)
{
    char found[LEVELS][LONGEST_PATH];
    struct tsv scans;
    if (!find_all(place, "scans.tsv", found) || tsv_read(&scans, found[0], NULL)) return;
    for (size_t row = 1; row < scans.n_rows; row++) {
        const char *file = tsv_cell(&scans, row, "filename");
        if (!text_equal(text_base_name(file), text_base_name(path))) continue;
        start_time_parse(tsv_cell(&scans, row, "acq_time"), &out->start_unix_s, &out->time_kind,
                         &out->utc_offset_s);
    }
    tsv_free(&scans);
}

gait_status bids_read(struct bids *out, const char *path, gait_error *err)
{
    struct place place;
    memset(out, 0, sizeof *out);
    out->latency = -1;
    out->rate_hz = out->nominal_hz = out->start_unix_s = out->utc_offset_s = NAN;
    TRY(find_place(&place, path, err));
    TRY(read_channels(out, &place, path, err));
    TRY(read_json(out, &place, err));
    read_scans(out, &place, path);
    return GAIT_OK;
}

size_t bids_files(const char *path, char found[BIDS_FILES][BIDS_PATH])
{
    static const char *const kinds[BIDS_FILES / LEVELS] = {"channels.tsv", "motion.json",
                                                           "scans.tsv"};
    struct place place;
    size_t n = 0;
    if (find_place(&place, path, NULL)) return 0;
    for (size_t k = 0; k < BIDS_FILES / LEVELS; k++) n += find_all(&place, kinds[k], found + n);
    return n;
}
