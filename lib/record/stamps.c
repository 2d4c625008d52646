/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/stamps.h"

#include <math.h>

#include "base/hot.h"

/* Loops of this fixed length become vector code. */
enum { LANES = 8 };

struct lane_range {
    double least[LANES], most[LANES], zero[LANES];
};

/* The lanes come and go by value, so that they stay in registers. */
HOT_PART struct lane_range add_steps(struct lane_range r, const double *t)
{
    for (size_t k = 0; k < LANES; k++) {
        double step = t[k] - t[(ptrdiff_t)k - 1];
        r.least[k] = step < r.least[k] ? step : r.least[k];
        r.most[k] = step > r.most[k] ? step : r.most[k];
        r.zero[k] += step - step; /* NaN unless finite */
    }
    return r;
}

HOT_PART void add_step(struct step_range *range, double *zero, double least, double most)
{
    range->least = least < range->least ? least : range->least;
    range->most = most > range->most ? most : range->most;
    *zero += (least - least) + (most - most);
}

HOT struct step_range stamps_range(const double *stamp_s, size_t n)
{
    struct step_range range = {HUGE_VAL, -HUGE_VAL, 1};
    double zero = n ? stamp_s[0] - stamp_s[0] : 0;
    size_t i = 1;
    if (n > LANES) {
        struct lane_range lanes;
        for (size_t k = 0; k < LANES; k++) {
            lanes.least[k] = lanes.most[k] = stamp_s[1] - stamp_s[0];
            lanes.zero[k] = 0;
        }
        for (; i + LANES <= n; i += LANES) lanes = add_steps(lanes, stamp_s + i);
        for (size_t k = 0; k < LANES; k++) {
            add_step(&range, &zero, lanes.least[k], lanes.most[k]);
            zero += lanes.zero[k];
        }
    }
    for (; i < n; i++) {
        double step = stamp_s[i] - stamp_s[i - 1];
        add_step(&range, &zero, step, step);
    }
    range.is_finite = zero <= 0;
    return range;
}

HOT_PART void add_distances(double *largest, const double *t, size_t n, double first,
                            double start_s, double interval_s)
{
    for (size_t k = 0; k < n; k++) {
        double off = fabs(t[k] - (start_s + (first + (double)(int)k) * interval_s));
        largest[k] = off > largest[k] ? off : largest[k];
    }
}

HOT double stamps_off_line(const double *stamp_s, size_t n, double start_s, double interval_s)
{
    double lanes[LANES] = {0}, first = 0, largest = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES, first += LANES)
        add_distances(lanes, stamp_s + i, LANES, first, start_s, interval_s);
    add_distances(lanes, stamp_s + i, n - i, first, start_s, interval_s);
    for (size_t k = 0; k < LANES; k++) largest = fmax(largest, lanes[k]);
    return largest;
}

HOT_PART void lay(double *t, size_t n, double start_s, double first, double interval_s)
{
    for (size_t k = 0; k < n; k++) t[k] = start_s + (first + (double)(int)k) * interval_s;
}

HOT void stamps_lay(double *stamp_s, size_t n, double start_s, double first, double interval_s)
{
    size_t i = 0;
    for (; i + LANES <= n; i += LANES, first += LANES)
        lay(stamp_s + i, LANES, start_s, first, interval_s);
    lay(stamp_s + i, n - i, start_s, first, interval_s);
}

HOT_PART void look_beyond(int *beyond, const float *x, size_t n, float limit)
{
    for (size_t k = 0; k < n; k++) beyond[k] |= !(fabsf(x[k]) <= limit);
}

HOT int all_within(const float *x, size_t n, float limit)
{
    int beyond[LANES] = {0}, any = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) look_beyond(beyond, x + i, LANES, limit);
    look_beyond(beyond, x + i, n - i, limit);
    for (size_t k = 0; k < LANES; k++) any |= beyond[k];
    return !any;
}
