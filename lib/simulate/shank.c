/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/motion.h"

#include <math.h>

/* The shank is drawn by its forces. What recordings of many people have in common is a row of
 * bumps: it is nearly weightless just before the foot strikes, is struck, carries the body, dips at
 * toe-off, is thrown forward, and is braked late in the swing. Strike and blow are in blow.c. */

enum phase { CONTACT, SWING };

struct bump {
    enum phase phase;
    double at;                       /* part of contact or of swing */
    double ahead_g;                  /* across the shank, forward */
    double along_g;                  /* along it, up */
    double low_ahead_g, low_along_g; /* on top of it for a sensor at the ankle */
};

/* At 3 m/s; the forces of the swing grow with speed. */
static const struct bump run_bumps[] = {
    {CONTACT, .105, -.2, -.4, -.2, 0}, {CONTACT, .25, -1.0, 1.4, 0, 0},
    {CONTACT, .55, -.4, 2.4, 0, 0},    {CONTACT, .75, .1, 2.0, 0, 0},
    {CONTACT, .92, .8, 1.0, .4, 0},    {SWING, .05, 1.0, .1, .8, 0},
    {SWING, .16, .5, .9, .8, .3},      {SWING, .33, -1.2, 2.8, -.6, 1.4},
    {SWING, .48, -1.8, 1.4, -.4, .4},  {SWING, .66, -1.1, -.2, -1.2, -.8},
    {SWING, .84, -.3, 1.0, -2.4, .6},  {SWING, .985, -.9, .2, -.6, 0},
};

/* At 1.3 m/s. */
static const struct bump walk_bumps[] = {
    {CONTACT, .01, -.2, .65, -.3, 0}, {CONTACT, .06, -.4, 1.1, 0, 0},
    {CONTACT, .16, .1, 1.03, 0, 0},   {CONTACT, .35, 0, .98, 0, 0},
    {CONTACT, .60, -.1, .95, 0, 0},   {CONTACT, .77, -.2, 1.12, 0, 0},
    {CONTACT, .90, .1, 1.55, .1, .1}, {CONTACT, .97, .3, 1.75, .2, .2},
    {SWING, 0, 0, 1.5, 0, .4},        {SWING, .12, -.9, .8, -.4, .4},
    {SWING, .27, -.8, .35, -.4, 0},   {SWING, .45, -.65, .15, -.2, -.2},
    {SWING, .60, -.7, .45, -.4, -.2}, {SWING, .76, -.75, 1.35, -.8, .3},
    {SWING, .89, -.2, .9, -1.0, .3},  {SWING, .96, .1, .45, -.6, 0},
};

static void force_knots(struct tracks *tracks, const struct person *person, bool running,
                        const struct step *step, const struct step *next, struct prng *prng)
{
    const struct bump *bump = running ? run_bumps : walk_bumps;
    size_t n =
        running ? sizeof run_bumps / sizeof *run_bumps : sizeof walk_bumps / sizeof *walk_bumps;
    const struct limb_shape *shape = running ? &person->run_shape : &person->walk_shape;
    double low = person->body.shank_low, sd_g = running ? .12 : .05;
    double start_s = step->off_s - step->contact_s, swing_s = next->strike_s - step->off_s;
    double speed = running ? person->run.speed_mps / 3 : person->walk.speed_mps / 1.3;
    for (size_t k = 0; k < n; k++) {
        bool contact = bump[k].phase == CONTACT;
        double t_s =
            contact ? start_s + bump[k].at * step->contact_s : step->off_s + bump[k].at * swing_s;
        double size = contact ? 1 : speed, ease = contact ? step->vigour : next->vigour;
        double ahead = bump[k].ahead_g + low * bump[k].low_ahead_g + shape->shank_odd_g[0][k];
        double along = bump[k].along_g + low * bump[k].low_along_g + shape->shank_odd_g[1][k];
        knot(tracks, SHANK_AHEAD, t_s, ease * (size * ahead + jolt(prng, sd_g)));
        double aside = (contact ? step : next)->sway * shape->shank_odd_g[2][k];
        knot(tracks, SHANK_ASIDE, t_s, ease * (size * aside + jolt(prng, sd_g)));
        knot(tracks, SHANK_ALONG, t_s, 1 + ease * (size * (along - 1) + jolt(prng, sd_g)));
    }
}

static void lean_knots(struct tracks *tracks, const struct limb_shape *shape,
                       const struct body *body, const struct step *step, const struct step *next,
                       struct prng *prng)
{
    static const double swing_w[2][3] = {{.33, .70, .90}, {.12, .50, .88}};
    const double *w = swing_w[shape->shank_deg[3] < 70];
    double start_s = step->off_s - step->contact_s, c = step->contact_s, ease = next->vigour;
    double swing_s = next->strike_s - step->off_s, lean[6];
    for (size_t j = 0; j < 6; j++) lean[j] = shape->shank_deg[j] + jolt(prng, 1);
    if (step->lands) {
        knot(tracks, SHANK_LEAN, start_s, step->vigour * lean[0]);
        knot(tracks, SHANK_LEAN, start_s + .5 * c, step->vigour * lean[1]);
        knot(tracks, SHANK_VARUS, start_s, 0);
        knot(tracks, SHANK_VARUS, start_s + .4 * c, step->sway * body->varus_deg);
    }
    knot(tracks, SHANK_LEAN, start_s + c, ease * lean[2]);
    knot(tracks, SHANK_VARUS, start_s + c, 0);
    for (size_t j = 0; j < 3; j++)
        knot(tracks, SHANK_LEAN, step->off_s + w[j] * swing_s, ease * lean[3 + j]);
}

void shank_knots(struct tracks *tracks, const struct person *person, bool running,
                 const struct step *step, const struct step *next, struct prng *prng)
{
    const struct limb_shape *shape = running ? &person->run_shape : &person->walk_shape;
    if (step->leaves && next) {
        force_knots(tracks, person, running, step, next, prng);
        lean_knots(tracks, shape, &person->body, step, next, prng);
        return;
    }
    double start_s = step->off_s - step->contact_s, rest_s = start_s + step->contact_s;
    knot(tracks, SHANK_AHEAD, start_s, 0);
    knot(tracks, SHANK_ALONG, start_s, .7);
    knot(tracks, SHANK_ASIDE, start_s, 0);
    knot(tracks, SHANK_LEAN, start_s, step->vigour * shape->shank_deg[0]);
    knot(tracks, SHANK_VARUS, rest_s, 0);
    still_shank_knot(tracks, rest_s, 0);
}

void still_shank_knot(struct tracks *tracks, double t_s, double lean_deg)
{
    double lean = lean_deg * acos(-1.0) / 180;
    knot(tracks, SHANK_AHEAD, t_s, -sin(lean));
    knot(tracks, SHANK_ALONG, t_s, cos(lean));
    knot(tracks, SHANK_ASIDE, t_s, 0);
    knot(tracks, SHANK_LEAN, t_s, lean_deg);
}
