/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIMULATE_SENSOR_H
#define SIMULATE_SENSOR_H

#include "simulate/motion.h"
#include "simulate/truth.h"

/* From the ideal motion to what a device records. */

struct recorded {
    size_t n;
    double *time_s;
    float *accel_g;  /* n x 3 */
    float *gyro_dps; /* n x 3, NULL without gyroscope */
    struct sensor_traits traits;
    double mounting[3][3];
    struct truth truth;
};

gait_status sensor_record(struct recorded *recorded, const struct world *world,
                          const struct key_values *keys, gait_placement placement, gait_side side,
                          gait_error *err);
void recorded_free(struct recorded *recorded);

#endif
