/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "base/text.h"
#include "gait/settings.h"
#include "session/past.h"
#include "session/rules.h"
#include "signal/stats.h"

static const char caveat[] = "Surface, shoes, speed and how the sensor sits change it as well, and "
                             "it is no load on bone or joint.";

/* Sessions of one person on the same sensor differ by that much without a reason. */
static const double least_scale = 0.04;

static double log_intensity(const struct past_session *session, const struct past_session *now,
                            const void *which)
{
    int side = *(const int *)which;
    const struct limb_load *limb = &session->limb[side];
    return limb->intensity > 0 && same_series(limb, &now->limb[side]) ? log(limb->intensity)
                                                                      : (double)NAN;
}

struct rise {
    double percent, usual;
    size_t n;
};

/* 1 if the limb landed harder than usual. */
static int is_above(const struct history *history, size_t i, int side, struct rise *out,
                    struct arena *tmp)
{
    const gait_settings *settings = history->settings;
    const struct past_session *now = &history->sessions[i];
    double earlier[MOST_BASELINE], x = log_intensity(now, now, &side);
    out->n = take_baseline(history, i, log_intensity, &side,
                           (size_t)setting(settings, baseline_sessions), earlier);
    if (!isfinite(x) || (double)out->n < setting(settings, flag_min_sessions)) return 0;
    double centre = median(earlier, out->n, tmp);
    double scale = fmax(mad_sigma(earlier, out->n, tmp), least_scale);
    out->usual = exp(centre);
    out->percent = 100 * (exp(x - centre) - 1);
    return (x - centre) / scale > setting(settings, baseline_z) &&
           out->percent >= setting(settings, baseline_percent);
}

/* One session may be chance: it has to be above in two of the last three. */
static int persists(const struct history *history, size_t i, int side, struct arena *tmp)
{
    struct rise ignored;
    for (size_t back = 1; back <= 2 && back <= i; back++)
        if (is_above(history, i - back, side, &ignored, tmp)) return 1;
    return 0;
}

static gait_status compare(const struct history *history, size_t i, struct finding_list *found,
                           struct arena *tmp)
{
    for (int side = 0; side < 2; side++) {
        const struct limb_load *limb = &history->sessions[i].limb[side];
        struct rise rise;
        if (!is_above(history, i, side, &rise, tmp)) continue;
        gait_finding *finding = add_finding(found, &rule_impact_above_baseline.pub);
        if (!finding) return GAIT_NOMEM;
        int again = persists(history, i, side, tmp);
        finding->severity = again ? GAIT_ALERT : GAIT_NOTE;
        finding->side = side ? GAIT_RIGHT : GAIT_LEFT;
        finding->value = limb->intensity;
        finding->reference = rise.usual;
        finding->limit = rise.usual * (1 + setting(history->settings, baseline_percent) / 100);
        finding->n = limb->n_strides;
        finding->confidence = 0.6;
        finding->cadence_change_percent = cadence_change(history, i, tmp);
        text_print(finding->units, sizeof finding->units, "%s", limb->units);
        text_print(finding->message, sizeof finding->message,
                   "Landings of the %s side were %.0f %% harder than usual for this person "
                   "(%.2f against %.2f %s, median of the last %zu sessions)%s. %s",
                   gait_side_name(finding->side), rise.percent, limb->intensity, rise.usual,
                   limb->units, rise.n, again ? ", and not for the first time lately" : "", caveat);
    }
    return GAIT_OK;
}

const struct rule rule_impact_above_baseline = {
    .pub = {.code = "impact_above_baseline",
            .title = "Harder landings than usual",
            .rule = "A limb's median impact of the session is more than baseline_z robust standard "
                    "deviations and baseline_percent above the median of the last "
                    "baseline_sessions sessions of the same sensor (at least "
                    "flag_min_sessions): a note, and a flag if one of the two sessions before was "
                    "so too.",
            .settings = "baseline_sessions baseline_z baseline_percent flag_min_sessions",
            .evidence = "D",
            .source = "own baseline as in DeJong Lempke et al. 2023, doi "
                      "10.1249/TJX.0000000000000217; limits by design",
            .caveat = caveat},
    .compare = compare,
    .is_about_a_habit = 1,
};
