/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_BEND_SET_H
#define TESTS_BEND_SET_H

/* One simulated person's functional test through the library, and what is true of it. */

#include <stdlib.h>
#include <string.h>

#include <gait/simulate.h>

#include "gait/detect/strides.h"
#include "near.h"
#include "signal/stats.h"

enum { MOST = 64 };

struct set {
    size_t n, n_bouts, n_aborted;
    gait_activity activity;
    gait_stride repetition[MOST];
    double medial_deg[MOST], wobble_deg[MOST], lean_deg[MOST], rotation_deg[MOST];
    uint32_t flags;
};

/* What is true of one sensor. */
struct truth {
    size_t n, n_aborted;
    double start_s[MOST], down_s[MOST], up_s[MOST], medial_deg[MOST];
};

static inline void set_key(gait_simulation *simulation, const char *key, const char *value)
{
    gait_error err = {0};
    assert_ok(gait_simulation_set(simulation, key, value, &err), err);
}

/* settings is "key=value key=value". */
static inline gait_simulation *simulation_of(const char *settings)
{
    gait_simulation *simulation = NULL;
    gait_error err = {0};
    assert_ok(gait_simulation_new(&simulation, &err), err);
    for (const char *at = settings; *at; at += strspn(at, " ")) {
        char key[64] = {0}, value[64] = {0};
        size_t length = strcspn(at, " "), equal = strcspn(at, "=");
        memcpy(key, at, equal);
        memcpy(value, at + equal + 1, length - equal - 1);
        set_key(simulation, key, value);
        at += length;
    }
    return simulation;
}

static inline void keep_bout(struct set *set, const gait_bout *bout)
{
    set->n_bouts++;
    set->activity = bout->activity;
    for (size_t i = 0; i < bout->n_events; i++)
        set->n_aborted += bout->events[i].type == GAIT_BEND_ABORTED;
    for (size_t i = 0; i < bout->n_strides; i++, set->n++) {
        assert_true(set->n < MOST);
        set->repetition[set->n] = bout->strides[i];
        set->flags |= bout->strides[i].flags;
        set->medial_deg[set->n] = gait_bout_metric(bout, "bend_medial_lean_deg")[i];
        set->wobble_deg[set->n] = gait_bout_metric(bout, "bend_wobble_deg")[i];
        set->lean_deg[set->n] = gait_bout_metric(bout, "bend_lean_deg")[i];
        set->rotation_deg[set->n] = gait_bout_metric(bout, "bend_rotation_deg")[i];
    }
}

static inline struct set analysed(const gait_simulated *sensor, gait_activity task, int axes_known)
{
    gait_options options;
    gait_error err = {0};
    gait_analysis *analysis = NULL;
    gait_bout bout;
    struct set set = {0};
    gait_options_init(&options);
    options.placement = sensor->placement;
    options.side = sensor->side;
    options.task = task;
    memcpy(options.axes, sensor->axes, sizeof options.axes);
    options.axes_known = axes_known;
    gait_block block = {.n_frames = sensor->n_frames,
                        .accel_g = sensor->accel_g,
                        .gyro_dps = sensor->gyro_dps,
                        .rate_hz = sensor->rate_hz,
                        .starts_segment = 1};
    assert_ok(gait_analysis_new(&analysis, &options, &err), err);
    assert_ok(gait_analysis_feed(analysis, &block, &err), err);
    assert_ok(gait_analysis_finish(analysis, &err), err);
    while (gait_analysis_next_bout(analysis, &bout)) keep_bout(&set, &bout);
    gait_analysis_free(&analysis);
    return set;
}

static inline struct truth truth_of(const gait_simulated *sensor)
{
    struct truth truth = {0};
    for (size_t i = 0; i < sensor->n_truth; i++) {
        const gait_truth *row = &sensor->truth[i];
        truth.n_aborted += strcmp(row->event, "bend_aborted") == 0;
        if (strcmp(row->event, "bend_down_s") == 0) truth.down_s[truth.n] = row->value;
        if (strcmp(row->event, "bend_medial_lean_deg") == 0) truth.medial_deg[truth.n] = row->value;
        if (strcmp(row->event, "bend_start") == 0) truth.start_s[truth.n] = row->time_s;
        if (strcmp(row->event, "bend_up_s") == 0) truth.up_s[truth.n++] = row->value;
    }
    return truth;
}

/* One person's set: left and right shank, or a trunk. */
static inline struct set simulated(const char *settings, gait_placement placement, gait_side side,
                                   gait_activity task, int axes_known, struct truth *truth)
{
    gait_simulation *simulation = simulation_of(settings);
    gait_simulated sensor;
    gait_error err = {0};
    assert_ok(gait_simulation_run(simulation, placement, side, &sensor, &err), err);
    struct set set = analysed(&sensor, task, axes_known);
    *truth = truth_of(&sensor);
    gait_simulation_free(&simulation);
    return set;
}

static inline double middle(const double *x, size_t n)
{
    double copy[MOST];
    memcpy(copy, x, n * sizeof *x);
    return median_inplace(copy, n);
}

#endif
