/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_CSV_COLUMNS_H
#define RECORD_CSV_COLUMNS_H

#include <gait/recording.h>

#include "base/arena.h"
#include "record/csv_dialect.h"

/* Which column of a text file is what, from its name and unit. */

enum { CSV_NO_COLUMN = -1, CSV_NAME_ROOM = 80, CSV_SENSOR_ROOM = 48, CSV_MOST_SENSORS = 32 };

/* Columns of one sensor; CSV_NO_COLUMN where there is none. */
struct csv_sensor {
    char name[CSV_SENSOR_ROOM]; /* "" if nothing distinguishes it */
    int accel[3], gyro[3];
    int gravity_removed;
    int preference; /* of several accelerometers of one device */
    char accel_unit[16], gyro_unit[16];
};

struct csv_columns {
    size_t n_sensors; /* with three accelerometer axes */
    struct csv_sensor sensors[CSV_MOST_SENSORS];
    int time; /* the best time column, or CSV_NO_COLUMN */
    int time_is_counter;
    char time_unit[8]; /* "s", "ms", "us", "ns"; "" if the name does not say */
    int device_clock;  /* its zero means nothing: count from the first frame */
    int are_counts;    /* ActiGraph counts per epoch instead of acceleration */
    int has_gyro_only; /* angular rates, but no acceleration */
    char time_name[CSV_NAME_ROOM];
};

/* file is the base name, which sometimes is all that tells a gyroscope from an accelerometer.
 * is_empty[c]: column c has no value in the first rows. */
void csv_name_columns(const struct csv_dialect *dialect, const unsigned char *is_empty,
                      const char *file, struct csv_columns *out);

/* Where there is a time column beside each channel: that of this sensor. */
void csv_time_beside(const struct csv_dialect *dialect, const unsigned char *is_empty,
                     const struct csv_sensor *sensor, struct csv_columns *columns);

/* As the caller says: "time=t,x=ax,y=ay,z=az,gx=..,gy=..,gz=.."; a column is its name or its number
 * from 1. */
gait_status csv_given_columns(const struct csv_dialect *dialect, const char *given,
                              struct csv_columns *out, gait_error *err);

#endif
