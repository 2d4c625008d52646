/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/motion.h"

#include <math.h>

#include "base/fail.h"
#include "signal/filter.h"

/* Inward roll of the foot: what of it is left after the motion was smoothed. */

double eversion_excursion(const double *roll_deg, const struct grid *grid, const struct step *step)
{
    size_t strike = grid_index(grid, step->strike_s);
    size_t end = grid_index(grid, step->strike_s + .6 * step->contact_s);
    if (!strike || end >= grid->n) return (double)NAN;
    double u = (step->strike_s - grid->start_s) / grid->step_s - (double)(strike - 1);
    double at_strike = (1 - u) * roll_deg[strike - 1] + u * roll_deg[strike];
    double least = at_strike;
    for (size_t i = strike; i < end; i++) least = fmin(least, roll_deg[i]);
    return at_strike - least;
}

/* Of the middle one of five equal strides. */
static gait_status measured_excursion(const struct pace *pace, const struct limb_shape *shape,
                                      double smooth_hz, double *excursion_deg, struct arena *arena)
{
    enum { STRIDES = 5, RATE = 500 };
    double stride_s = 120 / pace->cadence_steps_per_min;
    struct grid grid = {0, 1. / RATE, (size_t)(STRIDES * stride_s * RATE)};
    double *roll = ARENA_NEW(arena, grid.n, double), *at = ARENA_NEW(arena, grid.n, double);
    double *column = ARENA_NEW(arena, grid.n, double);
    if (!roll || !at || !column) return GAIT_NOMEM;
    struct tracks tracks = {.arena = arena};
    struct step step[STRIDES + 1];
    for (size_t k = 0; k <= STRIDES; k++)
        step[k] = (struct step){.lands = true,
                                .leaves = true,
                                .strike_s = (double)k * stride_s,
                                .off_s = (double)k * stride_s + pace->contact_s,
                                .contact_s = pace->contact_s,
                                .eversion_deg = pace->eversion_deg};
    for (size_t k = 0; k < STRIDES; k++) roll_knots(&tracks, shape, &step[k], &step[k + 1], NULL);
    if (tracks.no_memory) return GAIT_NOMEM;
    struct sampling sampling = {grid.start_s, grid.step_s, grid.n, at, column};
    tracks_sample(&tracks, FOOT_ROLL, 1, &sampling, roll);
    struct filter filter = lowpass(smooth_hz, RATE, 2);
    TRY(filtfilt(&filter, roll, roll, grid.n, 1, arena));
    *excursion_deg = eversion_excursion(roll, &grid, &step[STRIDES / 2]);
    return GAIT_OK;
}

gait_status roll_scale(const struct pace *pace, const struct limb_shape *shape, double smooth_hz,
                       double *scale, struct arena *arena)
{
    const double least_deg = .5, most = 4;
    double want = pace->eversion_deg;
    struct limb_shape tried = *shape;
    *scale = 1;
    if (want < least_deg) return GAIT_OK;
    for (int i = 0; i < 6; i++) {
        struct arena_mark mark = arena_mark(arena);
        double got;
        tried.roll_scale = *scale;
        TRY(measured_excursion(pace, &tried, smooth_hz, &got, arena));
        arena_rewind(arena, mark);
        *scale = fmin(*scale * want / fmax(got, .1 * want), most);
    }
    return GAIT_OK;
}
