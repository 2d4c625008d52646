/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/foot_motion.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/vec.h"
#include "signal/stats.h"

static const double to_rad = 3.14159265358979323846 / 180;
static const double flat_share = 0.4; /* of contact: the foot is flat */

enum { BIAS_EVERY = 3 }; /* the bias is that of every third stride */

typedef double matrix[3][3];

/* m turned on by the small rotation v (rad): m exp([v]), to the third order. */
static void turn_on(matrix m, const double v[3])
{
    double square = vec_dot(v, v), a = 1 - square / 6, b = 0.5 - square / 24;
    for (int r = 0; r < 3; r++) {
        double along[3], twice[3];
        /* row x v, and (row x v) x v: a row times [v] is row x v */
        vec_cross(m[r], v, along);
        vec_cross(along, v, twice);
        for (int c = 0; c < 3; c++) m[r][c] += a * along[c] + b * twice[c];
    }
}

static void times(matrix m, const double x[3], double out[3])
{
    for (int r = 0; r < 3; r++) out[r] = vec_dot(m[r], x);
}

static void times_transposed(matrix m, const double x[3], double out[3])
{
    for (int c = 0; c < 3; c++) out[c] = m[0][c] * x[0] + m[1][c] * x[1] + m[2][c] * x[2];
}

/* The rotation vector of a small to moderate rotation, rad. */
static void vector_of(matrix m, double out[3])
{
    double w[3] = {m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]};
    double sine = 0.5 * vec_norm(w), cosine = 0.5 * (m[0][0] + m[1][1] + m[2][2] - 1);
    double scale = sine > 1e-9 ? 0.5 * atan2(sine, cosine) / sine : 0.5;
    for (int c = 0; c < 3; c++) out[c] = scale * w[c];
}

/* One stride integrated from its first frame. */
struct turned_stride {
    matrix flat;     /* attitude at foot-flat in the axes of the first frame */
    double force[3]; /* mean specific force in those axes */
    matrix mean;     /* mean attitude */
    double net[3];   /* rotation over the whole stride, rad */
};

static void integrate(const struct coarse *coarse, const double bias_dps[3], size_t from,
                      size_t flat, size_t to, struct turned_stride *out)
{
    matrix now = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    double scale = 0.5 * to_rad / coarse->rate_hz, share = 1 / (double)(to - from), f[3], v[3];
    memset(out, 0, sizeof *out);
    for (size_t i = from; i < to; i++) {
        if (i == flat) memcpy(out->flat, now, sizeof now);
        times(now, coarse->accel_g + 3 * i, f);
        const double *a = coarse->gyro_dps + 3 * i, *b = a + 3;
        for (int r = 0; r < 3; r++) {
            out->force[r] += share * f[r];
            for (int c = 0; c < 3; c++) out->mean[r][c] += share * now[r][c];
            v[r] = scale * (a[r] + b[r] - 2 * bias_dps[r]);
        }
        turn_on(now, v);
    }
    vector_of(now, out->net);
}

/* x = inverse(m) y by Cramer's rule; 0 if m is nearly singular. */
static int solve3(matrix m, const double y[3], double x[3])
{
    double c0[3], c1[3], c2[3];
    vec_cross(m[1], m[2], c0);
    vec_cross(m[2], m[0], c1);
    vec_cross(m[0], m[1], c2);
    double determinant = vec_dot(m[0], c0);
    if (fabs(determinant) < 0.05) return 0;
    for (int k = 0; k < 3; k++) x[k] = (c0[k] * y[0] + c1[k] * y[1] + c2[k] * y[2]) / determinant;
    return 1;
}

struct span {
    size_t from, flat, to;
};

/* 0 if the stride is not all inside the window or its toe-off is not known. */
static int span_of(const struct measure_input *in, size_t k, struct span *out)
{
    const struct coarse *coarse = &in->coarse;
    const gait_stride *s = &in->strides[k];
    double contact_s = s->toe_off_s - s->start_s;
    if (!(contact_s > 0) || s->start_s < coarse->start_s) return 0;
    out->from = coarse_index(coarse, s->start_s);
    out->flat = coarse_index(coarse, s->start_s + flat_share * contact_s);
    out->to = coarse_index(coarse, s->end_s);
    return out->from < out->flat && out->flat < out->to && out->to < coarse->n;
}

/* Column medians of n x 3. */
static void median3(double (*x)[3], size_t n, double out[3], double *room)
{
    for (int c = 0; c < 3; c++) {
        size_t m = 0;
        for (size_t k = 0; k < n; k++)
            if (isfinite(x[k][c])) room[m++] = x[k][c];
        out[c] = median_inplace(room, m);
    }
}

/* What the net rotation of the middle stride leaves over, per second. */
static gait_status find_bias(const struct measure_input *in, double bias_dps[3], struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    size_t n = in->n_strides, m = 0;
    double(*drift)[3] = arena_alloc(tmp, n, sizeof *drift);
    double *room = ARENA_NEW(tmp, n, double);
    if (!drift || !room) return GAIT_NOMEM;
    const double none[3] = {0, 0, 0};
    for (size_t k = 0; k < n; k += BIAS_EVERY) {
        struct span span;
        struct turned_stride turned;
        if (!span_of(in, k, &span)) continue;
        integrate(&in->coarse, none, span.from, span.flat, span.to, &turned);
        double seconds = (double)(span.to - span.from) / in->coarse.rate_hz;
        if (!solve3(turned.mean, turned.net, drift[m])) continue;
        vec_scale(drift[m++], 1 / (to_rad * seconds));
    }
    memcpy(bias_dps, none, sizeof none);
    if (m) median3(drift, m, bias_dps, room);
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

static void find_up(const struct measure_input *in, const double bias_dps[3], size_t k,
                    double up[3], size_t *flat)
{
    struct span span;
    struct turned_stride turned;
    *flat = in->coarse.n;
    up[0] = up[1] = up[2] = NAN;
    if (!span_of(in, k, &span)) return;
    integrate(&in->coarse, bias_dps, span.from, span.flat, span.to, &turned);
    double v[3];
    times_transposed(turned.flat, turned.force, v);
    if (!vec_unit(v)) return;
    memcpy(up, v, sizeof v);
    *flat = span.flat;
}

gait_status foot_motion_find(const struct measure_input *in, const struct foot_motion **out,
                             struct arena *tmp)
{
    size_t n = in->n_strides;
    *out = NULL;
    if (!in->coarse.gyro_dps || n == 0) return GAIT_OK;
    struct foot_motion *motion = ARENA_ZNEW(tmp, 1, struct foot_motion);
    size_t *flat = ARENA_NEW(tmp, n, size_t);
    double *room = ARENA_NEW(tmp, n, double);
    if (!motion || !flat || !room) return GAIT_NOMEM;
    if (!(motion->up = arena_alloc(tmp, n, sizeof *motion->up))) return GAIT_NOMEM;
    motion->flat = flat;
    TRY(find_bias(in, motion->bias_dps, tmp));
    for (size_t k = 0; k < n; k++) find_up(in, motion->bias_dps, k, motion->up[k], &flat[k]);
    median3(motion->up, n, motion->typical_up, room);
    if (!vec_unit(motion->typical_up)) return GAIT_OK;
    *out = motion;
    return GAIT_OK;
}
