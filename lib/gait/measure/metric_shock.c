/* SPDX-License-Identifier: BSD-3-Clause */

/* The shock after foot strike by frequency as columns; shocks.h has what they mean. */

#include "gait/measure/member.h"
#include "gait/measure/shocks.h"

#define ALL_PLACES (AT(GAIT_FOOT) | AT(GAIT_SHANK) | AT(GAIT_SACRUM) | AT(GAIT_WAIST))

MEMBER(measure_low, shocks, struct shock, low)
MEMBER(measure_high, shocks, struct shock, high)
MEMBER(measure_ratio, shocks, struct shock, ratio)
MEMBER(measure_peak, shocks, struct shock, peak_hz)

#define SHOCK_SOURCE "Shorten and Winslow 1992, Int J Sport Biomech 8:288; bands as in later use"

const struct metric metric_shock_low_band = {
    .pub = {.key = "shock_low_band",
            .unit = "1",
            .label = "Shock, 3 to 8 Hz",
            .definition =
                "Power of the vertical (along the limb) acceleration from 20 ms before to "
                "250 ms after foot strike between 3 and 8 Hz, the body's own movement, in units of "
                "1 g squared.",
            .source = SHOCK_SOURCE,
            .placements = ALL_PLACES,
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 95,
            .resolution = 0.01,
            .low = 0.0001,
            .high = 500,
            .minimal_change_percent = 25},
    .measure = measure_low,
};

const struct metric metric_shock_high_band = {
    .pub =
        {.key = "shock_high_band",
         .unit = "1",
         .label = "Shock, 9 to 20 Hz",
         .definition =
             "Power of the vertical (along the limb) acceleration from 20 ms before to "
             "250 ms after foot strike between 9 and 20 Hz, the impact, in units of 1 g squared.",
         .source = SHOCK_SOURCE,
         .placements = ALL_PLACES,
         .activities = DURING(GAIT_RUN),
         .min_rate_hz = 95,
         .resolution = 0.01,
         .low = 0.0001,
         .high = 500,
         .minimal_change_percent = 25},
    .measure = measure_high,
};

const struct metric metric_shock_band_ratio = {
    .pub = {.key = "shock_band_ratio",
            .unit = "1",
            .label = "Shock, fast over slow",
            .definition =
                "Power of the vertical (along the limb) acceleration after foot strike between 9 "
                "and 20 Hz over that between 3 and 8 Hz (shock_high_band over shock_low_band).",
            .source = SHOCK_SOURCE,
            .placements = ALL_PLACES,
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 95,
            .resolution = 0.05,
            .low = 0.0001,
            .high = 300},
    .measure = measure_ratio,
};

const struct metric metric_shock_peak_frequency = {
    .pub = {.key = "shock_peak_frequency_hz",
            .unit = "Hz",
            .label = "Main frequency of the shock",
            .definition = "Frequency between 3 and 20 Hz at which the vertical (along the limb) "
                          "acceleration from 20 ms before to 250 ms after foot strike has most "
                          "power.",
            .source = "Gruber et al. 2014, J Sport Health Sci 3:113, doi "
                      "10.1016/j.jshs.2014.03.005",
            .placements = ALL_PLACES,
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 95,
            .resolution = 0.5,
            .low = 3,
            .high = 20},
    .measure = measure_peak,
};
