/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/sound_info.h"

#include <math.h>
#include <string.h>

#include "base/civil.h"
#include "base/fail.h"
#include "base/text.h"
#include "record/words.h"

static const char *const axis_names[6] = {"ax", "ay", "az", "gx", "gy", "gz"};

static size_t length_of(const char *text)
{
    return text ? strlen(text) : 0;
}

static void clear_layout(struct sound_layout *out)
{
    memset(out, 0, sizeof *out);
    for (int k = 0; k < 3; k++) out->accel[k] = out->gyro[k] = -1;
    out->aux = -1;
    out->range_g = out->start_unix_s = NAN;
}

/* Channel of one axis, 0 to 5 in the order of axis_names. */
static int *axis_channel(struct sound_layout *out, size_t axis)
{
    return axis < 3 ? &out->accel[axis] : &out->gyro[axis - 3];
}

static void note_columns(struct sound_layout *out, const char *source)
{
    const int *a = out->accel, *g = out->gyro;
    if (g[0] >= 0)
        text_print(out->column_evidence, sizeof out->column_evidence,
                   "%s: acceleration in channels %d, %d, %d, angular rate in %d, %d, %d", source,
                   a[0] + 1, a[1] + 1, a[2] + 1, g[0] + 1, g[1] + 1, g[2] + 1);
    else
        text_print(out->column_evidence, sizeof out->column_evidence,
                   "%s: acceleration in channels %d, %d, %d", source, a[0] + 1, a[1] + 1, a[2] + 1);
}

/* omconvert: "Channel-1: Accel-X", "Scale-1: 8", one pair of lines per channel. */
static bool omconvert_channel(const struct sound_file_facts *facts, size_t channel, char *name,
                              size_t room, double *scale)
{
    char key[32];
    size_t n = length_of(facts->comment);
    text_print(key, sizeof key, "Channel-%zu", channel + 1);
    if (!key_line(facts->comment, n, key, name, room)) return false;
    text_print(key, sizeof key, "Scale-%zu", channel + 1);
    return key_line_number(facts->comment, n, key, scale) && *scale > 0;
}

static bool is_omconvert(const struct sound_file_facts *facts)
{
    char name[32];
    double scale;
    return facts->comment && facts->storage == STORED_SHORT &&
           omconvert_channel(facts, 0, name, sizeof name, &scale);
}

static void omconvert_channels(struct sound_layout *out, const struct sound_file_facts *facts)
{
    static const char *const names[6] = {"Accel-X", "Accel-Y", "Accel-Z",
                                         "Gyro-X",  "Gyro-Y",  "Gyro-Z"};
    for (size_t c = 0; c < facts->n_channels; c++) {
        char name[32];
        double scale;
        if (!omconvert_channel(facts, c, name, sizeof name, &scale)) {
            /* The channel of marks has no name and comes last; 6 channels are all sensors. */
            bool last = c + 1 == facts->n_channels;
            if (last && facts->n_channels > 3 && facts->n_channels != 6) out->aux = (int)c;
            continue;
        }
        for (size_t axis = 0; axis < 6; axis++) {
            if (!text_equal(name, names[axis])) continue;
            *axis_channel(out, axis) = (int)c;
            (axis < 3 ? out->accel_scale : out->gyro_scale)[axis % 3] = scale;
        }
    }
}

/* "Config-A: 12.5,8": configured rate and range. The header's rate is rounded to whole Hz. */
static void omconvert_config(struct sound_layout *out, const struct sound_file_facts *facts)
{
    char config[64];
    double rate_hz, range_g;
    if (!key_line(facts->title, length_of(facts->title), "Config-A", config, sizeof config)) return;
    size_t taken = number_parse(config, strlen(config), '.', &rate_hz);
    if (!taken) return;
    if (fabs(rate_hz - facts->rate_hz) <= 0.5) out->rate_hz = rate_hz;
    const char *rest = config + taken;
    if (*rest == ',' && number_parse(rest + 1, strlen(rest + 1), '.', &range_g) && range_g >= 1 &&
        range_g <= 1000)
        out->range_g = range_g;
}

static void omconvert_place(struct sound_layout *out, const struct sound_file_facts *facts)
{
    char text[512], place[64], id[32];
    size_t n = length_of(facts->title);
    if (key_line(facts->title, n, "Metadata", text, sizeof text) &&
        web_value(text, "_p", place, sizeof place))
        place_from_words(place, &out->placement, &out->side);
    if (key_line(facts->artist, length_of(facts->artist), "Id", id, sizeof id))
        text_print(out->device, sizeof out->device, "Axivity %s", id);
    if (key_line(facts->comment, length_of(facts->comment), "Time", text, sizeof text))
        civil_parse(text, strlen(text), &out->start_unix_s);
}

static gait_status omconvert_layout(struct sound_layout *out, const struct sound_file_facts *facts,
                                    gait_error *err)
{
    out->rate_hz = facts->rate_hz;
    omconvert_channels(out, facts);
    omconvert_config(out, facts);
    omconvert_place(out, facts);
    for (int k = 0; k < 3; k++) {
        if (out->accel[k] < 0)
            return gait_fail(err, GAIT_UNSUPPORTED,
                             "%s: an omconvert file without channels Accel-X, Accel-Y, Accel-Z",
                             facts->name);
        if (out->gyro[k] < 0) out->gyro[0] = -1;
    }
    text_print(out->unit, sizeof out->unit, "g");
    text_print(out->gyro_unit, sizeof out->gyro_unit, "deg/s");
    text_print(out->unit_evidence, sizeof out->unit_evidence,
               "omconvert: full scale is %g g (Scale-1)", out->accel_scale[0]);
    note_columns(out, "omconvert");
    return GAIT_OK;
}

static void split_names(const char *list, struct sidecar *out)
{
    out->n_channels = 0;
    while (*list && out->n_channels < SIDECAR_CHANNELS) {
        size_t length = strcspn(list, ", ");
        if (length)
            text_print(out->channels[out->n_channels++], sizeof out->channels[0], "%.*s",
                       (int)length, list);
        list += length;
        list += strspn(list, ", ");
    }
}

/* The lines that write_sound.c leaves in the file, so that it can be read without its sidecar. */
static struct sidecar words_in_file(const char *comment)
{
    struct sidecar said = {
        .sample_rate_hz = NAN, .full_scale = NAN, .gyro_full_scale = NAN, .n_channels = 0};
    size_t n = length_of(comment);
    char names[160];
    if (key_line(comment, n, "Channels", names, sizeof names)) split_names(names, &said);
    key_line(comment, n, "Unit", said.unit, sizeof said.unit);
    key_line(comment, n, "Gyro-Unit", said.gyro_unit, sizeof said.gyro_unit);
    key_line_number(comment, n, "Full-Scale", &said.full_scale);
    key_line_number(comment, n, "Gyro-Full-Scale", &said.gyro_full_scale);
    key_line_number(comment, n, "Sample-Rate-Hz", &said.sample_rate_hz);
    return said;
}

/* The sidecar wins over the file, key by key. */
static void overlay(struct sidecar *said, const struct sidecar *over)
{
    if (over->n_channels) {
        said->n_channels = over->n_channels;
        memcpy(said->channels, over->channels, sizeof said->channels);
    }
    if (over->unit[0]) memcpy(said->unit, over->unit, sizeof said->unit);
    if (over->gyro_unit[0]) memcpy(said->gyro_unit, over->gyro_unit, sizeof said->gyro_unit);
    if (!isnan(over->full_scale)) said->full_scale = over->full_scale;
    if (!isnan(over->gyro_full_scale)) said->gyro_full_scale = over->gyro_full_scale;
    if (!isnan(over->sample_rate_hz)) said->sample_rate_hz = over->sample_rate_hz;
}

/* Three channels can only be x, y, z, six those and the gyroscope; anything else must be named. */
static gait_status place_channels(struct sound_layout *out, const struct sound_file_facts *facts,
                                  const struct sidecar *said, gait_error *err)
{
    size_t n = facts->n_channels;
    bool named = said->n_channels > 0;
    if (named && said->n_channels != n)
        return gait_fail(err, GAIT_INVALID, "%s: %zu channels are named, the file has %zu",
                         facts->name, said->n_channels, n);
    for (size_t c = 0; c < n; c++)
        for (size_t axis = 0; axis < 6; axis++)
            if (named ? text_equal(said->channels[c], axis_names[axis])
                      : c == axis && (n == 3 || n == 6))
                *axis_channel(out, axis) = (int)c;
    for (int k = 0; k < 3; k++) {
        if (out->accel[k] < 0)
            return gait_fail(err, GAIT_UNSUPPORTED,
                             "%s: which of %zu channels are the acceleration is not said: put "
                             "\"channels\": [\"ax\", \"ay\", \"az\", ...] into its sidecar",
                             facts->name, n);
        if (out->gyro[k] < 0) out->gyro[0] = -1;
    }
    note_columns(out, named ? "named" : n == 3 ? "three channels" : "six channels");
    return GAIT_OK;
}

static gait_status find_scales(struct sound_layout *out, const struct sound_file_facts *facts,
                               const struct sidecar *said, gait_error *err)
{
    bool numbers = facts->storage == STORED_FLOAT || facts->storage == STORED_DOUBLE;
    bool gyro = out->gyro[0] >= 0;
    double full = numbers && isnan(said->full_scale) ? 1 : said->full_scale;
    double gyro_full = numbers && isnan(said->gyro_full_scale) ? 1 : said->gyro_full_scale;
    if (!said->unit[0] || !(full > 0))
        return gait_fail(err, GAIT_UNSUPPORTED,
                         "%s: sound samples have no unit: put \"channels\", \"unit\" (\"g\")%s "
                         "into its sidecar",
                         facts->name,
                         numbers ? "" : " and \"full_scale\" (what the largest sample stands for)");
    if (gyro && (!said->gyro_unit[0] || !(gyro_full > 0)))
        return gait_fail(err, GAIT_UNSUPPORTED,
                         "%s: gyroscope channels without a unit: put \"gyro_unit\" "
                         "(\"deg/s\")%s into its sidecar",
                         facts->name, numbers ? "" : " and \"gyro_full_scale\"");
    for (int k = 0; k < 3; k++) {
        out->accel_scale[k] = full;
        out->gyro_scale[k] = gyro_full;
    }
    memcpy(out->unit, said->unit, sizeof out->unit);
    if (gyro) memcpy(out->gyro_unit, said->gyro_unit, sizeof out->gyro_unit);
    text_print(out->unit_evidence, sizeof out->unit_evidence, "stated: unit %s, full scale %g",
               said->unit, full);
    return GAIT_OK;
}

gait_status sound_layout_find(struct sound_layout *out, const struct sound_file_facts *facts,
                              const struct sidecar *sidecar, gait_error *err)
{
    clear_layout(out);
    if (is_omconvert(facts)) return omconvert_layout(out, facts, err);
    struct sidecar said = words_in_file(facts->comment);
    overlay(&said, sidecar);
    out->rate_hz = said.sample_rate_hz > 0 ? said.sample_rate_hz : facts->rate_hz;
    TRY(place_channels(out, facts, &said, err));
    return find_scales(out, facts, &said, err);
}
