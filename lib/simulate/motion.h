/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIMULATE_MOTION_H
#define SIMULATE_MOTION_H

#include <stddef.h>

#include "base/arena.h"
#include "simulate/person.h"
#include "simulate/timeline.h"
#include "simulate/track.h"

/* What an ideal sensor on the body would feel, on a fine and even grid of times. Vectors are
 * (forward, up, right); a left limb is made as a right one and mirrored. */

struct world {
    const struct person *person;
    const struct timeline *timeline;
};

struct grid {
    double start_s, step_s;
    size_t n;
};

enum { EDGE_S = 4 }; /* what happens this far outside the grid still shapes what is inside */

struct motion {
    struct grid grid;
    double *force_g;  /* n x 3 in the axes of the segment */
    double *rate_dps; /* n x 3 */
    double *roll_deg; /* n, of the foot; NULL elsewhere */
};

/* Arrays come from the arena. GAIT_OK or GAIT_NOMEM. */
gait_status limb_motion(const struct world *world, gait_placement placement, bool left,
                        struct grid grid, struct motion *motion, struct arena *arena);
gait_status trunk_motion(const struct world *world, struct grid grid, struct motion *motion,
                         struct arena *arena);

/* The pieces. */

/* The impacts on foot or shank, added to its motion. */
void add_blows(struct motion *motion, const struct world *world, bool shank, bool left);

/* A struck, damped spring: 0 before t_s = 0, largest value 1. */
struct ring {
    double decay, omega, scale, peak_s;
};
struct ring ring_make(double hz, double damping);
double ring_at(const struct ring *ring, double t_s);
double ring_area(const struct ring *ring); /* integral over all times, s */

/* Index of the first grid time at or after t_s, held between 0 and n. */
size_t grid_index(const struct grid *grid, double t_s);

/* A normal number of that spread; 0 without a generator, for an undisturbed stride. */
double jolt(struct prng *prng, double sd);

/* Knots of one contact and of the swing to the next contact of the same foot (NULL: none). */
void foot_knots(struct tracks *tracks, const struct limb_shape *shape, const struct body *body,
                double strike_deg, const struct step *step, const struct step *next,
                struct prng *prng);
void shank_knots(struct tracks *tracks, const struct person *person, bool running,
                 const struct step *step, const struct step *next, struct prng *prng);
/* At rest, leaning forward by that much. */
void still_shank_knot(struct tracks *tracks, double t_s, double lean_deg);
void roll_knots(struct tracks *tracks, const struct limb_shape *shape, const struct step *step,
                const struct step *next, struct prng *prng);

/* Knots of a scene that is not gait. */
void still_knots(struct tracks *tracks, const struct world *world, const struct scene *scene,
                 bool left, double from_s, double to_s);

/* Force of the trunk in body weights beyond standing still, added to force (n x 3). */
void runner_trunk(const struct world *world, const struct scene *scene, const struct grid *grid,
                  double *force, struct tracks *tracks);
void walker_trunk(const struct world *world, const struct scene *scene, const struct grid *grid,
                  double *force, struct tracks *tracks);
void still_trunk(const struct world *world, const struct scene *scene, const struct grid *grid,
                 double *force, struct tracks *tracks);

/* What eversion_deg has to be multiplied by so that the smoothed motion of an undisturbed stride
 * has that excursion. */
gait_status roll_scale(const struct pace *pace, const struct limb_shape *shape, double smooth_hz,
                       double *scale, struct arena *arena);

/* Roll at foot strike less the smallest until 60 % of contact; NaN if the grid does not hold it. */
double eversion_excursion(const double *roll_deg, const struct grid *grid, const struct step *step);

#endif
