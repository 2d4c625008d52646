/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "base/text.h"
#include "gait/settings.h"
#include "session/past.h"
#include "session/rules.h"

static const char caveat[] = "It says nothing about this one person: most such runs are not "
                             "followed by an injury, and runs that were not recorded are not "
                             "counted.";

/* Distance is what the cohort was studied by. */
static const double distance_confidence = 0.8, minutes_confidence = 0.6, few_confidence = 0.4;

enum { ENOUGH_SESSIONS = 3 };

static double more_percent(const struct past_session *session)
{
    return 100 * (session->standing.ratio_30d - 1);
}

static gait_status tell_session(const struct history *history, const struct past_session *session,
                                struct finding_list *found)
{
    const gait_settings *settings = history->settings;
    double more = more_percent(session), small = setting(settings, session_small_percent);
    const char *size = more > setting(settings, session_large_percent)      ? "far"
                       : more > setting(settings, session_moderate_percent) ? "clearly"
                                                                            : "somewhat";
    gait_finding *finding = add_finding(found, &rule_load_spike_session.pub);
    if (!finding) return GAIT_NOMEM;
    finding->severity = more > setting(settings, session_moderate_percent) ? GAIT_ALERT : GAIT_NOTE;
    finding->side = GAIT_SIDE_NONE;
    finding->value = session->exposure.amount;
    finding->reference = session->standing.longest_30d;
    finding->limit = session->standing.longest_30d * (1 + small / 100);
    finding->n = session->n_strides;
    finding->confidence = history->in_metres ? distance_confidence : minutes_confidence;
    if (session->standing.n_30d < ENOUGH_SESSIONS) finding->confidence = few_confidence;
    text_print(finding->units, sizeof finding->units, "%s", history->in_metres ? "m" : "min");
    text_print(finding->message, sizeof finding->message,
               "This run was %s longer, %.0f %%, than the longest of %zu recorded in the 30 days "
               "before (%.*f against %.*f %s). In a cohort of 5200 runners such single runs were "
               "followed by more overuse injuries%s. %s",
               size, more, session->standing.n_30d, history->in_metres ? 0 : 1, finding->value,
               history->in_metres ? 0 : 1, finding->reference, finding->units,
               history->in_metres ? "" : " (by distance; minutes stand in for it here)", caveat);
    return GAIT_OK;
}

/* Largest sum of one limb's intensity in the 30 days before, on the same scale. */
static double largest_load(const struct history *history, size_t i, int side, size_t *n)
{
    const struct past_session *now = &history->sessions[i];
    double largest = NAN, from_s = now->exposure.local_s - 30 * 86400.0;
    *n = 0;
    for (size_t k = i; k-- > 0 && history->sessions[k].exposure.local_s >= from_s;) {
        const struct limb_load *limb = &history->sessions[k].limb[side];
        if (!isfinite(limb->l1) || !same_series(limb, &now->limb[side])) continue;
        largest = fmax(largest, limb->l1);
        ++*n;
    }
    return largest;
}

/* A run no longer than others in which a limb took clearly more. */
static gait_status tell_limb(const struct history *history, size_t i, int side,
                             struct finding_list *found)
{
    const struct limb_load *limb = &history->sessions[i].limb[side];
    size_t n;
    if (!isfinite(limb->l1)) return GAIT_OK;
    double largest = largest_load(history, i, side, &n), more = 100 * (limb->l1 / largest - 1);
    if (!(more > setting(history->settings, session_moderate_percent))) return GAIT_OK;
    if ((double)n < setting(history->settings, baseline_sessions)) return GAIT_OK;
    gait_finding *finding = add_finding(found, &rule_load_spike_session.pub);
    if (!finding) return GAIT_NOMEM;
    finding->severity = GAIT_NOTE;
    finding->side = side ? GAIT_RIGHT : GAIT_LEFT;
    finding->value = more;
    finding->reference = 0;
    finding->limit = setting(history->settings, session_moderate_percent);
    finding->n = limb->n_strides;
    finding->confidence = few_confidence;
    text_print(finding->units, sizeof finding->units, "%%");
    text_print(
        finding->message, sizeof finding->message,
        "The run was no longer than others, but the sum of the %s side's impacts was %.0f %% "
        "above the largest of %zu runs in the 30 days before. Studies know this of distance, "
        "not of impacts, and how the sensor sits changes it. %s",
        gait_side_name(finding->side), more, n, caveat);
    return GAIT_OK;
}

static gait_status compare(const struct history *history, size_t i, struct finding_list *found,
                           struct arena *tmp)
{
    const struct past_session *session = &history->sessions[i];
    (void)tmp;
    if (more_percent(session) > setting(history->settings, session_small_percent))
        return tell_session(history, session, found);
    for (int side = 0; side < 2; side++) {
        gait_status status = tell_limb(history, i, side, found);
        if (status) return status;
    }
    return GAIT_OK;
}

const struct rule rule_load_spike_session = {
    .pub = {.code = "load_spike_session",
            .title = "Longer than any recent run",
            .rule = "Distance (minutes of running where a session has none) is more than "
                    "session_small_percent above the longest session of the 30 days before: a "
                    "note; above session_moderate_percent or session_large_percent: a flag. Else "
                    "the sum of one limb's impacts is session_moderate_percent above the largest "
                    "of at least baseline_sessions sessions of the same sensor there: a note.",
            .settings = "session_small_percent session_moderate_percent session_large_percent "
                        "baseline_sessions",
            .evidence = "B",
            .source = "Frandsen et al. 2025, doi 10.1136/bjsports-2024-109380, for distance; the "
                      "others are an extrapolation",
            .caveat = caveat},
    .compare = compare,
    .is_about_a_habit = 1,
};
