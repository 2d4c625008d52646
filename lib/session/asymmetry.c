/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

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

/* Sensors that sit alike find one difference between the sides whatever pace of the impact they are
 * asked about; one that sits loosely rings, and not at every pace. */
static const char *const impact_measures[] = {"shock_high_band", "peak_accel_resultant_g",
                                              "impact_jerk_g_per_s", "impact_shock_g"};

/* Per power of g. */
static gait_status index_of_key(const struct limbs *limbs, const char *key, gait_activity activity,
                                double *percent, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    struct series left, right;
    *percent = NAN;
    TRY(series_take(limbs->left, key, limbs->left_side, activity, &left, tmp));
    TRY(series_take(limbs->right, key, limbs->right_side, activity, &right, tmp));
    if (left.n >= FEWEST_STRIDES && right.n >= FEWEST_STRIDES)
        *percent =
            index_percent(median(left.value, left.n, tmp), median(right.value, right.n, tmp)) /
            powers_of_g(gait_metric_at((size_t)gait_metric_index(key)));
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

/* Largest less smallest difference the measures of the impact find, per cent. */
static gait_status mount_difference(const struct limbs *limbs, gait_activity activity,
                                    double *percent, struct arena *tmp)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < sizeof impact_measures / sizeof *impact_measures; k++) {
        double index;
        TRY(index_of_key(limbs, impact_measures[k], activity, &index, tmp));
        if (isnan(index)) continue;
        low = fmin(low, index);
        high = fmax(high, index);
    }
    *percent = high > low ? high - low : 0;
    return GAIT_OK;
}

/* By how much all contacts of a limb may be too long or too short: what an event is off by is
 * mostly alike along a recording. */
static double contact_error_s(const struct sensor_result *sensor, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    double variance = 0, *uncertainty_s = ARENA_NEW(tmp, sensor->n_events + 1, double);
    for (int type = GAIT_FOOT_STRIKE; uncertainty_s && type <= GAIT_TOE_OFF; type++) {
        size_t n = 0;
        for (size_t i = 0; i < sensor->n_events; i++)
            if ((int)sensor->events[i].type == type && isfinite(sensor->events[i].uncertainty_s))
                uncertainty_s[n++] = sensor->events[i].uncertainty_s;
        double typical_s = median_inplace(uncertainty_s, n);
        if (isfinite(typical_s)) variance += typical_s * typical_s;
    }
    arena_rewind(tmp, mark);
    return sqrt(variance);
}

/* What two sensors add to the error of an index, per cent: one sensor errs alike on both sides. */
struct between_sensors {
    double per_power_of_g, contact;
};

static gait_status sensor_error(const struct limbs *limbs, gait_activity activity,
                                const gait_settings *settings, struct between_sensors *out,
                                struct arena *tmp)
{
    double mount, contact_s[2], gain = setting(settings, sensor_gain_percent);
    struct series left, right;
    *out = (struct between_sensors){0};
    if (limbs->left == limbs->right) return GAIT_OK;
    TRY(mount_difference(limbs, activity, &mount, tmp));
    mount *= setting(settings, sensor_mount_share);
    out->per_power_of_g = sqrt(2 * gain * gain + mount * mount);
    TRY(series_take(limbs->left, "contact_time_s", GAIT_SIDE_UNKNOWN, activity, &left, tmp));
    TRY(series_take(limbs->right, "contact_time_s", GAIT_SIDE_UNKNOWN, activity, &right, tmp));
    contact_s[0] = median(left.value, left.n, tmp);
    contact_s[1] = median(right.value, right.n, tmp);
    if (contact_s[0] > 0 && contact_s[1] > 0)
        out->contact = 100 * hypot(contact_error_s(limbs->left, tmp) / contact_s[0],
                                   contact_error_s(limbs->right, tmp) / contact_s[1]);
    return GAIT_OK;
}

static double error_of(const struct between_sensors *sensors, const gait_metric *metric)
{
    static const char *const of_contact[] = {
        "contact_time_s", "duty_factor", "vertical_stiffness_bw_per_m", "leg_stiffness_bw_per_m"};
    for (size_t k = 0; k < sizeof of_contact / sizeof *of_contact; k++)
        if (strcmp(metric->key, of_contact[k]) == 0) return sensors->contact;
    return sensors->per_power_of_g * powers_of_g(metric);
}

static gait_status compare_metric(const struct limbs *limbs, int m, gait_activity activity,
                                  const struct between_sensors *sensors, struct asymmetry *out,
                                  int *found, struct arena *tmp)
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
    TRY(interval(&left, &right, error_of(sensors, metric), out, tmp));
    out->exceeds = (out->ci_low > 0 || out->ci_high < 0) &&
                   fabs(out->index_percent) > metric->minimal_change_percent;
    *found = 1;
    return GAIT_OK;
}

/* In running, else in walking. */
static gait_status compare_gait(const struct limbs *limbs, int m,
                                const struct between_sensors sensors[2], struct asymmetry *out,
                                int *found, struct arena *tmp)
{
    TRY(compare_metric(limbs, m, GAIT_RUN, &sensors[0], out, found, tmp));
    if (*found) return GAIT_OK;
    return compare_metric(limbs, m, GAIT_WALK, &sensors[1], out, found, tmp);
}

gait_status compare_sides(gait_session *session, struct arena *tmp, gait_error *err)
{
    const gait_settings *settings = &session->options.settings;
    struct limbs limbs;
    struct between_sensors sensors[2];
    if (!find_limbs(session, &limbs)) return GAIT_OK;
    TRY(sensor_error(&limbs, GAIT_RUN, settings, &sensors[0], tmp));
    TRY(sensor_error(&limbs, GAIT_WALK, settings, &sensors[1], tmp));
    session->asymmetries = ARENA_NEW(&session->arena, metric_count(), struct asymmetry);
    if (!session->asymmetries) return gait_fail(err, GAIT_NOMEM, "no memory to compare the sides");
    for (int m = 0; gait_metric_at((size_t)m); m++) {
        if (gait_metric_at((size_t)m)->minimal_change_percent <= 0) continue;
        struct arena_mark mark = arena_mark(tmp);
        int found;
        struct asymmetry *next = &session->asymmetries[session->n_asymmetries];
        TRY(compare_gait(&limbs, m, sensors, next, &found, tmp));
        session->n_asymmetries += (size_t)found;
        arena_rewind(tmp, mark);
    }
    return GAIT_OK;
}
