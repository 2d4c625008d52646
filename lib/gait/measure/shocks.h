/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_SHOCKS_H
#define GAIT_SHOCKS_H

#include "gait/measure/measure.h"

/* How much of the shock after one foot strike is slow (the body's own movement) and how much is
 * fast (the impact): power of the acceleration by frequency, over the same absolute time for every
 * stride. NaN where it cannot be had; flags say why. */
struct shock {
    double low, high; /* mean square between 3 and 8 Hz, and between 9 and 20 Hz, g^2 */
    double ratio;     /* of these, fast over slow */
    double peak_hz;   /* where between 3 and 20 Hz there is most */
    uint32_t flags;
};

/* n_strides of them, room from tmp; *out is NULL where frames come too slowly. GAIT_OK, GAIT_NOMEM.
 */
gait_status shocks_find(const struct measure_input *in, const struct shock **out,
                        struct arena *tmp);

#endif
