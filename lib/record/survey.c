/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/survey.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "record/stamps.h"

/* A plateau is what a limit leaves of a peak: frames close to the largest value that hardly differ.
 * A peak that reaches exactly the same largest value as others did is one of a single frame.
 * Real parts overshoot their nominal full scale by up to 6 %. */
static const double low_share = 0.97, high_share = 1.06; /* of the full scale */
static const double near_peak = 0.985, flat_share = 0.002;
static const double full_scales_g[] = {2, 4, 8, 16, 24, 30, 32, 50, 100, 200};
enum { LEAST_PLATEAUS = 3, MARKED_AROUND = 2, AT_LIMIT = 0x40 /* a mark for counting */ };

/* No sensor reads exactly 0, 0, 0 for long. The same for 10 s is a sensor asleep, or a gap that a
 * program filled with the last value; in either case nobody wears it. */
static const double zeros_s = 0.1, constant_s = 10;

void survey_init(struct survey *survey, double rate_hz, double range_g)
{
    memset(survey, 0, sizeof *survey);
    survey->rate_hz = rate_hz;
    survey->range_g = range_g;
    survey->range_stated = isfinite(range_g);
    still_init(&survey->still, rate_hz);
}

void survey_free(struct survey *survey)
{
    free(survey->marks);
    survey->marks = NULL;
    still_free(&survey->still);
}

static double full_scale_of(double peak_g)
{
    for (size_t i = 0; i < sizeof full_scales_g / sizeof *full_scales_g; i++)
        if (peak_g >= low_share * full_scales_g[i] && peak_g <= high_share * full_scales_g[i])
            return full_scales_g[i];
    return NAN;
}

/* What to look for in this block; NaN: nothing near any limit. */
static double candidate_range(struct survey *s, double largest_g)
{
    if (s->range_stated) return largest_g >= low_share * s->range_g ? s->range_g : (double)NAN;
    double peak_g = fmax(s->peak_g[0], fmax(s->peak_g[1], s->peak_g[2]));
    double range_g = full_scale_of(peak_g);
    if (isfinite(s->range_g) && !(fabs(range_g - s->range_g) < 0.5)) { /* it was none */
        s->range_g = NAN;
        s->n_plateaus = 0;
    }
    return largest_g >= near_peak * peak_g ? range_g : (double)NAN;
}

/* Marks the plateau [from, to) and the frames around it. */
static void mark_plateau(struct survey *s, size_t from, size_t to, size_t n)
{
    size_t first = from > MARKED_AROUND ? from - MARKED_AROUND : 0;
    size_t last = to + MARKED_AROUND;
    if (last > n) s->clip_goes_on = (int)(last - n);
    if (last > n) last = n;
    for (size_t i = first; i < last; i++) s->marks[i] |= GAIT_FRAME_CLIPPED;
    for (size_t i = from; i < to; i++) s->marks[i] |= AT_LIMIT;
}

/* Frames of one axis at exactly the largest value so far, which makes it a limit once there are
 * some.
 */
static void follow_peak(struct survey *s, const float *accel_g, size_t n, const float largest[3])
{
    for (size_t k = 0; k < 3; k++) {
        if ((double)largest[k] > s->peak_g[k]) {
            s->peak_g[k] = (double)largest[k];
            s->n_at_peak[k] = 0;
        }
        if ((double)largest[k] < s->peak_g[k]) continue;
        for (size_t i = 0; i < n; i++)
            s->n_at_peak[k] += (size_t) !(fabsf(accel_g[3 * i + k]) < largest[k]);
    }
}

/* Plateaus of one axis. They are marked once there were enough of them to believe in the limit. */
static size_t find_plateaus(struct survey *s, const float *x, size_t n, int k, double range_g,
                            int mark)
{
    double peak_g = s->peak_g[k];
    int is_limit = s->n_at_peak[k] >= LEAST_PLATEAUS;
    double low_g = near_peak * fmin(peak_g, high_share * range_g), flat_g = flat_share * range_g;
    size_t least = s->rate_hz >= 500 ? 3 : 2, run = 0, found = 0;
    for (size_t i = 0; i <= n; i++) {
        double now = i < n ? (double)x[3 * i] : 0;
        int high = i < n && fabs(now) >= low_g;
        if (high && run && fabs(now - (double)x[3 * (i - 1)]) < flat_g) {
            run++;
            continue;
        }
        if (run >= least || (run && is_limit && fabs((double)x[3 * (i - 1)]) >= peak_g)) {
            found++;
            if (mark) mark_plateau(s, i - run, i, n);
        }
        run = (size_t)high;
    }
    return found;
}

static void mark_clipped(struct survey *s, const float *accel_g, size_t n)
{
    float largest[3];
    for (size_t i = 0; s->clip_goes_on && i < n; i++, s->clip_goes_on--)
        s->marks[i] |= GAIT_FRAME_CLIPPED;
    largest_per_axis(accel_g, n, largest);
    follow_peak(s, accel_g, n, largest);
    double range_g =
        candidate_range(s, fmax((double)largest[0], fmax((double)largest[1], (double)largest[2])));
    if (!isfinite(range_g)) return;

    for (int k = 0; k < 3 && !s->range_stated; k++)
        if (s->peak_g[k] >= low_share * range_g)
            s->n_plateaus += find_plateaus(s, accel_g + k, n, k, range_g, 0);
    if (!s->range_stated && s->n_plateaus < LEAST_PLATEAUS) return;
    s->range_g = range_g;
    for (int k = 0; k < 3; k++)
        if (s->peak_g[k] >= low_share * range_g) find_plateaus(s, accel_g + k, n, k, range_g, 1);
}

static int same(const float *a, const float *b)
{
    return !memcmp(a, b, 3 * sizeof *a);
}

static int is_zero(const float *a)
{
    static const float zero[3], minus[3] = {-0.0F, -0.0F, -0.0F};
    return same(a, zero) || same(a, minus);
}

/* The run [first, last) of frames like frame i; `before` frames of the last block belong to it. */
struct run {
    size_t first, last, before;
};

static struct run run_around(const struct survey *s, const float *a, size_t n, size_t i)
{
    struct run r = {i, i + 1, 0};
    while (r.first > 0 && same(a + 3 * (r.first - 1), a + 3 * i)) r.first--;
    while (r.last < n && same(a + 3 * r.last, a + 3 * i)) r.last++;
    if (!r.first && s->any && same(s->last, a + 3 * i)) r.before = s->alike;
    return r;
}

static void mark_run(struct survey *s, const struct run *r, const float *a)
{
    double length_s = (double)(r->before + r->last - r->first) / s->rate_hz;
    int leads = !r->first && !s->any; /* an export that begins with empty rows */
    size_t from = r->first;
    if (is_zero(a + 3 * r->first)) {
        if (length_s < zeros_s && !leads) return;
    } else {
        if (length_s < constant_s) return;
        double late = constant_s * s->rate_hz - (double)r->before;
        if (late > 0) from += (size_t)late;
    }
    for (size_t i = from; i < r->last; i++) s->marks[i] |= GAIT_FRAME_FILLER;
}

/* Every run that is long enough has a frame at each such step. */
static void mark_filler(struct survey *s, const float *a, size_t n)
{
    size_t step = (size_t)fmax(1, zeros_s * s->rate_hz / 2), done = 0;
    for (size_t i = 0; i < n; i += step) {
        int same_as_last =
            i >= step ? same(a + 3 * i, a + 3 * (i - step)) : s->any && same(a + 3 * i, s->last);
        if (i < done || !(same_as_last || is_zero(a + 3 * i))) continue;
        struct run r = run_around(s, a, n, i);
        mark_run(s, &r, a);
        done = r.last;
    }
    struct run tail = run_around(s, a, n, n - 1);
    s->alike = tail.last - tail.first + tail.before;
    memcpy(s->last, a + 3 * (n - 1), sizeof s->last);
    s->any = 1;
}

/* Frames that the reader marked are at a limit, too. */
static void take_marks(struct survey *s, const uint8_t *marks, size_t n)
{
    if (!marks) {
        memset(s->marks, 0, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        s->marks[i] = (uint8_t)(marks[i] | (marks[i] & GAIT_FRAME_CLIPPED ? AT_LIMIT : 0));
}

/* 1 if any mark is set. */
static int count_marks(struct survey *s, size_t n)
{
    unsigned any = 0;
    for (size_t i = 0; i < n; i++) any |= s->marks[i];
    if (!any) return 0;
    for (size_t i = 0; i < n; i++) {
        s->n_clipped += (s->marks[i] & AT_LIMIT) != 0;
        s->n_filler += (s->marks[i] & GAIT_FRAME_FILLER) != 0;
        s->marks[i] &= (uint8_t)~AT_LIMIT;
    }
    return 1;
}

gait_status survey_block(struct survey *survey, gait_block *block, gait_error *err)
{
    struct survey *s = survey;
    size_t n = block->n_frames;
    if (!n) return GAIT_OK;
    if (n > s->room) {
        uint8_t *bigger = realloc(s->marks, n);
        if (!bigger) return gait_fail(err, GAIT_NOMEM, "no memory for the marks of %zu frames", n);
        s->marks = bigger;
        s->room = n;
    }
    take_marks(s, block->marks, n);
    if (block->starts_segment) {
        s->clip_goes_on = 0;
        still_break(&s->still);
    }
    mark_clipped(s, block->accel_g, n);
    mark_filler(s, block->accel_g, n);
    still_add(&s->still, block->accel_g, n);
    block->marks = count_marks(s, n) ? s->marks : NULL;
    return GAIT_OK;
}
