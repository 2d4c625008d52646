/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include <gait/session.h>

#include "base/arena.h"
#include "gait/measure/mean_stride.h"

/* What a session knows, for the rules and for the summary. Plain; all arrays are in order of time.
 */

struct bout_result {
    gait_activity activity;
    double start_s, end_s, confidence, cadence_steps_per_min, n_steps;
    uint32_t flags;
    size_t first_event, n_events;
    size_t first_stride, n_strides;
};

struct sensor_result {
    char name[48];            /* left_shank, sacrum, left_foot_2 */
    gait_recording_info info; /* text copied into the session's arena */
    gait_recording_quality quality;
    gait_alignment alignment;
    int stood_still;       /* gravity was seen while standing near a bout */
    double clock_offset_s; /* added to every time when sensors share a clock */
    size_t n_bouts;
    struct bout_result *bouts;
    size_t n_events;
    gait_event *events;
    uint32_t *event_bout; /* index into bouts */
    size_t n_strides;
    gait_stride *strides;
    uint32_t *stride_bout;            /* index into bouts */
    double *metric[GAIT_MAX_METRICS]; /* columns of n_strides values */
    struct mean_stride *mean_stride[GAIT_N_ACTIVITIES][GAIT_N_SIDES]; /* NULL: no such stride */
};

/* One metric of one limb compared with the other. */
struct asymmetry {
    int metric;
    double left, right;
    double index_percent, ci_low, ci_high, minimal_detectable_percent;
    int exceeds;
    size_t n; /* strides of the limb that has fewer */
};

struct finding_list {
    size_t n;
    gait_finding *at; /* malloc */
};

struct gait_session {
    gait_session_options options;
    struct arena arena;
    const char *subject_id;
    const char *session_id;
    int judged;
    size_t n_sensors;
    struct sensor_result *sensors;
    size_t n_asymmetries;
    struct asymmetry *asymmetries;
    struct finding_list findings;
};

/* One rule looks at the whole session and appends findings. */
typedef gait_status judge_fn(gait_session *session, struct arena *tmp, gait_error *err);

/* One rule compares a session with the same person's earlier ones and appends findings. */
struct history;
typedef gait_status compare_fn(const struct history *history, size_t session,
                               struct finding_list *found, struct arena *tmp);

struct rule {
    gait_rule pub;
    judge_fn *judge;      /* NULL: it takes several sessions */
    compare_fn *compare;  /* NULL: it looks at one session alone */
    int is_about_a_habit; /* it means little without earlier sessions to compare with */
};

const struct rule *rule_row(size_t index);

/* A new finding with rule, severity and empty text, NULL when memory is out. */
gait_finding *add_finding(struct finding_list *list, const gait_rule *rule);
gait_finding *session_add_finding(gait_session *session, const gait_rule *rule);

/* What a finding was made under. */
struct circumstances {
    const gait_settings *settings;
    int speed_is_known;
    size_t n_earlier; /* sessions of the same person */
};

/* The one place that decides when a finding may be no more than a note; writes the reasons into it.
 */
void hold_back(gait_finding *finding, const struct circumstances *about);

/* The most urgent first, in an order that does not depend on how they came. */
void sort_findings(struct finding_list *list);

/* Fills what takes two sensors on one clock: shock_attenuation_db of a shank beside a sacrum,
 * roll_rotation_ratio of a shank beside the foot of its leg. */
void measure_pairs(gait_session *session);

/* Fills leg_stiffness_bw_per_m where height and speed are known. */
void measure_leg_stiffness(gait_session *session);

/* Fills the asymmetries: every metric that has a smallest change that counts, left against right.
 */
gait_status compare_sides(gait_session *session, struct arena *tmp, gait_error *err);

#endif
