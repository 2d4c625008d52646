/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUMMARY_CONTEST_H
#define SUMMARY_CONTEST_H

#include <gait/compare.h>

#include "base/arena.h"
#include "summary/reference.h"

/* One sensor of a summary against a reference, for what scores them. */

struct gait_comparison {
    struct arena arena;
    size_t n_ignored;
    size_t n;
    gait_score *scores;
};

struct contest {
    const gait_summary *summary;
    const struct reference *reference;
    const char *sensor;
    gait_side side; /* rows of the other side are not for this sensor; unknown: all are */
    double tolerance_s;
    struct arena *tmp;
};

/* Rows of a table with a sensor column; n is 0 if there is no such table. */
struct rows {
    const gait_table *table;
    const char *const *sensor;
    size_t n;
};

struct rows rows_of(const struct contest *c, const char *table);
int is_about(const struct rows *rows, size_t i, const struct contest *c);

/* Values of a column; NULL if there is none of that type, or no row. */
const double *doubles_in(const struct rows *rows, const char *name);
const char *const *texts_in(const struct rows *rows, const char *name);

/* Instants in order of time, each with what else is known of it. */
struct instants {
    size_t n;
    double *time_s;
    double *value;      /* NaN for events */
    double *spread;     /* stated uncertainty, NaN if none */
    double *confidence; /* NaN if none */
};

/* What the reference, the sensor's events and its strides' metric (at their starts or in their
 * middles) say; GAIT_NOMEM. */
gait_status reference_instants(const struct contest *c, enum reference_kind kind,
                               struct instants *out);
gait_status event_instants(const struct contest *c, const char *type, struct instants *out);
gait_status stride_instants(const struct contest *c, const char *metric, struct instants *out);
gait_status stride_middles(const struct contest *c, const char *metric, struct instants *out);

void add_instant(struct instants *to, double time_s, double value, double spread,
                 double confidence);

/* Is this row of the reference for this sensor? */
int is_ours(const struct contest *c, const struct reference_row *row);

/* For qsort of doubles. */
int earlier(const void *a, const void *b);

/* The next score, empty but for its names. */
gait_score *new_score(gait_comparison *comparison, const struct contest *c, const char *what,
                      const char *units);

/* Each adds the scores that the reference asks for; GAIT_NOMEM. */
gait_status score_events(gait_comparison *comparison, const struct contest *c);
gait_status score_values(gait_comparison *comparison, const struct contest *c);
gait_status score_activity(gait_comparison *comparison, const struct contest *c);

#endif
