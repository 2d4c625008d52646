/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/motion.h"

#include <math.h>

static const double half_turn = 3.141592653589793;

/* The trunk hangs on the leg by soft tissue: it feels the ground a little longer than the foot
 * touches it. Alcantara 2021 (doi 10.7717/peerj.11199) shows the sacrum in free fall about 20 ms
 * after toe-off. */
static const double lag_s = .006;

/* Integral of sin(pi u^early) over u from 0 to 1. */
static double arch_area(double early)
{
    enum { PARTS = 200 };
    double sum = 0;
    for (size_t i = 0; i < PARTS; i++) sum += sin(half_turn * pow(((double)i + .5) / PARTS, early));
    return sum / PARTS;
}

struct push {
    double start_s, length_s; /* of the force on the trunk */
    double up, brake, sway;   /* body weights */
    double early;
    double blow, blow_start_s, blow_brake;
    struct ring ring;
};

static void add_push(const struct push *push, const struct grid *grid, double *force)
{
    const double ring_s = .3;
    double end_s = fmax(push->start_s + push->length_s, push->blow_start_s + ring_s);
    size_t from = grid_index(grid, push->start_s), to = grid_index(grid, end_s);
    double back =
        -push->blow_brake * push->blow * ring_area(&push->ring) * half_turn / 2 / push->length_s;
    for (size_t i = from; i < to; i++) {
        double t_s = grid->start_s + (double)i * grid->step_s;
        double u = (t_s - push->start_s) / push->length_s;
        double blow = push->blow * ring_at(&push->ring, t_s - push->blow_start_s);
        force[3 * i + 1] += blow;
        force[3 * i] += push->blow_brake * blow;
        if (u >= 1) continue;
        force[3 * i + 1] += push->up * sin(half_turn * pow(u, push->early));
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
    push->early = body->trunk_early;
    push->blow_brake = body->trunk_blow_brake;
    push->blow_start_s = push->start_s + .001;
    push->ring = ring_make(body->trunk_hz, body->trunk_damping);
    push->blow = body->trunk_share * world->person->run.impact_g * step->impact;
    double impulse_s = step->contact_s + (before_s + after_s) / 2;
    push->up = (impulse_s - push->blow * ring_area(&push->ring)) /
               (arch_area(push->early) * push->length_s);
    push->brake = body->trunk_brake;
    push->sway = step->sway * (step->left ? body->trunk_sway : -body->trunk_sway);
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
    knot(tracks, TRUNK_ROLL, start_s + .45 * c, side * step->sway * body->trunk_roll_deg + jolt[2]);
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
    double begin_s = grid->start_s - EDGE_S,
           end_s = grid->start_s + (double)grid->n * grid->step_s + EDGE_S;
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
