/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIMULATE_TRACK_H
#define SIMULATE_TRACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Knots of the curves that a segment of the body follows: every channel has its own, in order of
 * time. */

enum channel {
    FOOT_FORWARD = 0, /* m, of the point of the sole the foot turns about */
    FOOT_UP,
    FOOT_RIGHT,
    FOOT_YAW,   /* deg, toe-out positive */
    FOOT_PITCH, /* deg, toes up positive */
    FOOT_ROLL,  /* deg, inversion positive */
    N_FOOT_CHANNELS,
    SHANK_AHEAD = N_FOOT_CHANNELS, /* g, across the shank, forward */
    SHANK_ALONG,                   /* g, along it, up */
    SHANK_ASIDE,                   /* g, to the right */
    SHANK_LEAN,                    /* deg, forward positive */
    SHANK_VARUS,                   /* deg, knee outwards positive */
    N_LIMB_CHANNELS,
    N_SHANK_CHANNELS = N_LIMB_CHANNELS - N_FOOT_CHANNELS,
    TRUNK_YAW = 0,     /* deg, to the right positive */
    TRUNK_PITCH,       /* deg, backwards positive */
    TRUNK_ROLL,        /* deg, to the right positive */
    TRUNK_SHAKE_AHEAD, /* g */
    TRUNK_SHAKE_UP,
    TRUNK_SHAKE_RIGHT,
    N_TRUNK_CHANNELS,
    MOST_CHANNELS = N_LIMB_CHANNELS
};

struct curve {
    size_t n, room;
    double *t, *x;
};

struct tracks {
    struct arena *arena;
    bool no_memory;
    struct curve curve[MOST_CHANNELS];
};

/* A knot not later than the one before it is left out. */
void knot(struct tracks *tracks, enum channel channel, double t_s, double x);

/* Curves first to first + channels - 1 at n times start_s + i * step_s, interleaved; at and column
 * are room for n values. */
struct sampling {
    double start_s, step_s;
    size_t n;
    double *at, *column;
};
void tracks_sample(const struct tracks *tracks, size_t first, size_t channels,
                   const struct sampling *sampling, double *out);

#endif
