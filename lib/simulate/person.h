/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIMULATE_PERSON_H
#define SIMULATE_PERSON_H

#include <stdint.h>

#include "base/random.h"
#include "simulate/keys.h"

/* One person: how the body moves, as numbers. Angles in degrees, lengths in metres, times as a
 * fraction of contact (u) or of swing (w). Toes up, toe-out, inversion and a forward lean of the
 * shank are positive. */

/* Every use of random numbers has a stream of its own, so that one does not disturb another. */
enum stream {
    STREAM_PERSON = 1,
    STREAM_STEPS,
    STREAM_HARD,
    STREAM_LIMB,
    STREAM_IMPACT,
    STREAM_TRUNK,
    STREAM_POSTURE,
    STREAM_DAY,
    STREAM_SENSOR,
    STREAM_STAMPS
};
void stream_seed(struct prng *prng, uint64_t seed, enum stream stream, uint64_t index);

enum { SWING_PARTS = 16, SHANK_ODDS = 18 };

struct pace {
    double cadence_steps_per_min, contact_s, speed_mps;
    double strike_deg; /* pitch at foot strike */
    double eversion_deg, impact_g, impact_cv, stride_time_cv;
    double impact_asymmetry, step_asymmetry; /* left minus right over their mean */
};

/* Foot and shank; one set for running, one for walking. */
struct limb_shape {
    double flat_u;                     /* when the foot is nearly flat */
    double heel_off_u, heel_off_power; /* when the heel rises, along which power of the time */
    double pitch_off_deg;              /* at toe-off */
    double swing_pitch_deg[3];         /* early, middle, late; the last is added to the strike */
    /* When the foot is fast, when it slows down; its speed at both ends over the largest. */
    double swing_rise_w, swing_fall_w, swing_leave, swing_arrive;
    double swing_way[SWING_PARTS + 1]; /* share of the way that is done; follows from the speeds */
    double swing_up_m, swing_up_power[2];   /* height; how steep before and after */
    double swing_right_m;                   /* outward arc */
    double brake_m, sink_m;                 /* still to go at touchdown, forward and down */
    double slip_m, compression_m;           /* sideways at touchdown; down in mid-stance */
    double inversion_deg;                   /* roll at foot strike */
    double roll_share, roll_u;              /* fast first part of the eversion, when it is over */
    double roll_peak_u, roll_relapse;       /* when the eversion is largest, what comes back */
    double roll_80_share;                   /* what is left at 80 % of contact */
    double roll_scale;                      /* of the eversion before the motion is smoothed */
    double roll_off_deg, swing_roll_deg[3]; /* toe-off and swing, some relative to inversion */
    double toe_out_deg, swing_yaw_deg, strike_yaw_deg;
    double eversion_cv, eversion_sd_deg; /* from stride to stride */
    double shank_deg[6]; /* lean at strike, mid-stance, toe-off, and three times in swing */
    double shank_odd_g[3][SHANK_ODDS]; /* this person's own: ahead, along, aside */
    double foot_share, foot_delay_s;   /* impact at the shoe over the shank's; until it arrives */
    double shank_hz, shank_damping, shank_delay_s; /* impact as it arrives at the shank */
};

struct body {
    double smooth_hz;                      /* the motion of the limbs has little above it */
    double heel_m, forefoot_m, pivot_up_m; /* where the foot rolls over */
    double foot_up_m, foot_right_m;        /* where the sensor is on the shoe */
    double foot_hz, foot_damping;          /* impact at the foot */
    double foot_forward_share, foot_right_share;
    double shank_frontal_share, shank_rotation_share; /* of the foot's roll */
    double varus_deg;                                 /* frontal lean in stance */
    double shank_low; /* how far down the shank the sensor sits, 0 to 1 */
    double shank_forward_share, shank_right_share; /* of the impact along the shank */
    double trunk_lean_deg, trunk_pitch_deg, trunk_roll_deg, trunk_yaw_deg;
    double trunk_hz, trunk_damping,
        trunk_share;         /* impact at the sacrum; its size over the shank's */
    double trunk_early;      /* exponent that brings the largest force before mid-stance */
    double trunk_blow_brake; /* forward part of the impact at the sacrum */
    /* Walking: sizes of the harmonics up (3) and forward (2), their delay, the sideways force. */
    double walk_part[5], walk_late_s, walk_sway;
    double trunk_brake, trunk_sway; /* forward and sideways force, body weights */
};

struct sensor_traits {
    double noise_g, scale[3], offset_g[3], mount_hz, mount_damping;
    double gyro_noise, gyro_bias_dps[3]; /* (deg/s)/sqrt(Hz); deg/s */
    double mounting_deg[3];
};

struct person {
    uint64_t seed;
    double vary;
    enum roll_family roll_family;
    struct pace run, walk;
    struct limb_shape run_shape, walk_shape;
    struct body body;
    double medial_lean_deg[2]; /* of the right, the left shank in a knee bend */
};

/* Draws what is not set and writes it back into the keys that show it. */
gait_status person_make(struct person *person, struct key_values *keys, gait_error *err);

/* The sensor on one place; its faults are its own. */
void sensor_traits_make(struct sensor_traits *traits, const struct person *person,
                        const struct key_values *keys, gait_placement placement, gait_side side);

#endif
