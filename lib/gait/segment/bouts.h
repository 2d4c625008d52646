/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_BOUTS_H
#define GAIT_BOUTS_H

#include <gait/analysis.h>

#include "base/arena.h"
#include "gait/segment/period.h"

/* What a person does, second by second, from a 50-Hz copy of the acceleration; needs no axes. */

enum { FEATURE_RATE_HZ = 50, FEATURE_WINDOW_S = 5 };

/* Activities that are told from the data: the first ones. */
enum { N_LABELS = GAIT_OTHER_ACTIVITY + 1 };

/* What one second of gait looks like, from the window centred on it. */
struct second {
    double sd_g;          /* of the norm over the window; at rest of this second alone */
    double sd_second_g;   /* of the norm over this second alone */
    double step_hz;       /* steps of both feet per second; NaN without a period */
    double regularity;    /* height of the autocorrelation there, 0..1 */
    double log_odds_run;  /* running against walking */
    double log_odds_gait; /* walking or running against other movement */
    double log_odds_move; /* moving against rest */
    int covered;          /* 0: in a gap, nothing known */
};

/* Measures one window of 50-Hz frames (n x 3), normally 5 s, less in a segment that is shorter. The
 * second of interest is frames [from, to): the middle ones, except at the ends of a segment, where
 * the window stays inside. */
gait_status second_measure(const double *accel_g, size_t n, size_t from, size_t to,
                           gait_placement placement, struct second *out, struct arena *tmp);

/* Online Viterbi decoding of the seconds: feed one at a time; labels older than DECISION_LAG_S
 * seconds are final. */
enum { DECISION_LAG_S = 20, DECODER_ROOM = 64 };

struct decoder {
    double log_change[N_LABELS][N_LABELS];
    double score[N_LABELS];
    unsigned char from[DECODER_ROOM][N_LABELS]; /* ring of back pointers */
    size_t n_fed;
};

void decoder_init(struct decoder *decoder);
void decoder_feed(struct decoder *decoder, const struct second *second);

/* The label of second `index` given all fed so far; index < n_fed, within the last
 * DECODER_ROOM. */
gait_activity decoder_label(const struct decoder *decoder, size_t index);

/* What n seconds of one bout say together: the probability of its label against the other gait, and
 * whether that is uncertain (median |log odds| below 2). Rest and other movement: 1 and certain. */
struct bout_judgement {
    double confidence;
    int uncertain;
};

gait_status bout_judge(const struct second *seconds, size_t n, gait_activity activity,
                       struct bout_judgement *out, struct arena *tmp);

#endif
