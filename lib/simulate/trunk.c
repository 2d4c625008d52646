/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/motion.h"

#include <math.h>

#include "base/fail.h"
#include "signal/filter.h"
#include "simulate/turn.h"

static const double half_turn = 3.141592653589793;

/* The trunk hangs on the leg by soft tissue: it feels the ground a little longer than the foot
 * touches it. Alcantara 2021 (doi 10.7717/peerj.11199) shows the sacrum in free fall about 20 ms
 * after toe-off. */
static const double lag_s = .018;
static const double early = .85; /* exponent that brings the largest force before mid-stance */

/* Integral of sin(pi u^early) over u from 0 to 1. */
static double arch_area(void)
{
    enum { PARTS = 200 };
    double sum = 0;
    for (size_t i = 0; i < PARTS; i++) sum += sin(half_turn * pow(((double)i + .5) / PARTS, early));
    return sum / PARTS;
}

struct push {
    double start_s, length_s; /* of the force on the trunk */
    double up, brake, sway;   /* body weights */
    double blow, blow_start_s;
    struct ring ring;
};

static void add_push(const struct push *push, const struct grid *grid, double *force)
{
    const double blow_brake = -1, ring_s = .3;
    double end_s = fmax(push->start_s + push->length_s, push->blow_start_s + ring_s);
    size_t from = grid_index(grid, push->start_s), to = grid_index(grid, end_s);
    double back =
        -blow_brake * push->blow * ring_area(&push->ring) * half_turn / 2 / push->length_s;
    for (size_t i = from; i < to; i++) {
        double t_s = grid->start_s + (double)i * grid->step_s;
        double u = (t_s - push->start_s) / push->length_s;
        double blow = push->blow * ring_at(&push->ring, t_s - push->blow_start_s);
        force[3 * i + 1] += blow;
        force[3 * i] += blow_brake * blow;
        if (u >= 1) continue;
        force[3 * i + 1] += push->up * sin(half_turn * pow(u, early));
        force[3 * i] += back * sin(half_turn * u) - push->brake * sin(2 * half_turn * u);
        force[3 * i + 2] += push->sway * sin(half_turn * u);
    }
}

/* The impulse of one contact carries the body from the middle of the flight before to the middle of
 * the flight after, so that the mean force is one body weight. */
static void make_push(const struct world *world, const struct step *step, double before_s,
                      double after_s, struct push *push)
{
    const struct body *body = &world->person->body;
    push->start_s = step->off_s - step->contact_s;
    push->length_s = step->contact_s + lag_s;
    push->blow_start_s = push->start_s + .001;
    push->ring = ring_make(body->trunk_hz, body->trunk_damping);
    push->blow = body->trunk_share * world->person->run.impact_g * step->impact;
    double impulse_s = step->contact_s + (before_s + after_s) / 2;
    push->up = (impulse_s - push->blow * ring_area(&push->ring)) / (arch_area() * push->length_s);
    push->brake = body->trunk_brake;
    push->sway = step->left ? body->trunk_sway : -body->trunk_sway;
}

static void runner_trunk_knots(struct tracks *tracks, const struct person *person,
                               const struct step *step, struct prng *prng)
{
    const struct body *body = &person->body;
    double start_s = step->off_s - step->contact_s, c = step->contact_s;
    double side = step->left ? 1 : -1, lean = body->trunk_lean_deg, jolt[4];
    for (size_t k = 0; k < 4; k++) jolt[k] = prng_normal(prng, 0, .4);
    knot(tracks, TRUNK_PITCH, start_s, -lean - body->trunk_pitch_deg + jolt[0]);
    knot(tracks, TRUNK_PITCH, start_s + .6 * c, -lean + body->trunk_pitch_deg + jolt[1]);
    knot(tracks, TRUNK_ROLL, start_s + .45 * c, side * body->trunk_roll_deg + jolt[2]);
    knot(tracks, TRUNK_YAW, start_s, side * body->trunk_yaw_deg + jolt[3]);
}

void runner_trunk(const struct world *world, const struct scene *scene, const struct grid *grid,
                  double *force, struct tracks *tracks)
{
    const struct timeline *line = world->timeline;
    const struct step *step = line->steps + scene->first_step;
    size_t n = scene->n_steps, from = grid_index(grid, scene->start_s),
           to = grid_index(grid, scene->end_s);
    size_t first = scene->from_standing ? 1 : 0; /* until then both feet carry */
    if (scene->from_standing) from = grid_index(grid, step[1].strike_s);
    if (scene->to_standing) to = grid_index(grid, step[n - 1].off_s + lag_s);
    for (size_t i = from; i < to; i++) force[3 * i + 1] -= 1;
    double begin_s = grid->start_s - 4, end_s = grid->start_s + (double)grid->n * grid->step_s + 4;
    for (size_t k = first; k < n; k++) {
        if (step[k].strike_s < begin_s || step[k].strike_s > end_s) continue;
        struct prng prng;
        struct push push;
        double before_s = k == first ? 0 : step[k].flight_before_s;
        double after_s = k + 1 == n ? 2 * lag_s : step[k].flight_after_s;
        make_push(world, &step[k], before_s, after_s, &push);
        add_push(&push, grid, force);
        stream_seed(&prng, world->person->seed, STREAM_TRUNK, scene->first_step + k);
        runner_trunk_knots(tracks, world->person, &step[k], &prng);
    }
}

/* Walking at 1.3 m/s in parts of g: the body is highest over the standing foot and heaviest just
 * after the other one lands; it is carried on before foot strike and held back after. */
static void walker_force(const struct step *step, const struct step *next, double size, double t_s,
                         double sway, double out[3])
{
    double phase = (t_s - step->strike_s) / (next->strike_s - step->strike_s),
           a = 2 * half_turn * phase;
    double vigour = step->vigour + phase * (next->vigour - step->vigour);
    double side = step->left ? 1 : -1;
    size *= vigour;
    out[1] = size * (.22 * cos(a - .5) + .09 * cos(2 * a - 1.5) + .03 * cos(3 * a - 1));
    out[0] = size * (.13 * cos(a + .94) + .03 * cos(2 * a - .4));
    out[2] = size * side * (sway * sin(a / 2) + .25 * sway * sin(1.5 * a + .3));
}

static void walker_trunk_knots(struct tracks *tracks, const struct person *person,
                               const struct step *step, double step_s, struct prng *prng)
{
    const struct body *body = &person->body;
    double side = step->left ? 1 : -1, v = step->vigour, jolt[4];
    for (size_t k = 0; k < 4; k++) jolt[k] = v * prng_normal(prng, 0, .3);
    double lean = .3 * body->trunk_lean_deg * v, nod = .4 * body->trunk_pitch_deg * v;
    knot(tracks, TRUNK_PITCH, step->strike_s + .05 * step_s, -lean - nod + jolt[0]);
    knot(tracks, TRUNK_PITCH, step->strike_s + .55 * step_s, -lean + nod + jolt[1]);
    knot(tracks, TRUNK_ROLL, step->strike_s + .25 * step_s,
         side * .8 * v * body->trunk_roll_deg + jolt[2]);
    knot(tracks, TRUNK_YAW, step->strike_s, side * .8 * v * body->trunk_yaw_deg + jolt[3]);
}

void walker_trunk(const struct world *world, const struct scene *scene, const struct grid *grid,
                  double *force, struct tracks *tracks)
{
    const struct pace *pace = &world->person->walk;
    const struct body *body = &world->person->body;
    const struct step *step = world->timeline->steps + scene->first_step;
    double speed = pace->speed_mps / 1.3, size = speed * speed;
    double begin_s = grid->start_s - 4, end_s = grid->start_s + (double)grid->n * grid->step_s + 4;
    struct ring ring = ring_make(body->trunk_hz, .4);
    for (size_t k = 0; k + 1 < scene->n_steps; k++) {
        if (step[k].strike_s < begin_s || step[k].strike_s > end_s) continue;
        double step_s = step[k + 1].strike_s - step[k].strike_s;
        double blow = .12 * (pace->impact_g - 1) * step[k].impact * step[k].vigour;
        double less = blow * ring_area(&ring) / step_s; /* keeps the mean at one body weight */
        size_t from = grid_index(grid, step[k].strike_s),
               to = grid_index(grid, step[k + 1].strike_s);
        for (size_t i = from; i < to; i++) {
            double t_s = grid->start_s + (double)i * grid->step_s, f[3];
            walker_force(&step[k], &step[k + 1], size, t_s, .09, f);
            f[1] += blow * ring_at(&ring, t_s - step[k].strike_s - .012) - less;
            for (size_t c = 0; c < 3; c++) force[3 * i + c] += f[c];
        }
        struct prng prng;
        stream_seed(&prng, world->person->seed, STREAM_TRUNK, scene->first_step + k);
        walker_trunk_knots(tracks, world->person, &step[k], step_s, &prng);
    }
}

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

gait_status trunk_motion(const struct world *world, gait_placement placement, struct grid grid,
                         struct motion *motion, struct arena *arena)
{
    (void)placement;
    const double turn_hz = 8, push_hz = 60;
    size_t n = grid.n;
    double *force = ARENA_ZNEW(arena, 3 * n, double), *angle = ARENA_NEW(arena, 3 * n, double);
    double *at = ARENA_NEW(arena, n, double), *column = ARENA_NEW(arena, n, double);
    motion->grid = grid;
    motion->roll_deg = NULL;
    motion->force_g = ARENA_NEW(arena, 3 * n, double);
    motion->rate_dps = ARENA_NEW(arena, 3 * n, double);
    if (!force || !angle || !at || !column || !motion->force_g || !motion->rate_dps)
        return GAIT_NOMEM;

    struct tracks tracks = {.arena = arena};
    double from_s = grid.start_s - 4, to_s = grid.start_s + (double)n * grid.step_s + 4;
    for (size_t i = 0; i < world->timeline->n_scenes; i++) {
        const struct scene *scene = &world->timeline->scenes[i];
        if (scene->end_s < from_s || scene->start_s > to_s) continue;
        if (scene->kind == SCENE_RUN)
            runner_trunk(world, scene, &grid, force, &tracks);
        else if (scene->kind == SCENE_WALK)
            walker_trunk(world, scene, &grid, force, &tracks);
        else
            still_trunk(world, scene, &grid, force, &tracks);
    }
    if (tracks.no_memory) return GAIT_NOMEM;
    struct sampling sampling = {grid.start_s, grid.step_s, n, at, column};
    tracks_sample(&tracks, 0, N_TRUNK_CHANNELS, &sampling, angle);
    struct filter turn = lowpass(turn_hz, 1 / grid.step_s, 2),
                  push = lowpass(push_hz, 1 / grid.step_s, 2);
    TRY(filtfilt(&turn, angle, angle, n, 3, arena));
    TRY(filtfilt(&push, force, force, n, 3, arena));
    feel(force, angle, motion);
    return GAIT_OK;
}
