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

static void measure_force(const struct measure_input *in, const double *right_g,
                          const gait_stride *stride, struct sideways *out)
{
    struct part contact = part_of(in, stride, 1);
    if (contact.to <= contact.from) return;
    size_t impact_end = contact.from + (size_t)(impact_s * in->coarse.rate_hz) + 1;
    double across = 0, whole = 0, sum = 0, most = 0;
    for (size_t i = contact.from; i < contact.to; i++) {
        double size = fabs(right_g[i]), excess = vec_norm(in->body_g + 3 * i) - 1;
        across += size * size;
        whole += excess * excess;
        sum += size;
        if (i < impact_end) most = fmax(most, size);
    }
    out->impact_g = most;
    out->mean_g = sum / (double)(contact.to - contact.from);
    if (whole > 0) out->ratio = sqrt(across / whole);
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
        all[k] = (struct sideways){NAN, NAN, NAN, NAN, NAN, flags};
    }
    if (!known) return GAIT_OK;
    struct arena_mark mark = arena_mark(tmp);
    gait_status status = measure_all(in, all, tmp);
    arena_rewind(tmp, mark);
    return status;
}
