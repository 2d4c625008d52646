/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/strides.h"

#include <math.h>

#include "base/fail.h"
#include "gait/settings.h"
#include "signal/stats.h"

/* An interval between like events is one period if it lies between these multiples of the median.
 */
static const double shortest_period = 0.6;
static const double longest_period = 1.5;

int activity_is_gait(gait_activity activity)
{
    return activity == GAIT_WALK || activity == GAIT_RUN;
}

int activity_is_test(gait_activity activity)
{
    return activity == GAIT_KNEE_BEND || activity == GAIT_SQUAT || activity == GAIT_STANCE;
}

int placement_is_limb(gait_placement placement)
{
    return placement == GAIT_FOOT || placement == GAIT_SHANK;
}

/* Indices of the foot strikes among the events. */
static size_t list_strikes(const gait_event *events, size_t n, size_t *at)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (events[i].type == GAIT_FOOT_STRIKE) at[k++] = i;
    return k;
}

static double median_interval_s(const gait_event *events, const size_t *strike, size_t n,
                                struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    double *interval_s = ARENA_NEW(tmp, n, double), result = NAN;
    if (interval_s && n > 1) {
        for (size_t k = 0; k + 1 < n; k++)
            interval_s[k] = events[strike[k + 1]].time_s - events[strike[k]].time_s;
        result = median_inplace(interval_s, n - 1);
    }
    arena_rewind(tmp, mark);
    return result;
}

/* The first toe-off between two events, or NULL. */
static const gait_event *toe_off_between(const gait_event *events, size_t from, size_t to)
{
    for (size_t i = from + 1; i < to; i++)
        if (events[i].type == GAIT_TOE_OFF) return &events[i];
    return NULL;
}

/* Whether every interval from strike k to strike k + steps is one period long. */
static int is_whole(const gait_event *events, const size_t *strike, size_t k, size_t steps,
                    double period_s)
{
    for (size_t j = k; j < k + steps; j++) {
        double d = events[strike[j + 1]].time_s - events[strike[j]].time_s;
        if (!(d >= shortest_period * period_s && d <= longest_period * period_s)) return 0;
    }
    return 1;
}

static uint32_t marks_between(const struct bout_signal *signal, double from_s, double to_s)
{
    static const struct {
        uint8_t mark;
        uint32_t flag;
    } meanings[] = {{GAIT_FRAME_FILLED, GAIT_FLAG_INTERPOLATED},
                    {GAIT_FRAME_CLIPPED, GAIT_FLAG_CLIPPED},
                    {GAIT_FRAME_FILLER, GAIT_FLAG_GAP}};
    if (!signal->marks) return 0;
    size_t from = from_s > 0 ? (size_t)(from_s * signal->rate_hz) : 0;
    size_t to = to_s > 0 ? (size_t)(to_s * signal->rate_hz) : 0;
    unsigned seen = 0;
    for (size_t i = from; i < to && i < signal->n; i++) seen |= signal->marks[i];
    uint32_t flags = 0;
    for (size_t k = 0; k < sizeof meanings / sizeof *meanings; k++)
        if (seen & meanings[k].mark) flags |= meanings[k].flag;
    return flags;
}

static gait_stride make_stride(const struct bout_signal *signal, const gait_event *strike,
                               const gait_event *toe_off, const gait_event *next)
{
    gait_stride stride = {.side = strike->side,
                          .start_s = strike->time_s,
                          .toe_off_s = toe_off ? toe_off->time_s : (double)NAN,
                          .end_s = next->time_s,
                          .confidence = fmin(strike->confidence, next->confidence),
                          .flags = strike->flags | next->flags};
    if (toe_off) {
        stride.confidence = fmin(stride.confidence, toe_off->confidence);
        stride.flags |= toe_off->flags;
    } else {
        stride.flags |= GAIT_FLAG_NO_EVENT;
    }
    stride.flags |= marks_between(signal, stride.start_s, stride.end_s);
    if (stride.confidence < setting(&signal->options->settings, min_event_confidence))
        stride.flags |= GAIT_FLAG_LOW_CONFIDENCE;
    return stride;
}

/* Begin, lowest point and end follow each other; anything else is no repetition. */
static size_t pair_bends(const struct bout_signal *signal, const gait_event *events, size_t n,
                         gait_stride *made)
{
    size_t m = 0;
    for (size_t i = 0; i + 2 < n; i++)
        if (events[i].type == GAIT_BEND_START && events[i + 1].type == GAIT_BEND_LOWEST &&
            events[i + 2].type == GAIT_BEND_END)
            made[m++] = make_stride(signal, &events[i], &events[i + 1], &events[i + 2]);
    return m;
}

static size_t pair_stands(const struct bout_signal *signal, const gait_event *events, size_t n,
                          gait_stride *made)
{
    size_t m = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        if (events[i].type != GAIT_STANCE_START || events[i + 1].type != GAIT_STANCE_END) continue;
        made[m] = make_stride(signal, &events[i], NULL, &events[i + 1]);
        made[m++].flags &= ~(uint32_t)GAIT_FLAG_NO_EVENT; /* no toe-off belongs to it */
    }
    return m;
}

/* Repetitions of a functional test. */
static size_t pair_test(const struct bout_signal *signal, const gait_event *events, size_t n,
                        gait_stride *made)
{
    return signal->activity == GAIT_STANCE ? pair_stands(signal, events, n, made)
                                           : pair_bends(signal, events, n, made);
}

static size_t pair_strikes(const struct bout_signal *signal, const gait_event *events,
                           const size_t *strike, size_t n, double period_s, gait_stride *made)
{
    size_t m = 0, steps = placement_is_limb(signal->options->placement) ? 1 : 2;
    /* In walking the foot of step k leaves the ground only after the other foot's strike k + 1. */
    size_t toe_off_after = steps == 2 && signal->activity == GAIT_WALK ? 1 : 0;
    for (size_t k = 0; k + steps < n; k++) {
        if (!is_whole(events, strike, k, steps, period_s)) continue;
        const gait_event *toe_off =
            toe_off_between(events, strike[k + toe_off_after], strike[k + toe_off_after + 1]);
        made[m++] = make_stride(signal, &events[strike[k]], toe_off, &events[strike[k + steps]]);
    }
    return m;
}

gait_status strides_build(const struct bout_signal *signal, const gait_event *events,
                          size_t n_events, gait_stride **strides, size_t *n_strides,
                          struct arena *keep, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    size_t *strike = ARENA_NEW(tmp, n_events + 1, size_t);
    gait_stride *made = ARENA_NEW(keep, n_events + 1, gait_stride);
    *strides = made;
    *n_strides = 0;
    if (!strike || !made) return GAIT_NOMEM;
    size_t n = list_strikes(events, n_events, strike);
    double period_s = median_interval_s(events, strike, n, tmp);
    *n_strides = activity_is_test(signal->activity)
                     ? pair_test(signal, events, n_events, made)
                     : pair_strikes(signal, events, strike, n, period_s, made);
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

double stride_middle_s(const gait_event *events, size_t n_events, const gait_stride *stride)
{
    static const double same_s = 1e-9;
    size_t low = 0, high = n_events;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (events[middle].time_s > stride->start_s + same_s)
            high = middle;
        else
            low = middle + 1;
    }
    for (size_t i = low; i < n_events && events[i].time_s < stride->end_s - same_s; i++)
        if (events[i].type == GAIT_FOOT_STRIKE) return events[i].time_s;
    return NAN;
}
