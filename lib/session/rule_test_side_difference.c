/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "base/fail.h"
#include "base/text.h"
#include "gait/settings.h"
#include "session/rules.h"
#include "session/series.h"
#include "signal/stats.h"

static const char caveat[] =
    "A few repetitions on one day differ by themselves, and how the sensors were put on differs "
    "too. The shank's lean is only related to what the knee does, and says nothing about pain.";

enum { FEWEST_REPETITIONS = 3 };

/* What of a repetition is compared, and what it says. */
static const struct {
    const char *key, *what;
} compared[] = {{"bend_medial_lean_deg", "leaned towards the other leg"},
                {"bend_wobble_deg", "wobbled sideways"}};

struct pair {
    struct series left, right;
    double left_deg, right_deg; /* medians */
    double half_width_deg;      /* of the 95 % interval of their difference */
};

static double variance_of_mean(const struct series *series)
{
    double sd = standard_deviation(series->value, series->n), n = (double)series->n;
    return sd * sd / (n - 1);
}

/* Two-sided 95 % point of Student's t; Abramowitz and Stegun 26.7.5. */
static double student(double degrees)
{
    const double z = 1.959964, z3 = z * z * z, z5 = z3 * z * z;
    return z + (z3 + z) / (4 * degrees) + (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees * degrees);
}

static gait_status take_pair(const struct sensor_result *left, const struct sensor_result *right,
                             const char *key, gait_activity test, struct pair *pair,
                             struct arena *tmp)
{
    TRY(series_take(left, key, GAIT_SIDE_UNKNOWN, test, &pair->left, tmp));
    TRY(series_take(right, key, GAIT_SIDE_UNKNOWN, test, &pair->right, tmp));
    if (pair->left.n < FEWEST_REPETITIONS || pair->right.n < FEWEST_REPETITIONS) return GAIT_OK;
    pair->left_deg = median(pair->left.value, pair->left.n, tmp);
    pair->right_deg = median(pair->right.value, pair->right.n, tmp);
    double variance = variance_of_mean(&pair->left) + variance_of_mean(&pair->right);
    double degrees = (double)(pair->left.n < pair->right.n ? pair->left.n : pair->right.n) - 1;
    pair->half_width_deg = student(degrees) * sqrt(variance);
    return GAIT_OK;
}

static int exceeds(const struct pair *pair, const gait_settings *settings)
{
    double difference = fabs(pair->left_deg - pair->right_deg);
    double larger = fmax(fabs(pair->left_deg), fabs(pair->right_deg));
    return difference > setting(settings, test_difference_deg) &&
           100 * difference > setting(settings, test_difference_percent) * larger &&
           difference > pair->half_width_deg;
}

static gait_status tell(gait_session *session, const struct pair *pair, gait_activity test,
                        const char *what, gait_error *err)
{
    gait_finding *finding = session_add_finding(session, &rule_test_side_difference.pub);
    if (!finding) return gait_fail(err, GAIT_NOMEM, "no memory for a finding");
    int left_more = pair->left_deg > pair->right_deg;
    finding->severity = GAIT_NOTE;
    finding->side = left_more ? GAIT_LEFT : GAIT_RIGHT;
    finding->value = fmax(pair->left_deg, pair->right_deg);
    finding->reference = fmin(pair->left_deg, pair->right_deg);
    finding->limit = setting(&session->options.settings, test_difference_deg);
    finding->confidence = 0.5;
    text_print(finding->units, sizeof finding->units, "deg");
    text_print(finding->message, sizeof finding->message,
               "In the %s the %s shank %s by %.1f deg more than the other (left %.1f, right %.1f "
               "deg; give or take %.1f deg over %zu and %zu repetitions). %s",
               gait_activity_name(test), gait_side_name(finding->side), what,
               fabs(pair->left_deg - pair->right_deg), pair->left_deg, pair->right_deg,
               pair->half_width_deg, pair->left.n, pair->right.n, caveat);
    return GAIT_OK;
}

static gait_status judge_pair(gait_session *session, const struct sensor_result *left,
                              const struct sensor_result *right, struct arena *tmp, gait_error *err)
{
    static const gait_activity tests[] = {GAIT_KNEE_BEND, GAIT_SQUAT};
    for (size_t t = 0; t < sizeof tests / sizeof *tests; t++)
        for (size_t k = 0; k < sizeof compared / sizeof *compared; k++) {
            struct pair pair = {.left_deg = NAN};
            TRY(take_pair(left, right, compared[k].key, tests[t], &pair, tmp));
            if (exceeds(&pair, &session->options.settings))
                TRY(tell(session, &pair, tests[t], compared[k].what, err));
        }
    return GAIT_OK;
}

static const struct sensor_result *find_shank(const gait_session *session, gait_side side)
{
    for (size_t i = 0; i < session->n_sensors; i++) {
        const struct sensor_result *sensor = &session->sensors[i];
        if (sensor->info.placement == GAIT_SHANK && sensor->info.side == side) return sensor;
    }
    return NULL;
}

static gait_status judge(gait_session *session, struct arena *tmp, gait_error *err)
{
    const struct sensor_result *left = find_shank(session, GAIT_LEFT);
    const struct sensor_result *right = find_shank(session, GAIT_RIGHT);
    if (!left || !right) return GAIT_OK;
    struct arena_mark mark = arena_mark(tmp);
    gait_status status = judge_pair(session, left, right, tmp, err);
    arena_rewind(tmp, mark);
    return status;
}

const struct rule rule_test_side_difference = {
    .pub =
        {.code = "test_side_difference",
         .title = "Sides differ in the knee bend",
         .rule =
             "In a knee bend or squat with at least 3 repetitions of each shank: the medians of "
             "the medial lean, or of the wobble, differ by more than test_difference_deg, by more "
             "than test_difference_percent of the larger, and by more than the interval of the "
             "difference. Always a note.",
         .settings = "test_difference_deg test_difference_percent",
         .evidence = "D",
         .source =
             "Whelan et al. 2017, Methods Inf Med 56:88; Kianifar et al. 2017, PMID 29204327: "
             "sensors tell how experts rate a squat, not who will be hurt",
         .caveat = caveat},
    .judge = judge,
};
