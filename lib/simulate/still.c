/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/motion.h"

#include <math.h>

/* Scenes without steps: rest in several postures, a ride, cycling, functional tests. Each begins
 * and ends standing. */

static const double tau = 6.283185307179586;
static const double change_s = 1.4;  /* from standing to another posture */
static const double sway_s = .7;     /* between two turns of the slow sway of a standing body */
static const double crank_hz = 1.25; /* 75 turns per minute */
static const double crank_m = .17;
static const double standard_gravity = 9.80665;

struct posture {
    double foot_pitch_deg, shank_lean_deg, trunk_lean_deg, roll_deg, sway_deg;
};

static struct posture posture_of(enum scene_kind kind)
{
    switch (kind) {
    case SCENE_SIT:
    case SCENE_RIDE: return (struct posture){0, -6, -14, 0, .25};
    case SCENE_LIE: return (struct posture){62, -88, -86, 4, .1};
    case SCENE_OFF: return (struct posture){35, -80, -75, 30, 0};
    case SCENE_CYCLE: return (struct posture){-8, 28, 32, 0, .3};
    case SCENE_STAND:
    case SCENE_KNEE_BEND:
    case SCENE_SQUAT:
    case SCENE_WALK:
    case SCENE_RUN: break;
    }
    return (struct posture){0, 0, 0, 0, .35};
}

/* 0 while standing at both ends of a scene, 1 in between. */
static double settled_share(const struct scene *scene, double t_s)
{
    double edge_s = fmin(t_s - scene->start_s, scene->end_s - t_s);
    double u = fmin(fmax(edge_s / change_s, 0), 1);
    return u * u * (3 - 2 * u);
}

/* A slow wandering that depends on nothing but the time, the channel and the side. */
static double sway(const struct person *person, size_t turn, enum channel channel, size_t side)
{
    struct prng prng;
    stream_seed(&prng, person->seed, STREAM_POSTURE, turn * 64 + (size_t)channel * 4 + side);
    return prng_normal(&prng, 0, 1);
}

static double raised_cosine(double u)
{
    return .5 * (1 - cos(tau / 2 * fmin(fmax(u, 0), 1)));
}

/* How far down a repetition is, 0 to about 1. */
static double bend_depth(const struct bend *bend, double t_s)
{
    if (t_s < bend->lowest_s)
        return bend->depth *
               raised_cosine((t_s - bend->start_s) / (bend->lowest_s - bend->start_s));
    return bend->depth * raised_cosine((bend->end_s - t_s) / (bend->end_s - bend->lowest_s));
}

static double depth_at(const struct world *world, const struct scene *scene, size_t side,
                       double t_s)
{
    double depth = 0;
    for (size_t k = 0; k < scene->n_bends; k++) {
        const struct bend *bend = &world->timeline->bends[scene->first_bend + k];
        if (side == 2 || (side ? bend->left : bend->right)) depth += bend_depth(bend, t_s);
    }
    return depth;
}

/* Whether a leg hangs free because the other one is tested: 0 or 1, with soft edges. */
static double free_share(const struct world *world, const struct scene *scene, size_t side,
                         double t_s)
{
    if (scene->kind != SCENE_KNEE_BEND || !scene->n_bends) return 0;
    const struct bend *bend = world->timeline->bends + scene->first_bend;
    double middle_s = scene->start_s;
    for (size_t k = 0; k + 1 < scene->n_bends; k++)
        if (bend[k].left && bend[k + 1].right) middle_s = (bend[k].end_s + bend[k + 1].start_s) / 2;
    double from_s = side ? middle_s : scene->start_s, to_s = side ? scene->end_s : middle_s;
    return raised_cosine((t_s - from_s) / .8) * raised_cosine((to_s - t_s) / .8);
}

static void limb_posture_knot(struct tracks *tracks, const struct world *world,
                              const struct scene *scene, size_t side, double t_s, size_t turn)
{
    const struct posture stand = posture_of(SCENE_STAND), posture = posture_of(scene->kind);
    double s = settled_share(scene, t_s),
           sway_deg = stand.sway_deg + s * (posture.sway_deg - stand.sway_deg);
    double wander[4];
    for (size_t c = 0; c < 4; c++)
        wander[c] = sway_deg * sway(world->person, turn, (enum channel)(FOOT_PITCH + c), side);
    double depth = depth_at(world, scene, side, t_s), hanging = free_share(world, scene, side, t_s);
    double shank = stand.shank_lean_deg + s * (posture.shank_lean_deg - stand.shank_lean_deg);
    double pitch = s * posture.foot_pitch_deg - 40 * hanging + .2 * wander[0];
    knot(tracks, FOOT_PITCH, t_s, pitch);
    knot(tracks, FOOT_ROLL, t_s, s * posture.roll_deg + .2 * wander[1]);
    knot(tracks, FOOT_FORWARD, t_s, scene->place_m);
    knot(tracks, FOOT_UP, t_s, 0);
    still_shank_knot(tracks, t_s, shank + 26 * depth + 52 * hanging + wander[2]);
    knot(tracks, SHANK_VARUS, t_s,
         s * posture.roll_deg - depth * world->person->medial_lean_deg[side] + wander[3]);
}

static void crank_knot(struct tracks *tracks, const struct scene *scene, size_t side, double t_s)
{
    double s = settled_share(scene, t_s), phase = tau * (crank_hz * t_s + .5 * (double)side);
    double forward_m = scene->place_m + s * crank_m * cos(phase);
    double up_m = s * (.28 - crank_m * sin(phase)), pitch = s * (-10 + 14 * sin(phase + .6));
    knot(tracks, FOOT_FORWARD, t_s, forward_m);
    knot(tracks, FOOT_UP, t_s, up_m);
    knot(tracks, FOOT_PITCH, t_s, pitch);
    double round_g = s * .6 * crank_m * tau * crank_hz * tau * crank_hz / standard_gravity;
    double lean = s * (25 - 20 * cos(phase + .3)), a = lean * tau / 360;
    knot(tracks, SHANK_AHEAD, t_s, -sin(a) - round_g * cos(phase + a));
    knot(tracks, SHANK_ALONG, t_s, cos(a) + round_g * sin(phase + a));
    knot(tracks, SHANK_LEAN, t_s, lean);
}

/* Knots every dt from a multiple of dt on, so that no block sees other knots than its neighbour. */
static size_t first_turn(const struct scene *scene, double from_s, double dt_s)
{
    return (size_t)ceil(fmax(fmax(scene->start_s, from_s), 0) / dt_s);
}

void still_knots(struct tracks *tracks, const struct world *world, const struct scene *scene,
                 bool left, double from_s, double to_s)
{
    double end_s = fmin(scene->end_s, to_s);
    bool cycling = scene->kind == SCENE_CYCLE, bending = scene->n_bends > 0;
    double dt_s = cycling ? 1 / (8 * crank_hz) : bending ? .1 : sway_s;
    for (size_t turn = first_turn(scene, from_s, dt_s);; turn++) {
        double t_s = (double)turn * dt_s;
        if (t_s > end_s) break;
        if (cycling)
            crank_knot(tracks, scene, left, t_s);
        else
            limb_posture_knot(tracks, world, scene, left, t_s, turn);
    }
}

/* Wheels on a road: noise without a period. */
static void shake_knots(struct tracks *tracks, const struct person *person,
                        const struct scene *scene, double from_s, double to_s)
{
    const double dt_s = .04, rms_g = scene->kind == SCENE_RIDE ? .05 : .07;
    for (size_t turn = first_turn(scene, from_s, dt_s);; turn++) {
        double t_s = (double)turn * dt_s, size = rms_g * settled_share(scene, t_s);
        if (t_s > fmin(scene->end_s, to_s)) return;
        for (size_t k = 0; k < 3; k++) {
            enum channel channel = (enum channel)(TRUNK_SHAKE_AHEAD + k);
            knot(tracks, channel, t_s, size * sway(person, turn, channel, 3));
        }
    }
}

static void trunk_posture_knots(struct tracks *tracks, const struct world *world,
                                const struct scene *scene, double from_s, double to_s)
{
    const struct posture posture = posture_of(scene->kind);
    bool bending = scene->n_bends > 0;
    double dt_s = bending ? .1 : sway_s;
    for (size_t turn = first_turn(scene, from_s, dt_s);; turn++) {
        double t_s = (double)turn * dt_s;
        if (t_s > fmin(scene->end_s, to_s)) return;
        double s = settled_share(scene, t_s), depth = depth_at(world, scene, 2, t_s);
        double w = posture.sway_deg;
        knot(tracks, TRUNK_PITCH, t_s,
             w * sway(world->person, turn, TRUNK_PITCH, 2) - s * posture.trunk_lean_deg -
                 18 * depth);
        knot(tracks, TRUNK_ROLL, t_s,
             s * posture.roll_deg + w * sway(world->person, turn, TRUNK_ROLL, 2));
        knot(tracks, TRUNK_YAW, t_s, w * sway(world->person, turn, TRUNK_YAW, 2));
    }
}

/* The body sinks by a hand's breadth in a knee bend: the second derivative of a raised cosine. */
static void add_sinking(const struct bend *bend, const struct grid *grid, double *force)
{
    const double depth_m = .14;
    size_t from = grid_index(grid, bend->start_s), to = grid_index(grid, bend->end_s);
    for (size_t i = from; i < to; i++) {
        double t_s = grid->start_s + (double)i * grid->step_s;
        bool down = t_s < bend->lowest_s;
        double length_s = down ? bend->lowest_s - bend->start_s : bend->end_s - bend->lowest_s;
        double u = (down ? t_s - bend->start_s : bend->end_s - t_s) / length_s,
               rate = tau / 2 / length_s;
        force[3 * i + 1] -=
            bend->depth * depth_m / 2 * rate * rate * cos(tau / 2 * u) / standard_gravity;
    }
}

void still_trunk(const struct world *world, const struct scene *scene, const struct grid *grid,
                 double *force, struct tracks *tracks)
{
    double from_s = grid->start_s, to_s = from_s + (double)grid->n * grid->step_s;
    trunk_posture_knots(tracks, world, scene, from_s - EDGE_S, to_s + EDGE_S);
    for (size_t k = 0; k < scene->n_bends; k++)
        add_sinking(&world->timeline->bends[scene->first_bend + k], grid, force);
    if (scene->kind == SCENE_RIDE || scene->kind == SCENE_CYCLE)
        shake_knots(tracks, world->person, scene, from_s - EDGE_S, to_s + EDGE_S);
}
