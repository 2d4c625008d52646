/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_HSMM_H
#define GAIT_HSMM_H

#include <stddef.h>

#include <gait/error.h>

#include "base/arena.h"

/* Semi-Markov decoding of one foot: stance and swing take turns, swings last about as long as
 * swings do, stances as long as they like. Given how much every sample looks like stance, like a
 * foot strike and like a toe-off (log odds), it finds the one sequence that scores most,
 *
 *     sum over stance of +s  -  sum over swing of s  +  sum over strikes of b  +  sum over
 *     toe-offs of a  -  sum over swings of (weight (ln(d / typical) / spread)^2 + cost)
 *
 * with s = stance_weight * clip(stance, +-stance_clip), exactly and in time n * (swing_max -
 * swing_min). There is no rhythm in it: turns, single steps and halts cost nothing. */

struct hsmm {
    double stance_weight;
    double stance_clip;
    double typical_swing; /* samples */
    double swing_spread;  /* of the logarithm of the duration */
    double swing_weight;
    double swing_cost;
    size_t swing_min;  /* samples, at least 1 */
    size_t swing_max;  /* samples, the longest allowed */
    size_t stance_min; /* samples, at least 1; not asked of a stance cut by an end */
};

/* Log odds per sample. */
struct hsmm_scores {
    const double *stance;
    const double *strike;
    const double *toe_off;
};

/* One swing: toe_off is its first sample, strike the first of the stance that follows. */
struct swing {
    size_t toe_off; /* HSMM_OUTSIDE: began before the first sample */
    size_t strike;  /* HSMM_OUTSIDE: ends after the last sample */
};

#define HSMM_OUTSIDE ((size_t)-1)

/* The swings in order, room from keep, which may be tmp. Thread-safe: yes. GAIT_OK, GAIT_NOMEM. */
gait_status hsmm_decode(const struct hsmm *model, const struct hsmm_scores *scores, size_t n,
                        struct swing **swings, size_t *n_swings, struct arena *keep,
                        struct arena *tmp);

/* What a swing of so many samples scores by its duration alone. */
double hsmm_swing_prior(const struct hsmm *model, size_t samples);

/* How probable a strike and a toe-off are at every sample (n values each, 0..1), over all sequences
 * that there are, of which hsmm_decode() tells the best. Scores of neighbouring samples tell nearly
 * the same, so that their sum counts the evidence more than once: every score counts for `share` of
 * itself, in (0, 1]. Time n * (swing_max - swing_min). Thread-safe: yes. GAIT_OK, GAIT_NOMEM. */
gait_status hsmm_chances(const struct hsmm *model, const struct hsmm_scores *scores, size_t n,
                         double share, double *strike, double *toe_off, struct arena *tmp);

#endif
