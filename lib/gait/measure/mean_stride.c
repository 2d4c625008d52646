/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/mean_stride.h"

#include <math.h>

#include "base/vec.h"
#include "gait/detect/ensemble.h"

static const uint32_t unusable = GAIT_FLAG_GAP | GAIT_FLAG_INTERPOLATED | GAIT_FLAG_LOW_CONFIDENCE;

/* Forward, up, right and length of every frame; NaN where the body axis is not known. */
static double *make_channels(const struct measure_input *in, struct arena *tmp)
{
    static const int known[3] = {FRAME_FORWARD, FRAME_UP, FRAME_RIGHT};
    double *x = ARENA_NEW(tmp, STRIDE_AXES * in->coarse.n, double);
    for (size_t i = 0; x && i < in->coarse.n; i++) {
        for (size_t k = 0; k < 3; k++) {
            int is_known = in->body_g && (in->frame->known & known[k]);
            x[STRIDE_AXES * i + k] = is_known ? in->body_g[3 * i + k] : (double)NAN;
        }
        x[STRIDE_AXES * i + STRIDE_RESULTANT] = vec_norm(in->coarse.accel_g + 3 * i);
    }
    return x;
}

gait_status stride_shapes(const struct measure_input *in, struct stride_shape **out,
                          struct arena *keep, struct arena *tmp)
{
    double one[STRIDE_PHASES * STRIDE_AXES];
    struct stride_shape *shapes = ARENA_NEW(keep, in->n_strides + 1, struct stride_shape);
    struct arena_mark mark = arena_mark(tmp);
    double *channels = make_channels(in, tmp);
    if (!shapes || !channels) return GAIT_NOMEM;
    const struct track track = {channels, in->coarse.n, STRIDE_AXES, in->coarse.rate_hz};
    for (size_t i = 0; i < in->n_strides; i++) {
        const gait_stride *stride = &in->strides[i];
        int is_used = in->coarse.n > 0 && !(stride->flags & unusable);
        double step_s = (stride->end_s - stride->start_s) / (STRIDE_PHASES - 1);
        if (is_used)
            track_read(&track, stride->start_s - in->coarse.start_s, step_s, one, STRIDE_PHASES);
        for (size_t p = 0; p < STRIDE_PHASES; p++)
            for (size_t k = 0; k < STRIDE_AXES; k++)
                shapes[i].g[p][k] = is_used ? (float)one[p * STRIDE_AXES + k] : NAN;
    }
    *out = shapes;
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

void mean_stride_add(struct mean_stride *mean, const struct stride_shape *shape)
{
    int is_known[STRIDE_AXES];
    for (size_t k = 0; k < STRIDE_AXES; k++) {
        is_known[k] = !isnan(shape->g[0][k]);
        mean->n[k] += (size_t)is_known[k];
    }
    for (size_t p = 0; p < STRIDE_PHASES; p++)
        for (size_t k = 0; k < STRIDE_AXES; k++) {
            double g = is_known[k] ? (double)shape->g[p][k] : 0;
            mean->sum_g[p][k] += g;
            mean->sum_of_squares[p][k] += g * g;
        }
}

void mean_stride_merge(struct mean_stride *into, const struct mean_stride *from)
{
    for (size_t k = 0; k < STRIDE_AXES; k++) into->n[k] += from->n[k];
    for (size_t p = 0; p < STRIDE_PHASES; p++)
        for (size_t k = 0; k < STRIDE_AXES; k++) {
            into->sum_g[p][k] += from->sum_g[p][k];
            into->sum_of_squares[p][k] += from->sum_of_squares[p][k];
        }
}

double mean_stride_g(const struct mean_stride *mean, size_t phase, size_t axis)
{
    size_t n = mean->n[axis];
    return n ? mean->sum_g[phase][axis] / (double)n : (double)NAN;
}

double mean_stride_sd_g(const struct mean_stride *mean, size_t phase, size_t axis)
{
    double n = (double)mean->n[axis], sum = mean->sum_g[phase][axis];
    if (mean->n[axis] < 2) return NAN;
    return sqrt(fmax(0, mean->sum_of_squares[phase][axis] - sum * sum / n) / (n - 1));
}
