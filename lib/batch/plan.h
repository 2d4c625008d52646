/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BATCH_PLAN_H
#define BATCH_PLAN_H

#include <gait/batch.h>

#include "base/arena.h"

/* The sessions of a source. The three kinds of sources add recordings in any order; then they are
 * grouped, put in order and named. */

enum { LONGEST_PATH = 4096 };

/* One recording on its way into a session. Texts are copied. */
struct find {
    const char *subject_id, *session_id;
    const char *file;         /* from the root */
    const char *sensor;       /* NULL: every one whose place is known */
    const char *sidecar_json; /* NULL: nothing to say */
    const char *refused;      /* NULL: it is not */
    int is_alone;             /* nobody said that others belong to its session */
};

struct find_row {
    struct find find;
    size_t order;
};

struct gait_plan {
    struct arena arena;
    char *source; /* real path, of a manifest too */
    char *root;   /* real path of the source folder */
    char *avoid;  /* real path of the batch folder; NULL: none */
    int bids_layout;
    int keeps_order; /* sessions stand as they were found, not by name */
    size_t n_found, room;
    struct find_row *found;
    size_t n;
    gait_planned_session *sessions;
    size_t n_left_out;
    const char **left_out; /* paths from the root, in order */
};

/* A copy in the plan's arena; NULL when memory is out. */
const char *plan_text(gait_plan *plan, const char *text);

gait_status plan_add(gait_plan *plan, const struct find *find, gait_error *err);

/* Size of all recordings of a session. */
double plan_bytes(const gait_plan *plan, const gait_planned_session *session);

/* Each adds what its kind of source holds. */
gait_status plan_from_folder(gait_plan *plan, gait_error *err);
gait_status plan_from_manifest(gait_plan *plan, const char *path, gait_error *err);
gait_status plan_from_bids(gait_plan *plan, gait_error *err);

/* True if the root is a BIDS dataset. */
int plan_is_bids(const gait_plan *plan);

/* Walks through the root without leaving it: visit gets the path from the root of every file whose
 * name may be a recording's, and why it is refused (NULL: it is not). */
typedef gait_status plan_visit(gait_plan *plan, const char *file, const char *refused,
                               gait_error *err);
gait_status plan_walk(gait_plan *plan, plan_visit *visit, gait_error *err);

#endif
