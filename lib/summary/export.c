/* SPDX-License-Identifier: BSD-3-Clause */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include <gait/summary.h>

#include "base/fail.h"
#include "base/text.h"
#include "summary/sink.h"

static void put_number(struct sink *sink, const gait_column *column, size_t row)
{
    char text[NUMBER_ROOM];
    if (column->type == GAIT_INTEGERS)
        text_print(text, sizeof text, "%" PRId64, column->integers[row]);
    else
        number_to_text(column->doubles[row], text);
    sink_text(sink, text);
}

/* A spreadsheet takes a cell that begins so for a formula. */
static bool looks_like_formula(const char *text)
{
    return *text && strchr("=+-@\t\r", *text);
}

static void put_csv_text(struct sink *sink, const char *text, bool defuse)
{
    bool formula = defuse && looks_like_formula(text);
    bool quoted = formula || strpbrk(text, ",\"\r\n") || text[0] == ' ';
    if (quoted) sink_char(sink, '"');
    if (formula) sink_char(sink, '\'');
    for (; *text; text++) {
        if (*text == '"') sink_char(sink, '"');
        sink_char(sink, *text);
    }
    if (quoted) sink_char(sink, '"');
}

static void put_csv_cell(struct sink *sink, const gait_column *column, size_t row, bool defuse)
{
    if (column->type == GAIT_TEXTS)
        put_csv_text(sink, column->texts[row], defuse);
    else if (column->type == GAIT_INTEGERS || !isnan(column->doubles[row]))
        put_number(sink, column, row);
}

static void put_csv(struct sink *sink, const gait_table *table, bool excel)
{
    const char *line_end = excel ? "\r\n" : "\n";
    if (excel) sink_text(sink, "\xef\xbb\xbf");
    for (size_t k = 0; k < table->n_columns; k++) {
        if (k) sink_char(sink, ',');
        put_csv_text(sink, table->columns[k].name, excel);
    }
    sink_text(sink, line_end);
    for (size_t row = 0; row < table->n_rows && !sink->refused; row++) {
        for (size_t k = 0; k < table->n_columns; k++) {
            if (k) sink_char(sink, ',');
            put_csv_cell(sink, &table->columns[k], row, excel);
        }
        sink_text(sink, line_end);
    }
}

/* Texts of a summary are printable ASCII, with other characters as \uXXXX: what JSON has too. */
static bool is_escape(const char *text)
{
    return text[0] == '\\' && text[1] == 'u' && strspn(text + 2, "0123456789abcdef") >= 4;
}

static void put_json_text(struct sink *sink, const char *text)
{
    sink_char(sink, '"');
    for (; *text; text++) {
        if (*text == '"' || (*text == '\\' && !is_escape(text))) sink_char(sink, '\\');
        sink_char(sink, *text);
    }
    sink_char(sink, '"');
}

static void put_json_cell(struct sink *sink, const gait_column *column, size_t row)
{
    put_json_text(sink, column->name);
    sink_text(sink, ": ");
    if (column->type == GAIT_TEXTS)
        put_json_text(sink, column->texts[row]);
    else if (column->type == GAIT_DOUBLES && !isfinite(column->doubles[row]))
        sink_text(sink, "null");
    else
        put_number(sink, column, row);
}

static void put_json(struct sink *sink, const gait_table *table)
{
    sink_char(sink, '[');
    for (size_t row = 0; row < table->n_rows && !sink->refused; row++) {
        sink_text(sink, row ? ",\n {" : "\n {");
        for (size_t k = 0; k < table->n_columns; k++) {
            if (k) sink_text(sink, ", ");
            put_json_cell(sink, &table->columns[k], row);
        }
        sink_char(sink, '}');
    }
    sink_text(sink, table->n_rows ? "\n]\n" : "]\n");
}

gait_status gait_table_export(const gait_table *table, gait_export_format format,
                              int (*write)(void *context, const char *text, size_t length),
                              void *context, gait_error *err)
{
    NEED(table);
    NEED(write);
    if ((unsigned)format > GAIT_EXPORT_JSON)
        return gait_fail(err, GAIT_INVALID, "export format %d is none", (int)format);
    struct sink sink = {.write = write, .context = context};
    if (format == GAIT_EXPORT_JSON)
        put_json(&sink, table);
    else
        put_csv(&sink, table, format == GAIT_EXPORT_CSV_EXCEL);
    sink_flush(&sink);
    if (sink.refused) return gait_fail(err, GAIT_IO, "table %s: cannot write", table->name);
    return GAIT_OK;
}
