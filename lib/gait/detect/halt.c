/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/halt.h"

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/detect/fitted.h"
#include "signal/filter.h"

/* Where a closing step may be and where it is looked for most, in periods behind the strike before.
 */
static const double earliest = 0.6, usual = 0.9, latest = 1.35, usual_spread = 0.2;

/* Where the trunk would be still: the blow of the strike before has faded away. */
static const double still_from = 0.45, still_to = 1.5;

static const double vibration_hz = 10, envelope_hz = 4;

gait_status halt_prepare(const struct bout_signal *signal, struct halt *out, struct arena *tmp)
{
    size_t n = signal->n;
    out->signal = signal;
    double *fast = ARENA_NEW(tmp, 3 * n, double), *power = ARENA_NEW(tmp, n, double);
    struct filter slow = highpass(vibration_hz, STEP_RATE_HZ, 2);
    if (!fast || !power) return GAIT_NOMEM;
    TRY(filtfilt(&slow, signal->accel_g, fast, n, 3, tmp));
    for (size_t i = 0; i < n; i++) power[i] = vec_dot(fast + 3 * i, fast + 3 * i);
    out->vibration = smoothed(power, n, envelope_hz, STEP_RATE_HZ, tmp);
    return out->vibration ? GAIT_OK : GAIT_NOMEM;
}

/* Of the norm. */
static double spread_between(const struct halt *halt, size_t from, size_t end)
{
    double sum = 0, square = 0, n = (double)(end - from);
    for (size_t i = from; i < end; i++) {
        double g = vec_norm(halt->signal->accel_g + 3 * i);
        sum += g;
        square += g * g;
    }
    return sqrt(fmax(0, square / n - sum / n * sum / n));
}

/* The strongest vibration, the less of it counting the further it is from the usual time; there, if
 * none stands out. Peaks only: the blow of the strike before fades over some tenths of a second. */
static double strongest(const struct halt *halt, size_t from, size_t end, double strike_s,
                        double period_s)
{
    double best_score = -INFINITY, best_s = strike_s + usual * period_s + back_vibration_delay_s;
    for (size_t i = from; i < end; i++) {
        const double *v = &halt->vibration[i];
        double time_s = (double)i / STEP_RATE_HZ;
        double off = ((time_s - strike_s) / period_s - usual) / usual_spread;
        double score = log(fmax(*v, 1e-6)) - off * off;
        int is_peak = v[0] >= v[-1] && v[0] > v[1];
        if (!is_peak || score <= best_score) continue;
        best_score = score;
        best_s = time_s;
    }
    return best_s;
}

enum closing closing_find(const struct halt *halt, double strike_s, double period_s, double *time_s)
{
    double at = strike_s * STEP_RATE_HZ, period = period_s * STEP_RATE_HZ;
    if (!(at >= 0) || at + still_to * period >= (double)halt->signal->n) return CLOSING_UNSEEN;
    size_t from = (size_t)(at + still_from * period), end = (size_t)(at + still_to * period);
    if (spread_between(halt, from, end) < back_closing_sd_g) return CLOSING_NONE;
    size_t first = (size_t)(at + earliest * period), last = (size_t)(at + latest * period);
    *time_s = strongest(halt, first, last, strike_s, period_s) - back_vibration_delay_s;
    return CLOSING_STEP;
}
