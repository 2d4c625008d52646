/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/shank.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/detect/chain.h"
#include "signal/filter.h"
#include "signal/peaks.h"
#include "signal/resample.h"
#include "signal/stats.h"

/* Periods are sought on a slow copy, window by window. */
enum { PERIOD_RATE_HZ = 25, PERIOD_WINDOW_S = 10, PERIOD_HOP_S = 5 };

/* Stride times of all who run, and of all who walk. */
struct range {
    double low_s, high_s;
};
static const struct range run_strides = {0.45, 1.2};
static const struct range walk_strides = {0.55, 2.2};
static const double shortest_window_s = 2.0;
static const double stillest_sd_g = 0.03; /* below it nobody walks */
static const double low_cutoff_hz = 24;   /* for ensembles: the shape of a stride */
static const double period_cutoff_hz = 6.4;
static const double burst_cutoff_hz = 9.6; /* of its envelope, below half the features' rate */

/* What is a burst and what is a shape: in running the limb itself swings faster. */
static double split_hz(gait_activity activity)
{
    return activity == GAIT_RUN ? 12 : 8;
}

/* Drawn by hand from what is known of a stride, in phases of it, foot strike at 0. The impact shows
 * as a burst of vibration that begins at foot strike; terminal swing is quiet and the leg hangs or
 * falls, so the resultant and the acceleration along the shank are low there; in walking the limb
 * is thrown forward just before and after toe-off (phase -0.4 or 0.6), and stance is flat. */
static const struct stride_template running = {
    .from_phase = -0.5,
    .to_phase = 0.6,
    .channel = {
        {.base = 0, .bump = {{-0.22, 0.07, -1.6}, {0.05, 0.06, 1.0}}, .weight = 0.7},
        {.base = -0.6, .bump = {{0.075, 0.05, 3.2}}, .weight = 1.7},
        {.base = 0,
         .bump = {{-0.23, 0.08, -1.5}, {0.28, 0.08, 1.0}, {0.42, 0.05, -0.7}},
         .weight = 0.5},
    }};

static const struct stride_template walking = {
    .from_phase = -0.5,
    .to_phase = 0.6,
    .channel = {
        {.base = -0.4,
         .bump = {{-0.43, 0.06, 2.0}, {0.57, 0.06, 2.0}, {-0.22, 0.07, -1.4}, {0.02, 0.06, 1.4}},
         .weight = 1.0},
        {.base = -0.6,
         .bump = {{0.07, 0.035, 3.2}, {-0.34, 0.05, 1.6}, {-0.03, 0.04, 1.2}},
         .weight = 1.7},
        {.base = -0.3,
         .bump = {{-0.42, 0.06, 2.1}, {0.58, 0.06, 2.1}, {-0.22, 0.07, -1.6}, {-0.03, 0.06, 1.1}},
         .weight = 0.7},
    }};

static const struct chain_rules rhythm = {.tolerance = 0.12,
                                          .shortest = 0.6,
                                          .longest = 3.5,
                                          .missed_cost = 1.5,
                                          .restart_cost = 4,
                                          .restart_gap = 1.3};
static const double least_score = 0.2;
static const double least_burst = 0, burst_behind = 0.2; /* above its mean; of a stride */
static const double score_weight = 3;

enum { EVERY = SHANK_RATE_HZ / SHANK_FEATURE_RATE_HZ };

static size_t feature_count(size_t n)
{
    return (n + EVERY - 1) / EVERY;
}

static gait_status canonical(const struct bout_signal *signal, double *out, struct arena *tmp)
{
    gait_status st =
        resample(signal->accel_g, signal->n, 3, signal->rate_hz, out, SHANK_RATE_HZ, tmp);
    if (st != GAIT_OK || !signal->options) return st;
    size_t n = resampled_length(signal->n, signal->rate_hz, SHANK_RATE_HZ);
    for (size_t c = 0; c < 3; c++) {
        if (!(signal->options->dead_axes & (1 << c))) continue;
        for (size_t i = 0; i < n; i++) out[3 * i + c] = 0;
    }
    return GAIT_OK;
}

/* Samples of the bout at some rate: [from, to). */
struct part {
    size_t from, to;
};

static struct part bout_part(const struct shank_view *view, size_t n, double rate_hz)
{
    double from = fmin(fmax(ceil(view->from_s * rate_hz), 0), (double)n);
    double to = fmin(floor(view->to_s * rate_hz) + 1, (double)n);
    struct part part = {(size_t)from, (size_t)fmax(to, from)};
    return part;
}

static void mean_of(const double *x, struct part part, double out[3])
{
    double sum[3] = {0, 0, 0}, count = (double)(part.to - part.from);
    for (size_t i = part.from; i < part.to; i++)
        for (size_t c = 0; c < 3; c++) sum[c] += x[3 * i + c];
    for (size_t c = 0; c < 3; c++) out[c] = sum[c] / count;
}

/* The standard deviation of all three axes together. */
static double spread_of(const double *x, struct part part)
{
    double middle[3], sum[3] = {0, 0, 0};
    mean_of(x, part, middle);
    for (size_t i = part.from; i < part.to; i++)
        for (size_t c = 0; c < 3; c++) {
            double d = x[3 * i + c] - middle[c];
            sum[c] += d * d;
        }
    return sqrt((sum[0] + sum[1] + sum[2]) / (double)(part.to - part.from));
}

static void standardise(double *x, size_t n, struct part part)
{
    size_t count = part.to - part.from;
    double middle = mean(x + part.from, count), sd = standard_deviation(x + part.from, count);
    double scale = sd > 1e-12 ? 1 / sd : 0;
    for (size_t i = 0; i < n; i++) x[i] = (x[i] - middle) * scale;
}

/* Squared norm of what the low-pass took away. */
static void burst_energy(const double *x, const double *shape, size_t n, double *energy)
{
    for (size_t i = 0; i < n; i++) {
        energy[i] = 0;
        for (size_t c = 0; c < 3; c++) {
            double d = x[3 * i + c] - shape[3 * i + c];
            energy[i] += d * d;
        }
    }
}

/* Channels: logarithm of the resultant, square root of the burst's envelope, acceleration along the
 * shank. Both compressions let a hard step weigh little more than a soft one. */
static gait_status make_features(struct shank_view *view, const double *shape, const double *energy,
                                 size_t n, double *const channel[TEMPLATE_CHANNELS],
                                 struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    double *envelope = ARENA_NEW(tmp, n, double);
    if (!envelope) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) envelope[i] = sqrt(energy[i]);
    struct filter smooth = lowpass(burst_cutoff_hz, SHANK_RATE_HZ, 2);
    gait_status st = filtfilt(&smooth, envelope, envelope, n, 1, tmp);
    size_t m = feature_count(n);
    for (size_t j = 0; st == GAIT_OK && j < m; j++) {
        const double *a = shape + j * 3 * EVERY;
        channel[0][j] = log(vec_norm(a) + 0.3);
        channel[1][j] = sqrt(fmax(envelope[EVERY * j], 1e-3));
        channel[2][j] = vec_dot(a, view->axial);
    }
    struct part part = bout_part(view, m, SHANK_FEATURE_RATE_HZ);
    view->features = (struct features){.n = m, .rate_hz = SHANK_FEATURE_RATE_HZ};
    for (size_t c = 0; c < TEMPLATE_CHANNELS; c++) {
        standardise(channel[c], m, part);
        view->features.channel[c] = channel[c];
    }
    arena_rewind(tmp, mark);
    return st;
}

/* Of x with itself `offset` values later; four sums that do not wait for each other. */
static double lag_product(const double *x, size_t n, size_t offset)
{
    const double *y = x + offset;
    double sum[4] = {0, 0, 0, 0};
    size_t i = 0;
    for (; i + 4 <= n - offset; i += 4)
        for (size_t k = 0; k < 4; k++) sum[k] += x[i + k] * y[i + k];
    for (; i < n - offset; i++) sum[0] += x[i] * y[i];
    return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

/* The first lag of [lo, hi] with a local maximum nearly as high as the highest there is: later ones
 * are its multiples. 0 if there is none. */
static size_t first_high_lag(const double *acf, size_t lo, size_t hi)
{
    double highest = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = lo; k <= hi; k++) {
            if (!(acf[k] >= acf[k - 1] && acf[k] > acf[k + 1])) continue;
            if (pass == 1 && acf[k] >= 0.85 * highest) return k;
            highest = fmax(highest, acf[k]);
        }
    return 0;
}

/* Stride time of m frames of three mean-free axes, from their autocorrelation; NaN without one. */
static double stride_time(const double *x, size_t m, struct range range)
{
    enum { ROOM = 64 };
    double acf[ROOM];
    size_t lo = (size_t)(range.low_s * PERIOD_RATE_HZ);
    size_t hi = (size_t)(range.high_s * PERIOD_RATE_HZ);
    if (hi > m - m / 4) hi = m - m / 4;
    if (hi + 2 > ROOM || hi + 2 > m || hi < lo + 2) return NAN;
    double power = lag_product(x, 3 * m, 0) / (double)m;
    if (!(power > 1e-12)) return NAN;
    for (size_t k = lo - 1; k <= hi + 1; k++)
        acf[k] = lag_product(x, 3 * m, 3 * k) / (double)(m - k) / power;
    size_t best = first_high_lag(acf, lo, hi);
    if (best == 0 || acf[best] < 0.2) return NAN;
    double around[3] = {acf[best - 1], acf[best], acf[best + 1]};
    return ((double)best - 1 + parabolic(around, 3, 1, NULL)) / PERIOD_RATE_HZ;
}

/* Windows without a rhythm take the median of the others; a lone outlier that of its neighbours. */
static int settle_periods(const double *raw, double *period_s, size_t n, struct arena *tmp)
{
    double typical = median(raw, n, tmp);
    if (!isfinite(typical)) return 0;
    double *filled = ARENA_NEW(tmp, n, double);
    if (!filled) return 0;
    for (size_t k = 0; k < n; k++) filled[k] = isfinite(raw[k]) ? raw[k] : typical;
    running_median(filled, period_s, n, 2, tmp);
    return 1;
}

static size_t hop_count(size_t n)
{
    return n / ((size_t)PERIOD_HOP_S * PERIOD_RATE_HZ) + 1;
}

/* The stretch of the slow copy that tells the period of hop k. */
static struct part period_window(struct part part, size_t k)
{
    size_t window = (size_t)PERIOD_WINDOW_S * PERIOD_RATE_HZ;
    size_t hop = (size_t)PERIOD_HOP_S * PERIOD_RATE_HZ;
    size_t middle = k * hop + hop / 2;
    size_t from = middle > window / 2 ? middle - window / 2 : 0;
    if (from + window > part.to) from = part.to > window ? part.to - window : 0;
    if (from < part.from) from = part.from;
    struct part here = {from, from + window < part.to ? from + window : part.to};
    return here;
}

/* *found 0: there is no rhythm anywhere. */
static gait_status track_period(struct shank_view *view, struct range range, const double *slow,
                                size_t n, double *period_s, int *found, struct arena *tmp)
{
    struct part part = bout_part(view, n, PERIOD_RATE_HZ);
    size_t n_hops = hop_count(n);
    struct arena_mark mark = arena_mark(tmp);
    double *raw = ARENA_NEW(tmp, n_hops, double), *piece = ARENA_NEW(tmp, 3 * n, double);
    if (!raw || !piece) return GAIT_NOMEM;
    for (size_t k = 0; k < n_hops; k++) {
        struct part here = period_window(part, k);
        raw[k] = NAN;
        if (here.to < here.from + PERIOD_RATE_HZ) continue;
        double middle_g[3];
        mean_of(slow, here, middle_g);
        for (size_t i = here.from; i < here.to; i++)
            for (size_t c = 0; c < 3; c++)
                piece[3 * (i - here.from) + c] = slow[3 * i + c] - middle_g[c];
        raw[k] = stride_time(piece, here.to - here.from, range);
    }
    *found = settle_periods(raw, period_s, n_hops, tmp);
    view->period = (struct period_track){n_hops, PERIOD_HOP_S, period_s};
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

/* Every `every`-th frame. */
static void thin(const double *x, size_t n, size_t every, double *out)
{
    for (size_t i = 0, j = 0; i < n; i += every, j++) memcpy(out + 3 * j, x + 3 * i, 3 * sizeof *x);
}

enum { FIRST = 4, SECOND = SHANK_RATE_HZ / PERIOD_RATE_HZ / FIRST };

static size_t thinned(size_t n, size_t every)
{
    return (n + every - 1) / every;
}

static gait_status find_period(struct shank_view *view, struct range range, const double *shape,
                               size_t n, double *period_s, int *found, struct arena *tmp)
{
    size_t n_mid = thinned(n, FIRST), n_slow = thinned(n_mid, SECOND);
    struct arena_mark mark = arena_mark(tmp);
    double *mid = ARENA_NEW(tmp, 3 * n_mid, double), *slow = ARENA_NEW(tmp, 3 * n_slow, double);
    if (!mid || !slow) return GAIT_NOMEM;
    thin(shape, n, FIRST, mid);
    struct filter filter = lowpass(period_cutoff_hz, (double)SHANK_RATE_HZ / FIRST, 2);
    gait_status st = filtfilt(&filter, mid, mid, n_mid, 3, tmp);
    thin(mid, n_mid, SECOND, slow);
    if (st == GAIT_OK) st = track_period(view, range, slow, n_slow, period_s, found, tmp);
    arena_rewind(tmp, mark);
    return st;
}

static gait_status lowpassed(const double *x, double *y, size_t n, double cutoff_hz,
                             struct arena *tmp)
{
    struct filter filter = lowpass(cutoff_hz, SHANK_RATE_HZ, 2);
    return filtfilt(&filter, x, y, n, 3, tmp);
}

/* What a view keeps. */
struct room {
    double *low, *energy, *period_s;
    double *channel[TEMPLATE_CHANNELS];
};

static int room_take(struct room *room, size_t n, struct arena *arena)
{
    room->low = ARENA_NEW(arena, 3 * n, double);
    room->energy = ARENA_NEW(arena, n, double);
    room->period_s = ARENA_NEW(arena, hop_count(thinned(thinned(n, FIRST), SECOND)), double);
    int complete = room->low && room->energy && room->period_s;
    for (size_t c = 0; c < TEMPLATE_CHANNELS; c++) {
        room->channel[c] = ARENA_NEW(arena, feature_count(n), double);
        complete = complete && room->channel[c];
    }
    return complete;
}

static gait_status fill_view(struct shank_view *view, const struct bout_signal *signal,
                             gait_activity activity, const struct room *room, size_t n, int *usable,
                             struct arena *tmp)
{
    double *x = ARENA_NEW(tmp, 3 * n, double), *shape = ARENA_NEW(tmp, 3 * n, double);
    if (!x || !shape) return GAIT_NOMEM;
    TRY(canonical(signal, x, tmp));
    TRY(lowpassed(x, room->low, n, low_cutoff_hz, tmp));
    TRY(lowpassed(x, shape, n, split_hz(activity), tmp));
    burst_energy(x, shape, n, room->energy);
    view->low = (struct track){room->low, n, 3, SHANK_RATE_HZ};
    view->burst = (struct track){room->energy, n, 1, SHANK_RATE_HZ};

    struct part part = bout_part(view, n, SHANK_RATE_HZ);
    mean_of(room->low, part, view->axial);
    if (!vec_unit(view->axial) || spread_of(room->low, part) < stillest_sd_g) return GAIT_OK;
    struct range range = activity == GAIT_RUN ? run_strides : walk_strides;
    TRY(find_period(view, range, shape, n, room->period_s, usable, tmp));
    if (!*usable) return GAIT_OK;
    return make_features(view, shape, room->energy, n, room->channel, tmp);
}

gait_status shank_view_make(const struct bout_signal *signal, gait_activity activity,
                            struct shank_view *view, int *usable, struct arena *arena)
{
    *usable = 0;
    double length_s = (double)(signal->n > 0 ? signal->n - 1 : 0) / signal->rate_hz;
    *view = (struct shank_view){.from_s = fmax(signal->bout_start_s, 0),
                                .to_s = fmin(signal->bout_end_s, length_s)};
    if (!(view->to_s - view->from_s >= shortest_window_s)) return GAIT_OK;
    size_t n = resampled_length(signal->n, signal->rate_hz, SHANK_RATE_HZ);
    struct room room;
    if (!room_take(&room, n, arena)) return GAIT_NOMEM;
    struct arena_mark mark = arena_mark(arena);
    gait_status st = fill_view(view, signal, activity, &room, n, usable, arena);
    arena_rewind(arena, mark);
    return st;
}

/* Whatever stands still resembles some part of a stride, but no foot strikes without a burst. */
static int strikes(const struct shank_view *view, double time_s, double period_s)
{
    const double *burst = view->features.channel[1];
    double rate_hz = view->features.rate_hz, last = (double)(view->features.n - 1);
    size_t from = (size_t)fmin(fmax(time_s * rate_hz, 0), last);
    size_t to = (size_t)fmin((time_s + burst_behind * period_s) * rate_hz, last) + 1;
    /* what is behind the end of the recording may be a blow */
    return (double)to > last || burst[argmax(burst, from, to)] > least_burst;
}

/* Every local maximum of the score, the ends of the recording too, near the bout. */
static size_t list_candidates(const struct shank_view *view, const double *score, size_t n,
                              struct chain_candidate *candidate)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        double before = i > 0 ? score[i - 1] : -1, after = i + 1 < n ? score[i + 1] : -1;
        if (!(score[i] > least_score && score[i] > before && score[i] >= after)) continue;
        int is_inner = before > -1 && after > -1;
        double at = is_inner ? parabolic(score, n, i, NULL) : (double)i;
        double time_s = at / view->features.rate_hz;
        double period_s = period_at(&view->period, time_s);
        if (time_s < view->from_s - period_s || time_s > view->to_s + period_s) continue;
        if (!strikes(view, time_s, period_s)) continue;
        candidate[found++] = (struct chain_candidate){
            .time_s = time_s, .weight = score_weight * fmin(score[i], 1), .period_s = period_s};
    }
    return found;
}

gait_status shank_strides_find(const struct shank_view *view, gait_activity activity,
                               struct shank_strides *found, struct arena *arena)
{
    size_t n = view->features.n;
    *found = (struct shank_strides){.mean_score = NAN,
                                    .strike_s = ARENA_NEW(arena, n, double),
                                    .score = ARENA_NEW(arena, n, double)};
    struct arena_mark mark = arena_mark(arena);
    double *score = ARENA_NEW(arena, n, double);
    struct chain_candidate *candidate = ARENA_NEW(arena, n, struct chain_candidate);
    size_t *member = ARENA_NEW(arena, n, size_t);
    if (!found->strike_s || !found->score || !score || !candidate || !member) return GAIT_NOMEM;
    const struct stride_template *template = activity == GAIT_RUN ? &running : &walking;
    TRY(template_match(template, &view->features, &view->period, score, arena));
    size_t n_candidates = list_candidates(view, score, n, candidate);
    TRY(chain_best(candidate, n_candidates, &rhythm, member, &found->n, arena));
    for (size_t k = 0; k < found->n; k++) {
        found->strike_s[k] = candidate[member[k]].time_s;
        found->score[k] = candidate[member[k]].weight / score_weight;
    }
    if (found->n) found->mean_score = mean(found->score, found->n);
    arena_rewind(arena, mark);
    return GAIT_OK;
}
