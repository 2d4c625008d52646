/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "summary/column_hash.h"

gait_status summary_new(gait_summary **out, gait_error *err)
{
    gait_summary *summary = calloc(1, sizeof *summary);
    if (!summary) return gait_fail(err, GAIT_NOMEM, "no memory for a summary");
    *out = summary;
    return GAIT_OK;
}

void gait_summary_free(gait_summary **summary)
{
    if (!summary || !*summary) return;
    arena_free(&(*summary)->arena);
    free(*summary);
    *summary = NULL;
}

const char *summary_copy(gait_summary *summary, const char *text, size_t n)
{
    if (n == SIZE_MAX) return NULL;
    char *copy = ARENA_NEW(&summary->arena, n + 1, char);
    if (!copy) return NULL;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

/* Bytes of the character that begins with this one, by the first byte alone; 0: cannot begin one.
 */
static size_t utf8_length(unsigned char first)
{
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first < 0xe0) return 2;
    if (first >= 0xe0 && first < 0xf0) return 3;
    return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/* The next character of a NUL-terminated text; how many bytes it took, at least 1. */
static size_t utf8_next(const char *text, uint32_t *code)
{
    static const unsigned char lead_bits[5] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = utf8_length((unsigned char)text[0]);
    uint32_t c = (unsigned char)text[0] & lead_bits[length];
    *code = 0xfffd;
    for (size_t i = 1; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte & 0xc0) != 0x80) return 1;
        c = c << 6 | (byte & 0x3f);
    }
    if (!length || c < smallest[length] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return 1;
    *code = c;
    return length;
}

enum { ESCAPE_LENGTH = 6 };

static char *put_escape(char *out, uint32_t unit)
{
    static const char digits[] = "0123456789abcdef";
    *out++ = '\\';
    *out++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) *out++ = digits[unit >> shift & 0xf];
    return out;
}

const char *summary_text(gait_summary *summary, const char *utf8)
{
    size_t n = strlen(utf8);
    if (n > SIZE_MAX / ESCAPE_LENGTH - 1) return NULL;
    char *text = ARENA_NEW(&summary->arena, n * ESCAPE_LENGTH + 1, char);
    if (!text) return NULL;
    char *out = text;
    for (const char *in = utf8; *in;) {
        uint32_t c;
        in += utf8_next(in, &c);
        if (c >= 0x20 && c < 0x7f) {
            *out++ = (char)c;
        } else if (c < 0x10000) {
            out = put_escape(out, c);
        } else {
            out = put_escape(out, 0xd800 + ((c - 0x10000) >> 10));
            out = put_escape(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
        }
    }
    *out = '\0';
    return text;
}

static struct attribute *find_attribute(gait_summary *summary, const char *name)
{
    for (size_t i = 0; i < summary->n_attributes; i++)
        if (strcmp(summary->attributes[i].name, name) == 0) return &summary->attributes[i];
    return NULL;
}

gait_status summary_set(gait_summary *summary, const char *name, const char *text, gait_error *err)
{
    struct attribute *at = find_attribute(summary, name);
    const char *value = summary_text(summary, text);
    const char *key = at ? at->name : summary_text(summary, name);
    if (!key || !value) return gait_fail(err, GAIT_NOMEM, "no memory for attribute %s", name);
    if (!at) {
        if (summary->n_attributes == MOST_ATTRIBUTES)
            return gait_fail(err, GAIT_INVALID, "attribute %s: there are %d already", name,
                             MOST_ATTRIBUTES);
        at = &summary->attributes[summary->n_attributes++];
    }
    at->name = key;
    at->text = value;
    return GAIT_OK;
}

const char *gait_summary_attribute(const gait_summary *summary, const char *name)
{
    if (!summary || !name) return NULL;
    for (size_t i = 0; i < summary->n_attributes; i++)
        if (strcmp(summary->attributes[i].name, name) == 0) return summary->attributes[i].text;
    return NULL;
}

struct table *summary_add_table(gait_summary *summary, const struct table_about *about,
                                size_t n_rows, size_t most_columns)
{
    struct arena *arena = &summary->arena;
    if (summary->n_tables == MOST_TABLES) return NULL;
    struct table *table = ARENA_ZNEW(arena, 1, struct table);
    if (!table) return NULL;
    table->columns = ARENA_ZNEW(arena, most_columns, gait_column);
    table->cells = ARENA_ZNEW(arena, most_columns, void *);
    table->about = ARENA_ZNEW(arena, most_columns, struct column_about);
    if (!table->columns || !table->cells || !table->about) return NULL;
    table->room = most_columns;
    table->signal = about->signal;
    table->pub.name = about->name;
    table->pub.description = about->description;
    table->pub.n_rows = n_rows;
    table->pub.columns = table->columns;
    summary->tables[summary->n_tables++] = table;
    return table;
}

/* Cells of a new column, every one "not available". */
static void *new_cells(struct arena *arena, gait_column_type type, size_t n)
{
    if (type == GAIT_INTEGERS) return ARENA_ZNEW(arena, n, int64_t);
    if (type == GAIT_TEXTS) {
        const char **texts = ARENA_NEW(arena, n, const char *);
        for (size_t i = 0; texts && i < n; i++) texts[i] = "";
        return texts;
    }
    double *values = ARENA_NEW(arena, n, double);
    for (size_t i = 0; values && i < n; i++) values[i] = NAN;
    return values;
}

static void set_cells(struct table *table, size_t k, void *cells)
{
    gait_column *column = &table->columns[k];
    if (column->type == GAIT_DOUBLES) column->doubles = cells;
    if (column->type == GAIT_INTEGERS) column->integers = cells;
    if (column->type == GAIT_TEXTS) column->texts = cells;
    table->cells[k] = cells;
}

gait_column *table_add_bare_column(struct table *table, const struct column_about *about)
{
    size_t k = table->pub.n_columns;
    if (k == table->room) return NULL;
    gait_column *column = &table->columns[k];
    column->name = about->name;
    column->units = about->units;
    column->long_name = about->long_name;
    column->description = about->description;
    column->type = about->type;
    table->about[k] = *about;
    table->pub.n_columns++;
    return column;
}

gait_column *table_add_column(gait_summary *summary, struct table *table,
                              const struct column_about *about)
{
    if (table->pub.n_columns == table->room) return NULL;
    void *cells = new_cells(&summary->arena, about->type, table->pub.n_rows);
    if (!cells) return NULL;
    gait_column *column = table_add_bare_column(table, about);
    set_cells(table, table->pub.n_columns - 1, cells);
    return column;
}

gait_status table_add_columns(gait_summary *summary, struct table *table,
                              const struct column_about *about, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!table_add_column(summary, table, &about[i])) return GAIT_NOMEM;
    return GAIT_OK;
}

static size_t cell_size(gait_column_type type)
{
    return type == GAIT_TEXTS ? sizeof(const char *) : 8;
}

gait_status table_take_rows(gait_summary *summary, struct table *table, const size_t *row, size_t n)
{
    for (size_t k = 0; k < table->pub.n_columns; k++) {
        size_t size = cell_size(table->columns[k].type);
        unsigned char *cells = new_cells(&summary->arena, table->columns[k].type, n);
        if (!cells) return GAIT_NOMEM;
        const unsigned char *old = table->cells[k];
        for (size_t i = 0; i < n; i++)
            if (row[i] != NEW_ROW) memcpy(cells + i * size, old + row[i] * size, size);
        set_cells(table, k, cells);
    }
    table->pub.n_rows = n;
    return GAIT_OK;
}

static void *cells_of(struct table *table, const char *name, gait_column_type type)
{
    for (size_t i = 0; i < table->pub.n_columns; i++)
        if (table->columns[i].type == type && strcmp(table->columns[i].name, name) == 0)
            return table->cells[i];
    return NULL;
}

double *doubles_of(struct table *table, const char *name)
{
    return cells_of(table, name, GAIT_DOUBLES);
}

int64_t *integers_of(struct table *table, const char *name)
{
    return cells_of(table, name, GAIT_INTEGERS);
}

const char **texts_of(struct table *table, const char *name)
{
    return cells_of(table, name, GAIT_TEXTS);
}

size_t table_axis(const struct table *table)
{
    static const char *const axes[] = {"time_s", "start_s", "phase"};
    for (size_t i = 0; i < table->pub.n_columns; i++)
        for (size_t k = 0; k < sizeof axes / sizeof *axes; k++)
            if (strcmp(table->columns[i].name, axes[k]) == 0) return i;
    return 0;
}

const gait_table *gait_summary_table_at(const gait_summary *summary, size_t index)
{
    if (!summary) return NULL;
    return index < summary->n_tables ? &summary->tables[index]->pub : NULL;
}

struct table *find_table(const gait_summary *summary, const char *name)
{
    for (size_t i = 0; i < summary->n_tables; i++)
        if (strcmp(summary->tables[i]->pub.name, name) == 0) return summary->tables[i];
    return NULL;
}

const gait_table *gait_summary_table(const gait_summary *summary, const char *name)
{
    if (!summary || !name) return NULL;
    const struct table *table = find_table(summary, name);
    return table ? &table->pub : NULL;
}

const gait_column *gait_table_column(const gait_table *table, const char *name)
{
    if (!table || !name) return NULL;
    for (size_t i = 0; i < table->n_columns; i++)
        if (strcmp(table->columns[i].name, name) == 0) return &table->columns[i];
    return NULL;
}

void digests_hash(const struct digest128 *digests, size_t n, char out[33])
{
    XXH128_hash_t hash = XXH3_128bits(digests, n * sizeof *digests);
    text_print(out, 33, "%016llx%016llx", (unsigned long long)hash.high64,
               (unsigned long long)hash.low64);
}

void table_hash(const struct table *table, char out[33])
{
    struct digest128 digests[MOST_COLUMNS];
    size_t n = table->pub.n_columns < MOST_COLUMNS ? table->pub.n_columns : MOST_COLUMNS;
    for (size_t k = 0; k < n; k++)
        digests[k] = table->hollow ? table->hollow->digest[k]
                                   : column_hash_of(&table->columns[k], table->pub.n_rows);
    digests_hash(digests, n, out);
}

struct hollow *summary_new_hollow(gait_summary *summary, size_t n)
{
    struct arena *keep = &summary->arena;
    struct hollow *hollow = ARENA_ZNEW(keep, 1, struct hollow);
    if (!hollow) return NULL;
    hollow->width = ARENA_ZNEW(keep, n, size_t);
    hollow->at = ARENA_ZNEW(keep, n, uint64_t);
    hollow->digest = ARENA_ZNEW(keep, n, struct digest128);
    return hollow->width && hollow->at && hollow->digest ? hollow : NULL;
}

char *table_column_order(const struct table *table)
{
    size_t room = 1;
    for (size_t i = 0; i < table->pub.n_columns; i++) room += strlen(table->columns[i].name) + 1;
    char *order = malloc(room), *end = order;
    for (size_t i = 0; order && i < table->pub.n_columns; i++) {
        size_t length = strlen(table->columns[i].name);
        if (i) *end++ = ',';
        memcpy(end, table->columns[i].name, length);
        end += length;
    }
    if (order) *end = '\0';
    return order;
}
