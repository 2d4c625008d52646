/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/civil.h"
#include "base/fail.h"
#include "base/hot.h"
#include "base/text.h"
#include "record/format.h"
#include "record/stamps.h"
#include "record/words.h"

/* Axivity AX3 and AX6 (.cwa): a header of 1024 bytes, then blocks of 512 bytes, least significant
 * byte first. A block holds the device's clock at one of its samples; the sampling rate it states
 * is off by 1 to 2.4 % and wanders with temperature, so times come from these clocks alone, on
 * straight lines between them. A block that fails its checksum is dropped and leaves a gap. */

enum {
    BLOCK = 512,
    HEADER = 1024,
    BLOCKS_PER_LOAD = 64,
    MOST_PER_BLOCK = 120,
    ROOM = (BLOCKS_PER_LOAD + 2) * MOST_PER_BLOCK,
    MOST_SCALE = 4 /* 4096 steps per g; a larger one is damage */
};

enum packing { PACKED_10_BIT, ACCEL_16_BIT, GYRO_AND_ACCEL_16_BIT };

/* What one block says besides its samples. */
struct block {
    const unsigned char *data;
    uint32_t session, sequence;
    bool resumes;
    double rate_hz; /* nominal */
    double range_g;
    double clock_s;   /* the device's clock ... */
    double at_sample; /* ... at this sample of the block, which may lie outside it */
    size_t n;
    enum packing packing;
    size_t axes; /* 16-bit values per sample */
    float accel_step_g;
    float gyro_step_dps;
};

struct anchor {
    double index; /* frames since the segment began */
    double clock_s;
};

struct reader {
    struct source *source;
    unsigned char bytes[BLOCKS_PER_LOAD * BLOCK];
    size_t n_bytes, at;
    uint64_t before; /* bytes of the file before these */

    struct block next; /* checked, not yet taken in */
    bool has_next;
    bool has_gyro;
    bool at_end;
    bool prefetched;
    double range_g, nominal_hz;
    struct damage bad; /* since the last read */

    /* The segment that is being taken in. */
    bool open_segment;
    bool first_of_segment;
    uint32_t session, sequence;
    double rate_hz;
    double frame_s; /* seconds per frame, as last measured */
    struct anchor anchor;
    size_t n_anchors;
    double index; /* of frame 0 below */

    size_t n, n_stamped, n_given;
    double zero_s;
    double stamp_s[ROOM];
    float accel[3 * ROOM];
    float gyro[3 * ROOM];
};

/* Year since 2000, month, day, hour, minute, second in 6, 4, 5, 5, 6, 6 bits. */
static bool packed_time(uint32_t t, double *unix_s)
{
    struct civil c = {.year = 2000 + (int)(t >> 26),
                      .month = (int)(t >> 22 & 15),
                      .day = (int)(t >> 17 & 31),
                      .hour = (int)(t >> 12 & 31),
                      .minute = (int)(t >> 6 & 63),
                      .second = (double)(t & 63)};
    return civil_to_unix_s(&c, unix_s);
}

static double coded_rate_hz(unsigned code)
{
    return 3200.0 / (1 << (15 - (code & 15)));
}

static bool checksum_ok(const unsigned char *b)
{
    unsigned sum = 0;
    for (int i = 0; i < BLOCK; i += 2) sum += le16(b + i);
    return (sum & 0xffff) == 0;
}

static bool find_packing(struct block *block, unsigned code)
{
    unsigned axes = code >> 4, packing = code & 15;
    if (packing == 0 && axes == 3) {
        block->packing = PACKED_10_BIT;
        return block->n <= MOST_PER_BLOCK;
    }
    if (packing != 2 || (axes != 3 && axes != 6 && axes != 9)) return false;
    block->packing = axes == 3 ? ACCEL_16_BIT : GYRO_AND_ACCEL_16_BIT;
    block->axes = axes;
    return block->n <= 480 / (2 * axes);
}

/* Firmware of 2012 and before puts the rate in Hz where later ones put the sample of the clock, and
 * the device's number where they put the clock's fraction. */
static bool find_clock(struct block *block, const unsigned char *b)
{
    unsigned code = b[24], fraction = le16(b + 4);
    int offset = le16s(b + 26);
    if (!packed_time(le32(b + 14), &block->clock_s)) return false;
    block->rate_hz = code ? coded_rate_hz(code) : offset;
    block->range_g = 16 >> (code >> 6);
    block->at_sample = code ? offset : 0;
    if (!(block->rate_hz >= 1 && block->rate_hz <= 3200)) return false;
    if (fraction & 0x8000) {
        unsigned part = (fraction & 0x7fff) << 1; /* of 65536 */
        block->clock_s += part / 65536.0;
        block->at_sample += (part * (unsigned)block->rate_hz) >> 16;
    }
    return true;
}

static bool parse_block(struct block *block, const unsigned char *b)
{
    unsigned scales = le16(b + 18);
    if (b[0] != 'A' || b[1] != 'X' || le16(b + 2) != BLOCK - 4) return false;
    if (b[24] && !checksum_ok(b)) return false;
    block->data = b + 30;
    block->session = le32(b + 6);
    block->sequence = le32(b + 10);
    block->resumes = b[22] & 1;
    block->n = le16(b + 28);
    if (scales >> 13 > MOST_SCALE || !find_packing(block, b[25])) return false;
    block->accel_step_g = 1.0F / (float)(256 << (scales >> 13));
    block->gyro_step_dps = (float)(8000 >> (scales >> 10 & 7)) / 32768.0F;
    return find_clock(block, b);
}

/* A device does not gain or lose its gyroscope. */
static bool is_like_first(const struct reader *reader, const struct block *block)
{
    bool first = reader->nominal_hz <= 0;
    return first || reader->has_gyro == (block->packing == GYRO_AND_ACCEL_16_BIT);
}

static gait_status load(struct reader *reader, gait_error *err)
{
    reader->before += reader->n_bytes;
    reader->n_bytes = reader->at = 0;
    while (reader->n_bytes < sizeof reader->bytes) {
        size_t got = 0;
        TRY(source_read(reader->source, reader->bytes + reader->n_bytes,
                        sizeof reader->bytes - reader->n_bytes, &got, err));
        if (!got) break;
        reader->n_bytes += got;
    }
    return GAIT_OK;
}

/* The next good block into reader->next; damaged ones are counted. A download that was cut short
 * leaves blocks of 0xff or 0 behind, and a part of a block: they are no damage. */
static gait_status find_next(struct reader *reader, gait_error *err)
{
    while (!reader->has_next && !reader->at_end) {
        if (reader->n_bytes - reader->at < BLOCK) {
            TRY(load(reader, err));
            reader->at_end = reader->n_bytes < BLOCK;
            continue;
        }
        const unsigned char *b = reader->bytes + reader->at;
        reader->at += BLOCK;
        reader->has_next = parse_block(&reader->next, b) && is_like_first(reader, &reader->next);
        if (!reader->has_next && !all_bytes_are(b, BLOCK, b[0]))
            damage_add(&reader->bad, "byte", reader->before + (uint64_t)(b - reader->bytes));
    }
    return GAIT_OK;
}

/* Three 10-bit numbers and a common power of two in 32 bits. All of a block's room is unpacked, and
 * one axis at a time: loops of fixed length without branches are what compilers turn into vector
 * code. The power is put together as the bits of a float. */
HOT static void unpack_10_bit(const struct block *block, float *accel)
{
    enum { N = MOST_PER_BLOCK, BIAS = 127, MANTISSA = 23 };
    uint32_t word[N];
    float power[N], x[N], y[N], z[N];
    for (int i = 0; i < N; i++) word[i] = le32(block->data + 4 * i);
    for (int i = 0; i < N; i++) {
        uint32_t bits = ((word[i] >> 30) + BIAS) << MANTISSA;
        memcpy(&power[i], &bits, sizeof bits);
        power[i] *= block->accel_step_g;
    }
    for (int i = 0; i < N; i++) x[i] = (float)((int32_t)(word[i] << 22) >> 22) * power[i];
    for (int i = 0; i < N; i++) y[i] = (float)((int32_t)(word[i] << 12) >> 22) * power[i];
    for (int i = 0; i < N; i++) z[i] = (float)((int32_t)(word[i] << 2) >> 22) * power[i];
    for (int i = 0; i < N; i++) {
        accel[3 * i] = x[i];
        accel[3 * i + 1] = y[i];
        accel[3 * i + 2] = z[i];
    }
}

static void unpack_16_bit(const unsigned char *data, const struct block *block, float step,
                          float *out)
{
    for (size_t i = 0; i < block->n; i++)
        for (size_t k = 0; k < 3; k++)
            out[3 * i + k] = (float)le16s(data + 2 * (i * block->axes + k)) * step;
}

static void unpack(struct reader *reader, const struct block *block)
{
    float *accel = reader->accel + 3 * reader->n, *gyro = reader->gyro + 3 * reader->n;
    switch (block->packing) {
    case PACKED_10_BIT: unpack_10_bit(block, accel); break;
    case ACCEL_16_BIT: unpack_16_bit(block->data, block, block->accel_step_g, accel); break;
    case GYRO_AND_ACCEL_16_BIT:
        unpack_16_bit(block->data, block, block->gyro_step_dps, gyro);
        unpack_16_bit(block->data + 6, block, block->accel_step_g, accel);
        break;
    }
}

static void stamp_until(struct reader *reader, size_t end)
{
    size_t from = reader->n_stamped;
    double first_s = reader->anchor.clock_s - reader->zero_s;
    double first = reader->index - reader->anchor.index + (double)from;
    if (end <= from) return;
    stamps_lay(reader->stamp_s + from, end - from, first_s, first, reader->frame_s);
    reader->n_stamped = end;
}

/* Seconds per frame between the last clock and this one; NaN if that is no sampling rate near the
 * one stated, which is a jump of the clock. */
static double measured_frame_s(const struct reader *reader, struct anchor to)
{
    double frames = to.index - reader->anchor.index;
    double frame_s = (to.clock_s - reader->anchor.clock_s) / frames;
    if (!(frames > 0 && fabs(frame_s * reader->rate_hz - 1) < 0.1)) return NAN;
    return frame_s;
}

static bool goes_on(const struct reader *reader, const struct block *block)
{
    if (block->session != reader->session || block->sequence != reader->sequence + 1) return false;
    if (block->resumes || fabs(block->rate_hz - reader->rate_hz) > 1e-6) return false;
    struct anchor to = {reader->index + (double)reader->n + block->at_sample, block->clock_s};
    return !isnan(measured_frame_s(reader, to));
}

static void begin_segment(struct reader *reader, const struct block *block)
{
    bool other_rate = fabs(block->rate_hz - reader->rate_hz) > 1e-6;
    if (other_rate) reader->frame_s = 1 / block->rate_hz;
    reader->rate_hz = block->rate_hz;
    reader->open_segment = reader->first_of_segment = true;
    reader->n_anchors = 0;
    reader->index = 0;
}

static void take_in(struct reader *reader)
{
    const struct block *block = &reader->next;
    struct anchor to = {reader->index + (double)reader->n + block->at_sample, block->clock_s};
    unpack(reader, block);
    reader->n += block->n;
    if (reader->n_anchors) {
        reader->frame_s = measured_frame_s(reader, to);
        double end = to.index - reader->index;
        stamp_until(reader, end <= 0 ? 0 : end < (double)reader->n ? (size_t)end : reader->n);
    }
    reader->anchor = to;
    reader->n_anchors++;
    reader->session = block->session;
    reader->sequence = block->sequence;
    reader->has_next = false;
}

static void drop_given(struct reader *reader)
{
    size_t left = reader->n - reader->n_given, from = reader->n_given;
    memmove(reader->accel, reader->accel + 3 * from, 3 * left * sizeof *reader->accel);
    memmove(reader->stamp_s, reader->stamp_s + from, left * sizeof *reader->stamp_s);
    if (reader->has_gyro)
        memmove(reader->gyro, reader->gyro + 3 * from, 3 * left * sizeof *reader->gyro);
    reader->index += (double)from;
    reader->n = left;
    reader->n_stamped -= from;
    reader->n_given = 0;
}

/* Gives out all that is held: what lies behind the last clock goes on at the last rate. */
static void end_segment(struct reader *reader)
{
    stamp_until(reader, reader->n);
    reader->open_segment = false;
}

/* Takes in blocks until frames with known times are there, or the file ends. */
static gait_status fill(struct reader *reader, gait_error *err)
{
    while (reader->n + MOST_PER_BLOCK <= ROOM) {
        TRY(find_next(reader, err));
        if (reader->open_segment && (reader->at_end || !goes_on(reader, &reader->next))) {
            end_segment(reader);
            if (reader->n) return GAIT_OK;
        }
        if (reader->at_end) return GAIT_OK;
        if (!reader->open_segment) begin_segment(reader, &reader->next);
        take_in(reader);
    }
    if (!reader->n_stamped)
        stamp_until(reader, reader->n); /* clocks that all lie before the data */
    return GAIT_OK;
}

static gait_status read_frames(void *state, struct frames *out, gait_error *err)
{
    struct reader *reader = state;
    if (!reader->prefetched) {
        drop_given(reader);
        TRY(fill(reader, err));
    }
    reader->prefetched = false;
    reader->n_given = reader->n_stamped;
    *out = (struct frames){.n = reader->n_given,
                           .stamp_s = reader->stamp_s,
                           .accel = reader->accel,
                           .gyro = reader->has_gyro ? reader->gyro : NULL,
                           .new_segment = reader->first_of_segment,
                           .bad = damage_take(&reader->bad)};
    if (out->n) reader->first_of_segment = false;
    return GAIT_OK;
}

/* The first frames tell the start, the rate and the sensors; they are kept for the first read. */
static gait_status prefetch(struct reader *reader, const char *name, gait_error *err)
{
    TRY(find_next(reader, err));
    if (reader->at_end)
        return gait_fail(err, GAIT_FORMAT, "%s: no whole block of samples (%llu damaged ones)",
                         name, (unsigned long long)reader->bad.n);
    reader->has_gyro = reader->next.packing == GYRO_AND_ACCEL_16_BIT;
    reader->range_g = reader->next.range_g;
    reader->nominal_hz = reader->next.rate_hz;
    reader->zero_s = reader->next.clock_s;
    TRY(fill(reader, err));
    double first_s = reader->n_stamped ? reader->stamp_s[0] : 0;
    for (size_t i = 0; i < reader->n_stamped; i++) reader->stamp_s[i] -= first_s;
    reader->zero_s += first_s;
    reader->prefetched = true;
    return GAIT_OK;
}

/* 448 bytes of "key=value&key=value", padded. */
static void read_metadata(const unsigned char *header, struct description *out)
{
    char text[449], place[64];
    memcpy(text, header + 64, 448);
    text[448] = '\0';
    if (web_value(text, "_p", place, sizeof place))
        place_from_words(place, &out->placement, &out->side);
}

static void describe(const struct reader *reader, const unsigned char *header,
                     struct description *out)
{
    bool has_header = header[0] == 'M' && header[1] == 'D';
    unsigned high = le16(header + 11), low = le16(header + 5);
    unsigned device = (high == 0xffff ? 0 : high << 16) | low;
    text_print(out->evidence, sizeof out->evidence, "%s",
               has_header ? "CWA header" : "CWA blocks behind a damaged header");
    if (has_header) {
        text_print(out->device, sizeof out->device, "Axivity %s %u",
                   header[4] == 0x64 ? "AX6" : "AX3", device);
        read_metadata(header, out);
    }
    text_print(out->column_evidence, sizeof out->column_evidence, "the format's own axes%s",
               reader->has_gyro ? ", with gyroscope" : "");
    text_print(out->time_evidence, sizeof out->time_evidence,
               "the device's clock in each block; zone not recorded");
    text_print(out->unit, sizeof out->unit, "g");
    out->feels_gravity = 1;
    text_print(out->unit_evidence, sizeof out->unit_evidence, "the format's own steps per g");
    if (reader->has_gyro) text_print(out->gyro_unit, sizeof out->gyro_unit, "deg/s");
    out->nominal_rate_hz = reader->nominal_hz;
    out->range_g = reader->range_g;
    out->start_unix_s = reader->zero_s;
    out->time_kind = GAIT_TIME_LOCAL_UNKNOWN;
    out->has_gyro = reader->has_gyro;
    out->has_stamps = 1;
}

static gait_status read_header(struct reader *reader, unsigned char header[HEADER], gait_error *err)
{
    for (size_t have = 0; have < HEADER;) {
        size_t got = 0;
        TRY(source_read(reader->source, header + have, HEADER - have, &got, err));
        if (!got)
            return gait_fail(err, GAIT_FORMAT, "%s: %zu bytes, the header alone has %d",
                             source_name(reader->source), have, (int)HEADER);
        have += got;
    }
    return GAIT_OK;
}

static gait_status open_recording(struct source *source, const gait_recording_options *options,
                                  const struct sidecar *sidecar, struct description *out,
                                  void **state, gait_error *err)
{
    (void)options, (void)sidecar;
    unsigned char header[HEADER];
    struct reader *reader = *state = calloc(1, sizeof *reader);
    if (!reader) return gait_fail(err, GAIT_NOMEM, "%s", source_name(source));
    reader->source = source;
    reader->before = HEADER;
    TRY(read_header(reader, header, err));
    TRY(prefetch(reader, source_name(source), err));
    describe(reader, header, out);
    return GAIT_OK;
}

static int probe_cwa(const unsigned char *head, size_t n, const char *name, const char *extension)
{
    (void)name, (void)extension;
    bool header = n >= 4 && head[0] == 'M' && head[1] == 'D' && le16(head + 2) == HEADER - 4;
    bool block = n >= HEADER + 4 && head[HEADER] == 'A' && head[HEADER + 1] == 'X' &&
                 le16(head + HEADER + 2) == BLOCK - 4;
    return header ? 90 : block ? 80 : 0;
}

const struct format format_cwa = {
    .pub = {"cwa", "Axivity AX3 and AX6 recordings", "cwa"},
    .probe = probe_cwa,
    .open = open_recording,
    .read = read_frames,
    .close = free,
};
