/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_CSV_ROWS_H
#define RECORD_CSV_ROWS_H

#include "record/csv_number.h"
#include "record/csv_text.h"
#include "record/csv_time.h"

/* Rows of numbers as they stream in, several thousand at a time; memory does not grow with the
 * file. Plain rows take a short way; quotes, gaps in rows and anything odd take a longer one. */

enum { CSV_BATCH = 4096, CSV_MOST_VALUES = 6, CSV_BUFFER = 1 << 18 };

/* What a column is for. */
enum csv_use { CSV_SKIP = 0, CSV_STAMP = 1, CSV_VALUE = 2 /* + 0 to 5: ax ay az gx gy gz */ };

struct csv_rows {
    struct csv_text text;
    const char *name; /* for messages */
    char delimiter, decimal;
    size_t n_columns; /* of an ordinary row */
    size_t n_used;    /* columns up to the last that is used */
    unsigned char use[CSV_MOST_COLUMNS];
    struct csv_time time;
    int has_gyro;

    char *memory;
    char *buffer; /* CSV_BUFFER bytes within it, and CSV_SLACK around them */
    size_t at, end;
    int ended, skipping; /* in a line too long for the buffer */
    uint64_t line;       /* of buffer[at], counted from 1 */
    size_t tail;         /* bytes behind the last sign of the line before */

    uint64_t n_good, n_bad; /* since the start */
    char bad[48];           /* what stood in the first bad row */
    uint64_t bad_line;

    size_t n; /* rows of this batch */
    double stamp_s[CSV_BATCH];
    float accel[3 * CSV_BATCH];
    float gyro[3 * CSV_BATCH];
};

/* Everything above the buffer is set; offset bytes of text, n_lines lines, stand before the rows.
 */
gait_status csv_rows_start(struct csv_rows *rows, struct source *source, size_t offset,
                           uint64_t n_lines, gait_error *err);

/* The next batch; rows->n is 0 only at the end. */
gait_status csv_rows_read(struct csv_rows *rows, gait_error *err);

void csv_rows_free(struct csv_rows *rows);

#endif
