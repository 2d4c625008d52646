/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/bids_sidecars.h"
#include "record/lines.h"

/* The samples of a Motion-BIDS recording: *_motion.tsv holds numbers alone, one row per instant,
 * the columns in the order of *_channels.tsv. Many programs write a row of names all the same. */

enum { FRAMES_PER_READ = 4096, VALUES = 7, LATENCY = 6, MOST_COLUMNS = 4096 };

struct reader {
    struct bids bids;
    gait_sensor_entry sensors[BIDS_POINTS];
    int value_of_column[MOST_COLUMNS]; /* x, y, z, gyroscope's x, y, z, LATENCY; -1: not used */
    size_t last_column;                /* that is used */
    int has_gyro, has_latency, past_names;

    struct lines lines;
    struct damage bad; /* since the last read */
    double stamp_s[FRAMES_PER_READ];
    float accel[3 * FRAMES_PER_READ];
    float gyro[3 * FRAMES_PER_READ];
};

/* n/a, nothing, and what the recording's own sidecar says are missing values; false if it is none
 * of these and no number. */
static bool parse_cell(const struct reader *reader, const char *cell, size_t n, double *value)
{
    const char *missing = reader->bids.missing;
    *value = NAN;
    if (!n || (n == 3 && !memcmp(cell, "n/a", 3))) return true;
    if (missing[0] && n == strlen(missing) && !memcmp(cell, missing, n)) return true;
    return number_parse(cell, n, '.', value) == n;
}

/* The values of one row; false if a cell that is used is no number or the row ends early. */
static bool parse_row(const struct reader *reader, const char *line, size_t length,
                      double values[VALUES])
{
    size_t at = 0;
    for (size_t column = 0; column <= reader->last_column; column++) {
        if (at > length) return false;
        const char *tab = memchr(line + at, '\t', length - at);
        size_t n = tab ? (size_t)(tab - line) - at : length - at;
        int value = reader->value_of_column[column];
        if (value >= 0 && !parse_cell(reader, line + at, n, &values[value])) return false;
        at += n + 1;
    }
    return true;
}

static gait_status read_frames(void *state, struct frames *out, gait_error *err)
{
    struct reader *reader = state;
    size_t n = 0;
    while (n < FRAMES_PER_READ) {
        const char *line;
        size_t length;
        double values[VALUES] = {0};
        TRY(lines_next(&reader->lines, &line, &length, err));
        if (!line) break;
        if (length == LINES_ROOM)
            return gait_fail(err, GAIT_FORMAT, "%s: a line of more than %d bytes",
                             source_name(reader->lines.source), (int)LINES_ROOM);
        if (!length) continue;
        bool row = parse_row(reader, line, length, values);
        if (!row && reader->past_names) damage_add(&reader->bad, "line", reader->lines.number);
        reader->past_names = 1;
        if (!row) continue;
        for (size_t k = 0; k < 3; k++) {
            reader->accel[3 * n + k] = (float)values[k];
            reader->gyro[3 * n + k] = (float)values[3 + k];
        }
        reader->stamp_s[n++] = values[LATENCY];
    }
    *out = (struct frames){.n = n,
                           .stamp_s = reader->has_latency ? reader->stamp_s : NULL,
                           .accel = reader->accel,
                           .gyro = reader->has_gyro ? reader->gyro : NULL,
                           .bad = damage_take(&reader->bad)};
    return GAIT_OK;
}

static void use_column(struct reader *reader, int column, int value)
{
    if (column < 0 || column >= MOST_COLUMNS) return;
    reader->value_of_column[column] = value;
    if ((size_t)column > reader->last_column) reader->last_column = (size_t)column;
}

static void use_point(struct reader *reader, const struct bids_point *point)
{
    for (size_t k = 0; k < MOST_COLUMNS; k++) reader->value_of_column[k] = -1;
    reader->has_gyro = point->gyro[0] >= 0;
    reader->has_latency = reader->bids.latency >= 0;
    for (int k = 0; k < 3; k++) {
        use_column(reader, point->accel[k], k);
        if (reader->has_gyro) use_column(reader, point->gyro[k], 3 + k);
    }
    use_column(reader, reader->bids.latency, LATENCY);
}

static gait_status choose_point(const struct reader *reader, const char *wanted, size_t *found,
                                gait_error *err)
{
    const struct bids *bids = &reader->bids;
    *found = 0;
    if (!wanted) return GAIT_OK;
    while (*found < bids->n_points && !text_equal(bids->points[*found].name, wanted)) ++*found;
    if (*found < bids->n_points) return GAIT_OK;
    return gait_fail(err, GAIT_NOT_FOUND, "%s: no tracked point \"%s\"; the first of %zu is \"%s\"",
                     source_name(reader->lines.source), wanted, bids->n_points,
                     bids->points[0].name);
}

/* Channels slower than the table repeat or pad their samples: that is no signal. */
static gait_status check_rate(const struct reader *reader, const struct bids_point *point,
                              gait_error *err)
{
    double table_hz = reader->bids.nominal_hz;
    if (isnan(point->rate_hz) || isnan(table_hz) ||
        fabs(point->rate_hz - table_hz) <= 0.05 * table_hz)
        return GAIT_OK;
    return gait_fail(err, GAIT_UNSUPPORTED,
                     "%s: channels of %s were sampled at %g Hz and padded to the table's %g Hz",
                     source_name(reader->lines.source), point->name, point->rate_hz, table_hz);
}

static void describe(struct reader *reader, const struct bids_point *point, struct description *out)
{
    const struct bids *bids = &reader->bids;
    for (size_t i = 0; i < bids->n_points; i++)
        reader->sensors[i] = (gait_sensor_entry){bids->points[i].name, bids->points[i].placement,
                                                 bids->points[i].side};
    text_print(out->evidence, sizeof out->evidence, "name ends in _motion.tsv");
    text_print(out->column_evidence, sizeof out->column_evidence,
               "channels.tsv: ACCEL of %s in columns %d, %d, %d%s", point->name,
               point->accel[0] + 1, point->accel[1] + 1, point->accel[2] + 1,
               point->is_bad ? ", marked as bad" : "");
    text_print(out->time_evidence, sizeof out->time_evidence, "%s",
               reader->has_latency ? "column of latency" : "rate of motion.json");
    text_print(out->device, sizeof out->device, "%s", bids->device);
    if (bids->n_points > 1) text_print(out->sensor, sizeof out->sensor, "%s", point->name);
    text_print(out->unit, sizeof out->unit, "%s", point->accel_unit);
    text_print(out->unit_evidence, sizeof out->unit_evidence, "channels.tsv");
    if (reader->has_gyro) text_print(out->gyro_unit, sizeof out->gyro_unit, "%s", point->gyro_unit);
    out->placement = point->placement;
    out->side = point->side;
    out->nominal_rate_hz = bids->rate_hz;
    out->start_unix_s = bids->start_unix_s;
    out->time_kind = bids->time_kind;
    out->utc_offset_s = bids->utc_offset_s;
    out->has_gyro = reader->has_gyro;
    out->has_stamps = reader->has_latency;
    out->n_sensors = bids->n_points > 1 ? bids->n_points : 0;
    out->sensors = reader->sensors;
}

static gait_status open_reader(struct reader *reader, const gait_recording_options *options,
                               struct description *out, gait_error *err)
{
    size_t found = 0;
    TRY(bids_read(&reader->bids, source_name(reader->lines.source), err));
    TRY(choose_point(reader, options->sensor, &found, err));
    const struct bids_point *point = &reader->bids.points[found];
    TRY(check_rate(reader, point, err));
    use_point(reader, point);
    describe(reader, point, out);
    return GAIT_OK;
}

static gait_status open_recording(struct source *source, const gait_recording_options *options,
                                  const struct sidecar *sidecar, struct description *out,
                                  void **state, gait_error *err)
{
    (void)sidecar;
    struct reader *reader = *state = calloc(1, sizeof *reader);
    if (!reader) return gait_fail(err, GAIT_NOMEM, "%s", source_name(source));
    reader->lines.source = source;
    return open_reader(reader, options, out, err);
}

static int probe_bids(const unsigned char *head, size_t n, const char *name, const char *extension)
{
    (void)head, (void)n, (void)extension;
    return text_ends_with(name, "_motion.tsv") || text_ends_with(name, "_motion.tsv.gz") ? 95 : 0;
}

const struct format format_bids = {
    .pub = {"bids", "Motion-BIDS recordings: *_motion.tsv with *_channels.tsv and *_motion.json",
            "tsv"},
    .probe = probe_bids,
    .open = open_recording,
    .read = read_frames,
    .close = free,
};
