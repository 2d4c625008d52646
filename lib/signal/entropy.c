/* SPDX-License-Identifier: BSD-3-Clause */
#include "signal/entropy.h"

#include <math.h>
#include <stdlib.h>

#include <gait/error.h>

#include "base/hot.h"

/* Stretches of three values, in buckets of their first that are a little wider than the tolerance:
 * what is alike lies in one bucket or in two beside each other. */
struct templates {
    double *first, *second, *third;
    size_t n, n_buckets;
    size_t *end; /* of each bucket */
};

static gait_status make_room(struct templates *t, size_t n, struct arena *tmp)
{
    t->n = n;
    t->first = ARENA_NEW(tmp, n, double);
    t->second = ARENA_NEW(tmp, n, double);
    t->third = ARENA_NEW(tmp, n, double);
    t->end = ARENA_ZNEW(tmp, n + 2, size_t);
    return t->first && t->second && t->third && t->end ? GAIT_OK : GAIT_NOMEM;
}

static gait_status sort_into_buckets(const double *x, double tolerance, struct templates *t,
                                     struct arena *tmp)
{
    size_t *bucket = ARENA_NEW(tmp, t->n, size_t);
    if (!bucket) return GAIT_NOMEM;
    double low = x[0], high = x[0];
    for (size_t i = 0; i < t->n; i++) {
        low = fmin(low, x[i]);
        high = fmax(high, x[i]);
    }
    double width = fmax(1.001 * tolerance, (high - low) / (double)t->n);
    for (size_t i = 0; i < t->n; i++) {
        bucket[i] = width > 0 ? (size_t)((x[i] - low) / width) : 0;
        t->end[bucket[i] + 1]++;
    }
    t->n_buckets = width > 0 ? (size_t)((high - low) / width) + 1 : 1;
    for (size_t b = 1; b < t->n_buckets; b++) t->end[b] += t->end[b - 1];
    for (size_t i = 0; i < t->n; i++) {
        size_t at = t->end[bucket[i]]++;
        t->first[at] = x[i];
        t->second[at] = x[i + 1];
        t->third[at] = x[i + 2];
    }
    return GAIT_OK;
}

HOT static void count_alike(const struct templates *t, double tolerance, size_t *two, size_t *three)
{
    const double *first = t->first, *second = t->second, *third = t->third;
    size_t at_two = 0, at_three = 0;
    for (size_t b = 0, i = 0; b < t->n_buckets; b++) {
        size_t last = t->end[b + 1 < t->n_buckets ? b + 1 : b];
        for (; i < t->end[b]; i++)
            for (size_t j = i + 1; j < last; j++) {
                size_t alike = (fabs(first[j] - first[i]) <= tolerance) &
                               (fabs(second[j] - second[i]) <= tolerance);
                at_two += alike;
                at_three += alike & (fabs(third[j] - third[i]) <= tolerance);
            }
    }
    *two = at_two;
    *three = at_three;
}

double sample_entropy(const double *x, size_t n, double tolerance, struct arena *tmp)
{
    if (n < 4) return NAN;
    struct arena_mark mark = arena_mark(tmp);
    struct templates templates;
    size_t two = 0, three = 0;
    gait_status status = make_room(&templates, n - 2, tmp);
    if (!status) status = sort_into_buckets(x, tolerance, &templates, tmp);
    if (!status) count_alike(&templates, tolerance, &two, &three);
    arena_rewind(tmp, mark);
    return three ? log((double)two / (double)three) : (double)NAN;
}
