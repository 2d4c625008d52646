/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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
    out->keeps_scale = 1; /* what could be done about it was done in reading */
}

/* What is being copied, and how far stamps lie from where one rate would put them. */
struct copy {
    gait_writer *writer;
    double *stamps;
    size_t room;
    double rate_hz, first_s, moved_s;
    uint64_t n;
};

/* Time stamps in whole nanoseconds: a rate is known no better, and 11.005 stays 11.005. */
static void stamp(struct copy *copy, const gait_block *block)
{
    if (!copy->n) copy->first_s = block->start_s;
    for (size_t i = 0; i < block->n_frames; i++, copy->n++) {
        double at_s = round((block->start_s + (double)i / block->rate_hz) * 1e9) / 1e9;
        double place_s = copy->first_s + (double)copy->n / copy->rate_hz;
        copy->stamps[i] = at_s;
        copy->moved_s = fmax(copy->moved_s, fabs(at_s - place_s));
    }
}

static gait_status copy_block(struct copy *copy, const gait_block *block, gait_error *err)
{
    if (block->n_frames > copy->room) {
        double *larger = realloc(copy->stamps, block->n_frames * sizeof *larger);
        if (!larger) return err->status = GAIT_NOMEM;
        copy->stamps = larger;
        copy->room = block->n_frames;
    }
    stamp(copy, block);
    return gait_writer_write(copy->writer, block->n_frames, copy->stamps, block->accel_g,
                             block->gyro_dps, err);
}

/* To the end; copy NULL: only to measure. */
static gait_status read_through(gait_recording *recording, struct copy *copy, gait_error *err)
{
    gait_block block;
    gait_status st;
    while ((st = gait_recording_read(recording, &block, err)) == GAIT_OK && block.n_frames) {
        if (copy) st = copy_block(copy, &block, err);
        if (st == GAIT_OK && was_interrupted(NULL)) {
            snprintf(err->text, sizeof err->text, "stopped on request");
            st = err->status = GAIT_INTERRUPTED;
        }
        if (st != GAIT_OK) break;
    }
    return st;
}

/* A pipe can be read only once. */
static int is_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static int is_sound(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && (strcmp(dot, ".wav") == 0 || strcmp(dot, ".flac") == 0);
}

/* The rate at the start if it holds to a hundredth of a sample until the end, else that of the
 * whole. */
static double one_rate(const gait_recording *recording, double first_hz)
{
    const gait_recording_quality *quality = gait_recording_get_quality(recording);
    double off = fabs(quality->effective_rate_hz - first_hz) * quality->duration_s;
    return off > 0.01 ? quality->effective_rate_hz : first_hz;
}

/* A sound file has one rate, which only the whole recording tells: it is read twice. */
static gait_status begin(const struct input *input, const gait_recording_options *options,
                         const char *output, gait_recording **recording, struct copy *copy,
                         gait_error *err)
{
    gait_writer_options writer_options;
    double rate_hz = 0;
    gait_status st = input_open(recording, input, options, err);
    if (st == GAIT_OK) st = gait_recording_check_sensor(*recording, err);
    if (st == GAIT_OK && is_sound(output) && is_file(input->path)) {
        st = read_through(*recording, NULL, err);
        if (st != GAIT_OK) return st;
        rate_hz = one_rate(*recording, gait_recording_get_info(*recording)->rate_hz);
        gait_recording_close(recording);
        st = input_open(recording, input, options, err);
    }
    if (st != GAIT_OK) return st;
    describe(gait_recording_get_info(*recording), &writer_options);
    if (rate_hz > 0) writer_options.rate_hz = rate_hz;
    writer_options.copied_from = input->path;
    copy->rate_hz = writer_options.rate_hz;
    return gait_writer_open(&copy->writer, output, &writer_options, err);
}

static void report(const char *output, const struct copy *copy)
{
    static const double worth_saying_s = 0.001;
    printf("%s: %llu frames", output, (unsigned long long)copy->n);
    if (is_sound(output) && copy->moved_s > worth_saying_s)
        printf(" at %.6g Hz; times move by up to %.0f ms, since a sound file has one rate",
               copy->rate_hz, 1000 * copy->moved_s);
    putchar('\n');
}

static int run(const struct arguments *args)
{
    gait_recording_options options;
    struct input input;
    gait_recording *recording = NULL;
    struct copy copy = {0};
    gait_error err = {0};
    const char *output = option_text(args, "output");
    if (args->n_words != 1) return report_usage("convert", "expected one recording");
    if (!output) return report_usage("convert", "no output is named with -o");
    if (!options_recording(args, &options)) return EXIT_USAGE;
    if (input_parse(&input, args->words[0]) != 0)
        return report_usage("convert", "the name is too long");
    gait_status st = begin(&input, &options, output, &recording, &copy, &err);
    if (st == GAIT_OK) st = read_through(recording, &copy, &err);
    gait_status closed =
        gait_writer_close(&copy.writer, st == GAIT_OK, st == GAIT_OK ? &err : NULL);
    if (st == GAIT_OK) st = closed;
    int code = st == GAIT_OK ? EXIT_DONE : report_error(&err);
    if (code == EXIT_DONE && !option_given(args, "quiet")) report(output, &copy);
    free(copy.stamps);
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
    "with a sidecar NAME.json, or NAME.EXTENSION.json where the original could be taken to own "
    "that. CSV and HDF5 keep every time stamp and gap. A sound file has one rate and no "
    "gaps: how far times move is told, and a recording with gaps is refused for it. FLAC keeps 24 "
    "bits of the full scale (--range, else 16 g and 2000 deg/s); a sample beyond it is refused. "
    "Marks of clipped and invented frames are found anew when the copy is read.",
    "gait convert device.cwa -o device.h5\tfrom a device file to HDF5\n",
    options,
    run,
};
