/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/tables.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "gait/measure/measure.h"
#include "gait/settings.h"
#include "session/series.h"

static const struct column_about key_columns[] = {
    WORDS("subject_id", "Subject", "Who ran"),
    WORDS("session_id", "Session", "Which of the subject's runs"),
};

/* The names of all flag bits, separated by spaces. NULL when memory is out. */
static const char *flag_words(gait_summary *summary)
{
    enum { ROOM = 32 * 24 };
    char *words = ARENA_ZNEW(&summary->arena, ROOM, char);
    if (!words) return NULL;
    size_t used = 0;
    for (unsigned bit = 1; bit && gait_flag_name(bit); bit <<= 1) {
        const char *name = gait_flag_name(bit);
        text_print(words + used, ROOM - used, "%s%s", used ? " " : "", name);
        used += strlen(words + used);
    }
    return words;
}

struct table *begin_table(gait_summary *summary, const gait_session *session,
                          const struct table_about *about, size_t n_rows, size_t most_columns)
{
    const char *subject = summary_text(summary, session->subject_id);
    const char *id = summary_text(summary, session->session_id);
    size_t room = most_columns + N_ROWS_OF(key_columns) + 1;
    struct table *table = summary_add_table(summary, about, n_rows, room);
    if (!subject || !id || !table ||
        table_add_columns(summary, table, key_columns, N_ROWS_OF(key_columns)))
        return NULL;
    const char **subjects = texts_of(table, "subject_id"), **ids = texts_of(table, "session_id");
    for (size_t i = 0; i < n_rows; i++) {
        subjects[i] = subject;
        ids[i] = id;
    }
    return table;
}

gait_status add_sensor_key(gait_summary *summary, struct table *table)
{
    static const struct column_about sensor =
        WORDS("sensor", "Sensor", "Side and placement of the sensor");
    return table_add_column(summary, table, &sensor) ? GAIT_OK : GAIT_NOMEM;
}

gait_status set_sensor(gait_summary *summary, struct table *table, size_t from, size_t n,
                       const struct sensor_result *sensor)
{
    const char **names = texts_of(table, "sensor"), *name = summary_text(summary, sensor->name);
    if (!name) return GAIT_NOMEM;
    for (size_t i = from; i < from + n; i++) names[i] = name;
    return GAIT_OK;
}

struct column_about metric_column(const gait_metric *metric)
{
    struct column_about about = {.name = metric->key,
                                 .type = GAIT_DOUBLES,
                                 .units = metric->unit,
                                 .long_name = metric->label,
                                 .description = metric->definition,
                                 .source = metric->source,
                                 .min_rate_hz = metric->min_rate_hz};
    return about;
}

gait_status add_metric_columns(gait_summary *summary, struct table *table, unsigned activities)
{
    for (size_t m = 0; gait_metric_at(m); m++) {
        if (!(gait_metric_at(m)->activities & activities)) continue;
        struct column_about about = metric_column(gait_metric_at(m));
        if (!table_add_column(summary, table, &about)) return GAIT_NOMEM;
    }
    return GAIT_OK;
}

int is_of(const struct sensor_result *sensor, size_t stride, unsigned activities)
{
    return (activities >> sensor->bouts[sensor->stride_bout[stride]].activity) & 1;
}

size_t count_of(const struct sensor_result *sensor, unsigned activities)
{
    size_t n = 0;
    for (size_t i = 0; i < sensor->n_strides; i++) n += (size_t)is_of(sensor, i, activities);
    return n;
}

void copy_metrics(struct table *table, size_t row, const struct sensor_result *sensor,
                  unsigned activities)
{
    for (size_t m = 0; gait_metric_at(m); m++) {
        if (!sensor->metric[m] || !(gait_metric_at(m)->activities & activities)) continue;
        double *cell = doubles_of(table, gait_metric_at(m)->key) + row;
        for (size_t i = 0; i < sensor->n_strides; i++)
            if (is_of(sensor, i, activities)) *cell++ = sensor->metric[m][i];
    }
}

double expected_strides(const struct bout_result *bout, double start_s, double end_s)
{
    double from = fmax(bout->start_s, start_s), to = fmin(bout->end_s, end_s);
    return to > from ? (to - from) * bout->cadence_steps_per_min / 120 : 0;
}

double limbs_seen(const struct sensor_result *sensor)
{
    return sensor->info.placement == GAIT_SACRUM || sensor->info.placement == GAIT_WAIST ? 2 : 1;
}

void count_bands(const gait_settings *settings, const struct sensor_result *sensor,
                 const double *intensity, size_t n, int64_t count[N_BANDS])
{
    int is_trunk = limbs_seen(sensor) > 1;
    double medium =
        is_trunk ? setting(settings, intensity_medium_bw) : setting(settings, intensity_medium_g);
    double high =
        is_trunk ? setting(settings, intensity_high_bw) : setting(settings, intensity_high_g);
    for (size_t k = 0; k < N_BANDS; k++) count[k] = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(intensity[i])) count[(intensity[i] >= medium) + (intensity[i] >= high)]++;
}

void put_bands(struct table *table, size_t row, const int64_t count[N_BANDS])
{
    integers_of(table, "strides_low_intensity")[row] = count[0];
    integers_of(table, "strides_medium_intensity")[row] = count[1];
    integers_of(table, "strides_high_intensity")[row] = count[2];
}

double value_for_median(const struct sensor_result *sensor, size_t metric, size_t stride)
{
    double value = sensor->metric[metric][stride];
    int is_bound = metric_row(metric)->is_bound_if_clipped &&
                   sensor->strides[stride].flags & GAIT_FLAG_CLIPPED;
    return is_bound && isfinite(value) ? (double)INFINITY : value;
}

double told_median(double median)
{
    return isfinite(median) ? median : (double)NAN;
}

const double *intensity_of(const struct sensor_result *sensor)
{
    const char *key = intensity_key(sensor->info.placement);
    int m = key ? gait_metric_index(key) : -1;
    return m < 0 ? NULL : sensor->metric[m];
}

struct load load_of(const double *intensity, size_t n, double expected)
{
    static const double fewest_share = 0.8;
    struct load load = {0, 0, 0};
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        double x = intensity[i];
        if (!isfinite(x)) continue;
        load.l1 += x;
        load.l4 += x * x * x * x;
        found++;
    }
    if (found == 0) {
        load.l1 = load.l4 = NAN;
        load.flags = GAIT_FLAG_FEW;
    } else if ((double)found < fewest_share * expected) {
        load.flags = GAIT_FLAG_FEW;
    } else if (expected > (double)found) {
        load.l1 *= expected / (double)found;
        load.l4 *= expected / (double)found;
    }
    return load;
}

/* {"key":value,...} of every setting, for the same analysis again. NULL when memory is out. */
static const char *settings_json(gait_summary *summary, const gait_settings *settings)
{
    enum { ROOM = GAIT_MAX_SETTINGS * 128 };
    char *json = ARENA_ZNEW(&summary->arena, ROOM, char);
    if (!json) return NULL;
    size_t used = 0;
    for (size_t i = 0; i < GAIT_MAX_SETTINGS && gait_setting_at(i); i++) {
        char number[NUMBER_ROOM];
        text_print(json + used, ROOM - used, "%c\"%s\":%s", used ? ',' : '{',
                   gait_setting_at(i)->key, number_to_text(settings->value[i], number));
        used += strlen(json + used);
    }
    text_print(json + used, ROOM - used, used ? "}" : "{}");
    return json;
}

gait_status begin_summary(gait_summary **out, gait_error *err)
{
    gait_summary *summary = NULL;
    char creator[64];
    text_print(creator, sizeof creator, "libgait %s", gait_version());
    TRY(summary_new(&summary, err));
    gait_status st = summary_set(summary, "format", FORMAT_NAME, err);
    if (!st) st = summary_set(summary, "format_version", FORMAT_VERSION, err);
    if (!st) st = summary_set(summary, "creator", creator, err);
    if (!st) st = summary_set(summary, "algorithm_version", ALGORITHM_VERSION, err);
    if (st)
        gait_summary_free(&summary);
    else
        *out = summary;
    return st;
}

static gait_status set_marks(gait_summary *summary, const gait_session *session, gait_error *err)
{
    const char *settings = settings_json(summary, &session->options.settings);
    if (!settings) return gait_fail(err, GAIT_NOMEM, "no memory for the summary");
    TRY(summary_set(summary, "settings_json", settings, err));
    if (session->options.detector)
        TRY(summary_set(summary, "detector", session->options.detector, err));
    return summary_set(summary, "default", "strides", err);
}

/* Every flags column says what its bits mean; every NaN has the same bits. */
static gait_status finish_tables(gait_summary *summary)
{
    const char *words = flag_words(summary);
    if (!words) return GAIT_NOMEM;
    for (size_t t = 0; t < summary->n_tables; t++) {
        struct table *table = summary->tables[t];
        for (size_t k = 0; k < table->pub.n_columns; k++) {
            if (strcmp(table->columns[k].name, "flags") == 0) table->about[k].flag_meanings = words;
            double *x = table->columns[k].type == GAIT_DOUBLES ? table->cells[k] : NULL;
            for (size_t i = 0; x && i < table->pub.n_rows; i++)
                if (isnan(x[i])) x[i] = NAN;
        }
    }
    return GAIT_OK;
}

static gait_status add_tables(gait_summary *summary, const gait_session *session, gait_error *err)
{
    static add_table_fn *const tables[] = {
        add_sessions, add_recordings, add_bouts,     add_events,   add_strides,  add_repetitions,
        add_minutes,  add_summary,    add_asymmetry, add_findings, add_waveforms};
    struct arena tmp = {0};
    gait_status st = GAIT_OK;
    for (size_t i = 0; !st && i < N_ROWS_OF(tables); i++) {
        struct arena_mark mark = arena_mark(&tmp);
        st = tables[i](summary, session, &tmp);
        arena_rewind(&tmp, mark);
    }
    arena_free(&tmp);
    if (!st) st = finish_tables(summary);
    return st ? gait_fail(err, st, "no memory for the summary's tables") : GAIT_OK;
}

gait_status gait_summary_from_session(gait_summary **summary, const gait_session *session,
                                      gait_error *err)
{
    NEED(summary);
    NEED(session);
    gait_summary *made = NULL;
    if (!session->judged) return gait_fail(err, GAIT_INVALID, "the session is not judged yet");
    TRY(begin_summary(&made, err));
    gait_status st = set_marks(made, session, err);
    if (!st) st = add_tables(made, session, err);
    if (st)
        gait_summary_free(&made);
    else
        *summary = made;
    return st;
}
