/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/stamps.h"

#include <math.h>

#include "base/four.h"
#include "base/hot.h"

/* Loops of this fixed length become vector code. */
enum { LANES = 8 };

HOT_PART void add_step(struct step_range *range, double *zero, double least, double most)
{
    range->least = least < range->least ? least : range->least;
    range->most = most > range->most ? most : range->most;
    *zero += (least - least) + (most - most); /* NaN unless finite */
}

/* Steps in groups of four, two groups at once, while there are such; the first step that is left.
 */
HOT_PART size_t add_fours(struct step_range *range, double *zero, const double *t, size_t n)
{
    four least[2], most[2], zeros[2] = {{0}, {0}};
    size_t i = 1;
    for (size_t g = 0; g < 2; g++) least[g] = most[g] = (four){0} + (t[1] - t[0]);
    for (; i + LANES <= n; i += LANES)
        for (size_t g = 0; g < 2; g++) {
            four now, before;
            four_load(&now, t + i + 4 * g);
            four_load(&before, t + i + 4 * g - 1);
            four step = now - before;
            four_lower(&least[g], &step);
            four_raise(&most[g], &step);
            zeros[g] += 0.0 * step; /* NaN unless finite */
        }
    for (size_t k = 0; k < LANES; k++) {
        add_step(range, zero, least[k / 4][k % 4], most[k / 4][k % 4]);
        *zero += zeros[k / 4][k % 4];
    }
    return i;
}

HOT struct step_range stamps_range(const double *stamp_s, size_t n)
{
    struct step_range range = {HUGE_VAL, -HUGE_VAL, 1};
    double zero = n ? stamp_s[0] - stamp_s[0] : 0;
    size_t i = n > LANES ? add_fours(&range, &zero, stamp_s, n) : 1;
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

/* The axes of as many frames as there are lanes. */
HOT_PART void raise_to(float *largest, const float *xyz)
{
    for (size_t k = 0; k < 3 * LANES; k++) {
        float size = fabsf(xyz[k]);
        largest[k] = size > largest[k] ? size : largest[k];
    }
}

HOT void largest_per_axis(const float *xyz, size_t n, float largest[3])
{
    float lanes[3 * LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) raise_to(lanes, xyz + 3 * i);
    for (size_t k = 3 * i; k < 3 * n; k++) lanes[k % 3] = fmaxf(lanes[k % 3], fabsf(xyz[k]));
    for (size_t k = 3; k < 3 * LANES; k++) lanes[k % 3] = fmaxf(lanes[k % 3], lanes[k]);
    for (size_t k = 0; k < 3; k++) largest[k] = lanes[k];
}
