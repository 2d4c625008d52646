/* SPDX-License-Identifier: BSD-3-Clause */

/* Standing on one leg as columns; sway.h has what they mean. */

#include "gait/measure/member.h"
#include "gait/measure/sway.h"

#define TEST_PLACES (AT(GAIT_SHANK) | AT(GAIT_SACRUM) | AT(GAIT_WAIST))

static const char after_mancini[] =
    "After Mancini et al. 2012, doi 10.1186/1743-0003-9-59 (lower back); describes, there is no "
    "norm";

MEMBER(measure_time, sways, struct sway, time_s)
MEMBER(measure_sway, sways, struct sway, rms_g)
MEMBER(measure_ml_sway, sways, struct sway, ml_rms_g)
MEMBER(measure_path, sways, struct sway, path_g_per_s)

const struct metric metric_stance_time = {
    .pub = {.key = "stance_time_s",
            .unit = "s",
            .label = "Time standing",
            .definition = "How long one posture was held, as on one leg, until a step, a hop or a "
                          "foot put down.",
            .source = "Springer et al. 2007, J Geriatr Phys Ther 30:8 (time on one leg by age)",
            .placements = TEST_PLACES,
            .activities = DURING(GAIT_STANCE),
            .min_rate_hz = 25,
            .resolution = 0.5,
            .low = 1,
            .high = 3600},
    .measure = measure_time,
};

const struct metric metric_stance_sway = {
    .pub = {.key = "stance_sway_g",
            .unit = "g",
            .label = "Sway while standing",
            .definition = "Root mean square of the horizontal acceleration below 5 Hz about its "
                          "mean, less the first and the last second of the stand.",
            .source = after_mancini,
            .placements = TEST_PLACES,
            .activities = DURING(GAIT_STANCE),
            .min_rate_hz = 25,
            .resolution = 0.002,
            .low = 0,
            .high = 0.5},
    .measure = measure_sway,
};

const struct metric metric_stance_ml_sway = {
    .pub = {.key = "stance_ml_sway_g",
            .unit = "g",
            .label = "Sideways sway while standing",
            .definition = "Of the sway while standing the part from side to side; only where the "
                          "sensor's axes are stated.",
            .source = after_mancini,
            .placements = TEST_PLACES,
            .activities = DURING(GAIT_STANCE),
            .min_rate_hz = 25,
            .resolution = 0.002,
            .low = 0,
            .high = 0.5},
    .measure = measure_ml_sway,
};

const struct metric metric_stance_path = {
    .pub = {.key = "stance_path_g_per_s",
            .unit = "g/s",
            .label = "Sway path while standing",
            .definition = "Way that the tip of the horizontal acceleration below 5 Hz goes in a "
                          "second of standing.",
            .source = after_mancini,
            .placements = TEST_PLACES,
            .activities = DURING(GAIT_STANCE),
            .min_rate_hz = 25,
            .resolution = 0.01,
            .low = 0,
            .high = 10},
    .measure = measure_path,
};
