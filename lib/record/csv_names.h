/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_CSV_NAMES_H
#define RECORD_CSV_NAMES_H

#include "record/csv_columns.h"

/* What devices and apps call their columns. */

enum meaning {
    MEANS_NOTHING, /* part of the sensor's name */
    MEANS_ACCEL,
    MEANS_GYRO,
    MEANS_NO_GRAVITY, /* acceleration without gravity */
    MEANS_OTHER,      /* another quantity: not a column to read */
    MEANS_DETAIL,     /* says nothing that matters */
    MEANS_RAW         /* not in physical units */
};

/* What the name of a column says. */
struct column_name {
    enum meaning quantity; /* accel, gyro or nothing (bare x, y, z) */
    int axis;              /* 0 to 2; CSV_NO_COLUMN if the name has none */
    int gravity_removed, is_other, is_raw, preference;
    char sensor[CSV_SENSOR_ROOM];
    char unit[24];
};

void column_name_read(struct csv_cell name, struct column_name *out);

/* Time columns: the best that has values wins. */
struct time_name {
    const char *name; /* letters and digits alone; '*' at either end stands for anything */
    int preference, is_counter;
    int device_clock; /* its zero means nothing */
    const char *unit; /* where the column does not say */
};

/* NULL if that is no name of a time column; its unit is "" if nothing tells. */
const struct time_name *time_name_find(struct csv_cell name, char *unit, size_t room);

/* "s", "ms", "us" or "ns" of what was written; 0 if that is no unit of time. */
int time_unit_read(const char *text, char *out, size_t room);

#endif
