/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/fail.h"
#include "base/vec.h"
#include "gait/foot_motion.h"
#include "gait/measure.h"
#include "gait/pronation.h"
#include "gait/strides.h"

/* A limb turns faster than a trunk. */
static const double limb_rate_hz = 200, trunk_rate_hz = 100;

/* x (n x 3) in the axes of the frame; NULL if memory is out. */
static const double *turned(const struct body_frame *frame, const double *x, size_t n,
                            struct arena *tmp)
{
    double *y = ARENA_NEW(tmp, 3 * n, double);
    for (size_t i = 0; y && i < n; i++)
        for (size_t r = 0; r < 3; r++) y[3 * i + r] = vec_dot(frame->row[r], x + 3 * i);
    return y;
}

gait_status measure_prepare(struct measure_input *in, struct body_frame *frame, struct arena *tmp)
{
    int is_limb = placement_is_limb(in->signal->options->placement);
    in->frame = frame;
    in->body_g = in->body_dps = NULL;
    in->impacts = NULL;
    TRY(coarse_make(in->signal, is_limb ? limb_rate_hz : trunk_rate_hz, &in->coarse, tmp));
    in->foot_motion = NULL;
    in->pronation = NULL;
    if (in->signal->options->placement == GAIT_FOOT)
        TRY(foot_motion_find(in, &in->foot_motion, tmp));
    TRY(frame_find(in, frame, tmp));
    if (frame->known) {
        in->body_g = turned(frame, in->coarse.accel_g, in->coarse.n, tmp);
        if (!in->body_g) return GAIT_NOMEM;
    }
    if (frame->known && in->coarse.gyro_dps) {
        in->body_dps = turned(frame, in->coarse.gyro_dps, in->coarse.n, tmp);
        if (!in->body_dps) return GAIT_NOMEM;
    }
    if (!is_limb) return GAIT_OK;
    struct impact *impacts = ARENA_NEW(tmp, in->n_strides + 1, struct impact);
    if (!impacts) return GAIT_NOMEM;
    TRY(impacts_find(in, impacts, tmp));
    in->impacts = impacts;
    return pronation_find(in, &in->pronation, tmp);
}
