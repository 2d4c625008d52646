/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/writer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/sidecar.h"
#include "record/write_sidecar.h"

extern const struct writer_format writer_csv, writer_csv_gz, writer_wav, writer_flac, writer_hdf5;

/* To add a format: write lib/record/write_NAME.c with a const struct writer_format, then one line
 * here. */
static const struct writer_format *const rows[] = {
    &writer_csv, &writer_csv_gz, &writer_wav, &writer_flac, &writer_hdf5,
};

enum { LONGEST_PATH = 4096 };

struct gait_writer {
    const struct writer_format *format;
    void *state;
    struct file_draft draft;
    char sidecar_name[LONGEST_PATH];
    char *sidecar; /* its text */
    int has_gyro;
    int failed; /* nothing can be kept */
};

void gait_writer_options_init(gait_writer_options *options)
{
    if (!options) return;
    memset(options, 0, sizeof *options);
    options->range_g = options->range_dps = options->start_unix_s = options->utc_offset_s = NAN;
}

static const struct writer_format *find_format(const char *path)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char suffix[16];
        text_print(suffix, sizeof suffix, ".%s", rows[i]->extension);
        if (text_ends_with(path, suffix)) return rows[i];
    }
    return NULL;
}

static gait_status check_options(const gait_writer_options *options, gait_error *err)
{
    if (!(options->rate_hz >= 0 && options->rate_hz <= 1e6))
        return gait_fail(err, GAIT_INVALID, "a rate of %g Hz; 0 (unknown) to 1e6 was expected",
                         options->rate_hz);
    if (options->range_g <= 0 || options->range_dps <= 0)
        return gait_fail(err, GAIT_INVALID, "a full scale of %g g and %g deg/s", options->range_g,
                         options->range_dps);
    return GAIT_OK;
}

static int is_same_folder(const char *one, const char *other)
{
    char a[LONGEST_PATH], b[LONGEST_PATH];
    text_print(a, sizeof a, "%.*s.", (int)(text_base_name(one) - one), one);
    text_print(b, sizeof b, "%.*s.", (int)(text_base_name(other) - other), other);
    return file_is_same(a, b);
}

/* What is said of a copy is not true of the original. */
static bool name_sidecar(const char *path, const char *original, char name[LONGEST_PATH])
{
    char theirs[LONGEST_PATH];
    if (!original || !sidecar_stem_path(original, theirs, sizeof theirs))
        return sidecar_path(path, name, LONGEST_PATH);
    if (!sidecar_stem_path(path, name, LONGEST_PATH)) return false;
    int is_shared =
        strcmp(text_base_name(name), text_base_name(theirs)) == 0 && is_same_folder(name, theirs);
    return is_shared ? sidecar_own_path(path, name, LONGEST_PATH)
                     : sidecar_path(path, name, LONGEST_PATH);
}

static gait_status open_writer(gait_writer *writer, const char *path,
                               const gait_writer_options *options, gait_error *err)
{
    struct writer_sidecar more = {.full_scale = NAN, .gyro_full_scale = NAN};
    writer->format = find_format(path);
    if (!writer->format)
        return gait_fail(err, GAIT_INVALID,
                         "%s: recordings are written as .csv, .csv.gz, .wav, .flac or .h5", path);
    TRY(check_options(options, err));
    if (options->copied_from && file_is_same(options->copied_from, path))
        return gait_fail(err, GAIT_CANNOT_CREATE,
                         "%s: is the recording that is copied; it is left as it is", path);
    if (!name_sidecar(path, options->copied_from, writer->sidecar_name))
        return gait_fail(err, GAIT_INVALID, "%s: the name is too long", path);
    writer->has_gyro = options->has_gyro;
    TRY(file_draft_begin(&writer->draft, path, err));
    TRY(writer->format->open(&writer->state, &writer->draft, options, &more, err));
    return sidecar_text(&writer->sidecar, options, &more, err);
}

gait_status gait_writer_open(gait_writer **writer, const char *path,
                             const gait_writer_options *options, gait_error *err)
{
    NEED(writer);
    NEED(path);
    NEED(options);
    gait_writer *made = calloc(1, sizeof *made);
    if (!made) return gait_fail(err, GAIT_NOMEM, "%s", path);
    gait_status st = open_writer(made, path, options, err);
    if (st)
        gait_writer_close(&made, 0, NULL);
    else
        *writer = made;
    return st;
}

static int is_finite_frame(double time_s, const float *accel_g, const float *gyro_dps)
{
    int finite = isfinite(time_s) != 0;
    for (int k = 0; k < 3; k++)
        finite &= isfinite(accel_g[k]) && (!gyro_dps || isfinite(gyro_dps[k]));
    return finite;
}

gait_status gait_writer_write(gait_writer *writer, size_t n, const double *time_s,
                              const float *accel_g, const float *gyro_dps, gait_error *err)
{
    NEED(writer);
    if (!n) return GAIT_OK;
    NEED(time_s);
    NEED(accel_g);
    for (size_t i = 0; i < n; i++)
        if (!is_finite_frame(time_s[i], accel_g + 3 * i, gyro_dps ? gyro_dps + 3 * i : NULL))
            return gait_fail(err, GAIT_INVALID, "%s: frame %zu is not finite", writer->draft.name,
                             i);
    if (writer->has_gyro != (gyro_dps != NULL))
        return gait_fail(err, GAIT_INVALID, "%s: angular rates are %s", writer->draft.name,
                         writer->has_gyro ? "missing" : "given to a file without a gyroscope");
    gait_status st = writer->format->write(writer->state, n, time_s, accel_g, gyro_dps, err);
    if (st) writer->failed = 1;
    return st;
}

/* Both or neither. */
static gait_status publish(gait_writer *writer, gait_error *err)
{
    struct file_draft beside;
    TRY(file_draft_begin(&beside, writer->sidecar_name, err));
    gait_status st = file_draft_write(&beside, writer->sidecar, strlen(writer->sidecar), err);
    if (!st) st = file_draft_write(&beside, "\n", 1, err);
    if (!st) st = file_draft_seal(&beside, err);
    if (!st) st = file_draft_publish(&writer->draft, err);
    if (!st && (st = file_draft_publish(&beside, err))) unlink(writer->draft.path);
    file_draft_end(&beside);
    return st;
}

gait_status gait_writer_close(gait_writer **writer, int keep, gait_error *err)
{
    if (!writer || !*writer) return GAIT_OK;
    gait_writer *w = *writer;
    gait_status st = GAIT_OK;
    if (keep && w->failed)
        st = gait_fail(err, GAIT_IO, "%s: not kept, since writing failed before", w->draft.name);
    if (keep && !st) st = w->format->finish(w->state, err);
    if (keep && !st) st = file_draft_seal(&w->draft, err);
    if (keep && !st) st = publish(w, err);
    if (w->state) w->format->close(w->state);
    file_draft_end(&w->draft);
    free(w->sidecar);
    free(w);
    *writer = NULL;
    return st;
}
