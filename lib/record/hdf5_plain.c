/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "record/hdf5_sensors.h"
#include "record/start_time.h"

/* The plain layout of read_hdf5.c. */

static void path_of(const char *group, const char *leaf, char out[HDF5_PATH])
{
    text_print(out, HDF5_PATH, "%s%s/%s", group[0] ? "/" : "", group, leaf);
}

/* The sensor's group wins over the root. */
static bool nearest_text(struct hdf5_file *file, const char *group, const char *key, char *out,
                         size_t room)
{
    return hdf5_text(file, group, key, 0, out, room) || hdf5_text(file, "/", key, 0, out, room);
}

static void nearest_number(struct hdf5_file *file, const char *group, const char *key, double *out)
{
    if (!hdf5_number(file, group, key, out)) hdf5_number(file, "/", key, out);
}

static void read_place(struct hdf5_file *file, const char *group, gait_placement *placement,
                       gait_side *side)
{
    char text[64];
    if (nearest_text(file, group, "placement", text, sizeof text))
        *placement = gait_placement_from_name(text);
    if (nearest_text(file, group, "side", text, sizeof text)) *side = gait_side_from_name(text);
}

static gait_status list_plain(struct hdf5_sensors *out, struct hdf5_file *file, const char *name,
                              gait_error *err)
{
    (void)name, (void)err;
    if (hdf5_has_dataset(file, "/accel")) {
        out->n = 1;
    } else {
        char path[HDF5_PATH];
        size_t n = hdf5_children(file, "/", out->groups, HDF5_SENSORS);
        for (size_t i = 0; i < n; i++) {
            path_of(out->groups[i], "accel", path);
            if (hdf5_has_dataset(file, path))
                memmove(out->groups[out->n++], out->groups[i], HDF5_NAME);
        }
    }
    for (size_t i = 0; i < out->n; i++) {
        memcpy(out->names[i], out->groups[i], HDF5_NAME);
        read_place(file, out->groups[i], &out->entries[i].placement, &out->entries[i].side);
    }
    return GAIT_OK;
}

static double second_per_tick(const char *units)
{
    static const struct {
        const char *units;
        double second;
    } known[] = {{"s", 1}, {"ms", 1e-3}, {"us", 1e-6}, {"\xc2\xb5s", 1e-6}, {"ns", 1e-9}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(units, known[i].units)) return known[i].second;
    return 1;
}

static void describe_plain(struct hdf5_sensor *out, struct hdf5_file *file, const char *group)
{
    char text[64];
    path_of(group, "accel", out->accel);
    path_of(group, "gyro", out->gyro);
    path_of(group, "time", out->time);
    if (!hdf5_has_dataset(file, out->gyro)) out->gyro[0] = '\0';
    if (!hdf5_has_dataset(file, out->time)) out->time[0] = '\0';
    if (hdf5_text(file, out->accel, "units", 0, out->unit, sizeof out->unit))
        text_print(out->unit_evidence, sizeof out->unit_evidence, "attribute units of %s",
                   out->accel);
    if (out->gyro[0] &&
        !hdf5_text(file, out->gyro, "units", 0, out->gyro_unit, sizeof out->gyro_unit))
        out->gyro[0] = '\0'; /* rates without a unit are of no use */
    if (out->time[0] && hdf5_text(file, out->time, "units", 0, text, sizeof text))
        out->second_per_tick = second_per_tick(text);
    nearest_number(file, group, "sample_rate_hz", &out->rate_hz);
    nearest_number(file, group, "range_g", &out->range_g);
    nearest_text(file, group, "device", out->device, sizeof out->device);
    if (nearest_text(file, group, "start_time", text, sizeof text))
        start_time_parse(text, &out->start_unix_s, &out->time_kind, &out->utc_offset_s);
}

const struct hdf5_layout hdf5_layout_plain = {
    "plain layout",
    list_plain,
    describe_plain,
};
