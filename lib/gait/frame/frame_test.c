/* SPDX-License-Identifier: BSD-3-Clause */

/* Body axes in a functional test: up is how the specific force points while standing, in bends
 * before each repetition. Which way is forward cannot be told from the bend, which goes forward and
 * sideways at once: only a stated mounting says it. */

#include "base/fail.h"
#include "base/vec.h"
#include "gait/frame/frame.h"
#include "signal/stats.h"

static const double before_s = 0.3;
static const double stated_confidence = 0.7; /* a sensor is put on by hand, some degrees askew */

/* Median over the repetitions, axis by axis; 0 if none can be used. */
static int standing_force(const struct measure_input *in, double up[3], struct arena *tmp)
{
    double *force = ARENA_NEW(tmp, 3 * in->n_strides, double), found[3];
    size_t n = 0;
    if (!force) return 0;
    for (size_t k = 0; k < in->n_strides; k++) {
        const gait_stride *s = &in->strides[k];
        int stands = in->signal->activity == GAIT_STANCE;
        double from_s = stands ? s->start_s : s->start_s - before_s;
        double to_s = stands ? s->end_s : s->start_s;
        if (!coarse_mean(&in->coarse, in->coarse.accel_g, from_s, to_s, found)) continue;
        for (size_t c = 0; c < 3; c++) force[c * in->n_strides + n] = found[c];
        n++;
    }
    for (size_t c = 0; c < 3 && n; c++) up[c] = median_inplace(force + c * in->n_strides, n);
    return n && vec_unit(up);
}

gait_status frame_of_test(const struct measure_input *in, struct body_frame *out, struct arena *tmp)
{
    double up[3], forward[3], right[3];
    if (!standing_force(in, up, tmp)) return GAIT_OK;
    const gait_options *options = in->signal->options;
    int found = (frame_stated(options, 0, forward) && frame_from_forward(up, forward, out)) ||
                (frame_stated(options, 2, right) && frame_from_right(up, right, out));
    if (found) {
        out->confidence = stated_confidence;
        return GAIT_OK;
    }
    double any[3] = {fabs(up[0]) < 0.7, fabs(up[0]) >= 0.7, 0};
    if (frame_from_forward(up, any, out)) out->known = FRAME_UP;
    return GAIT_OK;
}
