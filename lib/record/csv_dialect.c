/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/csv_dialect.h"

#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/units.h"

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f';
}

static struct csv_cell trim(const char *from, const char *to)
{
    while (from < to && is_blank(*from)) from++;
    while (from < to && is_blank(to[-1])) to--;
    if (to - from >= 2 && *from == '"' && to[-1] == '"') {
        from++;
        to--;
        while (from < to && is_blank(*from)) from++;
        while (from < to && is_blank(to[-1])) to--;
    }
    return (struct csv_cell){from, (size_t)(to - from)};
}

/* Where the cell that begins here ends; a delimiter inside quotes does not count. */
static const char *end_of_cell(const char *at, const char *end, char delimiter)
{
    const char *p = at;
    while (p < end && is_blank(*p) && *p != delimiter) p++;
    int quoted = p < end && *p == '"';
    for (p += quoted; p < end; p++) {
        if (quoted && *p == '"') quoted = 0;
        if (!quoted && (*p == delimiter || (delimiter == ' ' && *p == '\t'))) break;
    }
    return p;
}

size_t csv_split(struct csv_cell line, char delimiter, struct csv_cell *cells, size_t room)
{
    const char *at = line.text, *end = line.text + line.n;
    size_t n = 0;
    while (end > at && (end[-1] == '\r' || end[-1] == ' ')) end--;
    if (delimiter == ' ')
        while (at < end && is_blank(*at)) at++;
    for (;;) {
        const char *stop = end_of_cell(at, end, delimiter);
        if (n < room) cells[n] = trim(at, stop);
        n++;
        if (stop >= end) return n;
        at = stop + 1;
        if (delimiter == ' ')
            while (at < end && is_blank(*at)) at++;
    }
}

static int cell_is(struct csv_cell cell, const char *word)
{
    return cell.n == strlen(word) && text_starts_with(cell.text, word);
}

int csv_is_missing(struct csv_cell cell)
{
    static const char *const words[] = {"nan",  "n/a",       "na",       "null", "none",
                                        "-nan", "-nan(ind)", "nan(ind)", "--",   "-",
                                        "?",    "#n/a",      "missing"};
    if (!cell.n) return 1;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (cell_is(cell, words[i])) return 1;
    return 0;
}

/* Dates and clock times: digits held together by at least two of the same sign. */
static int looks_like_time(struct csv_cell cell)
{
    size_t colons = 0, dashes = 0, slashes = 0, digits = 0, dots = 0;
    if (!cell.n || cell.n > 48 || cell.text[0] < '0' || cell.text[0] > '9') return 0;
    for (size_t i = 0; i < cell.n; i++) {
        char c = cell.text[i];
        if (c >= '0' && c <= '9')
            digits++;
        else if (c == ':')
            colons++;
        else if (c == '-')
            dashes++;
        else if (c == '/')
            slashes++;
        else if (c == '.')
            dots++;
        else if (!strchr(" ,_+TZtzGMUCAPmap", c))
            return 0;
    }
    return digits >= 3 && (colons >= 1 || dashes >= 2 || slashes >= 2 || dots >= 3);
}

enum csv_cell_kind csv_cell_kind(struct csv_cell cell, char decimal)
{
    double value;
    if (csv_is_missing(cell)) return CELL_EMPTY;
    size_t taken = number_parse(cell.text, cell.n, decimal, &value);
    if (taken == cell.n) return CELL_NUMBER;
    return looks_like_time(cell) ? CELL_TIME : CELL_TEXT;
}

static size_t count_lines(const char *head, size_t n)
{
    size_t lines = 0;
    for (const char *p = head, *end = head + n; p < end; lines++) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        p = newline ? newline + 1 : end;
    }
    return lines;
}

static void cut_lines(const char *head, size_t n, struct csv_cell *lines)
{
    for (const char *p = head, *end = head + n; p < end; lines++) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        const char *stop = newline ? newline : end;
        *lines = (struct csv_cell){p, (size_t)(stop - p)};
        p = newline ? newline + 1 : end;
    }
}

/* A comma stands for a decimal point if it does so somewhere and no point does. */
static char decimal_sign(const struct csv_cell *lines, size_t n_lines, char delimiter,
                         struct csv_cell *cells)
{
    size_t commas = 0, points = 0;
    if (delimiter == ',') return '.';
    for (size_t i = 0; i < n_lines; i++) {
        size_t n = csv_split(lines[i], delimiter, cells, CSV_MOST_COLUMNS);
        for (size_t c = 0; c < n && c < CSV_MOST_COLUMNS; c++) {
            double value;
            if (!cells[c].n) continue;
            int comma = memchr(cells[c].text, ',', cells[c].n) != NULL;
            int point = memchr(cells[c].text, '.', cells[c].n) != NULL;
            if (comma && number_parse(cells[c].text, cells[c].n, ',', &value) == cells[c].n)
                commas++;
            if (point && number_parse(cells[c].text, cells[c].n, '.', &value) == cells[c].n)
                points++;
        }
    }
    return commas > points ? ',' : '.';
}

/* What one delimiter makes of the head. */
struct guess {
    char delimiter, decimal;
    size_t n_columns, n_rows, n_numbers;
};

enum { LEAST_NUMBERS = 3, MOST_LINES_TRIED = 256 };

static size_t lines_to_try(const struct csv_dialect *d)
{
    return d->n_lines < MOST_LINES_TRIED ? d->n_lines : MOST_LINES_TRIED;
}

/* Columns if this line is a row of numbers, else 0. */
static size_t columns_of_row(struct csv_cell line, char delimiter, char decimal,
                             struct csv_cell *cells, size_t *n_numbers)
{
    size_t n = csv_split(line, delimiter, cells, CSV_MOST_COLUMNS), numbers = 0, words = 0;
    if (n > CSV_MOST_COLUMNS) return 0;
    for (size_t c = 0; c < n; c++) {
        enum csv_cell_kind kind = csv_cell_kind(cells[c], decimal);
        numbers += kind == CELL_NUMBER;
        words += kind == CELL_TEXT;
    }
    *n_numbers = numbers;
    return numbers >= LEAST_NUMBERS && words < numbers ? n : 0;
}

static void try_delimiter(const struct csv_dialect *d, char delimiter, struct csv_cell *cells,
                          size_t *rows_of_width, struct guess *best)
{
    struct guess g = {.delimiter = delimiter};
    g.decimal = decimal_sign(d->lines, lines_to_try(d), delimiter, cells);
    memset(rows_of_width, 0, (CSV_MOST_COLUMNS + 1) * sizeof *rows_of_width);
    size_t numbers_in_all = 0;
    for (size_t i = 0; i < lines_to_try(d); i++) {
        size_t numbers = 0;
        size_t n = columns_of_row(d->lines[i], delimiter, g.decimal, cells, &numbers);
        if (!n) continue;
        numbers_in_all += numbers;
        if (++rows_of_width[n] <= g.n_rows) continue;
        g.n_rows = rows_of_width[n];
        g.n_columns = n;
    }
    g.n_numbers = numbers_in_all;
    if (g.n_rows > best->n_rows || (g.n_rows == best->n_rows && g.n_numbers > best->n_numbers))
        *best = g;
}

/* "sep=;" as spreadsheets write it, with or without quotes. */
static char declared_delimiter(struct csv_cell line)
{
    struct csv_cell cell = trim(line.text, line.text + line.n);
    if (cell.n != 5 && cell.n != 4) return '\0';
    if (!text_starts_with(cell.text, "sep=")) return '\0';
    return cell.n == 5 ? cell.text[4] : '\t'; /* trimming took a tab away */
}

static void choose_delimiter(struct csv_dialect *d, struct csv_cell *cells, size_t *rows_of_width)
{
    static const char candidates[] = {',', ';', '\t', '|', ' '};
    struct guess best = {.delimiter = ',', .decimal = '.'};
    char declared = d->n_lines ? declared_delimiter(d->lines[0]) : '\0';
    if (declared) try_delimiter(d, declared, cells, rows_of_width, &best);
    for (size_t k = 0; k < sizeof candidates && !declared; k++)
        try_delimiter(d, candidates[k], cells, rows_of_width, &best);
    d->delimiter = best.delimiter;
    d->decimal = best.decimal;
    d->n_columns = best.n_columns;
}

/* Rows above the numbers may hold numbers, too ("Format=7,5718,,,Lumbar,..."): the first row of
 * numbers is one whose cells are words only where those of the next such row are. */
static int fits_next_row(const struct csv_dialect *d, size_t row, struct csv_cell *cells,
                         struct csv_cell *next)
{
    size_t numbers;
    for (size_t i = row + 1; i < d->n_lines && i < row + 20; i++) {
        if (columns_of_row(d->lines[i], d->delimiter, d->decimal, next, &numbers) != d->n_columns)
            continue;
        for (size_t c = 0; c < d->n_columns; c++)
            if (csv_cell_kind(cells[c], d->decimal) == CELL_TEXT &&
                csv_cell_kind(next[c], d->decimal) == CELL_NUMBER)
                return 0;
        return 1;
    }
    return 1;
}

static void find_first_row(struct csv_dialect *d, struct csv_cell *cells, struct csv_cell *next)
{
    size_t numbers;
    d->first_row = d->n_lines;
    for (size_t i = 0; i < d->n_lines && d->n_columns; i++) {
        if (columns_of_row(d->lines[i], d->delimiter, d->decimal, cells, &numbers) != d->n_columns)
            continue;
        if (!fits_next_row(d, i, cells, next)) continue;
        d->first_row = i;
        d->offset = (size_t)(d->lines[i].text - d->lines[0].text);
        return;
    }
}

/* A header may stand behind a comment sign. */
static struct csv_cell without_comment(struct csv_cell line)
{
    size_t skip = 0;
    while (skip < line.n && strchr("#%/ ", line.text[skip])) skip++;
    return (struct csv_cell){line.text + skip, line.n - skip};
}

static int is_unit(struct csv_cell cell)
{
    static const char *const others[] = {"s",    "ms",       "us",         "ns",    "sec",    "ut",
                                         "uT",   "no_units", "degc",       "deg c", "kpa",    "hpa",
                                         "mv",   "v",        "local_flux", "lux",   "deg",    "%",
                                         "a.u.", "mgauss",   "gauss",      "hz",    "counts", "-"};
    char word[24];
    if (!cell.n || cell.n >= sizeof word) return 0;
    text_print(word, sizeof word, "%.*s", (int)cell.n, cell.text);
    if (accel_unit(word) || gyro_unit(word)) return 1;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        size_t n = strlen(others[i]);
        if (cell_is(cell, others[i])) return 1;
        if (cell.n == n + 2 && strchr("([", *word) && text_starts_with(word + 1, others[i]))
            return 1;
    }
    return 0;
}

static int is_row_of_units(const struct csv_cell *cells, size_t n)
{
    size_t units = 0, others = 0;
    for (size_t c = 0; c < n; c++) {
        if (!cells[c].n) continue;
        if (is_unit(cells[c]))
            units++;
        else
            others++;
    }
    return units > 0 && units >= 2 * others;
}

static struct csv_cell *copy_cells(const struct csv_cell *cells, size_t n, size_t n_columns,
                                   struct arena *arena)
{
    struct csv_cell *copy = ARENA_ZNEW(arena, n_columns, struct csv_cell);
    if (copy) memcpy(copy, cells, (n < n_columns ? n : n_columns) * sizeof *copy);
    return copy;
}

/* Words of this line as column names: as many as there are columns, give or take a trailing
 * delimiter. */
static int is_header(const struct csv_cell *cells, size_t n, size_t n_columns, char decimal)
{
    size_t words = 0, numbers = 0;
    if (n + 1 < n_columns || n > n_columns + 1) return 0;
    for (size_t c = 0; c < n; c++) {
        enum csv_cell_kind kind = csv_cell_kind(cells[c], decimal);
        words += kind == CELL_TEXT;
        numbers += kind == CELL_NUMBER;
    }
    return 2 * words >= n_columns && words > numbers;
}

/* The nearest lines above the numbers that can be a row of units and a header. */
static gait_status find_header(struct csv_dialect *d, struct csv_cell *cells, struct arena *arena,
                               const char *name, gait_error *err)
{
    for (size_t i = d->first_row; i-- > 0;) {
        size_t n = csv_split(without_comment(d->lines[i]), d->delimiter, cells, CSV_MOST_COLUMNS);
        if (n > CSV_MOST_COLUMNS || !is_header(cells, n, d->n_columns, d->decimal)) continue;
        struct csv_cell **to = !d->units && is_row_of_units(cells, n) ? &d->units : &d->names;
        *to = copy_cells(cells, n, d->n_columns, arena);
        if (!*to) return gait_fail(err, GAIT_NOMEM, "%s: no memory for %zu columns", name, n);
        d->header_line = i + 1;
        if (d->names) return GAIT_OK;
    }
    d->header_line = d->names ? d->header_line : 0;
    return GAIT_OK;
}

/* APDM's "Format=7": sensor, quantity and axis stand one above the other, each once for the columns
 * that follow. */
static gait_status join_three_headers(struct csv_dialect *d, struct csv_cell *cells,
                                      struct arena *arena, const char *name, gait_error *err)
{
    struct csv_cell *names = ARENA_ZNEW(arena, d->n_columns, struct csv_cell);
    struct csv_cell *rows[3];
    size_t n[3], room = 96;
    for (size_t r = 0; r < 3; r++) {
        n[r] = csv_split(d->lines[r], d->delimiter, cells, CSV_MOST_COLUMNS);
        if (n[r] > CSV_MOST_COLUMNS) n[r] = CSV_MOST_COLUMNS;
        rows[r] = copy_cells(cells, n[r], d->n_columns, arena);
    }
    if (!names || !rows[0] || !rows[1] || !rows[2])
        return gait_fail(err, GAIT_NOMEM, "%s: no memory for %zu columns", name, d->n_columns);
    struct csv_cell sensor = {"", 0}, quantity = {"", 0};
    for (size_t c = 0; c < d->n_columns; c++) {
        struct csv_cell label = c + 3 < d->n_columns ? rows[0][c + 3] : (struct csv_cell){"", 0};
        if (csv_cell_kind(label, '.') == CELL_TEXT && rows[1][c].n) sensor = label;
        if (rows[1][c].n) quantity = rows[1][c];
        char *text = ARENA_NEW(arena, room, char);
        if (!text) return gait_fail(err, GAIT_NOMEM, "%s: no memory for column names", name);
        text_print(text, room, "%.*s/%.*s/%.*s", (int)sensor.n, sensor.text, (int)quantity.n,
                   quantity.text, (int)rows[2][c].n, rows[2][c].text);
        names[c] = (struct csv_cell){text, strlen(text)};
    }
    d->names = names;
    d->header_line = 1;
    return GAIT_OK;
}

gait_status csv_sniff(const char *head, size_t n, const char *name, struct arena *arena,
                      struct csv_dialect *out, gait_error *err)
{
    memset(out, 0, sizeof *out);
    out->n_lines = count_lines(head, n);
    out->lines = ARENA_NEW(arena, out->n_lines, struct csv_cell);
    struct csv_cell *cells = ARENA_ZNEW(arena, CSV_MOST_COLUMNS, struct csv_cell);
    struct csv_cell *next = ARENA_ZNEW(arena, CSV_MOST_COLUMNS, struct csv_cell);
    size_t *rows_of_width = ARENA_NEW(arena, CSV_MOST_COLUMNS + 1, size_t);
    if (!out->lines || !cells || !next || !rows_of_width)
        return gait_fail(err, GAIT_NOMEM, "%s: no memory to look at its head", name);
    cut_lines(head, n, out->lines);
    choose_delimiter(out, cells, rows_of_width);
    find_first_row(out, cells, next);
    if (out->first_row >= 3 && text_starts_with(out->lines[0].text, "Format="))
        return join_three_headers(out, cells, arena, name, err);
    return find_header(out, cells, arena, name, err);
}
