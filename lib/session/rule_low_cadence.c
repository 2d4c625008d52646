/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "base/text.h"
#include "base/fail.h"
#include "gait/settings.h"
#include "session/past.h"
#include "session/rules.h"
#include "session/series.h"
#include "signal/stats.h"

static const char caveat[] =
    "Tall runners and slow running have a lower step rate, and a link with "
    "knee pain is not shown; raising it by 5 to 10 % lowered the work of "
    "the knee in a laboratory: discuss it before changing.";

/* The running strides of the sensor that saw most of them. */
static gait_status longest_series(const gait_session *session, const struct sensor_result **seen_by,
                                  struct series *out, struct arena *tmp)
{
    *out = (struct series){0};
    for (size_t i = 0; i < session->n_sensors; i++) {
        struct series series;
        TRY(series_take(&session->sensors[i], "cadence_steps_per_min", GAIT_SIDE_UNKNOWN, GAIT_RUN,
                        &series, tmp));
        if (series.n <= out->n) continue;
        *out = series;
        *seen_by = &session->sensors[i];
    }
    return GAIT_OK;
}

static gait_severity grade(const gait_settings *settings, double cadence, double speed_mps)
{
    if (cadence >= setting(settings, low_cadence_steps_per_min)) return GAIT_INFO;
    return speed_mps >= setting(settings, low_cadence_speed_mps) ? GAIT_ALERT : GAIT_NOTE;
}

static gait_status judge(gait_session *session, struct arena *tmp, gait_error *err)
{
    const gait_settings *settings = &session->options.settings;
    const struct sensor_result *sensor = NULL;
    struct series series;
    double speed_mps = session->options.speed_mps;
    TRY(longest_series(session, &sensor, &series, tmp));
    double cadence = median(series.value, series.n, tmp);
    if (!(cadence < setting(settings, low_cadence_note_steps_per_min))) return GAIT_OK;
    if (speed_mps < setting(settings, low_cadence_speed_mps)) return GAIT_OK;
    gait_finding *finding = session_add_finding(session, &rule_low_cadence.pub);
    if (!finding) return gait_fail(err, GAIT_NOMEM, "no memory for a finding");
    finding->severity = grade(settings, cadence, speed_mps);
    finding->side = GAIT_SIDE_NONE;
    finding->value = cadence;
    finding->limit = setting(settings, low_cadence_note_steps_per_min);
    finding->n = series.n;
    finding->confidence = isfinite(speed_mps) ? 0.7 : 0.5;
    text_print(finding->sensor, sizeof finding->sensor, "%s", sensor->name);
    text_print(finding->units, sizeof finding->units, "1/min");
    text_print(finding->message, sizeof finding->message,
               "Step rate is at the low end: %.0f steps/min over %zu strides%s. %s", cadence,
               series.n, isfinite(speed_mps) ? "" : ", at a speed that was not stated", caveat);
    return GAIT_OK;
}

static gait_status compare(const struct history *history, size_t i, struct finding_list *found,
                           struct arena *tmp)
{
    const gait_settings *settings = history->settings;
    double cadence = history->sessions[i].cadence_steps_per_min;
    size_t n;
    double usual = usual_cadence(history, i, &n, tmp);
    double limit = usual * (1 - setting(settings, cadence_drop_percent) / 100);
    if ((double)n < setting(settings, flag_min_sessions) || !(cadence <= limit)) return GAIT_OK;
    if (!(cadence < setting(settings, low_cadence_note_steps_per_min))) return GAIT_OK;
    gait_finding *finding = add_finding(found, &rule_low_cadence.pub);
    if (!finding) return GAIT_NOMEM;
    finding->severity = GAIT_NOTE;
    finding->side = GAIT_SIDE_NONE;
    finding->value = cadence;
    finding->reference = usual;
    finding->limit = limit;
    finding->n = history->sessions[i].n_strides;
    finding->confidence = 0.6;
    finding->cadence_change_percent = 100 * (cadence / usual - 1);
    text_print(finding->units, sizeof finding->units, "1/min");
    text_print(finding->message, sizeof finding->message,
               "Step rate is at the low end and lower than usual for this person: %.0f against "
               "%.0f steps/min in the last %zu sessions. %s",
               cadence, usual, n, caveat);
    return GAIT_OK;
}

const struct rule rule_low_cadence = {
    .pub = {.code = "low_cadence",
            .title = "Low step rate",
            .rule = "The median cadence of running is below low_cadence_note_steps_per_min (info); "
                    "below low_cadence_steps_per_min it is a note, and a flag at a stated speed of "
                    "low_cadence_speed_mps or more; slower running is left out. Against earlier "
                    "sessions: it is that low and cadence_drop_percent below the median of the "
                    "last baseline_sessions (a note).",
            .settings = "low_cadence_note_steps_per_min low_cadence_steps_per_min "
                        "low_cadence_speed_mps cadence_drop_percent baseline_sessions "
                        "flag_min_sessions",
            .evidence = "C",
            .source = "Heiderscheit et al. 2011, doi 10.1249/MSS.0b013e3181ebedf4; Luedke et al. "
                      "2016, doi 10.1249/MSS.0000000000000890 (shin injury)",
            .caveat = caveat},
    .judge = judge,
    .compare = compare,
};
