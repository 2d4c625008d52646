/* SPDX-License-Identifier: BSD-3-Clause */
#include "session/drift.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"

enum { FEWEST_STRIDES_A_POINT = 20, FEWEST_POINTS = 5, FEWEST_PAIRS = 10 };
static const double minute_s = 60, warm_up_s = 180, shortest_s = 900;
static const double steepest = 5; /* power of one metric in another that is believed */

void drift_points(const double *x, const double *time_s, size_t n, struct drift_points *out,
                  struct arena *tmp)
{
    out->n = 0;
    if (!n) return;
    double from = time_s[0] + warm_up_s, span = time_s[n - 1] - from;
    double width = minute_s * fmax(1, ceil(span / (minute_s * MOST_DRIFT_POINTS)));
    for (size_t i = 0; i < n;) {
        double number = floor((time_s[i] - from) / width);
        size_t first = i;
        while (i < n && floor((time_s[i] - from) / width) <= number) i++;
        if (number < 0 || i - first < FEWEST_STRIDES_A_POINT || out->n == MOST_DRIFT_POINTS)
            continue;
        out->t_min[out->n] = (from + width * (number + 0.5)) / minute_s;
        out->level[out->n] = median(x + first, i - first, tmp);
        out->n += isfinite(out->level[out->n]) != 0;
    }
}

gait_status drift_of(const double *x, const double *time_s, size_t n, struct trend *out,
                     struct arena *tmp)
{
    struct drift_points points;
    out->slope = out->slope_low = out->slope_high = NAN;
    if (n < 2 || time_s[n - 1] - time_s[0] < shortest_s) return GAIT_OK;
    drift_points(x, time_s, n, &points, tmp);
    return points.n < FEWEST_POINTS ? GAIT_OK
                                    : theil_sen(points.t_min, points.level, points.n, out, tmp);
}

/* Points of both that belong to the same minute, as logarithms; how many. */
static size_t pair_up(const struct drift_points *x, const struct drift_points *with, double *log_x,
                      double *log_with)
{
    size_t n = 0;
    for (size_t i = 0, k = 0; i < x->n && k < with->n;) {
        double apart = x->t_min[i] - with->t_min[k];
        if (fabs(apart) < 0.5) {
            log_x[n] = log(x->level[i++]);
            log_with[n++] = log(with->level[k++]);
        } else if (apart < 0)
            i++;
        else
            k++;
    }
    return n;
}

/* By which power one goes with the other from minute to minute: the steps between neighbours, in
 * which a slow drift of both does not show. 0 unless its interval leaves 0 out. */
static gait_status power_of(const struct drift_points *x, const struct drift_points *with,
                            double *power, struct arena *tmp)
{
    double log_x[MOST_DRIFT_POINTS], log_with[MOST_DRIFT_POINTS];
    struct trend trend;
    size_t n = pair_up(x, with, log_x, log_with);
    *power = 0;
    if (n < FEWEST_PAIRS) return GAIT_OK;
    for (size_t i = 0; i + 1 < n; i++) {
        log_x[i] = log_x[i + 1] - log_x[i];
        log_with[i] = log_with[i + 1] - log_with[i];
    }
    TRY(theil_sen(log_with, log_x, n - 1, &trend, tmp));
    if (trend.slope_low > 0 || trend.slope_high < 0)
        *power = fmin(fmax(trend.slope, -steepest), steepest);
    return GAIT_OK;
}

/* Logarithm of x less what goes with the other. */
static gait_status level_off(const struct drift_points *x, const struct drift_points *with,
                             struct drift_points *out, struct arena *tmp)
{
    double power = 0;
    if (with) TRY(power_of(x, with, &power, tmp));
    out->n = 0;
    for (size_t i = 0, k = 0; i < x->n; i++) {
        double rest = log(x->level[i]);
        if (fabs(power) > 0) {
            while (k < with->n && with->t_min[k] < x->t_min[i] - 0.5) k++;
            if (k == with->n || with->t_min[k] > x->t_min[i] + 0.5) continue;
            rest -= power * log(with->level[k]);
        }
        out->t_min[out->n] = x->t_min[i];
        out->level[out->n++] = rest;
    }
    return GAIT_OK;
}

gait_status relative_drift_of(const struct drift_points *x, const struct drift_points *with,
                              struct relative_drift *out, struct arena *tmp)
{
    struct drift_points rest;
    struct trend trend;
    *out = (struct relative_drift){0, NAN, NAN, NAN, NAN, NAN};
    for (size_t i = 0; i < x->n; i++)
        if (!(x->level[i] > 0)) return GAIT_OK;
    TRY(level_off(x, with, &rest, tmp));
    if (rest.n < FEWEST_POINTS) return GAIT_OK;
    double span_min = rest.t_min[rest.n - 1] - rest.t_min[0];
    if (span_min * minute_s + warm_up_s < shortest_s - minute_s) return GAIT_OK;
    TRY(theil_sen(rest.t_min, rest.level, rest.n, &trend, tmp));
    out->n_points = rest.n;
    out->from_s = minute_s * (rest.t_min[0] - 0.5);
    out->to_s = minute_s * (rest.t_min[rest.n - 1] + 0.5);
    out->percent = 100 * (exp(trend.slope * span_min) - 1);
    out->low = 100 * (exp(trend.slope_low * span_min) - 1);
    out->high = 100 * (exp(trend.slope_high * span_min) - 1);
    return GAIT_OK;
}
