/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "base/fail.h"
#include "base/text.h"
#include "gait/settings.h"
#include "gait/window.h"
#include "session/series.h"
#include "signal/stats.h"

enum { BLOCK_STRIDES = 20, FEWEST_STRIDES = 30 };
static const double normal_95 = 1.959964;

static double index_percent(double left, double right)
{
    double middle = 0.5 * (fabs(left) + fabs(right));
    return middle > 1e-12 ? 100 * (right - left) / middle : (double)NAN;
}

/* Standard error of a limb's median, from neighbours being alike. */
static gait_status median_error(const struct series *series, double *error, struct arena *tmp)
{
    double low, high;
    TRY(median_interval(series->value, series->n, BLOCK_STRIDES, &low, &high, tmp));
    *error = (high - low) / (2 * normal_95);
    return GAIT_OK;
}

/* How often a sensor's scale goes into a metric: once into an acceleration, twice into its power.
 */
static double powers_of_g(const gait_metric *metric)
{
    if (metric->unit[0] == 'g') return 1;
    return text_starts_with(metric->key, "shock_") ? 2 : 0;
}

/* Two limbs of one person: two sensors of one placement, or one trunk sensor that can tell its
 * steps apart. */
struct limbs {
    const struct sensor_result *left, *right;
    gait_side left_side, right_side;
};

static int find_limbs(const gait_session *session, struct limbs *out)
{
    for (size_t i = 0; i < session->n_sensors; i++)
        for (size_t j = 0; j < session->n_sensors; j++) {
            const struct sensor_result *l = &session->sensors[i], *r = &session->sensors[j];
            if (l->info.placement != r->info.placement) continue;
            if (l->info.side != GAIT_LEFT || r->info.side != GAIT_RIGHT) continue;
            *out = (struct limbs){l, r, GAIT_SIDE_UNKNOWN, GAIT_SIDE_UNKNOWN};
            return 1;
        }
    for (size_t i = 0; i < session->n_sensors; i++) {
        const struct sensor_result *s = &session->sensors[i];
        if (s->info.placement != GAIT_SACRUM && s->info.placement != GAIT_WAIST) continue;
        *out = (struct limbs){s, s, GAIT_LEFT, GAIT_RIGHT};
        return 1;
    }
    return 0;
}

/* First order: what the errors of both medians and of the sensors do to the index. */
static gait_status interval(const struct series *left, const struct series *right, double sensors,
                            struct asymmetry *out, struct arena *tmp)
{
    double of_left, of_right, middle = 0.5 * (fabs(out->left) + fabs(out->right));
    TRY(median_error(left, &of_left, tmp));
    TRY(median_error(right, &of_right, tmp));
    double by_left = 100 * out->right / (middle * middle) * of_left;
    double by_right = 100 * out->left / (middle * middle) * of_right;
    double reach = normal_95 * sqrt(by_left * by_left + by_right * by_right + sensors * sensors);
    out->ci_low = out->index_percent - reach;
    out->ci_high = out->index_percent + reach;
    return GAIT_OK;
}

/* A sensor that sits loosely rings, and what is fast rings most: where impact shock and the peak
 * disagree about the sides, the sensors sit differently. The difference, per cent. */
static gait_status mount_difference(const struct limbs *limbs, double *percent, struct arena *tmp)
{
    static const char *const keys[] = {"impact_shock_g", "peak_accel_resultant_g"};
    double index[2];
    *percent = 0;
    if (limbs->left == limbs->right) return GAIT_OK;
    for (size_t k = 0; k < 2; k++) {
        struct series left, right;
        TRY(series_take(limbs->left, keys[k], limbs->left_side, GAIT_RUN, &left, tmp));
        TRY(series_take(limbs->right, keys[k], limbs->right_side, GAIT_RUN, &right, tmp));
        if (left.n < FEWEST_STRIDES || right.n < FEWEST_STRIDES) return GAIT_OK;
        index[k] =
            index_percent(median(left.value, left.n, tmp), median(right.value, right.n, tmp));
    }
    if (isfinite(index[0] - index[1])) *percent = index[0] - index[1];
    return GAIT_OK;
}

/* What two sensors add to the error of an index, per cent and power of g. */
static gait_status sensor_error(const struct limbs *limbs, const gait_settings *settings,
                                double *percent, struct arena *tmp)
{
    double mount, gain = setting(settings, sensor_gain_percent);
    *percent = 0;
    if (limbs->left == limbs->right) return GAIT_OK; /* one sensor has one scale */
    TRY(mount_difference(limbs, &mount, tmp));
    mount *= setting(settings, sensor_mount_share);
    *percent = sqrt(2 * gain * gain + mount * mount);
    return GAIT_OK;
}

static gait_status compare_metric(const struct limbs *limbs, int m, gait_activity activity,
                                  double sensor_percent, struct asymmetry *out, int *found,
                                  struct arena *tmp)
{
    const gait_metric *metric = gait_metric_at((size_t)m);
    struct series left, right;
    *found = 0;
    TRY(series_take(limbs->left, metric->key, limbs->left_side, activity, &left, tmp));
    TRY(series_take(limbs->right, metric->key, limbs->right_side, activity, &right, tmp));
    if (left.n < FEWEST_STRIDES || right.n < FEWEST_STRIDES) return GAIT_OK;
    out->metric = m;
    out->left = median(left.value, left.n, tmp);
    out->right = median(right.value, right.n, tmp);
    out->index_percent = index_percent(out->left, out->right);
    out->minimal_detectable_percent = metric->minimal_change_percent;
    out->n = left.n < right.n ? left.n : right.n;
    TRY(interval(&left, &right, sensor_percent * powers_of_g(metric), out, tmp));
    out->exceeds = (out->ci_low > 0 || out->ci_high < 0) &&
                   fabs(out->index_percent) > metric->minimal_change_percent;
    *found = 1;
    return GAIT_OK;
}

gait_status compare_sides(gait_session *session, struct arena *tmp, gait_error *err)
{
    const gait_settings *settings = &session->options.settings;
    struct limbs limbs;
    double sensor_percent;
    if (!find_limbs(session, &limbs)) return GAIT_OK;
    TRY(sensor_error(&limbs, settings, &sensor_percent, tmp));
    session->asymmetries = ARENA_NEW(&session->arena, metric_count(), struct asymmetry);
    if (!session->asymmetries) return gait_fail(err, GAIT_NOMEM, "no memory to compare the sides");
    for (int m = 0; gait_metric_at((size_t)m); m++) {
        if (gait_metric_at((size_t)m)->minimal_change_percent <= 0) continue;
        struct arena_mark mark = arena_mark(tmp);
        int found;
        struct asymmetry *next = &session->asymmetries[session->n_asymmetries];
        TRY(compare_metric(&limbs, m, GAIT_RUN, sensor_percent, next, &found, tmp));
        if (!found) TRY(compare_metric(&limbs, m, GAIT_WALK, sensor_percent, next, &found, tmp));
        session->n_asymmetries += (size_t)found;
        arena_rewind(tmp, mark);
    }
    return GAIT_OK;
}
