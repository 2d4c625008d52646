/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/measure/bends.h"
#include "gait/measure/foot_motion.h"
#include "gait/measure/measure.h"
#include "gait/measure/pronation.h"
#include "gait/measure/shocks.h"
#include "gait/measure/sideways.h"
#include "gait/measure/sway.h"
#include "gait/detect/strides.h"

/* A limb turns faster than a trunk. */
static const double usual_contact = 0.4;    /* of a stride, where no toe-off is known */
static const double least_agreement = 0.77; /* cosine of 40 degrees */
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

static gait_status turn_signals(struct measure_input *in, struct arena *tmp)
{
    const struct coarse *coarse = &in->coarse;
    if (!in->frame->known) return GAIT_OK;
    in->body_g = turned(in->frame, coarse->accel_g, coarse->n, tmp);
    if (!in->body_g) return GAIT_NOMEM;
    if (!coarse->gyro_dps) return GAIT_OK;
    in->body_dps = turned(in->frame, coarse->gyro_dps, coarse->n, tmp);
    return in->body_dps ? GAIT_OK : GAIT_NOMEM;
}

/* Someone who sat or lay still was not standing: the vertical of the contacts says otherwise. */
static void forget_other_postures(struct measure_input *in)
{
    double sum[3] = {0, 0, 0}, force[3];
    if (!isfinite(in->standing_up[0])) return;
    for (size_t k = 0; k < in->n_strides; k++) {
        const gait_stride *s = &in->strides[k];
        double contact_s = isfinite(s->toe_off_s) ? s->toe_off_s - s->start_s
                                                  : usual_contact * (s->end_s - s->start_s);
        if (!coarse_mean(&in->coarse, in->coarse.accel_g, s->start_s + 0.2 * contact_s,
                         s->start_s + 0.6 * contact_s, force))
            continue;
        for (int c = 0; c < 3; c++) sum[c] += force[c];
    }
    if (!vec_unit(sum) ||
        vec_dot(sum, in->standing_up) > least_agreement * vec_norm(in->standing_up))
        return;
    in->standing_up[0] = in->standing_up[1] = in->standing_up[2] = NAN;
}

static gait_status prepare_limb(struct measure_input *in, struct arena *tmp)
{
    struct impact *impacts = ARENA_NEW(tmp, in->n_strides + 1, struct impact);
    if (!impacts) return GAIT_NOMEM;
    TRY(impacts_find(in, impacts, tmp));
    in->impacts = impacts;
    return pronation_find(in, &in->pronation, tmp);
}

static gait_status prepare_trunk(struct measure_input *in, struct arena *tmp)
{
    struct regularity *regularities = ARENA_NEW(tmp, in->n_strides + 1, struct regularity);
    if (!regularities) return GAIT_NOMEM;
    TRY(regularities_find(in, regularities, tmp));
    in->regularities = regularities;
    return GAIT_OK;
}

gait_status measure_prepare(struct measure_input *in, struct body_frame *frame, struct arena *tmp)
{
    gait_placement placement = in->signal->options->placement;
    int is_limb = placement_is_limb(placement);
    in->frame = frame;
    in->body_g = in->body_dps = NULL;
    in->impacts = NULL;
    in->shocks = NULL;
    in->regularities = NULL;
    in->foot_motion = NULL;
    in->pronation = NULL;
    in->sideways = NULL;
    in->bends = NULL;
    in->sways = NULL;
    TRY(coarse_make(in->signal, is_limb ? limb_rate_hz : trunk_rate_hz, &in->coarse, tmp));
    if (!activity_is_test(in->signal->activity)) forget_other_postures(in);
    if (placement == GAIT_FOOT) TRY(foot_motion_find(in, &in->foot_motion, tmp));
    TRY(frame_find(in, frame, tmp));
    TRY(turn_signals(in, tmp));
    if (in->signal->activity == GAIT_STANCE) return sways_find(in, &in->sways, tmp);
    if (activity_is_test(in->signal->activity)) return bends_find(in, &in->bends, tmp);
    if (in->signal->activity == GAIT_RUN) {
        TRY(shocks_find(in, &in->shocks, tmp));
        TRY(sideways_find(in, &in->sideways, tmp));
    }
    return is_limb ? prepare_limb(in, tmp) : prepare_trunk(in, tmp);
}
