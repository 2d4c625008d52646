/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_SELFALIGN_H
#define GAIT_SELFALIGN_H

#include <gait/error.h>

#include "base/arena.h"
#include "gait/detect/ensemble.h"

/* Repeated events moved so that what happens around each looks most like what happens around all
 * of them. The group as a whole stays where it is: a matter of precision, not of accuracy. Works in
 * the sensor's own axes and does not care how they point. */

/* What the events are compared with: MEDIAN forgets a stumble, but the events must nearly agree
 * already. */
enum selfalign_model { SELFALIGN_MEAN, SELFALIGN_MEDIAN };

struct selfalign_rules {
    double from_s, to_s; /* what is compared, about the event */
    double reach_s;      /* how far an event may move */
    double prior_cost;   /* correlation that a move of 10 ms costs; grows with its square */
};

/* Moves time_s[n] (rising) and fills likeness[n] (may be NULL) with the correlation of each with
 * the model, NaN where too little of it was recorded. The track has three channels and holds
 * nothing above 40 Hz. Fewer than three whole events are left alone. GAIT_OK or GAIT_NOMEM. */
gait_status selfalign(const struct track *track, const struct selfalign_rules *rules,
                      enum selfalign_model model, double *time_s, double *likeness, size_t n,
                      struct arena *tmp);

#endif
