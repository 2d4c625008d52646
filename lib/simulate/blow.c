/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/motion.h"

#include <math.h>

struct ring ring_make(double hz, double damping)
{
    double omega0 = 2 * acos(-1.0) * hz;
    struct ring ring = {.decay = damping * omega0, .omega = omega0 * sqrt(1 - damping * damping)};
    ring.peak_s = atan2(ring.omega, ring.decay) / ring.omega;
    ring.scale = 1 / (exp(-ring.decay * ring.peak_s) * sin(ring.omega * ring.peak_s));
    return ring;
}

double ring_at(const struct ring *ring, double t_s)
{
    return t_s <= 0 ? 0 : ring->scale * exp(-ring->decay * t_s) * sin(ring->omega * t_s);
}

double ring_area(const struct ring *ring)
{
    return ring->scale * ring->omega / (ring->decay * ring->decay + ring->omega * ring->omega);
}

static const double blow_s = .3; /* after that nothing is left of it */

struct landing {
    double strike_s, usual_g, factor, sway;
};

struct blow {
    double start_s, size_g, share[3];
    struct ring ring;
};

static void add_blow(struct motion *motion, const struct blow *blow)
{
    size_t from = grid_index(&motion->grid, blow->start_s);
    size_t to = grid_index(&motion->grid, blow->start_s + blow_s);
    for (size_t i = from; i < to; i++) {
        double t_s = motion->grid.start_s + (double)i * motion->grid.step_s - blow->start_s;
        double b = blow->size_g * ring_at(&blow->ring, t_s);
        for (size_t k = 0; k < 3; k++) motion->force_g[3 * i + k] += blow->share[k] * b;
    }
}

static double along_g(const struct motion *motion, const struct blow *blow)
{
    size_t peak = grid_index(&motion->grid, blow->start_s + blow->ring.peak_s);
    return peak < motion->grid.n ? motion->force_g[3 * peak + 1] : 1;
}

/* The shoe is struck in all directions. A harder step has a peak that is larger by that factor, the
 * motion's own part of it included. */
static void foot_blow(const struct motion *motion, const struct limb_shape *shape,
                      const struct body *body, const struct landing *landing, struct prng *prng,
                      struct blow *blow)
{
    blow->start_s = landing->strike_s + shape->foot_delay_s;
    blow->ring = ring_make(body->foot_hz * (1 + jolt(prng, .05)), body->foot_damping);
    double usual_g = shape->foot_share * landing->usual_g, own_g = fmax(along_g(motion, blow), 0);
    blow->size_g = fmax(landing->factor * (usual_g + own_g) - own_g, .1 * usual_g);
    blow->share[0] = body->foot_forward_share;
    blow->share[1] = 1;
    blow->share[2] = body->foot_right_share + jolt(prng, .06);
}

/* The shank is struck a little later and softer: as much as lifts the acceleration along it to the
 * peak that was asked for. */
static void shank_blow(const struct motion *motion, const struct limb_shape *shape,
                       const struct body *body, const struct landing *landing, struct prng *prng,
                       struct blow *blow)
{
    blow->start_s = landing->strike_s + shape->shank_delay_s;
    blow->ring = ring_make(shape->shank_hz * (1 + jolt(prng, .04)), shape->shank_damping);
    double impact_g = landing->factor * landing->usual_g;
    blow->size_g = fmax(impact_g - along_g(motion, blow), .1 * impact_g);
    blow->share[0] = body->shank_forward_share;
    blow->share[1] = 1;
    blow->share[2] = landing->sway * body->shank_right_share + jolt(prng, .05);
}

static void add_scene_blows(struct motion *motion, const struct world *world,
                            const struct scene *scene, bool shank, bool left)
{
    const struct timeline *line = world->timeline;
    const struct person *person = world->person;
    bool running = scene->kind == SCENE_RUN;
    const struct pace *pace = running ? &person->run : &person->walk;
    const struct limb_shape *shape = running ? &person->run_shape : &person->walk_shape;
    double end_s = motion->grid.start_s + (double)motion->grid.n * motion->grid.step_s;
    size_t k = first_step_after(line, motion->grid.start_s - blow_s);
    size_t end = scene->first_step + scene->n_steps;
    if (k < scene->first_step) k = scene->first_step;
    for (; k < end && line->steps[k].strike_s < end_s; k++) {
        const struct step *step = &line->steps[k];
        if (step->left != left || !step->lands) continue;
        struct landing landing = {step->strike_s, pace->impact_g,
                                  step->impact * (.5 + .5 * step->vigour), step->sway};
        struct prng prng;
        struct blow blow;
        stream_seed(&prng, person->seed, STREAM_IMPACT, k);
        if (shank)
            shank_blow(motion, shape, &person->body, &landing, &prng, &blow);
        else
            foot_blow(motion, shape, &person->body, &landing, &prng, &blow);
        add_blow(motion, &blow);
    }
}

void add_blows(struct motion *motion, const struct world *world, bool shank, bool left)
{
    for (size_t i = 0; i < world->timeline->n_scenes; i++)
        add_scene_blows(motion, world, &world->timeline->scenes[i], shank, left);
}
