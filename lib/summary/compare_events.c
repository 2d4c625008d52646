/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary/contest.h"

#include <math.h>

#include "summary/agreement.h"

/* What is matched instant by instant: events, and contact times by their foot strike. */

/* Only detections inside the reference's span, give or take the tolerance, can be wrong. */
static void cut_to_span(struct instants *detected, const struct instants *reference,
                        double tolerance_s)
{
    double from = reference->time_s[0] - tolerance_s;
    double to = reference->time_s[reference->n - 1] + tolerance_s;
    size_t n = detected->n;
    detected->n = 0;
    for (size_t i = 0; i < n; i++)
        if (detected->time_s[i] >= from && detected->time_s[i] <= to)
            add_instant(detected, detected->time_s[i], detected->value[i], detected->spread[i],
                        detected->confidence[i]);
}

static double mean_confidence(const struct instants *detected)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < detected->n; i++)
        if (isfinite(detected->confidence[i])) sum += detected->confidence[i], n++;
    return n ? sum / (double)n : (double)NAN;
}

/* Time differences in ms for events, differences of the values for what has one. */
static gait_status score_pairs(gait_score *score, const struct instants *reference,
                               const struct instants *detected, const size_t *partner,
                               int of_values, struct arena *tmp)
{
    double *difference = ARENA_NEW(tmp, reference->n, double);
    if (!difference) return GAIT_NOMEM;
    size_t n = 0, n_stated = 0, n_covered = 0;
    for (size_t i = 0; i < reference->n; i++) {
        size_t k = partner[i];
        if (k == SIZE_MAX) continue;
        double late_s = detected->time_s[k] - reference->time_s[i];
        difference[n++] = of_values ? detected->value[k] - reference->value[i] : 1000 * late_s;
        if (of_values || !(detected->spread[k] > 0)) continue;
        n_stated++;
        n_covered += fabs(late_s) <= 1.96 * detected->spread[k];
    }
    score->n_matched = n;
    score_differences(score, difference, n);
    if (n_stated) score->coverage = (double)n_covered / (double)n_stated;
    return GAIT_OK;
}

static gait_status score_instants(gait_score *score, const struct contest *c,
                                  const struct instants *reference, struct instants *detected,
                                  int of_values)
{
    cut_to_span(detected, reference, c->tolerance_s);
    score->n_reference = reference->n;
    score->n_detected = detected->n;
    size_t *partner = ARENA_NEW(c->tmp, reference->n, size_t);
    if (!partner || match_nearest(reference->time_s, reference->n, detected->time_s, detected->n,
                                  c->tolerance_s, partner, c->tmp))
        return GAIT_NOMEM;
    if (score_pairs(score, reference, detected, partner, of_values, c->tmp)) return GAIT_NOMEM;
    if (of_values) return GAIT_OK;
    score_counts(score);
    score->mean_confidence = mean_confidence(detected);
    return GAIT_OK;
}

static gait_status score_type(gait_comparison *comparison, const struct contest *c,
                              enum reference_kind kind, const char *type)
{
    struct instants reference, detected;
    if (reference_instants(c, kind, &reference)) return GAIT_NOMEM;
    if (reference.n == 0) return GAIT_OK;
    if (event_instants(c, type, &detected)) return GAIT_NOMEM;
    gait_score *score = new_score(comparison, c, type, "ms");
    return score_instants(score, c, &reference, &detected, 0);
}

static gait_status score_contact_times(gait_comparison *comparison, const struct contest *c)
{
    struct instants reference, detected;
    if (reference_instants(c, REFERENCE_CONTACT_TIME, &reference)) return GAIT_NOMEM;
    if (reference.n == 0) return GAIT_OK;
    if (stride_instants(c, "contact_time_s", &detected)) return GAIT_NOMEM;
    gait_score *score = new_score(comparison, c, "contact_time_s", "s");
    return score_instants(score, c, &reference, &detected, 1);
}

gait_status score_events(gait_comparison *comparison, const struct contest *c)
{
    if (score_type(comparison, c, REFERENCE_FOOT_STRIKE, "foot_strike") ||
        score_type(comparison, c, REFERENCE_TOE_OFF, "toe_off") ||
        score_contact_times(comparison, c))
        return GAIT_NOMEM;
    return GAIT_OK;
}
