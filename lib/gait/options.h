/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_OPTIONS_H
#define GAIT_OPTIONS_H

#include <gait/analysis.h>

/* GAIT_INVALID placement unknown, or the detector does not work there; GAIT_NOT_FOUND no such
 * detector. */
gait_status options_check(const gait_options *options, gait_error *err);

#endif
