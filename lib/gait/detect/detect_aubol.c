/* SPDX-License-Identifier: BSD-3-Clause */

/* Aubol and Milner 2020: foot strike is the minimum of the resultant shortly before its jerk peaks;
 * no toe-off. */

#include "base/fail.h"
#include "gait/detect/classic.h"
#include "signal/filter.h"
#include "signal/peaks.h"

static const double cutoff_hz = 70;
static const double minimum_before_s = 0.075; /* of the jerk's peak */
static const double jerk_near_s = 0.150;      /* of the resultant's peak */

/* Root mean square error on the force-plate data of Bach et al. 2022. */
static const double strike_sd_s = 0.034;

static double strike_before(const struct classic *classic, const double *norm, const double *jerk,
                            size_t peak)
{
    size_t n = classic->signal->n;
    size_t near = classic_samples(classic, jerk_near_s);
    size_t reach = classic_samples(classic, minimum_before_s);
    size_t fastest = argmax(jerk, peak > near ? peak - near : 0, peak + 1);
    size_t lowest = argmin(norm, fastest > reach ? fastest - reach : 0, fastest + 1);
    return parabolic(norm, n, lowest, NULL);
}

static gait_status find(struct classic *classic, struct event_list *found, struct arena *keep,
                        struct arena *tmp)
{
    const struct bout_signal *signal = classic->signal;
    size_t n = signal->n;
    struct filter filter = lowpass(cutoff_hz, signal->rate_hz, 4);
    double *norm = classic->norm_g, *jerk = ARENA_NEW(tmp, n, double);
    size_t *peak = ARENA_NEW(tmp, n, size_t);
    if (!jerk || !peak) return GAIT_NOMEM;
    TRY(filtfilt(&filter, norm, norm, n, 1, tmp));
    derivative(norm, jerk, n, 1, signal->rate_hz);
    size_t n_peaks = classic_peaks(classic, norm, classic_level(norm, n), peak);
    for (size_t k = 0; k < n_peaks; k++) {
        double strike = strike_before(classic, norm, jerk, peak[k]);
        TRY(classic_tell(classic, GAIT_FOOT_STRIKE, strike, strike_sd_s, found, keep));
    }
    return GAIT_OK;
}

static gait_status detect(const struct bout_signal *signal, struct event_list *found,
                          struct arena *keep, struct arena *tmp)
{
    return classic_detect(find, signal, found, keep, tmp);
}

const struct detector detect_aubol = {
    .pub = {.name = "aubol-2020",
            .about = "The resultant's minimum before its jerk peaks; no toe-off.",
            .source = "Aubol and Milner 2020, J Biomech 105:109768",
            .placements = AT(GAIT_SHANK),
            .activities = DURING(GAIT_RUN) | DURING(GAIT_WALK)},
    .detect = detect,
};
