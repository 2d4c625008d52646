/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_UNITS_H
#define RECORD_UNITS_H

#include <stdbool.h>
#include <stddef.h>

#include <gait/error.h>

/* Units of acceleration and angular rate: names as files and people write them, and a guess by
 * magnitude where nobody wrote one. */

/* The one name ("g", "m/s2", "mg", "g/64") of an acceleration unit however it is written, such as
 * "[m/s^2]" or "G"; NULL if it is none. */
const char *accel_unit(const char *text);

/* g per unit; NaN for what accel_unit() does not know. */
double accel_unit_in_g(const char *unit);

/* The same for "deg/s", "rad/s" and "mdeg/s". */
const char *gyro_unit(const char *text);
double gyro_unit_in_dps(const char *unit);

/* What the size of samples says, in their own unit. The mean over whole strides is close to 1 g
 * for a sensor that feels gravity, and close to nothing where an app removed it. */
struct magnitude {
    size_t n_windows;
    double still;    /* median length of the vector in the quietest fifth of the windows */
    double still_sd; /* and how much it varies there */
    double sd;       /* median over the windows of the spread */
    double mean;     /* median over the windows of the length of the mean vector */
    double length;   /* median over the windows of the mean length */
    int whole;       /* all samples are whole numbers: raw counts */
};

/* n frames x y z; windows of 1 s. GAIT_NOMEM only. */
gait_status measure_magnitude(const float *accel, size_t n, double rate_hz, struct magnitude *out,
                              gait_error *err);

/* The unit that fits, NULL if none does; the reason either way. */
const char *guess_unit(const struct magnitude *m, char *evidence, size_t room);

/* The unit of n angular rates x y z, from their size: a body that moves turns by tens of degrees
 * but only a few radians in a second. moves: the acceleration beside them says so. NULL for
 * nothing. */
const char *guess_gyro_unit(const float *gyro, size_t n, bool moves, char *evidence, size_t room);

/* GAIT_UNSUPPORTED if this unit makes the mean far less than 1 g (gravity was removed), GAIT_FORMAT
 * if far more (another unit). */
gait_status check_gravity(const struct magnitude *m, const char *unit, const char *name,
                          gait_error *err);

#endif
