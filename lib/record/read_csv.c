/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/text.h"
#include "record/csv_columns.h"
#include "record/csv_dialect.h"
#include "record/csv_preamble.h"
#include "record/csv_rows.h"
#include "record/csv_text.h"
#include "record/csv_time.h"
#include "record/format.h"
#include "record/words.h"

/* Text files of numbers, as apps and devices export them: see `csv_dialect.h` for the layout,
 * `csv_columns.h` for names, `csv_preamble.h` for what stands above, `csv_rows.h` for the rows. */

enum { HEAD_SIZE = 1 << 16, ROWS_LOOKED_AT = 1000 };

struct csv {
    struct csv_rows rows;
    uint64_t bad_told;
    gait_sensor_entry sensors[CSV_MOST_SENSORS];
    char names[CSV_MOST_SENSORS][CSV_SENSOR_ROOM];
};

/* All that opening needs and reading does not. */
struct opening {
    struct source *source;
    const char *name;
    const gait_recording_options *options;
    const struct sidecar *sidecar;
    struct arena arena;
    struct csv_dialect dialect;
    struct csv_preamble preamble;
    struct csv_columns columns;
    const struct csv_sensor *sensor;
    unsigned char *is_empty; /* per column */
    double rate_hz;          /* stated by anyone; NaN if nobody did */
    struct description *out;
};

static int csv_probe(const unsigned char *head, size_t n, const char *name, const char *extension)
{
    (void)name;
    static const char *const known[] = {"csv", "tsv", "txt", "tab", "dat", "asc", ""};
    if (!csv_text_is_text(head, n)) return 0;
    size_t at = n >= 3 && head[0] == 0xef ? 3 : 0;
    if (at < n && strchr("<{", head[at])) return 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (text_equal(extension, known[i])) return 40;
    return 10;
}

static gait_status read_head(struct opening *o, gait_error *err)
{
    struct csv_text *text = ARENA_NEW(&o->arena, 1, struct csv_text);
    char *head = ARENA_NEW(&o->arena, HEAD_SIZE + 1, char);
    size_t n = 0, got = 1;
    if (!text || !head) return gait_fail(err, GAIT_NOMEM, "%s: no memory to open it", o->name);
    TRY(csv_text_open(text, o->source, err));
    while (got && n + 4 < HEAD_SIZE) {
        TRY(csv_text_read(text, head + n, HEAD_SIZE - n, &got, err));
        n += got;
    }
    head[n] = '\0';
    TRY(csv_sniff(head, n, o->name, &o->arena, &o->dialect, err));
    struct csv_dialect *d = &o->dialect;
    if (got && d->n_lines > 1) d->n_lines--; /* the last line goes on behind the head */
    return source_rewind(o->source, err);
}

static gait_status no_numbers(const struct opening *o, gait_error *err)
{
    const struct csv_dialect *d = &o->dialect;
    struct csv_cell line = d->n_lines ? d->lines[d->n_lines > 1 ? 1 : 0] : (struct csv_cell){"", 0};
    return gait_fail(err, GAIT_FORMAT,
                     "%s: line %d: \"%.*s\"; expected rows of at least three numbers, x, y and z",
                     o->name, d->n_lines > 1 ? 2 : 1, (int)(line.n < 40 ? line.n : 40), line.text);
}

/* Empatica writes the start and the rate as the first two rows, once per column. */
static void take_empatica(struct opening *o)
{
    struct csv_dialect *d = &o->dialect;
    struct csv_cell cells[3];
    double start_s, rate_hz, again;
    if (d->names || d->first_row || d->n_columns != 3 || d->n_lines < 4) return;
    csv_split(d->lines[0], d->delimiter, cells, 3);
    if (!number_parse(cells[0].text, cells[0].n, '.', &start_s) || start_s < 1e9 || start_s > 4e9)
        return;
    csv_split(d->lines[1], d->delimiter, cells, 3);
    if (!number_parse(cells[0].text, cells[0].n, '.', &rate_hz) || rate_hz < 1 || rate_hz > 1000)
        return;
    if (!number_parse(cells[2].text, cells[2].n, '.', &again) || fabs(again - rate_hz) > 0) return;
    o->preamble.start_unix_s = start_s;
    o->preamble.start_kind = GAIT_TIME_UTC;
    o->preamble.rate_hz = rate_hz;
    o->preamble.product = "Empatica";
    o->preamble.accel_unit = "g/64";
    d->first_row = 2;
    d->offset = (size_t)(d->lines[2].text - d->lines[0].text);
}

static double stated_rate(const struct opening *o)
{
    if (o->options->rate_hz > 0) return o->options->rate_hz;
    if (isfinite(o->sidecar->sample_rate_hz)) return o->sidecar->sample_rate_hz;
    return o->preamble.rate_hz;
}

static size_t last_row_looked_at(const struct csv_dialect *d)
{
    size_t end = d->first_row + ROWS_LOOKED_AT;
    return end < d->n_lines ? end : d->n_lines;
}

static gait_status find_empty_columns(struct opening *o, gait_error *err)
{
    const struct csv_dialect *d = &o->dialect;
    struct csv_cell *cells = ARENA_NEW(&o->arena, CSV_MOST_COLUMNS, struct csv_cell);
    o->is_empty = ARENA_NEW(&o->arena, d->n_columns, unsigned char);
    if (!cells || !o->is_empty) return gait_fail(err, GAIT_NOMEM, "%s: no memory", o->name);
    memset(o->is_empty, 1, d->n_columns);
    for (size_t i = d->first_row; i < last_row_looked_at(d); i++) {
        size_t n = csv_split(d->lines[i], d->delimiter, cells, CSV_MOST_COLUMNS);
        for (size_t c = 0; c < n && c < d->n_columns; c++)
            if (!csv_is_missing(cells[c])) o->is_empty[c] = 0;
    }
    return GAIT_OK;
}

/* Values of one column in the first rows, those that are there. */
static struct csv_cell *column_cells(struct opening *o, int column, size_t *n)
{
    const struct csv_dialect *d = &o->dialect;
    size_t end = last_row_looked_at(d);
    struct csv_cell *row = ARENA_NEW(&o->arena, CSV_MOST_COLUMNS, struct csv_cell);
    struct csv_cell *cells = ARENA_NEW(&o->arena, end - d->first_row, struct csv_cell);
    *n = 0;
    if (!row || !cells) return NULL;
    for (size_t i = d->first_row; i < end; i++) {
        size_t width = csv_split(d->lines[i], d->delimiter, row, CSV_MOST_COLUMNS);
        if (width + 1 < d->n_columns || width > CSV_MOST_COLUMNS || (size_t)column >= width)
            continue;
        enum csv_cell_kind kind = csv_cell_kind(row[column], d->decimal);
        if (kind == CELL_NUMBER || kind == CELL_TIME) cells[(*n)++] = row[column];
    }
    return cells;
}

/* A first column of dates, or of numbers that only grow, is time. */
static int first_column_is_time(struct opening *o)
{
    size_t n;
    struct csv_cell *cells = column_cells(o, 0, &n);
    double first = NAN, previous = NAN, value;
    if (!cells || !n) return 0;
    if (csv_cell_kind(cells[0], o->dialect.decimal) == CELL_TIME) return 1;
    for (size_t i = 0; i < n; i++) {
        if (!number_parse(cells[i].text, cells[i].n, o->dialect.decimal, &value)) return 0;
        if (value < previous) return 0;
        if (isnan(first)) first = value;
        previous = value;
    }
    return previous > first;
}

/* Without names: time if the first column is, then x, y, z, then perhaps a gyroscope. */
static gait_status place_columns(struct opening *o, gait_error *err)
{
    struct csv_columns *c = &o->columns;
    size_t n = o->dialect.n_columns;
    memset(c, 0, sizeof *c);
    int time = first_column_is_time(o);
    if (n < 3 + (size_t)time || (!time && n != 3))
        return gait_fail(err, GAIT_FORMAT,
                         "%s: line %zu: %zu columns without names; say which is which with "
                         "--columns time=1,x=2,y=3,z=4",
                         o->name, o->dialect.first_row + 1, n);
    c->time = time ? 0 : CSV_NO_COLUMN;
    c->n_sensors = 1;
    for (int k = 0; k < 3; k++) {
        int has_gyro = n == 7 && !*o->preamble.product;
        c->sensors[0].accel[k] = time + k;
        c->sensors[0].gyro[k] = has_gyro ? time + 3 + k : CSV_NO_COLUMN;
    }
    return GAIT_OK;
}

static gait_status name_columns(struct opening *o, gait_error *err)
{
    if (o->options->columns)
        return csv_given_columns(&o->dialect, o->options->columns, &o->columns, err);
    if (!o->dialect.names) return place_columns(o, err);
    csv_name_columns(&o->dialect, o->is_empty, text_base_name(o->name), &o->columns);
    return GAIT_OK;
}

static gait_status refuse_counts(const struct opening *o, gait_error *err)
{
    return gait_fail(
        err, GAIT_UNSUPPORTED,
        "%s: holds activity counts per epoch; export the raw acceleration (.gt3x or raw "
        "CSV)",
        o->name);
}

static gait_status refuse_what_is_none(const struct opening *o, gait_error *err)
{
    const struct csv_columns *c = &o->columns;
    if (c->are_counts) return refuse_counts(o, err);
    if (c->has_gyro_only)
        return gait_fail(err, GAIT_UNSUPPORTED,
                         "%s: holds angular rates alone; give the file of the accelerometer",
                         o->name);
    if (c->n_sensors) return GAIT_OK;
    struct csv_cell line = o->dialect.header_line ? o->dialect.lines[o->dialect.header_line - 1]
                                                  : (struct csv_cell){"", 0};
    return gait_fail(err, GAIT_FORMAT,
                     "%s: line %zu: columns %.*s; expected three of acceleration such as ax, ay, "
                     "az, or --columns",
                     o->name, o->dialect.header_line, (int)(line.n < 80 ? line.n : 80), line.text);
}

static gait_status unknown_sensor(const struct opening *o, gait_error *err)
{
    char known[120] = "";
    for (size_t i = 0; i < o->columns.n_sensors; i++) {
        size_t n = strlen(known);
        text_print(known + n, sizeof known - n, "%s%s", i ? ", " : "", o->columns.sensors[i].name);
    }
    return gait_fail(err, GAIT_NOT_FOUND, "%s: no sensor \"%s\"; it has %s", o->name,
                     o->options->sensor, *known ? known : "one without a name");
}

static gait_status choose_sensor(struct opening *o, gait_error *err)
{
    const char *wanted = o->options->sensor;
    o->sensor = &o->columns.sensors[0];
    if (!wanted || !*wanted) return GAIT_OK;
    for (size_t i = 0; i < o->columns.n_sensors; i++) {
        o->sensor = &o->columns.sensors[i];
        if (text_equal(o->sensor->name, wanted)) return GAIT_OK;
    }
    return unknown_sensor(o, err);
}

/* "time (01:00)": the exporter's offset from UTC stands in a column name. */
static void take_offset_of_header(const struct csv_dialect *d, struct description *out)
{
    for (size_t c = 0; d->names && c < d->n_columns; c++) {
        struct csv_cell name = d->names[c];
        if (name.n < 12 || name.n > 13 || !text_starts_with(name.text, "time (")) continue;
        int negative = name.text[6] == '-';
        const char *t = name.text + 6 + (negative || name.text[6] == '+');
        if (t[2] != ':' || t[5] != ')') continue;
        int minutes = 600 * (t[0] - '0') + 60 * (t[1] - '0') + 10 * (t[3] - '0') + (t[4] - '0');
        out->utc_offset_s = (negative ? -60.0 : 60.0) * minutes;
        out->time_kind = GAIT_TIME_LOCAL_WITH_OFFSET;
    }
}

static gait_status choose_time(struct opening *o, struct csv_rows *rows, gait_error *err)
{
    struct description *out = o->out;
    size_t n = 0;
    struct csv_cell *cells = NULL;
    if (o->columns.time != CSV_NO_COLUMN) {
        cells = column_cells(o, o->columns.time, &n);
        if (!cells) return gait_fail(err, GAIT_NOMEM, "%s: no memory", o->name);
    }
    const struct csv_time_known known = {o->name, o->dialect.decimal, o->rate_hz,
                                         o->preamble.order};
    TRY(csv_time_choose(&rows->time, &o->columns, &known, cells, n, out->time_evidence,
                        sizeof out->time_evidence, err));
    out->has_stamps = rows->time.kind != CSV_TIME_NONE;
    out->start_unix_s = rows->time.start_unix_s;
    out->time_kind = rows->time.start_kind;
    out->utc_offset_s = rows->time.utc_offset_s;
    if (isfinite(out->start_unix_s) && !o->dialect.names && out->time_kind == GAIT_TIME_UTC)
        out->time_kind =
            GAIT_TIME_LOCAL_UNKNOWN; /* OmGui writes the wall clock as if it were UTC */
    if (!isfinite(out->start_unix_s)) {
        out->start_unix_s = o->preamble.start_unix_s;
        out->time_kind = o->preamble.start_kind;
        out->utc_offset_s = o->preamble.utc_offset_s;
    }
    if (out->time_kind == GAIT_TIME_LOCAL_UNKNOWN && isfinite(o->preamble.zone_s)) {
        out->time_kind = GAIT_TIME_LOCAL_WITH_OFFSET;
        out->utc_offset_s = o->preamble.zone_s;
        out->start_unix_s -= o->preamble.zone_s;
    }
    if (out->time_kind == GAIT_TIME_UTC) take_offset_of_header(&o->dialect, out);
    return GAIT_OK;
}

static void use_column(struct csv_rows *rows, int column, unsigned use)
{
    if (column == CSV_NO_COLUMN) return;
    rows->use[column] = (unsigned char)use;
    if ((size_t)column >= rows->n_used) rows->n_used = (size_t)column + 1;
}

static void use_columns(const struct opening *o, struct csv_rows *rows)
{
    rows->name = o->name;
    rows->delimiter = o->dialect.delimiter;
    rows->decimal = o->dialect.decimal;
    rows->n_columns = o->dialect.n_columns;
    if (rows->time.kind != CSV_TIME_NONE) use_column(rows, o->columns.time, CSV_STAMP);
    for (unsigned k = 0; k < 3; k++) {
        use_column(rows, o->sensor->accel[k], CSV_VALUE + k);
        use_column(rows, o->sensor->gyro[k], CSV_VALUE + 3 + k);
    }
    rows->has_gyro = o->sensor->gyro[0] != CSV_NO_COLUMN;
}

static void add_evidence(const struct opening *o, const char *role, int column, char *out,
                         size_t room)
{
    const struct csv_dialect *d = &o->dialect;
    size_t n = strlen(out);
    if (column == CSV_NO_COLUMN) return;
    if (d->names)
        text_print(out + n, room - n, "%s%s=%.*s", n ? " " : "", role, (int)d->names[column].n,
                   d->names[column].text);
    else
        text_print(out + n, room - n, "%s%s=column %d", n ? " " : "", role, column + 1);
}

static void describe_columns(const struct opening *o)
{
    static const char *const accel[] = {"x", "y", "z"}, *const gyro[] = {"gx", "gy", "gz"};
    struct description *out = o->out;
    size_t room = sizeof out->column_evidence;
    add_evidence(o, "time", o->columns.time, out->column_evidence, room);
    for (int k = 0; k < 3; k++)
        add_evidence(o, accel[k], o->sensor->accel[k], out->column_evidence, room);
    for (int k = 0; k < 3; k++)
        add_evidence(o, gyro[k], o->sensor->gyro[k], out->column_evidence, room);
}

static void describe(const struct opening *o)
{
    struct description *out = o->out;
    const struct csv_preamble *p = &o->preamble;
    const char *sign = o->dialect.delimiter == '\t'  ? "tabs"
                       : o->dialect.delimiter == ' ' ? "spaces"
                                                     : "";
    text_print(out->evidence, sizeof out->evidence, "%s%srows of %zu cells between %s%.1s%s, %s%s",
               p->product, *p->product ? ": " : "", o->dialect.n_columns, *sign ? sign : "'",
               *sign ? "" : &o->dialect.delimiter, *sign ? "" : "'",
               o->dialect.decimal == ',' ? "decimal comma, " : "",
               o->dialect.names ? "with a header" : "no header");
    describe_columns(o);
    int stated = *o->sensor->accel_unit != '\0';
    text_print(out->unit, sizeof out->unit, "%s", stated ? o->sensor->accel_unit : p->accel_unit);
    text_print(out->unit_evidence, sizeof out->unit_evidence, "%s",
               stated ? "written with the columns" : p->product);
    text_print(out->gyro_unit, sizeof out->gyro_unit, "%s",
               *o->sensor->gyro_unit ? o->sensor->gyro_unit : p->gyro_unit);
    text_print(out->device, sizeof out->device, "%s%s%s", p->product,
               *p->product && *p->device ? " " : "", p->device);
    text_print(out->sensor, sizeof out->sensor, "%s",
               o->columns.n_sensors > 1 ? o->sensor->name : "");
    out->nominal_rate_hz = p->rate_hz;
    out->range_g = p->range_g;
    out->has_gyro = o->sensor->gyro[0] != CSV_NO_COLUMN;
    out->gravity_removed = o->sensor->gravity_removed;
    out->placement = p->placement;
    out->side = p->side;
    place_from_words(o->sensor->name, &out->placement, &out->side);
}

static void list_sensors(const struct opening *o, struct csv *csv)
{
    size_t n = o->columns.n_sensors;
    if (n < 2) return;
    for (size_t i = 0; i < n; i++) {
        memcpy(csv->names[i], o->columns.sensors[i].name, CSV_SENSOR_ROOM);
        csv->sensors[i].name = csv->names[i];
        place_from_words(csv->names[i], &csv->sensors[i].placement, &csv->sensors[i].side);
    }
    o->out->n_sensors = n;
    o->out->sensors = csv->sensors;
}

static gait_status open_rows(struct opening *o, struct csv *csv, gait_error *err)
{
    TRY(read_head(o, err));
    csv_read_preamble(&o->dialect, text_base_name(o->name), &o->preamble);
    take_empatica(o);
    if (o->preamble.epoch_s > 0) return refuse_counts(o, err);
    if (o->dialect.first_row >= o->dialect.n_lines) return no_numbers(o, err);
    TRY(find_empty_columns(o, err));
    TRY(name_columns(o, err));
    TRY(refuse_what_is_none(o, err));
    TRY(choose_sensor(o, err));
    if (!o->options->columns) csv_time_beside(&o->dialect, o->is_empty, o->sensor, &o->columns);
    o->rate_hz = stated_rate(o);
    TRY(choose_time(o, &csv->rows, err));
    use_columns(o, &csv->rows);
    describe(o);
    list_sensors(o, csv);
    return csv_rows_start(&csv->rows, o->source, o->dialect.offset, o->dialect.first_row, err);
}

static void csv_close(void *state)
{
    struct csv *csv = state;
    csv_rows_free(&csv->rows);
    free(csv);
}

static gait_status csv_open(struct source *source, const gait_recording_options *options,
                            const struct sidecar *sidecar, struct description *out, void **state,
                            gait_error *err)
{
    struct opening o = {.source = source,
                        .name = source_name(source),
                        .options = options,
                        .sidecar = sidecar,
                        .out = out};
    struct csv *csv = *state = calloc(1, sizeof *csv);
    if (!csv) return gait_fail(err, GAIT_NOMEM, "%s: no memory to open it", o.name);
    gait_status st = open_rows(&o, csv, err);
    arena_free(&o.arena);
    return st;
}

static gait_status csv_read(void *state, struct frames *out, gait_error *err)
{
    struct csv *csv = state;
    struct csv_rows *rows = &csv->rows;
    TRY(csv_rows_read(rows, err));
    out->n = rows->n;
    out->stamp_s = rows->time.kind == CSV_TIME_NONE ? NULL : rows->stamp_s;
    out->accel = rows->accel;
    out->gyro = rows->has_gyro ? rows->gyro : NULL;
    if (rows->n_bad && !csv->bad_told) damage_add(&out->bad, "line", rows->bad_line);
    out->bad.n = rows->n_bad - csv->bad_told;
    csv->bad_told = rows->n_bad;
    return GAIT_OK;
}

const struct format format_csv = {
    .pub = {.name = "csv",
            .about = "Text with one row of numbers per sample, as apps and devices export it",
            .extensions = "csv tsv txt"},
    .probe = csv_probe,
    .open = csv_open,
    .read = csv_read,
    .close = csv_close,
};
