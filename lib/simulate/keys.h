/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIMULATE_KEYS_H
#define SIMULATE_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include <gait/error.h>
#include <gait/simulate.h>

/* The keys of a simulation and the values they were set to. */

enum key {
    KEY_PLACEMENT = 0,
    KEY_SIDE,
    KEY_ACTIVITY,
    KEY_TASK,
    KEY_DURATION,
    KEY_RATE,
    KEY_GYRO,
    KEY_SEED,
    KEY_VARY,
    KEY_STANDING,
    KEY_START_TIME,
    KEY_SUBJECT,
    KEY_SESSION,
    KEY_DISTANCE,
    KEY_CADENCE,
    KEY_CONTACT,
    KEY_SPEED,
    KEY_STRIKE_ANGLE,
    KEY_EVERSION,
    KEY_ROLL_FAMILY,
    KEY_IMPACT,
    KEY_IMPACT_CV,
    KEY_STRIDE_TIME_CV,
    KEY_IMPACT_ASYMMETRY,
    KEY_STEP_TIME_ASYMMETRY,
    KEY_SHIFT_AT,
    KEY_SHIFT,
    KEY_HARD_LANDINGS,
    KEY_FATIGUE_IMPACT,
    KEY_FATIGUE_CADENCE,
    KEY_FATIGUE_EVERSION,
    KEY_FATIGUE_CONTACT,
    KEY_FATIGUE_SWAY,
    KEY_REPS,
    KEY_ABORTED_REPS,
    KEY_TEMPO_DOWN,
    KEY_TEMPO_UP,
    KEY_MEDIAL_LEAN,
    KEY_LEAN_DIFFERENCE,
    KEY_NOISE,
    KEY_MOUNTING,
    KEY_RANGE,
    KEY_BITS,
    KEY_MOUNT,
    KEY_MOUNT_DAMPING,
    KEY_JITTER,
    KEY_DRIFT,
    KEY_GAP_AT,
    KEY_GAP,
    KEY_DUPLICATES,
    N_KEYS
};

enum activity_word { ACTIVITY_RUN = 0, ACTIVITY_WALK, ACTIVITY_DAY };
enum task_word { TASK_NONE = 0, TASK_KNEE_BEND, TASK_SQUAT };
enum roll_family { ROLL_BASE = 0, ROLL_SHIFTED, ROLL_FAST, ROLL_MIXED };

enum { KEY_TEXT_ROOM = 64 };

struct key_values {
    double number[N_KEYS]; /* numbers, and words as their place in the list; NaN: depends */
    bool set[N_KEYS];      /* by the caller, not drawn */
    char text[N_KEYS][KEY_TEXT_ROOM];
    double mounting_deg[3];
};

const gait_simulation_key *key_row(size_t index);
/* N_KEYS if there is none. */
enum key key_from_name(const char *name);

void key_values_init(struct key_values *values);
gait_status key_values_set(struct key_values *values, enum key key, const char *text,
                           gait_error *err);
/* The value as text in out, KEY_TEXT_ROOM bytes. */
void key_values_show(const struct key_values *values, enum key key, char *out);

#endif
