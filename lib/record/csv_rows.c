/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/csv_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/csv_number.h"

enum { MOST_DECIMALS = 23 };

static const double power_of_ten[MOST_DECIMALS] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* A power of ten in a number such as 1.25E-2, put into its decimals. Behind it, or NULL. */
static const char *read_exponent(const char *p, struct csv_number *number)
{
    int negative = *++p == '-', exponent = 0;
    unsigned d;
    p += *p == '-' || *p == '+';
    const char *from = p;
    for (; (d = (unsigned)(unsigned char)*p - '0') < 10 && p - from < 3; p++)
        exponent = 10 * exponent + (int)d;
    int decimals = (int)number->decimals + (negative ? exponent : -exponent);
    for (; decimals < 0 && number->mantissa < UINT64_MAX / 16; decimals++) number->mantissa *= 10;
    number->decimals = (unsigned)decimals;
    return p > from && decimals >= 0 && decimals < MOST_DECIMALS ? p : NULL;
}

/* A factor, because a branch on the sign would be guessed wrong every other time. */
static const double sign[2] = {1, -1};

static inline double value_of(const struct csv_number *number)
{
    return sign[number->negative] * (double)(int64_t)number->mantissa /
           power_of_ten[number->decimals];
}

/* A mantissa below 2^53 over an exact power of ten rounds once, so this is the double next to the
 * number. A longer one rounds twice, which no float notices. */
static inline const char *read_value(const char *p, char decimal, struct csv_shape *shape,
                                     double *value)
{
    struct csv_number number;
    p = csv_read_number(p, decimal, shape, &number);
    if (p && (*p == 'E' || *p == 'e')) p = read_exponent(p, &number);
    if (!p) return NULL;
    *value = value_of(&number);
    return p;
}

/* Seconds are kept as doubles, and are read exactly or not here. */
static inline const char *read_seconds(const char *p, char decimal, struct csv_shape *shape,
                                       double *stamp_s)
{
    struct csv_number number;
    p = csv_read_number(p, decimal, shape, &number);
    if (!p || number.mantissa > UINT64_C(1) << 53 || *p == 'E' || *p == 'e') return NULL;
    *stamp_s = value_of(&number);
    return p;
}

static inline const char *read_ticks(const char *p, struct csv_rows *r, struct csv_shape *shape,
                                     double *stamp_s)
{
    struct csv_number number;
    p = csv_read_number(p, r->decimal, shape, &number);
    if (!p || (*p != r->delimiter && *p != ' ' && *p != '\r' && *p != '\n')) return NULL;
    int64_t m = number.negative ? -(int64_t)number.mantissa : (int64_t)number.mantissa;
    return csv_time_ticks(&r->time, m, (int)number.decimals, stamp_s) ? p : NULL;
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

static const char *read_stamp(struct csv_rows *r, const char *p, struct csv_shape *shape,
                              double *stamp_s)
{
    if (r->time.kind == CSV_TIME_SECONDS) return read_seconds(p, r->decimal, shape, stamp_s);
    if (r->time.kind == CSV_TIME_TICKS || r->time.kind == CSV_TIME_COUNTER)
        return read_ticks(p, r, shape, stamp_s);
    return read_written_time(r, p, stamp_s);
}

/* Behind the row's newline once the used cells are read; NULL if the row goes on oddly. */
static const char *end_of_row(const struct csv_rows *r, const char *p)
{
    while (*p == ' ') p++;
    if (*p == '\r') p++;
    if (*p == '\n') return p + 1;
    if (r->n_used == r->n_columns) return NULL; /* more than there should be */
    const char *newline = strchr(p, '\n');
    return newline ? newline + 1 : NULL;
}

/* The shortest way: every cell is used and looks like the one above it. Behind the row's newline,
 * or NULL. row is indexed by use. */
static inline const char *read_alike_row(const struct csv_rows *r, const char *p, double *row)
{
    for (size_t c = 0; c < r->n_used; c++) {
        struct csv_number number;
        p = csv_read_alike(p, &r->shape[c], &number);
        if (!p) return NULL;
        row[r->use[c]] = (double)(int64_t)number.mantissa / r->shape[c].scale[number.negative];
        p++;
    }
    return p[-1] == '\n' ? p : end_of_row(r, p - (p[-1] != r->delimiter));
}

/* The short way: every used cell is a plain number. Behind the row's newline, or NULL. The
 * unwrapped time may have moved by then, but only to this row's value, which the long way finds
 * again. */
static const char *read_plain_row(struct csv_rows *r, const char *p, double *row)
{
    const char delimiter = r->delimiter, decimal = r->decimal;
    const size_t last = r->n_used - 1;
    for (size_t c = 0;; c++) {
        while (*p == ' ') p++;
        unsigned use = r->use[c];
        if (use >= CSV_VALUE)
            p = read_value(p, decimal, &r->shape[c], &row[use]);
        else if (use == CSV_STAMP)
            p = read_stamp(r, p, &r->shape[c], &row[use]);
        else
            p = end_of_plain_cell(p, delimiter);
        if (!p) return NULL;
        if (*p != delimiter)
            while (*p == ' ') p++;
        if (c == last) break;
        if (*p == delimiter)
            p++;
        else if (delimiter != ' ')
            return NULL;
    }
    return end_of_row(r, p + (*p == delimiter));
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
static int read_odd_row(struct csv_rows *r, struct csv_cell line, double *row)
{
    struct csv_cell cells[CSV_MOST_COLUMNS];
    size_t n = csv_split(line, r->delimiter, cells, CSV_MOST_COLUMNS);
    if (n < r->n_used || n > r->n_columns + 1 || n > CSV_MOST_COLUMNS) return 0;
    if (n == r->n_columns + 1 && cells[n - 1].n) return 0;
    for (size_t c = 0; c < r->n_used; c++) {
        struct csv_cell cell = cells[c];
        unsigned use = r->use[c];
        if (use == CSV_SKIP) continue;
        if (use == CSV_STAMP && !csv_time_parse(&r->time, cell, &row[use])) return 0;
        if (use == CSV_STAMP) continue;
        row[use] = NAN;
        if (csv_is_missing(cell)) continue;
        if (number_parse(cell.text, cell.n, r->decimal, &row[use]) != cell.n) return 0;
    }
    return 1;
}

static inline void put_row(struct csv_rows *r, const double *row)
{
    size_t i = r->n++;
    r->stamp_s[i] = row[CSV_STAMP];
    for (size_t k = 0; k < 3; k++) r->accel[3 * i + k] = (float)row[CSV_VALUE + k];
    if (r->has_gyro)
        for (size_t k = 0; k < 3; k++) r->gyro[3 * i + k] = (float)row[CSV_VALUE + 3 + k];
}

static void count_bad(struct csv_rows *r, struct csv_cell line)
{
    if (!r->n_bad++) {
        r->bad_line = r->line;
        text_print(r->bad, sizeof r->bad, "%.*s", (int)(line.n < 40 ? line.n : 40), line.text);
    }
}

/* A line that is not plain, without its newline. */
static void take_odd_line(struct csv_rows *r, struct csv_cell line)
{
    double row[CSV_VALUE + CSV_MOST_VALUES] = {0};
    if (is_comment_or_blank(line)) return;
    if (read_odd_row(r, line, row))
        put_row(r, row);
    else
        count_bad(r, line);
}

/* All lines up to stop, which is behind a newline, or until the batch is full. */
static void take_lines(struct csv_rows *r, size_t stop)
{
    const char *p = r->buffer + r->at, *end = r->buffer + stop;
    double row[CSV_VALUE + CSV_MOST_VALUES] = {0};
    size_t n_before = r->n, n_lines = 0, n_unlike = 0;
    for (; p < end && r->n < CSV_BATCH; n_lines++) {
        const char *next = r->try_alike ? read_alike_row(r, p, row) : NULL;
        if (!next) {
            n_unlike++;
            next = read_plain_row(r, p, row);
        }
        if (next) {
            put_row(r, row);
        } else {
            next = (const char *)memchr(p, '\n', (size_t)(end - p)) + 1;
            r->line += n_lines;
            n_lines = 0;
            take_odd_line(r, (struct csv_cell){p, (size_t)(next - 1 - p)});
        }
        p = next;
    }
    r->line += n_lines;
    r->n_good += r->n - n_before;
    r->at = (size_t)(p - r->buffer);
    r->try_alike = r->all_numbers && 4 * n_unlike < r->n - n_before + 8;
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

static int all_are_numbers(const struct csv_rows *r)
{
    for (size_t c = 0; c < r->n_used; c++)
        if (r->use[c] == CSV_SKIP) return 0;
    return r->time.kind == CSV_TIME_NONE || r->time.kind == CSV_TIME_SECONDS;
}

gait_status csv_rows_start(struct csv_rows *rows, struct source *source, size_t offset,
                           uint64_t n_lines, gait_error *err)
{
    rows->buffer = malloc(CSV_BUFFER + CSV_NUMBER_SLACK);
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
    rows->all_numbers = rows->try_alike = all_are_numbers(rows);
    for (size_t c = 0; c < rows->n_used; c++) csv_keep_shape(&rows->shape[c], 0, 0, 0, '\0');
    return GAIT_OK;
}

void csv_rows_free(struct csv_rows *rows)
{
    free(rows->buffer);
    rows->buffer = NULL;
}
