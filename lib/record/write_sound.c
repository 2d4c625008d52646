/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/lock.h"
#include "base/text.h"
#include "record/writer.h"

/* WAV in 32-bit float, the samples as they are in g and deg/s; FLAC in 24 bits of a full scale.
 * What channels and numbers mean goes into the sidecar, and as lines of text into the file for the
 * day it is found without. A sound file has no gaps and one rate in whole Hz: the exact rate is in
 * the text, and samples that would not lie where the rate puts them are refused. */

enum { FRAMES_PER_WRITE = 4096, CHANNELS = 6, FULL_24_BIT = 1 << 23 };

struct sound {
    struct file_draft *draft;
    SNDFILE *file;
    sf_count_t at; /* where libsndfile writes next */
    int io_error;  /* errno of the first write that failed */
    double rate_hz;
    double first_s, last_s;
    uint64_t n;
    int n_channels;
    int is_flac;
    double full_scale[CHANNELS];
    float samples[CHANNELS * FRAMES_PER_WRITE];
    int steps[CHANNELS * FRAMES_PER_WRITE];
};

static sf_count_t draft_size(void *user)
{
    const struct sound *sound = user;
    return lseek(sound->draft->fd, 0, SEEK_END);
}

static sf_count_t draft_seek(sf_count_t offset, int whence, void *user)
{
    struct sound *sound = user;
    sf_count_t from = whence == SEEK_CUR ? sound->at : whence == SEEK_END ? draft_size(user) : 0;
    sound->at = from + offset;
    return sound->at;
}

static sf_count_t draft_read(void *buffer, sf_count_t count, void *user)
{
    struct sound *sound = user;
    ssize_t n = pread(sound->draft->fd, buffer, (size_t)count, sound->at);
    if (n > 0) sound->at += n;
    return n > 0 ? n : 0;
}

/* libsndfile forgets errors of writes inside its own closing: they are kept here. */
static sf_count_t draft_write(const void *buffer, sf_count_t count, void *user)
{
    struct sound *sound = user;
    const char *from = buffer;
    for (sf_count_t done = 0; done < count;) {
        ssize_t n = pwrite(sound->draft->fd, from + done, (size_t)(count - done), sound->at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            if (!sound->io_error) sound->io_error = n < 0 ? errno : ENOSPC;
            return done;
        }
        done += n;
        sound->at += n;
    }
    return count;
}

static sf_count_t draft_tell(void *user)
{
    const struct sound *sound = user;
    return sound->at;
}

static SF_VIRTUAL_IO draft_io = {draft_size, draft_seek, draft_read, draft_write, draft_tell};

static gait_status check_io(const struct sound *sound, gait_error *err)
{
    char reason[96] = "unknown error";
    if (!sound->io_error) return GAIT_OK;
    if (strerror_r(sound->io_error, reason, sizeof reason)) reason[0] = '\0';
    return gait_fail(err, GAIT_IO, "%s: cannot write: %s", sound->draft->name, reason);
}

/* Read back by sound_info.c. */
static void set_words(const struct sound *sound, const gait_writer_options *options)
{
    char rate[NUMBER_ROOM], full[NUMBER_ROOM], gyro_full[NUMBER_ROOM], text[512];
    const char *gyro = options->has_gyro ? ",gx,gy,gz" : "";
    text_print(text, sizeof text,
               "Channels: ax,ay,az%s\nUnit: g\nFull-Scale: %s\nGyro-Unit: deg/s\n"
               "Gyro-Full-Scale: %s\nSample-Rate-Hz: %s\n",
               gyro, number_to_text(sound->full_scale[0], full),
               number_to_text(sound->full_scale[3], gyro_full),
               number_to_text(sound->rate_hz, rate));
    sf_set_string(sound->file, SF_STR_COMMENT, text);
}

static gait_status open_file(struct sound *sound, const gait_writer_options *options,
                             gait_error *err)
{
    double whole_hz = fmax(1, round(options->rate_hz));
    SF_INFO info = {.samplerate = (int)whole_hz,
                    .channels = sound->n_channels,
                    .format = sound->is_flac ? SF_FORMAT_FLAC | SF_FORMAT_PCM_24
                                             : SF_FORMAT_WAV | SF_FORMAT_FLOAT};
    sound_lock();
    sound->file = sf_open_virtual(&draft_io, SFM_WRITE, &info, sound);
    gait_status st = sound->file
                         ? GAIT_OK
                         : gait_fail(err, GAIT_CANNOT_CREATE, "%s: cannot begin a sound file: %s",
                                     sound->draft->name, sf_strerror(NULL));
    sound_unlock();
    if (st) return st;
    /* Its chunk of peaks holds the time of day: the same samples would not give the same bytes. */
    sf_command(sound->file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
    set_words(sound, options);
    return GAIT_OK;
}

static void close_sound(void *state)
{
    struct sound *sound = state;
    if (!sound) return;
    if (sound->file) sf_close(sound->file);
    free(sound);
}

static gait_status open_sound(void **state, struct file_draft *draft,
                              const gait_writer_options *options, int is_flac,
                              struct writer_sidecar *out, gait_error *err)
{
    if (!(options->rate_hz > 0))
        return gait_fail(err, GAIT_INVALID, "%s: a sound file needs its sampling rate",
                         draft->name);
    struct sound *sound = calloc(1, sizeof *sound);
    if (!sound) return gait_fail(err, GAIT_NOMEM, "%s", draft->name);
    sound->draft = draft;
    sound->is_flac = is_flac;
    sound->rate_hz = options->rate_hz;
    sound->n_channels = options->has_gyro ? 6 : 3;
    double range_g = isnan(options->range_g) ? 16 : options->range_g;
    double range_dps = isnan(options->range_dps) ? 2000 : options->range_dps;
    for (int c = 0; c < CHANNELS; c++)
        sound->full_scale[c] = !is_flac ? 1 : c < 3 ? range_g : range_dps;
    out->has_channels = 1;
    out->full_scale = sound->full_scale[0];
    out->gyro_full_scale = sound->full_scale[3];
    gait_status st = open_file(sound, options, err);
    if (st)
        close_sound(sound);
    else
        *state = sound;
    return st;
}

static gait_status open_wav(void **state, struct file_draft *draft,
                            const gait_writer_options *options, struct writer_sidecar *out,
                            gait_error *err)
{
    return open_sound(state, draft, options, 0, out, err);
}

static gait_status open_flac(void **state, struct file_draft *draft,
                             const gait_writer_options *options, struct writer_sidecar *out,
                             gait_error *err)
{
    return open_sound(state, draft, options, 1, out, err);
}

/* No gap of half a sample, and no more than 0.1 % and two samples away from the one rate. */
static gait_status check_time(struct sound *sound, size_t n, const double *time_s, gait_error *err)
{
    double frame_s = 1 / sound->rate_hz;
    if (!sound->n) {
        sound->first_s = time_s[0];
        sound->last_s = time_s[0] - frame_s;
    }
    for (size_t i = 0; i < n; i++, sound->n++) {
        double since_s = time_s[i] - sound->first_s, place_s = (double)sound->n * frame_s;
        if (!(fabs(time_s[i] - sound->last_s - frame_s) <= 0.5 * frame_s))
            return gait_fail(err, GAIT_INVALID,
                             "%s: %g s into the recording is a gap, which a sound file cannot "
                             "hold; write .csv or .h5",
                             sound->draft->name, since_s);
        if (!(fabs(since_s - place_s) <= 0.001 * place_s + 2 * frame_s))
            return gait_fail(err, GAIT_INVALID,
                             "%s: the sample of second %g lies at second %g by a rate of %g Hz; "
                             "resample or write .csv or .h5",
                             sound->draft->name, since_s, place_s, sound->rate_hz);
        sound->last_s = time_s[i];
    }
    return GAIT_OK;
}

static void interleave(struct sound *sound, size_t n, const float *accel_g, const float *gyro_dps)
{
    size_t step = (size_t)sound->n_channels;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < 3; k++) {
            sound->samples[i * step + k] = accel_g[3 * i + k];
            if (gyro_dps) sound->samples[i * step + 3 + k] = gyro_dps[3 * i + k];
        }
}

static gait_status to_steps(struct sound *sound, size_t n, gait_error *err)
{
    for (size_t i = 0; i < n * (size_t)sound->n_channels; i++) {
        size_t channel = i % (size_t)sound->n_channels;
        double step = round((double)sound->samples[i] / sound->full_scale[channel] * FULL_24_BIT);
        if (!(step >= -FULL_24_BIT && step < FULL_24_BIT + 0.5))
            return gait_fail(err, GAIT_INVALID,
                             "%s: a sample of %g %s does not fit into the full scale of %g",
                             sound->draft->name, (double)sound->samples[i],
                             channel < 3 ? "g" : "deg/s", sound->full_scale[channel]);
        /* libsndfile keeps the upper 24 of 32 bits; +1 itself has no code. */
        sound->steps[i] = (int)fmin(step, FULL_24_BIT - 1) * 256;
    }
    return GAIT_OK;
}

static gait_status write_some(struct sound *sound, size_t n, gait_error *err)
{
    sf_count_t wrote, wanted = (sf_count_t)n;
    if (sound->is_flac) {
        TRY(to_steps(sound, n, err));
        wrote = sf_writef_int(sound->file, sound->steps, wanted);
    } else {
        wrote = sf_writef_float(sound->file, sound->samples, wanted);
    }
    TRY(check_io(sound, err));
    if (wrote == wanted) return GAIT_OK;
    return gait_fail(err, GAIT_IO, "%s: cannot write: %s", sound->draft->name,
                     sf_strerror(sound->file));
}

/* RF64 would go on, but libsndfile cannot be kept from writing the time of day into it. */
static gait_status check_size(const struct sound *sound, size_t n, gait_error *err)
{
    const uint64_t most_bytes = UINT64_C(0xffff0000);
    uint64_t frame_bytes = (uint64_t)sound->n_channels * sizeof(float);
    if (sound->is_flac || sound->n + n <= most_bytes / frame_bytes) return GAIT_OK;
    return gait_fail(err, GAIT_INVALID, "%s: a WAV file ends at 4 GiB; write .h5 or .flac",
                     sound->draft->name);
}

static gait_status write_frames(void *state, size_t n, const double *time_s, const float *accel_g,
                                const float *gyro_dps, gait_error *err)
{
    struct sound *sound = state;
    TRY(check_size(sound, n, err));
    TRY(check_time(sound, n, time_s, err));
    for (size_t at = 0; at < n;) {
        size_t some = n - at < FRAMES_PER_WRITE ? n - at : FRAMES_PER_WRITE;
        interleave(sound, some, accel_g + 3 * at, gyro_dps ? gyro_dps + 3 * at : NULL);
        TRY(write_some(sound, some, err));
        at += some;
    }
    return GAIT_OK;
}

static gait_status finish(void *state, gait_error *err)
{
    struct sound *sound = state;
    int closed = sf_close(sound->file);
    sound->file = NULL;
    TRY(check_io(sound, err));
    if (closed == 0) return GAIT_OK;
    return gait_fail(err, GAIT_IO, "%s: cannot finish: %s", sound->draft->name,
                     sf_error_number(closed));
}

const struct writer_format writer_wav = {"wav", open_wav, write_frames, finish, close_sound};
const struct writer_format writer_flac = {"flac", open_flac, write_frames, finish, close_sound};
