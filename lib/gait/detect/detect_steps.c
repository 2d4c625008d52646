/* SPDX-License-Identifier: BSD-3-Clause */

/* Steps of a wrist or a phone in hand, pocket or bag: a foot strike for each, good for counting. */

#include <math.h>

#include "base/fail.h"
#include "gait/detect/fitted.h"
#include "gait/detect/steps.h"

static const double strike_sd_s = 0.06;

static gait_status find(const struct bout_signal *signal, struct event_list *found,
                        struct arena *keep, struct arena *tmp)
{
    struct walk walk;
    TRY(walk_prepare(signal, &walk, tmp));
    for (size_t i = 0; i < walk.n_steps; i++) {
        gait_event event = {.type = GAIT_FOOT_STRIKE,
                            .time_s = walk.steps[i].time_s + strike_after_bend_s,
                            .uncertainty_s = strike_sd_s,
                            .confidence = 0.5 + 0.4 * fmin(walk.steps[i].strength, 1)};
        TRY(event_push(found, &event, keep));
    }
    return GAIT_OK;
}

const struct detector detect_steps = {
    .pub = {.name = "steps",
            .about = "One loose rhythm through the bends of the vertical speed: counts steps.",
            .source = "own, after the idea of McCamley et al. 2012, "
                      "doi 10.1016/j.gaitpost.2012.02.019",
            .placements = AT(GAIT_WRIST) | AT(GAIT_OTHER),
            .activities = DURING(GAIT_WALK) | DURING(GAIT_RUN),
            .is_default = 1},
    .detect = find,
};
