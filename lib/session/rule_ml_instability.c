/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "base/fail.h"
#include "base/text.h"
#include "gait/settings.h"
#include "session/drift.h"
#include "session/rules.h"
#include "session/series.h"

static const char caveat[] = "Ground, bends, traffic and a sensor that works loose do the same; "
                             "whether control of hip and trunk is behind it, a single-leg knee "
                             "bend may show.";

static const char key[] = "ml_ratio";

static gait_status measure(const struct sensor_result *sensor, struct relative_drift *out,
                           size_t *n, struct arena *tmp)
{
    struct series series;
    struct drift_points points;
    TRY(series_take(sensor, key, GAIT_SIDE_UNKNOWN, GAIT_RUN, &series, tmp));
    drift_points(series.value, series.start_s, series.n, &points, tmp);
    *n = series.n;
    return relative_drift_of(&points, NULL, out, tmp);
}

static gait_status tell(gait_session *session, const struct sensor_result *sensor,
                        const struct relative_drift *drift, size_t n, gait_error *err)
{
    gait_finding *finding = session_add_finding(session, &rule_ml_instability.pub);
    if (!finding) return gait_fail(err, GAIT_NOMEM, "no memory for a finding");
    finding->severity = GAIT_NOTE;
    finding->side = sensor->info.side;
    finding->start_s = drift->from_s;
    finding->end_s = drift->to_s;
    finding->value = drift->percent;
    finding->reference = 0;
    finding->limit = setting(&session->options.settings, ml_rise_percent);
    finding->n = n;
    finding->confidence = 0.5;
    text_print(finding->sensor, sizeof finding->sensor, "%s", sensor->name);
    text_print(finding->units, sizeof finding->units, "%%");
    text_print(finding->message, sizeof finding->message,
               "Sideways motion, as a share of all motion in contact, rose by %.0f %% from minute "
               "%.0f to %.0f (95 %% "
               "interval %.0f to %.0f %%, limit %.0f %%). %s",
               drift->percent, drift->from_s / 60, drift->to_s / 60, drift->low, drift->high,
               finding->limit, caveat);
    return GAIT_OK;
}

static int is_watched(gait_placement placement)
{
    return placement == GAIT_SHANK || placement == GAIT_SACRUM || placement == GAIT_WAIST;
}

static gait_status judge(gait_session *session, struct arena *tmp, gait_error *err)
{
    for (size_t i = 0; i < session->n_sensors; i++) {
        const struct sensor_result *sensor = &session->sensors[i];
        struct relative_drift drift;
        size_t n;
        if (!is_watched(sensor->info.placement)) continue;
        struct arena_mark mark = arena_mark(tmp);
        TRY(measure(sensor, &drift, &n, tmp));
        arena_rewind(tmp, mark);
        if (drift.low > 0 && drift.percent > setting(&session->options.settings, ml_rise_percent))
            TRY(tell(session, sensor, &drift, n, err));
    }
    return GAIT_OK;
}

const struct rule rule_ml_instability = {
    .pub = {.code = "ml_instability",
            .title = "More sideways motion along the run (proxy)",
            .rule = "On a shank or trunk sensor, in at least 15 minutes of running, the first "
                    "three left out: the Theil-Sen line through the minutes' medians of the "
                    "sideways share rises by more than ml_rise_percent and its 95 % interval is "
                    "above zero. Always a note.",
            .settings = "ml_rise_percent",
            .evidence = "C",
            .source = "Schuette et al. 2015, doi 10.1371/journal.pone.0141957 (rises with "
                      "fatigue); a year of 76 runners, PMC7222667 (an association in men)",
            .caveat = caveat},
    .judge = judge,
};
