/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_CHAIN_H
#define GAIT_CHAIN_H

#include <stddef.h>

#include <gait/error.h>

#include "base/arena.h"

/* Which candidates form a rhythm: the one chain that every detector draws through its candidates
 * by dynamic programming,
 *
 *     V_i = w_i + max(0, V_j - ((D - m T) / (tolerance T))^2 - missed_cost (m - 1),
 *                     V_k - restart_cost)
 *
 * where D is the interval from j to i, T the period, m = max(1, round(D / T)), and k any candidate
 * so long ago that a new rhythm may have begun. */

struct chain_candidate {
    double time_s; /* rising */
    double weight; /* what the chain gains by going through it */
    double period_s;
};

struct chain_rules {
    double tolerance;    /* standard deviation of an interval, in periods */
    double shortest;     /* interval, in periods */
    double longest;      /* interval, in periods */
    double missed_cost;  /* for each member that is not there */
    double restart_cost; /* INFINITY: never */
    double restart_gap;  /* in periods */
};

/* Indices of the members of the best chain, rising, into member[n]; their number into *n_members
 * (0 for n = 0). The period of an interval is the mean of those of its ends. GAIT_OK or
 * GAIT_NOMEM. */
gait_status chain_best(const struct chain_candidate *candidate, size_t n,
                       const struct chain_rules *rules, size_t *member, size_t *n_members,
                       struct arena *tmp);

#endif
