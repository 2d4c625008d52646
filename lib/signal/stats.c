/* SPDX-License-Identifier: BSD-3-Clause */
#include "signal/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

static const double not_available = NAN;

double mean(const double *x, size_t n)
{
    if (n == 0) return not_available;
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    return sum / (double)n;
}

double standard_deviation(const double *x, size_t n)
{
    if (n == 0) return not_available;
    double level = mean(x, n), sum = 0;
    for (size_t i = 0; i < n; i++) sum += (x[i] - level) * (x[i] - level);
    return sqrt(sum / (double)n);
}

double correlation(const double *x, const double *y, size_t n)
{
    double mx = mean(x, n), my = mean(y, n), xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        double dx = x[i] - mx, dy = y[i] - my;
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    double scale = sqrt(xx) * sqrt(yy);
    return scale > 0 ? fmin(fmax(xy / scale, -1), 1) : not_available;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void swap(double *a, double *b)
{
    double held = *a;
    *a = *b;
    *b = held;
}

/* The middle one of three goes to the last place. */
static void pivot_to_end(double *a, double *b, double *c)
{
    if (*a > *b) swap(a, b);
    if (*c < *a)
        swap(a, c);
    else if (*b < *c)
        swap(b, c);
}

/* Those below the last of x[low..high] come before it; where it is then. Without a branch that
 * values decide, for such a branch is guessed wrong every other time. */
static size_t partition(double *x, size_t low, size_t high)
{
    size_t at = low;
    double pivot = x[high];
    for (size_t i = low; i < high; i++) {
        double value = x[i];
        x[i] = x[at];
        x[at] = value;
        at += value < pivot;
    }
    swap(&x[at], &x[high]);
    return at;
}

/* Few values, each moved up to its place. */
static void insert_in_order(double *x, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        double value = x[i];
        size_t at = i;
        for (; at > 0 && x[at - 1] > value; at--) x[at] = x[at - 1];
        x[at] = value;
    }
}

/* Hoare's quicksort; an order that was made to be slow is left to the C library. */
static void sort_parts(double *x, size_t n, int rounds)
{
    enum { FEW = 16 };
    while (n > FEW) {
        if (rounds-- == 0) {
            qsort(x, n, sizeof *x, by_value);
            return;
        }
        pivot_to_end(x, x + (n - 1) / 2, x + n - 1);
        size_t at = partition(x, 0, n - 1), rest = n - at - 1;
        if (at < rest) {
            sort_parts(x, at, rounds);
            x += at + 1;
            n = rest;
        } else {
            sort_parts(x + at + 1, rest, rounds);
            n = at;
        }
    }
    insert_in_order(x, n);
}

static void sort(double *x, size_t n)
{
    sort_parts(x, n, 32);
}

/* Puts the k-th smallest at x[k], no larger ones before it, no smaller ones behind (Hoare 1961,
 * partition after Lomuto). */
static double select_kth(double *x, size_t n, size_t k)
{
    size_t low = 0, high = n - 1;
    for (int rounds = 0; low < high; rounds++) {
        if (rounds > 64) { /* an order made to be slow */
            sort(x + low, high - low + 1);
            break;
        }
        pivot_to_end(x + low, x + low + (high - low) / 2, x + high);
        size_t at = partition(x, low, high);
        if (k == at) break;
        if (k < at)
            high = at - 1;
        else
            low = at + 1;
    }
    return x[k];
}

double quantile_inplace(double *x, size_t n, double q)
{
    if (n == 0) return not_available;
    double place = fmin(fmax(q, 0), 1) * (double)(n - 1);
    size_t k = (size_t)place;
    double below = select_kth(x, n, k), share = place - (double)k;
    if (!(share > 0) || k + 1 >= n) return below;
    double above = x[k + 1];
    for (size_t i = k + 2; i < n; i++)
        if (x[i] < above) above = x[i];
    return below + share * (above - below);
}

double median_inplace(double *x, size_t n)
{
    return quantile_inplace(x, n, 0.5);
}

double quantile(const double *x, size_t n, double q, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    double *copy = ARENA_NEW(tmp, n, double);
    if (!copy) return not_available;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) copy[kept++] = x[i];
    double found = quantile_inplace(copy, kept, q);
    arena_rewind(tmp, mark);
    return found;
}

double median(const double *x, size_t n, struct arena *tmp)
{
    return quantile(x, n, 0.5, tmp);
}

double mad_sigma(const double *x, size_t n, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    double *distance = ARENA_NEW(tmp, n, double);
    if (!distance) return not_available;
    double centre = median(x, n, tmp);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) distance[kept++] = fabs(x[i] - centre);
    double spread = 1.4826 * median_inplace(distance, kept);
    arena_rewind(tmp, mark);
    return spread;
}

/* First place in the sorted window whose value is not below `value`. */
static size_t place_of(const double *sorted, size_t n, double value)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Sorted neighbours of one value, and what they say. */
static double window_median(const double *sorted, size_t n)
{
    return 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]);
}

/* Median distance from the median: outwards from the middle, always to the nearer side. */
static double window_mad(const double *sorted, size_t n)
{
    double centre = window_median(sorted, n), last = 0, before = 0;
    size_t below = n / 2, above = n / 2; /* below: one past the next on the left */
    for (size_t taken = 0; taken <= n / 2; taken++) {
        double left = below > 0 ? centre - sorted[below - 1] : HUGE_VAL;
        double right = above < n ? sorted[above] - centre : HUGE_VAL;
        before = last;
        last = left < right ? left : right;
        if (left < right)
            below--;
        else
            above++;
    }
    return n % 2 ? last : 0.5 * (before + last);
}

void running_spread(const double *x, size_t n, size_t k, double *centre, double *sigma,
                    struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    if (k > n) k = n;
    double *sorted = ARENA_NEW(tmp, 2 * k + 1, double);
    size_t held = 0, next = 0;
    for (size_t i = 0; i < n; i++) {
        if (!sorted) {
            centre[i] = not_available;
            if (sigma) sigma[i] = not_available;
            continue;
        }
        if (i > k) { /* the oldest leaves */
            size_t at = place_of(sorted, held, x[i - k - 1]);
            memmove(sorted + at, sorted + at + 1, (--held - at) * sizeof *sorted);
        }
        for (; next < n && next <= i + k; next++) {
            size_t at = place_of(sorted, held, x[next]);
            memmove(sorted + at + 1, sorted + at, (held++ - at) * sizeof *sorted);
            sorted[at] = x[next];
        }
        centre[i] = window_median(sorted, held);
        if (sigma) sigma[i] = 1.4826 * window_mad(sorted, held);
    }
    arena_rewind(tmp, mark);
}

void running_median(const double *x, double *y, size_t n, size_t k, struct arena *tmp)
{
    running_spread(x, n, k, y, NULL, tmp);
}

enum { MOST_TREND_POINTS = 1024 };

/* Medians of runs of equal length, so that the pairs stay few; how many. */
static size_t pool(const double *x, size_t n, double *pooled, struct arena *tmp)
{
    size_t length = (n + MOST_TREND_POINTS - 1) / MOST_TREND_POINTS, found = 0;
    for (size_t i = 0; i < n; i += length)
        pooled[found++] = median(x + i, n - i < length ? n - i : length, tmp);
    return found;
}

static size_t pair_slopes(const double *t, const double *y, size_t n, double *slope)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            if (fabs(t[j] - t[i]) > 0) slope[found++] = (y[j] - y[i]) / (t[j] - t[i]);
    return found;
}

/* How much wider the interval gets because neighbouring residuals are alike. */
static double widening(const double *residual, size_t n)
{
    double rho = correlation(residual, residual + 1, n - 1);
    if (!(rho > 0)) return 1;
    rho = fmin(rho, 0.98);
    return sqrt((1 + rho) / (1 - rho));
}

/* Ranks of the sorted slopes between which the true one lies in 95 %. */
static void slope_interval(const double *slope, size_t n_slopes, size_t n, double wider,
                           struct trend *out)
{
    double points = (double)n, pairs = (double)n_slopes;
    double c = 1.959964 * wider * sqrt(points * (points - 1) * (2 * points + 5) / 18);
    double low = floor((pairs - c) / 2 + 0.5) - 1, high = floor((pairs + c) / 2 + 0.5);
    out->slope_low = slope[(size_t)fmax(low, 0)];
    out->slope_high = slope[(size_t)fmin(high, pairs - 1)];
}

static gait_status fit_trend(const double *t, const double *y, size_t n, struct trend *out,
                             struct arena *tmp)
{
    double *slope = ARENA_NEW(tmp, n * (n - 1) / 2, double);
    double *rest = ARENA_NEW(tmp, n, double);
    if (!slope || !rest) return GAIT_NOMEM;
    size_t n_slopes = pair_slopes(t, y, n, slope);
    if (n_slopes == 0) return GAIT_OK;
    sort(slope, n_slopes);
    out->slope = 0.5 * (slope[(n_slopes - 1) / 2] + slope[n_slopes / 2]);
    for (size_t i = 0; i < n; i++) rest[i] = y[i] - out->slope * t[i];
    out->intercept = median(rest, n, tmp);
    slope_interval(slope, n_slopes, n, widening(rest, n), out);
    return GAIT_OK;
}

gait_status theil_sen(const double *t, const double *y, size_t n, struct trend *out,
                      struct arena *tmp)
{
    *out = (struct trend){not_available, not_available, not_available, not_available};
    if (n < 3) return GAIT_TOO_SHORT;
    if (n <= MOST_TREND_POINTS) {
        struct arena_mark mark = arena_mark(tmp);
        gait_status status = fit_trend(t, y, n, out, tmp);
        arena_rewind(tmp, mark);
        return status;
    }
    double pooled_t[MOST_TREND_POINTS], pooled_y[MOST_TREND_POINTS];
    size_t few = pool(t, n, pooled_t, tmp);
    (void)pool(y, n, pooled_y, tmp);
    struct arena_mark mark = arena_mark(tmp);
    gait_status status = fit_trend(pooled_t, pooled_y, few, out, tmp);
    arena_rewind(tmp, mark);
    return status;
}

/* What every draw of the bootstrap reads: the values in order, and each one's place in them. */
struct ranked {
    double *sorted;
    uint32_t *rank;
    uint32_t *count; /* how often a rank was drawn */
    size_t n;
};

static gait_status rank_values(const double *x, size_t n, struct ranked *out, struct arena *tmp)
{
    out->n = n;
    out->sorted = ARENA_NEW(tmp, n, double);
    out->rank = ARENA_NEW(tmp, n, uint32_t);
    out->count = ARENA_NEW(tmp, n, uint32_t);
    if (!out->sorted || !out->rank || !out->count) return GAIT_NOMEM;
    memcpy(out->sorted, x, n * sizeof *x);
    sort(out->sorted, n);
    for (size_t i = 0; i < n; i++) out->rank[i] = (uint32_t)place_of(out->sorted, n, x[i]);
    return GAIT_OK;
}

/* Value with `below` drawn values before it. */
static double drawn_value(const struct ranked *values, size_t below)
{
    size_t rank = 0;
    for (size_t seen = values->count[0]; seen <= below; seen += values->count[rank]) rank++;
    return values->sorted[rank];
}

/* The median of blocks drawn with replacement until n values are there. */
static double drawn_median(const struct ranked *values, size_t block, struct prng *prng)
{
    size_t n = values->n;
    memset(values->count, 0, n * sizeof *values->count);
    for (size_t drawn = 0; drawn < n;) {
        size_t first = (size_t)prng_below(prng, n - block + 1);
        size_t length = n - drawn < block ? n - drawn : block;
        for (size_t j = 0; j < length; j++) values->count[values->rank[first + j]]++;
        drawn += length;
    }
    return 0.5 * (drawn_value(values, (n - 1) / 2) + drawn_value(values, n / 2));
}

gait_status bootstrap_median(const double *x, size_t n, size_t block, size_t draws, uint64_t seed,
                             double *low, double *high, struct arena *tmp)
{
    *low = *high = not_available;
    if (n < 2 || n > UINT32_MAX || draws == 0) return GAIT_TOO_SHORT;
    if (block > n) block = n;
    if (block < 1) block = 1;
    struct arena_mark mark = arena_mark(tmp);
    struct ranked values;
    gait_status status = rank_values(x, n, &values, tmp);
    double *medians = ARENA_NEW(tmp, draws, double);
    if (!status && !medians) status = GAIT_NOMEM;
    if (!status) {
        struct prng prng;
        prng_seed(&prng, seed);
        for (size_t d = 0; d < draws; d++) medians[d] = drawn_median(&values, block, &prng);
        *low = quantile_inplace(medians, draws, 0.025);
        *high = quantile_inplace(medians, draws, 0.975);
    }
    arena_rewind(tmp, mark);
    return status;
}

/* How many standard deviations the number of drawn values up to a threshold is above half of n. */
static double excess_at(const double *x, size_t n, size_t block, double threshold)
{
    size_t n_blocks = n - block + 1, count = 0;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < block - 1; i++) count += x[i] <= threshold;
    for (size_t i = block - 1; i < n; i++) {
        count += x[i] <= threshold;
        sum += (double)count;
        squares += (double)count * (double)count;
        count -= x[i + 1 - block] <= threshold;
    }
    double each = sum / (double)n_blocks, drawn = (double)n / (double)block;
    double variance = drawn * (squares / (double)n_blocks - each * each);
    double above = drawn * each - 0.5 * (double)n;
    if (variance > 0) return above / sqrt(variance);
    return above < 0 ? -INFINITY : INFINITY;
}

/* The smallest value at which the excess reaches z. */
static double value_at_excess(const double *x, const double *sorted, size_t n, size_t block,
                              double z)
{
    size_t below = 0, from = n - 1;
    while (below < from) {
        size_t middle = below + (from - below) / 2;
        if (excess_at(x, n, block, sorted[middle]) >= z)
            from = middle;
        else
            below = middle + 1;
    }
    return sorted[from];
}

gait_status median_interval(const double *x, size_t n, size_t block, double *low, double *high,
                            struct arena *tmp)
{
    enum { FEW_BLOCKS = 12, DRAWS = 1000 };
    if (block < 1) block = 1;
    if (n / block < FEW_BLOCKS) return bootstrap_median(x, n, block, DRAWS, 1, low, high, tmp);
    struct arena_mark mark = arena_mark(tmp);
    *low = *high = not_available;
    double *sorted = ARENA_NEW(tmp, n, double);
    if (!sorted) return GAIT_NOMEM;
    memcpy(sorted, x, n * sizeof *x);
    sort(sorted, n);
    *low = value_at_excess(x, sorted, n, block, -1.96);
    *high = value_at_excess(x, sorted, n, block, 1.96);
    arena_rewind(tmp, mark);
    return GAIT_OK;
}
