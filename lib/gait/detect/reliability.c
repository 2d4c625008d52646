/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/reliability.h"

#include <math.h>

#include "signal/stats.h"

double reliability_of(const struct reliability *model, const struct walk_evidence *evidence,
                      gait_event_type type)
{
    if (!evidence->is_known || evidence->n_strikes == 0) return 1;
    double log_odds =
        model->base[type] - model->per_log_wrong * log(evidence->wrong + model->least_wrong) -
        model->per_odd * evidence->odd + model->per_log_strike * log((double)evidence->n_strikes);
    if (model->per_log_unlike > 0)
        log_odds -= model->per_log_unlike * log(evidence->unlike[type] + model->least_unlike);
    return 1 / (1 + exp(-log_odds));
}

double share_unlike(double *duration, size_t n, double limit)
{
    if (n == 0) return 1;
    double usual = median_inplace(duration, n), unlike = 0;
    for (size_t i = 0; i < n; i++) unlike += fabs(duration[i] / usual - 1) > limit;
    return unlike / (double)n;
}
