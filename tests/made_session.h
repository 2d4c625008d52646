/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MADE_SESSION_H
#define TESTS_MADE_SESSION_H

/* A session with one or two sensors and a run made by hand: the rules see nothing else. Needs no
 * test library, so that a bench can use it too. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/text.h"
#include "gait/measure/metric_room.h"
#include "session/session.h"

static const double made_stride_s = 0.7;

static inline void made_sensor(struct sensor_result *sensor, gait_placement placement,
                               gait_side side, size_t n_strides)
{
    *sensor = (struct sensor_result){.n_bouts = 1, .n_strides = n_strides, .n_events = 1};
    sensor->info.placement = placement;
    sensor->info.side = side;
    sensor->info.affected_side = GAIT_SIDE_UNKNOWN;
    sensor->info.unit_source = "file";
    sensor->info.file = "made.csv";
    sensor->info.sensor = "";
    sensor->quality.effective_rate_hz = 200;
    sensor->info.start_unix_s = NAN;
    text_print(sensor->name, sizeof sensor->name, "%s_%s", gait_side_name(side),
               gait_placement_name(placement));
    sensor->bouts = calloc(1, sizeof *sensor->bouts);
    sensor->bouts[0] = (struct bout_result){
        .activity = GAIT_RUN, .end_s = made_stride_s * (double)n_strides, .n_strides = n_strides};
    sensor->events = calloc(1, sizeof *sensor->events);
    sensor->event_bout = calloc(1, sizeof *sensor->event_bout);
    sensor->strides = calloc(n_strides, sizeof *sensor->strides);
    sensor->stride_bout = calloc(n_strides, sizeof *sensor->stride_bout);
    for (size_t i = 0; i < n_strides; i++)
        sensor->strides[i] = (gait_stride){.side = side,
                                           .start_s = made_stride_s * (double)i,
                                           .toe_off_s = made_stride_s * ((double)i + 0.35),
                                           .end_s = made_stride_s * (double)(i + 1),
                                           .confidence = 1};
    if (!metric_room(sensor->metric, 0, n_strides + 1)) abort();
    for (size_t m = 0; gait_metric_at(m); m++)
        for (size_t i = 0; i < n_strides; i++) sensor->metric[m][i] = NAN;
}

/* One sensor on the left, or two of the same placement. */
static inline gait_session *made_session(gait_placement placement, size_t n_sensors,
                                         size_t n_strides)
{
    gait_session *session = NULL;
    if (gait_session_new(&session, NULL, NULL) || !session) abort();
    session->sensors = calloc(n_sensors, sizeof *session->sensors);
    session->n_sensors = n_sensors;
    for (size_t i = 0; i < n_sensors; i++)
        made_sensor(&session->sensors[i], placement, i ? GAIT_RIGHT : GAIT_LEFT, n_strides);
    return session;
}

static inline double *made_column(gait_session *session, size_t sensor, const char *key)
{
    return session->sensors[sensor].metric[gait_metric_index(key)];
}

/* Impacts around a level with a coefficient of variation and the memory that runners have. */
static inline void made_impacts(double *impact_g, size_t n, double level_g, double cv,
                                uint64_t seed)
{
    static const double memory = 0.4;
    struct prng prng;
    double e = 0;
    prng_seed(&prng, seed);
    for (size_t i = 0; i < n; i++) {
        e = memory * e + prng_normal(&prng, 0, cv * sqrt(1 - memory * memory));
        impact_g[i] = level_g * exp(e);
    }
}

/* Around a level with a coefficient of variation, drifting over the run. */
static inline void made_drift(double *x, size_t n, double level, double cv, double percent,
                              uint64_t seed)
{
    struct prng prng;
    prng_seed(&prng, seed);
    for (size_t i = 0; i < n; i++)
        x[i] = level * (1 + percent / 100 * (double)i / (double)n) * exp(prng_normal(&prng, 0, cv));
}

/* How many findings of that code a judged session has; the first is copied. */
static inline size_t made_count(const gait_session *session, const char *code, gait_finding *first)
{
    size_t n, found = 0;
    const gait_finding *findings = gait_session_findings(session, &n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(findings[i].rule->code, code) != 0) continue;
        if (!found++ && first) *first = findings[i];
    }
    return found;
}

#endif
