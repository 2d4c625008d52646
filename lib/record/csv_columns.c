/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/csv_columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/csv_names.h"
#include "record/units.h"

static struct csv_cell unit_cell(const struct csv_dialect *d, size_t c)
{
    return d->units ? d->units[c] : (struct csv_cell){"", 0};
}

static void choose_time(const struct csv_dialect *d, const unsigned char *is_empty,
                        struct csv_columns *out)
{
    int best = 0;
    out->time = CSV_NO_COLUMN;
    for (size_t c = 0; c < d->n_columns; c++) {
        char unit[8], row_unit[24];
        const struct time_name *time =
            is_empty[c] ? NULL : time_name_find(d->names[c], unit, sizeof unit);
        if (!time || time->preference <= best) continue;
        best = time->preference;
        out->time = (int)c;
        out->time_is_counter = time->is_counter && !*unit;
        out->device_clock = time->device_clock;
        struct csv_cell from_row = unit_cell(d, c);
        text_print(row_unit, sizeof row_unit, "%.*s", (int)from_row.n, from_row.text);
        if (!*unit) time_unit_read(row_unit, unit, sizeof unit);
        memcpy(out->time_unit, unit, sizeof unit);
        text_print(out->time_name, sizeof out->time_name, "%.*s", (int)d->names[c].n,
                   d->names[c].text);
    }
}

/* Some programs write a time column beside each channel: of several alike, the last before x. */
void csv_time_beside(const struct csv_dialect *dialect, const unsigned char *is_empty,
                     const struct csv_sensor *sensor, struct csv_columns *columns)
{
    char unit[8];
    if (columns->time == CSV_NO_COLUMN || !dialect->names) return;
    const struct time_name *time = time_name_find(dialect->names[columns->time], unit, sizeof unit);
    for (int c = sensor->accel[0] - 1; time && c > columns->time; c--) {
        if (is_empty[c] || time_name_find(dialect->names[c], unit, sizeof unit) != time) continue;
        columns->time = c;
        return;
    }
}

static struct csv_sensor *sensor_called(struct csv_columns *out, size_t *n, const char *name)
{
    for (size_t i = 0; i < *n; i++)
        if (text_equal(out->sensors[i].name, name)) return &out->sensors[i];
    if (*n == CSV_MOST_SENSORS) return NULL;
    struct csv_sensor *s = &out->sensors[(*n)++];
    memset(s, 0, sizeof *s);
    text_print(s->name, sizeof s->name, "%s", name);
    for (int k = 0; k < 3; k++) s->accel[k] = s->gyro[k] = CSV_NO_COLUMN;
    s->preference = -1000;
    return s;
}

static void put_accel(struct csv_sensor *s, const struct column_name *f, int column)
{
    int better = s->gravity_removed != f->gravity_removed ? !f->gravity_removed
                                                          : f->preference > s->preference;
    if (s->accel[f->axis] != CSV_NO_COLUMN && !better) return;
    if (better)
        for (int k = 0; k < 3; k++) s->accel[k] = CSV_NO_COLUMN;
    s->accel[f->axis] = column;
    s->gravity_removed = f->gravity_removed;
    s->preference = f->preference;
    const char *unit = f->is_raw ? NULL : accel_unit(f->unit);
    text_print(s->accel_unit, sizeof s->accel_unit, "%s", unit ? unit : "");
}

static void put_gyro(struct csv_sensor *s, const struct column_name *f, int column)
{
    if (s->gyro[f->axis] != CSV_NO_COLUMN || f->is_raw) return;
    s->gyro[f->axis] = column;
    const char *unit = gyro_unit(f->unit);
    text_print(s->gyro_unit, sizeof s->gyro_unit, "%s", unit ? unit : "");
}

static int is_count(struct csv_cell name)
{
    char word[CSV_NAME_ROOM];
    text_print(word, sizeof word, "%.*s", (int)name.n, name.text);
    return text_equal(word, "axis1") || text_equal(word, "activity counts") ||
           text_starts_with(word, "counts");
}

static void place_column(struct csv_columns *out, size_t *n, struct column_name *f, int column,
                         int file_is_gyro)
{
    if (f->is_other || f->axis == CSV_NO_COLUMN) return;
    if (f->quantity == MEANS_NOTHING) { /* bare x, y, z: the unit or the file's name tells */
        f->quantity =
            gyro_unit(f->unit) || (file_is_gyro && !accel_unit(f->unit)) ? MEANS_GYRO : MEANS_ACCEL;
        if (*f->unit && !accel_unit(f->unit) && !gyro_unit(f->unit)) return;
    }
    if (f->quantity == MEANS_GYRO && accel_unit(f->unit) && !gyro_unit(f->unit))
        f->quantity = MEANS_ACCEL; /* gx in g */
    struct csv_sensor *s = sensor_called(out, n, f->sensor);
    if (!s) return;
    if (f->quantity == MEANS_ACCEL)
        put_accel(s, f, column);
    else
        put_gyro(s, f, column);
}

static int is_whole(const int columns[3])
{
    return columns[0] >= 0 && columns[1] >= 0 && columns[2] >= 0;
}

/* Keeps sensors that measure acceleration; a lone gyroscope goes to the lone accelerometer. */
static void keep_sensors(struct csv_columns *out, size_t n)
{
    size_t n_accel = 0, gyros = 0, last_gyro = 0;
    int any_total = 0;
    for (size_t i = 0; i < n; i++) {
        struct csv_sensor *s = &out->sensors[i];
        n_accel += (size_t)is_whole(s->accel);
        if (is_whole(s->accel) && !s->gravity_removed) any_total = 1;
        if (!is_whole(s->gyro)) s->gyro[0] = s->gyro[1] = s->gyro[2] = CSV_NO_COLUMN;
        if (is_whole(s->gyro)) {
            gyros++;
            last_gyro = i;
        }
    }
    struct csv_sensor gyro = out->sensors[last_gyro];
    out->has_gyro_only = gyros > 0 && !n_accel;
    for (size_t i = 0; i < n; i++) {
        struct csv_sensor s = out->sensors[i];
        if (!is_whole(s.accel) || (any_total && s.gravity_removed)) continue;
        out->sensors[out->n_sensors++] = s;
    }
    if (out->n_sensors != 1 || gyros != 1) return;
    memcpy(out->sensors[0].gyro, gyro.gyro, sizeof gyro.gyro);
    memcpy(out->sensors[0].gyro_unit, gyro.gyro_unit, sizeof gyro.gyro_unit);
}

static int contains(const char *text, const char *word)
{
    for (; *text; text++)
        if (text_starts_with(text, word)) return 1;
    return 0;
}

/* W beside bare X, Y, Z: an orientation. */
static int is_quaternion(const struct csv_dialect *d)
{
    for (size_t c = 0; c < d->n_columns; c++)
        if (d->names[c].n == 1 && (d->names[c].text[0] | 0x20) == 'w') return 1;
    return 0;
}

void csv_name_columns(const struct csv_dialect *dialect, const unsigned char *is_empty,
                      const char *file, struct csv_columns *out)
{
    const struct csv_dialect *d = dialect;
    size_t n = 0;
    memset(out, 0, sizeof *out);
    choose_time(d, is_empty, out);
    int file_is_gyro = contains(file, "gyr") && !contains(file, "acc");
    int has_quaternion = is_quaternion(d);
    for (size_t c = 0; c < d->n_columns; c++) {
        struct column_name f;
        if ((int)c == out->time || is_empty[c]) continue;
        column_name_read(d->names[c], &f);
        struct csv_cell unit = unit_cell(d, c);
        if (!*f.unit) text_print(f.unit, sizeof f.unit, "%.*s", (int)unit.n, unit.text);
        f.is_other |= has_quaternion && f.quantity == MEANS_NOTHING && !*f.unit;
        place_column(out, &n, &f, (int)c, file_is_gyro);
        out->are_counts |= is_count(d->names[c]);
    }
    keep_sensors(out, n);
}

static int column_called(const struct csv_dialect *d, const char *name, size_t n)
{
    int64_t number;
    for (size_t c = 0; d->names && c < d->n_columns; c++)
        if (d->names[c].n == n && !strncmp(d->names[c].text, name, n)) return (int)c;
    if (integer_parse(name, n, &number) && number >= 1 && number <= (int64_t)d->n_columns)
        return (int)number - 1;
    return CSV_NO_COLUMN;
}

static int *role_called(struct csv_columns *out, const char *role, size_t n)
{
    struct csv_sensor *s = &out->sensors[0];
    if (n == 1 && *role >= 'x' && *role <= 'z') return &s->accel[*role - 'x'];
    if (n == 2 && *role == 'a' && role[1] >= 'x' && role[1] <= 'z') return &s->accel[role[1] - 'x'];
    if (n == 2 && *role == 'g' && role[1] >= 'x' && role[1] <= 'z') return &s->gyro[role[1] - 'x'];
    if ((n == 4 && !strncmp(role, "time", n)) || (n == 1 && *role == 't')) return &out->time;
    return NULL;
}

gait_status csv_given_columns(const struct csv_dialect *dialect, const char *given,
                              struct csv_columns *out, gait_error *err)
{
    size_t n = 0;
    memset(out, 0, sizeof *out);
    out->time = CSV_NO_COLUMN;
    sensor_called(out, &n, "");
    for (const char *at = given; *at;) {
        size_t length = strcspn(at, ","), equals = strcspn(at, "=");
        int *role = equals < length ? role_called(out, at, equals) : NULL;
        if (!role)
            return gait_fail(err, GAIT_INVALID,
                             "columns \"%.60s\": expected as time=t,x=ax,y=ay,z=az,gx=..", given);
        const char *name = at + equals + 1;
        *role = column_called(dialect, name, length - equals - 1);
        if (*role == CSV_NO_COLUMN)
            return gait_fail(err, GAIT_INVALID, "columns: the file has no column \"%.*s\"",
                             (int)(length - equals - 1), name);
        at += length + (at[length] == ',');
    }
    struct csv_sensor *s = &out->sensors[0];
    if (!is_whole(s->accel))
        return gait_fail(err, GAIT_INVALID, "columns \"%.60s\": x, y and z are needed", given);
    if (!is_whole(s->gyro)) s->gyro[0] = s->gyro[1] = s->gyro[2] = CSV_NO_COLUMN;
    out->n_sensors = 1;
    if (!dialect->names) return GAIT_OK;
    struct column_name f;
    column_name_read(dialect->names[s->accel[0]], &f);
    if (accel_unit(f.unit))
        text_print(s->accel_unit, sizeof s->accel_unit, "%s", accel_unit(f.unit));
    if (s->gyro[0] != CSV_NO_COLUMN) {
        column_name_read(dialect->names[s->gyro[0]], &f);
        if (gyro_unit(f.unit))
            text_print(s->gyro_unit, sizeof s->gyro_unit, "%s", gyro_unit(f.unit));
    }
    if (out->time == CSV_NO_COLUMN) return GAIT_OK;
    struct csv_cell name = dialect->names[out->time];
    const struct time_name *time = time_name_find(name, out->time_unit, sizeof out->time_unit);
    out->time_is_counter = time && time->is_counter;
    out->device_clock = time && time->device_clock;
    text_print(out->time_name, sizeof out->time_name, "%.*s", (int)name.n, name.text);
    return GAIT_OK;
}
