/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SESSION_PAST_H
#define SESSION_PAST_H

#include "session/session.h"

/* What each session of a person is against the earlier ones, from what summaries say of them. */

/* One session: when, and how much. */
struct exposure {
    double local_s; /* start on the person's clock, seconds since 1970 there */
    double amount;  /* distance or minutes of running; NaN unknown */
};

struct standing {
    double longest_30d; /* largest amount in the 30 days before; NaN: none */
    double ratio_30d;   /* amount over that */
    double ewma_7, ewma_28;
    double gap_days; /* since the last session with running */
    size_t n_30d;    /* sessions with running in the 30 days before */
    size_t before;   /* the last session with running; n if none */
};

/* n sessions of one person in order of time; a day without a session is unknown, not zero. */
void history_of(const struct exposure *sessions, size_t n, struct standing *out);

/* How hard one limb landed in one session, and what measured it. */
struct limb_load {
    double l1, l4;            /* sums over the strides; l1 NaN: no load */
    double intensity;         /* median of what they are made of; NaN: none */
    size_t n_strides;         /* that have it */
    const char *units;        /* of the intensity */
    gait_placement placement; /* of the sensor */
    const char *device;
    double rate_hz, range_g;
};

/* Left against right. */
struct side_difference {
    const char *metric; /* key */
    double index_percent, minimal_percent;
};

struct past_session {
    struct exposure exposure;
    struct standing standing;
    double cadence_steps_per_min; /* median of running; NaN unknown */
    double speed_mps;             /* as stated; NaN unknown */
    size_t n_strides;             /* running, of the sensor that saw most */
    struct limb_load limb[2];     /* left, right */
    size_t n_differences;
    const struct side_difference *differences;
};

/* All sessions of one person in order of time. */
struct history {
    const gait_settings *settings;
    int in_metres; /* else minutes of running */
    size_t n;
    const struct past_session *sessions;
};

/* Same place, device, rate and range: only then are two loads of a limb on one scale. */
int same_series(const struct limb_load *a, const struct limb_load *b);

/* Up to `most` latest sessions before session i with a value, as read by `value`; how many. */
typedef double past_value_fn(const struct past_session *session, const struct past_session *now,
                             const void *which);
size_t take_baseline(const struct history *history, size_t i, past_value_fn *value,
                     const void *which, size_t most, double *out);

/* Median cadence of the last baseline_sessions sessions that have one, their number in *n. */
double usual_cadence(const struct history *history, size_t i, size_t *n, struct arena *tmp);

/* Cadence against that, per cent; NaN unknown. */
double cadence_change(const struct history *history, size_t i, struct arena *tmp);

/* Every rule on session i, held back where something speaks against it, the most urgent first.
 * GAIT_NOMEM. The list is the caller's to free. */
gait_status judge_history(const struct history *history, size_t i, struct finding_list *found,
                          struct arena *tmp);

enum { MOST_BASELINE = 32 };

#endif
