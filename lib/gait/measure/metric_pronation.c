/* SPDX-License-Identifier: BSD-3-Clause */

/* Inward roll and sideways force of the foot as columns; pronation.h has what they mean. A sensor
 * on the shoe measures the shoe. */

#include "gait/measure/member.h"
#include "gait/measure/pronation.h"

MEMBER(take_excursion, pronation, struct pronation, roll.excursion_deg)
MEMBER(take_velocity, pronation, struct pronation, roll.velocity_dps)
MEMBER(take_peak, pronation, struct pronation, roll.peak_s)
MEMBER(take_strike_angle, pronation, struct pronation, roll.strike_angle_deg)
MEMBER(take_index, pronation, struct pronation, index)
MEMBER(take_tilt, pronation, struct pronation, tilt_deg)
MEMBER(take_walk_tilt, pronation, struct pronation, tilt_change_deg)
MEMBER(take_duration, pronation, struct pronation, roll.everted_share)
MEMBER(take_tilt_time, pronation, struct pronation, tilt_peak_share)
MEMBER(take_rear, pronation, struct pronation, rearfoot)
MEMBER(take_mid, pronation, struct pronation, midfoot)
MEMBER(take_fore, pronation, struct pronation, forefoot)

const struct metric metric_pronation_excursion = {
    .pub = {.key = "pronation_excursion_deg",
            .unit = "deg",
            .label = "Pronation excursion",
            .definition = "Roll of the shoe at foot strike less its most everted roll within 60 % "
                          "of contact, from the gyroscope.",
            .source = "Definition as of rearfoot eversion excursion, e.g. Karger et al. 2018, "
                      "Digit Biomark 2:74; error on simulated runners 1 deg (one SD)",
            .placements = AT(GAIT_FOOT),
            .activities = DURING(GAIT_RUN),
            .needs_gyro = 1,
            .min_rate_hz = 90,
            .resolution = 0.5,
            .low = -10,
            .high = 50,
            .minimal_change_percent = 20},
    .measure = take_excursion,
};

const struct metric metric_pronation_velocity = {
    .pub = {.key = "pronation_velocity_dps",
            .unit = "deg/s",
            .label = "Pronation velocity",
            .definition = "Largest inward roll rate of the shoe (below 30 Hz) in the first half of "
                          "contact, from the gyroscope.",
            .source = "As pronation_excursion_deg",
            .placements = AT(GAIT_FOOT),
            .activities = DURING(GAIT_RUN),
            .needs_gyro = 1,
            .min_rate_hz = 90,
            .resolution = 10,
            .low = -200,
            .high = 2500,
            .minimal_change_percent = 25},
    .measure = take_velocity,
};

const struct metric metric_pronation_time = {
    .pub = {.key = "pronation_time_s",
            .unit = "s",
            .label = "Time to maximal pronation",
            .definition = "From foot strike to the most everted roll within 60 % of contact, from "
                          "the gyroscope.",
            .source = "As pronation_excursion_deg",
            .placements = AT(GAIT_FOOT),
            .activities = DURING(GAIT_RUN),
            .needs_gyro = 1,
            .min_rate_hz = 90,
            .resolution = 0.005,
            .low = 0,
            .high = 0.35,
            .minimal_change_percent = 20},
    .measure = take_peak,
};

const struct metric metric_foot_strike_angle = {
    .pub = {.key = "foot_strike_angle_deg",
            .unit = "deg",
            .label = "Foot strike angle",
            .definition = "Pitch of the shoe at foot strike against foot-flat, toes up positive, "
                          "from the gyroscope.",
            .source =
                "Altman and Davis 2012, Gait Posture 35:298 (rearfoot above 8, forefoot below "
                "-1.6 deg)",
            .placements = AT(GAIT_FOOT),
            .activities = DURING(GAIT_RUN),
            .needs_gyro = 1,
            .min_rate_hz = 90,
            .resolution = 1,
            .low = -45,
            .high = 60},
    .measure = take_strike_angle,
};

const struct metric metric_pronation_index = {
    .pub = {.key = "pronation_index",
            .unit = "1",
            .label = "Pronation index",
            .definition =
                "An estimate of how far the foot rolls inwards, from the accelerometer "
                "alone: read from the median stride of up to two minutes, so the same for "
                "all of them. It is no angle.",
            .source = "Learned on simulated runners (tests/bench/train_pronation.py); rank "
                      "correlation with their excursion 0.88",
            .placements = AT(GAIT_FOOT),
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 90,
            .resolution = 1,
            .low = -15,
            .high = 45,
            .minimal_change_percent = 20},
    .measure = take_index,
};

const struct metric metric_pronation_tilt_index = {
    .pub = {.key = "pronation_tilt_index",
            .unit = "1",
            .label = "Pronation tilt index",
            .definition = "Angle (as of degrees) between the specific force at 33 to 50 % of "
                          "contact and the vertical, to the outside. It contains sideways "
                          "acceleration and is no angle of the foot.",
            .source = "Rank correlation with the excursion of simulated runners 0.7",
            .placements = AT(GAIT_FOOT),
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 90,
            .resolution = 1,
            .low = -90,
            .high = 90},
    .measure = take_tilt,
};

const struct metric metric_walk_tilt = {
    .pub = {.key = "walk_tilt_deg",
            .unit = "deg",
            .label = "Inward tilt in walking",
            .definition = "Inward tilt of the shoe at 33 to 50 % of contact against standing, or "
                          "without standing against 10 to 20 % of contact.",
            .source = "Gravity while the foot is flat",
            .placements = AT(GAIT_FOOT),
            .activities = DURING(GAIT_WALK),
            .min_rate_hz = 50,
            .resolution = 1,
            .low = -40,
            .high = 40},
    .measure = take_walk_tilt,
};

const struct metric metric_pronation_duration = {
    .pub = {.key = "pronation_duration_share",
            .unit = "1",
            .label = "Duration of pronation",
            .definition = "Share of the contact during which the shoe is rolled in by more than "
                          "half of its excursion, from the gyroscope.",
            .source = "As pronation_excursion_deg",
            .placements = AT(GAIT_FOOT),
            .activities = DURING(GAIT_RUN),
            .needs_gyro = 1,
            .min_rate_hz = 90,
            .resolution = 0.05,
            .low = 0,
            .high = 1,
            .minimal_change_percent = 20},
    .measure = take_duration,
};

const struct metric metric_pronation_tilt_time = {
    .pub = {.key = "pronation_tilt_time_share",
            .unit = "1",
            .label = "Time of the largest tilt",
            .definition = "Share of the contact, between 15 and 75 %, at which the specific force "
                          "points most to the outside; an index, from the accelerometer alone.",
            .source = "As pronation_tilt_index",
            .placements = AT(GAIT_FOOT),
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 90,
            .resolution = 0.05,
            .low = 0.1,
            .high = 0.8},
    .measure = take_tilt_time,
};

#define STRIKE_TYPE(type_, label_, definition_, take_) \
    { \
        .pub = {.key = type_ "_strike_probability", \
                .unit = "1", \
                .label = label_, \
                .definition = definition_, \
                .source = \
                    "Limits of Altman and Davis 2012, Gait Posture 35:298 (8 and -1.6 deg); " \
                    "blurred by an error of 3 deg, which is what sensors on people do", \
                .placements = AT(GAIT_FOOT), \
                .activities = DURING(GAIT_RUN), \
                .needs_gyro = 1, \
                .min_rate_hz = 90, \
                .resolution = 0.1, \
                .low = 0, \
                .high = 1}, \
        .measure = take_, \
    }

const struct metric metric_rearfoot_strike = STRIKE_TYPE(
    "rearfoot", "Rearfoot strike",
    "Probability that the foot lands on its rear: a foot strike angle above 8 deg.", take_rear);
const struct metric metric_midfoot_strike = STRIKE_TYPE(
    "midfoot", "Midfoot strike",
    "Probability that the foot lands flat: a foot strike angle between both limits.", take_mid);
const struct metric metric_forefoot_strike = STRIKE_TYPE(
    "forefoot", "Forefoot strike",
    "Probability that the foot lands on its front: a foot strike angle below -1.6 deg.", take_fore);
