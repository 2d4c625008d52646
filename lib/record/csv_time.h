/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_CSV_TIME_H
#define RECORD_CSV_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include <gait/recording.h>

#include "record/csv_columns.h"
#include "record/csv_dialect.h"

/* Time columns of text files: seconds, ticks since some zero, dates, clock times, counters. */

enum csv_time_kind {
    CSV_TIME_NONE,
    CSV_TIME_SECONDS,  /* a plain number of seconds from the file's own zero */
    CSV_TIME_TICKS,    /* units of 10^ns_power ns, exact */
    CSV_TIME_DAYS,     /* a spreadsheet's serial days */
    CSV_TIME_CALENDAR, /* dates with clock times */
    CSV_TIME_CLOCK,    /* clock times that start again at midnight, or at the full hour */
    CSV_TIME_COUNTER   /* samples, one each 1 / rate */
};

enum csv_date_order { DATE_YMD, DATE_DMY, DATE_MDY, DATE_UNSURE };

struct csv_time {
    enum csv_time_kind kind;
    char decimal;
    int ns_power;
    int64_t origin; /* ticks of 1970, if the column counts from elsewhere */
    enum csv_date_order order;
    double counter_rate_hz;
    int from_first; /* 1: stamps count from the first row */
    int has_base;
    int64_t base;        /* ns or counts of the first row */
    int64_t previous;    /* unwrapped, ns or counts */
    int64_t period;      /* ns or counts after which the column starts again; 0: it never did */
    double start_unix_s; /* NaN if the column says nothing about it */
    gait_time_kind start_kind;
    double utc_offset_s;
};

/* What is known of a file before its time column is looked at. */
struct csv_time_known {
    const char *name; /* of the file */
    char decimal;
    double rate_hz; /* decides between units left open, and times a counter; NaN: unknown */
    enum csv_date_order order;
};

/* What the first cells of the column say. */
gait_status csv_time_choose(struct csv_time *out, const struct csv_columns *columns,
                            const struct csv_time_known *known, const struct csv_cell *cells,
                            size_t n, char *evidence, size_t room, gait_error *err);

/* Stamp of one cell, in s; false if it is none. Cells come in the file's order. */
bool csv_time_parse(struct csv_time *time, struct csv_cell cell, double *stamp_s);

/* The same for mantissa * 10^-decimals ticks or counts, already read. */
bool csv_time_ticks(struct csv_time *time, int64_t mantissa, int decimals, double *stamp_s);

/* ns since 1970 in UTC, or on the wall clock if zone_s is NaN, of all of "2024-05-06 07:08:09.5",
 * also with '/' or '.' or '_', days or months first, AM and PM, "Z", "+02:00" or "GMT+2". */
bool csv_moment_parse(struct csv_cell cell, enum csv_date_order order, int64_t *ns, double *zone_s);

#endif
