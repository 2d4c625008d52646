/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <jansson.h>

#include <gait/gait.h>

/* Printing results: aligned columns for people, JSON for programs. */

/* A row of an aligned table: cells are printed with the widths given, the last one as it is. */
void print_row(const int *widths, const char *const *cells, size_t n);

/* A number with so many decimals into out, "-" for NaN. */
char *print_number(char out[32], double value, int decimals);

/* A finite number, or null. */
json_t *json_number(double value);

/* Text, or null for NULL. */
json_t *json_words(const char *text);

/* All rows of a table as an array of objects. */
json_t *json_table(const gait_table *table);

/* Prints to standard output and frees; EXIT_DONE, or EXIT_IO_ERROR with a message. */
int print_json(json_t *value);

#endif
