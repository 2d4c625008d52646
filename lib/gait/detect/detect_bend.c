/* SPDX-License-Identifier: BSD-3-Clause */

/* Repetitions of a knee bend or squat: the segment that carries the sensor leans away from the
 * posture that the person keeps coming back to, and returns. No axes are needed: at the pace of
 * such a test the specific force points along gravity. */

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/measure/coarse.h"
#include "gait/detect/bend_fit.h"
#include "gait/detect/strides.h"
#include "signal/filter.h"
#include "signal/peaks.h"
#include "signal/stats.h"

static const double to_deg = 180 / 3.14159265358979323846;
static const double least_rate_hz = 50;
static const double slow_hz = 2; /* bends are slower, tremor and steps are faster */
static const double least_lean_deg = 8;
static const double most_shank_lean_deg =
    48; /* farther the heel leaves the ground: a hanging leg */
static const double most_trunk_lean_deg = 90;
static const double shortest_s = 0.5, longest_s = 8; /* above a third of its lean */
static const double block_s = 0.5;                   /* still for so long is a posture */
static const double still_deg = 2.5, same_posture_deg = 5;
static const double fit_hz = 5, margin_s = 0.5; /* of standing at both ends */
static const double event_sd_s = 0.05;          /* on simulated people */
static const double confidence = 0.9;

/* Unit vectors along the specific force. */
struct directions {
    const struct coarse *coarse;
    double *at; /* coarse->n x 3 */
};

/* Frames [from, to) away from the posture, the farthest one between. */
struct excursion {
    size_t from, top, to;
    double lean_deg;
};

struct bends {
    double posture[3];
    size_t n;
    struct excursion *at;
    double lean_deg; /* usual */
};

static gait_status find_directions(const struct coarse *coarse, double cutoff_hz,
                                   struct directions *out, struct arena *tmp)
{
    *out = (struct directions){coarse, ARENA_NEW(tmp, 3 * coarse->n, double)};
    if (!out->at) return GAIT_NOMEM;
    struct filter filter = lowpass(cutoff_hz, coarse->rate_hz, 2);
    TRY(filtfilt(&filter, coarse->accel_g, out->at, coarse->n, 3, tmp));
    for (size_t i = 0; i < coarse->n; i++) vec_unit(out->at + 3 * i);
    return GAIT_OK;
}

static double angle_deg(const double a[3], const double b[3])
{
    double across[3];
    vec_cross(a, b, across);
    return atan2(vec_norm(across), vec_dot(a, b)) * to_deg;
}

/* Mean direction of n frames; 0 if they are not still. */
static int is_still(const double *at, size_t n, double mean[3])
{
    mean[0] = mean[1] = mean[2] = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < 3; c++) mean[c] += at[3 * i + c];
    if (!vec_unit(mean)) return 0;
    for (size_t i = 0; i < n; i++)
        if (angle_deg(at + 3 * i, mean) > still_deg) return 0;
    return 1;
}

/* The directions of still blocks, 3 values each; how many. */
static size_t list_postures(const struct directions *d, double *postures)
{
    size_t block = (size_t)(block_s * d->coarse->rate_hz), n = 0;
    for (size_t i = 0; i + block <= d->coarse->n; i += block)
        n += (size_t)is_still(d->at + 3 * i, block, postures + 3 * n);
    return n;
}

/* The mean of the postures like this one; how many they are. */
static size_t gather_posture(const double *postures, size_t n, const double like[3], double out[3])
{
    size_t found = 0;
    double first[3];
    memcpy(first, like, sizeof first);
    out[0] = out[1] = out[2] = 0;
    for (size_t k = 0; k < n; k++) {
        if (angle_deg(postures + 3 * k, first) > same_posture_deg) continue;
        for (size_t c = 0; c < 3; c++) out[c] += postures[3 * k + c];
        found++;
    }
    vec_unit(out);
    return found;
}

/* Where the angle is above low_deg between two frames below it, reaching high_deg. */
static size_t list_excursions(const struct directions *d, const double *angle, double low_deg,
                              double high_deg, double most_deg, struct excursion *out)
{
    size_t n = 0, count = d->coarse->n;
    for (size_t i = 1; i < count; i++) {
        if (!(angle[i] > low_deg && angle[i - 1] <= low_deg)) continue;
        struct excursion e = {i, i, i, 0};
        for (; e.to < count && angle[e.to] > low_deg; e.to++)
            if (angle[e.to] > angle[e.top]) e.top = e.to;
        e.lean_deg = angle[e.top];
        double length_s = (double)(e.to - e.from) / d->coarse->rate_hz;
        if (e.to < count && e.lean_deg >= high_deg && e.lean_deg <= most_deg &&
            length_s >= shortest_s && length_s <= longest_s)
            out[n++] = e;
        i = e.to;
    }
    return n;
}

static double usual_lean(const struct bends *bends, double *room)
{
    for (size_t k = 0; k < bends->n; k++) room[k] = bends->at[k].lean_deg;
    return median_inplace(room, bends->n);
}

/* Every excursion from the posture that returns; then those like the usual one, from a third of it
 * to two thirds and back. */
static void count_bends(const struct directions *d, double most_deg, double *angle,
                        struct bends *bends)
{
    for (size_t i = 0; i < d->coarse->n; i++) angle[i] = angle_deg(d->at + 3 * i, bends->posture);
    double *room = angle + d->coarse->n;
    bends->n = list_excursions(d, angle, least_lean_deg / 2, least_lean_deg, most_deg, bends->at);
    bends->lean_deg = usual_lean(bends, room);
    if (!bends->n) return;
    double low_deg = bends->lean_deg / 3, high_deg = fmax(2 * low_deg, least_lean_deg);
    bends->n = list_excursions(d, angle, low_deg, high_deg, most_deg, bends->at);
    bends->lean_deg = usual_lean(bends, room);
}

/* A posture, how many still blocks are like it, and how many bends leave it and return. */
struct candidate {
    const double *posture;
    size_t n_still, n_bends;
};

/* An earlier one nearly the same, NULL if there is none. */
static const struct candidate *seen_before(const struct candidate *candidates, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (angle_deg(candidates[k].posture, candidates[n].posture) < still_deg)
            return &candidates[k];
    return NULL;
}

/* Half-way down there is a turn that all bends pass and a broken-off one rests at: more leave it
 * and return than leave standing, but nobody stays there. Of those that half as many bends return
 * to as to any, the posture that was held longest. */
static const struct candidate *choose(const struct candidate *candidates, size_t n)
{
    const struct candidate *best = NULL;
    size_t most = 0;
    for (size_t k = 0; k < n; k++)
        if (candidates[k].n_bends > most) most = candidates[k].n_bends;
    for (size_t k = 0; k < n && most; k++) {
        const struct candidate *c = &candidates[k];
        if (3 * c->n_bends < most) continue;
        if (!best || c->n_still > best->n_still ||
            (c->n_still == best->n_still && c->n_bends > best->n_bends))
            best = c;
    }
    return best;
}

static gait_status find_bends(const struct directions *d, double most_deg, struct bends *out,
                              struct arena *tmp)
{
    size_t n = d->coarse->n, room = n / (size_t)(shortest_s * d->coarse->rate_hz) + 2;
    double *angle = ARENA_NEW(tmp, 2 * n, double), *postures = ARENA_NEW(tmp, 3 * room, double);
    struct candidate *candidates = ARENA_NEW(tmp, room, struct candidate);
    *out = (struct bends){.at = ARENA_NEW(tmp, room, struct excursion)};
    if (!angle || !postures || !candidates || !out->at) return GAIT_NOMEM;
    size_t n_postures = list_postures(d, postures);
    for (size_t k = 0; k < n_postures; k++) {
        candidates[k] = (struct candidate){.posture = postures + 3 * k};
        const struct candidate *like = seen_before(candidates, k);
        candidates[k].n_still =
            gather_posture(postures, n_postures, postures + 3 * k, out->posture);
        if (!like) count_bends(d, most_deg, angle, out);
        candidates[k].n_bends = like ? like->n_bends : out->n;
    }
    const struct candidate *best = choose(candidates, n_postures);
    out->n = 0;
    if (!best) return GAIT_OK;
    gather_posture(postures, n_postures, best->posture, out->posture);
    count_bends(d, most_deg, angle, out);
    return GAIT_OK;
}

/* The lean along the way that the bends take, below a cut-off. */
static gait_status follow(const struct coarse *coarse, const struct bends *bends, double cutoff_hz,
                          double **lean_deg, struct arena *tmp)
{
    struct directions d;
    double way[3] = {0, 0, 0};
    *lean_deg = ARENA_NEW(tmp, coarse->n, double);
    if (!*lean_deg) return GAIT_NOMEM;
    TRY(find_directions(coarse, cutoff_hz, &d, tmp));
    for (size_t k = 0; k < bends->n; k++)
        for (size_t c = 0; c < 3; c++) way[c] += d.at[3 * bends->at[k].top + c];
    vec_reject(way, bends->posture);
    vec_unit(way);
    for (size_t i = 0; i < coarse->n; i++) {
        const double *g = d.at + 3 * i;
        (*lean_deg)[i] = atan2(vec_dot(g, way), vec_dot(g, bends->posture)) * to_deg;
    }
    return GAIT_OK;
}

/* Where half a cosine from standing to the farthest frame lies that passes a third of the lean
 * where this one does. */
static struct bend_course guess(const struct excursion *e)
{
    static const double third_share = 0.392; /* of the way down, in time */
    double top = (double)e->top;
    return (struct bend_course){.begin = top - (top - (double)e->from) / (1 - third_share),
                                .lowest = top,
                                .end = top + ((double)e->to - top) / (1 - third_share),
                                .hold = 1,
                                .depth_deg = e->lean_deg};
}

/* Fits every bend by one way of moving; the sum of squares that is left. */
static double fit_bends(const struct coarse *coarse, const struct bends *bends,
                        const double *lean_deg, bend_way *way, struct bend_course *courses)
{
    double margin = margin_s * coarse->rate_hz, last = (double)(coarse->n - 1), left = 0;
    for (size_t k = 0; k < bends->n; k++) {
        courses[k] = guess(&bends->at[k]);
        double from = courses[k].begin - margin, to = courses[k].end + margin;
        if (k > 0) from = fmax(from, (guess(&bends->at[k - 1]).end + courses[k].begin) / 2);
        if (k + 1 < bends->n) to = fmin(to, (guess(&bends->at[k + 1]).begin + courses[k].end) / 2);
        left += bend_fit(lean_deg, (size_t)fmax(from, 0), (size_t)fmax(fmin(to, last), 0), way,
                         &courses[k]);
    }
    return left;
}

/* Frames with fractions: begin, lowest point, end. The whole course tells them, single frames are
 * blurred by the sway of standing; and all bends together tell how the person moves. */
static gait_status time_bends(const struct coarse *coarse, const struct bends *bends,
                              double (*out)[3], struct arena *tmp)
{
    double *lean_deg;
    struct bend_course *smooth = ARENA_NEW(tmp, bends->n, struct bend_course);
    struct bend_course *smoothest = ARENA_NEW(tmp, bends->n, struct bend_course);
    if (!smooth || !smoothest) return GAIT_NOMEM;
    TRY(follow(coarse, bends, fit_hz, &lean_deg, tmp));
    int is_smooth = fit_bends(coarse, bends, lean_deg, half_cosine, smooth) <=
                    fit_bends(coarse, bends, lean_deg, least_jerk, smoothest);
    for (size_t k = 0; k < bends->n; k++) {
        const struct bend_course *course = is_smooth ? &smooth[k] : &smoothest[k];
        out[k][0] = course->begin;
        out[k][1] = course->lowest;
        out[k][2] = course->end;
    }
    return GAIT_OK;
}

static gait_event bend_event(const struct bout_signal *signal, const struct coarse *coarse,
                             gait_event_type type, double at)
{
    int limb = placement_is_limb(signal->options->placement);
    return (gait_event){.type = type,
                        .side = limb ? signal->options->side : GAIT_SIDE_NONE,
                        .time_s = coarse->start_s + at / coarse->rate_hz,
                        .uncertainty_s = event_sd_s,
                        .confidence = confidence};
}

static gait_status push_bend(const struct bout_signal *signal, const struct coarse *coarse,
                             const double at[3], struct event_list *found, struct arena *keep)
{
    static const gait_event_type types[] = {GAIT_BEND_START, GAIT_BEND_LOWEST, GAIT_BEND_END};
    for (int k = 0; k < 3; k++) {
        gait_event event = bend_event(signal, coarse, types[k], at[k]);
        TRY(event_push(found, &event, keep));
    }
    return GAIT_OK;
}

/* Begun and broken off: from the posture to a third of the usual lean or more, but not to the two
 * thirds of one that counts. */
static gait_status push_aborted(const struct bout_signal *signal, const struct directions *d,
                                const struct bends *bends, struct event_list *found,
                                struct arena *keep, struct arena *tmp)
{
    size_t n = d->coarse->n, room = n / (size_t)(shortest_s * d->coarse->rate_hz) + 2;
    double *angle = ARENA_NEW(tmp, n, double), third_deg = bends->lean_deg / 3;
    struct excursion *aborted = ARENA_NEW(tmp, room, struct excursion);
    if (!angle || !aborted) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) angle[i] = angle_deg(d->at + 3 * i, bends->posture);
    size_t n_aborted = list_excursions(d, angle, third_deg / 2, fmax(third_deg, least_lean_deg),
                                       2 * third_deg, aborted);
    for (size_t k = 0; k < n_aborted; k++) {
        gait_event event = bend_event(signal, d->coarse, GAIT_BEND_ABORTED, (double)aborted[k].top);
        TRY(event_push(found, &event, keep));
    }
    return GAIT_OK;
}

static gait_status find(const struct bout_signal *signal, struct event_list *found,
                        struct arena *keep, struct arena *tmp)
{
    struct coarse coarse;
    struct directions d;
    struct bends bends;
    double most_deg =
        placement_is_limb(signal->options->placement) ? most_shank_lean_deg : most_trunk_lean_deg;
    TRY(coarse_make(signal, least_rate_hz, &coarse, tmp));
    if ((double)coarse.n < 2 * block_s * coarse.rate_hz || coarse.n < 8) return GAIT_OK;
    TRY(find_directions(&coarse, slow_hz, &d, tmp));
    TRY(find_bends(&d, most_deg, &bends, tmp));
    if (!bends.n) return GAIT_OK;
    double(*timed)[3] = arena_alloc(tmp, bends.n, sizeof *timed);
    if (!timed) return GAIT_NOMEM;
    TRY(time_bends(&coarse, &bends, timed, tmp));
    double ended = 0;
    for (size_t k = 0; k < bends.n; k++) {
        double at[3] = {fmax(timed[k][0], ended), timed[k][1], timed[k][2]};
        if (!(at[0] < at[1] && at[1] < at[2])) continue;
        TRY(push_bend(signal, &coarse, at, found, keep));
        ended = at[2] + 0.5;
    }
    return push_aborted(signal, &d, &bends, found, keep, tmp);
}

const struct detector detect_bend = {
    .pub = {.name = "bend",
            .about = "Repetitions of a knee bend or squat: the sensor leans from the posture that "
                     "is taken again and again, and returns.",
            .source =
                "own; begin, lowest point and end are those of the nearest course down and up by "
                "half a cosine or by least jerk (Flash and Hogan 1985, J Neurosci 5:1688)",
            .placements = AT(GAIT_SHANK) | AT(GAIT_SACRUM) | AT(GAIT_WAIST),
            .activities = DURING(GAIT_KNEE_BEND) | DURING(GAIT_SQUAT),
            .is_default = 1},
    .detect = find,
};
