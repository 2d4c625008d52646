/* SPDX-License-Identifier: BSD-3-Clause */

/* Foot strike and toe-off from one accelerometer on the shank, mounted any way round. A drawn
 * template finds the strides; the strides of a window are moved until they agree, and the event is
 * decided once, on their mean, where noise is small; then it is carried back to each. */

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/detect/fitted.h"
#include "gait/detect/landmark.h"
#include "gait/detect/selfalign.h"
#include "gait/detect/shank.h"
#include "signal/filter.h"
#include "signal/stats.h"

static const double landmark_reach_s = 0.030;
static const double agreement_s = 0.012; /* landmarks nearer than this confirm each other */
static const double mean_step_s = 0.005;
static const double settled_s = 0.0005;
static const double beyond_s = 0.02; /* an event so far outside the window still counts as in it */

enum { FEWEST_STRIDES = 2, MOST_PASSES = 3 };
static const double period_change = 0.1; /* between strides that may share a mean */

static const double heavy_tails = 1.5; /* far off is more often than a normal error would be */

static const double low_rate_hz = 50; /* half a sample is 10 ms and the impact is gone */

/* Below these rates the vibration of the impact is lost or smeared: other landmarks lead. */
static const double run_burst_rate_hz = 95;
static const double walk_burst_rate_hz = 45;

/* One group of strides that share a mean. */
struct group {
    const struct shank_view *view;
    gait_activity activity;
    int has_burst; /* the sampling rate was high enough for the impact's vibration */
    double *time_s;
    double *likeness;
    size_t n;
    double spread_s; /* how far landmarks disagree */
    int placed;      /* a landmark was found */
};

static const struct selfalign_rules align_strike_run = {-0.10, 0.10, 0.02, 0.014};
static const struct selfalign_rules align_strike_walk = {-0.04, 0.06, 0.02, 0.014};
static const struct selfalign_rules align_toe_off = {-0.10, 0.10, 0.02, 0.014};

static gait_status align(struct group *group, const struct selfalign_rules *rules,
                         enum selfalign_model model, struct arena *tmp)
{
    return selfalign(&group->view->low, rules, model, group->time_s, group->likeness, group->n,
                     tmp);
}

static const struct row around_strike = {-0.25, 0.005, 111};

/* Norm of the mean stride, low-passed. */
static gait_status smooth_norm(const double *stride, const struct row *row, double cutoff_hz,
                               double *norm, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    double *smooth = ARENA_NEW(tmp, 3 * row->n, double);
    if (!smooth) return GAIT_NOMEM;
    struct filter filter = lowpass(cutoff_hz, 1 / row->step_s, 2);
    TRY(filtfilt(&filter, stride, smooth, row->n, 3, tmp));
    for (size_t i = 0; i < row->n; i++) norm[i] = vec_norm(smooth + 3 * i);
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

static gait_status smooth_axial(const double *stride, const struct row *row, double cutoff_hz,
                                const double axial[3], double *out, struct arena *tmp)
{
    struct filter filter = lowpass(cutoff_hz, 1 / row->step_s, 2);
    for (size_t i = 0; i < row->n; i++) out[i] = vec_dot(stride + 3 * i, axial);
    return filtfilt(&filter, out, out, row->n, 1, tmp);
}

/* When the event is on the mean stride, by each landmark near where it is thought to be; NaN where
 * there is none. The first is the one that holds at any place on the shank; the others are finer
 * where they exist. */
struct votes {
    size_t n;
    double time_s[3];
};

static struct votes vote_run_strike(const double *norm, const double *burst, double strike_s)
{
    const struct row *row = &around_strike;
    static const struct edge_rules edge = {.before_s = 0.04, .after_s = 0.02, .floor = 0.05};
    double fall_s = strike_s + run_strike_fall_s;
    fall_s = steepest_between(norm, row, fall_s - landmark_reach_s, fall_s + landmark_reach_s, -1);
    double onset_s = edge_between(burst, row, strike_s - 0.04, strike_s + 0.08, &edge);
    struct votes votes = {2, {onset_s - run_strike_edge_s, fall_s - run_strike_fall_s}};
    return votes;
}

static struct votes vote_walk_strike(const double *norm, const double *burst, double strike_s)
{
    const struct row *row = &around_strike;
    double peak_s = strike_s + walk_strike_peak_s, end_s = strike_s + walk_strike_end_s;
    peak_s = extremum_between(norm, row, peak_s - landmark_reach_s, peak_s + landmark_reach_s, 1);
    end_s = steepest_between(norm, row, end_s - landmark_reach_s, end_s + landmark_reach_s, -1);
    double loud_s = extremum_between(burst, row, strike_s - 0.01, strike_s + 0.10, 1);
    struct votes votes = {
        3, {loud_s - walk_strike_loud_s, peak_s - walk_strike_peak_s, end_s - walk_strike_end_s}};
    return votes;
}

/* The mean of the votes that agree with the first one that was cast. Others may be right instead:
 * then the place is no surer than they are far. */
static double settle_votes(const struct votes *votes, struct group *group)
{
    double sum = 0, squares = 0, first = NAN, apart_s = 0;
    size_t n = 0;
    for (size_t k = group->has_burst ? 0 : 1; k < votes->n; k++) {
        double v = votes->time_s[k];
        if (!isfinite(v)) continue;
        if (!isfinite(first)) first = v;
        if (fabs(v - first) > agreement_s) {
            apart_s = fmax(apart_s, fabs(v - first));
            continue;
        }
        sum += v;
        squares += v * v;
        n++;
    }
    group->placed = n > 0;
    group->spread_s = group->has_burst || group->activity == GAIT_WALK ? lone_sd_s : no_burst_sd_s;
    if (n == 0) return NAN;
    double middle = sum / (double)n;
    if (n > 1) group->spread_s = sqrt(fmax(squares / (double)n - middle * middle, 0));
    group->spread_s = fmax(group->spread_s, apart_s);
    return middle;
}

/* A landmark that got out of reach still says where it was seen. */
static void remember(const struct votes *seen, struct votes *votes)
{
    for (size_t k = 0; k < seen->n; k++)
        if (!isfinite(votes->time_s[k])) votes->time_s[k] = seen->time_s[k];
}

/* Where the strike of the mean stride lies behind the strikes as they are now. */
static double settle_strike(struct group *group, const double *norm, const double *burst)
{
    int is_run = group->activity == GAIT_RUN;
    double strike_s = 0;
    struct votes votes = {0};
    for (int pass = 0; pass < MOST_PASSES; pass++) {
        struct votes seen = votes;
        votes = is_run ? vote_run_strike(norm, burst, strike_s)
                       : vote_walk_strike(norm, burst, strike_s);
        remember(&seen, &votes);
        double settled = settle_votes(&votes, group);
        if (!isfinite(settled)) break;
        double move_s = settled - strike_s;
        strike_s = settled;
        if (fabs(move_s) < settled_s) break;
    }
    return strike_s;
}

static gait_status strike_offset(struct group *group, double *offset_s, struct arena *tmp)
{
    const struct row *row = &around_strike;
    struct arena_mark mark = arena_mark(tmp);
    double *stride = ARENA_NEW(tmp, 3 * row->n, double), *one = ARENA_NEW(tmp, 3 * row->n, double);
    double *norm = ARENA_NEW(tmp, row->n, double), *burst = ARENA_NEW(tmp, row->n, double);
    if (!stride || !one || !norm || !burst) return GAIT_NOMEM;
    ensemble_mean(&group->view->low, group->time_s, group->n, row, stride, one);
    ensemble_mean(&group->view->burst, group->time_s, group->n, row, burst, one);
    for (size_t i = 0; i < row->n; i++) burst[i] = fmax(burst[i], 0);
    TRY(smooth_norm(stride, row, group->activity == GAIT_RUN ? 12 : 16, norm, tmp));
    *offset_s = settle_strike(group, norm, burst);
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

static gait_status place_strikes(struct group *group, struct arena *tmp)
{
    const struct selfalign_rules *rules =
        group->activity == GAIT_RUN ? &align_strike_run : &align_strike_walk;
    double offset_s;
    TRY(align(group, rules, SELFALIGN_MEAN, tmp));
    TRY(strike_offset(group, &offset_s, tmp));
    for (size_t i = 0; i < group->n; i++) group->time_s[i] += offset_s;
    return align(group, rules, SELFALIGN_MEDIAN, tmp);
}

/* The axial minimum as the foot leaves the ground, surer the sharper it is; of two bottoms either
 * may be it. */
static double run_contact(const double *axial, const struct row *row, double period_s,
                          struct group *group)
{
    struct dip dip = dip_between(
        axial, row, 0.15 * period_s + run_toe_off_dip_s, 0.50 * period_s + run_toe_off_dip_s,
        run_duty_factor * period_s + run_toe_off_dip_s, run_duty_factor_sd * period_s);
    group->placed = isfinite(dip.time_s);
    group->spread_s = hypot(run_toe_off_breadth * dip.breadth_s, 0.5 * dip.twin_s);
    if (!group->placed) return run_duty_factor * period_s;
    if (isfinite(dip.rival_s))
        group->spread_s = hypot(group->spread_s, exp(-dip.lead) * fabs(dip.rival_s - dip.time_s));
    return dip.time_s - run_toe_off_dip_s;
}

/* The middle of the push-off hump, in the resultant and along the shank, and the usual share of
 * contact in a stride, weigh the same. */
static double walk_contact(const double *norm, const double *axial, const struct row *row,
                           double period_s, struct group *group)
{
    double usual_s = walk_duty_factor * period_s;
    double from_s = usual_s - 0.18 * period_s, to_s = usual_s + 0.16 * period_s;
    double vote[3] = {
        usual_s,
        hump_between(norm, row, from_s, usual_s, to_s) - walk_toe_off_norm_s,
        hump_between(axial, row, from_s, usual_s, to_s) - walk_toe_off_axial_s,
    };
    double sum = 0, squares = 0;
    size_t n = 0;
    for (size_t k = 0; k < 3; k++) {
        if (!isfinite(vote[k])) continue;
        sum += vote[k];
        squares += vote[k] * vote[k];
        n++;
    }
    double middle = sum / (double)n;
    group->placed = n > 1;
    group->spread_s = sqrt(fmax(squares / (double)n - middle * middle, 0));
    return middle;
}

/* Contact time of the mean stride that begins at the strikes; how well it is known, into toe_offs.
 */
static gait_status contact_time(const struct group *strikes, double period_s, double *contact_s,
                                struct group *toe_offs, struct arena *tmp)
{
    const struct shank_view *view = strikes->view;
    struct row row = {-0.3, mean_step_s, 0};
    row.n = (size_t)((1.1 * period_s + 0.5) / row.step_s);
    struct arena_mark mark = arena_mark(tmp);
    double *stride = ARENA_NEW(tmp, 3 * row.n, double), *one = ARENA_NEW(tmp, 3 * row.n, double);
    double *norm = ARENA_NEW(tmp, row.n, double), *axial = ARENA_NEW(tmp, row.n, double);
    if (!stride || !one || !norm || !axial) return GAIT_NOMEM;
    ensemble_mean(&view->low, strikes->time_s, strikes->n, &row, stride, one);
    if (strikes->activity == GAIT_RUN) {
        TRY(smooth_axial(stride, &row, 16, view->axial, axial, tmp));
        *contact_s = run_contact(axial, &row, period_s, toe_offs);
    } else {
        TRY(smooth_norm(stride, &row, 4, norm, tmp));
        TRY(smooth_axial(stride, &row, 4, view->axial, axial, tmp));
        *contact_s = walk_contact(norm, axial, &row, period_s, toe_offs);
    }
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

/* Median of the intervals that hold one stride. */
static double stride_time(const double *time_s, size_t n, double expected_s, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    double *interval_s = ARENA_NEW(tmp, n, double), result = NAN;
    size_t kept = 0;
    for (size_t i = 0; interval_s && i + 1 < n; i++) {
        double d = time_s[i + 1] - time_s[i];
        if (d < 1.5 * expected_s) interval_s[kept++] = d;
    }
    if (kept) result = median_inplace(interval_s, kept);
    arena_rewind(tmp, mark);
    return isfinite(result) ? result : expected_s;
}

/* A toe-off after every strike, and one before a strike that follows a pause. */
static size_t predict_toe_offs(const struct group *strikes, double contact_s, double period_s,
                               double before_s, double *time_s)
{
    double end_s = track_end_s(&strikes->view->low);
    size_t n = 0;
    for (size_t i = 0; i < strikes->n; i++) {
        double strike_s = strikes->time_s[i], last_s = i ? strikes->time_s[i - 1] : before_s;
        double earlier_s = strike_s - period_s + contact_s;
        if (strike_s - last_s > 1.5 * period_s && earlier_s > 0) time_s[n++] = earlier_s;
        if (strike_s + contact_s < end_s + beyond_s) time_s[n++] = strike_s + contact_s;
    }
    return n;
}

struct teller {
    const struct bout_signal *signal;
    const struct shank_view *view;
    struct event_list *found;
    struct arena *keep;
    double bout_confidence;
};

/* Samples within 50 ms that were made up or cut off. */
static uint32_t marks_near(const struct bout_signal *signal, double time_s)
{
    if (!signal->marks) return 0;
    double from = fmax((time_s - 0.05) * signal->rate_hz, 0);
    double to = fmin((time_s + 0.05) * signal->rate_hz + 1, (double)signal->n);
    unsigned seen = 0;
    for (size_t i = (size_t)from; (double)i < to; i++) seen |= signal->marks[i];
    return (seen & GAIT_FRAME_FILLED ? GAIT_FLAG_INTERPOLATED : 0u) |
           (seen & GAIT_FRAME_CLIPPED ? GAIT_FLAG_CLIPPED : 0u) |
           (seen & GAIT_FRAME_FILLER ? GAIT_FLAG_GAP : 0u);
}

static double base_sd_s(gait_event_type type, gait_activity activity)
{
    if (activity == GAIT_RUN) return type == GAIT_FOOT_STRIKE ? run_strike_sd_s : run_toe_off_sd_s;
    return type == GAIT_FOOT_STRIKE ? walk_strike_sd_s : walk_toe_off_sd_s;
}

static double uncertainty_s(const struct teller *teller, const struct group *group,
                            gait_event_type type, double time_s)
{
    double end_s = track_end_s(&teller->view->low);
    double sd = base_sd_s(type, group->activity);
    double square = sd * sd + group->spread_s * group->spread_s;
    if (time_s < edge_s || time_s > end_s - edge_s) square += edge_sd_s * edge_sd_s;
    if (teller->signal->rate_hz < low_rate_hz) square += low_rate_sd_s * low_rate_sd_s;
    if (!group->placed) square += unplaced_sd_s * unplaced_sd_s;
    return sqrt(square);
}

/* That there is such an event within 50 ms: that these are strides at all, that this one resembles
 * the others, and that it is placed well enough. */
static double confidence_of(const struct teller *teller, const struct group *group, double likeness,
                            double sd_s)
{
    double alike = isfinite(likeness) ? fmin(fmax(0.5 + likeness, 0), 1) : 1;
    double near = erf(0.05 / (sqrt(2) * heavy_tails * sd_s));
    return teller->bout_confidence * alike * near * (group->placed ? 1 : 0.5);
}

static gait_status tell(const struct teller *teller, const struct group *group,
                        gait_event_type type)
{
    double end_s = track_end_s(&teller->view->low);
    const gait_options *options = teller->signal->options;
    for (size_t i = 0; i < group->n; i++) {
        double time_s = group->time_s[i];
        if (time_s < -beyond_s || time_s > end_s + beyond_s) continue;
        time_s = fmin(fmax(time_s, 0), end_s);
        gait_event event = {.type = type,
                            .side = options ? options->side : GAIT_SIDE_UNKNOWN,
                            .time_s = time_s,
                            .uncertainty_s = uncertainty_s(teller, group, type, time_s),
                            .flags = marks_near(teller->signal, time_s)};
        event.confidence = confidence_of(teller, group, group->likeness[i], event.uncertainty_s);
        if (event.confidence < 0.5) event.flags |= GAIT_FLAG_LOW_CONFIDENCE;
        if (teller->signal->rate_hz < low_rate_hz) event.flags |= GAIT_FLAG_LOW_RATE;
        TRY(event_push(teller->found, &event, teller->keep));
    }
    return GAIT_OK;
}

static gait_status tell_group(const struct teller *teller, struct group *strikes, double before_s,
                              struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    double expected_s = period_at(&strikes->view->period, strikes->time_s[0]);
    TRY(place_strikes(strikes, tmp));
    double period_s = stride_time(strikes->time_s, strikes->n, expected_s, tmp);
    TRY(tell(teller, strikes, GAIT_FOOT_STRIKE));

    struct group toe_offs = *strikes;
    toe_offs.time_s = ARENA_NEW(tmp, 2 * strikes->n, double);
    toe_offs.likeness = ARENA_NEW(tmp, 2 * strikes->n, double);
    double contact_s;
    if (!toe_offs.time_s || !toe_offs.likeness) return GAIT_NOMEM;
    TRY(contact_time(strikes, period_s, &contact_s, &toe_offs, tmp));
    toe_offs.n = predict_toe_offs(strikes, contact_s, period_s, before_s, toe_offs.time_s);
    TRY(align(&toe_offs, &align_toe_off, SELFALIGN_MEAN, tmp));
    TRY(align(&toe_offs, &align_toe_off, SELFALIGN_MEDIAN, tmp));
    TRY(tell(teller, &toe_offs, GAIT_TOE_OFF));
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

/* How many of the next strides share a mean: until the period changes. */
static size_t group_length(const struct shank_view *view, const struct shank_strides *strides,
                           size_t from)
{
    double first_s = period_at(&view->period, strides->strike_s[from]);
    size_t n = 1;
    while (from + n < strides->n) {
        double here_s = period_at(&view->period, strides->strike_s[from + n]);
        if (fabs(here_s / first_s - 1) > period_change) break;
        n++;
    }
    return n;
}

/* Of the mean score of a bout: .70 to .88 for people running and walking, below .5 for noise. */
static double confidence_of_score(double score)
{
    return 1 / (1 + exp(-(score - 0.5) / 0.05));
}

static gait_status find_events(const struct bout_signal *signal, struct event_list *found,
                               struct arena *keep, struct arena *tmp)
{
    struct shank_view view;
    struct shank_strides strides = {.n = 0};
    int usable;
    TRY(shank_view_make(signal, signal->activity, &view, &usable, tmp));
    if (usable) TRY(shank_strides_find(&view, signal->activity, &strides, tmp));
    double *likeness = ARENA_NEW(tmp, strides.n + 1, double);
    if (!likeness) return GAIT_NOMEM;
    struct teller teller = {signal, &view, found, keep, confidence_of_score(strides.mean_score)};
    double burst_rate_hz = signal->activity == GAIT_RUN ? run_burst_rate_hz : walk_burst_rate_hz;
    for (size_t from = 0, n; strides.n >= FEWEST_STRIDES && from < strides.n; from += n) {
        n = group_length(&view, &strides, from);
        struct group group = {.view = &view,
                              .activity = signal->activity,
                              .has_burst = signal->rate_hz >= burst_rate_hz,
                              .time_s = strides.strike_s + from,
                              .likeness = likeness + from,
                              .n = n};
        double before_s = from ? strides.strike_s[from - 1] : -(double)INFINITY;
        TRY(tell_group(&teller, &group, before_s, tmp));
    }
    return GAIT_OK;
}

const struct detector detect_shank = {
    .pub = {.name = "shank-ensemble",
            .about = "A drawn stride finds the strides, landmarks of their mean the events.",
            .source = "own; offsets from force-plate data of Bach et al. 2022, "
                      "doi 10.3389/fspor.2022.1037438, three people",
            .placements = AT(GAIT_SHANK),
            .activities = DURING(GAIT_WALK) | DURING(GAIT_RUN),
            .is_default = 1},
    .detect = find_events,
};
