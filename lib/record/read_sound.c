/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/lock.h"
#include "base/text.h"
#include "record/format.h"
#include "record/sound_info.h"

/* Samples in sound containers. A sound file knows neither units nor axes, and players normalise:
 * what the numbers mean must be said by the sidecar or by text inside the file; it is never
 * guessed. omconvert's multichannel WAV says it in its own words (sound_info.c). */

enum { FRAMES_PER_READ = 4096, MOST_CHANNELS = 64, AUX_MISSING = 0x8000, AUX_CLIPPED = 0x4000 };

/* Bytes in memory behind libsndfile's file calls. */
struct memory {
    const unsigned char *bytes;
    sf_count_t size;
    sf_count_t at;
};

struct sound {
    SNDFILE *file;
    struct memory memory;
    struct sound_layout layout;
    enum storage storage;
    size_t n_channels;
    void *raw; /* FRAMES_PER_READ x n_channels as stored */
    float accel[3 * FRAMES_PER_READ];
    float gyro[3 * FRAMES_PER_READ];
    uint8_t marks[FRAMES_PER_READ];
};

static sf_count_t memory_size(void *user)
{
    const struct memory *memory = user;
    return memory->size;
}

static sf_count_t memory_seek(sf_count_t offset, int whence, void *user)
{
    struct memory *memory = user;
    sf_count_t from = whence == SEEK_CUR ? memory->at : whence == SEEK_END ? memory->size : 0;
    if (offset < -from || offset > memory->size - from) return -1;
    memory->at = from + offset;
    return memory->at;
}

static sf_count_t memory_read(void *buffer, sf_count_t count, void *user)
{
    struct memory *memory = user;
    sf_count_t left = memory->size - memory->at;
    sf_count_t n = count < left ? count : left;
    if (n <= 0) return 0;
    memcpy(buffer, memory->bytes + memory->at, (size_t)n);
    memory->at += n;
    return n;
}

static sf_count_t memory_write(const void *buffer, sf_count_t count, void *user)
{
    (void)buffer, (void)count, (void)user;
    return 0;
}

static sf_count_t memory_tell(void *user)
{
    const struct memory *memory = user;
    return memory->at;
}

static SF_VIRTUAL_IO memory_io = {memory_size, memory_seek, memory_read, memory_write, memory_tell};

/* libsndfile keeps the reason of a failed open for the whole process, hence the lock. */
static gait_status open_sound(struct sound *sound, struct source *source, SF_INFO *info,
                              gait_error *err)
{
    const char *path = NULL;
    const void *bytes = NULL;
    size_t size = 0;
    TRY(source_random_access(source, &path, &bytes, &size, err));
    sound->memory = (struct memory){bytes, (sf_count_t)size, 0};
    sound_lock();
    sound->file = path ? sf_open(path, SFM_READ, info)
                       : sf_open_virtual(&memory_io, SFM_READ, info, &sound->memory);
    gait_status st = sound->file ? GAIT_OK
                                 : gait_fail(err, GAIT_FORMAT, "%s: not a readable sound file: %s",
                                             source_name(source), sf_strerror(NULL));
    sound_unlock();
    return st;
}

static bool known_container(int format)
{
    switch (format & SF_FORMAT_TYPEMASK) {
    case SF_FORMAT_WAV:
    case SF_FORMAT_WAVEX:
    case SF_FORMAT_RF64:
    case SF_FORMAT_W64:
    case SF_FORMAT_CAF:
    case SF_FORMAT_AIFF:
    case SF_FORMAT_FLAC: return true;
    default: return false;
    }
}

static bool find_storage(int format, enum storage *storage)
{
    switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_16: *storage = STORED_SHORT; return true;
    case SF_FORMAT_PCM_24:
    case SF_FORMAT_PCM_32: *storage = STORED_INT; return true;
    case SF_FORMAT_FLOAT: *storage = STORED_FLOAT; return true;
    case SF_FORMAT_DOUBLE: *storage = STORED_DOUBLE; return true;
    default: return false;
    }
}

/* What one stored unit is of full scale; libsndfile shifts 24 bits up to the top of an int. */
static double unit_step(enum storage storage)
{
    switch (storage) {
    case STORED_SHORT: return 1.0 / 32768;
    case STORED_INT: return 1.0 / 2147483648.0;
    case STORED_FLOAT:
    case STORED_DOUBLE: break;
    }
    return 1;
}

static size_t bytes_per_sample(enum storage storage)
{
    static const size_t bytes[] = {sizeof(short), sizeof(int), sizeof(float), sizeof(double)};
    return bytes[storage];
}

static gait_status check_container(const struct source *source, const SF_INFO *info,
                                   enum storage *storage, gait_error *err)
{
    if (!known_container(info->format))
        return gait_fail(err, GAIT_UNSUPPORTED,
                         "%s: this sound container is not read; WAV, W64, RF64, CAF, AIFF and FLAC "
                         "are",
                         source_name(source));
    if (!find_storage(info->format, storage))
        return gait_fail(err, GAIT_UNSUPPORTED,
                         "%s: this sound encoding is not read; PCM of 16, 24 or 32 bits, float and "
                         "double are",
                         source_name(source));
    if (info->channels < 1 || info->channels > MOST_CHANNELS)
        return gait_fail(err, GAIT_UNSUPPORTED, "%s: %d channels; 1 to %d are read",
                         source_name(source), info->channels, (int)MOST_CHANNELS);
    if (info->samplerate < 1)
        return gait_fail(err, GAIT_FORMAT, "%s: a sampling rate of %d Hz", source_name(source),
                         info->samplerate);
    return GAIT_OK;
}

static void describe(const struct sound *sound, const SF_INFO *info, struct description *out)
{
    const struct sound_layout *layout = &sound->layout;
    SF_FORMAT_INFO major = {.format = info->format & SF_FORMAT_TYPEMASK};
    SF_FORMAT_INFO minor = {.format = info->format & SF_FORMAT_SUBMASK};
    sf_command(NULL, SFC_GET_FORMAT_INFO, &major, sizeof major);
    sf_command(NULL, SFC_GET_FORMAT_INFO, &minor, sizeof minor);
    text_print(out->evidence, sizeof out->evidence, "%s, %s, %d channels",
               major.name ? major.name : "sound", minor.name ? minor.name : "samples",
               info->channels);
    text_print(out->column_evidence, sizeof out->column_evidence, "%s", layout->column_evidence);
    text_print(out->unit_evidence, sizeof out->unit_evidence, "%s", layout->unit_evidence);
    text_print(out->time_evidence, sizeof out->time_evidence, "a sound file has one rate");
    text_print(out->device, sizeof out->device, "%s", layout->device);
    text_print(out->unit, sizeof out->unit, "%s", layout->unit);
    text_print(out->gyro_unit, sizeof out->gyro_unit, "%s", layout->gyro_unit);
    out->placement = layout->placement;
    out->side = layout->side;
    out->nominal_rate_hz = layout->rate_hz;
    out->range_g = layout->range_g;
    out->start_unix_s = layout->start_unix_s;
    out->time_kind = isnan(layout->start_unix_s) ? GAIT_TIME_UNKNOWN : GAIT_TIME_LOCAL_UNKNOWN;
    out->utc_offset_s = NAN;
    out->has_gyro = layout->gyro[0] >= 0;
    out->has_stamps = 0;
}

static gait_status read_layout(struct sound *sound, const struct source *source,
                               const struct sidecar *sidecar, const SF_INFO *info, gait_error *err)
{
    const struct sound_file_facts facts = {
        .name = source_name(source),
        .title = sf_get_string(sound->file, SF_STR_TITLE),
        .artist = sf_get_string(sound->file, SF_STR_ARTIST),
        .comment = sf_get_string(sound->file, SF_STR_COMMENT),
        .n_channels = sound->n_channels,
        .rate_hz = info->samplerate,
        .storage = sound->storage,
    };
    return sound_layout_find(&sound->layout, &facts, sidecar, err);
}

static void close_sound(void *state)
{
    struct sound *sound = state;
    if (sound->file) sf_close(sound->file);
    free(sound->raw);
    free(sound);
}

static gait_status open_recording(struct source *source, const gait_recording_options *options,
                                  const struct sidecar *sidecar, struct description *out,
                                  void **state, gait_error *err)
{
    (void)options;
    SF_INFO info = {0};
    struct sound *sound = *state = calloc(1, sizeof *sound);
    if (!sound) return gait_fail(err, GAIT_NOMEM, "%s", source_name(source));
    TRY(open_sound(sound, source, &info, err));
    TRY(check_container(source, &info, &sound->storage, err));
    sound->n_channels = (size_t)info.channels;
    TRY(read_layout(sound, source, sidecar, &info, err));
    sound->raw = malloc(FRAMES_PER_READ * sound->n_channels * bytes_per_sample(sound->storage));
    if (!sound->raw) return gait_fail(err, GAIT_NOMEM, "%s", source_name(source));
    describe(sound, &info, out);
    return GAIT_OK;
}

/* One channel of n interleaved frames into every third place of out. */
static void take_channel(const struct sound *sound, size_t n, int channel, double scale, float *out)
{
    size_t step = sound->n_channels, c = (size_t)channel;
    double k = scale * unit_step(sound->storage);
    switch (sound->storage) {
    case STORED_SHORT: {
        const short *x = sound->raw;
        for (size_t i = 0; i < n; i++) out[3 * i] = (float)(k * x[i * step + c]);
        break;
    }
    case STORED_INT: {
        const int *x = sound->raw;
        for (size_t i = 0; i < n; i++) out[3 * i] = (float)(k * x[i * step + c]);
        break;
    }
    case STORED_FLOAT: {
        const float *x = sound->raw;
        for (size_t i = 0; i < n; i++) out[3 * i] = (float)(k * (double)x[i * step + c]);
        break;
    }
    case STORED_DOUBLE: {
        const double *x = sound->raw;
        for (size_t i = 0; i < n; i++) out[3 * i] = (float)(k * x[i * step + c]);
        break;
    }
    }
}

/* omconvert: the last channel says which frames it made up, and which were at the limit. */
static void mark_frames(struct sound *sound, size_t n)
{
    const short *raw = sound->raw;
    for (size_t i = 0; i < n; i++) {
        const short *frame = raw + i * sound->n_channels;
        unsigned aux = (unsigned short)frame[sound->layout.aux];
        uint8_t mark = 0;
        if (aux & AUX_CLIPPED) mark = GAIT_FRAME_CLIPPED;
        if (aux & AUX_MISSING) mark = GAIT_FRAME_FILLER;
        sound->marks[i] = mark;
    }
}

static sf_count_t read_raw(struct sound *sound)
{
    switch (sound->storage) {
    case STORED_SHORT: return sf_readf_short(sound->file, sound->raw, FRAMES_PER_READ);
    case STORED_INT: return sf_readf_int(sound->file, sound->raw, FRAMES_PER_READ);
    case STORED_FLOAT: return sf_readf_float(sound->file, sound->raw, FRAMES_PER_READ);
    case STORED_DOUBLE: return sf_readf_double(sound->file, sound->raw, FRAMES_PER_READ);
    }
    return 0;
}

static gait_status read_frames(void *state, struct frames *out, gait_error *err)
{
    (void)err; /* what a cut file still holds is delivered; its length in the header is not believed
                */
    struct sound *sound = state;
    const struct sound_layout *layout = &sound->layout;
    sf_count_t got = read_raw(sound);
    size_t n = got > 0 ? (size_t)got : 0;
    *out = (struct frames){.n = n, .accel = sound->accel};
    if (!n) return GAIT_OK;
    for (int k = 0; k < 3; k++)
        take_channel(sound, n, layout->accel[k], layout->accel_scale[k], sound->accel + k);
    if (layout->gyro[0] >= 0) {
        for (int k = 0; k < 3; k++)
            take_channel(sound, n, layout->gyro[k], layout->gyro_scale[k], sound->gyro + k);
        out->gyro = sound->gyro;
    }
    if (layout->aux >= 0) {
        mark_frames(sound, n);
        out->marks = sound->marks;
    }
    return GAIT_OK;
}

static int probe_sound(const unsigned char *head, size_t n, const char *name, const char *extension)
{
    (void)name;
    static const struct {
        size_t at;
        const char *magic;
    } magics[] = {{8, "WAVE"}, {0, "caff"}, {0, "fLaC"}, {8, "AIFF"}, {8, "AIFC"}, {24, "wave"}};
    (void)extension;
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (n >= magics[i].at + 4 && !memcmp(head + magics[i].at, magics[i].magic, 4)) return 90;
    return 0;
}

const struct format format_sound = {
    .pub = {"sound",
            "Samples in a sound file, with their meaning in the sidecar or in its text (omconvert)",
            "wav w64 rf64 caf aif aiff flac"},
    .probe = probe_sound,
    .open = open_recording,
    .read = read_frames,
    .close = close_sound,
};
