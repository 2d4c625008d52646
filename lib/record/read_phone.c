/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/fail.h"
#include "base/text.h"
#include "record/format.h"
#include "record/zip_file.h"

/* ZIP archives that phone apps export (Sensor Logger, phyphox): a CSV table per sensor, read by the
 * reader of CSV. Of several tables of acceleration the one with gravity is taken. Gyroscope tables
 * have rows and stamps of their own and are left alone. */

extern const struct format format_csv;

/* Best first; the apps use "Accelerometer" both with gravity (phyphox) and without (Sensor Logger),
 * which is then refused by its size. */
static const char *const tables[] = {
    "TotalAcceleration.csv", "Acceleration with g.csv",       "Acceleration (with g).csv",
    "Accelerometer.csv",     "AccelerometerUncalibrated.csv", "Raw Data.csv",
};

static const char *const without_gravity[] = {
    "Linear Acceleration.csv",
    "Linear Accelerometer.csv",
};

enum { LARGEST_TIME_TABLE = 1 << 16, LONGEST_NAME = 512 };

struct reader {
    struct zip_file *zip;
    struct zip_member *member;
    struct source *inner;
    void *csv; /* the CSV reader's */
    int cut;
};

static gait_status find_table(const struct reader *reader, const char *name, size_t *index,
                              gait_error *err)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (zip_file_find(reader->zip, tables[i], index)) return GAIT_OK;
    for (size_t i = 0; i < sizeof without_gravity / sizeof *without_gravity; i++)
        if (zip_file_find(reader->zip, without_gravity[i], index))
            return gait_fail(err, GAIT_UNSUPPORTED,
                             "%s: holds only %s, from which gravity was removed; record the "
                             "acceleration with gravity",
                             name, without_gravity[i]);
    return gait_fail(err, GAIT_FORMAT,
                     "%s: no table of acceleration in this archive, such as %s or %s", name,
                     tables[0], tables[3]);
}

static gait_status read_member(void *user, void *buffer, size_t room, size_t *n, gait_error *err)
{
    struct reader *reader = user;
    return zip_member_read(reader->member, buffer, room, n, &reader->cut, err);
}

/* phyphox: "START",0,1739381134.17,"2025-02-12 19:25:34.172 UTC+02:00" */
static void take_start(struct description *out, const char *text)
{
    double experiment_s, unix_s;
    const char *row = strstr(text, "START\"");
    if (!row || strlen(row) < 8) return;
    row += 7;
    size_t taken = number_parse(row, strlen(row), '.', &experiment_s);
    if (!taken || !row[taken]) return;
    row += taken + 1;
    if (!number_parse(row, strlen(row), '.', &unix_s) || !(unix_s > 1e8 && unix_s < 1e10)) return;
    out->start_unix_s = unix_s - experiment_s;
    out->time_kind = GAIT_TIME_UTC;
    const char *zone = strstr(row, " UTC");
    const char *line_end = strchr(row, '\n');
    if (!zone || (line_end && zone > line_end)) return;
    double offset_s;
    if (!civil_zone(zone + 4, strlen(zone + 4), &offset_s)) return;
    out->utc_offset_s = offset_s;
    out->time_kind = GAIT_TIME_LOCAL_WITH_OFFSET;
}

static void find_start(struct reader *reader, struct description *out)
{
    size_t index, n = 0;
    if (!isnan(out->start_unix_s) || !zip_file_find(reader->zip, "time.csv", &index)) return;
    char *text = malloc(LARGEST_TIME_TABLE + 1);
    if (!text) return;
    if (!zip_file_load(reader->zip, index, text, LARGEST_TIME_TABLE, &n, NULL)) {
        text[n] = '\0';
        take_start(out, text);
    }
    free(text);
}

static void close_reader(void *state)
{
    struct reader *reader = state;
    if (reader->csv) format_csv.close(reader->csv);
    source_close(&reader->inner);
    zip_member_close(&reader->member);
    zip_file_close(&reader->zip);
    free(reader);
}

static gait_status open_table(struct reader *reader, const char *archive, gait_error *err)
{
    char name[LONGEST_NAME];
    size_t index = 0;
    TRY(find_table(reader, archive, &index, err));
    text_print(name, sizeof name, "%s/%s", archive, zip_file_name(reader->zip, index));
    TRY(zip_member_open(&reader->member, reader->zip, index, err));
    return source_open_stream(&reader->inner, name, read_member, reader, err);
}

static gait_status open_recording(struct source *source, const gait_recording_options *options,
                                  const struct sidecar *sidecar, struct description *out,
                                  void **state, gait_error *err)
{
    struct reader *reader = *state = calloc(1, sizeof *reader);
    if (!reader) return gait_fail(err, GAIT_NOMEM, "%s", source_name(source));
    TRY(zip_file_open(&reader->zip, source, err));
    TRY(open_table(reader, source_name(source), err));
    TRY(format_csv.open(reader->inner, options, sidecar, out, &reader->csv, err));
    text_print(out->evidence, sizeof out->evidence, "ZIP archive with %s",
               text_base_name(source_name(reader->inner)));
    find_start(reader, out);
    return GAIT_OK;
}

static gait_status read_frames(void *state, struct frames *out, gait_error *err)
{
    struct reader *reader = state;
    TRY(format_csv.read(reader->csv, out, err));
    if (reader->cut && !out->bad.n++)
        text_print(out->bad.first, sizeof out->bad.first, "the end of the table");
    reader->cut = 0;
    return GAIT_OK;
}

static int probe_phone(const unsigned char *head, size_t n, const char *name, const char *extension)
{
    (void)name;
    bool zip = n >= 4 && !memcmp(head, "PK\3\4", 4);
    return zip ? !strcmp(extension, "zip") ? 60 : 20 : 0;
}

const struct format format_phone = {
    .pub = {"phone", "ZIP archives of phone apps: Sensor Logger, phyphox", "zip"},
    .probe = probe_phone,
    .open = open_recording,
    .read = read_frames,
    .close = close_reader,
};
