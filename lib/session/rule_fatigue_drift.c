/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "gait/settings.h"
#include "gait/window.h"
#include "session/drift.h"
#include "session/rules.h"
#include "session/series.h"

static const char caveat[] = "Speed, slope, surface and the warming of shoes do the same, and most "
                             "runners change along a run.";

static const char cadence_key[] = "cadence_steps_per_min";

enum { MOST_TOLD = 4 };

/* One metric that changed, and by how many times what it must. */
struct change {
    const gait_metric *metric;
    struct relative_drift drift;
    size_t n;
    double excess;
};

/* Inward roll and sideways motion have rules of their own. */
static int is_of_others(const char *key)
{
    return text_starts_with(key, "pronation") || text_starts_with(key, "ml_");
}

static double sign_of(double x)
{
    return x < 0 ? -1 : 1;
}

static int leaves_zero_out(const struct relative_drift *drift)
{
    return drift->low > 0 || drift->high < 0;
}

/* The change must be there with and without what goes with cadence. */
static gait_status measure_change(const struct sensor_result *sensor, const gait_metric *metric,
                                  const struct drift_points *cadence, double gate_share,
                                  struct change *out, struct arena *tmp)
{
    struct series series;
    struct drift_points points;
    struct relative_drift adjusted;
    *out = (struct change){.metric = metric};
    TRY(series_take(sensor, metric->key, GAIT_SIDE_UNKNOWN, GAIT_RUN, &series, tmp));
    drift_points(series.value, series.start_s, series.n, &points, tmp);
    int is_time = strcmp(metric->unit, "s") == 0 || strcmp(metric->key, cadence_key) == 0;
    TRY(relative_drift_of(&points, NULL, &out->drift, tmp));
    TRY(relative_drift_of(&points, is_time ? NULL : cadence, &adjusted, tmp));
    double gate = gate_share * metric->minimal_change_percent;
    double least = fmin(fabs(out->drift.percent), fabs(adjusted.percent));
    out->n = series.n;
    if (!leaves_zero_out(&out->drift) || !leaves_zero_out(&adjusted)) return GAIT_OK;
    if (sign_of(out->drift.percent) * sign_of(adjusted.percent) > 0) out->excess = least / gate;
    return GAIT_OK;
}

static gait_status cadence_points(const struct sensor_result *sensor, struct drift_points *out,
                                  struct arena *tmp)
{
    struct series series;
    TRY(series_take(sensor, cadence_key, GAIT_SIDE_UNKNOWN, GAIT_RUN, &series, tmp));
    drift_points(series.value, series.start_s, series.n, out, tmp);
    return GAIT_OK;
}

/* The largest first, those that exceed their gate. */
static void keep_change(struct change *kept, size_t *n, const struct change *change)
{
    if (!(change->excess >= 1)) return;
    size_t at = *n;
    while (at > 0 && kept[at - 1].excess < change->excess) at--;
    if (at == MOST_TOLD) return;
    size_t last = *n < MOST_TOLD ? (*n)++ : MOST_TOLD - 1;
    for (size_t k = last; k > at; k--) kept[k] = kept[k - 1];
    kept[at] = *change;
}

static void put_changes(gait_finding *finding, const struct change *kept, size_t n)
{
    char list[256] = "";
    for (size_t k = 0; k < n; k++) {
        size_t used = strlen(list);
        text_print(list + used, sizeof list - used, "%s%s %+.1f %% (%.1f to %.1f)", k ? ", " : "",
                   kept[k].metric->label, kept[k].drift.percent, kept[k].drift.low,
                   kept[k].drift.high);
    }
    text_print(finding->message, sizeof finding->message,
               "From minute %.0f to %.0f the pattern changed steadily: %s. %s",
               finding->start_s / 60, finding->end_s / 60, list, caveat);
}

static gait_status tell(gait_session *session, const struct sensor_result *sensor,
                        const struct change *kept, size_t n, double cadence_percent,
                        gait_error *err)
{
    gait_finding *finding = session_add_finding(session, &rule_fatigue_drift.pub);
    if (!finding) return gait_fail(err, GAIT_NOMEM, "no memory for a finding");
    finding->severity = GAIT_NOTE;
    finding->side = sensor->info.side;
    finding->start_s = kept[0].drift.from_s;
    finding->end_s = kept[0].drift.to_s;
    finding->value = kept[0].drift.percent;
    finding->reference = 0;
    finding->limit = sign_of(finding->value) * kept[0].metric->minimal_change_percent *
                     setting(&session->options.settings, drift_gate_share);
    finding->n = kept[0].n;
    finding->confidence = 0.6;
    finding->cadence_change_percent = cadence_percent;
    text_print(finding->sensor, sizeof finding->sensor, "%s", sensor->name);
    text_print(finding->units, sizeof finding->units, "%%");
    put_changes(finding, kept, n);
    return GAIT_OK;
}

static gait_status judge_sensor(gait_session *session, const struct sensor_result *sensor,
                                struct arena *tmp, gait_error *err)
{
    struct change kept[MOST_TOLD];
    struct drift_points cadence;
    struct relative_drift cadence_drift;
    double share = setting(&session->options.settings, drift_gate_share);
    size_t n = 0;
    TRY(cadence_points(sensor, &cadence, tmp));
    TRY(relative_drift_of(&cadence, NULL, &cadence_drift, tmp));
    for (size_t m = 0; gait_metric_at(m); m++) {
        const gait_metric *metric = gait_metric_at(m);
        struct change change;
        if (!(metric->minimal_change_percent > 0) || is_of_others(metric->key)) continue;
        struct arena_mark mark = arena_mark(tmp);
        TRY(measure_change(sensor, metric, &cadence, share, &change, tmp));
        arena_rewind(tmp, mark);
        keep_change(kept, &n, &change);
    }
    return n ? tell(session, sensor, kept, n, cadence_drift.percent, err) : GAIT_OK;
}

static gait_status judge(gait_session *session, struct arena *tmp, gait_error *err)
{
    for (size_t i = 0; i < session->n_sensors; i++) {
        struct arena_mark mark = arena_mark(tmp);
        TRY(judge_sensor(session, &session->sensors[i], tmp, err));
        arena_rewind(tmp, mark);
    }
    return GAIT_OK;
}

const struct rule rule_fatigue_drift = {
    .pub = {.code = "fatigue_drift",
            .title = "Change along the run",
            .rule = "In at least 15 minutes of running, the first three left out: the Theil-Sen "
                    "line through the minutes' medians of a metric changes by more than "
                    "drift_gate_share of the smallest change that counts for it, its 95 % interval "
                    "(widened for neighbouring minutes being alike) leaves zero out, and both "
                    "still hold when what goes with cadence from minute to minute is taken away.",
            .settings = "drift_gate_share",
            .evidence = "C",
            .source = "Schuette et al. 2015, doi 10.1371/journal.pone.0141957; Sen 1968, J Am Stat "
                      "Assoc 63:1379",
            .caveat = caveat},
    .judge = judge,
};
