/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_HDF5_SENSORS_H
#define RECORD_HDF5_SENSORS_H

#include "record/format.h"
#include "record/hdf5_file.h"

/* Where the layouts that are read keep a sensor's samples. */

enum { HDF5_SENSORS = 64 };

struct hdf5_sensor {
    char name[HDF5_NAME]; /* "" if the file holds one */
    char accel[HDF5_PATH];
    char gyro[HDF5_PATH]; /* "": none */
    char time[HDF5_PATH]; /* "": none */
    char unit[16];
    char unit_evidence[EVIDENCE_ROOM];
    char gyro_unit[16];
    char device[64];
    double second_per_tick; /* of time */
    double rate_hz;         /* NaN if not stated, as the other numbers */
    double range_g;
    double start_unix_s;
    gait_time_kind time_kind;
    double utc_offset_s;
    gait_placement placement;
    gait_side side;
};

struct hdf5_layout;

struct hdf5_sensors {
    const struct hdf5_layout *layout;
    size_t n;
    char groups[HDF5_SENSORS][HDF5_NAME]; /* as the layout calls them; "" is the root */
    char names[HDF5_SENSORS][HDF5_NAME];  /* as people call them */
    gait_sensor_entry entries[HDF5_SENSORS];
};

/* One way to arrange a file. To add one: a row in hdf5_sensors.c. */
struct hdf5_layout {
    const char *about;
    /* How many sensors; 0: the file has another layout. Fills groups, names, placements, sides. A
     * layout that is recognised but not read fails. */
    gait_status (*list)(struct hdf5_sensors *out, struct hdf5_file *file, const char *name,
                        gait_error *err);
    void (*describe)(struct hdf5_sensor *out, struct hdf5_file *file, const char *group);
};

extern const struct hdf5_layout hdf5_layout_plain;
extern const struct hdf5_layout hdf5_layout_apdm4;
extern const struct hdf5_layout hdf5_layout_apdm5;

gait_status hdf5_sensors_find(struct hdf5_sensors *out, struct hdf5_file *file, const char *name,
                              gait_error *err);

/* The sensor of that name, or of that group; the first if wanted is NULL. */
gait_status hdf5_sensors_choose(const struct hdf5_sensors *sensors, struct hdf5_file *file,
                                const char *wanted, const char *name, struct hdf5_sensor *out,
                                gait_error *err);

#endif
