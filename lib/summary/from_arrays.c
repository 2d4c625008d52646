/* SPDX-License-Identifier: BSD-3-Clause */
#include <gait/summary.h>

#include "base/fail.h"

static gait_status check_placement(const gait_recording_options *recording, gait_error *err)
{
    if (recording && recording->placement > GAIT_PLACEMENT_UNKNOWN &&
        recording->placement < GAIT_N_PLACEMENTS)
        return GAIT_OK;
    return gait_fail(err, GAIT_INVALID,
                     "the placement of the sensor is not known; expected foot, shank, sacrum, "
                     "waist, wrist or other");
}

gait_status gait_summary_from_arrays(gait_summary **summary, const gait_arrays *arrays,
                                     const gait_recording_options *recording,
                                     const gait_session_options *session, gait_error *err)
{
    NEED(summary);
    NEED(arrays);
    TRY(check_placement(recording, err));
    gait_recording *input = NULL;
    gait_session *run = NULL;
    gait_status st = gait_recording_open_arrays(&input, arrays, recording, err);
    if (!st) st = gait_session_new(&run, session, err);
    if (!st) st = gait_session_add(run, input, err);
    if (!st) st = gait_session_judge(run, err);
    if (!st) st = gait_summary_from_session(summary, run, err);
    gait_session_free(&run);
    gait_recording_close(&input);
    return st;
}
