/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "input.h"

static void describe(const gait_recording_info *info, gait_writer_options *out)
{
    gait_writer_options_init(out);
    out->rate_hz = isfinite(info->rate_hz) ? info->rate_hz : info->nominal_rate_hz;
    out->range_g = info->range_g;
    out->has_gyro = info->has_gyro;
    out->placement = info->placement;
    out->side = info->side;
    for (int r = 0; r < 3; r++)
        for (int c = 0; c < 3; c++) out->axes[r][c] = info->axes[r][c];
    out->subject_id = info->subject_id;
    out->session_id = info->session_id;
    out->start_unix_s = info->start_unix_s;
    out->time_kind = info->time_kind;
    out->utc_offset_s = info->utc_offset_s;
    out->sidecar_json = info->sidecar_json;
}

/* Time stamps in whole nanoseconds: a rate is known no better, and 11.005 stays 11.005. */
static gait_status copy_block(gait_writer *writer, const gait_block *block, double **stamps,
                              size_t *room, gait_error *err)
{
    if (block->n_frames > *room) {
        double *larger = realloc(*stamps, block->n_frames * sizeof *larger);
        if (!larger) return err->status = GAIT_NOMEM;
        *stamps = larger;
        *room = block->n_frames;
    }
    for (size_t i = 0; i < block->n_frames; i++)
        (*stamps)[i] = round((block->start_s + (double)i / block->rate_hz) * 1e9) / 1e9;
    return gait_writer_write(writer, block->n_frames, *stamps, block->accel_g, block->gyro_dps,
                             err);
}

static gait_status copy(gait_recording *recording, gait_writer *writer, gait_error *err)
{
    double *stamps = NULL;
    size_t room = 0;
    gait_block block;
    gait_status st;
    while ((st = gait_recording_read(recording, &block, err)) == GAIT_OK && block.n_frames) {
        st = copy_block(writer, &block, &stamps, &room, err);
        if (st == GAIT_OK && was_interrupted(NULL)) {
            snprintf(err->text, sizeof err->text, "stopped on request");
            st = err->status = GAIT_INTERRUPTED;
        }
        if (st != GAIT_OK) break;
    }
    free(stamps);
    return st;
}

static int run(const struct arguments *args)
{
    gait_recording_options options;
    gait_writer_options writer_options;
    struct input input;
    gait_recording *recording = NULL;
    gait_writer *writer = NULL;
    gait_error err = {0};
    const char *output = option_text(args, "output");
    if (args->n_words != 1) return report_usage("convert", "expected one recording");
    if (!output) return report_usage("convert", "no output is named with -o");
    if (!options_recording(args, &options)) return EXIT_USAGE;
    if (input_parse(&input, args->words[0]) != 0)
        return report_usage("convert", "the name is too long");
    gait_status st = input_open(&recording, &input, &options, &err);
    if (st == GAIT_OK) {
        describe(gait_recording_get_info(recording), &writer_options);
        st = gait_writer_open(&writer, output, &writer_options, &err);
    }
    if (st == GAIT_OK) st = copy(recording, writer, &err);
    gait_status closed = gait_writer_close(&writer, st == GAIT_OK, st == GAIT_OK ? &err : NULL);
    if (st == GAIT_OK) st = closed;
    int code = st == GAIT_OK ? EXIT_DONE : report_error(&err);
    if (code == EXIT_DONE && !option_given(args, "quiet"))
        printf("%s: %llu frames\n", output,
               (unsigned long long)gait_recording_get_quality(recording)->n_frames);
    gait_recording_close(&recording);
    return code;
}

static const struct option options[] = {
    {"output", 'o', "OUT", NULL, "what to write: .csv, .csv.gz, .wav, .flac or .h5"},
    OPTIONS_RECORDING,
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_END,
};

const struct command command_convert = {
    "convert",
    "FILE[:SENSOR] -o OUT",
    "write any recording as a plain one",
    "Reads a recording of any format and writes it as CSV, WAV (32-bit float), FLAC (24 bit) or "
    "HDF5, "
    "with a sidecar. CSV and HDF5 keep every time stamp; a sound file has one rate and no gaps, "
    "and a "
    "recording with gaps is refused for it.",
    "gait convert device.cwa -o device.h5\tfrom a device file to HDF5\n",
    options,
    run,
};
