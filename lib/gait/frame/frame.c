/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/frame/frame.h"

#include <math.h>
#include <string.h>

#include "base/vec.h"
#include "gait/detect/strides.h"
#include "signal/filter.h"

int frame_stated(const gait_options *options, int row, double axis[3])
{
    if (!((options->axes_known >> row) & 1)) return 0;
    for (int k = 0; k < 3; k++) axis[k] = options->axes[row][k];
    return vec_unit(axis);
}

double *frame_lowpass(const struct measure_input *in, double cutoff_hz, struct arena *tmp)
{
    const struct coarse *coarse = &in->coarse;
    double *low = ARENA_NEW(tmp, 3 * coarse->n, double);
    if (!low) return NULL;
    struct filter filter = lowpass(cutoff_hz, coarse->rate_hz, 2);
    return filtfilt(&filter, coarse->accel_g, low, coarse->n, 3, tmp) == GAIT_OK ? low : NULL;
}

int frame_from_forward(const double up[3], const double forward[3], struct body_frame *out)
{
    double *f = out->row[0], *u = out->row[1], *r = out->row[2];
    memcpy(u, up, 3 * sizeof *u);
    memcpy(f, forward, 3 * sizeof *f);
    vec_reject(f, u);
    if (!vec_unit(f)) return 0;
    vec_cross(f, u, r);
    out->known = FRAME_FORWARD | FRAME_UP | FRAME_RIGHT;
    return 1;
}

int frame_from_right(const double up[3], const double right[3], struct body_frame *out)
{
    double forward[3];
    vec_cross(up, right, forward);
    return frame_from_forward(up, forward, out);
}

void frame_turn(struct body_frame *frame)
{
    vec_scale(frame->row[0], -1);
    vec_scale(frame->row[2], -1);
}

int frame_follow_mounting(const gait_options *options, struct body_frame *frame)
{
    enum { FORWARD = 0, RIGHT = 2 };
    double stated[3], agreement = 0;
    if (frame_stated(options, FORWARD, stated)) agreement += vec_dot(stated, frame->row[FORWARD]);
    if (frame_stated(options, RIGHT, stated)) agreement += vec_dot(stated, frame->row[RIGHT]);
    if (!(fabs(agreement) > 0)) return 0;
    if (agreement < 0) frame_turn(frame);
    return 1;
}

/* Up, and any directions across it: enough for what is vertical or rests on the norm. */
static void keep_up_only(struct body_frame *frame)
{
    frame->known = FRAME_UP;
    frame->confidence = 0;
    frame->flags |= GAIT_FLAG_NO_ALIGNMENT;
}

/* Without enough strides the mounting alone must do. */
static void use_mounting(const gait_options *options, struct body_frame *out)
{
    static const double mounting_confidence = 0.5;
    double up[3], forward[3], right[3];
    int has_up = frame_stated(options, 1, up);
    int found =
        has_up && ((frame_stated(options, 0, forward) && frame_from_forward(up, forward, out)) ||
                   (frame_stated(options, 2, right) && frame_from_right(up, right, out)));
    if (found) {
        out->confidence = mounting_confidence;
        return;
    }
    out->flags |= GAIT_FLAG_NO_ALIGNMENT;
    if (!has_up) return;
    double any[3] = {fabs(up[0]) < 0.7, fabs(up[0]) >= 0.7, 0};
    if (frame_from_forward(up, any, out)) keep_up_only(out);
}

gait_status frame_find(const struct measure_input *in, struct body_frame *out, struct arena *tmp)
{
    static gait_status (*const find[GAIT_N_PLACEMENTS])(const struct measure_input *,
                                                        struct body_frame *, struct arena *) = {
        [GAIT_FOOT] = frame_of_limb,
        [GAIT_SHANK] = frame_of_limb,
        [GAIT_SACRUM] = frame_of_trunk,
        [GAIT_WAIST] = frame_of_trunk,
    };
    const gait_options *options = in->signal->options;
    *out = (struct body_frame){.known = 0};
    if ((unsigned)options->placement >= GAIT_N_PLACEMENTS || !find[options->placement]) {
        out->flags = GAIT_FLAG_NO_ALIGNMENT;
        return GAIT_OK;
    }
    struct arena_mark mark = arena_mark(tmp);
    gait_status status = GAIT_OK;
    if (activity_is_test(in->signal->activity))
        status = frame_of_test(in, out, tmp);
    else if (in->n_strides >= FRAME_FEWEST_STRIDES)
        status = find[options->placement](in, out, tmp);
    if (!status && !(out->known & FRAME_FORWARD)) {
        if (out->known & FRAME_UP)
            keep_up_only(out);
        else
            use_mounting(options, out);
    }
    arena_rewind(tmp, mark);
    return status;
}

void frame_tell(const struct body_frame *frame, int stood_still, gait_alignment *out)
{
    int found = frame->confidence > 0;
    for (int k = 0; k < 3; k++) {
        out->forward[k] = found ? frame->row[0][k] : (double)NAN;
        out->up[k] = found ? frame->row[1][k] : (double)NAN;
        out->right[k] = found ? frame->row[2][k] : (double)NAN;
    }
    out->confidence = found ? frame->confidence : 0;
    out->stood_still = stood_still;
    out->flags = frame->flags | (found ? 0 : (uint32_t)GAIT_FLAG_NO_ALIGNMENT);
}
