/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/window.h"

#include <math.h>
#include <stdlib.h>

#include "base/fail.h"
#include "gait/detect/strides.h"

static int by_time(const void *a, const void *b)
{
    const gait_event *x = a, *y = b;
    if (x->time_s < y->time_s) return -1;
    if (x->time_s > y->time_s) return 1;
    return (int)x->type - (int)y->type;
}

static int applies(const gait_metric *metric, const struct bout_signal *signal)
{
    return (metric->placements & AT(signal->options->placement)) &&
           (metric->activities & DURING(signal->activity)) &&
           (signal->gyro_dps || !metric->needs_gyro) && !metric->of_session;
}

/* What rests on doubtful events is not told. */
static void suppress_doubtful(const struct metric *metric, const gait_stride *strides, size_t n,
                              double *value)
{
    if (metric->survives_low_confidence) return;
    for (size_t i = 0; i < n; i++)
        if (strides[i].flags & GAIT_FLAG_LOW_CONFIDENCE) value[i] = NAN;
}

/* What no living person gives is an error of the events or the sensor; a direction that a dead axis
 * would have measured is not known. */
static void leave_out_impossible(const struct metric *metric, const struct measure_input *in,
                                 double *value, uint32_t *flags)
{
    for (size_t i = 0; i < in->n_strides; i++) {
        if (value[i] < metric->pub.low || value[i] > metric->pub.high) {
            value[i] = NAN;
            flags[i] |= GAIT_FLAG_IMPLAUSIBLE;
        } else if (isnan(value[i]) && in->signal->options->dead_axes && !flags[i]) {
            flags[i] |= GAIT_FLAG_DEAD_AXIS;
        }
    }
}

static gait_status measure_one(const struct metric *metric, const struct measure_input *in,
                               double *value, uint32_t *flags, struct arena *tmp)
{
    for (size_t i = 0; i < in->n_strides; i++) value[i] = NAN;
    if (!applies(&metric->pub, in->signal)) return GAIT_OK;
    if (in->signal->rate_hz < metric->pub.min_rate_hz) {
        for (size_t i = 0; i < in->n_strides; i++) flags[i] |= GAIT_FLAG_LOW_RATE;
        return GAIT_OK;
    }
    struct arena_mark mark = arena_mark(tmp);
    gait_status st = metric->measure(in, value, flags, tmp);
    arena_rewind(tmp, mark);
    suppress_doubtful(metric, in->strides, in->n_strides, value);
    leave_out_impossible(metric, in, value, flags);
    return st;
}

static gait_status measure_all(const struct measure_input *in, struct window_result *out,
                               struct arena *keep, struct arena *tmp)
{
    uint32_t *flags = ARENA_ZNEW(tmp, in->n_strides + 1, uint32_t);
    if (!flags) return GAIT_NOMEM;
    for (size_t m = 0; metric_row(m); m++) {
        out->metric[m] = ARENA_NEW(keep, in->n_strides + 1, double);
        if (!out->metric[m]) return GAIT_NOMEM;
        TRY(measure_one(metric_row(m), in, out->metric[m], flags, tmp));
    }
    for (size_t i = 0; i < out->n_strides; i++) out->strides[i].flags |= flags[i];
    return GAIT_OK;
}

gait_status window_detect(const struct bout_signal *signal, const struct detector *detector,
                          struct event_list *found, struct arena *keep, struct arena *tmp,
                          gait_error *err)
{
    *found = (struct event_list){0};
    if (detector) TRY(detector_run(detector, signal, found, keep, tmp, err));
    if (found->n) qsort(found->at, found->n, sizeof *found->at, by_time);
    return GAIT_OK;
}

gait_status window_measure(const struct measure_input *prepared, struct window_result *out,
                           struct arena *keep, struct arena *tmp)
{
    TRY(strides_build(prepared->signal, out->events, out->n_events, &out->strides, &out->n_strides,
                      keep, tmp));
    struct arena_mark mark = arena_mark(tmp);
    struct measure_input in = *prepared;
    in.events = out->events;
    in.n_events = out->n_events;
    in.strides = out->strides;
    in.n_strides = out->n_strides;
    TRY(measure_prepare(&in, &out->frame, tmp));
    out->stood_still = isfinite(in.standing_up[0]) != 0;
    TRY(measure_all(&in, out, keep, tmp));
    TRY(stride_shapes(&in, &out->shapes, keep, tmp));
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

gait_status window_analyse(const struct measure_input *prepared, const struct detector *detector,
                           struct window_result *out, struct arena *keep, struct arena *tmp,
                           gait_error *err)
{
    struct event_list found;
    TRY(window_detect(prepared->signal, detector, &found, keep, tmp, err));
    *out = (struct window_result){.events = found.at, .n_events = found.n};
    return window_measure(prepared, out, keep, tmp);
}
