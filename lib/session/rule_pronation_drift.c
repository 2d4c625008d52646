/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "base/fail.h"
#include "base/text.h"
#include "gait/settings.h"
#include "session/drift.h"
#include "session/rules.h"
#include "session/series.h"

static const char caveat[] = "Feet roll in more after long standing and running, and warm shoes "
                             "and another ground do the same; whether it matters for a knee is "
                             "not known.";

/* A gyroscope tells degrees; an accelerometer alone an index, of which per cent are judged. */
static const struct kind {
    const char *key, *what;
    double confidence;
    int is_index;
} kinds[] = {
    {"pronation_excursion_deg", "Inward roll of the shoe (gyroscope)", 0.6, 0},
    {"pronation_index", "Pronation index (accelerometer alone, no angle)", 0.3, 1},
};

/* Change over the stretch that was looked at, and its 95 % interval. */
struct rise {
    struct drift_points points;
    double from_s, to_s, size, low, high, limit, strides;
};

static gait_status measure_rise(const struct sensor_result *sensor, const struct kind *kind,
                                const gait_settings *settings, struct rise *out, struct arena *tmp)
{
    struct series series;
    struct trend line;
    out->size = NAN;
    TRY(series_take(sensor, kind->key, GAIT_SIDE_UNKNOWN, GAIT_RUN, &series, tmp));
    drift_points(series.value, series.start_s, series.n, &out->points, tmp);
    TRY(drift_of(series.value, series.start_s, series.n, &line, tmp));
    if (isnan(line.slope)) return GAIT_OK;
    const double *t = out->points.t_min;
    double span_min = t[out->points.n - 1] - t[0];
    out->from_s = 60 * t[0];
    out->to_s = 60 * t[out->points.n - 1];
    out->size = line.slope * span_min;
    out->low = line.slope_low * span_min;
    out->high = line.slope_high * span_min;
    out->strides = (double)series.n;
    out->limit = setting(settings, pronation_drift_deg);
    if (!kind->is_index) return GAIT_OK;
    double middle = median(out->points.level, out->points.n, tmp);
    out->limit = setting(settings, pronation_drift_percent) / 100 * fabs(middle);
    return GAIT_OK;
}

static gait_status tell(gait_session *session, const struct sensor_result *sensor,
                        const struct kind *kind, const struct rise *rise, gait_error *err)
{
    gait_finding *finding = session_add_finding(session, &rule_pronation_drift.pub);
    if (!finding) return gait_fail(err, GAIT_NOMEM, "no memory for a finding");
    const char *unit = kind->is_index ? "" : " deg";
    finding->severity = GAIT_NOTE;
    finding->side = sensor->info.side;
    finding->start_s = rise->from_s;
    finding->end_s = rise->to_s;
    finding->value = rise->size;
    finding->reference = 0;
    finding->limit = rise->limit;
    finding->n = (size_t)rise->strides;
    finding->confidence = kind->confidence;
    text_print(finding->sensor, sizeof finding->sensor, "%s", sensor->name);
    text_print(finding->units, sizeof finding->units, "%s", kind->is_index ? "1" : "deg");
    text_print(finding->message, sizeof finding->message,
               "%s rose by %.1f%s from minute %.0f to %.0f (95 %% interval %.1f to %.1f, limit "
               "%.1f). %s",
               kind->what, rise->size, unit, rise->from_s / 60, rise->to_s / 60, rise->low,
               rise->high, rise->limit, caveat);
    return GAIT_OK;
}

/* The first kind that there is enough of decides. */
static gait_status judge_foot(gait_session *session, const struct sensor_result *sensor,
                              struct arena *tmp, gait_error *err)
{
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct rise rise;
        TRY(measure_rise(sensor, &kinds[k], &session->options.settings, &rise, tmp));
        if (isnan(rise.size)) continue;
        if (!(rise.low > 0 && rise.size > rise.limit)) return GAIT_OK;
        return tell(session, sensor, &kinds[k], &rise, err);
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

const struct rule rule_pronation_drift = {
    .pub = {.code = "pronation_drift",
            .title = "Inward roll grows along the run (proxy)",
            .rule = "On a foot sensor, in at least 15 minutes of running, the first three left "
                    "out: the Theil-Sen line through the minutes' medians of the pronation "
                    "excursion rises by more than pronation_drift_deg, without a gyroscope that "
                    "of the pronation index by more than pronation_drift_percent, and its 95 % "
                    "interval is above zero. Always a note.",
            .settings = "pronation_drift_deg pronation_drift_percent",
            .evidence = "C",
            .source = "Foot posture after 45 to 60 min of running, PMC10672250; Sen 1968, J Am "
                      "Stat Assoc 63:1379",
            .caveat = caveat},
    .judge = judge,
};
