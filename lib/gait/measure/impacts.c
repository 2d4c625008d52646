/* SPDX-License-Identifier: BSD-3-Clause */

/* The impact after each foot strike of a limb's sensor, at the rate as delivered. Only the frames
 * around it are filtered: a fifth of a stride. */

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/measure/measure.h"
#include "gait/settings.h"
#include "signal/filter.h"
#include "signal/peaks.h"

static const double later_in_walking_s = 0.04; /* the shank's peak comes later */
static const double margin_periods = 2;        /* of the lower cut-off, for the filter to settle */
static const double shock_margin_periods = 1.5;
static const double rise_from = 0.2, rise_to = 0.8; /* of its height */
static const double filled_reach_s = 0.05;          /* filled frames this near spoil a peak */
static const size_t clipped_reach = 2;              /* frames about a clipped one */

enum { FEWEST_FRAMES = 5 };

struct impact_search {
    const struct measure_input *in;
    const double *up; /* NULL: not known */
    struct filter peak_filter, jerk_filter, shock_filter;
    double before_s, after_s, margin_s;
    double *frames;    /* low-passed, x y z */
    double *fast;      /* of them what is faster than the limb moves */
    double *axial;     /* of frames */
    double *resultant; /* of frames */
    double *jerk;      /* of the less filtered axial acceleration, g/s */
    double *raw_axial;
};

/* Frames [from, to) are filtered, [first, last) are looked at. */
struct stretch {
    size_t from, to, first, last;
};

/* Below 2.5 times the cut-off there is nothing to filter but the step of the filter itself. */
static struct filter lowpass_if_fast(double cutoff_hz, double rate_hz)
{
    return lowpass(rate_hz < 2.5 * cutoff_hz ? 0 : cutoff_hz, rate_hz, 2);
}

static void search_init(struct impact_search *search, const struct measure_input *in)
{
    const struct bout_signal *signal = in->signal;
    const gait_settings *settings = &signal->options->settings;
    double peak_hz = setting(settings, impact_lowpass_hz);
    double jerk_hz = setting(settings, jerk_lowpass_hz);
    double shock_hz = setting(settings, shock_highpass_hz);
    *search = (struct impact_search){
        .in = in,
        .up = in->frame && (in->frame->known & FRAME_UP) ? in->frame->row[1] : NULL,
        .peak_filter = lowpass_if_fast(peak_hz, signal->rate_hz),
        .jerk_filter = lowpass_if_fast(jerk_hz, signal->rate_hz),
        .before_s = setting(settings, impact_before_s),
        .after_s = setting(settings, impact_after_s),
        .shock_filter = highpass(shock_hz, signal->rate_hz, 2),
        .margin_s = fmax(margin_periods / fmin(peak_hz, jerk_hz), shock_margin_periods / shock_hz),
    };
    if (signal->activity == GAIT_WALK) search->after_s += later_in_walking_s;
}

static gait_status search_room(struct impact_search *search, struct arena *tmp)
{
    double longest_s = search->before_s + search->after_s + 2 * search->margin_s;
    size_t n = (size_t)(longest_s * search->in->signal->rate_hz) + 4;
    search->frames = ARENA_NEW(tmp, 3 * n, double);
    search->fast = ARENA_NEW(tmp, 3 * n, double);
    search->axial = ARENA_NEW(tmp, n, double);
    search->resultant = ARENA_NEW(tmp, n, double);
    search->raw_axial = ARENA_NEW(tmp, n, double);
    search->jerk = ARENA_NEW(tmp, n, double);
    int complete = search->frames && search->fast && search->axial && search->resultant &&
                   search->raw_axial && search->jerk;
    return complete ? GAIT_OK : GAIT_NOMEM;
}

static size_t frame_at(const struct bout_signal *signal, double time_s)
{
    double at = ceil(time_s * signal->rate_hz);
    if (!(at > 0)) return 0;
    return at < (double)signal->n ? (size_t)at : signal->n;
}

/* 0 if the window is not all there. */
static int stretch_around(const struct impact_search *search, double strike_s, struct stretch *out)
{
    const struct bout_signal *signal = search->in->signal;
    double from_s = strike_s - search->before_s, to_s = strike_s + search->after_s;
    if (from_s < 0 || to_s * signal->rate_hz > (double)signal->n) return 0;
    out->first = frame_at(signal, from_s);
    out->last = frame_at(signal, to_s);
    out->from = frame_at(signal, from_s - search->margin_s);
    out->to = frame_at(signal, to_s + search->margin_s);
    return out->last >= out->first + FEWEST_FRAMES;
}

static unsigned marks_in(const struct bout_signal *signal, size_t from, size_t to)
{
    unsigned seen = 0;
    for (size_t i = from; signal->marks && i < to && i < signal->n; i++) seen |= signal->marks[i];
    return seen;
}

static uint32_t flags_of(const struct bout_signal *signal, const struct stretch *at)
{
    size_t reach = (size_t)(filled_reach_s * signal->rate_hz);
    size_t early = at->first > clipped_reach ? at->first - clipped_reach : 0;
    size_t earlier = at->first > reach ? at->first - reach : 0;
    uint32_t flags = 0;
    if (marks_in(signal, early, at->last + clipped_reach) & GAIT_FRAME_CLIPPED)
        flags |= GAIT_FLAG_CLIPPED;
    unsigned near = marks_in(signal, earlier, at->last + reach);
    if (near & GAIT_FRAME_FILLED) flags |= GAIT_FLAG_INTERPOLATED;
    if (near & GAIT_FRAME_FILLER) flags |= GAIT_FLAG_GAP;
    return flags;
}

/* Height of the largest value of y[from..to), its fractional index in *at. */
static double peak_of(const double *y, size_t n, size_t from, size_t to, double *at)
{
    double height;
    *at = parabolic(y, n, argmax(y, from, to), &height);
    return height;
}

static gait_status measure_resultant(struct impact_search *search, const struct stretch *at,
                                     double *peak_at, struct impact *out, struct arena *tmp)
{
    const struct bout_signal *signal = search->in->signal;
    size_t n = at->to - at->from;
    TRY(filtfilt(&search->peak_filter, signal->accel_g + 3 * at->from, search->frames, n, 3, tmp));
    for (size_t i = 0; i < n; i++) search->resultant[i] = vec_norm(search->frames + 3 * i);
    out->resultant_g =
        peak_of(search->resultant, n, at->first - at->from, at->last - at->from, peak_at);
    return GAIT_OK;
}

static gait_status measure_shock(struct impact_search *search, const struct stretch *at,
                                 struct impact *out, struct arena *tmp)
{
    size_t from = at->first - at->from, to = at->last - at->from;
    double sum = 0;
    TRY(filtfilt(&search->shock_filter, search->frames, search->fast, at->to - at->from, 3, tmp));
    for (size_t i = 3 * from; i < 3 * to; i++) sum += search->fast[i] * search->fast[i];
    out->shock_g = sqrt(sum / (double)(to - from));
    return GAIT_OK;
}

/* Where y passes a level for the first time from one frame on, between frames; NaN if nowhere. */
static double passes(const double *y, size_t from, size_t to, double level)
{
    for (size_t i = from + 1; i < to; i++)
        if (y[i] >= level && y[i - 1] < level)
            return (double)(i - 1) + (level - y[i - 1]) / (y[i] - y[i - 1]);
    return NAN;
}

/* From the lowest value since the foot came down to the highest: mean slope of the middle of it. */
static double mean_rise(const double *y, size_t first, size_t last, double rate_hz)
{
    size_t top = argmax(y, first, last), foot = argmin(y, first, top + 1);
    double height = y[top] - y[foot];
    if (!(height > 0)) return 0;
    double fifth = passes(y, foot, top + 1, y[foot] + rise_from * height);
    double four_fifths = passes(y, foot, top + 1, y[foot] + rise_to * height);
    return (rise_to - rise_from) * height / (four_fifths - fifth) * rate_hz;
}

static gait_status measure_axial(struct impact_search *search, const struct stretch *at,
                                 double *peak_at, struct impact *out, struct arena *tmp)
{
    const struct bout_signal *signal = search->in->signal;
    size_t n = at->to - at->from, first = at->first - at->from;
    for (size_t i = 0; i < n; i++) {
        search->axial[i] = vec_dot(search->frames + 3 * i, search->up);
        search->raw_axial[i] = vec_dot(signal->accel_g + 3 * (at->from + i), search->up);
    }
    out->axial_g = peak_of(search->axial, n, first, at->last - at->from, peak_at);
    TRY(filtfilt(&search->jerk_filter, search->raw_axial, search->raw_axial, n, 1, tmp));
    derivative(search->raw_axial, search->jerk, n, 1, signal->rate_hz);
    double ignored;
    size_t last = (size_t)*peak_at + 1;
    if (last <= first) last = first + 1;
    out->jerk_g_per_s = peak_of(search->jerk, n, first, last, &ignored);
    out->rise_g_per_s = mean_rise(search->raw_axial, first, last, signal->rate_hz);
    return GAIT_OK;
}

static gait_status impact_find(struct impact_search *search, double strike_s, struct impact *out,
                               struct arena *tmp)
{
    const struct bout_signal *signal = search->in->signal;
    struct stretch at;
    *out = (struct impact){NAN, NAN, NAN, NAN, NAN, NAN, 0};
    if (!stretch_around(search, strike_s, &at)) {
        out->flags = GAIT_FLAG_SHORT;
        return GAIT_OK;
    }
    out->flags = flags_of(signal, &at);
    if (out->flags & (GAIT_FLAG_INTERPOLATED | GAIT_FLAG_GAP)) return GAIT_OK;
    double peak_at;
    TRY(measure_resultant(search, &at, &peak_at, out, tmp));
    TRY(measure_shock(search, &at, out, tmp));
    if (search->up) TRY(measure_axial(search, &at, &peak_at, out, tmp));
    out->peak_s = ((double)at.from + peak_at) / signal->rate_hz - strike_s;
    return GAIT_OK;
}

gait_status impacts_find(const struct measure_input *in, struct impact *out, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    struct impact_search search;
    search_init(&search, in);
    gait_status status = search_room(&search, tmp);
    for (size_t k = 0; !status && k < in->n_strides; k++)
        status = impact_find(&search, in->strides[k].start_s, &out[k], tmp);
    arena_rewind(tmp, mark);
    return status;
}
