/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "base/fail.h"
#include "base/text.h"
#include "gait/settings.h"
#include "session/rules.h"
#include "session/series.h"
#include "signal/stats.h"

static const char caveat[] = "Two sensors, two shoes and how they were put on differ too: change "
                             "sides with the sensors before making anything of it.";

enum { BLOCK_STRIDES = 20 };

static const struct kind {
    const char *key, *what;
    double confidence;
    int is_index;
} kinds[] = {
    {"pronation_excursion_deg", "Inward roll of the shoe (gyroscope)", 0.5, 0},
    {"pronation_index", "Pronation index (accelerometer alone, no angle)", 0.25, 1},
};

struct limb {
    struct series series;
    double middle, half_width; /* of the 95 % interval of the median */
};

static gait_status take_limb(const struct sensor_result *sensor, const char *key, struct limb *out,
                             struct arena *tmp)
{
    double low = NAN, high = NAN;
    TRY(series_take(sensor, key, GAIT_SIDE_UNKNOWN, GAIT_RUN, &out->series, tmp));
    out->middle = median(out->series.value, out->series.n, tmp);
    if (median_interval(out->series.value, out->series.n, BLOCK_STRIDES, &low, &high, tmp) ==
        GAIT_NOMEM)
        return GAIT_NOMEM;
    out->half_width = (high - low) / 2;
    return GAIT_OK;
}

static gait_status tell(gait_session *session, const struct kind *kind, const struct limb *left,
                        const struct limb *right, double limit, gait_error *err)
{
    gait_finding *finding = session_add_finding(session, &rule_pronation_asymmetry.pub);
    if (!finding) return gait_fail(err, GAIT_NOMEM, "no memory for a finding");
    const char *unit = kind->is_index ? "" : " deg";
    double half_width = hypot(left->half_width, right->half_width);
    finding->severity = GAIT_NOTE;
    finding->side = left->middle > right->middle ? GAIT_LEFT : GAIT_RIGHT;
    finding->value = fmax(left->middle, right->middle);
    finding->reference = fmin(left->middle, right->middle);
    finding->limit = limit;
    finding->n = left->series.n < right->series.n ? left->series.n : right->series.n;
    finding->confidence = kind->confidence;
    text_print(finding->units, sizeof finding->units, "%s", kind->is_index ? "1" : "deg");
    text_print(finding->message, sizeof finding->message,
               "%s: left %.1f%s, right %.1f%s, over %zu and %zu running strides; the difference of "
               "%.1f, give or take %.1f, is above the limit of %.1f. %s",
               kind->what, left->middle, unit, right->middle, unit, left->series.n, right->series.n,
               fabs(left->middle - right->middle), half_width, limit, caveat);
    return GAIT_OK;
}

/* 1: there was enough of this kind, and no other needs to be looked at. */
static gait_status judge_kind(gait_session *session, const struct sensor_result *feet[2],
                              const struct kind *kind, int *decided, struct arena *tmp,
                              gait_error *err)
{
    const gait_settings *settings = &session->options.settings;
    double least = setting(settings, pronation_min_strides);
    double limit = kind->is_index ? setting(settings, pronation_asymmetry_index)
                                  : setting(settings, pronation_asymmetry_deg);
    struct limb left, right;
    TRY(take_limb(feet[0], kind->key, &left, tmp));
    TRY(take_limb(feet[1], kind->key, &right, tmp));
    *decided = (double)left.series.n >= least && (double)right.series.n >= least;
    if (!*decided) return GAIT_OK;
    double difference = fabs(left.middle - right.middle);
    if (!(difference > limit && difference > hypot(left.half_width, right.half_width)))
        return GAIT_OK;
    return tell(session, kind, &left, &right, limit, err);
}

static const struct sensor_result *find_foot(const gait_session *session, gait_side side)
{
    for (size_t i = 0; i < session->n_sensors; i++) {
        const struct sensor_result *sensor = &session->sensors[i];
        if (sensor->info.placement == GAIT_FOOT && sensor->info.side == side) return sensor;
    }
    return NULL;
}

static gait_status judge(gait_session *session, struct arena *tmp, gait_error *err)
{
    const struct sensor_result *feet[2] = {find_foot(session, GAIT_LEFT),
                                           find_foot(session, GAIT_RIGHT)};
    int decided = 0;
    for (size_t k = 0; feet[0] && feet[1] && !decided && k < sizeof kinds / sizeof *kinds; k++) {
        struct arena_mark mark = arena_mark(tmp);
        TRY(judge_kind(session, feet, &kinds[k], &decided, tmp, err));
        arena_rewind(tmp, mark);
    }
    return GAIT_OK;
}

const struct rule rule_pronation_asymmetry = {
    .pub = {.code = "pronation_asymmetry",
            .title = "Inward roll differs between the feet (proxy)",
            .rule = "On two foot sensors with at least pronation_min_strides running strides each: "
                    "the medians of the pronation excursion differ by more than "
                    "pronation_asymmetry_deg, without gyroscopes those of the pronation index by "
                    "more than pronation_asymmetry_index, and by more than the interval of the "
                    "difference. Always a note.",
            .settings = "pronation_min_strides pronation_asymmetry_deg pronation_asymmetry_index",
            .evidence = "D",
            .source = "Three standard deviations of the difference of two excursions, and two of "
                      "two indexes, on simulated runners",
            .caveat = caveat},
    .judge = judge,
};
