/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/harvest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gait/measure/metric_room.h"
#include "gait/settings.h"
#include "gait/detect/strides.h"
#include "gait/window.h"

/* A bout this share of its recording counts even if it is short: the recording is of that bout. */
static const double whole_recording_share = 0.6;

static void record_free(struct bout_record *record)
{
    if (!record) return;
    free(record->events);
    free(record->strides);
    free(record->metric[0]);
    for (size_t s = 0; s < GAIT_N_SIDES; s++) free(record->mean_stride[s]);
    free(record);
}

static double duration_s(const struct bout_record *record)
{
    return record->bout.end_s - record->bout.start_s;
}

static void enqueue(struct harvest *harvest, struct bout_record *record)
{
    if (!record) return;
    if (harvest->last)
        harvest->last->next = record;
    else
        harvest->first = record;
    harvest->last = record;
}

static void close_open(struct harvest *harvest)
{
    enqueue(harvest, harvest->open);
    enqueue(harvest, harvest->pause);
    harvest->open = NULL;
    harvest->pause = NULL;
}

/* Whether a new stretch goes on with the open bout, and whether it is only a pause of it. */
static int joins(const struct harvest *harvest, gait_activity activity, double start_s)
{
    const struct bout_record *open = harvest->open;
    return open && open->bout.activity == activity &&
           start_s - open->bout.end_s <= setting(harvest->settings, merge_pause_s);
}

gait_status harvest_begin(struct harvest *harvest, gait_activity activity, double start_s)
{
    if (joins(harvest, activity, start_s)) {
        record_free(harvest->pause);
        harvest->pause = NULL;
        return GAIT_OK;
    }
    struct bout_record *record = calloc(1, sizeof *record);
    if (!record) return GAIT_NOMEM;
    record->bout.activity = activity;
    record->bout.start_s = start_s;
    record->bout.end_s = start_s;
    const struct bout_record *before = harvest->open;
    int may_be_pause = before && activity_is_gait(before->bout.activity) &&
                       !activity_is_gait(activity) && !harvest->pause &&
                       start_s - before->bout.end_s <= setting(harvest->settings, merge_pause_s);
    if (may_be_pause) {
        harvest->pause = record;
        return GAIT_OK;
    }
    close_open(harvest);
    harvest->open = record;
    return GAIT_OK;
}

/* The bout that stretches are added to now. */
static struct bout_record *current(const struct harvest *harvest)
{
    return harvest->pause ? harvest->pause : harvest->open;
}

void harvest_second(struct harvest *harvest, double log_odds_run)
{
    struct bout_record *record = current(harvest);
    if (isfinite(log_odds_run)) record->log_odds_sum += log_odds_run;
    record->n_seconds += 1;
}

void harvest_cadence(struct harvest *harvest, double steps_per_min, double seconds)
{
    if (!isfinite(steps_per_min)) return;
    harvest->open->cadence_steps += steps_per_min / 60 * seconds;
    harvest->open->cadence_s += seconds;
}

void harvest_end(struct harvest *harvest, double end_s)
{
    struct bout_record *record = current(harvest);
    record->bout.end_s = end_s;
    if (end_s > harvest->recording_end_s) harvest->recording_end_s = end_s;
    if (record == harvest->pause &&
        duration_s(record) > setting(harvest->settings, merge_pause_s)) {
        enqueue(harvest, harvest->open);
        harvest->open = record;
        harvest->pause = NULL;
    }
}

static int grow(void **array, size_t room, size_t size)
{
    void *larger = realloc(*array, room * size);
    if (larger) *array = larger;
    return larger != NULL;
}

static gait_status room_for_events(struct bout_record *record, size_t n)
{
    size_t need = record->bout.n_events + n;
    if (need <= record->event_room) return GAIT_OK;
    size_t room = 2 * need;
    if (!grow((void **)&record->events, room, sizeof *record->events)) return GAIT_NOMEM;
    record->event_room = room;
    return GAIT_OK;
}

static gait_status room_for_strides(struct bout_record *record, size_t n)
{
    size_t need = record->bout.n_strides + n;
    if (need <= record->stride_room) return GAIT_OK;
    size_t room = need + need / 2;
    if (!grow((void **)&record->strides, room, sizeof *record->strides)) return GAIT_NOMEM;
    if (!metric_room(record->metric, record->bout.n_strides, room)) return GAIT_NOMEM;
    record->stride_room = room;
    return GAIT_OK;
}

gait_status harvest_add(struct harvest *harvest, const gait_event *events, size_t n_events,
                        const gait_stride *strides, double *const *metric, size_t n_strides)
{
    struct bout_record *record = harvest->open;
    gait_status st = room_for_events(record, n_events);
    if (st == GAIT_OK) st = room_for_strides(record, n_strides);
    if (st != GAIT_OK) return st;
    gait_bout *bout = &record->bout;
    if (n_events) memcpy(record->events + bout->n_events, events, n_events * sizeof *events);
    bout->n_events += n_events;
    if (!n_strides) return GAIT_OK;
    memcpy(record->strides + bout->n_strides, strides, n_strides * sizeof *strides);
    for (size_t m = 0; m < metric_count(); m++)
        memcpy(record->metric[m] + bout->n_strides, metric[m], n_strides * sizeof(double));
    bout->n_strides += n_strides;
    return GAIT_OK;
}

gait_status harvest_shape(struct harvest *harvest, gait_side side, const struct stride_shape *shape)
{
    struct mean_stride **mean = &harvest->open->mean_stride[side];
    if (!*mean) *mean = calloc(1, sizeof **mean);
    if (!*mean) return GAIT_NOMEM;
    mean_stride_add(*mean, shape);
    return GAIT_OK;
}

const struct mean_stride *harvest_mean_stride(const struct harvest *harvest, gait_side side)
{
    const struct bout_record *told = harvest->told;
    return told && told->bout.n_strides ? told->mean_stride[side] : NULL;
}

void harvest_finish(struct harvest *harvest)
{
    if (harvest->pause) {
        /* A rest at the very end is not inside anything. */
        enqueue(harvest, harvest->open);
        harvest->open = harvest->pause;
        harvest->pause = NULL;
    }
    close_open(harvest);
    harvest->finished = 1;
}

static double shortest_s(const struct harvest *harvest, gait_activity activity)
{
    return activity == GAIT_RUN ? setting(harvest->settings, min_run_bout_s)
                                : setting(harvest->settings, min_walk_bout_s);
}

/* A few seconds of gait inside a longer recording are a stumble or a turn in bed, not a bout. */
static int is_too_short(const struct harvest *harvest, const struct bout_record *record)
{
    if (!activity_is_gait(record->bout.activity)) return 0;
    if (duration_s(record) >= shortest_s(harvest, record->bout.activity)) return 0;
    double recorded_s = harvest->recording_end_s - harvest->recording_start_s;
    return duration_s(record) < whole_recording_share * recorded_s;
}

/* A short bout cannot be judged before it is known how long the recording is. */
static int must_wait(const struct harvest *harvest, const struct bout_record *record)
{
    return !harvest->finished && activity_is_gait(record->bout.activity) &&
           !is_too_short(harvest, record) &&
           duration_s(record) < shortest_s(harvest, record->bout.activity);
}

/* Foot strikes where there are any, else what the cadence says. */
static double count_steps(const struct harvest *harvest, const struct bout_record *record)
{
    size_t strikes = 0;
    for (size_t i = 0; i < record->bout.n_events; i++)
        if (record->events[i].type == GAIT_FOOT_STRIKE) strikes++;
    if (strikes) return harvest->steps_per_strike * (double)strikes;
    return record->cadence_s > 0
               ? round(record->cadence_steps / record->cadence_s * duration_s(record))
               : 0;
}

static void complete(const struct harvest *harvest, struct bout_record *record)
{
    gait_bout *bout = &record->bout;
    if (is_too_short(harvest, record)) {
        bout->activity = GAIT_OTHER_ACTIVITY;
        bout->n_events = 0;
        bout->n_strides = 0;
    }
    double log_odds = record->n_seconds > 0 ? record->log_odds_sum / record->n_seconds : 0;
    int gait = activity_is_gait(bout->activity);
    bout->confidence = gait ? 1 / (1 + exp(-fabs(log_odds))) : 1;
    if (gait && fabs(log_odds) < 2) bout->flags |= GAIT_FLAG_GAIT_UNCERTAIN;
    bout->n_steps = gait ? count_steps(harvest, record) : 0;
    bout->cadence_steps_per_min = NAN;
    if (gait && record->cadence_s > 0)
        bout->cadence_steps_per_min = 60 * record->cadence_steps / record->cadence_s;
    bout->events = record->events;
    bout->strides = record->strides;
    bout->metrics = (const double *const *)record->metric;
}

int harvest_next(struct harvest *harvest, gait_bout *out)
{
    struct bout_record *record = harvest->first;
    if (!record || must_wait(harvest, record)) return 0;
    harvest->first = record->next;
    if (!harvest->first) harvest->last = NULL;
    complete(harvest, record);
    record_free(harvest->told);
    harvest->told = record;
    *out = record->bout;
    return 1;
}

void harvest_free(struct harvest *harvest)
{
    close_open(harvest);
    while (harvest->first) {
        struct bout_record *next = harvest->first->next;
        record_free(harvest->first);
        harvest->first = next;
    }
    record_free(harvest->told);
    memset(harvest, 0, sizeof *harvest);
}
