/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/hdf5_sensors.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"

static const struct hdf5_layout *const layouts[] = {
    &hdf5_layout_apdm5,
    &hdf5_layout_apdm4,
    &hdf5_layout_plain,
};

gait_status hdf5_sensors_find(struct hdf5_sensors *out, struct hdf5_file *file, const char *name,
                              gait_error *err)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        memset(out, 0, sizeof *out);
        TRY(layouts[i]->list(out, file, name, err));
        if (!out->n) continue;
        out->layout = layouts[i];
        for (size_t k = 0; k < out->n; k++) out->entries[k].name = out->names[k];
        return GAIT_OK;
    }
    return gait_fail(err, GAIT_FORMAT,
                     "%s: HDF5 without an N x 3 dataset accel in the root or in a group per sensor",
                     name);
}

static void clear_sensor(struct hdf5_sensor *sensor)
{
    memset(sensor, 0, sizeof *sensor);
    sensor->second_per_tick = 1;
    sensor->rate_hz = sensor->range_g = sensor->start_unix_s = sensor->utc_offset_s = NAN;
}

gait_status hdf5_sensors_choose(const struct hdf5_sensors *sensors, struct hdf5_file *file,
                                const char *wanted, const char *name, struct hdf5_sensor *out,
                                gait_error *err)
{
    size_t found = 0;
    if (wanted) {
        while (found < sensors->n && strcmp(sensors->names[found], wanted) != 0 &&
               strcmp(sensors->groups[found], wanted) != 0)
            found++;
        if (found == sensors->n)
            return gait_fail(err, GAIT_NOT_FOUND,
                             "%s: no sensor \"%s\"; the first of %zu is \"%s\"", name, wanted,
                             sensors->n, sensors->names[0]);
    }
    clear_sensor(out);
    if (sensors->n > 1) text_print(out->name, sizeof out->name, "%s", sensors->names[found]);
    out->placement = sensors->entries[found].placement;
    out->side = sensors->entries[found].side;
    sensors->layout->describe(out, file, sensors->groups[found]);
    return GAIT_OK;
}
