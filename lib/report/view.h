/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_VIEW_H
#define REPORT_VIEW_H

#include <gait/report.h>

#include "report/pen.h"

/* What the page reads: the rows of one session in the tables of a summary. */

struct rows {
    const gait_table *table; /* NULL: there is no such table */
    size_t first, n;
};

struct view {
    const gait_summary *summary;   /* of the session, or of a study that holds it */
    const gait_summary *study;     /* with the person's other sessions; NULL without */
    const char *subject, *session; /* as the tables write them */
    struct rows sessions, recordings, bouts, strides, limbs, asymmetry, findings, waveforms;
    int64_t *stride_activity; /* of each row of strides: a gait_activity, -1 unknown */
    struct pen *pen;
};

/* Which session; NULL: the only one. GAIT_NOT_FOUND, GAIT_INVALID, GAIT_FORMAT, GAIT_NOMEM. */
gait_status view_open(struct view *view, const gait_summary *summary,
                      const gait_report_options *options, struct pen *pen, gait_error *err);

/* Rows of a table that belong to one session, which stand together. */
struct rows session_rows(const gait_summary *summary, const char *table, const char *subject,
                         const char *session);

/* Cell of row i of the rows; "" and NaN if there is no such column. */
const char *rows_text(const struct rows *rows, const char *column, size_t i);
double rows_number(const struct rows *rows, const char *column, size_t i);

/* Values of one column of the rows, NULL if there is none. */
const double *rows_doubles(const struct rows *rows, const char *column);
const int64_t *rows_integers(const struct rows *rows, const char *column);
const char *const *rows_texts(const struct rows *rows, const char *column);

/* A limit of the analysis, as it was set for it; NaN if the summary does not say. */
double view_setting(const struct view *view, const char *key);

/* The activity that the page is about: running, else walking, else the functional test. */
const char *view_activity(const struct view *view);

/* 1: the page is of a functional test, not of walking or running. */
int view_shows_test(const struct view *view);

/* Row of limbs (the table `summary`) for one sensor, side and activity; SIZE_MAX if there is none.
 */
size_t view_limb(const struct view *view, const char *sensor, const char *side,
                 const char *activity);

/* Placement of a sensor, from the recordings. */
gait_placement view_placement(const struct view *view, const char *sensor);

/* One metric of the strides of one sensor and side during the page's activity. */
struct course {
    size_t n;
    const double *time_s, *value; /* finite, in order */
    const int64_t *flags;
    const char *sensor, *side;
};
struct course view_course(const struct view *view, size_t limb, const char *metric);

/* Rows of limbs that have the metric during the page's activity, of one placement alone: a limb's
 * own sensors before the trunk. At most `most`; how many. */
size_t view_limbs_with(const struct view *view, const char *metric, size_t *limbs, size_t most);

/* How a metric is shown: its label, unit and decimals, and what a value is multiplied with. */
struct shown {
    const char *label, *unit;
    int decimals;
    double factor;
};
struct shown view_shown(const struct view *view, const char *metric);

/* "6.3" in the metric's shown unit; "6.3 g" with it. */
const char *shown_number(const struct view *view, const struct shown *shown, double value);
const char *shown_value(const struct view *view, const struct shown *shown, double value);

/* "Left", "Right", "Step a", ... and "left shank", "lower back". */
const char *view_side_word(const struct view *view, const char *side);
const char *view_sensor_word(const struct view *view, const char *sensor);
const char *view_placement_word(const struct view *view, gait_placement placement);

/* How a unit is written: "steps/min" stays, "1" and "" are nothing, "deg" is the sign. */
const char *unit_words(const char *unit);

/* Sessions of the same person in the study, in order of time; indexes into its table `sessions`. */
struct past {
    size_t n;
    const size_t *row;
    const double *day; /* of each, days since 1970 on the person's clock */
    size_t this_one;   /* index of the page's own session; n if it is not among them */
};
struct past view_past(const struct view *view);

#endif
