/* SPDX-License-Identifier: BSD-3-Clause */

/* Repetitions of functional tests as columns; bends.h has what they mean. */

#include "gait/measure/bends.h"
#include "gait/measure/member.h"

#define TESTS       (DURING(GAIT_KNEE_BEND) | DURING(GAIT_SQUAT))
#define TEST_PLACES (AT(GAIT_SHANK) | AT(GAIT_SACRUM) | AT(GAIT_WAIST))

static const char after_whelan[] =
    "After Whelan et al. 2017, Methods Inf Med 56:88 (one sensor on the shank) and Kianifar et al. "
    "2017, PMID 29204327; describes, there is no norm";

MEMBER(take_down, bends, struct bend, down_s)
MEMBER(take_up, bends, struct bend, up_s)
MEMBER(take_lean, bends, struct bend, lean_deg)
MEMBER(take_medial_lean, bends, struct bend, medial_lean_deg)
MEMBER(take_side_range, bends, struct bend, side_range_deg)
MEMBER(take_wobble, bends, struct bend, wobble_deg)
MEMBER(take_rotation, bends, struct bend, rotation_deg)
MEMBER(take_jerk, bends, struct bend, jerk_g_per_s)
MEMBER(take_path, bends, struct bend, path_g_per_s)
MEMBER(take_roll_rate, bends, struct bend, roll_rate_dps)

const struct metric metric_bend_down = {
    .pub = {.key = "bend_down_s",
            .unit = "s",
            .label = "Time down",
            .definition = "From the begin of a repetition to its lowest point.",
            .source =
                "Begin, lowest point and end of the nearest course by half a cosine or by least "
                "jerk (Flash and Hogan 1985, J Neurosci 5:1688)",
            .placements = TEST_PLACES,
            .activities = TESTS,
            .min_rate_hz = 25,
            .resolution = 0.05,
            .low = 0.1,
            .high = 8},
    .measure = take_down,
};

const struct metric metric_bend_up = {
    .pub = {.key = "bend_up_s",
            .unit = "s",
            .label = "Time up",
            .definition = "From the lowest point of a repetition to its end.",
            .source = "As bend_down_s",
            .placements = TEST_PLACES,
            .activities = TESTS,
            .min_rate_hz = 25,
            .resolution = 0.05,
            .low = 0.1,
            .high = 8},
    .measure = take_up,
};

const struct metric metric_bend_lean = {
    .pub = {.key = "bend_lean_deg",
            .unit = "deg",
            .label = "Lean in the bend",
            .definition = "Lean of the shank or trunk at the lowest point against standing before, "
                          "whichever way.",
            .source = "Gravity, below 2 Hz; says how deep the bend is, is no knee angle",
            .placements = TEST_PLACES,
            .activities = TESTS,
            .min_rate_hz = 25,
            .resolution = 0.5,
            .low = 0,
            .high = 90},
    .measure = take_lean,
};

const struct metric metric_bend_medial_lean = {
    .pub = {.key = "bend_medial_lean_deg",
            .unit = "deg",
            .label = "Medial lean in the bend",
            .definition = "Lean of the shank towards the other leg at the lowest point against "
                          "standing before; a proxy for a knee that moves inwards, no knee angle.",
            .source = after_whelan,
            .placements = AT(GAIT_SHANK),
            .activities = TESTS,
            .min_rate_hz = 25,
            .resolution = 0.5,
            .low = -45,
            .high = 45},
    .measure = take_medial_lean,
};

const struct metric metric_bend_side_range = {
    .pub = {.key = "bend_side_range_deg",
            .unit = "deg",
            .label = "Sideways range in the bend",
            .definition = "Between the outermost leans to either side within a repetition; at the "
                          "trunk a proxy for a pelvis that drops.",
            .source = after_whelan,
            .placements = TEST_PLACES,
            .activities = TESTS,
            .min_rate_hz = 25,
            .resolution = 0.5,
            .low = 0,
            .high = 90},
    .measure = take_side_range,
};

const struct metric metric_bend_wobble = {
    .pub = {.key = "bend_wobble_deg",
            .unit = "deg",
            .label = "Wobble in the bend",
            .definition = "Root mean square of the sideways lean below 5 Hz that is faster than "
                          "the repetition itself.",
            .source = after_whelan,
            .placements = TEST_PLACES,
            .activities = TESTS,
            .min_rate_hz = 25,
            .resolution = 0.1,
            .low = 0,
            .high = 30},
    .measure = take_wobble,
};

const struct metric metric_bend_rotation = {
    .pub = {.key = "bend_rotation_deg",
            .unit = "deg",
            .label = "Inward rotation in the bend",
            .definition = "Turn of the shank inwards about its long axis from the begin to the "
                          "lowest point, from the gyroscope.",
            .source = after_whelan,
            .placements = AT(GAIT_SHANK),
            .activities = TESTS,
            .needs_gyro = 1,
            .min_rate_hz = 25,
            .resolution = 0.5,
            .low = -45,
            .high = 45},
    .measure = take_rotation,
};

const struct metric metric_bend_jerk = {
    .pub = {.key = "bend_jerk_g_per_s",
            .unit = "g/s",
            .label = "Unsteadiness of the bend",
            .definition = "Root mean square of the change of the acceleration below 10 Hz within a "
                          "repetition.",
            .source = after_whelan,
            .placements = TEST_PLACES,
            .activities = TESTS,
            .min_rate_hz = 50,
            .resolution = 0.05,
            .low = 0,
            .high = 100},
    .measure = take_jerk,
};

const struct metric metric_bend_path = {
    .pub = {.key = "bend_path_g_per_s",
            .unit = "g/s",
            .label = "Path of the bend",
            .definition = "Way that the tip of the horizontal acceleration below 5 Hz goes in a "
                          "second of the repetition.",
            .source = "As the path of sway, Mancini et al. 2012, doi 10.1186/1743-0003-9-59",
            .placements = TEST_PLACES,
            .activities = TESTS,
            .min_rate_hz = 25,
            .resolution = 0.02,
            .low = 0,
            .high = 20},
    .measure = take_path,
};

const struct metric metric_bend_roll_rate = {
    .pub = {.key = "bend_roll_rate_dps",
            .unit = "deg/s",
            .label = "Sideways roll rate of the bend",
            .definition = "Root mean square of the turning rate about the forward axis, below 5 "
                          "Hz, within a repetition, from the gyroscope.",
            .source = after_whelan,
            .placements = TEST_PLACES,
            .activities = TESTS,
            .needs_gyro = 1,
            .min_rate_hz = 25,
            .resolution = 0.5,
            .low = 0,
            .high = 300},
    .measure = take_roll_rate,
};
