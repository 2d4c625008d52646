/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/options.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "gait/detect/detect.h"
#include "gait/detect/strides.h"
#include "gait/settings.h"

void gait_options_init(gait_options *options)
{
    if (!options) return;
    memset(options, 0, sizeof *options);
    options->range_g = NAN;
    options->speed_mps = NAN;
    gait_settings_init(&options->settings);
}

void gait_options_from_recording(gait_options *options, const gait_recording_info *info)
{
    if (!options || !info) return;
    options->placement = info->placement;
    options->side = info->side;
    options->range_g = info->range_g;
    memcpy(options->axes, info->axes, sizeof options->axes);
    options->axes_known = info->axes_known;
    options->dead_axes = info->dead_axes;
    options->speed_mps = info->speed_mps;
    for (gait_activity task = GAIT_REST; task < GAIT_N_ACTIVITIES; task++)
        if (activity_is_test(task) && strcmp(info->task, gait_activity_name(task)) == 0)
            options->task = task;
}

gait_status options_check(const gait_options *options, gait_error *err)
{
    if (options->placement <= GAIT_PLACEMENT_UNKNOWN || options->placement >= GAIT_N_PLACEMENTS)
        return gait_fail(err, GAIT_INVALID, "the placement of the sensor is not known");
    TRY(settings_check(&options->settings, err));
    if (!options->detector) return GAIT_OK;
    const gait_detector *detector = gait_detector_find(options->detector);
    if (!detector)
        return gait_fail(err, GAIT_NOT_FOUND,
                         "no detector is called '%s'; gait list detectors shows them",
                         options->detector);
    if (!(detector->placements & AT(options->placement)))
        return gait_fail(err, GAIT_INVALID, "detector %s does not work at the %s", detector->name,
                         gait_placement_name(options->placement));
    return GAIT_OK;
}
