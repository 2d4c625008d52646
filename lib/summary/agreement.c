/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/agreement.h"

#include <math.h>
#include <stdlib.h>

/* Times are decimal in files: a pair at exactly the tolerance may be a rounding error beyond it. */
static const double rounding_s = 1e-9;

struct candidate {
    double distance_s;
    size_t a, b;
};

static int by_distance(const void *x, const void *y)
{
    const struct candidate *p = x, *q = y;
    if (p->distance_s < q->distance_s) return -1;
    if (p->distance_s > q->distance_s) return 1;
    if (p->a != q->a) return p->a < q->a ? -1 : 1;
    return p->b < q->b ? -1 : p->b > q->b;
}

/* All pairs within the tolerance; how many. out may be NULL. */
static size_t list_candidates(const double *a, size_t n_a, const double *b, size_t n_b,
                              double tolerance_s, struct candidate *out)
{
    size_t n = 0, from = 0;
    for (size_t i = 0; i < n_a; i++) {
        while (from < n_b && b[from] < a[i] - tolerance_s) from++;
        for (size_t j = from; j < n_b && b[j] <= a[i] + tolerance_s; j++, n++)
            if (out) out[n] = (struct candidate){fabs(b[j] - a[i]), i, j};
    }
    return n;
}

gait_status match_nearest(const double *a, size_t n_a, const double *b, size_t n_b,
                          double tolerance_s, size_t *partner, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    size_t n = list_candidates(a, n_a, b, n_b, tolerance_s + rounding_s, NULL);
    struct candidate *pairs = ARENA_NEW(tmp, n, struct candidate);
    unsigned char *taken = ARENA_ZNEW(tmp, n_b, unsigned char);
    if (!pairs || !taken) return GAIT_NOMEM;
    list_candidates(a, n_a, b, n_b, tolerance_s + rounding_s, pairs);
    qsort(pairs, n, sizeof *pairs, by_distance);
    for (size_t i = 0; i < n_a; i++) partner[i] = SIZE_MAX;
    for (size_t k = 0; k < n; k++) {
        if (partner[pairs[k].a] != SIZE_MAX || taken[pairs[k].b]) continue;
        partner[pairs[k].a] = pairs[k].b;
        taken[pairs[k].b] = 1;
    }
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

void score_differences(gait_score *score, const double *difference, size_t n)
{
    double sum = 0, squares = 0, sizes = 0, spread = 0;
    score->bias = score->sd = score->rmse = score->mae = NAN;
    score->limit_low = score->limit_high = NAN;
    if (n == 0) return;
    for (size_t i = 0; i < n; i++) {
        sum += difference[i];
        squares += difference[i] * difference[i];
        sizes += fabs(difference[i]);
    }
    score->bias = sum / (double)n;
    score->rmse = sqrt(squares / (double)n);
    score->mae = sizes / (double)n;
    if (n < 2) return;
    for (size_t i = 0; i < n; i++)
        spread += (difference[i] - score->bias) * (difference[i] - score->bias);
    score->sd = sqrt(spread / (double)(n - 1));
    score->limit_low = score->bias - 1.96 * score->sd;
    score->limit_high = score->bias + 1.96 * score->sd;
}

void score_counts(gait_score *score)
{
    double matched = (double)score->n_matched;
    score->precision = score->n_detected ? matched / (double)score->n_detected : (double)NAN;
    score->recall = score->n_reference ? matched / (double)score->n_reference : (double)NAN;
    score->f1 = 2 * matched / (double)(score->n_detected + score->n_reference);
    if (score->n_detected + score->n_reference == 0) score->f1 = NAN;
}
