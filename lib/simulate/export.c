/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/export.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gait/convert.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"
#include "record/start_time.h"

enum { LONGEST_PATH = 4096, MEMBERS_ROOM = 128 };

static const double gyro_range_dps = 2000;

/* NAME.truth.csv of NAME.csv, NAME.csv.gz, ... */
static bool truth_path(const char *path, char *out, size_t room)
{
    size_t length = strlen(path), name = (size_t)(text_base_name(path) - path);
    if (text_ends_with(path, ".gz")) length -= 3;
    size_t stem = length;
    while (stem > name && path[stem - 1] != '.') stem--;
    if (stem > name + 1) length = stem - 1;
    return text_print(out, room, "%.*s.truth.csv", (int)length, path);
}

/* Members of the sidecar that a writer does not know by itself. */
static void members(const struct key_values *keys, char out[MEMBERS_ROOM])
{
    char number[NUMBER_ROOM], task[KEY_TEXT_ROOM];
    bool distance = keys->set[KEY_DISTANCE], test = keys->number[KEY_TASK] > 0;
    key_values_show(keys, KEY_TASK, task);
    text_print(out, MEMBERS_ROOM, "{%s%s%s%s%s%s}", distance ? "\"distance_m\": " : "",
               distance ? number_to_text(keys->number[KEY_DISTANCE], number) : "",
               distance && test ? ", " : "", test ? "\"task\": \"" : "", test ? task : "",
               test ? "\"" : "");
}

static void describe(const gait_simulated *sensor, const struct key_values *keys, const char *more,
                     gait_writer_options *options)
{
    gait_writer_options_init(options);
    options->rate_hz = sensor->rate_hz;
    options->range_g = sensor->range_g;
    options->range_dps = gyro_range_dps;
    options->has_gyro = sensor->gyro_dps != NULL;
    options->placement = sensor->placement;
    options->side = sensor->side;
    memcpy(options->axes, sensor->axes, sizeof options->axes);
    options->subject_id = keys->text[KEY_SUBJECT];
    options->session_id = keys->text[KEY_SESSION];
    options->sidecar_json = more;
    start_time_parse(keys->text[KEY_START_TIME], &options->start_unix_s, &options->time_kind,
                     &options->utc_offset_s);
}

gait_status check_start_time(const struct key_values *keys, gait_error *err)
{
    double unix_s, offset_s;
    gait_time_kind kind;
    const char *text = keys->text[KEY_START_TIME];
    if (!*text || start_time_parse(text, &unix_s, &kind, &offset_s)) return GAIT_OK;
    return gait_fail(err, GAIT_INVALID,
                     "start_time=%s: expected a time like 2024-05-06T07:08:09 or with +02:00",
                     text);
}

static gait_status write_samples(const gait_simulated *sensor, const struct key_values *keys,
                                 const char *path, gait_error *err)
{
    const size_t block = 65536;
    char more[MEMBERS_ROOM];
    gait_writer_options options;
    gait_writer *writer = NULL;
    members(keys, more);
    describe(sensor, keys, more, &options);
    TRY(gait_writer_open(&writer, path, &options, err));
    gait_status st = GAIT_OK;
    for (size_t i = 0; i < sensor->n_frames && st == GAIT_OK; i += block) {
        size_t n = sensor->n_frames - i < block ? sensor->n_frames - i : block;
        const float *gyro = sensor->gyro_dps ? sensor->gyro_dps + 3 * i : NULL;
        st = gait_writer_write(writer, n, sensor->time_s + i, sensor->accel_g + 3 * i, gyro, err);
    }
    gait_status closed = gait_writer_close(&writer, st == GAIT_OK, st == GAIT_OK ? err : NULL);
    return st == GAIT_OK ? closed : st;
}

/* One row, with microseconds: finer than any event is known. */
static bool print_row(const gait_truth *row, char *out, size_t room)
{
    const char *side = row->side == GAIT_SIDE_UNKNOWN ? "" : gait_side_name(row->side);
    char value[NUMBER_ROOM] = "";
    if (row->text[0])
        text_print(value, sizeof value, "%s", row->text);
    else if (!isnan(row->value))
        number_to_text(round(row->value * 1e6) / 1e6, value);
    return text_print(out, room, "%s,%s,%.6f,%s\n", row->event, side, row->time_s, value);
}

static gait_status write_truth(const gait_simulated *sensor, const char *path, gait_error *err)
{
    enum { ROW_ROOM = 128 };
    static const char head[] = "event,side,time_s,value\n";
    size_t used = sizeof head - 1, room = used + sensor->n_truth * ROW_ROOM + 1;
    char *text = malloc(room);
    if (!text)
        return gait_fail(err, GAIT_NOMEM, "no memory for %zu rows of truth", sensor->n_truth);
    memcpy(text, head, used);
    for (size_t i = 0; i < sensor->n_truth; i++) {
        print_row(&sensor->truth[i], text + used, room - used);
        used += strlen(text + used);
    }
    gait_status st = file_store(path, text, used, err);
    free(text);
    return st;
}

gait_status export_sensor(const gait_simulated *sensor, const struct key_values *keys,
                          const char *path, gait_error *err)
{
    char truth[LONGEST_PATH];
    if (!truth_path(path, truth, sizeof truth))
        return gait_fail(err, GAIT_INVALID, "%s: the name is too long", path);
    TRY(write_samples(sensor, keys, path, err));
    return write_truth(sensor, truth, err);
}
