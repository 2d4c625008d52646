/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/motion.h"

#include <math.h>

#include "base/fail.h"
#include "signal/filter.h"
#include "simulate/turn.h"

static void feel(const double *force, const double *angle, struct motion *motion)
{
    size_t n = motion->grid.n;
    for (size_t i = 0; i < n; i++) {
        size_t a = i ? i - 1 : 0, b = i + 1 < n ? i + 1 : i;
        double rate[3], felt[3] = {force[3 * i], force[3 * i + 1] + 1, force[3 * i + 2]};
        for (size_t k = 0; k < 3; k++)
            rate[k] =
                (angle[3 * b + k] - angle[3 * a + k]) / ((double)(b - a) * motion->grid.step_s);
        struct turn turn = turn_make(angle + 3 * i);
        from_world(&turn, felt, motion->force_g + 3 * i);
        turning(&turn, rate, motion->rate_dps + 3 * i);
    }
}

static gait_status gather(const struct world *world, const struct grid *grid, double *force,
                          struct tracks *tracks)
{
    double from_s = grid->start_s - EDGE_S;
    double to_s = grid->start_s + (double)grid->n * grid->step_s + EDGE_S;
    for (size_t i = 0; i < world->timeline->n_scenes; i++) {
        const struct scene *scene = &world->timeline->scenes[i];
        if (scene->end_s < from_s || scene->start_s > to_s) continue;
        if (scene->kind == SCENE_RUN)
            runner_trunk(world, scene, grid, force, tracks);
        else if (scene->kind == SCENE_WALK)
            walker_trunk(world, scene, grid, force, tracks);
        else
            still_trunk(world, scene, grid, force, tracks);
    }
    return tracks->no_memory ? GAIT_NOMEM : GAIT_OK;
}

gait_status trunk_motion(const struct world *world, struct grid grid, struct motion *motion,
                         struct arena *arena)
{
    const double turn_hz = 8, push_hz = 60;
    size_t n = grid.n;
    double *force = ARENA_ZNEW(arena, 3 * n, double), *curves = ARENA_NEW(arena, 3 * n, double);
    struct sampling sampling = {grid.start_s, grid.step_s, n, ARENA_NEW(arena, n, double),
                                ARENA_NEW(arena, n, double)};
    motion->grid = grid;
    motion->roll_deg = NULL;
    motion->force_g = ARENA_NEW(arena, 3 * n, double);
    motion->rate_dps = ARENA_NEW(arena, 3 * n, double);
    if (!force || !curves || !sampling.at || !sampling.column || !motion->force_g ||
        !motion->rate_dps)
        return GAIT_NOMEM;

    struct tracks tracks = {.arena = arena};
    TRY(gather(world, &grid, force, &tracks));
    tracks_sample(&tracks, TRUNK_SHAKE_AHEAD, 3, &sampling, curves);
    for (size_t i = 0; i < 3 * n; i++) force[i] += curves[i];
    struct filter push = lowpass(push_hz, 1 / grid.step_s, 2);
    TRY(filtfilt(&push, force, force, n, 3, arena));

    tracks_sample(&tracks, TRUNK_YAW, 3, &sampling, curves);
    struct filter turn = lowpass(turn_hz, 1 / grid.step_s, 2);
    TRY(filtfilt(&turn, curves, curves, n, 3, arena));
    feel(force, curves, motion);
    return GAIT_OK;
}
