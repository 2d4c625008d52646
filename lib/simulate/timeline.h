/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIMULATE_TIMELINE_H
#define SIMULATE_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>

#include <gait/analysis.h>

#include "simulate/person.h"

/* What happens when: a row of scenes without a gap, those of gait with their steps. All sensors of
 * a person are driven by the same timeline. */

enum scene_kind {
    SCENE_STAND = 0, /* the other still scenes begin and end standing */
    SCENE_SIT,
    SCENE_LIE,
    SCENE_OFF,  /* the sensors lie on a table */
    SCENE_RIDE, /* sitting in a vehicle */
    SCENE_CYCLE,
    SCENE_KNEE_BEND,
    SCENE_SQUAT,
    SCENE_WALK,
    SCENE_RUN
};

struct scene {
    enum scene_kind kind;
    double start_s, end_s;
    size_t first_step, n_steps; /* of gait, in the timeline's steps */
    size_t first_bend, n_bends; /* of a functional test */
    bool from_standing, to_standing;
    double place_m; /* where the person is when it begins */
};

/* One contact of one foot with the ground. */
struct step {
    double strike_s, off_s;
    double contact_s;       /* as long as it would be without the standing */
    double flight_before_s; /* negative: both feet are on the ground */
    double flight_after_s;
    double place_m; /* where, along the way */
    double impact;  /* over the pace's impact_g */
    double eversion_deg;
    double sway;        /* sideways motion of shank and trunk over the usual one */
    double vigour;      /* 0 to 1 over the first and last steps of a walk */
    bool lands, leaves; /* false: it was, or stays, on the ground while standing */
    bool left, hard;
};

/* One repetition of a functional test. */
struct bend {
    bool left, right; /* which leg bends */
    bool aborted;     /* half-way */
    double start_s, lowest_s, end_s;
    double depth; /* 1 on average */
};

struct timeline {
    double duration_s;
    size_t n_scenes, n_steps, n_bends;
    struct scene *scenes;
    struct step *steps;
    struct bend *bends;
};

gait_status timeline_make(struct timeline *timeline, const struct person *person,
                          const struct key_values *keys, gait_error *err);
void timeline_free(struct timeline *timeline);

/* The activity a scene is, for the truth. */
gait_activity scene_activity(enum scene_kind kind);

/* First step of the timeline that strikes at or after t_s; n_steps if none. */
size_t first_step_after(const struct timeline *timeline, double t_s);

#endif
