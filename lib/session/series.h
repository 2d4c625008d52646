/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SESSION_SERIES_H
#define SESSION_SERIES_H

#include "session/session.h"

/* One metric of one limb's strides during one activity, in order of time, missing values left out.
 */
struct series {
    size_t n;
    size_t n_all; /* strides of that limb and activity, with or without the value */
    double *value;
    double *start_s;
    double *end_s;
    size_t *stride; /* index into the sensor's strides */
    uint32_t flags; /* of any of the strides */
};

/* side GAIT_SIDE_UNKNOWN: every stride. Room from tmp; GAIT_NOMEM. A key that is no metric gives an
 * empty series. */
gait_status series_take(const struct sensor_result *sensor, const char *key, gait_side side,
                        gait_activity activity, struct series *out, struct arena *tmp);

/* Median cadence of running from one time to another, NaN if none is known. */
double cadence_between(const struct sensor_result *sensor, double from_s, double to_s,
                       struct arena *tmp);

/* The metric that says how hard this sensor's limb lands: its key, or NULL for placements without
 * one. */
const char *intensity_key(gait_placement placement);

/* The metric in which a change of impact shows best: at the shoe the peak of a soft landing is not
 * the impact's. NULL as above. */
const char *impact_key(gait_placement placement);

#endif
