/* SPDX-License-Identifier: BSD-3-Clause */

/* Body axes of a pelvis from its strides. Over whole strides the mean specific force is gravity.
 * What is the same in both steps of a stride lies forward and up, what changes its sign lies across
 * (Moe-Nilssen and Helbostad 2004, doi 10.1016/S0021-9290(03)00233-1, for the parity of harmonics).
 */

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/frame/frame.h"
#include "gait/detect/strides.h"

enum { PHASES = 32, ANGLES = 180 };

static const double pi = 3.14159265358979323846;
static const double cutoff_hz = 8;
static const double clear_sign = 0.1; /* normalised product */

/* What the sum and the difference of the two steps of a stride hold in two directions. */
struct parity {
    double even[4], odd[4]; /* 2 x 2, row by row */
};

/* Mean specific force over all strides; 0 if it is not about 1 g long. */
static int mean_force(const struct measure_input *in, double up[3])
{
    double sum[3] = {0, 0, 0};
    size_t n = 0;
    up[0] = up[1] = up[2] = 0;
    for (size_t k = 0; k < in->n_strides; k++) {
        double found[3];
        const gait_stride *s = &in->strides[k];
        if (!coarse_mean(&in->coarse, in->coarse.accel_g, s->start_s, s->end_s, found)) continue;
        for (int c = 0; c < 3; c++) sum[c] += found[c];
        n++;
    }
    if (!n) return 0;
    for (int c = 0; c < 3; c++) up[c] = sum[c] / (double)n;
    double length = vec_norm(up);
    return length > 0.85 && length < 1.15;
}

static int find_up(const struct measure_input *in, double up[3])
{
    double stated[3];
    int is_gravity = mean_force(in, up);
    if (!is_gravity && frame_stated(in->signal->options, 1, stated))
        memcpy(up, stated, sizeof stated);
    return vec_unit(up);
}

/* Any two directions across up. */
static void plane_across(const double up[3], double a[3], double b[3])
{
    int smallest = 0;
    for (int k = 1; k < 3; k++)
        if (fabs(up[k]) < fabs(up[smallest])) smallest = k;
    for (int k = 0; k < 3; k++) a[k] = k == smallest;
    vec_reject(a, up);
    vec_unit(a);
    vec_cross(up, a, b);
}

/* Both horizontal parts at a time, straight lines between the frames. */
static void across_at(const struct coarse *coarse, const double *low, double time_s,
                      double plane[2][3], double out[2])
{
    double at = (time_s - coarse->start_s) * coarse->rate_hz;
    at = fmin(fmax(at, 0), (double)(coarse->n - 1));
    size_t i = (size_t)at, next = i + 1 < coarse->n ? i + 1 : i;
    double share = at - (double)i;
    for (int a = 0; a < 2; a++)
        out[a] = (1 - share) * vec_dot(low + 3 * i, plane[a]) +
                 share * vec_dot(low + 3 * next, plane[a]);
}

static void add_products(double sum[4], double x[PHASES][2])
{
    for (int p = 0; p < PHASES; p++)
        for (int r = 0; r < 2; r++)
            for (int c = 0; c < 2; c++) sum[2 * r + c] += x[p][r] * x[p][c];
}

static void add_stride(const struct measure_input *in, const gait_stride *stride, const double *low,
                       double plane[2][3], struct parity *parity)
{
    double middle = stride_middle_s(in->events, in->n_events, stride);
    if (isnan(middle)) return;
    double even[PHASES][2], odd[PHASES][2], level[2] = {0, 0};
    for (int p = 0; p < PHASES; p++) {
        double share = (double)p / PHASES, first[2], second[2];
        across_at(&in->coarse, low, stride->start_s + share * (middle - stride->start_s), plane,
                  first);
        across_at(&in->coarse, low, middle + share * (stride->end_s - middle), plane, second);
        for (int a = 0; a < 2; a++) {
            even[p][a] = first[a] + second[a];
            odd[p][a] = first[a] - second[a];
            level[a] += even[p][a] / PHASES;
        }
    }
    for (int p = 0; p < PHASES; p++)
        for (int a = 0; a < 2; a++) even[p][a] -= level[a];
    add_products(parity->even, even);
    add_products(parity->odd, odd);
}

static double share_along(const double *m, double x, double y)
{
    double floor_of_noise = 1e-6 * (m[0] + m[3]) + 1e-12;
    return x * x * m[0] + 2 * x * y * m[1] + y * y * m[3] + floor_of_noise;
}

/* The line whose movement has the parity of forward while that across it has the parity of right;
 * how clearly, 0 and up. */
static double forward_line(const struct parity *parity, double *x, double *y)
{
    double best = -INFINITY;
    for (int k = 0; k < ANGLES; k++) {
        double c = cos(pi * k / ANGLES), s = sin(pi * k / ANGLES);
        double score = log(share_along(parity->even, c, s) / share_along(parity->odd, c, s)) +
                       log(share_along(parity->odd, -s, c) / share_along(parity->even, -s, c));
        if (score <= best) continue;
        best = score;
        *x = c;
        *y = s;
    }
    return fmax(best, 0);
}

/* Running, the body is braked while it still sinks and driven while it rises: forward acceleration
 * runs against the rise of the vertical one. Walking, it runs with it. Normalised product. */
static double forward_sign(const struct measure_input *in, const double *low,
                           const struct body_frame *frame)
{
    double product = 0, forward_power = 0, rise_power = 0;
    for (size_t k = 0; k < in->n_strides; k++) {
        size_t from = coarse_index(&in->coarse, in->strides[k].start_s);
        size_t to = coarse_index(&in->coarse, in->strides[k].end_s);
        double level = 0;
        for (size_t i = from; i < to; i++) level += vec_dot(low + 3 * i, frame->row[0]);
        if (to > from) level /= (double)(to - from);
        for (size_t i = from < 1 ? 1 : from; i + 1 < to; i++) {
            const double *after = low + 3 * (i + 1), *before = low + 3 * (i - 1);
            double ahead = vec_dot(low + 3 * i, frame->row[0]) - level;
            double rise = vec_dot(after, frame->row[1]) - vec_dot(before, frame->row[1]);
            product += ahead * rise;
            forward_power += ahead * ahead;
            rise_power += rise * rise;
        }
    }
    double size = sqrt(forward_power * rise_power);
    if (!(size > 0)) return 0;
    return (in->signal->activity == GAIT_WALK ? product : -product) / size;
}

static gait_status find_forward(const struct measure_input *in, const double up[3],
                                struct body_frame *out, struct arena *tmp)
{
    double plane[2][3], forward[3], x = 1, y = 0;
    const double *low = frame_lowpass(in, cutoff_hz, tmp);
    if (!low) return GAIT_NOMEM;
    struct parity parity = {{0}, {0}};
    plane_across(up, plane[0], plane[1]);
    for (size_t k = 0; k < in->n_strides; k++) add_stride(in, &in->strides[k], low, plane, &parity);
    double clarity = forward_line(&parity, &x, &y);
    for (int k = 0; k < 3; k++) forward[k] = x * plane[0][k] + y * plane[1][k];
    if (!frame_from_forward(up, forward, out)) return GAIT_OK;
    out->confidence = 1 - exp(-clarity / 3);
    if (frame_follow_mounting(in->signal->options, out)) return GAIT_OK;
    double score = forward_sign(in, low, out);
    if (fabs(score) < clear_sign) out->flags |= GAIT_FLAG_SIGN_UNSURE;
    if (score < 0) frame_turn(out);
    return GAIT_OK;
}

gait_status frame_of_trunk(const struct measure_input *in, struct body_frame *out,
                           struct arena *tmp)
{
    static const double mounting_confidence = 0.8;
    double up[3], stated[3];
    if (!find_up(in, up)) return GAIT_OK;
    if (frame_stated(in->signal->options, 0, stated) && frame_from_forward(up, stated, out)) {
        out->confidence = mounting_confidence;
        return GAIT_OK;
    }
    return find_forward(in, up, out, tmp);
}
