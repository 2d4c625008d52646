/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "session/rules.h"

/* To add a finding: write lib/session/rule_NAME.c with a const struct rule, then one line here and
 * in rules.h. */
static const struct rule *const rows[] = {
    &rule_data_quality,       &rule_load_spike_stride,     &rule_load_spike_sustained,
    &rule_load_spike_session, &rule_impact_above_baseline, &rule_return_after_break,
    &rule_low_cadence,        &rule_asymmetry_change,      &rule_fatigue_drift,
    &rule_overpronation,      &rule_pronation_asymmetry,   &rule_pronation_drift,
    &rule_ml_instability,     &rule_test_side_difference,
};

const struct rule *rule_row(size_t index)
{
    return index < sizeof rows / sizeof *rows ? rows[index] : NULL;
}

const gait_rule *gait_rule_at(size_t index)
{
    const struct rule *row = rule_row(index);
    return row ? &row->pub : NULL;
}

const char *gait_severity_name(gait_severity severity)
{
    static const char *const names[] = {"info", "note", "flag"};
    return (unsigned)severity < sizeof names / sizeof *names ? names[severity] : "unknown";
}

static int by_urgency(const void *a, const void *b)
{
    const gait_finding *x = a, *y = b;
    if (x->severity != y->severity) return (int)y->severity - (int)x->severity;
    int by_grade = strcmp(x->rule->evidence, y->rule->evidence);
    if (by_grade) return by_grade;
    int by_code = strcmp(x->rule->code, y->rule->code);
    if (by_code) return by_code;
    int by_sensor = strcmp(x->sensor, y->sensor);
    if (by_sensor) return by_sensor;
    if (x->start_s < y->start_s) return -1;
    if (x->start_s > y->start_s) return 1;
    return (int)x->side - (int)y->side;
}

void sort_findings(struct finding_list *list)
{
    if (list->n) qsort(list->at, list->n, sizeof *list->at, by_urgency);
}
