/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/csv_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"

static const double power_of_ten[20] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                        1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};

/* Digits with at most one decimal sign: mantissa * 10^-decimals. Up to 18 digits, so that 64 bits
 * hold them; NULL for anything else. A newline stands behind the text, so no end is checked. */
static inline const char *read_digits(const char *p, char decimal, uint64_t *mantissa,
                                      unsigned *decimals)
{
    const char *from = p;
    uint64_t m = 0;
    unsigned d;
    while ((d = (unsigned)(unsigned char)*p - '0') < 10) {
        m = 10 * m + d;
        p++;
    }
    size_t digits = (size_t)(p - from);
    *decimals = 0;
    if (*p == decimal) {
        const char *fraction = ++p;
        while ((d = (unsigned)(unsigned char)*p - '0') < 10) {
            m = 10 * m + d;
            p++;
        }
        *decimals = (unsigned)(p - fraction);
        digits += *decimals;
    }
    *mantissa = m;
    return digits - 1 < 18 ? p : NULL;
}

/* A mantissa below 2^53 over an exact power of ten rounds once, so this is correctly rounded. */
static inline const char *read_value(const char *p, char decimal, double *value)
{
    uint64_t mantissa;
    unsigned decimals;
    int negative = *p == '-';
    p = read_digits(p + negative, decimal, &mantissa, &decimals);
    if (!p || mantissa > UINT64_C(1) << 53) return NULL;
    double size = (double)(int64_t)mantissa / power_of_ten[decimals];
    *value = negative ? -size : size;
    return p;
}

static inline const char *read_ticks(const char *p, struct csv_time *time, char delimiter,
                                     double *stamp_s)
{
    uint64_t mantissa;
    unsigned decimals;
    int negative = *p == '-';
    p = read_digits(p + negative, time->decimal, &mantissa, &decimals);
    if (!p || (*p != delimiter && *p != ' ' && *p != '\r' && *p != '\n')) return NULL;
    int64_t m = negative ? -(int64_t)mantissa : (int64_t)mantissa;
    return csv_time_ticks(time, m, (int)decimals, stamp_s) ? p : NULL;
}

static const char *end_of_plain_cell(const char *p, char delimiter)
{
    while (*p != delimiter && *p != '\n' && *p != '"') p++;
    return *p == '"' ? NULL : p;
}

static const char *read_written_time(struct csv_rows *r, const char *p, double *stamp_s)
{
    const char *end = end_of_plain_cell(p, r->delimiter);
    if (!end) return NULL;
    struct csv_cell cell = {p, (size_t)(end - p)};
    while (cell.n && (cell.text[cell.n - 1] == ' ' || cell.text[cell.n - 1] == '\r')) cell.n--;
    return csv_time_parse(&r->time, cell, stamp_s) ? end : NULL;
}

static const char *read_stamp(struct csv_rows *r, const char *p, double *stamp_s)
{
    if (r->time.kind == CSV_TIME_SECONDS) return read_value(p, r->decimal, stamp_s);
    if (r->time.kind == CSV_TIME_TICKS || r->time.kind == CSV_TIME_COUNTER)
        return read_ticks(p, &r->time, r->delimiter, stamp_s);
    return read_written_time(r, p, stamp_s);
}

/* The short way: every used cell is a plain number. Behind the row's newline, or NULL. The
 * unwrapped time may have moved by then, but only to this row's value, which the long way finds
 * again. */
static const char *read_plain_row(struct csv_rows *r, const char *p, double *stamp_s,
                                  double values[CSV_MOST_VALUES])
{
    const char delimiter = r->delimiter, decimal = r->decimal;
    for (size_t c = 0; c < r->n_used; c++) {
        while (*p == ' ') p++;
        unsigned use = r->use[c];
        if (use >= CSV_VALUE)
            p = read_value(p, decimal, &values[use - CSV_VALUE]);
        else if (use == CSV_STAMP)
            p = read_stamp(r, p, stamp_s);
        else
            p = end_of_plain_cell(p, delimiter);
        if (!p) return NULL;
        if (*p == delimiter) {
            p++;
            continue;
        }
        while (*p == ' ') p++;
        if (*p == delimiter)
            p++;
        else if (c + 1 < r->n_used && delimiter != ' ')
            return NULL;
    }
    if (*p == '\r') p++;
    if (*p == '\n') return p + 1;
    if (r->n_used == r->n_columns) return NULL; /* more than there should be */
    const char *newline = strchr(p, '\n');
    return newline ? newline + 1 : NULL;
}

static int is_comment_or_blank(struct csv_cell line)
{
    size_t i = 0;
    while (i < line.n && strchr(" \t\r\"", line.text[i])) i++;
    if (i == line.n) return 1;
    return line.text[i] == '#' || line.text[i] == '%' ||
           (line.text[i] == '/' && i + 1 < line.n && line.text[i + 1] == '/');
}

/* The long way, cell by cell: 1 for a good row (a missing value is NaN), 0 for a bad one. */
static int read_odd_row(struct csv_rows *r, struct csv_cell line, double *stamp_s,
                        double values[CSV_MOST_VALUES])
{
    struct csv_cell cells[CSV_MOST_COLUMNS];
    size_t n = csv_split(line, r->delimiter, cells, CSV_MOST_COLUMNS);
    if (n < r->n_used || n > r->n_columns + 1 || n > CSV_MOST_COLUMNS) return 0;
    if (n == r->n_columns + 1 && cells[n - 1].n) return 0;
    for (size_t c = 0; c < r->n_used; c++) {
        struct csv_cell cell = cells[c];
        unsigned use = r->use[c];
        double *value = use == CSV_STAMP ? stamp_s : &values[use - CSV_VALUE];
        if (use == CSV_SKIP) continue;
        if (use == CSV_STAMP && !csv_time_parse(&r->time, cell, value)) return 0;
        if (use == CSV_STAMP) continue;
        *value = NAN;
        if (csv_is_missing(cell)) continue;
        if (number_parse(cell.text, cell.n, r->decimal, value) != cell.n) return 0;
    }
    return 1;
}

static void put_row(struct csv_rows *r, double stamp_s, const double values[CSV_MOST_VALUES])
{
    size_t i = r->n++;
    r->stamp_s[i] = stamp_s;
    for (size_t k = 0; k < 3; k++) r->accel[3 * i + k] = (float)values[k];
    if (r->has_gyro)
        for (size_t k = 0; k < 3; k++) r->gyro[3 * i + k] = (float)values[3 + k];
}

static void count_bad(struct csv_rows *r, struct csv_cell line)
{
    if (!r->n_bad++) {
        r->bad_line = r->line;
        text_print(r->bad, sizeof r->bad, "%.*s", (int)(line.n < 40 ? line.n : 40), line.text);
    }
}

/* One line that is not plain; from at to before its newline. */
static void take_odd_line(struct csv_rows *r, struct csv_cell line)
{
    double stamp_s = 0, values[CSV_MOST_VALUES] = {0};
    if (is_comment_or_blank(line)) return;
    if (read_odd_row(r, line, &stamp_s, values)) {
        put_row(r, stamp_s, values);
        r->n_good++;
    } else {
        count_bad(r, line);
    }
}

/* All lines up to stop, which is behind a newline, or until the batch is full. */
static void take_lines(struct csv_rows *r, size_t stop)
{
    const char *p = r->buffer + r->at, *end = r->buffer + stop;
    double stamp_s = 0, values[CSV_MOST_VALUES] = {0};
    while (p < end && r->n < CSV_BATCH) {
        const char *next = read_plain_row(r, p, &stamp_s, values);
        if (next) {
            put_row(r, stamp_s, values);
            r->n_good++;
        } else {
            next = (const char *)memchr(p, '\n', (size_t)(end - p)) + 1;
            take_odd_line(r, (struct csv_cell){p, (size_t)(next - 1 - p)});
        }
        r->line++;
        p = next;
    }
    r->at = (size_t)(p - r->buffer);
}

/* Bytes behind the last delimiter or decimal sign of the line that ends before `end`. */
static size_t tail_of_line(const char *buffer, size_t end)
{
    size_t i = end;
    while (i && (buffer[i - 1] == '\n' || buffer[i - 1] == '\r')) i--;
    size_t stop = i;
    while (i && buffer[i - 1] >= '0' && buffer[i - 1] <= '9') i--;
    return stop - i;
}

/* A last line without an end may be cut in the middle of its last number: then it is shorter behind
 * the point than the line before it. */
static int is_cut(const struct csv_rows *r, size_t end)
{
    return tail_of_line(r->buffer, end) < r->tail;
}

static gait_status refill(struct csv_rows *r, gait_error *err)
{
    size_t got;
    if (r->at) r->tail = tail_of_line(r->buffer, r->at);
    memmove(r->buffer, r->buffer + r->at, r->end - r->at);
    r->end -= r->at;
    r->at = 0;
    if (r->end == CSV_BUFFER) { /* no recording has such lines */
        if (!r->skipping) count_bad(r, (struct csv_cell){r->buffer, 40});
        r->skipping = 1;
        r->end = 0;
    }
    TRY(csv_text_read(&r->text, r->buffer + r->end, CSV_BUFFER - r->end, &got, err));
    if (!got) r->ended = 1;
    r->end += got;
    return GAIT_OK;
}

/* The rest of a line that was too long. */
static void skip_line(struct csv_rows *r)
{
    const char *newline = memchr(r->buffer + r->at, '\n', r->end - r->at);
    r->at = newline ? (size_t)(newline + 1 - r->buffer) : r->end;
    r->skipping = newline == NULL;
    r->line += newline != NULL;
}

/* Behind the last newline in the buffer; at if there is none. */
static size_t end_of_lines(const struct csv_rows *r)
{
    size_t i = r->end;
    while (i > r->at && r->buffer[i - 1] != '\n') i--;
    return i;
}

static void take_last_line(struct csv_rows *r)
{
    if (r->at == r->end || r->skipping) return;
    struct csv_cell line = {r->buffer + r->at, r->end - r->at};
    if (is_cut(r, r->end))
        count_bad(r, line);
    else
        take_odd_line(r, line);
    r->at = r->end;
}

static gait_status check_bad(const struct csv_rows *r, gait_error *err)
{
    enum { TOLERATED = 100 };
    if (r->n_bad <= TOLERATED || r->n_bad <= r->n_good) return GAIT_OK;
    return gait_fail(err, GAIT_FORMAT,
                     "%s: line %llu: \"%s\"; expected %zu numbers as in the rows before", r->name,
                     (unsigned long long)r->bad_line, r->bad, r->n_columns);
}

gait_status csv_rows_read(struct csv_rows *rows, gait_error *err)
{
    struct csv_rows *r = rows;
    r->n = 0;
    while (r->n < CSV_BATCH) {
        if (r->skipping) skip_line(r);
        size_t stop = end_of_lines(r);
        if (stop > r->at) {
            take_lines(r, stop);
        } else if (r->ended) {
            take_last_line(r);
            break;
        } else if (r->n) {
            break; /* better a small batch than a long wait */
        } else {
            TRY(refill(r, err));
        }
    }
    return check_bad(r, err);
}

gait_status csv_rows_start(struct csv_rows *rows, struct source *source, size_t offset,
                           uint64_t n_lines, gait_error *err)
{
    rows->buffer = malloc(CSV_BUFFER + 1);
    if (!rows->buffer) return gait_fail(err, GAIT_NOMEM, "%s: no memory to read it", rows->name);
    TRY(csv_text_open(&rows->text, source, err));
    while (rows->end < offset && !rows->ended) {
        size_t got;
        TRY(csv_text_read(&rows->text, rows->buffer + rows->end, CSV_BUFFER - rows->end, &got,
                          err));
        rows->ended = !got;
        rows->end += got;
    }
    rows->at = offset < rows->end ? offset : rows->end;
    rows->line = n_lines + 1;
    return GAIT_OK;
}

void csv_rows_free(struct csv_rows *rows)
{
    free(rows->buffer);
    rows->buffer = NULL;
}
