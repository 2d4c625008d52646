/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_HALT_H
#define GAIT_HALT_H

#include "gait/detect/steps.h"

/* The step that puts one foot beside the other before a halt. It hardly lifts the body, so no bend
 * of the vertical speed shows it; but the trunk is not still yet, and the foot that is put down
 * makes it vibrate. */

struct halt {
    const struct bout_signal *signal;
    double *vibration; /* power of all axes; as long */
};

/* The signal, at STEP_RATE_HZ, stays the caller's; everything else from tmp. */
gait_status halt_prepare(const struct bout_signal *signal, struct halt *out, struct arena *tmp);

enum closing {
    CLOSING_UNSEEN, /* the signal ends first */
    CLOSING_NONE,   /* the trunk is still: the step before was the last one */
    CLOSING_STEP
};

/* What follows the strike of the last step before a pause; when the foot is put down to *time_s. */
enum closing closing_find(const struct halt *halt, double strike_s, double period_s,
                          double *time_s);

#endif
