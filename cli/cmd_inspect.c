/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "input.h"
#include "print.h"

/* The whole recording is read, so that gaps, clipping and damage are counted. */
static gait_status read_through(gait_recording *recording, gait_error *err)
{
    gait_block block;
    do {
        gait_status st = gait_recording_read(recording, &block, err);
        if (st != GAIT_OK) return st;
        if (was_interrupted(NULL)) {
            snprintf(err->text, sizeof err->text, "stopped on request");
            return err->status = GAIT_INTERRUPTED;
        }
    } while (block.n_frames);
    return GAIT_OK;
}

static const char *const time_kinds[] = {"unknown", "utc", "local_with_offset", "local_unknown"};

static void axes_text(const gait_recording_info *info, char out[64])
{
    static const char *const directions[3][2] = {
        {"forward", "back"}, {"up", "down"}, {"right", "left"}};
    size_t n = 0;
    out[0] = '\0';
    for (int axis = 0; axis < 3; axis++)
        for (int row = 0; row < 3; row++) {
            if (!(info->axes_known & (1 << row)) || !info->axes[row][axis]) continue;
            n += (size_t)snprintf(out + n, 64 - n, "%s%c=%s", n ? "," : "", "xyz"[axis],
                                  directions[row][info->axes[row][axis] < 0]);
        }
}

static json_t *sensors_json(const gait_recording *recording)
{
    json_t *sensors = json_array();
    const gait_sensor_entry *entry;
    for (size_t i = 0; (entry = gait_recording_sensor_at(recording, i)); i++)
        json_array_append_new(sensors, json_pack("{ss ss ss}", "name", entry->name, "placement",
                                                 gait_placement_name(entry->placement), "side",
                                                 gait_side_name(entry->side)));
    return sensors;
}

static void set_numbers(json_t *all, const gait_recording_info *info,
                        const gait_recording_quality *quality)
{
    const struct {
        const char *name;
        double value;
    } rows[] = {
        {"nominal_rate_hz", info->nominal_rate_hz},
        {"effective_rate_hz", quality->effective_rate_hz},
        {"rate_jitter", quality->rate_jitter},
        {"duration_s", quality->duration_s},
        {"n_frames", (double)quality->n_frames},
        {"n_segments", (double)quality->n_segments},
        {"n_gaps", (double)quality->n_gaps},
        {"gap_s", quality->gap_s},
        {"filler_s", quality->filler_s},
        {"n_duplicates", (double)quality->n_duplicates},
        {"n_bad_blocks", (double)quality->n_bad_blocks},
        {"n_clipped", (double)quality->n_clipped},
        {"accel_range_g", info->range_g},
        {"start_s", info->start_s},
        {"start_unix_s", info->start_unix_s},
        {"utc_offset_s", info->utc_offset_s},
        {"calibration_error_before_g", quality->calibration_error_before_g},
        {"calibration_error_after_g", quality->calibration_error_after_g},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        json_object_set_new(all, rows[i].name, json_number(rows[i].value));
}

static json_t *describe(const gait_recording *recording)
{
    const gait_recording_info *info = gait_recording_get_info(recording);
    const gait_recording_quality *quality = gait_recording_get_quality(recording);
    char axes[64], dead[4] = "";
    axes_text(info, axes);
    for (int k = 0, n = 0; k < 3; k++)
        if (info->dead_axes & (1 << k)) dead[n++] = "xyz"[k];
    json_t *all = json_object();
    const struct {
        const char *name;
        const char *text;
    } rows[] = {
        {"file", info->file},
        {"format", info->format},
        {"format_evidence", info->format_evidence},
        {"sensor", info->sensor},
        {"sensor_source", info->sensor_source},
        {"device", info->device},
        {"subject_id", info->subject_id},
        {"session_id", info->session_id},
        {"placement", gait_placement_name(info->placement)},
        {"placement_source", info->placement_source},
        {"side", gait_side_name(info->side)},
        {"side_source", info->side_source},
        {"columns", info->column_evidence},
        {"unit", info->unit},
        {"unit_source", info->unit_source},
        {"unit_evidence", info->unit_evidence},
        {"gyroscope", info->has_gyro ? "yes" : "no"},
        {"axes", axes},
        {"dead_axes", dead},
        {"range_source", info->range_source},
        {"time_kind", time_kinds[(unsigned)info->time_kind < 4 ? info->time_kind : 0]},
        {"start_time", info->start_time},
        {"time_evidence", info->time_evidence},
        {"calibration", info->calibration},
        {"task", info->task},
        {"first_bad", quality->first_bad},
        {"broken_off", quality->broken_off},
        {"content_hash", quality->content_hash},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        json_object_set_new(all, rows[i].name, json_words(rows[i].text));
    set_numbers(all, info, quality);
    json_object_set_new(all, "sensors", sensors_json(recording));
    return all;
}

static void put_description(json_t *all)
{
    const char *key;
    json_t *value;
    json_object_foreach(all, key, value)
    {
        if (json_is_string(value) && json_string_value(value)[0])
            printf("%-27s %s\n", key, json_string_value(value));
        if (json_is_real(value)) printf("%-27s %.10g\n", key, json_real_value(value));
    }
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(all, "sensors"), i, row) printf(
        "%-27s %s (%s, %s)\n", i ? "" : "sensors", json_string_value(json_object_get(row, "name")),
        json_string_value(json_object_get(row, "placement")),
        json_string_value(json_object_get(row, "side")));
}

static int inspect(const struct arguments *args, const char *word, json_t *all)
{
    gait_recording_options options;
    struct input input;
    gait_recording *recording = NULL;
    gait_error err = {0};
    if (!options_recording(args, &options)) return EXIT_USAGE;
    if (input_parse(&input, word) != 0) return report_usage("inspect", "the name is too long");
    int code = EXIT_DONE;
    if (input_open(&recording, &input, &options, &err) != GAIT_OK ||
        read_through(recording, &err) != GAIT_OK)
        code = report_error(&err);
    else {
        json_t *description = describe(recording);
        if (!option_given(args, "json")) put_description(description);
        json_array_append_new(all, description);
    }
    gait_recording_close(&recording);
    return code;
}

static int run(const struct arguments *args)
{
    if (!args->n_words) return report_usage("inspect", "no recording is named");
    json_t *all = json_array();
    int code = EXIT_DONE, failed = 0;
    for (size_t i = 0; i < args->n_words && code != EXIT_USAGE; i++) {
        if (i && !option_given(args, "json")) putchar('\n');
        int one = inspect(args, args->words[i], all);
        if (one != EXIT_DONE) {
            code = one;
            failed++;
        }
    }
    if (failed && args->n_words > 1 && code != EXIT_USAGE) code = EXIT_SOME_FAILED;
    if (option_given(args, "json") && json_array_size(all)) {
        json_t *out = args->n_words == 1 ? json_incref(json_array_get(all, 0)) : json_incref(all);
        if (print_json(out) != EXIT_DONE) code = EXIT_IO_ERROR;
    }
    json_decref(all);
    return code;
}

static const struct option options[] = {OPTIONS_RECORDING, OPTION_JSON, OPTION_QUIET, OPTION_HELP,
                                        OPTION_END};

const struct command command_inspect = {
    "inspect",
    "FILE[:SENSOR]...",
    "what is in a recording and how it was understood",
    "Reads a recording to its end and prints its format and why, which column is what, the unit "
    "and why, "
    "the rate as declared and as measured, gaps, clipping, the start time and its kind, and where "
    "the "
    "placement and side come from. Nothing is analysed. Every guess is shown with its evidence and "
    "can be "
    "overridden by an option or a sidecar key.",
    "gait inspect run.csv\tbefore trusting a new kind of file\n",
    options,
    run,
};
