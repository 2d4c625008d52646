/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "base/text.h"
#include "gait/settings.h"
#include "session/past.h"
#include "session/rules.h"

static const char caveat[] =
    "Days without a recording are not known to be days without running, or without other sport.";

/* The longest session of the 30 days up to the one before the break. */
static double longest_before_break(const struct history *history, size_t last)
{
    const struct past_session *sessions = history->sessions;
    return fmax(sessions[last].exposure.amount, sessions[last].standing.longest_30d);
}

static gait_status compare(const struct history *history, size_t i, struct finding_list *found,
                           struct arena *tmp)
{
    const gait_settings *settings = history->settings;
    const struct past_session *session = &history->sessions[i];
    (void)tmp;
    if (!(session->standing.gap_days >= setting(settings, break_days))) return GAIT_OK;
    double longest = longest_before_break(history, session->standing.before);
    double limit = longest * setting(settings, break_share_percent) / 100;
    if (!(session->exposure.amount > limit)) return GAIT_OK;
    gait_finding *finding = add_finding(found, &rule_return_after_break.pub);
    if (!finding) return GAIT_NOMEM;
    finding->severity = GAIT_NOTE;
    finding->side = GAIT_SIDE_NONE;
    finding->value = session->exposure.amount;
    finding->reference = longest;
    finding->limit = limit;
    finding->n = session->n_strides;
    finding->confidence = 0.5;
    text_print(finding->units, sizeof finding->units, "%s", history->in_metres ? "m" : "min");
    text_print(
        finding->message, sizeof finding->message,
        "First recorded run for %.0f days, and %.0f %% as long as the longest of the 30 days "
        "before the break. Beginning shorter is customary. %s",
        session->standing.gap_days, 100 * session->exposure.amount / longest, caveat);
    return GAIT_OK;
}

const struct rule rule_return_after_break = {
    .pub = {.code = "return_after_break",
            .title = "First longer run after a break",
            .rule = "No recorded running for break_days days or more, then a session of more than "
                    "break_share_percent of the longest of the 30 days before the break.",
            .settings = "break_days break_share_percent",
            .evidence = "D",
            .source = "by design: tissue loses in two weeks what it gained, no study of runs",
            .caveat = caveat},
    .compare = compare,
    .is_about_a_habit = 1,
};
