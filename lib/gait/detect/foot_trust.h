/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_FOOT_TRUST_H
#define GAIT_FOOT_TRUST_H

#include "gait/detect/detect.h"
#include "gait/detect/hsmm.h"
#include "gait/detect/selfalign.h"

/* How far the events of a shoe are to be trusted: each by itself, and in walking all of a window
 * together. */

/* One event as it was decoded and placed. */
struct foot_event {
    size_t at;       /* decoded sample; HSMM_OUTSIDE: there is no such event */
    double time_s;   /* of the window */
    double score;    /* log odds at that sample */
    double likeness; /* correlation of what the shoe does around it with the others; NaN: unknown */
    double chance;   /* over all sequences, that there is one within 50 ms of that sample */
};

/* Of each swing of a window its toe-off and its strike; arrays by gait_event_type. */
struct foot_events {
    size_t n_swings;
    struct foot_event *of[2];
    double moved_s[2];   /* how far most had to move to agree with the others */
    double level_g;      /* walking: what was read of the median toe-off; NaN: nothing */
    double late_s;       /* and how late the toe-offs were by it */
    int has_gyro;        /* helped to place them */
    int may_be_reversed; /* running: it is not clear which way is forward */
    struct walk_evidence evidence;
};

/* log odds of being right = even + per_score score + per_likeness likeness
 *                           - per_log_doubt ln(1 - chance + foot_least_doubt) */
struct foot_trust {
    double even, per_score, per_likeness, per_log_doubt;
};

/* Between the sure and the unsure ones the error grows in a line. */
struct foot_spread {
    double best_sd_s, worst_sd_s;
    double sure_log_odds, unsure_log_odds;
};

double foot_log_odds(const struct foot_trust *trust, const struct foot_event *event);
double foot_sd_s(const struct foot_spread *spread, double log_odds);

/* Fills the chances from how probable a strike and a toe-off are at each of n samples of rate_hz.
 */
void foot_take_chances(struct foot_events *events, const double *const probability[2], size_t n,
                       double rate_hz);

/* Fills the evidence against all of them: what else might have been decoded, swings unlike the
 * others, and events unlike the others. GAIT_OK or GAIT_NOMEM. */
gait_status foot_weigh_walk(struct foot_events *events, const double *const probability[2],
                            size_t n, struct arena *tmp);

/* Decodes and places the events of a window (detect_foot.c) and brings them together by these rules
 * (NULL: those of fitted.h), room from tmp. GAIT_OK or GAIT_NOMEM. */
gait_status foot_events_find(const struct bout_signal *signal, int use_gyro,
                             const struct selfalign_rules *alike, struct foot_events *events,
                             struct arena *tmp);

#endif
