/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/foot_stride.h"

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "signal/filter.h"
#include "signal/stats.h"

static const double cutoff_hz = 40;

/* Linear interpolation of an n x channels array at a time, the ends held. */
static void value_at(const struct coarse *coarse, const double *x, size_t channels, double time_s,
                     double *out)
{
    double at = (time_s - coarse->start_s) * coarse->rate_hz;
    at = fmin(fmax(at, 0), (double)(coarse->n - 1));
    size_t i = (size_t)at;
    if (i + 1 >= coarse->n) i = coarse->n >= 2 ? coarse->n - 2 : 0;
    double u = at - (double)i;
    const double *a = x + i * channels, *b = coarse->n >= 2 ? a + channels : a;
    for (size_t c = 0; c < channels; c++) out[c] = (1 - u) * a[c] + u * b[c];
}

void foot_force(const struct foot_view *view, const double *accel_g, double out[3])
{
    const double(*row)[3] = view->in->frame->row;
    out[FOOT_X] = vec_dot(row[0], accel_g);
    out[FOOT_Y] = -view->mirror * vec_dot(row[2], accel_g);
    out[FOOT_Z] = vec_dot(row[1], accel_g);
}

void foot_turn(const struct foot_view *view, const double *gyro_dps, double out[3])
{
    const double(*row)[3] = view->in->frame->row;
    out[FOOT_X] = view->mirror * vec_dot(row[0], gyro_dps);
    out[FOOT_Y] = -vec_dot(row[2], gyro_dps);
    out[FOOT_Z] = view->mirror * vec_dot(row[1], gyro_dps);
}

gait_status foot_view_make(const struct measure_input *in, struct foot_view *view,
                           struct arena *tmp)
{
    size_t n = in->n_strides, n_known = 0;
    *view = (struct foot_view){.in = in, .mirror = in->signal->options->side == GAIT_LEFT ? -1 : 1};
    double *low = ARENA_NEW(tmp, 3 * in->coarse.n, double);
    double *contact_s = ARENA_NEW(tmp, n, double);
    double *room = ARENA_NEW(tmp, n, double);
    if (!low || !contact_s || !room) return GAIT_NOMEM;
    struct filter filter = lowpass(cutoff_hz, in->coarse.rate_hz, 2);
    TRY(filtfilt(&filter, in->coarse.accel_g, low, in->coarse.n, 3, tmp));
    view->accel_g = low;
    for (size_t k = 0; k < n; k++) {
        contact_s[k] = in->strides[k].toe_off_s - in->strides[k].start_s;
        if (contact_s[k] > 0) room[n_known++] = contact_s[k];
    }
    view->contact_s = contact_s;
    view->typical_contact_s = median_inplace(room, n_known);
    for (size_t k = 0; k < n; k++) room[k] = in->strides[k].end_s - in->strides[k].start_s;
    view->typical_stride_s = median_inplace(room, n);
    return GAIT_OK;
}

gait_status foot_median_stride(const struct foot_view *view, double from_share, double to_share,
                               double (*force_g)[3], size_t n, struct arena *tmp)
{
    size_t n_strides = view->in->n_strides;
    struct arena_mark mark = arena_mark(tmp);
    double *room = ARENA_NEW(tmp, 3 * n_strides, double);
    if (!room) return GAIT_NOMEM;
    for (size_t p = 0; p < n; p++) {
        double share = from_share + (to_share - from_share) * (double)p / (double)(n - 1);
        for (size_t k = 0; k < n_strides; k++) {
            double sensor[3], foot[3];
            value_at(&view->in->coarse, view->accel_g, 3,
                     view->in->strides[k].start_s + share * view->typical_contact_s, sensor);
            foot_force(view, sensor, foot);
            for (size_t c = 0; c < 3; c++) room[c * n_strides + k] = foot[c];
        }
        for (size_t c = 0; c < 3; c++)
            force_g[p][c] = median_inplace(room + c * n_strides, n_strides);
    }
    arena_rewind(tmp, mark);
    return GAIT_OK;
}
