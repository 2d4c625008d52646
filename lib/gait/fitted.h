/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_FITTED_H
#define GAIT_FITTED_H

#include "gait/shape.h"

/* Every single constant that was fitted to recordings, and which. Tables that were learned are in
 * foot_model.h and pronation_model.h, each with the script that makes it. tests/bench/accuracy.py
 * scores all of them, with the constants of the shank and the sacrum refitted without each person
 * (one person: each recording) it scores. */

/* ---- detect_shank.c ---- */

/* Seconds from an event to its landmark on the mean stride. Means over three people (running at 8
 * to 8.5 km/h, walking at 4.5 to 5 km/h on a force treadmill, contact at 50 N) of the recordings of
 * Bach et al. 2022, doi 10.3389/fspor.2022.1037438; one person differs from the next by 2 to 4 ms.
 */
static const double run_strike_fall_s = 0.003;    /* resultant falls fastest, low-pass 12 Hz */
static const double run_strike_edge_s = 0.021;    /* vibration above 12 Hz sets in */
static const double run_toe_off_dip_s = 0.0245;   /* axial minimum, low-pass 16 Hz */
static const double walk_strike_peak_s = 0.035;   /* resultant is largest, low-pass 16 Hz */
static const double walk_strike_end_s = 0.048;    /* and falls fastest */
static const double walk_strike_loud_s = 0.036;   /* vibration above 8 Hz is strongest */
static const double walk_toe_off_norm_s = -0.020; /* middle of the push-off hump, 4 Hz: resultant */
static const double walk_toe_off_axial_s = -0.009; /* and acceleration along the shank */
static const double walk_duty_factor = 0.605;

/* Contact shortens with speed, which an accelerometer on the shank does not tell: a wide prior. */
static const double run_duty_factor = 0.35;
static const double run_duty_factor_sd = 0.07;

/* Standard deviations of an event at a new person, and what makes them larger. */
static const double run_strike_sd_s = 0.005;
static const double run_toe_off_sd_s = 0.007;
static const double walk_strike_sd_s = 0.0055;
static const double walk_toe_off_sd_s = 0.010;
static const double lone_sd_s = 0.008;     /* one landmark without another to confirm it */
static const double no_burst_sd_s = 0.016; /* and that not the one that holds at any place */
static const double unplaced_sd_s = 0.025;
static const double edge_sd_s = 0.010;
static const double edge_s = 0.12;
static const double low_rate_sd_s = 0.025;

/* ---- detect_sacrum_run.c ---- */

/* Medians against force plates for one runner at 2.5 to 4.2 m/s (data of Alcantara et al. 2021,
 * 10.7717/peerj.11199). */
static const double sacrum_norm_delay_s = 0.0066;    /* norm above 1 g */
static const double sacrum_rise_delay_s = 0.0095;    /* vertical above 0.7 g */
static const double sacrum_braking_delay_s = 0.0082; /* steepest fall of forward acceleration */
static const double sacrum_fall_delay_s = 0.0207;    /* the trunk is weightless a little later */
static const double sacrum_slow_lead_s = 0.0553; /* the vertical below 8 Hz falls steepest before */
static const double sacrum_slow_norm_lead_s = 0.0603; /* and the norm */
static const double sacrum_unloading_lead_s =
    0.0107; /* the vertical below 5 Hz falls through 0.4 g */

/* ---- detect_back_walk.c, detect_steps.c ---- */

/* Strikes come this long after the bend that found them; shape refines it. */
static const double strike_after_bend_s = 0.073;

/* Milliseconds per shape term: ridge regression on hand-checked events of ten people (data of
 * Voisard et al., IPOL 2023/497, see tests/bench/fit_back_walk.c). Times count from the usual
 * place. */
static const double back_strike_ms[SHAPE_TERMS] = {-2.3, 22.0, -32.0, -8.8, -4.9, 50.0};
static const double back_strike_base_ms = -25.9;
static const double back_toe_off_ms[SHAPE_TERMS] = {-67.1, 15.1, -15.3, 25.3, -40.2, 26.1};
static const double back_toe_off_base_ms = 207.7;

static const double back_braking_delay_s = 0.008; /* strike behind the braking peak */
static const double back_person_sd_ms = 12;       /* by which people differ from those of the fit */

/* ---- detect_foot.c ---- */

/* Where to look around a decoded sample, and how far the landmarks lie behind the event: what
 * observers mark as strike and toe-off by eye. */
struct foot_landmark_rule {
    int jerk_from, jerk_to, pitch_from, pitch_to; /* samples */
    double jerk_delay_s, both_delay_s;
};
static const struct foot_landmark_rule foot_strike_rule = {-8, 14, -4, 13, 0.011, 0.018};
static const struct foot_landmark_rule foot_toe_off_rule = {-16, 10, -14, 6, 0.010, -0.013};

/* How sure an event is, by its log odds at the decoded sample: the share of events within 50 ms of
 * the reference, and their standard error, rise and fall with it. In walking as on hand-marked
 * walks with turns and halts (accelerometer alone: wider): of those with a confidence of .9 and
 * more one in 200 is wrong, so that one of .8 is right more often than it says; and wide enough
 * that an optical reference, which calls a strike 25 ms earlier, is mostly covered. In running as
 * on simulated runners, and twice as wide, for people are not simulated. */
struct foot_trust {
    double even_log_odds, slope; /* confidence = logistic(even + slope * log odds) */
    double best_sd_s, worst_sd_s;
    double sure_log_odds, unsure_log_odds; /* between them the error grows in a line */
};
static const struct foot_trust foot_walk_strike_trust = {1.7, 0.48, 0.0185, 0.026, 1, -3};
static const struct foot_trust foot_walk_toe_off_trust = {4.1, 0.69, 0.012, 0.021, 0, -5};
static const struct foot_trust foot_run_trust = {3.7, 0.70, 0.006, 0.024, 0, -5};
static const double foot_accelerometer_alone = 1.25; /* times the error in walking */
static const double foot_reversed_sd_s = 0.020;      /* by which a wrong forward moves toe-off */

#endif
