/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_REFERENCE_H
#define SUMMARY_REFERENCE_H

#include <gait/analysis.h>

#include "base/arena.h"

/* A truth or reference file: event,side,time_s[,value]. */

enum reference_kind {
    REFERENCE_FOOT_STRIKE = 0,
    REFERENCE_TOE_OFF,
    REFERENCE_CONTACT_TIME,
    REFERENCE_CADENCE,           /* mean over the bout that begins there, or until the next one */
    REFERENCE_CADENCE_CONSENSUS, /* over 10 s, the time is their middle */
    REFERENCE_STEPS,             /* number over the bout that begins there, or over all of it */
    REFERENCE_BOUT_START,
    REFERENCE_BOUT_END,
    N_REFERENCE_KINDS
};

struct reference_row {
    enum reference_kind kind;
    gait_side side; /* GAIT_SIDE_UNKNOWN: either or both */
    double time_s;
    double value; /* NaN without one */
    int activity; /* gait_activity of a word, -1 without one */
};

struct reference {
    size_t n;
    struct reference_row *rows; /* in order of time */
    size_t n_ignored;           /* rows of events that are not scored */
    double first_s, last_s;     /* of all rows that are instants, ignored ones too; NaN without */
};

/* Rows live in the arena. GAIT_NOT_FOUND, GAIT_IO, GAIT_FORMAT with the line, GAIT_NOMEM. */
gait_status reference_read(struct reference *out, const char *path, struct arena *keep,
                           gait_error *err);

#endif
