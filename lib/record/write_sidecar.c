/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/write_sidecar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/fail.h"
#include "record/start_time.h"

/* Every setter takes the value and fails quietly when memory is out, which json_dumps then shows.
 */

static void set_text(json_t *root, const char *key, const char *text)
{
    if (text && *text) json_object_set_new(root, key, json_string(text));
}

static void set_number(json_t *root, const char *key, double value)
{
    if (isfinite(value)) json_object_set_new(root, key, json_real(value));
}

/* Members of the sidecar of the file that was read which the new file's samples make untrue. */
static void drop_untrue(json_t *root)
{
    static const char *const keys[] = {
        "channels",        "unit",        "full_scale",    "gyro_unit",
        "gyro_full_scale", "calibration", "sample_rate_hz"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) json_object_del(root, keys[i]);
}

static const char *direction(int row, int sign)
{
    static const char *const names[3][2] = {{"forward", "back"}, {"up", "down"}, {"right", "left"}};
    return names[row][sign < 0];
}

static void set_axes(json_t *root, const int axes[3][3])
{
    static const char *const names[3] = {"x", "y", "z"};
    json_t *object = json_object();
    for (int row = 0; row < 3; row++)
        for (int k = 0; k < 3; k++)
            if (axes[row][k])
                json_object_set_new(object, names[k], json_string(direction(row, axes[row][k])));
    if (json_object_size(object))
        json_object_set_new(root, "axes", object);
    else
        json_decref(object);
}

static void set_person(json_t *root, const gait_writer_options *options)
{
    char start[START_TIME_ROOM];
    set_text(root, "subject_id", options->subject_id);
    set_text(root, "session_id", options->session_id);
    start_time_print(options->start_unix_s, options->time_kind, options->utc_offset_s, start);
    set_text(root, "start_time", start);
    if (options->placement != GAIT_PLACEMENT_UNKNOWN)
        set_text(root, "placement", gait_placement_name(options->placement));
    if (options->side != GAIT_SIDE_UNKNOWN) set_text(root, "side", gait_side_name(options->side));
}

static json_t *three_of(double value)
{
    json_t *array = json_array();
    for (int k = 0; k < 3; k++) json_array_append_new(array, json_real(value));
    return array;
}

static void set_samples(json_t *root, const gait_writer_options *options,
                        const struct writer_sidecar *more)
{
    static const char *const names[6] = {"ax", "ay", "az", "gx", "gy", "gz"};
    set_number(root, "sample_rate_hz", options->rate_hz > 0 ? options->rate_hz : (double)NAN);
    set_number(root, "accel_range_g", options->range_g);
    if (options->keeps_scale)
        json_object_set_new(root, "calibration",
                            json_pack("{s:o, s:o}", "scale", three_of(1), "offset_g", three_of(0)));
    if (!more->has_channels) return;
    json_t *channels = json_array();
    for (int k = 0; k < (options->has_gyro ? 6 : 3); k++)
        json_array_append_new(channels, json_string(names[k]));
    json_object_set_new(root, "channels", channels);
    set_text(root, "unit", "g");
    set_number(root, "full_scale", more->full_scale);
    if (!options->has_gyro) return;
    set_text(root, "gyro_unit", "deg/s");
    set_number(root, "gyro_full_scale", more->gyro_full_scale);
}

gait_status sidecar_text(char **out, const gait_writer_options *options,
                         const struct writer_sidecar *more, gait_error *err)
{
    const char *carried = options->sidecar_json;
    json_error_t where;
    json_t *root =
        carried && *carried ? json_loads(carried, JSON_REJECT_DUPLICATES, &where) : json_object();
    if (!json_is_object(root)) {
        json_decref(root);
        return gait_fail(err, GAIT_INVALID, "sidecar members to carry along: not a JSON object");
    }
    drop_untrue(root);
    set_person(root, options);
    set_axes(root, options->axes);
    set_samples(root, options, more);
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    json_decref(root);
    if (!text) return gait_fail(err, GAIT_NOMEM, "sidecar");
    *out = text;
    return GAIT_OK;
}
