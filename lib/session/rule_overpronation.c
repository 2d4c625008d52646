/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "base/fail.h"
#include "base/text.h"
#include "gait/settings.h"
#include "session/series.h"
#include "session/rules.h"
#include "signal/stats.h"

static const char caveat[] = "Pronation is a normal way of taking up shock, and its relation to "
                             "knee pain is uncertain; a sensor "
                             "on the shoe measures the shoe, not the heel inside it.";

/* A gyroscope measures the roll; an accelerometer alone gives an index learned on simulated
 * runners. */
struct evidence {
    const char *key;
    const char *units;
    double note, flag; /* flag INFINITY: never from one session */
    double confidence;
    const char *what;
};

static gait_severity grade(const struct evidence *evidence, const struct series *series,
                           double middle, double enough_for_flag, struct arena *tmp)
{
    double low = NAN, high = NAN;
    if (middle <= evidence->flag || (double)series->n < enough_for_flag) return GAIT_NOTE;
    if (bootstrap_median(series->value, series->n, 20, 1000, 1, &low, &high, tmp) != GAIT_OK)
        return GAIT_NOTE;
    return low > evidence->note ? GAIT_ALERT : GAIT_NOTE;
}

static gait_status tell(gait_session *session, const struct sensor_result *sensor,
                        const struct evidence *evidence, const struct series *series, double middle,
                        struct arena *tmp, gait_error *err)
{
    gait_finding *finding = session_add_finding(session, &rule_overpronation.pub);
    if (!finding) return gait_fail(err, GAIT_NOMEM, "no memory for a finding");
    const gait_settings *settings = &session->options.settings;
    finding->severity =
        grade(evidence, series, middle, setting(settings, pronation_flag_strides), tmp);
    finding->side = sensor->info.side;
    finding->n = series->n;
    finding->value = middle;
    finding->limit = evidence->note;
    finding->confidence = evidence->confidence;
    text_print(finding->sensor, sizeof finding->sensor, "%s", sensor->name);
    text_print(finding->units, sizeof finding->units, "%s", evidence->units);
    text_print(finding->message, sizeof finding->message,
               "%s: %.1f%s over %zu running strides "
               "(limit %.1f). %s",
               evidence->what, middle, evidence->units[0] == '1' ? "" : " deg", series->n,
               evidence->note, caveat);
    return GAIT_OK;
}

/* The first kind of evidence that there is enough of decides. */
static gait_status judge_foot(gait_session *session, const struct sensor_result *sensor,
                              struct arena *tmp, gait_error *err)
{
    const gait_settings *settings = &session->options.settings;
    int stood = sensor->stood_still;
    const struct evidence kinds[] = {
        {"pronation_excursion_deg", "deg", setting(settings, overpronation_note_deg),
         setting(settings, overpronation_flag_deg), 0.6,
         "Inward roll of the shoe from foot strike to its maximum (gyroscope)"},
        {"pronation_index", "1", setting(settings, pronation_index_note), INFINITY,
         stood ? 0.35 : 0.25,
         "Pronation index from the accelerometer alone, an estimate that is no angle"},
    };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct series series;
        TRY(series_take(sensor, kinds[k].key, GAIT_SIDE_UNKNOWN, GAIT_RUN, &series, tmp));
        if ((double)series.n < setting(settings, pronation_min_strides)) continue;
        double middle = median(series.value, series.n, tmp);
        if (!(middle > kinds[k].note)) return GAIT_OK;
        return tell(session, sensor, &kinds[k], &series, middle, tmp, err);
    }
    return GAIT_OK;
}

static gait_status judge(gait_session *session, struct arena *tmp, gait_error *err)
{
    for (size_t i = 0; i < session->n_sensors; i++) {
        const struct sensor_result *sensor = &session->sensors[i];
        if (sensor->info.placement != GAIT_FOOT) continue;
        struct arena_mark mark = arena_mark(tmp);
        TRY(judge_foot(session, sensor, tmp, err));
        arena_rewind(tmp, mark);
    }
    return GAIT_OK;
}

const struct rule rule_overpronation = {
    .pub =
        {.code = "overpronation",
         .title = "Overpronation indicator (proxy)",
         .rule =
             "On a foot sensor with at least pronation_min_strides running strides: the median "
             "pronation excursion from the gyroscope is above overpronation_note_deg (note), or "
             "above "
             "overpronation_flag_deg on pronation_flag_strides strides with the interval above the "
             "note's limit (flag); without a gyroscope the pronation index is above "
             "pronation_index_note (always a note, low confidence).",
         .settings = "overpronation_note_deg overpronation_flag_deg pronation_index_note "
                     "pronation_min_strides pronation_flag_strides",
         .evidence = "C",
         .source = "Nielsen 2014, doi 10.1136/bjsports-2013-092202; Willems 2021, doi "
                   "10.2519/jospt.2021.9710; Willwacher 2022, doi 10.1007/s40279-022-01666-3",
         .caveat = caveat},
    .judge = judge,
};
