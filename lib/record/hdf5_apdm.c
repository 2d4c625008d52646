/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/hdf5_sensors.h"
#include "record/words.h"

/* Files of APDM's Opal sensors. Both layouts: m/s^2 and rad/s, whole microseconds since 1970 in
 * UTC, labels such as "Left Foot" or "Lumbar" for where a sensor sat.
 *   up to Mobility Lab 1 (FileFormatVersion 4): a group per case id, named in the root's list
 *     CaseIdList beside MonitorLabelList; below it Time and Calibrated/Accelerometers, Gyroscopes
 *   Motion Studio, Mobility Lab 2 (5): /Sensors/<id>/Accelerometer, Gyroscope, Time, and
 *     Configuration with attributes "Label 0", "Sample Rate", "Timezone Offset" (hours) */

enum { CASE_ID_CUT = 9 }; /* some programs cut the group's name here and not the list's */

static bool version(struct hdf5_file *file, double *found)
{
    return hdf5_number(file, "/", "FileFormatVersion", found);
}

static void add_sensor(struct hdf5_sensors *out, const char *group, const char *label)
{
    size_t i = out->n++;
    text_print(out->groups[i], HDF5_NAME, "%s", group);
    text_print(out->names[i], HDF5_NAME, "%s", label[0] ? label : group);
    place_from_words(label, &out->entries[i].placement, &out->entries[i].side);
}

static void set_units(struct hdf5_sensor *out)
{
    text_print(out->unit, sizeof out->unit, "m/s2");
    text_print(out->unit_evidence, sizeof out->unit_evidence, "APDM files are in m/s^2");
    if (out->gyro[0]) text_print(out->gyro_unit, sizeof out->gyro_unit, "rad/s");
    out->second_per_tick = 1e-6;
}

static bool case_group(struct hdf5_file *file, char id[HDF5_NAME])
{
    char path[HDF5_PATH];
    for (int cut = 0; cut < 2; cut++) {
        if (cut && strlen(id) > CASE_ID_CUT) id[CASE_ID_CUT] = '\0';
        text_print(path, sizeof path, "/%s/Calibrated/Accelerometers", id);
        if (id[0] && !strchr(id, '/') && hdf5_has_dataset(file, path)) return true;
    }
    return false;
}

static gait_status list_apdm4(struct hdf5_sensors *out, struct hdf5_file *file, const char *name,
                              gait_error *err)
{
    double v;
    char id[HDF5_NAME], label[HDF5_NAME];
    if (!version(file, &v) || v >= 5) return GAIT_OK;
    if (!(v >= 4))
        return gait_fail(err, GAIT_UNSUPPORTED,
                         "%s: APDM file format %g; formats 4 and 5 are read, and APDM's own "
                         "software converts older ones",
                         name, v);
    for (size_t i = 0; i < HDF5_SENSORS; i++) {
        if (!hdf5_text(file, "/", "CaseIdList", i, id, sizeof id)) break;
        hdf5_text(file, "/", "MonitorLabelList", i, label, sizeof label);
        if (case_group(file, id)) add_sensor(out, id, label);
    }
    if (out->n) return GAIT_OK;
    return gait_fail(err, GAIT_FORMAT,
                     "%s: an APDM file of format %g without calibrated accelerometers", name, v);
}

static void describe_apdm4(struct hdf5_sensor *out, struct hdf5_file *file, const char *group)
{
    char root[HDF5_PATH];
    text_print(out->accel, sizeof out->accel, "/%s/Calibrated/Accelerometers", group);
    text_print(out->gyro, sizeof out->gyro, "/%s/Calibrated/Gyroscopes", group);
    text_print(out->time, sizeof out->time, "/%s/Time", group);
    text_print(root, sizeof root, "/%s", group);
    if (!hdf5_has_dataset(file, out->gyro)) out->gyro[0] = '\0';
    if (!hdf5_has_dataset(file, out->time)) out->time[0] = '\0';
    text_print(out->device, sizeof out->device, "APDM %s", group);
    hdf5_number(file, root, "SampleRate", &out->rate_hz);
    set_units(out);
}

static gait_status list_apdm5(struct hdf5_sensors *out, struct hdf5_file *file, const char *name,
                              gait_error *err)
{
    double v;
    char ids[HDF5_SENSORS][HDF5_NAME], path[HDF5_PATH], label[HDF5_NAME];
    if (!version(file, &v) || v < 5) return GAIT_OK;
    size_t n = hdf5_children(file, "/Sensors", ids, HDF5_SENSORS);
    for (size_t i = 0; i < n; i++) {
        text_print(path, sizeof path, "/Sensors/%s/Accelerometer", ids[i]);
        if (!hdf5_has_dataset(file, path)) continue;
        text_print(path, sizeof path, "/Sensors/%s/Configuration", ids[i]);
        hdf5_text(file, path, "Label 0", 0, label, sizeof label);
        add_sensor(out, ids[i], label);
    }
    if (out->n) return GAIT_OK;
    return gait_fail(err, GAIT_FORMAT, "%s: an APDM file of format %g without accelerometers", name,
                     v);
}

static void describe_apdm5(struct hdf5_sensor *out, struct hdf5_file *file, const char *group)
{
    double offset_h;
    char configuration[HDF5_PATH];
    text_print(out->accel, sizeof out->accel, "/Sensors/%s/Accelerometer", group);
    text_print(out->gyro, sizeof out->gyro, "/Sensors/%s/Gyroscope", group);
    text_print(out->time, sizeof out->time, "/Sensors/%s/Time", group);
    text_print(configuration, sizeof configuration, "/Sensors/%s/Configuration", group);
    if (!hdf5_has_dataset(file, out->gyro)) out->gyro[0] = '\0';
    if (!hdf5_has_dataset(file, out->time)) out->time[0] = '\0';
    text_print(out->device, sizeof out->device, "APDM %s", group);
    hdf5_number(file, configuration, "Sample Rate", &out->rate_hz);
    if (hdf5_number(file, configuration, "Timezone Offset", &offset_h) && fabs(offset_h) <= 15)
        out->utc_offset_s = 3600 * offset_h;
    set_units(out);
}

const struct hdf5_layout hdf5_layout_apdm4 = {"APDM, format 4", list_apdm4, describe_apdm4};
const struct hdf5_layout hdf5_layout_apdm5 = {"APDM, format 5", list_apdm5, describe_apdm5};
