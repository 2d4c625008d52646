/* SPDX-License-Identifier: BSD-3-Clause */
#include "signal/entropy.h"

#include <math.h>
#include <stdlib.h>

/* A stretch of three values, in the order of its first. */
struct template
{
    double first, second, third;
};

static int by_first(const void *a, const void *b)
{
    const struct template *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

double sample_entropy(const double *x, size_t n, double tolerance, struct arena *tmp)
{
    if (n < 4) return NAN;
    struct arena_mark mark = arena_mark(tmp);
    size_t n_templates = n - 2, at_two = 0, at_three = 0;
    struct template *sorted = ARENA_NEW(tmp, n_templates, struct template);
    if (!sorted) return NAN;
    for (size_t i = 0; i < n_templates; i++)
        sorted[i] = (struct template){x[i], x[i + 1], x[i + 2]};
    qsort(sorted, n_templates, sizeof *sorted, by_first);
    /* Only those whose first values are alike are looked at. */
    for (size_t i = 0; i < n_templates; i++)
        for (size_t j = i + 1; j < n_templates && sorted[j].first - sorted[i].first <= tolerance;
             j++) {
            size_t two = fabs(sorted[j].second - sorted[i].second) <= tolerance;
            at_two += two;
            at_three += two & (size_t)(fabs(sorted[j].third - sorted[i].third) <= tolerance);
        }
    arena_rewind(tmp, mark);
    return at_three ? log((double)at_two / (double)at_three) : (double)NAN;
}
