/* SPDX-License-Identifier: BSD-3-Clause */
#include "print.h"

#include <math.h>
#include <stdio.h>

#include "command.h"

void print_row(const int *widths, const char *const *cells, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) printf("%-*s ", widths[i], cells[i]);
    printf("%s\n", cells[n - 1]);
}

char *print_number(char out[32], double value, int decimals)
{
    if (isfinite(value))
        snprintf(out, 32, "%.*f", decimals, value);
    else
        snprintf(out, 32, "-");
    return out;
}

json_t *json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_words(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *json_cell(const gait_column *column, size_t row)
{
    switch (column->type) {
    case GAIT_DOUBLES: return json_number(column->doubles[row]);
    case GAIT_INTEGERS: return json_integer((json_int_t)column->integers[row]);
    case GAIT_TEXTS: return json_words(column->texts[row]);
    }
    return json_null();
}

json_t *json_table(const gait_table *table)
{
    json_t *rows = json_array();
    for (size_t i = 0; table && i < table->n_rows; i++) {
        json_t *row = json_object();
        for (size_t c = 0; c < table->n_columns; c++)
            json_object_set_new(row, table->columns[c].name, json_cell(&table->columns[c], i));
        json_array_append_new(rows, row);
    }
    return rows;
}

int print_json(json_t *value)
{
    int failed = json_dumpf(value, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
    json_decref(value);
    putchar('\n');
    if (!failed) return EXIT_DONE;
    fprintf(stderr, "gait: the result could not be written as JSON\n");
    return EXIT_IO_ERROR;
}
