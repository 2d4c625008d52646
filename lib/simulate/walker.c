/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/motion.h"

#include <math.h>

void walker_knots(struct tracks *tracks, const struct person *person, const struct step *step,
                  const struct step *next, struct prng *prng)
{
    const struct limb_shape *shape = &person->walk_shape;
    foot_knots(tracks, shape, &person->body, person->walk.strike_deg, step, next, prng);

    const double sink_s = .050;
    double start_s = step->off_s - step->contact_s, c = step->contact_s, lean[6];
    for (size_t j = 0; j < 6; j++) lean[j] = shape->shank_deg[j] + prng_normal(prng, 0, .8);
    if (step->lands) {
        knot(tracks, SHANK_LEAN, start_s, lean[0]);
        knot(tracks, SHANK_LEAN, start_s + shape->flat_u * c, .55 * lean[0]);
        knot(tracks, SHANK_LEAN, start_s + .5 * c, lean[1]);
        knot(tracks, SHANK_VARUS, start_s, 0);
        knot(tracks, SHANK_VARUS, start_s + .4 * c, person->body.varus_deg);
        knot(tracks, ANKLE_UP, start_s, shape->ankle_sink_m);
        knot(tracks, ANKLE_UP, start_s + sink_s, 0);
    } else {
        knot(tracks, SHANK_LEAN, start_s + .5 * c, 3);
    }
    if (!step->leaves || !next) {
        knot(tracks, SHANK_LEAN, start_s + 1.4 * c, 3);
        knot(tracks, SHANK_VARUS, start_s + 1.4 * c, 0);
        return;
    }
    double swing_s = next->strike_s - step->off_s;
    knot(tracks, SHANK_LEAN, start_s + shape->heel_off_u * c, lean[1] + 6);
    knot(tracks, SHANK_LEAN, start_s + c, lean[2]);
    knot(tracks, SHANK_LEAN, step->off_s + .20 * swing_s, lean[3]);
    knot(tracks, SHANK_LEAN, step->off_s + .55 * swing_s, lean[4]);
    knot(tracks, SHANK_LEAN, step->off_s + .93 * swing_s, lean[5]);
    knot(tracks, SHANK_VARUS, start_s + c, 0);
    knot(tracks, ANKLE_UP, start_s + c, 0);
    knot(tracks, ANKLE_UP, step->off_s + .5 * swing_s, shape->ankle_sink_m);
}
