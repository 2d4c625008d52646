/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_FOOT_SCORES_H
#define GAIT_FOOT_SCORES_H

#include "gait/detect/detect.h"
#include "gait/detect/hsmm.h"

/* What a foot sensor tells about stance, foot strike and toe-off around every instant: streams on a
 * 100-Hz grid that do not depend on how the sensor is mounted, and linear scores over +-0.3 s of
 * them. The weights are in foot_model.h; tests/bench/train_foot.py makes them. */

enum { FOOT_RATE_HZ = 100, FOOT_MOST_STREAMS = 11, FOOT_N_SCORES = 3 };

/* Streams that walking and running share, logarithms of g and g/s. */
enum { FOOT_NORM, FOOT_JERK, FOOT_DEVIATION, FOOT_OFFSET };

/* The window at 100 Hz; sample i is at i / 100 s. */
struct foot_grid {
    size_t n;
    const double *accel_g;  /* n x 3 */
    const double *gyro_dps; /* n x 3 or NULL */
};

/* Unit vectors in sensor axes. */
struct foot_axes {
    double up[3], forward[3];
    double one_g;        /* walking: what the sensor shows while the foot is flat, g */
    int may_be_reversed; /* running: blows from ahead and from behind weigh about the same */
};

struct foot_streams {
    size_t n;
    size_t count;
    double *at[FOOT_MOST_STREAMS]; /* n values each */
};

/* score_k(t) = bias[k] + sum over streams s and taps i of
 *              weight[k][s][i] * stream_s(t + (i - (n_taps - 1) / 2) * tap_step),
 * the streams held beyond their ends; k = stance, strike, toe-off. */
struct foot_model {
    size_t n_streams;
    size_t n_taps; /* odd */
    size_t tap_step;
    const double *weight;
    const double *bias;
    const struct hsmm *decode;
};

gait_status foot_grid_make(const struct bout_signal *signal, struct foot_grid *grid,
                           struct arena *keep);

/* How large and how rough the acceleration is, and its parts along the vertical and the forward
 * axis that foot_axes() finds; with the gyroscope also how fast the foot turns and its pitch. The
 * axes that were used go to *axes. */
gait_status foot_streams_make(const struct foot_grid *grid, gait_activity activity, int use_gyro,
                              struct foot_streams *out, struct foot_axes *axes, struct arena *keep,
                              struct arena *tmp);

/* Axes good enough to tell the events by, without knowing any. Walking: the vertical is gravity
 * while the foot is flat, forward the main line of swing, away from which the foot brakes late in
 * swing. Running: sideways is where the acceleration has least, the vertical its median, and
 * forward away from where the blows come. */
gait_status foot_axes_find(const struct foot_grid *grid, gait_activity activity,
                           struct foot_axes *axes, struct arena *tmp);

/* Angular rate about the axis the foot turns about most (first eigenvector of the scatter), heel
 * rising positive: n values. */
void foot_pitch_rate(const struct foot_grid *grid, const struct foot_axes *axes, double *pitch_dps);

gait_status foot_score(const struct foot_model *model, const struct foot_streams *streams,
                       struct hsmm_scores *out, struct arena *keep, struct arena *tmp);

#endif
