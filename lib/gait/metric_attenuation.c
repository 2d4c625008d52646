/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure.h"

/* Takes a second sensor: the session measures it. */
static gait_status measure(const struct measure_input *in, double *value, uint32_t *flags,
                           struct arena *tmp)
{
    (void)in;
    (void)value;
    (void)flags;
    (void)tmp;
    return GAIT_OK;
}

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
            .needs_trunk = 1,
            .min_rate_hz = 95,
            .resolution = 0.5,
            .low = -40,
            .high = 20},
    .measure = measure,
};
