/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/sides.h"

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "signal/filter.h"
#include "signal/stats.h"

static const double enough_hz = 40; /* nothing above 3 Hz is looked at */
static const double break_cost = 6; /* two steps of one foot in a row */

/* Divides by the median of the absolute values. */
static void scale_to_median(double *x, size_t n, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    double *size = ARENA_NEW(tmp, n, double);
    for (size_t i = 0; size && i < n; i++) size[i] = fabs(x[i]);
    double usual = size ? median_inplace(size, n) : 1;
    for (size_t i = 0; i < n; i++) x[i] /= usual > 1e-12 ? usual : 1;
    arena_rewind(tmp, mark);
}

/* One witness: a signal looked at in one phase of each step. */
struct witness {
    const double *signal;
    double phase, weight;
};

static void hear(const struct bout_signal *thin, const struct witness *witness,
                 const struct step_side *steps, size_t n, double *said)
{
    for (size_t k = 0; k < n; k++) {
        double time_s = steps[k].strike_s + witness->phase * steps[k].period_s;
        said[k] = sample_at(witness->signal, thin->n, time_s * thin->rate_hz);
    }
}

/* The body is pushed away from the foot it stands on: above zero the step is a right one. */
static gait_status weigh_evidence(const struct trunk *trunk, const double right[3],
                                  const struct step_side *steps, size_t n, double *evidence,
                                  struct arena *tmp)
{
    struct bout_signal thin;
    size_t step;
    TRY(signal_thin(trunk->signal, enough_hz, &thin, &step, tmp));
    double rate_hz = thin.rate_hz, step_hz = 1 / step_track_median(&trunk->steps, tmp);
    double *left = ARENA_NEW(tmp, thin.n, double), *sway = ARENA_NEW(tmp, thin.n, double);
    double *slow = ARENA_NEW(tmp, thin.n, double), *said = ARENA_NEW(tmp, n, double);
    if (!left || !sway || !slow || !said) return GAIT_NOMEM;
    for (size_t i = 0; i < thin.n; i++) left[i] = -vec_dot(thin.accel_g + 3 * i, right);
    struct filter stride = bandpass(0.25 * step_hz, 0.8 * step_hz, rate_hz);
    struct filter below = bandpass(0.4, 3, rate_hz);
    TRY(filtfilt(&stride, left, sway, thin.n, 1, tmp));
    TRY(filtfilt(&below, left, slow, thin.n, 1, tmp));

    const struct witness witnesses[] = {{sway, 0.4, 1}, {slow, 0.5, 1}, {sway, 0.5, 0.5}};
    for (size_t k = 0; k < n; k++) evidence[k] = 0;
    for (size_t w = 0; w < sizeof witnesses / sizeof *witnesses; w++) {
        hear(&thin, &witnesses[w], steps, n, said);
        scale_to_median(said, n, tmp);
        for (size_t k = 0; k < n; k++) evidence[k] += witnesses[w].weight * said[k];
    }
    scale_to_median(evidence, n, tmp);
    return GAIT_OK;
}

/* Two-state Viterbi: feet alternate over the number of steps that fit between two strikes. */
static gait_status decide(const struct step_side *steps, const double *evidence, size_t n,
                          unsigned char *is_right, struct arena *tmp)
{
    unsigned char *from = ARENA_NEW(tmp, 2 * n, unsigned char);
    if (!from) return GAIT_NOMEM;
    double score[2] = {0};
    for (size_t k = 0; k < n; k++) {
        double odds = fmin(fmax(2 * evidence[k], -4), 4), next[2];
        double gap = k ? round((steps[k].strike_s - steps[k - 1].strike_s) / steps[k].period_s) : 1;
        double between = fmin(fmax(gap, 1), 9), cost = break_cost / (1 + 0.7 * (between - 1));
        unsigned swap = (unsigned)between % 2;
        for (unsigned side = 0; side < 2; side++) {
            unsigned regular = side ^ swap;
            int broken = score[regular] < score[1 - regular] - cost;
            unsigned best = broken ? 1 - regular : regular;
            next[side] = score[best] - (broken ? cost : 0) + (side ? 0.5 : -0.5) * odds;
            from[2 * k + side] = (unsigned char)best;
        }
        score[0] = next[0];
        score[1] = next[1];
    }
    unsigned side = score[1] > score[0];
    for (size_t k = n; k-- > 0;) {
        is_right[k] = (unsigned char)side;
        side = from[2 * k + side];
    }
    return GAIT_OK;
}

gait_status sides_tell(const struct trunk *trunk, const double right[3], int naming_is_safe,
                       struct step_side *steps, size_t n, struct arena *tmp)
{
    if (n == 0) return GAIT_OK;
    struct arena_mark mark = arena_mark(tmp);
    double *evidence = ARENA_NEW(tmp, n, double);
    unsigned char *is_right = ARENA_NEW(tmp, n, unsigned char);
    gait_status status = evidence && is_right ? GAIT_OK : GAIT_NOMEM;
    if (status == GAIT_OK) status = weigh_evidence(trunk, right, steps, n, evidence, tmp);
    if (status == GAIT_OK) status = decide(steps, evidence, n, is_right, tmp);
    gait_side left_foot = naming_is_safe ? GAIT_LEFT : GAIT_STEP_A;
    gait_side right_foot = naming_is_safe ? GAIT_RIGHT : GAIT_STEP_B;
    for (size_t k = 0; status == GAIT_OK && k < n; k++)
        steps[k].side = is_right[k] ? right_foot : left_foot;
    arena_rewind(tmp, mark);
    return status;
}
