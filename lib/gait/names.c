/* SPDX-License-Identifier: BSD-3-Clause */
#include <gait/analysis.h>

static const char *const activity_names[GAIT_N_ACTIVITIES] = {
    "rest", "walk", "run", "other", "knee-bend", "squat", "stance"};

static const char *const event_names[GAIT_N_EVENT_TYPES] = {
    "foot_strike", "toe_off",      "bend_start",   "bend_lowest",
    "bend_end",    "bend_aborted", "stance_start", "stance_end"};

static const char *const flag_names[] = {
    "gap",
    "interpolated",
    "clipped",
    "low_rate",
    "no_alignment",
    "sign_unsure",
    "few",
    "short",
    "low_confidence",
    "dead_axis",
    "unit_guessed",
    "speed_unknown",
    "no_event",
    "side_unknown",
    "grounded",
    "gait_uncertain",
    "mount",
    "hard_landing",
    "implausible",
};

const char *gait_activity_name(gait_activity activity)
{
    return (unsigned)activity < GAIT_N_ACTIVITIES ? activity_names[activity] : "unknown";
}

const char *gait_event_type_name(gait_event_type type)
{
    return (unsigned)type < GAIT_N_EVENT_TYPES ? event_names[type] : "unknown";
}

const char *gait_flag_name(unsigned bit)
{
    for (unsigned i = 0; i < sizeof flag_names / sizeof *flag_names; i++)
        if (bit == 1u << i) return flag_names[i];
    return NULL;
}
