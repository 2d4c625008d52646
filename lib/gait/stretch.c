/* SPDX-License-Identifier: BSD-3-Clause */

/* The steps of an analysis one by one, for callers who know what their samples are. */

#include <gait/stretch.h>

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/segment/bouts.h"
#include "gait/frame/frame.h"
#include "gait/measure/measure.h"
#include "gait/options.h"
#include "gait/segment/period.h"
#include "gait/detect/strides.h"
#include "gait/window.h"
#include "signal/resample.h"

static const double lowest_rate_hz = 25, highest_rate_hz = 20000;
static const double shortest_s = 2.5, longest_s = 150;
static const double cadence_window_s = 10, cadence_hop_s = 5;

static gait_status check_samples(const gait_stretch *s, gait_error *err)
{
    for (size_t i = 0; i < 3 * s->n_frames; i++)
        if (!isfinite(s->accel_g[i]) || (s->gyro_dps && !isfinite(s->gyro_dps[i])))
            return gait_fail(err, GAIT_INVALID, "frame %zu is not finite", i / 3);
    return GAIT_OK;
}

static gait_status check(const gait_stretch *s, const gait_options *options, gait_error *err)
{
    NEED(s);
    NEED(options);
    NEED(s->accel_g);
    if (!(s->rate_hz >= lowest_rate_hz && s->rate_hz <= highest_rate_hz))
        return gait_fail(err, GAIT_INVALID, "the rate is %g Hz, expected %g to %g Hz", s->rate_hz,
                         lowest_rate_hz, highest_rate_hz);
    if (s->activity != GAIT_WALK && s->activity != GAIT_RUN)
        return gait_fail(err, GAIT_INVALID, "the activity is %s, expected walk or run",
                         gait_activity_name(s->activity));
    double length_s = (double)s->n_frames / s->rate_hz;
    if (length_s < shortest_s)
        return gait_fail(err, GAIT_TOO_SHORT, "%g s are too short, expected %g s or more", length_s,
                         shortest_s);
    if (length_s > longest_s)
        return gait_fail(err, GAIT_INVALID,
                         "%g s are too long for one stretch, expected up to %g s; gait_analysis "
                         "takes recordings of any length",
                         length_s, longest_s);
    TRY(options_check(options, err));
    return check_samples(s, err);
}

static gait_status check_events(const gait_stretch *s, const gait_event *events, size_t n,
                                gait_error *err)
{
    double end_s = (double)s->n_frames / s->rate_hz;
    if (n) NEED(events);
    for (size_t i = 0; i < n; i++) {
        if (!(events[i].time_s >= 0 && events[i].time_s < end_s))
            return gait_fail(err, GAIT_INVALID, "event %zu is at %g s, expected 0 to %g s", i,
                             events[i].time_s, end_s);
        if (i && events[i].time_s < events[i - 1].time_s)
            return gait_fail(err, GAIT_INVALID, "event %zu is at %g s, before the one ahead of it",
                             i, events[i].time_s);
        if (events[i].type != GAIT_FOOT_STRIKE && events[i].type != GAIT_TOE_OFF)
            return gait_fail(err, GAIT_INVALID, "event %zu is neither foot strike nor toe-off", i);
    }
    return GAIT_OK;
}

static struct bout_signal signal_of(const gait_stretch *s, const gait_options *options,
                                    const uint8_t *marks)
{
    return (struct bout_signal){.rate_hz = s->rate_hz,
                                .n = s->n_frames,
                                .accel_g = s->accel_g,
                                .gyro_dps = s->gyro_dps,
                                .marks = marks,
                                .bout_start_s = 0,
                                .bout_end_s = (double)s->n_frames / s->rate_hz,
                                .activity = s->activity,
                                .options = options};
}

/* n_slow frames at the rate that features are made from. */
static const double *slow_copy(const gait_stretch *s, size_t *n_slow, struct arena *tmp)
{
    *n_slow = resampled_length(s->n_frames, s->rate_hz, FEATURE_RATE_HZ);
    double *slow = ARENA_NEW(tmp, 3 * *n_slow, double);
    if (!slow || resample(s->accel_g, s->n_frames, 3, s->rate_hz, slow, FEATURE_RATE_HZ, tmp))
        return NULL;
    return slow;
}

/* Cadence of the 10 s around every 5 s. */
static gait_status track_cadence(const gait_stretch *s, gait_placement placement,
                                 struct measure_input *in, struct arena *tmp)
{
    size_t n_slow, n = 0;
    const double *slow = slow_copy(s, &n_slow, tmp);
    double length_s = (double)s->n_frames / s->rate_hz;
    size_t room = (size_t)(length_s / cadence_hop_s) + 2;
    double *time_s = ARENA_NEW(tmp, room, double), *cadence = ARENA_NEW(tmp, room, double);
    if (!slow || !time_s || !cadence) return GAIT_NOMEM;
    for (double at = 0.5 * cadence_hop_s; at < length_s && n < room; at += cadence_hop_s) {
        size_t from = (size_t)(fmax(at - 0.5 * cadence_window_s, 0) * FEATURE_RATE_HZ);
        size_t to = (size_t)((at + 0.5 * cadence_window_s) * FEATURE_RATE_HZ);
        if (to > n_slow) to = n_slow;
        TRY(cadence_measure(slow + 3 * from, to - from, FEATURE_RATE_HZ, placement, NAN,
                            &cadence[n], tmp));
        time_s[n++] = at;
    }
    in->n_cadence = n;
    in->cadence_time_s = time_s;
    in->cadence_steps_per_min = cadence;
    return GAIT_OK;
}

gait_status gait_stretch_cadence(const gait_stretch *stretch, const gait_options *options,
                                 double *cadence_steps_per_min, gait_error *err)
{
    TRY(check(stretch, options, err));
    NEED(cadence_steps_per_min);
    struct arena tmp = {0};
    size_t n_slow;
    const double *slow = slow_copy(stretch, &n_slow, &tmp);
    gait_status st = slow ? cadence_measure(slow, n_slow, FEATURE_RATE_HZ, options->placement, NAN,
                                            cadence_steps_per_min, &tmp)
                          : GAIT_NOMEM;
    arena_free(&tmp);
    return st ? gait_fail(err, st, "no memory for the cadence of %zu frames", stretch->n_frames)
              : GAIT_OK;
}

static gait_status detect(const struct bout_signal *signal, struct event_list *found,
                          struct arena *keep, gait_error *err)
{
    const gait_options *options = signal->options;
    const struct detector *detector = detector_choose(options->detector, options->placement,
                                                      signal->activity, signal->gyro_dps != NULL);
    if (!detector)
        return gait_fail(err, GAIT_UNSUPPORTED, "no such detector works for the %s, %s%s",
                         gait_placement_name(options->placement),
                         gait_activity_name(signal->activity),
                         signal->gyro_dps ? "" : ", without a gyroscope");
    struct arena tmp = {0};
    gait_status st = window_detect(signal, detector, found, keep, &tmp, err);
    arena_free(&tmp);
    return st;
}

/* A detector may place an event just outside. */
static size_t tell_inside(const struct event_list *found, double end_s, gait_event *events,
                          size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < found->n; i++) {
        if (!(found->at[i].time_s >= 0 && found->at[i].time_s < end_s)) continue;
        if (n < room) events[n] = found->at[i];
        n++;
    }
    return n;
}

gait_status gait_stretch_events(const gait_stretch *stretch, const gait_options *options,
                                gait_event *events, size_t room, size_t *n_events, gait_error *err)
{
    TRY(check(stretch, options, err));
    NEED(n_events);
    if (room) NEED(events);
    struct arena keep = {0};
    struct event_list found = {0};
    uint8_t *marks = ARENA_ZNEW(&keep, stretch->n_frames, uint8_t);
    struct bout_signal signal = signal_of(stretch, options, marks);
    gait_status st = marks ? detect(&signal, &found, &keep, err)
                           : gait_fail(err, GAIT_NOMEM, "no memory for the events");
    if (!st) *n_events = tell_inside(&found, signal.bout_end_s, events, room);
    arena_free(&keep);
    return st;
}

static int stood(const gait_stretch *s)
{
    return vec_norm(s->standing_up) > 0;
}

/* Everything that measuring gives, in the arenas. */
static gait_status measure(const gait_stretch *s, const gait_options *options,
                           const gait_event *events, size_t n_events, struct window_result *out,
                           struct arena *keep)
{
    uint8_t *marks = ARENA_ZNEW(keep, s->n_frames, uint8_t);
    gait_event *own = ARENA_NEW(keep, n_events + 1, gait_event);
    if (!marks || !own) return GAIT_NOMEM;
    if (n_events) memcpy(own, events, n_events * sizeof *own);
    struct bout_signal signal = signal_of(s, options, marks);
    struct measure_input in = {.signal = &signal};
    for (int k = 0; k < 3; k++) in.standing_up[k] = stood(s) ? s->standing_up[k] : (double)NAN;
    *out = (struct window_result){.events = own, .n_events = n_events};
    struct arena tmp = {0};
    gait_status st = track_cadence(s, options->placement, &in, &tmp);
    if (!st) st = window_measure(&in, out, keep, &tmp);
    arena_free(&tmp);
    return st;
}

static void hand_out(const struct window_result *result, gait_stride *strides, double *metrics,
                     size_t room)
{
    size_t n = result->n_strides < room ? result->n_strides : room;
    if (n) memcpy(strides, result->strides, n * sizeof *strides);
    for (size_t m = 0; metrics && n && m < metric_count(); m++)
        memcpy(metrics + m * room, result->metric[m], n * sizeof *metrics);
}

gait_status gait_stretch_strides(const gait_stretch *stretch, const gait_options *options,
                                 const gait_event *events, size_t n_events, gait_stride *strides,
                                 double *metrics, size_t room, size_t *n_strides, gait_error *err)
{
    TRY(check(stretch, options, err));
    TRY(check_events(stretch, events, n_events, err));
    NEED(n_strides);
    if (room) NEED(strides);
    struct window_result result;
    struct arena keep = {0};
    gait_status st = measure(stretch, options, events, n_events, &result, &keep);
    if (!st) {
        hand_out(&result, strides, metrics, room);
        *n_strides = result.n_strides;
    }
    arena_free(&keep);
    return st ? gait_fail(err, st, "no memory for the strides") : GAIT_OK;
}

gait_status gait_stretch_align(const gait_stretch *stretch, const gait_options *options,
                               const gait_event *events, size_t n_events, gait_alignment *alignment,
                               gait_error *err)
{
    TRY(check(stretch, options, err));
    TRY(check_events(stretch, events, n_events, err));
    NEED(alignment);
    struct window_result result;
    struct arena keep = {0};
    gait_status st = measure(stretch, options, events, n_events, &result, &keep);
    if (!st) frame_tell(&result.frame, stood(stretch), alignment);
    arena_free(&keep);
    return st ? gait_fail(err, st, "no memory for the alignment") : GAIT_OK;
}

gait_status gait_alignment_turn(const gait_alignment *alignment, const double *vectors, size_t n,
                                double *turned, gait_error *err)
{
    NEED(alignment);
    if (n) NEED(vectors);
    if (n) NEED(turned);
    const double *axes[] = {alignment->forward, alignment->up, alignment->right};
    for (size_t i = 0; i < n; i++) {
        double v[3];
        memcpy(v, vectors + 3 * i, sizeof v);
        for (size_t k = 0; k < 3; k++) turned[3 * i + k] = vec_dot(axes[k], v);
    }
    return GAIT_OK;
}
