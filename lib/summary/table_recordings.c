/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/tables.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "record/start_time.h"

static const struct table_about about = {"recordings", "One row per sensor file", "duration_s"};

static const struct column_about columns[] = {
    WORDS("file", "File", "Base name of the file"),
    WORDS("content_hash", "Content hash", "XXH3-128 of the file's bytes, hexadecimal"),
    WORDS("file_format", "Format", "Which reader read it"),
    WORDS("device", "Device", "Make and serial as far as the file says"),
    WORDS("placement", "Placement", "Where on the body"),
    WORDS("side", "Side", "left, right, none or unknown"),
    NUMBER("nominal_rate_hz", "Hz", "Declared rate", "Sampling rate that was declared"),
    NUMBER("effective_rate_hz", "Hz", "Measured rate", "Sampling rate by the time stamps"),
    NUMBER("rate_jitter", "1", "Jitter", "Spread of the stamp intervals over the interval"),
    NUMBER("duration_s", "s", "Duration", "From the first to the last frame, gaps included"),
    COUNT("n_segments", "Segments", "Stretches without a gap"),
    NUMBER("gap_s", "s", "Gaps", "Time in gaps"),
    COUNT("n_gaps", "Gaps", "Gaps between and inside segments"),
    NUMBER("filler_s", "s", "Filler", "Time of frames that a device or program invented"),
    NUMBER("clipped_fraction", "1", "Clipped", "Share of frames with an axis at its limit"),
    NUMBER("accel_range_g", "g", "Range", "Full scale of the accelerometer"),
    NUMBER("calibration_error_before_g", "g", "Error before calibration",
           "Mean distance of still windows from 1 g as recorded"),
    NUMBER("calibration_error_after_g", "g", "Error after calibration",
           "Mean distance of still windows from 1 g as analysed"),
    NUMBER("alignment_ap_x", "1", "Forward, x", "Body axis forward in sensor axes"),
    NUMBER("alignment_ap_y", "1", "Forward, y", "Body axis forward in sensor axes"),
    NUMBER("alignment_ap_z", "1", "Forward, z", "Body axis forward in sensor axes"),
    NUMBER("alignment_v_x", "1", "Up, x", "Body axis up in sensor axes"),
    NUMBER("alignment_v_y", "1", "Up, y", "Body axis up in sensor axes"),
    NUMBER("alignment_v_z", "1", "Up, z", "Body axis up in sensor axes"),
    NUMBER("alignment_r_x", "1", "Right, x", "Body axis to the right in sensor axes"),
    NUMBER("alignment_r_y", "1", "Right, y", "Body axis to the right in sensor axes"),
    NUMBER("alignment_r_z", "1", "Right, z", "Body axis to the right in sensor axes"),
    NUMBER("alignment_confidence", "1", "Alignment confidence", "0 to 1"),
    NUMBER("clock_offset_s", "s", "Clock offset", "Added to every time of this sensor"),
    WORDS("unit_source", "Unit from", "option, sidecar, file or guess"),
    WORDS("placement_source", "Placement from", "option, sidecar, file or unknown"),
    WORDS("sidecar_json", "Sidecar", "What the sidecar says, compact JSON"),
    FLAGS,
    WORDS("start_time", "Start", "Absolute time of the first frame, ISO 8601; empty if unknown"),
    WORDS("task", "Task", "run, walk, knee-bend, squat or stance as stated by the user"),
    COUNT("n_frames", "Frames", "Frames delivered"),
    COUNT("n_duplicates", "Duplicates", "Frames dropped because they repeat"),
    COUNT("n_bad_blocks", "Bad blocks", "Blocks or rows of the file that could not be read"),
    WORDS("file_sensor", "Sensor in the file", "Which sensor of a file with several"),
    WORDS("format_evidence", "Why this format", "What showed which format it is"),
    WORDS("columns", "Columns", "Which column was taken for what"),
    WORDS("unit", "Unit", "Unit of the acceleration in the file"),
    WORDS("unit_evidence", "Why this unit", "What showed the unit"),
    WORDS("time_evidence", "Time stamps", "How the time stamps were understood"),
    WORDS("calibration", "Calibration", "Who rescaled to 1 g, or why nobody did"),
    WORDS("side_source", "Side from", "option, sidecar, file or unknown"),
    WORDS("range_source", "Range from", "option, sidecar, file, guess or unknown"),
    WORDS("broken_off", "Broken off",
          "Where and why reading ended before the file's end, if it did"),
    WORDS("first_bad", "First bad block", "Where the first of them is in the file"),
};

static int64_t flags_of(const struct sensor_result *sensor)
{
    uint32_t flags = sensor->alignment.flags;
    if (sensor->quality.n_gaps) flags |= GAIT_FLAG_GAP;
    if (sensor->quality.n_clipped) flags |= GAIT_FLAG_CLIPPED;
    if (sensor->info.dead_axes) flags |= GAIT_FLAG_DEAD_AXIS;
    if (strcmp(sensor->info.unit_source, "guess") == 0) flags |= GAIT_FLAG_UNIT_GUESSED;
    return flags;
}

static gait_status fill_texts(gait_summary *summary, struct table *table, size_t i,
                              const struct sensor_result *sensor)
{
    const gait_recording_info *info = &sensor->info;
    char start[START_TIME_ROOM];
    start_time_print(info->start_unix_s, info->time_kind, info->utc_offset_s, start);
    const struct {
        const char *column, *text;
    } cells[] = {
        {"file", info->file},
        {"content_hash", sensor->quality.content_hash},
        {"file_format", info->format},
        {"device", info->device},
        {"placement", gait_placement_name(info->placement)},
        {"side", gait_side_name(info->side)},
        {"unit_source", info->unit_source},
        {"placement_source", info->placement_source},
        {"sidecar_json", info->sidecar_json},
        {"start_time", start},
        {"task", info->task},
        {"file_sensor", info->sensor},
        {"format_evidence", info->format_evidence},
        {"columns", info->column_evidence},
        {"unit", info->unit},
        {"unit_evidence", info->unit_evidence},
        {"time_evidence", info->time_evidence},
        {"calibration", info->calibration},
        {"side_source", info->side_source},
        {"range_source", info->range_source},
        {"broken_off", sensor->quality.broken_off},
        {"first_bad", sensor->quality.first_bad},
    };
    for (size_t k = 0; k < N_ROWS_OF(cells); k++) {
        const char *text = summary_text(summary, cells[k].text);
        if (!text) return GAIT_NOMEM;
        texts_of(table, cells[k].column)[i] = text;
    }
    return GAIT_OK;
}

static void fill_axis(struct table *table, size_t i, const char *axis, const double direction[3])
{
    char name[32];
    for (int k = 0; k < 3; k++) {
        text_print(name, sizeof name, "alignment_%s_%c", axis, "xyz"[k]);
        doubles_of(table, name)[i] = direction[k];
    }
}

static void fill_numbers(struct table *table, size_t i, const struct sensor_result *sensor)
{
    const gait_recording_quality *q = &sensor->quality;
    doubles_of(table, "nominal_rate_hz")[i] = sensor->info.nominal_rate_hz;
    doubles_of(table, "effective_rate_hz")[i] = q->effective_rate_hz;
    doubles_of(table, "rate_jitter")[i] = q->rate_jitter;
    doubles_of(table, "duration_s")[i] = q->duration_s;
    integers_of(table, "n_segments")[i] = (int64_t)q->n_segments;
    doubles_of(table, "gap_s")[i] = q->gap_s;
    integers_of(table, "n_gaps")[i] = (int64_t)q->n_gaps;
    doubles_of(table, "filler_s")[i] = q->filler_s;
    if (q->n_frames)
        doubles_of(table, "clipped_fraction")[i] = (double)q->n_clipped / (double)q->n_frames;
    doubles_of(table, "accel_range_g")[i] = sensor->info.range_g;
    doubles_of(table, "calibration_error_before_g")[i] = q->calibration_error_before_g;
    doubles_of(table, "calibration_error_after_g")[i] = q->calibration_error_after_g;
    fill_axis(table, i, "ap", sensor->alignment.forward);
    fill_axis(table, i, "v", sensor->alignment.up);
    fill_axis(table, i, "r", sensor->alignment.right);
    doubles_of(table, "alignment_confidence")[i] = sensor->alignment.confidence;
    doubles_of(table, "clock_offset_s")[i] = sensor->clock_offset_s;
    integers_of(table, "flags")[i] = flags_of(sensor);
    integers_of(table, "n_frames")[i] = (int64_t)q->n_frames;
    integers_of(table, "n_duplicates")[i] = (int64_t)q->n_duplicates;
    integers_of(table, "n_bad_blocks")[i] = (int64_t)q->n_bad_blocks;
}

gait_status add_recordings(gait_summary *summary, const gait_session *session, struct arena *tmp)
{
    (void)tmp;
    struct table *table =
        begin_table(summary, session, &about, session->n_sensors, N_ROWS_OF(columns));
    if (!table || add_sensor_key(summary, table) ||
        table_add_columns(summary, table, columns, N_ROWS_OF(columns)))
        return GAIT_NOMEM;
    for (size_t i = 0; i < session->n_sensors; i++) {
        const struct sensor_result *sensor = &session->sensors[i];
        fill_numbers(table, i, sensor);
        if (fill_texts(summary, table, i, sensor) || set_sensor(summary, table, i, 1, sensor))
            return GAIT_NOMEM;
    }
    return GAIT_OK;
}
