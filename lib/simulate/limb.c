/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/motion.h"

#include <math.h>

#include "base/fail.h"
#include "signal/filter.h"
#include "simulate/turn.h"

static const double standard_gravity = 9.80665; /* m/s^2 */

size_t grid_index(const struct grid *grid, double t_s)
{
    double i = ceil((t_s - grid->start_s) / grid->step_s);
    return i <= 0 ? 0 : i >= (double)grid->n ? grid->n : (size_t)i;
}

static const struct step *next_of_foot(const struct timeline *line, const struct scene *scene,
                                       size_t k)
{
    size_t end = scene->first_step + scene->n_steps;
    for (size_t j = k + 1; j < end; j++)
        if (line->steps[j].left == line->steps[k].left) return &line->steps[j];
    return NULL;
}

static void gait_knots(struct tracks *tracks, const struct world *world, const struct scene *scene,
                       bool shank, bool left, double from_s, double to_s)
{
    const struct timeline *line = world->timeline;
    const struct body *body = &world->person->body;
    bool running = scene->kind == SCENE_RUN;
    const struct pace *pace = running ? &world->person->run : &world->person->walk;
    const struct limb_shape *shape =
        running ? &world->person->run_shape : &world->person->walk_shape;
    size_t end = scene->first_step + scene->n_steps;
    size_t k = first_step_after(line, from_s - 2);
    if (k < scene->first_step) k = scene->first_step;
    for (; k < end && line->steps[k].strike_s < to_s; k++) {
        if (line->steps[k].left != left) continue;
        struct prng prng;
        stream_seed(&prng, world->person->seed, STREAM_LIMB, k);
        const struct step *next = next_of_foot(line, scene, k);
        foot_knots(tracks, shape, body, pace->strike_deg, &line->steps[k], next, &prng);
        if (shank) shank_knots(tracks, world->person, running, &line->steps[k], next, &prng);
    }
}

static gait_status limb_knots(struct tracks *tracks, const struct world *world, bool shank,
                              bool left, const struct grid *grid)
{
    double from_s = grid->start_s - EDGE_S;
    double to_s = grid->start_s + (double)grid->n * grid->step_s + EDGE_S;
    for (size_t i = 0; i < world->timeline->n_scenes; i++) {
        const struct scene *scene = &world->timeline->scenes[i];
        if (scene->end_s < from_s || scene->start_s > to_s) continue;
        if (scene->n_steps)
            gait_knots(tracks, world, scene, shank, left, from_s, to_s);
        else
            still_knots(tracks, world, scene, left, from_s, to_s);
    }
    return tracks->no_memory ? GAIT_NOMEM : GAIT_OK;
}

/* Angles of the sensor's segment (yaw, pitch, roll) and where the sensor is, from one sample of the
 * smoothed curves. */
struct pose {
    double angle_deg[3], place_m[3];
    struct turn turn;
};

static void foot_pose(const struct body *body, const double *x, struct pose *pose)
{
    for (int k = 0; k < 3; k++) pose->angle_deg[k] = x[FOOT_YAW + k];
    pose->turn = turn_make(pose->angle_deg);
    struct turn sole = pose->turn;
    sole.cr = 1;
    sole.sr = 0;
    double hinge[3] = {0, body->pivot_up_m, 0},
           sensor[3] = {0, body->foot_up_m, body->foot_right_m};
    double a[3], b[3];
    to_world(&sole, hinge, a);
    to_world(&pose->turn, sensor, b);
    for (int k = 0; k < 3; k++) pose->place_m[k] = x[FOOT_FORWARD + k] + a[k] + b[k];
}

/* The outermost samples repeat their neighbours. */
static void repeat_ends(struct motion *motion)
{
    size_t last = motion->grid.n - 1;
    for (size_t k = 0; k < 3; k++) {
        motion->force_g[k] = motion->force_g[3 + k];
        motion->rate_dps[k] = motion->rate_dps[3 + k];
        motion->force_g[3 * last + k] = motion->force_g[3 * (last - 1) + k];
        motion->rate_dps[3 * last + k] = motion->rate_dps[3 * (last - 1) + k];
    }
}

/* The foot feels the second differences of its place, and turns by the first of its angles. */
static void move_foot(const struct body *body, const double *x, struct motion *motion)
{
    double step_s = motion->grid.step_s, per_g = 1 / (step_s * step_s * standard_gravity);
    struct pose pose[3];
    for (size_t i = 0; i < 2; i++) foot_pose(body, x + N_FOOT_CHANNELS * i, &pose[i]);
    for (size_t i = 1; i + 1 < motion->grid.n; i++) {
        const struct pose *before = &pose[(i - 1) % 3], *now = &pose[i % 3];
        struct pose *after = &pose[(i + 1) % 3];
        foot_pose(body, x + N_FOOT_CHANNELS * (i + 1), after);
        double felt[3], rate[3];
        for (int k = 0; k < 3; k++) {
            felt[k] =
                per_g * (before->place_m[k] - 2 * now->place_m[k] + after->place_m[k]) + (k == 1);
            rate[k] = (after->angle_deg[k] - before->angle_deg[k]) / (2 * step_s);
        }
        from_world(&now->turn, felt, motion->force_g + 3 * i);
        turning(&now->turn, rate, motion->rate_dps + 3 * i);
    }
    repeat_ends(motion);
}

/* Toe-out yaw, pitch and roll of the shank: it follows the roll of the foot. */
static void shank_angles(const struct body *body, const double *foot, const double *leg,
                         double angle_deg[3])
{
    angle_deg[0] = .5 * foot[FOOT_YAW] + body->shank_rotation_share * foot[FOOT_ROLL];
    angle_deg[1] = -leg[SHANK_LEAN - N_FOOT_CHANNELS];
    angle_deg[2] = body->shank_frontal_share * foot[FOOT_ROLL] + leg[SHANK_VARUS - N_FOOT_CHANNELS];
}

/* The shank feels forces in the plane it swings in, tilted by its roll. */
static void move_shank(const struct body *body, const double *foot, const double *leg,
                       struct motion *motion)
{
    for (size_t i = 1; i + 1 < motion->grid.n; i++) {
        double before[3], now[3], after[3], rate[3];
        shank_angles(body, foot + N_FOOT_CHANNELS * (i - 1), leg + N_SHANK_CHANNELS * (i - 1),
                     before);
        shank_angles(body, foot + N_FOOT_CHANNELS * i, leg + N_SHANK_CHANNELS * i, now);
        shank_angles(body, foot + N_FOOT_CHANNELS * (i + 1), leg + N_SHANK_CHANNELS * (i + 1),
                     after);
        for (int k = 0; k < 3; k++) rate[k] = (after[k] - before[k]) / (2 * motion->grid.step_s);
        const double *force = leg + N_SHANK_CHANNELS * i;
        const double felt[3] = {force[0], force[1], force[2]}, rolled[3] = {0, 0, now[2]};
        struct turn turn = turn_make(now), roll = turn_make(rolled);
        from_world(&roll, felt, motion->force_g + 3 * i);
        turning(&turn, rate, motion->rate_dps + 3 * i);
    }
    repeat_ends(motion);
}

/* A left limb is a right one in a mirror; turns, being axial, change the other way. */
static void mirror(struct motion *motion)
{
    for (size_t i = 0; i < motion->grid.n; i++) {
        motion->force_g[3 * i + 2] *= -1;
        motion->rate_dps[3 * i] *= -1;
        motion->rate_dps[3 * i + 1] *= -1;
    }
}

static gait_status smooth(double *x, size_t channels, double smooth_hz, const struct grid *grid,
                          struct arena *arena)
{
    struct filter filter = lowpass(smooth_hz, 1 / grid->step_s, 2);
    return filtfilt(&filter, x, x, grid->n, channels, arena);
}

gait_status limb_motion(const struct world *world, gait_placement placement, bool left,
                        struct grid grid, struct motion *motion, struct arena *arena)
{
    bool shank = placement == GAIT_SHANK;
    size_t n = grid.n;
    motion->grid = grid;
    motion->force_g = ARENA_NEW(arena, 3 * n, double);
    motion->rate_dps = ARENA_NEW(arena, 3 * n, double);
    motion->roll_deg = ARENA_NEW(arena, n, double);
    double *foot = ARENA_NEW(arena, N_FOOT_CHANNELS * n, double);
    double *leg = ARENA_NEW(arena, shank ? N_SHANK_CHANNELS * n : 1, double);
    struct sampling sampling = {grid.start_s, grid.step_s, n, ARENA_NEW(arena, n, double),
                                ARENA_NEW(arena, n, double)};
    if (!motion->force_g || !motion->rate_dps || !motion->roll_deg || !foot || !leg ||
        !sampling.at || !sampling.column)
        return GAIT_NOMEM;

    struct tracks tracks = {.arena = arena};
    const struct body *body = &world->person->body;
    TRY(limb_knots(&tracks, world, shank, left, &grid));
    tracks_sample(&tracks, 0, N_FOOT_CHANNELS, &sampling, foot);
    double origin_m = foot[FOOT_FORWARD];
    for (size_t i = 0; i < n; i++) foot[N_FOOT_CHANNELS * i + FOOT_FORWARD] -= origin_m;
    TRY(smooth(foot, N_FOOT_CHANNELS, body->smooth_hz, &grid, arena));
    for (size_t i = 0; i < n; i++) motion->roll_deg[i] = foot[N_FOOT_CHANNELS * i + FOOT_ROLL];
    if (shank) {
        tracks_sample(&tracks, N_FOOT_CHANNELS, N_SHANK_CHANNELS, &sampling, leg);
        TRY(smooth(leg, N_SHANK_CHANNELS, body->smooth_hz, &grid, arena));
        move_shank(body, foot, leg, motion);
    } else {
        move_foot(body, foot, motion);
    }
    add_blows(motion, world, shank, left);
    if (left) mirror(motion);
    return GAIT_OK;
}
