/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/bends.h"

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/detect/strides.h"
#include "gait/measure/sway.h"
#include "signal/filter.h"
#include "signal/stats.h"

enum { FORWARD, UP, RIGHT };

static const double to_deg = 180 / 3.14159265358979323846;
static const double slow_hz = 2, quick_hz = 5, jerk_hz = 10;
static const double wobble_share = 3.5; /* cut-off below which it is the bend, times its length */
static const double before_s = 0.3;     /* standing, up to the begin */
static const double lowest_s = 0.1;     /* on each side of the lowest point */

/* The window in body axes at several cut-offs. */
struct bend_view {
    const struct measure_input *in;
    const double *slow_g;       /* n x 3 */
    const double *quick_g;      /* n x 3 */
    const double *quick_dps;    /* n x 3, or NULL */
    const double *quick_deg;    /* n: sideways lean, below quick_hz */
    const double *steady_deg;   /* n: what of it is the bend itself */
    const double *jerk_g_per_s; /* n: its size */
    double inwards; /* 1: a lean to the right is towards the other leg, -1: to the left */
};

static double side_lean_deg(const double f[3])
{
    return -atan2(f[RIGHT], f[UP]) * to_deg;
}

static double *filtered(const struct coarse *coarse, const double *x, size_t channels,
                        double cutoff_hz, struct arena *tmp)
{
    double *y = ARENA_NEW(tmp, channels * coarse->n, double);
    struct filter filter = lowpass(cutoff_hz, coarse->rate_hz, 2);
    if (!y || filtfilt(&filter, x, y, coarse->n, channels, tmp)) return NULL;
    return y;
}

static double *side_leans(const struct coarse *coarse, const double *quick_g, struct arena *tmp)
{
    double *lean_deg = ARENA_NEW(tmp, coarse->n, double);
    if (!lean_deg || !quick_g) return NULL;
    for (size_t i = 0; i < coarse->n; i++) lean_deg[i] = side_lean_deg(quick_g + 3 * i);
    return lean_deg;
}

static double *jerks(const struct coarse *coarse, const double *body_g, struct arena *tmp)
{
    double *size = ARENA_NEW(tmp, coarse->n, double), *rate = ARENA_NEW(tmp, 3 * coarse->n, double);
    const double *low_g = filtered(coarse, body_g, 3, jerk_hz, tmp);
    if (!size || !rate || !low_g) return NULL;
    derivative(low_g, rate, coarse->n, 3, coarse->rate_hz);
    for (size_t i = 0; i < coarse->n; i++) size[i] = vec_norm(rate + 3 * i);
    return size;
}

static double usual_length_s(const struct measure_input *in, struct arena *tmp)
{
    double *room = ARENA_NEW(tmp, in->n_strides, double);
    if (!room) return NAN;
    for (size_t k = 0; k < in->n_strides; k++)
        room[k] = in->strides[k].end_s - in->strides[k].start_s;
    return median_inplace(room, in->n_strides);
}

static gait_status view_make(const struct measure_input *in, struct bend_view *view,
                             struct arena *tmp)
{
    const struct coarse *coarse = &in->coarse;
    gait_side side = in->signal->options->side;
    *view = (struct bend_view){.in = in};
    view->inwards = side == GAIT_LEFT ? 1 : side == GAIT_RIGHT ? -1 : (double)NAN;
    double length_s = usual_length_s(in, tmp);
    if (isnan(length_s)) return GAIT_NOMEM;
    view->slow_g = filtered(coarse, in->body_g, 3, slow_hz, tmp);
    view->quick_g = filtered(coarse, in->body_g, 3, quick_hz, tmp);
    view->quick_deg = side_leans(coarse, view->quick_g, tmp);
    view->jerk_g_per_s = jerks(coarse, in->body_g, tmp);
    if (!view->slow_g || !view->quick_deg || !view->jerk_g_per_s) return GAIT_NOMEM;
    if (in->body_dps) view->quick_dps = filtered(coarse, in->body_dps, 3, quick_hz, tmp);
    if (in->body_dps && !view->quick_dps) return GAIT_NOMEM;
    view->steady_deg = filtered(coarse, view->quick_deg, 1, wobble_share / length_s, tmp);
    return view->steady_deg ? GAIT_OK : GAIT_NOMEM;
}

/* Sums over the frames of one repetition. */
static void measure_course(const struct bend_view *view, const gait_stride *stride,
                           struct bend *out)
{
    const struct coarse *coarse = &view->in->coarse;
    size_t from = coarse_index(coarse, stride->start_s), to = coarse_index(coarse, stride->end_s);
    double low = INFINITY, high = -INFINITY, wobble = 0, jerk = 0, n = (double)(to - from);
    if (to <= from) return;
    for (size_t i = from; i < to; i++) {
        double lean = side_lean_deg(view->slow_g + 3 * i);
        double off = view->quick_deg[i] - view->steady_deg[i];
        low = fmin(low, lean);
        high = fmax(high, lean);
        wobble += off * off;
        jerk += view->jerk_g_per_s[i] * view->jerk_g_per_s[i];
    }
    out->side_range_deg = high - low;
    out->wobble_deg = sqrt(wobble / n);
    out->jerk_g_per_s = sqrt(jerk / n);
    if (n > 1)
        out->path_g_per_s =
            horizontal_path_g(view->quick_g + 3 * from, to - from) * coarse->rate_hz / (n - 1);
}

static void measure_leans(const struct bend_view *view, const gait_stride *stride, struct bend *out)
{
    const struct coarse *coarse = &view->in->coarse;
    double standing[3], lowest[3], across[3];
    if (!coarse_mean(coarse, view->slow_g, stride->start_s - before_s, stride->start_s, standing) ||
        !coarse_mean(coarse, view->slow_g, stride->toe_off_s - lowest_s,
                     stride->toe_off_s + lowest_s, lowest))
        return;
    vec_cross(standing, lowest, across);
    out->lean_deg = atan2(vec_norm(across), vec_dot(standing, lowest)) * to_deg;
    double to_right_deg = side_lean_deg(lowest) - side_lean_deg(standing);
    out->medial_lean_deg = view->inwards * to_right_deg;
}

static double roll_rate(const struct bend_view *view, const gait_stride *stride, double bias_dps)
{
    const struct coarse *coarse = &view->in->coarse;
    size_t from = coarse_index(coarse, stride->start_s), to = coarse_index(coarse, stride->end_s);
    double sum = 0;
    for (size_t i = from; i < to; i++) {
        double rate = view->quick_dps[3 * i + FORWARD] - bias_dps;
        sum += rate * rate;
    }
    return to > from ? sqrt(sum / (double)(to - from)) : (double)NAN;
}

/* The gyroscope's bias is what it says while standing before. */
static void measure_rotation(const struct bend_view *view, const gait_stride *stride,
                             struct bend *out)
{
    const struct coarse *coarse = &view->in->coarse;
    const double *dps = view->in->body_dps;
    double bias[3], turning[3];
    if (!dps || !coarse_mean(coarse, dps, stride->start_s - before_s, stride->start_s, bias) ||
        !coarse_mean(coarse, dps, stride->start_s, stride->toe_off_s, turning))
        return;
    out->roll_rate_dps = roll_rate(view, stride, bias[FORWARD]);
    /* A right leg turns inwards by turning to the left, which is positive about up. */
    out->rotation_deg = -view->inwards * (turning[UP] - bias[UP]) * out->down_s;
}

/* What needs to know which way is sideways is not told without it. */
static void forget_sideways(struct bend *bend)
{
    bend->medial_lean_deg = bend->side_range_deg = bend->wobble_deg = bend->roll_rate_dps = NAN;
}

static gait_status measure_all(const struct measure_input *in, struct bend *all, struct arena *tmp)
{
    struct bend_view view;
    TRY(view_make(in, &view, tmp));
    int limb = placement_is_limb(in->signal->options->placement);
    for (size_t k = 0; k < in->n_strides; k++) {
        measure_leans(&view, &in->strides[k], &all[k]);
        measure_course(&view, &in->strides[k], &all[k]);
        measure_rotation(&view, &in->strides[k], &all[k]);
        if (!(in->frame->known & FRAME_RIGHT)) forget_sideways(&all[k]);
        if (limb && isnan(view.inwards)) all[k].flags |= GAIT_FLAG_SIDE_UNKNOWN;
    }
    return GAIT_OK;
}

gait_status bends_find(const struct measure_input *in, const struct bend **out, struct arena *tmp)
{
    *out = NULL;
    if (!activity_is_test(in->signal->activity) || in->n_strides == 0) return GAIT_OK;
    struct bend *all = ARENA_NEW(tmp, in->n_strides, struct bend);
    if (!all) return GAIT_NOMEM;
    *out = all;
    for (size_t k = 0; k < in->n_strides; k++) {
        const gait_stride *s = &in->strides[k];
        all[k] = (struct bend){.down_s = s->toe_off_s - s->start_s,
                               .up_s = s->end_s - s->toe_off_s,
                               .lean_deg = NAN,
                               .medial_lean_deg = NAN,
                               .side_range_deg = NAN,
                               .wobble_deg = NAN,
                               .rotation_deg = NAN,
                               .jerk_g_per_s = NAN,
                               .path_g_per_s = NAN,
                               .roll_rate_dps = NAN,
                               .flags = in->frame->flags};
    }
    if (!in->body_g || in->coarse.n < 8) return GAIT_OK;
    struct arena_mark mark = arena_mark(tmp);
    gait_status status = measure_all(in, all, tmp);
    arena_rewind(tmp, mark);
    return status;
}
