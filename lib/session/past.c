/* SPDX-License-Identifier: BSD-3-Clause */
#include "session/past.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "gait/settings.h"
#include "signal/stats.h"

static const double day_s = 86400, month_s = 30 * 86400.0;

/* Weighted mean of the days with a session, older ones counting less: with one every day it is
 * A = lambda E + (1 - lambda) A, lambda = 2 / (days + 1) (Williams 2017, Br J Sports Med 51:209);
 * days without one leave it where it is instead of pulling it to zero. */
struct ewma {
    double keep; /* 1 - lambda, per day */
    double sum, weight;
};

static void ewma_age(struct ewma *e, double days)
{
    double left = pow(e->keep, days);
    e->sum *= left;
    e->weight *= left;
}

static void look_back(const struct exposure *sessions, size_t n, size_t i, struct standing *out)
{
    double longest = NAN;
    out->n_30d = 0;
    for (size_t k = i; k-- > 0 && sessions[k].local_s >= sessions[i].local_s - month_s;) {
        longest = fmax(longest, sessions[k].amount);
        out->n_30d += sessions[k].amount > 0;
    }
    out->longest_30d = longest > 0 ? longest : (double)NAN;
    out->ratio_30d = sessions[i].amount / out->longest_30d;
    out->gap_days = NAN;
    out->before = n;
    for (size_t k = i; k-- > 0 && out->before == n;)
        if (sessions[k].amount > 0) out->before = k;
    if (out->before < n)
        out->gap_days = (sessions[i].local_s - sessions[out->before].local_s) / day_s;
}

void history_of(const struct exposure *sessions, size_t n, struct standing *out)
{
    struct ewma week = {1 - 2.0 / (7 + 1), 0, 0}, month = {1 - 2.0 / (28 + 1), 0, 0};
    double last_day = NAN;
    for (size_t i = 0; i < n; i++) {
        double day = floor(sessions[i].local_s / day_s);
        if (isfinite(sessions[i].amount)) {
            int new_day = !(day <= last_day);
            if (day > last_day) {
                ewma_age(&week, day - last_day);
                ewma_age(&month, day - last_day);
            }
            week.sum += sessions[i].amount;
            month.sum += sessions[i].amount;
            week.weight += new_day;
            month.weight += new_day;
            last_day = day;
        }
        out[i].ewma_7 = week.weight > 0 ? week.sum / week.weight : (double)NAN;
        out[i].ewma_28 = month.weight > 0 ? month.sum / month.weight : (double)NAN;
        look_back(sessions, n, i, &out[i]);
    }
}

static int alike(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 0.02 * fmax(fabs(a), fabs(b));
}

int same_series(const struct limb_load *a, const struct limb_load *b)
{
    return a->placement == b->placement && strcmp(a->device, b->device) == 0 &&
           alike(a->rate_hz, b->rate_hz) && alike(a->range_g, b->range_g);
}

size_t take_baseline(const struct history *history, size_t i, past_value_fn *value,
                     const void *which, size_t most, double *out)
{
    size_t n = 0;
    for (size_t k = i; k-- > 0 && n < most && n < MOST_BASELINE;) {
        double x = value(&history->sessions[k], &history->sessions[i], which);
        if (isfinite(x)) out[n++] = x;
    }
    return n;
}

static double cadence_of(const struct past_session *session, const struct past_session *now,
                         const void *which)
{
    (void)now;
    (void)which;
    return session->cadence_steps_per_min;
}

double usual_cadence(const struct history *history, size_t i, size_t *n, struct arena *tmp)
{
    double earlier[MOST_BASELINE];
    size_t most = (size_t)setting(history->settings, baseline_sessions);
    *n = take_baseline(history, i, cadence_of, NULL, most, earlier);
    return median(earlier, *n, tmp);
}

double cadence_change(const struct history *history, size_t i, struct arena *tmp)
{
    size_t n;
    double usual = usual_cadence(history, i, &n, tmp);
    return 100 * (history->sessions[i].cadence_steps_per_min / usual - 1);
}

gait_status judge_history(const struct history *history, size_t i, struct finding_list *found,
                          struct arena *tmp)
{
    for (size_t r = 0; rule_row(r); r++)
        if (rule_row(r)->compare) TRY(rule_row(r)->compare(history, i, found, tmp));
    struct circumstances about = {.settings = history->settings,
                                  .speed_is_known = history->sessions[i].speed_mps > 0,
                                  .n_earlier = i};
    for (size_t k = 0; k < found->n; k++) hold_back(&found->at[k], &about);
    sort_findings(found);
    return GAIT_OK;
}
