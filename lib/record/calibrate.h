/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_CALIBRATE_H
#define RECORD_CALIBRATE_H

#include "base/arena.h"
#include "record/still.h"

/* calibrated = offset_g + scale * read, per axis. */
struct calibration {
    double scale[3], offset_g[3];
    double error_before_g, error_after_g; /* mean distance of the points from 1 g; NaN: no points */
    const char *why_not;                  /* words; NULL if the points were fitted */
};

/* Fits the still points to a sphere of 1 g. 1 if that was needed, if there are points enough on all
 * sides, and if it helped and stayed within reason; else 0, and out changes nothing.
 * van Hees 2014, doi 10.1152/japplphysiol.00421.2014. */
int calibrate(const struct still *points, struct arena *scratch, struct calibration *out);

#endif
