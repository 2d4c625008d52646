/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_DIGEST_H
#define SUMMARY_DIGEST_H

#include "session/past.h"
#include "summary/pile.h"

/* What a study's tables say of each person, session by session. */

/* Rows s of the sessions table owns these stretches of the other tables. */
struct study_rows {
    gait_summary *study;
    const struct stretch *recordings, *summaries, *asymmetries, *findings;
};

/* The dated sessions of one subject in order of time. */
struct person {
    const char *subject;
    struct history history;
    const size_t *row; /* of each session in the sessions table */
};

/* All people with a dated session, by name; room from tmp. GAIT_NOMEM; GAIT_INVALID if a table is
 * missing. */
gait_status digest_people(const struct study_rows *rows, const gait_settings *settings,
                          struct person **people, size_t *n, struct arena *tmp);

#endif
