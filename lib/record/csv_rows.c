/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/csv_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/hot.h"
#include "base/text.h"
#include "record/csv_number.h"

static const double power_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                      1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};

/* A factor, because a branch on the sign would be guessed wrong every other time. */
static const double sign[2] = {1, -1};

/* A mantissa below 2^53 over an exact power of ten rounds once, so this is the double next to the
 * number. A longer one rounds twice, which no float notices. */
HOT_PART double value_of(const struct csv_number *number)
{
    return sign[number->negative] * (double)(int64_t)number->mantissa /
           power_of_ten[number->decimals];
}

/* Up to 18 digits, such as doubles are written with. */
static bool read_long(struct csv_cell cell, char decimal, struct csv_number *out)
{
    size_t n_digits = 0;
    int behind_point = 0;
    *out = (struct csv_number){.negative = cell.n && *cell.text == '-'};
    for (size_t i = out->negative; i < cell.n; i++) {
        unsigned d = (unsigned)(unsigned char)cell.text[i] - '0';
        if (d < 10) {
            out->mantissa = 10 * out->mantissa + d;
            out->decimals += (unsigned)behind_point;
            n_digits++;
        } else if (cell.text[i] == decimal && !behind_point) {
            behind_point = 1;
        } else {
            return false;
        }
    }
    return n_digits - 1 < 18;
}

static struct csv_cell trim(const char *p, const char *end)
{
    while (p < end && *p == ' ') p++;
    while (end > p && (end[-1] == ' ' || end[-1] == '\r')) end--;
    return (struct csv_cell){p, (size_t)(end - p)};
}

/* Exponents, blanks, many digits; false for what is no number. */
static bool read_other_value(const char *p, const char *end, char decimal, double *value)
{
    struct csv_cell cell = trim(p, end);
    struct csv_number number;
    if (!read_long(cell, decimal, &number))
        return cell.n && number_parse(cell.text, cell.n, decimal, value) == cell.n;
    *value = value_of(&number);
    return true;
}

HOT_PART bool read_value(const char *p, const char *end, char decimal, double *value)
{
    struct csv_number number;
    if (!csv_read_short(p, end, decimal, &number)) return read_other_value(p, end, decimal, value);
    *value = value_of(&number);
    return true;
}

HOT_PART bool read_stamp(struct csv_rows *r, const char *p, const char *end, double *stamp_s)
{
    struct csv_number number;
    bool is_short = csv_read_short(p, end, r->decimal, &number);
    if (is_short && r->time.kind == CSV_TIME_SECONDS && number.mantissa <= UINT64_C(1) << 53) {
        *stamp_s = value_of(&number);
        return true;
    }
    if (is_short && (r->time.kind == CSV_TIME_TICKS || r->time.kind == CSV_TIME_COUNTER)) {
        int64_t m = number.negative ? -(int64_t)number.mantissa : (int64_t)number.mantissa;
        return csv_time_ticks(&r->time, m, (int)number.decimals, stamp_s);
    }
    return csv_time_parse(&r->time, trim(p, end), stamp_s);
}

/* Where the cell that begins at *p ends; spaces that delimit are one, however many. */
HOT_PART const char *end_of_cell(struct csv_marks *marks, const char **p)
{
    const char *end = csv_next_mark(marks);
    while (end == *p && marks->delimiter == ' ' && *end == ' ') {
        ++*p;
        end = csv_next_mark(marks);
    }
    return end;
}

/* Behind the row's newline, after its last used cell; NULL if there are more cells than there
 * should be. */
HOT_PART const char *end_of_row(const struct csv_rows *r, struct csv_marks *marks, const char *end)
{
    while (*end != '\n') {
        if (r->n_used == r->n_columns && !strchr("\r\n ", end[1])) return NULL;
        end = csv_next_mark(marks);
    }
    return end + 1;
}

/* The short way: cells in their places, a number in every used one. Behind the row's newline, or
 * NULL. row is indexed by use. The unwrapped time may have moved by then, but only to this row's
 * value, which the long way finds again. */
HOT_PART const char *read_plain_row(struct csv_rows *r, struct csv_marks *marks, const char *p,
                                    double *row)
{
    const size_t last = r->n_used - 1;
    for (size_t c = 0;; c++) {
        const char *end = end_of_cell(marks, &p);
        unsigned use = r->use[c];
        bool is_good = use >= CSV_VALUE   ? read_value(p, end, r->decimal, &row[use])
                       : use == CSV_STAMP ? read_stamp(r, p, end, &row[use])
                                          : true;
        if (!is_good || *end == '"') return NULL;
        if (c == last) return end_of_row(r, marks, end);
        if (*end == '\n') return NULL;
        p = end + 1;
    }
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

/* Nothing in any column that is used: the row of a faster or longer channel. */
static int is_of_others(const struct csv_rows *r, struct csv_cell line)
{
    struct csv_cell cells[CSV_MOST_COLUMNS];
    size_t n = csv_split(line, r->delimiter, cells, CSV_MOST_COLUMNS);
    if (n < r->n_used || n > CSV_MOST_COLUMNS) return 0;
    for (size_t c = 0; c < r->n_used; c++)
        if (r->use[c] != CSV_SKIP && !csv_is_missing(cells[c])) return 0;
    return 1;
}

HOT_PART void put_row(struct csv_rows *r, const double *row)
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
    else if (!is_of_others(r, line))
        count_bad(r, line);
}

/* All lines up to stop, which is behind a newline, or until the batch is full. */
HOT static void take_lines(struct csv_rows *r, size_t stop)
{
    const char *p = r->buffer + r->at, *end = r->buffer + stop;
    double row[CSV_VALUE + CSV_MOST_VALUES] = {0};
    struct csv_marks marks = {.delimiter = r->delimiter};
    size_t n_before = r->n, n_lines = 0;
    csv_marks_from(&marks, p);
    for (; p < end && r->n < CSV_BATCH; n_lines++) {
        const char *next = read_plain_row(r, &marks, p, row);
        if (next) {
            put_row(r, row);
        } else {
            next = (const char *)memchr(p, '\n', (size_t)(end - p)) + 1;
            r->line += n_lines;
            n_lines = 0;
            take_odd_line(r, (struct csv_cell){p, (size_t)(next - 1 - p)});
            csv_marks_from(&marks, next);
        }
        p = next;
    }
    r->line += n_lines;
    r->n_good += r->n - n_before;
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
    rows->memory = calloc(1, CSV_SLACK + CSV_BUFFER + CSV_SLACK);
    if (!rows->memory) return gait_fail(err, GAIT_NOMEM, "%s: no memory to read it", rows->name);
    rows->buffer = rows->memory + CSV_SLACK;
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
    free(rows->memory);
    rows->memory = rows->buffer = NULL;
}
