/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/fail.h"
#include "base/text.h"
#include "record/format.h"
#include "record/lines.h"
#include "record/words.h"

/* GENEActiv .bin, which is text: some 59 lines of "Key:value", then pages of ten lines, the last of
 * which holds up to 300 samples of 12 hexadecimal digits: x, y, z in 12 bits each, light in 10, the
 * button, one spare. Line ends are LF or CRLF; keys are looked up, never counted, since notes may
 * hold anything.
 *
 * The page's clock is rounded to half a second: pages of 6.0 s are stamped 6.5 s and 5.5 s apart.
 * Samples follow each other at the stated rate, and are led back to the page's clock very slowly.
 */

enum { DIGITS_PER_SAMPLE = 12, MOST_PER_PAGE = 600, FRAMES_PER_READ = 4096, NOT_HEX = 0x80 };

/* Share of the distance to the page's clock that is made up per page: the half second of rounding
 * becomes a rate that is wrong by 0.03 % at most, a drift of 100 ppm an offset of 0.15 s. */
static const double follow = 0.004;
static const double gap_s = 1.0;

struct page {
    double clock_s; /* NaN if it is not stated or damaged */
    double rate_hz; /* NaN likewise */
};

struct reader {
    double gain[3], offset[3]; /* g = (100 * raw - offset) / gain */
    double rate_hz;
    uint8_t digit[256];

    struct lines lines;
    struct page page;
    int in_page;
    double zero_s; /* wall clock of stamp 0 */
    double next_s; /* stamp of the next sample if time goes on smoothly */
    int has_zero;
    struct damage bad; /* since the last read */
    int new_segment;
    size_t n, n_kept; /* kept: samples of a new segment, for the next read */
    double stamp_s[FRAMES_PER_READ + MOST_PER_PAGE];
    float accel[3 * (FRAMES_PER_READ + MOST_PER_PAGE)];
};

static void fill_digits(uint8_t digit[256])
{
    memset(digit, NOT_HEX, 256);
    for (int i = 0; i < 10; i++) digit['0' + i] = (uint8_t)i;
    for (int i = 0; i < 6; i++) digit['a' + i] = digit['A' + i] = (uint8_t)(10 + i);
}

/* Whole samples of a line; *damaged if it goes on with something else. */
static size_t unpack(const struct reader *reader, const char *line, size_t length, float *accel,
                     int *damaged)
{
    const uint8_t *digit = reader->digit;
    double per_raw[3], zero[3];
    for (int k = 0; k < 3; k++) {
        per_raw[k] = 100 / reader->gain[k];
        zero[k] = reader->offset[k] / reader->gain[k];
    }
    size_t n = 0;
    for (; n < MOST_PER_PAGE && (n + 1) * DIGITS_PER_SAMPLE <= length; n++) {
        const unsigned char *c = (const unsigned char *)line + n * DIGITS_PER_SAMPLE;
        unsigned bad = digit[c[9]] | digit[c[10]] | digit[c[11]];
        for (int k = 0; k < 3; k++) {
            unsigned a = digit[c[3 * k]], b = digit[c[3 * k + 1]], d = digit[c[3 * k + 2]];
            int raw = (int)((a << 8 | b << 4 | d) ^ 0x800) - 0x800;
            bad |= a | b | d;
            accel[3 * n + (size_t)k] = (float)(raw * per_raw[k] - zero[k]);
        }
        if (bad & NOT_HEX) {
            *damaged = 1;
            break;
        }
    }
    return n;
}

static void take_samples(struct reader *reader, const char *line, size_t length)
{
    int damaged = 0;
    float *accel = reader->accel + 3 * reader->n;
    double clock_s = reader->page.clock_s, rate_hz = reader->page.rate_hz;
    size_t n = unpack(reader, line, length, accel, &damaged);
    if (damaged) damage_add(&reader->bad, "line", reader->lines.number);
    if (!n) return;
    if (!(rate_hz >= 1 && rate_hz <= 1000)) rate_hz = reader->rate_hz;
    if (!reader->has_zero && !isnan(clock_s)) reader->zero_s = clock_s;
    reader->has_zero = 1;
    double late_s = isnan(clock_s) ? 0 : clock_s - reader->zero_s - reader->next_s;
    bool gap = fabs(late_s) > gap_s;
    if (gap) {
        reader->next_s += late_s;
        reader->n_kept = n;
        late_s = 0;
    }
    double frame_s = 1 / rate_hz + follow * late_s / (double)n;
    for (size_t i = 0; i < n; i++)
        reader->stamp_s[reader->n + i] = reader->next_s + (double)i * frame_s;
    reader->next_s += (double)n * frame_s;
    reader->n += n;
}

static void take_line(struct reader *reader, const char *line, size_t length)
{
    static const char page_time[] = "Page Time:";
    const size_t k = sizeof page_time - 1;
    if (length >= 13 && !memcmp(line, "Recorded Data", 13)) {
        reader->in_page = 1;
        reader->page = (struct page){(double)NAN, (double)NAN};
    } else if (length > k && !memcmp(line, page_time, k)) {
        civil_parse(line + k, length - k, &reader->page.clock_s);
    } else if (length > 21 && !memcmp(line, "Measurement Frequency", 21)) {
        key_line_number(line, length, "Measurement Frequency", &reader->page.rate_hz);
    } else if (reader->in_page && length >= DIGITS_PER_SAMPLE && !memchr(line, ':', length)) {
        take_samples(reader, line, length);
        reader->in_page = 0;
    }
}

/* Samples of a new segment wait behind those of the one before. */
static void bring_kept_forward(struct reader *reader)
{
    size_t from = reader->n - reader->n_kept;
    memmove(reader->stamp_s, reader->stamp_s + from, reader->n_kept * sizeof *reader->stamp_s);
    memmove(reader->accel, reader->accel + 3 * from, 3 * reader->n_kept * sizeof *reader->accel);
    reader->n = reader->n_kept;
    reader->new_segment = reader->n_kept > 0;
    reader->n_kept = 0;
}

static gait_status read_frames(void *state, struct frames *out, gait_error *err)
{
    struct reader *reader = state;
    bring_kept_forward(reader);
    while (reader->n < FRAMES_PER_READ) {
        const char *line;
        size_t length;
        TRY(lines_next(&reader->lines, &line, &length, err));
        if (!line) break;
        take_line(reader, line, length);
        if (reader->n_kept == reader->n) bring_kept_forward(reader);
        if (reader->n_kept) break;
    }
    *out = (struct frames){.n = reader->n - reader->n_kept,
                           .stamp_s = reader->stamp_s,
                           .accel = reader->accel,
                           .new_segment = reader->new_segment,
                           .bad = damage_take(&reader->bad)};
    return GAIT_OK;
}

static gait_status read_calibration(struct reader *reader, const char *text, size_t n,
                                    gait_error *err)
{
    static const char *const gains[3] = {"x gain", "y gain", "z gain"};
    static const char *const offsets[3] = {"x offset", "y offset", "z offset"};
    for (int k = 0; k < 3; k++) {
        if (!key_line_number(text, n, gains[k], &reader->gain[k]) || !(reader->gain[k] > 0))
            return gait_fail(err, GAIT_FORMAT, "%s: no line \"%s\" with a number above 0",
                             source_name(reader->lines.source), gains[k]);
        if (!key_line_number(text, n, offsets[k], &reader->offset[k]))
            return gait_fail(err, GAIT_FORMAT, "%s: no line \"%s\" with a number",
                             source_name(reader->lines.source), offsets[k]);
    }
    if (!key_line_number(text, n, "Measurement Frequency", &reader->rate_hz) ||
        !(reader->rate_hz >= 1 && reader->rate_hz <= 1000))
        return gait_fail(err, GAIT_FORMAT, "%s: no measurement frequency of 1 to 1000 Hz",
                         source_name(reader->lines.source));
    return GAIT_OK;
}

/* "-8 to 8", "-8,0 to 8,0" */
static double range_line(const char *text, size_t n)
{
    char range[64];
    double most;
    if (!key_line(text, n, "Accelerometer Range", range, sizeof range)) return NAN;
    const char *to = strstr(range, "to ");
    if (!to || !number_parse(to + 3, strlen(to + 3), '.', &most)) return NAN;
    return most > 0 && most < 1000 ? most : (double)NAN;
}

static void describe(const struct reader *reader, const char *text, size_t n,
                     struct description *out)
{
    char word[64], model[32];
    double offset_s;
    text_print(out->evidence, sizeof out->evidence, "first line \"Device Identity\"");
    key_line(text, n, "Device Unique Serial Code", word, sizeof word);
    key_line(text, n, "Device Model", model, sizeof model);
    text_print(out->device, sizeof out->device, "GENEActiv %s %s", model, word);
    text_print(out->column_evidence, sizeof out->column_evidence, "the format's own axes");
    text_print(out->time_evidence, sizeof out->time_evidence,
               "clock of each page, to half a second, and the stated rate");
    text_print(out->unit, sizeof out->unit, "g");
    out->feels_gravity = 1;
    text_print(out->unit_evidence, sizeof out->unit_evidence, "gain and offset of each axis");
    if (key_line(text, n, "Device Location Code", word, sizeof word))
        place_from_words(word, &out->placement, &out->side);
    out->nominal_rate_hz = reader->rate_hz;
    out->range_g = range_line(text, n);
    out->has_stamps = 1;
    out->start_unix_s = reader->zero_s;
    out->time_kind = isnan(reader->zero_s) ? GAIT_TIME_UNKNOWN : GAIT_TIME_LOCAL_UNKNOWN;
    if (!key_line(text, n, "Time Zone", word, sizeof word)) return;
    const char *zone = strpbrk(word, "+-");
    if (!zone || !civil_zone(zone, strlen(zone), &offset_s)) return;
    out->start_unix_s -= offset_s;
    out->utc_offset_s = offset_s;
    if (out->time_kind) out->time_kind = GAIT_TIME_LOCAL_WITH_OFFSET;
}

/* Where the pages begin, in the first bytes of the file. */
static size_t header_length(const unsigned char *head, size_t n)
{
    static const char mark[] = "\nRecorded Data";
    const size_t k = sizeof mark - 1;
    for (size_t at = 0; at + k <= n; at++)
        if (head[at] == '\n' && !memcmp(head + at, mark, k)) return at + 1;
    return n;
}

static gait_status open_reader(struct reader *reader, struct description *out, gait_error *err)
{
    const unsigned char *head;
    size_t n;
    TRY(source_peek(reader->lines.source, &head, &n, err));
    const char *text = (const char *)head;
    size_t length = header_length(head, n);
    fill_digits(reader->digit);
    TRY(read_calibration(reader, text, length, err));
    char clock[48];
    reader->zero_s = NAN;
    if (key_line(text + length, n - length, "Page Time", clock, sizeof clock))
        civil_parse(clock, strlen(clock), &reader->zero_s);
    reader->has_zero = !isnan(reader->zero_s);
    describe(reader, text, length, out);
    return GAIT_OK;
}

static gait_status open_recording(struct source *source, const gait_recording_options *options,
                                  const struct sidecar *sidecar, struct description *out,
                                  void **state, gait_error *err)
{
    (void)options, (void)sidecar;
    struct reader *reader = *state = calloc(1, sizeof *reader);
    if (!reader) return gait_fail(err, GAIT_NOMEM, "%s", source_name(source));
    reader->lines.source = source;
    return open_reader(reader, out, err);
}

static int probe_geneactiv(const unsigned char *head, size_t n, const char *name,
                           const char *extension)
{
    (void)name;
    static const char first[] = "Device Identity";
    (void)extension;
    return n >= sizeof first - 1 && !memcmp(head, first, sizeof first - 1) ? 90 : 0;
}

const struct format format_geneactiv = {
    .pub = {"geneactiv", "GENEActiv recordings: pages of hexadecimal samples", "bin"},
    .probe = probe_geneactiv,
    .open = open_recording,
    .read = read_frames,
    .close = free,
};
