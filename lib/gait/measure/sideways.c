/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/sideways.h"

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "signal/filter.h"

enum { FORWARD, UP, RIGHT };

static const double cutoff_hz = 40;
static const double impact_s = 0.06;
static const double turn_share = 0.6; /* of contact */

/* Frames of the coarse signal; to <= from: none. */
struct part {
    size_t from, to;
};

static struct part part_of(const struct measure_input *in, const gait_stride *stride, double share)
{
    const struct coarse *coarse = &in->coarse;
    double to_s = stride->start_s + share * (stride->toe_off_s - stride->start_s);
    if (!(to_s > stride->start_s) || stride->start_s < coarse->start_s) return (struct part){0, 0};
    struct part part = {coarse_index(coarse, stride->start_s), coarse_index(coarse, to_s)};
    if (part.to >= coarse->n) part.to = part.from;
    return part;
}

/* 1: to the right is outwards, -1: to the left; NaN where it is not known. */
static double outwards(const struct measure_input *in)
{
    gait_side side = in->signal->options->side;
    if (in->frame->flags & GAIT_FLAG_SIGN_UNSURE) return NAN;
    return side == GAIT_RIGHT ? 1 : side == GAIT_LEFT ? -1 : (double)NAN;
}

static uint32_t direction_flags(const struct measure_input *in)
{
    gait_side side = in->signal->options->side;
    uint32_t unknown = side == GAIT_LEFT || side == GAIT_RIGHT ? 0 : GAIT_FLAG_SIDE_UNKNOWN;
    return unknown | (in->frame->flags & GAIT_FLAG_SIGN_UNSURE);
}

static void measure_impact(const struct measure_input *in, const double *right_g,
                           struct part contact, struct sideways *out)
{
    const struct coarse *coarse = &in->coarse;
    size_t end = contact.from + (size_t)(impact_s * coarse->rate_hz) + 1, most = contact.from;
    for (size_t i = contact.from; i < contact.to && i < end; i++)
        if (fabs(right_g[i]) > fabs(right_g[most])) most = i;
    out->impact_g = fabs(right_g[most]);
    out->impact_outward_g = outwards(in) * right_g[most];
    out->impact_time_s = (double)(most - contact.from) / coarse->rate_hz;
}

static void measure_impulse(const struct measure_input *in, const double *right_g,
                            struct part contact, struct sideways *out)
{
    size_t half = (contact.from + contact.to) / 2;
    double across = 0, along = 0;
    for (size_t i = contact.from; i < half; i++) {
        across += right_g[i] / in->coarse.rate_hz;
        along += in->body_g[3 * i + UP] / in->coarse.rate_hz;
    }
    out->impulse_g_s = outwards(in) * across;
    out->impulse_ratio = fabs(across) / along;
}

static void measure_force(const struct measure_input *in, const double *right_g,
                          const gait_stride *stride, struct sideways *out)
{
    struct part contact = part_of(in, stride, 1);
    if (contact.to <= contact.from) return;
    double across = 0, whole = 0, sum = 0;
    for (size_t i = contact.from; i < contact.to; i++) {
        double size = fabs(right_g[i]), excess = vec_norm(in->body_g + 3 * i) - 1;
        across += size * size;
        whole += excess * excess;
        sum += size;
    }
    out->mean_g = sum / (double)(contact.to - contact.from);
    if (whole > 0) out->ratio = sqrt(across / whole);
    measure_impact(in, right_g, contact, out);
    measure_impulse(in, right_g, contact, out);
}

/* What a gyroscope says over a whole stride is its bias: the limb comes back to where it was. */
static double mean_rate(const struct measure_input *in, const gait_stride *stride, size_t axis)
{
    double mean[3];
    if (!coarse_mean(&in->coarse, in->body_dps, stride->start_s, stride->end_s, mean)) return 0;
    return mean[axis];
}

static double turn_range(const struct measure_input *in, const gait_stride *stride, size_t axis)
{
    struct part part = part_of(in, stride, turn_share);
    if (part.to <= part.from) return NAN;
    double bias = mean_rate(in, stride, axis), angle = 0, low = 0, high = 0;
    for (size_t i = part.from; i < part.to; i++) {
        angle += (in->body_dps[3 * i + axis] - bias) / in->coarse.rate_hz;
        low = fmin(low, angle);
        high = fmax(high, angle);
    }
    return high - low;
}

static gait_status measure_all(const struct measure_input *in, struct sideways *all,
                               struct arena *tmp)
{
    double *right_g = ARENA_NEW(tmp, in->coarse.n, double);
    if (!right_g) return GAIT_NOMEM;
    for (size_t i = 0; i < in->coarse.n; i++) right_g[i] = in->body_g[3 * i + RIGHT];
    struct filter filter = lowpass(cutoff_hz, in->coarse.rate_hz, 2);
    TRY(filtfilt(&filter, right_g, right_g, in->coarse.n, 1, tmp));
    for (size_t k = 0; k < in->n_strides; k++) {
        measure_force(in, right_g, &in->strides[k], &all[k]);
        if (!in->body_dps) continue;
        all[k].roll_deg = turn_range(in, &in->strides[k], FORWARD);
        all[k].rotation_deg = turn_range(in, &in->strides[k], UP);
    }
    return GAIT_OK;
}

gait_status sideways_find(const struct measure_input *in, const struct sideways **out,
                          struct arena *tmp)
{
    *out = NULL;
    if (in->signal->options->placement == GAIT_FOOT || in->n_strides == 0) return GAIT_OK;
    struct sideways *all = ARENA_NEW(tmp, in->n_strides, struct sideways);
    if (!all) return GAIT_NOMEM;
    *out = all;
    int known = in->body_g && (in->frame->known & FRAME_RIGHT) && in->coarse.n >= 3;
    for (size_t k = 0; k < in->n_strides; k++) {
        uint32_t flags = in->frame->flags & ~(uint32_t)GAIT_FLAG_SIGN_UNSURE;
        if (!known) flags |= GAIT_FLAG_NO_ALIGNMENT;
        if (isnan(in->strides[k].toe_off_s)) flags |= GAIT_FLAG_NO_EVENT;
        all[k] = (struct sideways){
            NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, flags, direction_flags(in)};
    }
    if (!known) return GAIT_OK;
    struct arena_mark mark = arena_mark(tmp);
    gait_status status = measure_all(in, all, tmp);
    arena_rewind(tmp, mark);
    return status;
}
