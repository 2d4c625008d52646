/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/format.h"
#include "record/hdf5_file.h"
#include "record/hdf5_sensors.h"

/* Recordings in HDF5. The plain layout, which write_hdf5.c writes:
 *
 *   /                 one sensor, or a group per sensor whose name is the sensor's
 *     accel  N x 3    numbers; attribute "units": "g", "m/s^2", "mg"
 *     gyro   N x 3    may be left out; attribute "units": "deg/s", "rad/s"
 *     time   N        may be left out; attribute "units": "s" (also if missing), "ms", "us", "ns"
 *
 * Attributes of the root or the sensor's group, the nearer one counts, all may be left out:
 *   sample_rate_hz (needed without time), range_g, placement, side, device,
 *   start_time "2024-05-06T07:08:09.5" with "Z", "+02:00" or nothing behind it: that of time 0, or
 *   of the first frame if there is no time.
 *
 * Times above 1e8 s count from 1970. The layouts of APDM (hdf5_apdm.c) are other maps to the same
 * three datasets. */

enum { ROWS_PER_READ = 4096 };

struct reader {
    struct hdf5_file *file;
    struct hdf5_dataset *accel;
    struct hdf5_dataset *gyro;
    struct hdf5_dataset *time;
    struct hdf5_sensors sensors;
    double second_per_tick;
    int64_t first_tick; /* of whole-number times, so that nanoseconds since 1970 stay exact */
    double first_s;     /* taken off times that count from 1970 */
    uint64_t at;
    double stamp_s[ROWS_PER_READ];
    int64_t ticks[ROWS_PER_READ];
    float accel_xyz[3 * ROWS_PER_READ];
    float gyro_xyz[3 * ROWS_PER_READ];
};

static void close_reader(void *state)
{
    struct reader *reader = state;
    hdf5_dataset_close(&reader->accel);
    hdf5_dataset_close(&reader->gyro);
    hdf5_dataset_close(&reader->time);
    hdf5_file_close(&reader->file);
    free(reader);
}

/* A dataset that belongs to the same N frames. */
static gait_status open_companion(struct reader *reader, struct hdf5_dataset **out,
                                  const char *path, size_t columns, gait_error *err)
{
    TRY(hdf5_dataset_open(out, reader->file, path, err));
    if (hdf5_columns(*out) == columns && hdf5_rows(*out) == hdf5_rows(reader->accel))
        return GAIT_OK;
    return gait_fail(err, GAIT_FORMAT,
                     "dataset %s is %llu x %zu; %llu x %zu, as many rows as the acceleration, was "
                     "expected",
                     path, (unsigned long long)hdf5_rows(*out), hdf5_columns(*out),
                     (unsigned long long)hdf5_rows(reader->accel), columns);
}

static gait_status open_datasets(struct reader *reader, const struct hdf5_sensor *sensor,
                                 const char *name, gait_error *err)
{
    TRY(hdf5_dataset_open(&reader->accel, reader->file, sensor->accel, err));
    if (hdf5_columns(reader->accel) != 3)
        return gait_fail(err, GAIT_FORMAT, "%s: dataset %s is %llu x %zu; N x 3 was expected", name,
                         sensor->accel, (unsigned long long)hdf5_rows(reader->accel),
                         hdf5_columns(reader->accel));
    if (sensor->gyro[0]) TRY(open_companion(reader, &reader->gyro, sensor->gyro, 3, err));
    if (sensor->time[0]) TRY(open_companion(reader, &reader->time, sensor->time, 1, err));
    return GAIT_OK;
}

/* Times of day are kept as an absolute start and stamps from 0: a double holds those exactly
 * enough.
 */
static gait_status find_start(struct reader *reader, const struct hdf5_sensor *sensor,
                              struct description *out, gait_error *err)
{
    const double since_1970_s = 1e8;
    reader->second_per_tick = sensor->second_per_tick;
    if (!reader->time || !hdf5_rows(reader->time)) return GAIT_OK;
    double first = 0;
    if (hdf5_is_integer(reader->time)) {
        TRY(hdf5_read_integers(reader->time, 0, 1, &reader->first_tick, err));
        first = (double)reader->first_tick * reader->second_per_tick;
    } else {
        TRY(hdf5_read_doubles(reader->time, 0, 1, &first, err));
        first *= reader->second_per_tick;
    }
    if (!(first > since_1970_s)) {
        reader->first_tick = 0;
        return GAIT_OK;
    }
    reader->first_s = first;
    out->start_unix_s = first;
    out->time_kind = isnan(sensor->utc_offset_s) ? GAIT_TIME_UTC : GAIT_TIME_LOCAL_WITH_OFFSET;
    out->utc_offset_s = sensor->utc_offset_s;
    return GAIT_OK;
}

static void describe(const struct reader *reader, const struct hdf5_sensor *sensor,
                     struct description *out)
{
    const struct hdf5_sensors *sensors = &reader->sensors;
    text_print(out->evidence, sizeof out->evidence, "HDF5, %s", sensors->layout->about);
    text_print(out->column_evidence, sizeof out->column_evidence, "acceleration %s%s%s",
               sensor->accel, sensor->gyro[0] ? ", angular rate " : "", sensor->gyro);
    text_print(out->time_evidence, sizeof out->time_evidence, "%s%s",
               sensor->time[0] ? "stamps in " : "no stamps, the stated rate", sensor->time);
    text_print(out->device, sizeof out->device, "%s", sensor->device);
    text_print(out->sensor, sizeof out->sensor, "%s", sensor->name);
    text_print(out->unit, sizeof out->unit, "%s", sensor->unit);
    text_print(out->unit_evidence, sizeof out->unit_evidence, "%s", sensor->unit_evidence);
    text_print(out->gyro_unit, sizeof out->gyro_unit, "%s", sensor->gyro_unit);
    out->placement = sensor->placement;
    out->side = sensor->side;
    out->nominal_rate_hz = sensor->rate_hz;
    out->range_g = sensor->range_g;
    out->start_unix_s = sensor->start_unix_s;
    out->time_kind = sensor->time_kind;
    out->utc_offset_s = sensor->utc_offset_s;
    out->has_gyro = reader->gyro != NULL;
    out->has_stamps = reader->time != NULL;
    out->n_sensors = sensors->n > 1 ? sensors->n : 0;
    out->sensors = sensors->entries;
}

static gait_status open_reader(struct reader *reader, struct source *source, const char *wanted,
                               struct description *out, gait_error *err)
{
    const char *path = NULL, *name = source_name(source);
    const void *bytes = NULL;
    size_t size = 0;
    struct hdf5_sensor sensor;
    TRY(source_random_access(source, &path, &bytes, &size, err));
    TRY(hdf5_file_open(&reader->file, name, path, bytes, size, err));
    TRY(hdf5_sensors_find(&reader->sensors, reader->file, name, err));
    TRY(hdf5_sensors_choose(&reader->sensors, reader->file, wanted, name, &sensor, err));
    TRY(open_datasets(reader, &sensor, name, err));
    describe(reader, &sensor, out);
    return find_start(reader, &sensor, out, err);
}

static gait_status open_recording(struct source *source, const gait_recording_options *options,
                                  const struct sidecar *sidecar, struct description *out,
                                  void **state, gait_error *err)
{
    (void)sidecar;
    struct reader *reader = *state = calloc(1, sizeof *reader);
    if (!reader) return gait_fail(err, GAIT_NOMEM, "%s", source_name(source));
    return open_reader(reader, source, options->sensor, out, err);
}

static gait_status read_stamps(struct reader *reader, size_t n, gait_error *err)
{
    if (!hdf5_is_integer(reader->time)) {
        TRY(hdf5_read_doubles(reader->time, reader->at, n, reader->stamp_s, err));
        for (size_t i = 0; i < n; i++)
            reader->stamp_s[i] = reader->stamp_s[i] * reader->second_per_tick - reader->first_s;
        return GAIT_OK;
    }
    TRY(hdf5_read_integers(reader->time, reader->at, n, reader->ticks, err));
    for (size_t i = 0; i < n; i++) {
        /* As unsigned numbers, whose difference wraps: a file may hold anything. */
        int64_t since = (int64_t)((uint64_t)reader->ticks[i] - (uint64_t)reader->first_tick);
        reader->stamp_s[i] = (double)since * reader->second_per_tick;
    }
    return GAIT_OK;
}

static gait_status read_frames(void *state, struct frames *out, gait_error *err)
{
    struct reader *reader = state;
    uint64_t left = hdf5_rows(reader->accel) - reader->at;
    size_t n = left < ROWS_PER_READ ? (size_t)left : ROWS_PER_READ;
    *out = (struct frames){.n = n, .accel = reader->accel_xyz};
    if (!n) return GAIT_OK;
    TRY(hdf5_read_floats(reader->accel, reader->at, n, reader->accel_xyz, err));
    if (reader->gyro) {
        TRY(hdf5_read_floats(reader->gyro, reader->at, n, reader->gyro_xyz, err));
        out->gyro = reader->gyro_xyz;
    }
    if (reader->time) {
        TRY(read_stamps(reader, n, err));
        out->stamp_s = reader->stamp_s;
    }
    reader->at += n;
    return GAIT_OK;
}

static int probe_hdf5(const unsigned char *head, size_t n, const char *name, const char *extension)
{
    (void)name;
    static const unsigned char magic[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    (void)extension;
    /* A user block of 512, 1024, ... bytes may come first. */
    for (size_t at = 0; at + sizeof magic <= n; at = at ? 2 * at : 512)
        if (!memcmp(head + at, magic, sizeof magic)) return at ? 60 : 90;
    return 0;
}

const struct format format_hdf5 = {
    .pub = {"hdf5", "Datasets accel, gyro and time, or the layouts of APDM Opal sensors (v4, v5)",
            "h5 hdf5"},
    .probe = probe_hdf5,
    .open = open_recording,
    .read = read_frames,
    .close = close_reader,
};
