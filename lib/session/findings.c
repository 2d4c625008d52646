/* SPDX-License-Identifier: BSD-3-Clause */
#include "session/rules.h"

/* To add a finding: write lib/session/rule_NAME.c with a const struct rule, then one line here and
 * in rules.h. */
static const struct rule *const rows[] = {
    &rule_data_quality,
    &rule_load_spike_stride,
    &rule_load_spike_sustained,
    &rule_overpronation,
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
