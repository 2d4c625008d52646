/* SPDX-License-Identifier: BSD-3-Clause */

/* The only streaming code: blocks come in, a 50-Hz copy is labelled second by second, and what is
 * gait goes through detect -> pair -> measure in windows that overlap. Everything is decided at
 * whole seconds of a segment, from the same samples however they were fed, so that blocks leave no
 * trace in the results. */

#include <gait/analysis.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/segment/bouts.h"
#include "gait/frame/frame.h"
#include "gait/harvest.h"
#include "gait/options.h"
#include "gait/settings.h"
#include "gait/slow_copy.h"
#include "gait/standing.h"
#include "gait/store.h"
#include "gait/detect/strides.h"
#include "gait/window.h"
#include "signal/downsample.h"

enum {
    SECONDS_KEPT = 64,
    MOST_SLOW_FRAMES = FEATURE_RATE_HZ + 8, /* of a second */
    LONGEST_CORE_S = 120,
    MOST_CORE_FRAMES = 1 << 17, /* bounds memory above 1 kHz */
    OVERLAP_S = 10,             /* on each side of a window's core */
    EDGE_S = 2,    /* context before the first and after the last second of a stretch */
    LINGER_S = 15, /* who has walked may still take single steps for so long */
    CADENCE_WINDOW_S = 10
};

static const double lowest_rate_hz = 25;
static const double highest_rate_hz = 20000;
static const double shortest_segment_s = 2.5;
static const double cadence_hop_s = 1;
static const double shank_cadence_hop_s = 10; /* its cadence is that of its strides */

/* What comes after a window: more of its stretch, something that is no gait, or gait of another
 * kind, which then tells the steps of the seconds that both windows see. */
enum window_end { GOES_ON, ENDS, MEETS_GAIT };

struct stretch {
    int open;
    int follows_gait; /* the second before it belongs to another kind of gait */
    gait_activity activity;
    size_t from;      /* first second */
    size_t core_from; /* first second not yet analysed */
    double seam_s;    /* events before it are told already */
};

struct gait_analysis {
    gait_options options;
    char detector_name[48];
    struct arena keep, tmp;
    int finished;
    int started;
    int in_segment;
    double rate_hz; /* of the segment's first block: sets what is a second */
    double end_s;   /* time behind the last frame fed */
    struct store store;
    struct downsampler downsampler;
    struct slow_copy slow;
    struct decoder decoder;
    struct second seconds[SECONDS_KEPT];
    size_t n_seconds; /* measured */
    size_t n_final;   /* labelled for good */
    struct stretch stretch;
    double told_s; /* seconds of the segment whose events are told */
    struct standing standing;
    struct harvest harvest;
    gait_alignment alignment;
    size_t alignment_strides;
    gait_activity alignment_activity;
};

gait_status gait_analysis_new(gait_analysis **analysis, const gait_options *options,
                              gait_error *err)
{
    NEED(analysis);
    NEED(options);
    TRY(options_check(options, err));
    gait_analysis *a = calloc(1, sizeof *a);
    if (!a) return gait_fail(err, GAIT_NOMEM, "no memory for an analysis");
    a->options = *options;
    if (options->detector) {
        strncpy(a->detector_name, options->detector, sizeof a->detector_name - 1);
        a->options.detector = a->detector_name;
    }
    a->harvest.settings = &a->options.settings;
    a->harvest.steps_per_strike = placement_is_limb(options->placement) ? 2 : 1;
    standing_init(&a->standing);
    for (int k = 0; k < 3; k++)
        a->alignment.forward[k] = a->alignment.up[k] = a->alignment.right[k] = NAN;
    a->alignment.flags = GAIT_FLAG_NO_ALIGNMENT;
    *analysis = a;
    return GAIT_OK;
}

void gait_analysis_free(gait_analysis **analysis)
{
    if (!analysis || !*analysis) return;
    gait_analysis *a = *analysis;
    harvest_free(&a->harvest);
    store_free(&a->store);
    slow_free(&a->slow);
    arena_free(&a->keep);
    arena_free(&a->tmp);
    free(a);
    *analysis = NULL;
}

const gait_alignment *gait_analysis_alignment(const gait_analysis *analysis)
{
    return analysis ? &analysis->alignment : NULL;
}

static size_t frame_of_second(const gait_analysis *a, double second)
{
    double index = floor(second * a->rate_hz + 0.5);
    double end = (double)store_end(&a->store);
    if (index < (double)a->store.first) return a->store.first;
    return (size_t)(index > end ? end : index);
}

/* Samples [from, to) of the segment as doubles on one uniform grid. */
static gait_status cut_signal(gait_analysis *a, size_t from, size_t to, struct bout_signal *signal)
{
    const struct store *store = &a->store;
    size_t n = to - from, offset = from - store->first;
    double *accel_g = ARENA_NEW(&a->tmp, 3 * n, double);
    double *gyro_dps = store->has_gyro ? ARENA_NEW(&a->tmp, 3 * n, double) : NULL;
    if (!accel_g || (store->has_gyro && !gyro_dps)) return GAIT_NOMEM;
    for (size_t i = 0; i < 3 * n; i++) accel_g[i] = (double)store->accel_g[3 * offset + i];
    for (size_t i = 0; gyro_dps && i < 3 * n; i++)
        gyro_dps[i] = (double)store->gyro_dps[3 * offset + i];
    double span_s = store_time_s(store, (double)(to - 1)) - store_time_s(store, (double)from);
    signal->rate_hz = (double)(n - 1) / span_s;
    signal->n = n;
    signal->accel_g = accel_g;
    signal->gyro_dps = gyro_dps;
    signal->marks = store->marks + offset;
    signal->options = &a->options;
    return GAIT_OK;
}

/* Cadence of the 10 s around every second (shank: 10 s) of [from, to) seconds. */
static gait_status track_cadence(gait_analysis *a, double from, double to, double rate_ratio,
                                 struct measure_input *in, double window_from)
{
    double hop_s = a->options.placement == GAIT_SHANK ? shank_cadence_hop_s : cadence_hop_s;
    size_t room = (size_t)((to - from) / hop_s) + 2, n = 0;
    double *time_s = ARENA_NEW(&a->tmp, room, double);
    double *cadence = ARENA_NEW(&a->tmp, room, double);
    if (!time_s || !cadence) return GAIT_NOMEM;
    double stretch_from = (double)a->stretch.from, hint_hz = NAN;
    for (double at = from + 0.5 * hop_s; n < room && (at < to || n == 0); at += hop_s) {
        double begin = fmax(at - 0.5 * CADENCE_WINDOW_S, stretch_from);
        size_t i = (size_t)(fmax(begin, 0) * FEATURE_RATE_HZ);
        size_t j = (size_t)((at + 0.5 * CADENCE_WINDOW_S) * FEATURE_RATE_HZ);
        if (i < a->slow.first) i = a->slow.first;
        if (j > slow_end(&a->slow)) j = slow_end(&a->slow);
        if (j <= i) break;
        TRY(cadence_measure(slow_at(&a->slow, i), j - i, FEATURE_RATE_HZ, a->options.placement,
                            hint_hz, &cadence[n], &a->tmp));
        cadence[n] *= rate_ratio;
        time_s[n++] = at - window_from;
        harvest_cadence(&a->harvest, cadence[n - 1], fmin(hop_s, to - from));
    }
    in->n_cadence = n;
    in->cadence_time_s = time_s;
    in->cadence_steps_per_min = cadence;
    return GAIT_OK;
}

/* Gravity that comes to lie otherwise in the sensor's axes: it has turned on the body since. */
static void mark_turned_sensor(const gait_analysis *a, struct window_result *result)
{
    const double *was = a->alignment.up, *is = result->frame.row[1];
    if (!a->alignment_strides || !(result->frame.known & FRAME_UP)) return;
    if (a->alignment_activity != a->stretch.activity) return;
    double limit_deg = setting(&a->options.settings, mount_turn_deg);
    if (vec_dot(was, is) > cos(limit_deg * 3.14159265358979323846 / 180)) return;
    for (size_t k = 0; k < result->n_strides; k++) result->strides[k].flags |= GAIT_FLAG_MOUNT;
}

static void keep_alignment(gait_analysis *a, const struct window_result *result)
{
    const struct body_frame *frame = &result->frame;
    if (frame->confidence <= 0 || result->n_strides <= a->alignment_strides) return;
    frame_tell(frame, result->stood_still, &a->alignment);
    a->alignment_activity = a->stretch.activity;
    a->alignment_strides = result->n_strides;
}

/* A seam lies midway between two strikes, where no window can be in doubt whose event it is. */
static double place_seam(const struct window_result *result, double nominal_s)
{
    double before = -INFINITY, after = INFINITY;
    for (size_t i = 0; i < result->n_events; i++) {
        double t = result->events[i].time_s;
        if (result->events[i].type != GAIT_FOOT_STRIKE) continue;
        if (t <= nominal_s)
            before = t;
        else if (t < after)
            after = t;
    }
    return isfinite(before) && isfinite(after) && after - before < 3 ? 0.5 * (before + after)
                                                                     : nominal_s;
}

/* Moves what lies in [begin, end) on the window's clock to real time and tells it. */
static gait_status tell(gait_analysis *a, struct window_result *result, size_t first_frame,
                        double rate_hz, double begin_s, double end_s)
{
    size_t n_events = 0, n_strides = 0;
#define REAL(t) store_time_s(&a->store, (double)first_frame + (t)*rate_hz)
    for (size_t i = 0; i < result->n_events; i++) {
        gait_event event = result->events[i];
        if (event.time_s < begin_s || event.time_s >= end_s) continue;
        event.time_s = REAL(event.time_s);
        result->events[n_events++] = event;
    }
    for (size_t i = 0; i < result->n_strides; i++) {
        gait_stride stride = result->strides[i];
        if (stride.start_s < begin_s || stride.start_s >= end_s) continue;
        stride.start_s = REAL(stride.start_s);
        stride.toe_off_s = REAL(stride.toe_off_s);
        stride.end_s = REAL(stride.end_s);
        for (size_t m = 0; m < metric_count(); m++)
            result->metric[m][n_strides] = result->metric[m][i];
        if (harvest_shape(&a->harvest, stride.side, &result->shapes[i]) != GAIT_OK)
            return GAIT_NOMEM;
        result->strides[n_strides++] = stride;
    }
#undef REAL
    return harvest_add(&a->harvest, result->events, n_events, result->strides, result->metric,
                       n_strides);
}

/* The first second from here on, up to the limit, where gait begins that makes a bout of its own.
 */
static size_t next_bout(const gait_analysis *a, size_t from, size_t limit)
{
    double needed = setting(&a->options.settings, min_walk_bout_s);
    size_t began = from;
    for (size_t second = from; second < a->n_seconds; second++) {
        if (!activity_is_gait(decoder_label(&a->decoder, second))) began = second + 1;
        if (began >= limit) return limit;
        if ((double)(second + 1 - began) >= needed) return began;
    }
    return limit;
}

/* Seconds looked at behind a window. A walk is over before its last step is taken: people stand,
 * then step aside. Detectors may tell such steps, or be less sure of the walk; up to the next bout.
 */
static double tail_s(const gait_analysis *a, const struct detector *detector, double core_to,
                     enum window_end end)
{
    if (end == GOES_ON) return OVERLAP_S;
    int unseen = !detector || detector->after_walk == AFTER_WALK_UNSEEN;
    if (end == MEETS_GAIT || a->stretch.activity != GAIT_WALK || unseen) return EDGE_S;
    size_t from = (size_t)core_to, to = next_bout(a, from, from + LINGER_S + EDGE_S);
    return fmax((double)to - core_to - EDGE_S, EDGE_S);
}

/* Seconds [core_from, core_to) of the open stretch, with context on both sides. */
static gait_status analyse_window(gait_analysis *a, double core_to, enum window_end end,
                                  gait_error *err)
{
    struct stretch *stretch = &a->stretch;
    int is_first = stretch->core_from == stretch->from, is_last = end != GOES_ON;
    double core_from = (double)stretch->core_from;
    size_t from = frame_of_second(a, core_from - (is_first ? EDGE_S : OVERLAP_S));
    const struct detector *detector = detector_choose(a->options.detector, a->options.placement,
                                                      stretch->activity, a->store.has_gyro);
    size_t to = frame_of_second(a, core_to + tail_s(a, detector, core_to, end));
    if (to < from + 8) return GAIT_OK;

    struct arena_mark keep = arena_mark(&a->keep), tmp = arena_mark(&a->tmp);
    double from_s = (double)from / a->rate_hz;
    struct bout_signal signal = {.activity = stretch->activity};
    TRY(cut_signal(a, from, to, &signal));
    double ratio = signal.rate_hz / a->rate_hz; /* segment seconds per real second */
    signal.bout_start_s = ((double)stretch->from - from_s) / ratio;
    signal.bout_end_s = is_last ? (core_to - from_s) / ratio : (double)INFINITY;
    struct measure_input in = {.signal = &signal};
    standing_for(&a->standing, (double)stretch->from, core_to, in.standing_up);
    if (activity_is_gait(stretch->activity))
        TRY(track_cadence(a, core_from, core_to, ratio, &in, from_s));

    struct window_result result;
    TRY(window_analyse(&in, detector, &result, &a->keep, &a->tmp, err));
    mark_turned_sensor(a, &result);
    keep_alignment(a, &result);
    double begin_s = -(double)INFINITY, end_s = INFINITY, core_end_s = (core_to - from_s) / ratio;
    if (!is_first) begin_s = (stretch->seam_s - from_s) / ratio;
    if (is_first) begin_s = (a->told_s - from_s) / ratio;
    if (is_first && stretch->follows_gait) begin_s = signal.bout_start_s;
    if (end == GOES_ON) end_s = place_seam(&result, core_end_s);
    if (end == MEETS_GAIT) end_s = core_end_s;
    if (end == ENDS && detector && detector->after_walk == AFTER_WALK_SEEN)
        end_s = core_end_s + EDGE_S;
    TRY(tell(a, &result, from, signal.rate_hz, begin_s, end_s));
    stretch->seam_s = from_s + end_s * ratio;
    a->told_s = isfinite(end_s) ? stretch->seam_s : (double)to / a->rate_hz;
    stretch->core_from = (size_t)core_to;
    arena_rewind(&a->keep, keep);
    arena_rewind(&a->tmp, tmp);
    return GAIT_OK;
}

/* What windows are looked at for: strides, or the repetitions of a test. */
static int has_strides(gait_activity activity)
{
    return activity_is_gait(activity) || activity_is_test(activity);
}

static double core_length_s(const gait_analysis *a)
{
    double frames_s = floor(MOST_CORE_FRAMES / a->rate_hz);
    return fmin(LONGEST_CORE_S, frames_s);
}

static double time_of_second(const gait_analysis *a, double second)
{
    return store_time_s(&a->store, second * a->rate_hz);
}

static gait_status stretch_begin(gait_analysis *a, gait_activity activity, size_t second)
{
    int follows_gait = second > 0 && activity_is_gait(a->stretch.activity);
    a->stretch = (struct stretch){.open = 1,
                                  .follows_gait = follows_gait,
                                  .activity = activity,
                                  .from = second,
                                  .core_from = second};
    return harvest_begin(&a->harvest, activity, time_of_second(a, (double)second));
}

/* The stretch ends before second `to`, or with its segment. */
static gait_status stretch_end(gait_analysis *a, double to, enum window_end end, gait_error *err)
{
    if (!a->stretch.open) return GAIT_OK;
    if (has_strides(a->stretch.activity)) TRY(analyse_window(a, to, end, err));
    harvest_end(&a->harvest, time_of_second(a, to));
    a->stretch.open = 0;
    return GAIT_OK;
}

/* Frames that no window can want any more. */
static void drop_old(gait_analysis *a)
{
    double oldest = (double)a->n_final - EDGE_S;
    if (a->stretch.open && has_strides(a->stretch.activity)) {
        double core_from = (double)a->stretch.core_from;
        oldest = core_from - (a->stretch.core_from == a->stretch.from ? EDGE_S : OVERLAP_S);
    }
    if (oldest <= 0) return;
    store_drop_before(&a->store, (size_t)(oldest * a->rate_hz));
    /* The window of the next second, and the cadence around it, reach further back. */
    double slow_oldest = fmin(oldest, (double)a->n_seconds - FEATURE_WINDOW_S) - CADENCE_WINDOW_S;
    if (slow_oldest > 0) slow_drop_before(&a->slow, (size_t)(slow_oldest * FEATURE_RATE_HZ));
}

/* Second n_final has its label for good. */
static gait_status finalise_second(gait_analysis *a, gait_error *err)
{
    size_t second = a->n_final;
    /* The recording of a test is all of that test; its slow movement looks like rest. */
    gait_activity label =
        activity_is_test(a->options.task) ? a->options.task : decoder_label(&a->decoder, second);
    if (a->stretch.open && label != a->stretch.activity)
        TRY(stretch_end(a, (double)second, activity_is_gait(label) ? MEETS_GAIT : ENDS, err));
    if (!a->stretch.open) TRY(stretch_begin(a, label, second));
    harvest_second(&a->harvest, a->seconds[second % SECONDS_KEPT].log_odds_run);
    a->n_final++;
    double core_to = (double)a->stretch.core_from + core_length_s(a);
    if (has_strides(label) && (double)a->n_final >= core_to + OVERLAP_S)
        TRY(analyse_window(a, core_to, GOES_ON, err));
    drop_old(a);
    return GAIT_OK;
}

static gait_status measure_second(gait_analysis *a, gait_error *err)
{
    size_t k = a->n_seconds, window = (size_t)FEATURE_WINDOW_S * FEATURE_RATE_HZ;
    size_t middle = k * FEATURE_RATE_HZ, end = slow_end(&a->slow);
    size_t half = (window - FEATURE_RATE_HZ) / 2;
    size_t from = middle > half ? middle - half : 0;
    if (from + window > end) from = end > window ? end - window : 0;
    size_t to = from + window < end ? from + window : end;
    size_t second_end = middle + FEATURE_RATE_HZ < end ? middle + FEATURE_RATE_HZ : end;
    struct second *second = &a->seconds[k % SECONDS_KEPT];
    TRY(second_measure(slow_at(&a->slow, from), to - from, middle - from, second_end - from,
                       a->options.placement, second, &a->tmp));
    decoder_feed(&a->decoder, second);
    standing_feed(&a->standing, slow_at(&a->slow, middle), second_end - middle,
                  second->sd_second_g);
    a->n_seconds++;
    if (a->n_seconds > DECISION_LAG_S) TRY(finalise_second(a, err));
    return GAIT_OK;
}

/* Every second whose window is complete. */
static gait_status advance(gait_analysis *a, gait_error *err)
{
    for (;;) {
        size_t k = a->n_seconds;
        size_t half = (FEATURE_WINDOW_S - 1) / 2;
        size_t need = (k < half ? (size_t)FEATURE_WINDOW_S : k + 1 + half) * FEATURE_RATE_HZ;
        if (slow_end(&a->slow) < need) return GAIT_OK;
        TRY(measure_second(a, err));
    }
}

static gait_status segment_end(gait_analysis *a, gait_error *err)
{
    if (!a->in_segment) return GAIT_OK;
    a->in_segment = 0;
    double owed[2][3];
    for (size_t n; (n = downsampler_flush(&a->downsampler, owed)) > 0;)
        for (size_t i = 0; i < n; i++) TRY(slow_append(&a->slow, owed[i]));
    double length_s = (double)store_end(&a->store) / a->rate_hz;
    if (length_s >= shortest_segment_s) {
        size_t seconds = (size_t)(length_s + 0.5);
        while (a->n_seconds < seconds && a->n_seconds * FEATURE_RATE_HZ < slow_end(&a->slow))
            TRY(measure_second(a, err));
        while (a->n_final < a->n_seconds) TRY(finalise_second(a, err));
        TRY(stretch_end(a, length_s, ENDS, err));
    }
    store_clear(&a->store);
    slow_clear(&a->slow);
    return GAIT_OK;
}

static void segment_begin(gait_analysis *a, const gait_block *block)
{
    a->in_segment = 1;
    a->rate_hz = block->rate_hz;
    if (a->store.room && a->store.has_gyro != (block->gyro_dps != NULL)) store_free(&a->store);
    a->store.has_gyro = block->gyro_dps != NULL;
    downsampler_init(&a->downsampler, block->rate_hz, FEATURE_RATE_HZ);
    decoder_init(&a->decoder);
    a->n_seconds = a->n_final = 0;
    a->told_s = -(double)INFINITY;
    a->stretch.open = 0;
    standing_begin_segment(&a->standing);
}

/* An exponent of ones is an infinity or no number. */
static int all_are_finite(const float *x, size_t n)
{
    const uint32_t exponent = 0x7f800000;
    uint32_t found = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        found |= (bits & exponent) == exponent;
    }
    return !found;
}

static gait_status check_finite(const gait_block *block, const float *x, gait_error *err)
{
    if (all_are_finite(x, 3 * block->n_frames)) return GAIT_OK;
    size_t i = 0;
    while (isfinite(x[i])) i++;
    return gait_fail(err, GAIT_INVALID, "frame %zu at %.3f s is not finite", i / 3,
                     block->start_s + (double)(i / 3) / block->rate_hz);
}

static gait_status check_block(const gait_analysis *a, const gait_block *block, gait_error *err)
{
    if (a->finished) return gait_fail(err, GAIT_INVALID, "the analysis is finished already");
    if (!block->accel_g) return gait_fail(err, GAIT_INVALID, "the block has no acceleration");
    if (!isfinite(block->start_s))
        return gait_fail(err, GAIT_INVALID, "the block starts at no finite time");
    if (!(block->rate_hz > 0 && block->rate_hz <= highest_rate_hz))
        return gait_fail(err, GAIT_INVALID, "the rate is %g Hz, expected %g to %g Hz",
                         block->rate_hz, lowest_rate_hz, highest_rate_hz);
    if (block->rate_hz < lowest_rate_hz * 0.98)
        return gait_fail(err, GAIT_UNSUPPORTED,
                         "%g Hz is too slow for gait, expected %g Hz or more", block->rate_hz,
                         lowest_rate_hz);
    TRY(check_finite(block, block->accel_g, err));
    return block->gyro_dps ? check_finite(block, block->gyro_dps, err) : GAIT_OK;
}

static int continues_segment(const gait_analysis *a, const gait_block *block)
{
    return a->in_segment && !block->starts_segment &&
           fabs(block->start_s - a->end_s) < 0.75 / block->rate_hz &&
           fabs(block->rate_hz / a->rate_hz - 1) < 0.02 &&
           a->store.has_gyro == (block->gyro_dps != NULL);
}

/* A second at a time, so that a whole recording fed at once needs no more memory. */
static gait_status take(gait_analysis *a, const gait_block *block, gait_error *err)
{
    size_t slice = (size_t)block->rate_hz;
    for (size_t from = 0; from < block->n_frames; from += slice) {
        size_t n = block->n_frames - from < slice ? block->n_frames - from : slice;
        if (store_append(&a->store, block, from, n) != GAIT_OK)
            return gait_fail(err, GAIT_NOMEM, "no memory for samples");
        double slow[MOST_SLOW_FRAMES][3];
        size_t told = downsampler_push(&a->downsampler, block->accel_g + 3 * from, n, slow);
        for (size_t k = 0; k < told; k++) TRY(slow_append(&a->slow, slow[k]));
        TRY(advance(a, err));
    }
    return GAIT_OK;
}

gait_status gait_analysis_feed(gait_analysis *analysis, const gait_block *block, gait_error *err)
{
    NEED(analysis);
    NEED(block);
    TRY(check_block(analysis, block, err));
    if (!block->n_frames) return GAIT_OK;
    if (!continues_segment(analysis, block)) {
        TRY(segment_end(analysis, err));
        if (!analysis->started) analysis->harvest.recording_start_s = block->start_s;
        analysis->started = 1;
        segment_begin(analysis, block);
    }
    TRY(take(analysis, block, err));
    analysis->end_s = block->start_s + (double)block->n_frames / block->rate_hz;
    return GAIT_OK;
}

gait_status gait_analysis_finish(gait_analysis *analysis, gait_error *err)
{
    NEED(analysis);
    if (analysis->finished) return gait_fail(err, GAIT_INVALID, "the analysis is finished already");
    TRY(segment_end(analysis, err));
    harvest_finish(&analysis->harvest);
    analysis->finished = 1;
    return GAIT_OK;
}

int gait_analysis_next_bout(gait_analysis *analysis, gait_bout *bout)
{
    if (!analysis || !bout) return 0;
    return harvest_next(&analysis->harvest, bout);
}

const struct mean_stride *analysis_mean_stride(const gait_analysis *analysis, gait_side side)
{
    return harvest_mean_stride(&analysis->harvest, side);
}

const double *gait_bout_metric(const gait_bout *bout, const char *key)
{
    if (!bout || !key) return NULL;
    int m = gait_metric_index(key);
    return m < 0 ? NULL : bout->metrics[m];
}
