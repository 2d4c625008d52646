/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/sway.h"

#include <math.h>

#include "base/fail.h"
#include "signal/filter.h"

enum { FORWARD, UP, RIGHT };

static const double cutoff_hz = 5;
static const double settle_s = 1; /* at both ends */
static const size_t fewest_frames = 25;

double horizontal_path_g(const double *body_g, size_t n)
{
    double path = 0;
    for (size_t i = 1; i < n; i++) {
        const double *here = body_g + 3 * i, *before = here - 3;
        path += hypot(here[FORWARD] - before[FORWARD], here[RIGHT] - before[RIGHT]);
    }
    return path;
}

/* Mean square of one axis about its mean. */
static double spread(const double *body_g, size_t n, size_t axis)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) sum += body_g[3 * i + axis];
    for (size_t i = 0; i < n; i++) {
        double off = body_g[3 * i + axis] - sum / (double)n;
        squares += off * off;
    }
    return squares / (double)n;
}

static void measure_stand(const struct measure_input *in, const double *low_g,
                          const gait_stride *stand, struct sway *out)
{
    const struct coarse *coarse = &in->coarse;
    size_t from = coarse_index(coarse, stand->start_s + settle_s);
    size_t to = coarse_index(coarse, stand->end_s - settle_s);
    if (to < from + fewest_frames) {
        out->flags |= GAIT_FLAG_SHORT;
        return;
    }
    const double *frames = low_g + 3 * from;
    size_t n = to - from;
    double forward = spread(frames, n, FORWARD), right = spread(frames, n, RIGHT);
    out->rms_g = sqrt(forward + right);
    out->path_g_per_s = horizontal_path_g(frames, n) * coarse->rate_hz / (double)(n - 1);
    if (in->frame->known & FRAME_RIGHT) out->ml_rms_g = sqrt(right);
}

static gait_status measure_all(const struct measure_input *in, struct sway *all, struct arena *tmp)
{
    double *low_g = ARENA_NEW(tmp, 3 * in->coarse.n, double);
    struct filter filter = lowpass(cutoff_hz, in->coarse.rate_hz, 2);
    if (!low_g) return GAIT_NOMEM;
    TRY(filtfilt(&filter, in->body_g, low_g, in->coarse.n, 3, tmp));
    for (size_t k = 0; k < in->n_strides; k++) measure_stand(in, low_g, &in->strides[k], &all[k]);
    return GAIT_OK;
}

gait_status sways_find(const struct measure_input *in, const struct sway **out, struct arena *tmp)
{
    *out = NULL;
    if (in->signal->activity != GAIT_STANCE || in->n_strides == 0) return GAIT_OK;
    struct sway *all = ARENA_NEW(tmp, in->n_strides, struct sway);
    if (!all) return GAIT_NOMEM;
    *out = all;
    uint32_t flags = in->frame->flags;
    if (!(in->frame->known & FRAME_RIGHT)) flags |= GAIT_FLAG_NO_ALIGNMENT;
    for (size_t k = 0; k < in->n_strides; k++)
        all[k] = (struct sway){in->strides[k].end_s - in->strides[k].start_s, NAN, NAN, NAN, flags};
    if (!in->body_g || in->coarse.n < fewest_frames) return GAIT_OK;
    struct arena_mark mark = arena_mark(tmp);
    gait_status status = measure_all(in, all, tmp);
    arena_rewind(tmp, mark);
    return status;
}
