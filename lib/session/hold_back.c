/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "gait/settings.h"
#include "session/session.h"

static void add_reason(gait_finding *finding, const char *reason)
{
    size_t used = strlen(finding->held_back);
    text_print(finding->held_back + used, sizeof finding->held_back - used, "%s%s", used ? " " : "",
               reason);
}

static int is_about_a_habit(const gait_rule *rule)
{
    for (size_t i = 0; rule_row(i); i++)
        if (&rule_row(i)->pub == rule) return rule_row(i)->is_about_a_habit;
    return 0;
}

void hold_back(gait_finding *finding, const struct circumstances *about)
{
    const gait_settings *settings = about->settings;
    if (strcmp(finding->rule->evidence, "none") == 0) return; /* nothing about the person */
    if (finding->n && (double)finding->n < setting(settings, flag_min_strides))
        add_reason(finding, "few_strides");
    if (!about->speed_is_known &&
        fabs(finding->cadence_change_percent) > setting(settings, flag_cadence_percent))
        add_reason(finding, "speed_unknown");
    if (finding->confidence < setting(settings, flag_min_confidence))
        add_reason(finding, "low_confidence");
    if (is_about_a_habit(finding->rule) &&
        (double)about->n_earlier < setting(settings, flag_min_sessions))
        add_reason(finding, about->n_earlier ? "few_sessions" : "first_session");
    if (finding->held_back[0] && finding->severity > GAIT_NOTE) finding->severity = GAIT_NOTE;
}
