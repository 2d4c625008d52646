/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_FITTED_H
#define GAIT_FITTED_H

#include "gait/detect/foot_level.h"
#include "gait/detect/foot_trust.h"
#include "gait/detect/reliability.h"
#include "gait/detect/selfalign.h"
#include "gait/detect/shape.h"

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
static const double run_strike_sd_s = 0.004;
static const double run_toe_off_sd_s = 0.0045;
static const double walk_strike_sd_s = 0.0055;
static const double walk_toe_off_sd_s = 0.010;
static const double run_toe_off_breadth = 0.35; /* times half the breadth of its dip */
static const double lone_sd_s = 0.012;          /* one landmark without another to confirm it */
static const double no_burst_sd_s = 0.016;      /* and that not the one that holds at any place */
static const double unplaced_sd_s = 0.025;
static const double edge_sd_s = 0.010;
static const double edge_s = 0.12;
static const double low_rate_sd_s = 0.025;

/* ---- period.c, bouts.c ---- */

/* Chosen on walks and jogs of adults and older people with a sensor at the belt (SisFall, Sucerquia
 * et al. 2017, 10.3390/s17010198), 15 minutes of mixed walking at ankle and waist (HAR Lab) and
 * telephones in pockets and bags (Oxford step counting data): with the widest margin between the
 * groups, not for the highest score. */

/* A lag this long with a norm that spreads so much is a stride, not a step: 0.8 s at 0.18 g is a
 * stride in a pocket, 0.55 s at 0.5 g that of a runner who carries the sensor. On the trunk, half
 * of a step is as unlike the whole as can be (a walker's correlates by -0.4 and less, however
 * hard), half of a runner's stride like it (0.5 and more). Otherwise a lag above the doubtful one
 * is halved where its half stands out. */
struct stride_lag {
    double lag_s, above_sd_g;
};
static const struct stride_lag stride_when_hard = {0.55, 0.5}, stride_in_pocket = {0.80, 0.18};
static const struct stride_lag stride_when_alike = {0.42, 0.38};
static const struct stride_lag stride_when_doubtful = {0.62, 0.35};
static const double half_lag_share = 0.45; /* of the highest peak, at which half a lag stands out */
static const double trunk_peak_share = 0.8, limb_peak_share = 0.7; /* the first such peak counts */
static const double limb_double_lag_s = 1.2, limb_double_share = 0.55; /* may be two strides */

/* A sensor that is carried and not moved stays below 24 mg within a second. */
static const double rest_sd_g = 0.030, rest_spread_g = 0.006;

/* Log odds of running: so much per step a second, per factor e of the norm's spread and, on a limb,
 * of its stillest third, about the values where walking and running meet. */
struct run_odds {
    double per_step_hz, step_hz, per_log_sd, sd_g, per_log_still, still_g;
};
static const struct run_odds trunk_run_odds = {14, 2.35, 7, 0.46, 0, 1};
static const struct run_odds limb_run_odds = {6, 2.3, 1, 0.7, 3.5, 0.23};
static const double regular_gait = 0.35, irregular_cost = 12; /* below it, this much less of both */
static const double surely_regular = 0.6; /* below it, less evidence of a run (.4 to .8: alike) */

/* Log odds of gait: so regular and so much slow movement of the trunk for its step rate, or such
 * blows on a limb, make it as likely as not. */
static const double even_regularity = 0.2, even_regularity_spread = 0.05;
static const double trunk_lift_log_g = -4.2, trunk_lift_per_hz = 2.2, trunk_lift_slope = 6;
static const double limb_blow_ratio = 3, limb_blow_g = 2.2, limb_blow_slope = 10;

/* ---- detect_sacrum_run.c ---- */

/* Medians against force plates for one runner at 2.5 to 4.2 m/s (data of Alcantara et al. 2021,
 * 10.7717/peerj.11199). Nothing but these is fitted: how a delay changes with contact time follows
 * from a force like half a sine, and a lead is the same share of every contact. */
static const double sacrum_softness = 0.5; /* of a landing: 1 loads the body like half a sine */
static const double sacrum_norm_delay_s = -0.0102;    /* norm above 1 g, behind that load */
static const double sacrum_rise_delay_s = -0.0073;    /* vertical above 0.7 g */
static const double sacrum_braking_delay_s = -0.0086; /* steepest fall of forward acceleration */
static const double sacrum_fall_delay_s = 0.0207;     /* the trunk is weightless a little later */
static const double sacrum_slow_lead_share =
    0.248; /* the vertical below 8 Hz falls steepest before */
static const double sacrum_slow_norm_lead_share = 0.271; /* and the norm; of contact */
static const double sacrum_usual_contact = 0.7;          /* of a step */
static const double sacrum_unloading_lead_s =
    0.0107; /* the vertical below 5 Hz falls through 0.4 g */

/* The levels of those landmarks, how near each other two of one event must be, and what they weigh:
 * as stable as possible over filters from 20 Hz up on the same runner. */
static const double sacrum_loaded_g = 0.7, sacrum_unloaded_g = 0.4, sacrum_weightless_g = 0.05;
static const double sacrum_strike_agreement_s = 0.025, sacrum_braking_agreement_s = 0.03;
static const double sacrum_toe_off_agreement_s = 0.035, sacrum_weightless_share = 0.6;
static const double sacrum_contact_share[2] = {0.35,
                                               0.95}; /* of a step; else there is no toe-off */

/* Standard deviations: with and without a forward axis; a coarse toe-off times more, and this share
 * of how far two landmarks are apart besides. A strike is sure if it keeps time with a neighbour to
 * this share of a step. */
static const double sacrum_strike_sd_s = 0.009, sacrum_strike_sd_forward_s = 0.006;
static const double sacrum_toe_off_sd_s = 0.012, sacrum_toe_off_sd_forward_s = 0.008;
static const double sacrum_doubt = 0.4;
static const double sacrum_coarse_sd_ratio = 1.5, sacrum_rhythm_share = 0.2;
static const double sacrum_sure = 0.9, sacrum_unsure = 0.4;

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
static const double back_braking_reach_s = 0.08;  /* which is looked for so near */
static const double back_braking_share = 0.4;     /* and counts for so much beside the shape */
static const double back_person_sd_ms = 12;       /* by which people differ from those of the fit */

/* What makes an event doubtful, on the same ten people: a weak step, one unlike its neighbours, one
 * out of rhythm, and braking that is elsewhere (no peak: as far as it may be). */
struct back_doubt {
    double least, weak, unlike, irregular;
};
static const struct back_doubt back_strike_sd_ms = {10, 12, 26, 0};
static const double back_apart_sd_ms_per_s = 260;
static const struct back_doubt back_toe_off_sd_ms = {22, 9.4, 84, 14};
static const struct back_doubt back_log_odds_cost = {0, 7, 3, 1.8};
static const double back_log_odds = 8.5; /* of a step without any doubt being one */

/* A walk begins behind a pause of so many steps. Its first bend is the push that frees the first
 * foot if it is less likely a step than this, on the same ten people; when that foot leaves is read
 * from later swings. */
static const double back_pause_periods = 1.8, back_push_reality = 0.75;
static const double back_first_toe_off_sd_s = 0.06;

/* Steps less likely than this are more often none: told, they would take more from F1 than they
 * give. */
static const double back_least_reality = 0.4;

/* While the norm spreads so much after the last step before a pause, another one follows: on the
 * same ten people never below 0.02 g, nearly always above 0.03 g. Two of three times its strike is
 * within 0.1 s of where it is looked for, the vibration being so much later. */
static const double back_closing_sd_g = 0.025, back_vibration_delay_s = 0.03;
static const double back_closing_sd_s = 0.06, back_closing_reality = 0.7;

/* Insoles (three recordings of mobgap, Apache-2.0) let go 60 ms after what observers of foot
 * sensors mark: not knowing which is meant is an error of 0 or 60 ms. */
static const double back_toe_off_meaning_sd_ms = 42;

/* A gait this slow, or of steps less alike, has its phase in doubt: half the strikes of two people
 * with insoles who walk so were more than 50 ms off. */
static const double back_slowest_sure_period_s = 0.65, back_least_likeness = 0.8;
static const double back_unsure_sd_s = 0.05, back_unsure_confidence = 0.45;

/* Movement of the trunk above this that no step explains may be steps missed; a step explains so
 * much around it. Looked for up to 15 s behind the walk, steps up to 2 s. */
static const double back_moving_sd_g = 0.05, back_explained_s = 0.6, back_late_s = 2;
static const double back_odd_step = 0.3; /* of the usual one, by which a step is an odd one */

/* Fitted by tests/bench/fit_reliability.py on the 122 sets of events of those ten people and of one
 * with insoles (mobgap): 17 have an F1 below .9, each weighing as much as three good ones. Each
 * person left out in turn, with the events' own confidence all but 2 of them are unsure. */
static const struct reliability back_walk_reliability = {{-16.9, -16.9}, 2.7, 0.05, 1.1, 3.4, 0, 0};

/* Nobody of those ten moves the trunk less than this while walking, nor when coming to a halt. */
static const double step_still_sd_g = 0.035, step_stiller_sd_g = 0.025;

/* ---- detect_foot.c ---- */

/* Where to look around a decoded sample, and how far the landmarks lie behind the event: what
 * observers mark as strike and toe-off by eye. */
struct foot_landmark_rule {
    int jerk_from, jerk_to, pitch_from, pitch_to; /* samples */
    double jerk_delay_s, both_delay_s;
};
static const struct foot_landmark_rule foot_strike_rule = {-8, 14, -4, 13, 0.011, 0.018};
static const struct foot_landmark_rule foot_toe_off_rule = {-16, 10, -14, 6, 0.010, -0.013};

/* How the events are brought together. In walking a stride is compared from late swing to
 * foot-flat, and what a turn does to it is let be; landmarks that a gyroscope has confirmed move
 * less. Running: simulated runners. Walking, on 116 hand-marked walks of ten people
 * (tests/bench/compare_alignment.py): of ten settings beside each other the one with the highest F1
 * of strikes and toe-offs; each person left out, the other nine choose it six times, else one
 * beside it. With a gyroscope, where nine of ten times they choose the same, one of .4 ms less
 * error. */
static const struct selfalign_rules foot_run_alike = {-0.10, 0.10, 0.04, 0.007};
static const struct selfalign_rules foot_walk_alike = {-0.30, 0.15, 0.04, 0.007};
static const struct selfalign_rules foot_walk_gyro_alike = {-0.30, 0.30, 0.04, 0.012};

/* By how much all toe-offs of a walk are late, by the forward acceleration before the median one:
 * fitted by tests/bench/fit_foot_level.py on those walks, by the accelerometer alone. */
static const struct foot_level foot_walk_toe_off_level = {-0.10, -0.02, -7.3, -30.5};

/* How sure an event is. In walking by how like the others it is and by the chance of the decoder:
 * fitted by tests/bench/fit_reliability.py on the 8000 events of 116 hand-marked walks of ten
 * people with turns and halts; each person left out in turn, it is as often right as it says. One
 * that is told adds to F1 if it is right more often than F1 / 2. In running, by the log odds at the
 * decoded sample, as on simulated runners. */
static const struct foot_trust foot_walk_trust[2] = {{-2.06, 0, 4.53, 0.72},
                                                     {-3.20, 0, 9.14, 0.70}};
static const double foot_least_doubt = 0.01, foot_unknown_likeness = 0.3;
static const double foot_least_confidence = 0.4;
static const struct foot_trust foot_run_trust = {3.7, 0.70, 0, 0};

/* The error grows as the log odds of being right fall. In walking (without, with gyroscope) as on
 * those walks, and wide enough that an optical reference, which calls a strike 25 ms earlier, is
 * mostly covered. In running twice as wide as on simulated runners, for people are not simulated.
 */
static const struct foot_spread foot_walk_spread[2][2] = {
    {{0.0165, 0.06, 3.5, 0}, {0.0125, 0.08, 5, 0}}, {{0.0185, 0.06, 3.5, 0}, {0.0115, 0.08, 5, 0}}};
static const struct foot_spread foot_run_spread = {0.006, 0.024, 3.7, 0.2};
static const double foot_reversed_sd_s = 0.020; /* by which a wrong forward moves toe-off */

/* Scores of neighbouring samples tell nearly the same: so much of each is new. A swing is odd if it
 * is further from the usual one than this share of it. */
static const double foot_evidence_share = 0.5, foot_odd_swing = 0.2;

/* Fitted by tests/bench/fit_reliability.py on the 464 sets of events of the 116 hand-marked walks
 * of ten people (with and without gyroscope): 26 have an F1 below .9, each weighing as much as
 * sixty good ones, so that none is sure of itself. Each person left out in turn, 4 are. */
static const struct reliability foot_walk_reliability = {
    {-13.6, -15.1}, 3.8, 0.01, 0, 0, 4.4, 0.02};

#endif
