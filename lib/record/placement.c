/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include <gait/recording.h>

#include "base/text.h"

static const struct {
    const char *name;
    gait_placement placement;
} placements[] = {
    /* The first name of each is the one that is written. */
    {"foot", GAIT_FOOT},     {"shank", GAIT_SHANK},       {"sacrum", GAIT_SACRUM},
    {"waist", GAIT_WAIST},   {"wrist", GAIT_WRIST},       {"other", GAIT_OTHER},
    {"shoe", GAIT_FOOT},     {"tibia", GAIT_SHANK},       {"ankle", GAIT_SHANK},
    {"pelvis", GAIT_SACRUM}, {"lower back", GAIT_SACRUM}, {"lower_back", GAIT_SACRUM},
    {"lumbar", GAIT_SACRUM}, {"hip", GAIT_WAIST},         {"belt", GAIT_WAIST},
    {"phone", GAIT_OTHER},   {"pocket", GAIT_OTHER},      {"hand", GAIT_OTHER},
};

static const char *const side_names[GAIT_N_SIDES] = {"unknown", "left", "right", "none", "a", "b"};

const char *gait_placement_name(gait_placement placement)
{
    for (size_t i = 0; i < sizeof placements / sizeof *placements; i++)
        if (placements[i].placement == placement) return placements[i].name;
    return "unknown";
}

gait_placement gait_placement_from_name(const char *name)
{
    if (!name) return GAIT_PLACEMENT_UNKNOWN;
    for (size_t i = 0; i < sizeof placements / sizeof *placements; i++)
        if (text_equal(placements[i].name, name)) return placements[i].placement;
    return GAIT_PLACEMENT_UNKNOWN;
}

const char *gait_side_name(gait_side side)
{
    return (unsigned)side < GAIT_N_SIDES ? side_names[side] : "unknown";
}

gait_side gait_side_from_name(const char *name)
{
    if (!name) return GAIT_SIDE_UNKNOWN;
    for (size_t i = 0; i < GAIT_N_SIDES; i++)
        if (text_equal(side_names[i], name)) return (gait_side)i;
    return GAIT_SIDE_UNKNOWN;
}
