/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SESSION_RULES_H
#define SESSION_RULES_H

#include "session/session.h"

/* The rows of the finding table, each in its file rule_NAME.c. */
extern const struct rule rule_data_quality;
extern const struct rule rule_load_spike_stride;
extern const struct rule rule_load_spike_sustained;
extern const struct rule rule_load_spike_session;
extern const struct rule rule_impact_above_baseline;
extern const struct rule rule_return_after_break;
extern const struct rule rule_low_cadence;
extern const struct rule rule_asymmetry_change;
extern const struct rule rule_fatigue_drift;
extern const struct rule rule_ml_instability;
extern const struct rule rule_overpronation;
extern const struct rule rule_pronation_asymmetry;
extern const struct rule rule_pronation_drift;
extern const struct rule rule_test_side_difference;

#endif
