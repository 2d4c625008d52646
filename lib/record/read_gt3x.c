/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "base/text.h"
#include "record/format.h"
#include "record/words.h"
#include "record/zip_file.h"

/* ActiGraph .gt3x: a ZIP archive of info.txt ("Key: value" lines) and the samples.
 *
 * log.bin (since about 2011) is a row of records: 0x1e, type, seconds since 1970 of the local wall
 * clock (32 bit, least significant byte first as everything but samples of type 0), length of the
 * payload (16 bit), payload, and the complement of the exclusive-or of all bytes before. A record
 * of samples holds one second. Devices sleep when still: a second that is not there is a gap.
 * Seconds may come twice or out of order.
 *
 * activity.bin (before) is nothing but samples from the start date on. */

enum {
    ROOM = 1 << 18,
    LONGEST_RECORD = 8 + 65535 + 1,
    MOST_PER_SECOND = 1024,
    WAITING = 16, /* seconds that may be out of order */
    FRAMES_PER_READ = 4096,
    LARGEST_INFO = 1 << 16
};

enum { SEPARATOR = 0x1e, ACTIVITY = 0, PARAMETERS = 21, ACTIVITY2 = 26 };

static const double ticks_per_s = 1e7;
static const double year_one_to_1970_s = 62135596800.0;

struct info {
    char serial[32], firmware[16], device[32];
    double rate_hz, range_g;
    double steps_per_g;  /* NaN if not stated */
    double start_s;      /* local wall clock; NaN if unset */
    double utc_offset_s; /* NaN if not stated */
    gait_placement placement;
    gait_side side;
};

/* One second of samples. */
struct second {
    uint32_t time_s;
    size_t n;
    float accel[3 * MOST_PER_SECOND];
};

struct reader {
    struct zip_file *zip;
    struct zip_member *member;
    struct info info;
    int is_log;
    int rotated; /* firmware that swapped two axes */

    unsigned char bytes[ROOM];
    unsigned char parity[ROOM + 1]; /* exclusive-or of all bytes before: any checksum in one step */
    size_t n_bytes, at;
    uint64_t before; /* bytes of the member before these */
    int ended, out_of_step;
    struct damage bad; /* since the last read */
    uint64_t n_duplicates;

    struct second *waiting[WAITING + 1]; /* in order of time; the first n_waiting are used */
    size_t n_waiting;
    double zero_s, last_s; /* local wall clock: of stamp 0, of the last second given out */
    int has_last;

    uint64_t n_told; /* samples of activity.bin */
    size_t n;
    double stamp_s[FRAMES_PER_READ + MOST_PER_SECOND];
    float accel[3 * (FRAMES_PER_READ + MOST_PER_SECOND)];
    uint8_t marks[FRAMES_PER_READ + MOST_PER_SECOND];
};

/* .NET: tenths of microseconds since the year 1; 0 is "not set". */
static double ticks_line(const char *text, size_t n, const char *key)
{
    double ticks;
    if (!key_line_number(text, n, key, &ticks) || !(ticks > 0)) return NAN;
    return ticks / ticks_per_s - year_one_to_1970_s;
}

/* "-05:00:00", "02:00:00". */
static double zone_line(const char *text, size_t n)
{
    char zone[32];
    double hours, minutes;
    if (!key_line(text, n, "TimeZone", zone, sizeof zone)) return NAN;
    const char *at = zone + (zone[0] == '-' || zone[0] == '+');
    size_t taken = number_parse(at, strlen(at), '.', &hours);
    if (!taken || at[taken] != ':') return NAN;
    at += taken + 1;
    if (!number_parse(at, strlen(at), '.', &minutes)) return NAN;
    if (!(hours >= 0 && hours <= 15 && minutes >= 0 && minutes < 60)) return NAN;
    return (zone[0] == '-' ? -60 : 60) * (60 * hours + minutes);
}

static void parse_info(struct info *info, const char *text, size_t n)
{
    char limb[32];
    info->rate_hz = info->range_g = info->steps_per_g = NAN;
    key_line(text, n, "Serial Number", info->serial, sizeof info->serial);
    key_line(text, n, "Firmware", info->firmware, sizeof info->firmware);
    key_line(text, n, "Device Type", info->device, sizeof info->device);
    key_line_number(text, n, "Sample Rate", &info->rate_hz);
    key_line_number(text, n, "Acceleration Scale", &info->steps_per_g);
    key_line_number(text, n, "Acceleration Max", &info->range_g);
    if (key_line(text, n, "Limb", limb, sizeof limb))
        place_from_words(limb, &info->placement, &info->side);
    if (key_line(text, n, "Side", limb, sizeof limb))
        place_from_words(limb, &info->placement, &info->side);
    info->start_s = ticks_line(text, n, "Start Date");
    info->utc_offset_s = zone_line(text, n);
    /* Devices that state no scale. */
    bool old = text_starts_with(info->serial, "NEO") || text_starts_with(info->serial, "CLE");
    bool newer = text_starts_with(info->serial, "MOS") || text_starts_with(info->serial, "TAS");
    if (isnan(info->steps_per_g) && (old || newer)) info->steps_per_g = old ? 341 : 256;
    if (isnan(info->range_g) && (old || newer)) info->range_g = old ? 6 : 8;
}

/* 24-bit mantissa of 2^23 and 8-bit exponent, both two's complement. */
static double parameter_number(uint32_t bits)
{
    int32_t mantissa = (int32_t)(bits << 8) >> 8;
    int exponent = (int)((bits >> 24) ^ 0x80) - 0x80;
    return ldexp(mantissa / 8388608.0, exponent);
}

/* Entries of address space, identifier, value; (0, 55) is steps per g. */
static void take_parameters(struct reader *reader, const unsigned char *payload, size_t size)
{
    for (size_t at = 0; at + 8 <= size; at += 8) {
        if (le16(payload + at) != 0 || le16(payload + at + 2) != 55) continue;
        double scale = parameter_number(le32(payload + at + 4));
        if (scale >= 1 && scale <= 100000) reader->info.steps_per_g = scale;
    }
}

static int16_t signed_12_bit(unsigned value)
{
    return (int16_t)((int)(value ^ 0x800) - 0x800);
}

/* y, x, z in 12 bits each, most significant bit first: two samples in nine bytes. Reads one sample
 * at the given nibble. */
static void unpack_12_bit(const unsigned char *bytes, size_t sample, double per_step, float *accel)
{
    const unsigned char *b = bytes + 9 * (sample / 2);
    unsigned y, x, z;
    if (sample % 2 == 0) {
        y = (unsigned)(b[0] << 4 | b[1] >> 4);
        x = (unsigned)((b[1] & 15) << 8 | b[2]);
        z = (unsigned)(b[3] << 4 | b[4] >> 4);
    } else {
        y = (unsigned)((b[4] & 15) << 8 | b[5]);
        x = (unsigned)(b[6] << 4 | b[7] >> 4);
        z = (unsigned)((b[7] & 15) << 8 | b[8]);
    }
    accel[0] = (float)(signed_12_bit(x) * per_step);
    accel[1] = (float)(signed_12_bit(y) * per_step);
    accel[2] = (float)(signed_12_bit(z) * per_step);
}

static void rotate(struct second *second)
{
    for (size_t i = 0; i < second->n; i++) {
        float x = second->accel[3 * i];
        second->accel[3 * i] = second->accel[3 * i + 1];
        second->accel[3 * i + 1] = -x;
    }
}

/* False if the payload cannot be one second of samples. */
static bool unpack_second(const struct reader *reader, int type, const unsigned char *payload,
                          size_t size, struct second *second)
{
    double per_g = reader->info.steps_per_g;
    double per_step = 1 / per_g;
    second->n = type == ACTIVITY ? 2 * size / 9 : size / 6;
    if (!(per_g > 0) || !second->n || second->n > MOST_PER_SECOND) return false;
    if (type == ACTIVITY) {
        for (size_t i = 0; i < second->n; i++)
            unpack_12_bit(payload, i, per_step, second->accel + 3 * i);
    } else {
        for (size_t i = 0; i < 3 * second->n; i++)
            second->accel[i] = (float)(le16s(payload + 2 * i) * per_step);
    }
    if (reader->rotated) rotate(second);
    return true;
}

/* Into its place among those waiting; the last slot is free. */
static void sort_in(struct reader *reader, struct second *second)
{
    size_t i = reader->n_waiting;
    while (i > 0 && reader->waiting[i - 1]->time_s > second->time_s) i--;
    if (i > 0 && reader->waiting[i - 1]->time_s == second->time_s) {
        reader->n_duplicates += second->n;
        return;
    }
    memmove(reader->waiting + i + 1, reader->waiting + i,
            (reader->n_waiting - i) * sizeof *reader->waiting);
    reader->waiting[i] = second;
    reader->n_waiting++;
}

/* At this place in the buffer. */
static void note_damage(struct reader *reader, size_t at)
{
    damage_add(&reader->bad, "byte", reader->before + at);
}

static void take_second(struct reader *reader, int type, uint32_t time_s,
                        const unsigned char *payload, size_t size)
{
    if (size < 2) return; /* the plug of a USB cable, not samples */
    struct second *second = reader->waiting[reader->n_waiting];
    second->time_s = time_s;
    if (!unpack_second(reader, type, payload, size, second))
        note_damage(reader, (size_t)(payload - reader->bytes) - 8);
    else if (reader->has_last && time_s <= reader->last_s)
        reader->n_duplicates += second->n;
    else
        sort_in(reader, second);
}

/* Keeps what is not read yet and fills the buffer behind it. */
static gait_status refill(struct reader *reader, gait_error *err)
{
    size_t left = reader->n_bytes - reader->at, n = 0;
    int cut = 0;
    memmove(reader->bytes, reader->bytes + reader->at, left);
    reader->before += reader->at;
    reader->at = 0;
    TRY(zip_member_read(reader->member, reader->bytes + left, ROOM - left, &n, &cut, err));
    reader->n_bytes = left + n;
    if (cut) note_damage(reader, reader->n_bytes);
    if (!n) reader->ended = 1;
    unsigned char parity = 0;
    for (size_t i = 0; i < reader->n_bytes; i++) {
        parity ^= reader->bytes[i];
        reader->parity[i + 1] = parity;
    }
    return GAIT_OK;
}

/* Length of the good record at the front, 0 if there is none. */
static size_t good_record(const struct reader *reader)
{
    const unsigned char *b = reader->bytes + reader->at;
    size_t left = reader->n_bytes - reader->at;
    if (left < 9 || b[0] != SEPARATOR) return 0;
    size_t size = le16(b + 6), before_checksum = reader->at + 8 + size;
    if (left < 8 + size + 1) return 0;
    unsigned parity = reader->parity[before_checksum] ^ reader->parity[reader->at];
    return (~parity & 0xff) == reader->bytes[before_checksum] ? 8 + size + 1 : 0;
}

/* To the next byte that may begin a record; zeros between records are padding, anything else is
 * damage, counted once. */
static void step_over(struct reader *reader)
{
    if (reader->bytes[reader->at] != 0 && !reader->out_of_step) {
        reader->out_of_step = 1;
        note_damage(reader, reader->at);
    }
    reader->at++;
    const unsigned char *from = reader->bytes + reader->at;
    if (!reader->out_of_step) return;
    const unsigned char *next = memchr(from, SEPARATOR, reader->n_bytes - reader->at);
    reader->at = next ? (size_t)(next - reader->bytes) : reader->n_bytes;
}

static gait_status take_record(struct reader *reader, gait_error *err)
{
    if (reader->n_bytes - reader->at < LONGEST_RECORD && !reader->ended) TRY(refill(reader, err));
    if (reader->at == reader->n_bytes) return GAIT_OK;
    size_t length = good_record(reader);
    if (!length) {
        step_over(reader);
        return GAIT_OK;
    }
    const unsigned char *b = reader->bytes + reader->at, *payload = b + 8;
    reader->out_of_step = 0;
    reader->at += length;
    if (b[1] == PARAMETERS) take_parameters(reader, payload, length - 9);
    if (b[1] == ACTIVITY || b[1] == ACTIVITY2)
        take_second(reader, b[1], le32(b + 2), payload, length - 9);
    return GAIT_OK;
}

static gait_status fill_waiting(struct reader *reader, gait_error *err)
{
    while (reader->n_waiting < WAITING && !(reader->ended && reader->at == reader->n_bytes))
        TRY(take_record(reader, err));
    return GAIT_OK;
}

/* A sensor feels gravity: exactly 0, 0, 0 is what a device or program writes in place of data. */
static void append_frame(struct reader *reader, double stamp_s, const float *accel)
{
    size_t i = reader->n++;
    bool filler = fabsf(accel[0]) + fabsf(accel[1]) + fabsf(accel[2]) <= 0;
    reader->stamp_s[i] = stamp_s;
    memcpy(reader->accel + 3 * i, accel, 3 * sizeof *accel);
    reader->marks[i] = filler ? GAIT_FRAME_FILLER : 0;
}

static void give_second(struct reader *reader)
{
    struct second *second = reader->waiting[0];
    double per_second = fmax(reader->info.rate_hz, (double)second->n);
    for (size_t i = 0; i < second->n; i++)
        append_frame(reader, second->time_s - reader->zero_s + (double)i / per_second,
                     second->accel + 3 * i);
    reader->last_s = second->time_s;
    reader->has_last = 1;
    reader->n_waiting--;
    memmove(reader->waiting, reader->waiting + 1, reader->n_waiting * sizeof *reader->waiting);
    reader->waiting[reader->n_waiting] = second;
}

static gait_status read_log(struct reader *reader, int *new_segment, gait_error *err)
{
    while (reader->n < FRAMES_PER_READ) {
        TRY(fill_waiting(reader, err));
        if (!reader->n_waiting) break;
        bool follows = reader->has_last && reader->waiting[0]->time_s <= reader->last_s + 1;
        if (!follows && reader->n) break;
        if (!follows) *new_segment = 1;
        give_second(reader);
    }
    return GAIT_OK;
}

/* 4096 samples are a whole number of bytes, so that each read begins with an even sample. */
static gait_status read_activity(struct reader *reader, gait_error *err)
{
    size_t n = 0;
    int cut = 0;
    float accel[3];
    double per_step = 1 / reader->info.steps_per_g;
    TRY(zip_member_read(reader->member, reader->bytes, FRAMES_PER_READ / 2 * 9, &n, &cut, err));
    if (cut) note_damage(reader, n);
    reader->before += n;
    memset(reader->bytes + n, 0, 9);
    for (size_t i = 0; i < 2 * n / 9; i++, reader->n_told++) {
        unpack_12_bit(reader->bytes, i, per_step, accel);
        append_frame(reader, (double)reader->n_told / reader->info.rate_hz, accel);
    }
    return GAIT_OK;
}

static gait_status read_frames(void *state, struct frames *out, gait_error *err)
{
    struct reader *reader = state;
    int new_segment = 0;
    reader->n = 0;
    TRY(reader->is_log ? read_log(reader, &new_segment, err) : read_activity(reader, err));
    *out = (struct frames){.n = reader->n,
                           .stamp_s = reader->stamp_s,
                           .accel = reader->accel,
                           .marks = reader->marks,
                           .new_segment = new_segment,
                           .bad = damage_take(&reader->bad),
                           .n_duplicates = reader->n_duplicates};
    reader->n_duplicates = 0;
    return GAIT_OK;
}

static void close_reader(void *state)
{
    struct reader *reader = state;
    zip_member_close(&reader->member);
    zip_file_close(&reader->zip);
    for (size_t i = 0; i <= WAITING; i++) free(reader->waiting[i]);
    free(reader);
}

static void describe(const struct reader *reader, struct description *out)
{
    const struct info *info = &reader->info;
    text_print(out->evidence, sizeof out->evidence, "ZIP archive with info.txt and %s",
               reader->is_log ? "log.bin" : "activity.bin");
    text_print(out->device, sizeof out->device, "ActiGraph %s%s%s", info->device,
               info->device[0] ? " " : "", info->serial);
    text_print(out->column_evidence, sizeof out->column_evidence, "the format's own axes%s",
               reader->rotated ? ", with x and y put right for firmware 1.6.0" : "");
    text_print(out->time_evidence, sizeof out->time_evidence, "%s",
               reader->is_log ? "whole seconds of the device's clock"
                              : "one row of samples from the start date on");
    text_print(out->unit, sizeof out->unit, "g");
    out->feels_gravity = 1;
    text_print(out->unit_evidence, sizeof out->unit_evidence, "%g steps per g", info->steps_per_g);
    out->placement = info->placement;
    out->side = info->side;
    out->nominal_rate_hz = info->rate_hz;
    out->range_g = info->range_g;
    out->has_stamps = 1;
    bool zone = !isnan(info->utc_offset_s);
    out->start_unix_s = zone ? reader->zero_s - info->utc_offset_s : reader->zero_s;
    out->time_kind = isnan(reader->zero_s) ? GAIT_TIME_UNKNOWN
                     : zone                ? GAIT_TIME_LOCAL_WITH_OFFSET
                                           : GAIT_TIME_LOCAL_UNKNOWN;
    out->utc_offset_s = info->utc_offset_s;
}

static gait_status read_info(struct reader *reader, const char *name, gait_error *err)
{
    size_t index, n = 0;
    if (!zip_file_find(reader->zip, "info.txt", &index))
        return gait_fail(err, GAIT_FORMAT, "%s: no info.txt in this ActiGraph archive", name);
    char *text = malloc(LARGEST_INFO);
    if (!text) return gait_fail(err, GAIT_NOMEM, "%s", name);
    gait_status st = zip_file_load(reader->zip, index, text, LARGEST_INFO, &n, err);
    if (!st) parse_info(&reader->info, text, n);
    free(text);
    reader->rotated =
        text_starts_with(reader->info.serial, "MOS") && text_equal(reader->info.firmware, "1.6.0");
    return st;
}

static gait_status open_samples(struct reader *reader, const char *name, gait_error *err)
{
    size_t index;
    reader->is_log = zip_file_find(reader->zip, "log.bin", &index);
    if (!reader->is_log && !zip_file_find(reader->zip, "activity.bin", &index))
        return gait_fail(err, GAIT_FORMAT, "%s: neither log.bin nor activity.bin in this archive",
                         name);
    for (size_t i = 0; i <= WAITING; i++)
        if (!(reader->waiting[i] = malloc(sizeof *reader->waiting[i])))
            return gait_fail(err, GAIT_NOMEM, "%s", name);
    return zip_member_open(&reader->member, reader->zip, index, err);
}

/* The first seconds tell the start, which may be hours after the start date, and the scale. */
static gait_status find_start(struct reader *reader, const char *name, gait_error *err)
{
    reader->zero_s = reader->info.start_s;
    if (reader->is_log) {
        TRY(fill_waiting(reader, err));
        if (!reader->n_waiting)
            return gait_fail(err, GAIT_FORMAT, "%s: log.bin holds no second of acceleration", name);
        reader->zero_s = reader->waiting[0]->time_s;
    }
    bool has_rate = reader->info.rate_hz >= 1 && reader->info.rate_hz <= MOST_PER_SECOND;
    if (!has_rate && reader->is_log) reader->info.rate_hz = (double)reader->waiting[0]->n;
    if ((!has_rate && !reader->is_log) || !(reader->info.steps_per_g > 0))
        return gait_fail(err, GAIT_FORMAT, "%s: info.txt states no %s", name,
                         has_rate ? "scale, and the device is unknown" : "sampling rate");
    return GAIT_OK;
}

static gait_status open_recording(struct source *source, const gait_recording_options *options,
                                  const struct sidecar *sidecar, struct description *out,
                                  void **state, gait_error *err)
{
    (void)options, (void)sidecar;
    const char *name = source_name(source);
    struct reader *reader = *state = calloc(1, sizeof *reader);
    if (!reader) return gait_fail(err, GAIT_NOMEM, "%s", name);
    TRY(zip_file_open(&reader->zip, source, err));
    TRY(read_info(reader, name, err));
    TRY(open_samples(reader, name, err));
    TRY(find_start(reader, name, err));
    describe(reader, out);
    return GAIT_OK;
}

static bool names_member(const unsigned char *head, size_t n, const char *name)
{
    size_t k = strlen(name);
    for (size_t at = 0; at + k <= n; at++)
        if (head[at] == (unsigned char)name[0] && !memcmp(head + at, name, k)) return true;
    return false;
}

static int probe_gt3x(const unsigned char *head, size_t n, const char *name, const char *extension)
{
    (void)name;
    if (n < 4 || memcmp(head, "PK\3\4", 4) != 0) return 0;
    if (!strcmp(extension, "gt3x")) return 90;
    bool info = names_member(head, n, "info.txt");
    return info && (names_member(head, n, "log.bin") || names_member(head, n, "activity.bin")) ? 85
                                                                                               : 0;
}

const struct format format_gt3x = {
    .pub = {"gt3x", "ActiGraph recordings: log.bin or activity.bin in a ZIP archive", "gt3x"},
    .probe = probe_gt3x,
    .open = open_recording,
    .read = read_frames,
    .close = close_reader,
};
