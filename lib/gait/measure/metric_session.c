/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/measure.h"

/* What takes a second sensor, or more than sensors know: the session measures it. */

const struct metric metric_shock_attenuation = {
    .pub = {.key = "shock_attenuation_db",
            .unit = "dB",
            .label = "Shock attenuation",
            .definition = "Power between 9 and 20 Hz after the same foot strike at a sensor on the "
                          "trunk over that at the shank, both on one clock; negative: less arrives "
                          "above.",
            .source = "Shorten and Winslow 1992, Int J Sport Biomech 8:288; Derrick et al. 1998, "
                      "Med Sci Sports Exerc 30:128",
            .placements = AT(GAIT_SHANK),
            .activities = DURING(GAIT_RUN),
            .of_session = 1,
            .min_rate_hz = 95,
            .resolution = 0.5,
            .low = -40,
            .high = 20},
};

const struct metric metric_roll_rotation_ratio = {
    .pub = {.key = "roll_rotation_ratio",
            .unit = "1",
            .label = "Roll over rotation",
            .definition = "Inward roll of the shoe (pronation_excursion_deg) over the turn of the "
                          "shank about its long axis (ml_rotation_deg) in the same contact, both "
                          "from gyroscopes on one clock; a proxy, shoe and skin take part in it.",
            .source = "PMC5987802 (how the shank turns with the heel, in vitro)",
            .placements = AT(GAIT_SHANK),
            .activities = DURING(GAIT_RUN),
            .needs_gyro = 1,
            .min_rate_hz = 95,
            .resolution = 0.1,
            .low = 0,
            .high = 20,
            .minimal_change_percent = 30,
            .of_session = 1},
};

const struct metric metric_leg_stiffness = {
    .pub = {.key = "leg_stiffness_bw_per_m",
            .unit = "bw/m",
            .label = "Leg stiffness",
            .definition =
                "Largest force over how much shorter the leg gets, in body weights per metre, for "
                "half a sine of force in contact, from contact and step time, stated speed and "
                "0.53 of the stated height; for following one person on level ground.",
            .source = "Morin et al. 2005, J Appl Biomech 21:167",
            .placements = AT(GAIT_FOOT) | AT(GAIT_SHANK) | AT(GAIT_SACRUM) | AT(GAIT_WAIST),
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 45,
            .resolution = 0.5,
            .low = 2,
            .high = 80,
            .minimal_change_percent = 8,
            .of_session = 1},
};
