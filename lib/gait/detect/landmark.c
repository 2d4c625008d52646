/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/landmark.h"

#include <math.h>

#include "signal/peaks.h"

/* The samples inside a stretch of time: [from, to). */
struct inside {
    size_t from, to;
};

static struct inside inside(const struct row *row, double from_s, double to_s)
{
    double from = ceil((from_s - row->from_s) / row->step_s - 1e-6);
    double to = floor((to_s - row->from_s) / row->step_s + 1e-6) + 1;
    double n = (double)row->n;
    struct inside in = {(size_t)fmin(fmax(from, 0), n), (size_t)fmin(fmax(to, 0), n)};
    if (in.to < in.from) in.to = in.from;
    return in;
}

/* The vertex of the parabola through y at i and its neighbours, at most half a step away. */
static double vertex_s(const double *y, const struct row *row, size_t i)
{
    double at = parabolic(y, row->n, i, NULL);
    return row_time_s(row, fmin(fmax(at, (double)i - 0.5), (double)i + 0.5));
}

double extremum_between(const double *y, const struct row *row, double from_s, double to_s,
                        double sign)
{
    struct inside in = inside(row, from_s, to_s);
    if (in.to < in.from + 3) return NAN;
    size_t best = sign > 0 ? argmax(y, in.from, in.to) : argmin(y, in.from, in.to);
    if (best == in.from || best + 1 == in.to) return NAN;
    return vertex_s(y, row, best);
}

static double slope_at(const double *y, const struct row *row, size_t i)
{
    if (i == 0) return y[1] - y[0];
    if (i + 1 == row->n) return y[i] - y[i - 1];
    return 0.5 * (y[i + 1] - y[i - 1]);
}

double steepest_between(const double *y, const struct row *row, double from_s, double to_s,
                        double sign)
{
    struct inside in = inside(row, from_s, to_s);
    if (in.to < in.from + 3) return NAN;
    size_t best = in.from;
    for (size_t i = in.from; i < in.to; i++)
        if (sign * slope_at(y, row, i) > sign * slope_at(y, row, best)) best = i;
    if (best == in.from || best + 1 == in.to) return NAN;
    double around[3] = {slope_at(y, row, best - 1), slope_at(y, row, best),
                        slope_at(y, row, best + 1)};
    return row_time_s(row, (double)best + parabolic(around, 3, 1, NULL) - 1);
}

double hump_between(const double *y, const struct row *row, double from_s, double middle_s,
                    double to_s)
{
    double rise_s = steepest_between(y, row, from_s, middle_s, 1);
    double fall_s = steepest_between(y, row, middle_s, to_s, -1);
    return 0.5 * (rise_s + fall_s);
}

static double mean_of(const double *y, size_t from, size_t to)
{
    double sum = 0;
    for (size_t i = from; i < to; i++) sum += y[i];
    return sum / (double)(to - from);
}

static double loudness_ratio(const double *energy, size_t i, size_t n_before, size_t n_after,
                             double floor)
{
    double after = mean_of(energy, i, i + n_after) + floor;
    double before = mean_of(energy, i - n_before, i) + floor;
    return log(after / before);
}

double edge_between(const double *energy, const struct row *row, double from_s, double to_s,
                    const struct edge_rules *rules)
{
    size_t n_before = (size_t)(rules->before_s / row->step_s + 0.5);
    size_t n_after = (size_t)(rules->after_s / row->step_s + 0.5);
    struct inside in = inside(row, from_s, to_s);
    if (in.from < n_before + 1) in.from = n_before + 1;
    if (in.to + n_after + 1 > row->n) in.to = row->n > n_after ? row->n - n_after - 1 : 0;
    if (in.to < in.from + 3) return NAN;
    size_t loudest = argmax(energy, in.from - n_before, in.to + n_after);
    double floor = rules->floor * energy[loudest];
    if (!(floor > 0)) return NAN;

    size_t best = in.from;
    double ratio[3] = {-INFINITY, -INFINITY, -INFINITY};
    for (size_t i = in.from; i < in.to; i++) {
        double here = loudness_ratio(energy, i, n_before, n_after, floor);
        if (here > ratio[1]) {
            ratio[1] = here;
            best = i;
        }
    }
    if (best == in.from || best + 1 == in.to) return NAN;
    ratio[0] = loudness_ratio(energy, best - 1, n_before, n_after, floor);
    ratio[2] = loudness_ratio(energy, best + 1, n_before, n_after, floor);
    /* Sample best is the first of the loud ones: the edge is half a step before it. */
    return row_time_s(row, (double)best + parabolic(ratio, 3, 1, NULL) - 1.5);
}

/* How far one must climb from i to reach lower ground, on the easier side. */
static double prominence_of(const double *y, size_t n, size_t i)
{
    double left = y[i], right = y[i];
    for (size_t k = i; k-- > 0 && y[k] >= y[i];) left = fmax(left, y[k]);
    for (size_t k = i + 1; k < n && y[k] >= y[i]; k++) right = fmax(right, y[k]);
    return fmin(left, right) - y[i];
}

/* Half the time around i in which y is below the level. */
static double half_width_s(const double *y, const struct row *row, size_t i, double level)
{
    size_t left = i, right = i;
    while (left > 0 && y[left] < level) left--;
    while (right + 1 < row->n && y[right] < level) right++;
    double from = (double)left, to = (double)right;
    if (left < i && y[left] > level) from += (y[left] - level) / (y[left] - y[left + 1]);
    if (right > i && y[right] > level) to -= (y[right] - level) / (y[right] - y[right - 1]);
    return 0.5 * (to - from) * row->step_s;
}

static int is_minimum(const double *y, size_t i)
{
    return y[i] < y[i - 1] && y[i] <= y[i + 1];
}

/* How far from i the furthest other minimum is without climbing over the level between. */
static double twin_distance_s(const double *y, const struct row *row, size_t i, double level)
{
    size_t left = i, right = i;
    for (size_t k = i - 1; k > 0 && y[k] < level; k--)
        if (is_minimum(y, k)) left = k;
    for (size_t k = i + 1; k + 1 < row->n && y[k] < level; k++)
        if (is_minimum(y, k)) right = k;
    return fmax((double)(i - left), (double)(right - i)) * row->step_s;
}

struct dip dip_between(const double *y, const struct row *row, double from_s, double to_s,
                       double expected_s, double spread_s)
{
    struct dip best = {.time_s = NAN, .prominence = 0, .rival_s = NAN, .lead = INFINITY};
    struct inside in = inside(row, from_s, to_s);
    double lowest = INFINITY, second = INFINITY;
    size_t at = 0;
    for (size_t i = in.from > 0 ? in.from : 1; i < in.to && i + 1 < row->n; i++) {
        if (!is_minimum(y, i)) continue;
        double prominence = prominence_of(y, row->n, i);
        double z = (row_time_s(row, (double)i) - expected_s) / spread_s;
        double cost = 0.5 * z * z - log(prominence + 1e-9);
        if (cost < lowest) {
            best.rival_s = best.time_s;
            second = lowest;
            lowest = cost;
            best.time_s = vertex_s(y, row, i);
            best.prominence = prominence;
            at = i;
        } else if (cost < second) {
            best.rival_s = vertex_s(y, row, i);
            second = cost;
        }
    }
    if (isfinite(second)) best.lead = second - lowest;
    if (at == 0) return best;
    best.breadth_s = half_width_s(y, row, at, y[at] + 0.05 * best.prominence);
    best.twin_s = twin_distance_s(y, row, at, y[at] + 0.25 * best.prominence);
    return best;
}
