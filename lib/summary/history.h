/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_HISTORY_H
#define SUMMARY_HISTORY_H

#include "summary/pile.h"

/* What each session of a study is against the subject's earlier ones. */

/* One session of one subject. */
struct exposure {
    double local_s; /* start on the subject's clock, seconds since 1970 there */
    double amount;  /* distance or minutes of running; NaN unknown */
};

struct history {
    double longest_30d; /* largest amount in the 30 days before; NaN: none */
    double ratio_30d;   /* amount over that */
    double ewma_7, ewma_28;
    double gap_days; /* since the last session with running */
};

/* n sessions of one subject in order of time; a day without a session is unknown, not zero. */
void history_of(const struct exposure *sessions, size_t n, struct history *out);

/* Adds /history to a study whose sessions, recordings and summary tables are there: rows s of the
 * sessions table owns the stretches recordings[s] and summaries[s]. GAIT_NOMEM. */
gait_status add_history(gait_summary *study, const struct stretch *recordings,
                        const struct stretch *summaries, struct arena *tmp);

#endif
