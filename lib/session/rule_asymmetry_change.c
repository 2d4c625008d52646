/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "gait/settings.h"
#include "session/past.h"
#include "session/rules.h"
#include "signal/stats.h"

static const char caveat[] = "836 runners with a difference between the sides were injured no more "
                             "often than those without, and two sensors differ by how they sit.";

/* A painful side makes a difference worth a look; else it is only a first value to compare with. */
static int side_hurts(const gait_session *session)
{
    for (size_t i = 0; i < session->n_sensors; i++)
        if (session->sensors[i].info.affected_side == GAIT_LEFT ||
            session->sensors[i].info.affected_side == GAIT_RIGHT)
            return 1;
    return 0;
}

/* The difference that exceeds its smallest change by the largest factor, NULL if none does. */
static const struct asymmetry *largest(const gait_session *session, size_t *n_more)
{
    const struct asymmetry *found = NULL;
    double most = 0;
    size_t n = 0;
    for (size_t i = 0; i < session->n_asymmetries; i++) {
        const struct asymmetry *a = &session->asymmetries[i];
        double excess = fabs(a->index_percent) / a->minimal_detectable_percent;
        if (!a->exceeds) continue;
        n++;
        if (excess <= most) continue;
        most = excess;
        found = a;
    }
    *n_more = n ? n - 1 : 0;
    return found;
}

static gait_status judge(gait_session *session, struct arena *tmp, gait_error *err)
{
    (void)tmp;
    size_t n_more;
    const struct asymmetry *a = largest(session, &n_more);
    if (!a) return GAIT_OK;
    const gait_metric *metric = gait_metric_at((size_t)a->metric);
    gait_finding *finding = session_add_finding(session, &rule_asymmetry_change.pub);
    if (!finding) return gait_fail(err, GAIT_NOMEM, "no memory for a finding");
    finding->severity = side_hurts(session) ? GAIT_NOTE : GAIT_INFO;
    finding->side = a->index_percent > 0 ? GAIT_RIGHT : GAIT_LEFT;
    finding->value = a->index_percent;
    finding->limit = copysign(a->minimal_detectable_percent, a->index_percent);
    finding->n = a->n;
    finding->confidence = 0.5;
    text_print(finding->title, sizeof finding->title, "Difference between the sides");
    text_print(finding->units, sizeof finding->units, "%%");
    text_print(
        finding->message, sizeof finding->message,
        "%s: the %s side is %.1f %% above the other (95 %% interval %.1f to %.1f %%)%s. What "
        "counts is a change against earlier sessions. %s",
        metric->label, gait_side_name(finding->side), fabs(a->index_percent),
        fmin(fabs(a->ci_low), fabs(a->ci_high)), fmax(fabs(a->ci_low), fabs(a->ci_high)),
        n_more ? ", and other measures differ too" : "", caveat);
    return GAIT_OK;
}

static double index_of(const struct past_session *session, const struct past_session *now,
                       const void *metric)
{
    for (size_t k = 0; k < session->n_differences; k++) {
        if (strcmp(session->differences[k].metric, metric) != 0) continue;
        for (int side = 0; side < 2; side++)
            if (!same_series(&session->limb[side], &now->limb[side])) return NAN;
        return session->differences[k].index_percent;
    }
    return NAN;
}

struct departure {
    const struct side_difference *now;
    double usual, limit;
    size_t n;
    double excess; /* change over the smallest that counts */
};

static struct departure departure_of(const struct history *history, size_t i,
                                     const struct side_difference *now, struct arena *tmp)
{
    const gait_settings *settings = history->settings;
    double earlier[MOST_BASELINE];
    struct departure d = {.now = now};
    d.n = take_baseline(history, i, index_of, now->metric,
                        (size_t)setting(settings, baseline_sessions), earlier);
    if ((double)d.n < setting(settings, flag_min_sessions)) return d;
    d.usual = median(earlier, d.n, tmp);
    d.limit =
        fmax(setting(settings, asymmetry_sd) * mad_sigma(earlier, d.n, tmp), now->minimal_percent);
    d.excess = fabs(now->index_percent - d.usual) / d.limit;
    return d;
}

static gait_status tell_departure(const struct history *history, size_t i,
                                  const struct departure *d, size_t n_more,
                                  struct finding_list *found, struct arena *tmp)
{
    const gait_metric *metric = gait_metric_at((size_t)gait_metric_index(d->now->metric));
    gait_finding *finding = add_finding(found, &rule_asymmetry_change.pub);
    if (!finding) return GAIT_NOMEM;
    finding->severity = GAIT_NOTE;
    finding->side = d->now->index_percent > d->usual ? GAIT_RIGHT : GAIT_LEFT;
    finding->value = d->now->index_percent;
    finding->reference = d->usual;
    finding->limit = d->usual + copysign(d->limit, d->now->index_percent - d->usual);
    finding->n = history->sessions[i].n_strides;
    finding->confidence = 0.6;
    finding->cadence_change_percent = cadence_change(history, i, tmp);
    text_print(finding->units, sizeof finding->units, "%%");
    text_print(finding->message, sizeof finding->message,
               "%s: right against left changed to %+.1f %% from a usual %+.1f %% (median of the "
               "last %zu sessions)%s. %s",
               metric->label, finding->value, d->usual, d->n,
               n_more ? ", and other measures changed too" : "", caveat);
    return GAIT_OK;
}

static gait_status compare(const struct history *history, size_t i, struct finding_list *found,
                           struct arena *tmp)
{
    const struct past_session *session = &history->sessions[i];
    struct departure most = {.excess = 1};
    size_t n = 0;
    for (size_t k = 0; k < session->n_differences; k++) {
        const struct side_difference *now = &session->differences[k];
        if (!isfinite(now->index_percent) || gait_metric_index(now->metric) < 0) continue;
        struct departure d = departure_of(history, i, now, tmp);
        if (!(d.excess > 1)) continue;
        n++;
        if (d.excess > most.excess) most = d;
    }
    return n ? tell_departure(history, i, &most, n - 1, found, tmp) : GAIT_OK;
}

const struct rule rule_asymmetry_change = {
    .pub = {.code = "asymmetry_change",
            .title = "Changed difference between the sides",
            .rule = "Against earlier sessions of the same sensors: the index of a metric, right "
                    "less left over their mean, is away from the median of the last "
                    "baseline_sessions (at least flag_min_sessions) by more than asymmetry_sd "
                    "robust standard deviations and more than the smallest change that counts for "
                    "the metric (a note). In one session alone: the interval of an index, widened "
                    "by sensor_gain_percent, by what shows that the sensors sit differently "
                    "(sensor_mount_share) and by the uncertainty of the events, leaves zero out "
                    "and the index is beyond that change "
                    "(info, and a note if a painful side is stated).",
            .settings = "baseline_sessions flag_min_sessions asymmetry_sd sensor_gain_percent "
                        "sensor_mount_share",
            .evidence = "C",
            .source = "Malisoux et al. 2024, BMJ Open Sport Exerc Med 10:e001787 (no link with "
                      "injury); Girard et al. 2019, doi 10.3389/fspor.2019.00036",
            .caveat = caveat},
    .judge = judge,
    .compare = compare,
    .is_about_a_habit = 1,
};
