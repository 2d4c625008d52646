/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "record/format.h"

/* Files that people have and that are known, but not read: better one sentence that says what to do
 * than samples that mean nothing. */

static bool has_at(const unsigned char *head, size_t n, size_t at, const char *magic)
{
    size_t k = strlen(magic);
    return n >= at + k && !memcmp(head + at, magic, k);
}

static bool is_genea(const unsigned char *head, size_t n)
{
    return has_at(head, n, 0, "GENEA/");
}

/* 512 bytes of remarks, a count that damaged files lack a part of, and the mark. */
static bool is_parmay(const unsigned char *head, size_t n)
{
    for (size_t at = 508; at <= 516; at++)
        if (has_at(head, n, at, "MDTC")) return true;
    return false;
}

/* No mark: the radio module's address begins 00:06:66, and the device is of type 3. */
static bool is_shimmer(const unsigned char *head, size_t n)
{
    static const unsigned char module[3] = {0x00, 0x06, 0x66};
    return n >= 256 && !memcmp(head + 24, module, 3) && head[30] == 0 && head[31] == 3;
}

static bool is_omx(const unsigned char *head, size_t n)
{
    if (n < 1024 || le16(head + 2) != 508 || le16(head + 514) != 508) return false;
    return head[0] == 'd' && head[512] == 'd';
}

static bool is_fit(const unsigned char *head, size_t n)
{
    return has_at(head, n, 8, ".FIT") && (head[0] == 12 || head[0] == 14);
}

static bool is_conversion_report(const unsigned char *head, size_t n)
{
    if (!has_at(head, n, 0, "#:")) return false;
    for (size_t at = 0; at < n && at < 512; at++)
        if (has_at(head, n, at, "Convert-version:")) return true;
    return false;
}

static bool is_json(const unsigned char *head, size_t n)
{
    size_t at = 0;
    while (at < n && memchr(" \t\r\n", head[at], 4)) at++;
    return at < n && (head[at] == '{' || (head[at] == '[' && !at));
}

static bool is_list_of_channels(const unsigned char *head, size_t n)
{
    return has_at(head, n, 0, "name\tcomponent\t");
}

static const struct {
    bool (*is)(const unsigned char *head, size_t n);
    const char *name;
    const char *instead;
} known[] = {
    {is_genea, "a GENEA recording", "convert it to CSV with the device's own software"},
    {is_parmay, "a Parmay Matrix recording", "convert it to CSV with the device's own software"},
    {is_shimmer, "a Shimmer recording as the card holds it", "export it as CSV from Consensys"},
    {is_omx, "an OMX recording", "convert it to CSV with omconvert"},
    {is_fit, "a FIT file",
     "watches write no raw acceleration into it; export the sensor's own recording"},
    {is_conversion_report, "what omconvert noted about a conversion",
     "give the .wav or .csv file that it made"},
    {is_list_of_channels, "a list of channels of Motion-BIDS", "give the *_motion.tsv beside it"},
    {is_json, "a JSON file", "give the recording that it describes, or export it as CSV"},
};

enum { N_KNOWN = sizeof known / sizeof *known };

static size_t find(const unsigned char *head, size_t n)
{
    size_t i = 0;
    while (i < N_KNOWN && !known[i].is(head, n)) i++;
    return i;
}

static int probe_refused(const unsigned char *head, size_t n, const char *name,
                         const char *extension)
{
    (void)name, (void)extension;
    return find(head, n) < N_KNOWN ? 70 : 0;
}

static gait_status open_recording(struct source *source, const gait_recording_options *options,
                                  const struct sidecar *sidecar, struct description *out,
                                  void **state, gait_error *err)
{
    (void)options, (void)sidecar, (void)out, (void)state;
    const unsigned char *head;
    size_t n;
    TRY(source_peek(source, &head, &n, err));
    size_t i = find(head, n);
    if (i == N_KNOWN) return gait_fail(err, GAIT_UNSUPPORTED, "%s: not read", source_name(source));
    return gait_fail(err, GAIT_UNSUPPORTED, "%s: is %s, which is not read: %s", source_name(source),
                     known[i].name, known[i].instead);
}

static gait_status read_nothing(void *state, struct frames *out, gait_error *err)
{
    (void)state, (void)err;
    memset(out, 0, sizeof *out);
    return GAIT_OK;
}

static void close_nothing(void *state)
{
    (void)state;
}

const struct format format_refused = {
    .pub = {"refused",
            "Known and refused with advice: GENEA, Parmay Matrix, Shimmer card, OMX, FIT, JSON",
            ""},
    .probe = probe_refused,
    .open = open_recording,
    .read = read_nothing,
    .close = close_nothing,
};
