/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_SAMPLE_SESSION_H
#define TESTS_SAMPLE_SESSION_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gait/measure/metric_room.h"
#include "session/session.h"

/* A judged session made by hand: two shanks, rest for 60 s, then 20 minutes of running with a
 * stride every 0.7 s, every metric 5 + 0.01 per minute since the run began. */

enum { SAMPLE_STRIDES = 1714 };
static const double sample_run_s = 60, sample_end_s = 1260, sample_stride_s = 0.7;

static inline double sample_value(double time_s)
{
    return 5 + 0.01 * (time_s - sample_run_s) / 60;
}

static inline void sample_info(gait_recording_info *info, gait_side side)
{
    memset(info, 0, sizeof *info);
    info->file = side == GAIT_LEFT ? "left.csv" : "right.csv";
    info->format = "csv";
    info->format_evidence = info->sensor = info->device = "";
    info->subject_id = "J\xc3\xbcrgen";
    info->session_id = "2024-05-06";
    info->placement = GAIT_SHANK;
    info->side = side;
    info->placement_source = info->side_source = "sidecar";
    info->unit = "m/s2";
    info->unit_source = "guess";
    info->unit_evidence = info->column_evidence = info->time_evidence = info->range_source = "";
    info->sensor_source = info->calibration = info->start_time = "";
    info->nominal_rate_hz = info->rate_hz = 200;
    info->range_g = 16;
    info->start_s = 0;
    info->start_unix_s = 1714979289;
    info->time_kind = GAIT_TIME_LOCAL_WITH_OFFSET;
    info->utc_offset_s = 7200;
    info->mass_kg = info->height_m = info->speed_mps = info->slope_deg = info->distance_m = NAN;
    info->affected_side = GAIT_LEFT;
    info->task = "run";
    info->sidecar_json = "{\"placement\":\"shank\"}";
}

static inline void sample_quality(gait_recording_quality *q)
{
    memset(q, 0, sizeof *q);
    q->n_frames = 252000;
    q->duration_s = 1260;
    q->effective_rate_hz = 199.98;
    q->n_segments = 1;
    q->n_clipped = 252;
    q->calibration_error_before_g = q->calibration_error_after_g = NAN;
    memcpy(q->content_hash, "0123456789abcdef0123456789abcdef", 33);
}

static inline void sample_bouts(struct sensor_result *s)
{
    s->n_bouts = 2;
    s->bouts = calloc(2, sizeof *s->bouts);
    s->bouts[0] = (struct bout_result){.activity = GAIT_REST,
                                       .end_s = sample_run_s,
                                       .confidence = 1,
                                       .cadence_steps_per_min = NAN};
    s->bouts[1] = (struct bout_result){.activity = GAIT_RUN,
                                       .start_s = sample_run_s,
                                       .end_s = sample_end_s,
                                       .confidence = 0.9,
                                       .cadence_steps_per_min = 120 / sample_stride_s,
                                       .n_steps = 3428,
                                       .n_events = 2 * SAMPLE_STRIDES,
                                       .n_strides = SAMPLE_STRIDES};
}

static inline void sample_strides(struct sensor_result *s)
{
    s->n_strides = SAMPLE_STRIDES;
    s->n_events = 2 * SAMPLE_STRIDES;
    s->strides = calloc(s->n_strides, sizeof *s->strides);
    s->stride_bout = calloc(s->n_strides, sizeof *s->stride_bout);
    s->events = calloc(s->n_events, sizeof *s->events);
    s->event_bout = calloc(s->n_events, sizeof *s->event_bout);
    for (size_t i = 0; i < s->n_strides; i++) {
        double start_s = sample_run_s + sample_stride_s * (double)i;
        gait_stride *stride = &s->strides[i];
        stride->side = s->info.side;
        stride->start_s = start_s;
        stride->toe_off_s = start_s + 0.25;
        stride->end_s = start_s + sample_stride_s;
        stride->confidence = 0.9;
        stride->flags = i % 10 ? 0 : GAIT_FLAG_CLIPPED;
        s->stride_bout[i] = 1;
        for (size_t k = 0; k < 2; k++) {
            gait_event *event = &s->events[2 * i + k];
            event->type = k ? GAIT_TOE_OFF : GAIT_FOOT_STRIKE;
            event->side = s->info.side;
            event->time_s = k ? stride->toe_off_s : start_s;
            event->uncertainty_s = 0.005;
            event->confidence = 0.9;
            s->event_bout[2 * i + k] = 1;
        }
    }
    if (!metric_room(s->metric, 0, s->n_strides + 1)) abort();
    for (size_t m = 0; gait_metric_at(m); m++)
        for (size_t i = 0; i < s->n_strides; i++)
            s->metric[m][i] = sample_value(s->strides[i].start_s);
}

/* Every stride goes up from 1 g by one hundredth a phase; forward is not known. */
static inline void sample_mean_stride(struct sensor_result *s)
{
    struct stride_shape shape;
    struct mean_stride *mean = calloc(1, sizeof *mean);
    for (size_t p = 0; p < STRIDE_PHASES; p++) {
        float up_g = 1 + 0.01F * (float)p;
        shape.g[p][STRIDE_FORWARD] = shape.g[p][STRIDE_RIGHT] = NAN;
        shape.g[p][STRIDE_UP] = shape.g[p][STRIDE_RESULTANT] = up_g;
    }
    for (size_t i = 0; i < s->n_strides; i++) mean_stride_add(mean, &shape);
    s->mean_stride[GAIT_RUN][s->info.side] = mean;
}

static inline void sample_finding(gait_session *session)
{
    gait_finding *finding = add_finding(&session->findings, gait_rule_at(0));
    finding->severity = GAIT_NOTE;
    finding->side = GAIT_LEFT;
    memcpy(finding->sensor, "left_shank", 11);
    finding->value = 10;
    finding->limit = 5;
    memcpy(finding->units, "%", 2);
    finding->confidence = 1;
    memcpy(finding->title, "Clipped", 8);
    finding->n = SAMPLE_STRIDES;
    memcpy(finding->message, "10 % of the strides reach the limit; peaks are lower bounds.", 61);
}

static inline gait_session *sample_session(void)
{
    gait_session *session = calloc(1, sizeof *session);
    gait_session_options_init(&session->options);
    session->subject_id = "J\xc3\xbcrgen";
    session->session_id = "2024-05-06";
    session->options.distance_m = 3600;
    session->n_sensors = 2;
    session->sensors = calloc(2, sizeof *session->sensors);
    for (size_t i = 0; i < 2; i++) {
        struct sensor_result *s = &session->sensors[i];
        const char *name = i ? "right_shank" : "left_shank";
        memcpy(s->name, name, strlen(name) + 1);
        sample_info(&s->info, i ? GAIT_RIGHT : GAIT_LEFT);
        sample_quality(&s->quality);
        s->alignment.up[0] = 1;
        s->alignment.confidence = 0.8;
        sample_bouts(s);
        sample_strides(s);
        sample_mean_stride(s);
    }
    sample_finding(session);
    session->judged = 1;
    return session;
}

#endif
