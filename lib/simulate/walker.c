/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/motion.h"

#include <math.h>

static const double half_turn = 3.141592653589793;

/* Walking at 1.3 m/s in parts of g: the body is highest over the standing foot and heaviest just
 * after the other one lands; it is carried on before foot strike and held back after. */
static void walker_force(const struct body *body, const struct step *step, const struct step *next,
                         double size, double t_s, double out[3])
{
    double step_s = next->strike_s - step->strike_s, phase = (t_s - step->strike_s) / step_s;
    double a = 2 * half_turn * phase, late = a - 2 * half_turn * body->walk_late_s / step_s;
    double vigour = step->vigour + phase * (next->vigour - step->vigour);
    double side = step->left ? 1 : -1, sway = body->walk_sway;
    const double *part = body->walk_part;
    size *= vigour;
    out[1] = size * (.22 * part[0] * cos(late - .5) + .09 * part[1] * cos(2 * late - 1.5) +
                     .03 * part[2] * cos(3 * late - 1));
    out[0] = size * (.13 * part[3] * cos(late + .94) + .03 * part[4] * cos(2 * late - .4));
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
    double begin_s = grid->start_s - EDGE_S,
           end_s = grid->start_s + (double)grid->n * grid->step_s + EDGE_S;
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
            walker_force(body, &step[k], &step[k + 1], size, t_s, f);
            f[1] += blow * ring_at(&ring, t_s - step[k].strike_s - .012) - less;
            for (size_t c = 0; c < 3; c++) force[3 * i + c] += f[c];
        }
        struct prng prng;
        stream_seed(&prng, world->person->seed, STREAM_TRUNK, scene->first_step + k);
        walker_trunk_knots(tracks, world->person, &step[k], step_s, &prng);
    }
}
