/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/frame/heading.h"

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "signal/filter.h"

static const double pi = 3.14159265358979323846;
static const double enough_hz = 40; /* nothing above 8 Hz is looked at */

/* Two level unit vectors at right angles to each other. */
static void level_pair(const double up[3], double a[3], double b[3])
{
    size_t flattest = 0;
    for (size_t k = 1; k < 3; k++)
        if (fabs(up[k]) < fabs(up[flattest])) flattest = k;
    double e[3] = {0};
    e[flattest] = 1;
    vec_cross(up, e, a);
    (void)vec_unit(a);
    vec_cross(up, a, b);
}

static int given(const struct trunk *trunk, struct heading *out)
{
    enum { FORWARD, UP, RIGHT };
    const gait_options *options = trunk->signal->options;
    double right[3];
    if ((options->axes_known >> FORWARD) & 1) {
        for (int k = 0; k < 3; k++) out->forward[k] = options->axes[FORWARD][k];
    } else if ((options->axes_known >> RIGHT) & 1) {
        for (int k = 0; k < 3; k++) right[k] = options->axes[RIGHT][k];
        vec_cross(trunk->up, right, out->forward);
    } else {
        return 0;
    }
    vec_reject(out->forward, trunk->up);
    out->is_given = vec_unit(out->forward);
    out->clearness = out->is_given ? 9 : 0;
    out->sign = out->is_given;
    return out->is_given;
}

/* Second moments of what repeats after one step and of what changes sign, for interleaved pairs. */
struct moments {
    double even[2][2], odd[2][2];
};

static void split_by_step(const struct step_track *steps, const struct bout_signal *thin,
                          const double *level_g, struct moments *out)
{
    *out = (struct moments){.even = {{0}}};
    for (size_t i = 0; i < thin->n; i++) {
        double period = step_track_at(steps, (double)i / thin->rate_hz) * thin->rate_hz;
        size_t j = i + (size_t)period;
        if (j + 1 >= thin->n) break;
        double even[2], odd[2], share = period - floor(period);
        const double *now = level_g + 2 * i, *later = level_g + 2 * j;
        for (size_t k = 0; k < 2; k++) {
            double next = later[k] + share * (later[k + 2] - later[k]);
            even[k] = now[k] + next;
            odd[k] = now[k] - next;
        }
        for (size_t a = 0; a < 2; a++)
            for (size_t b = 0; b < 2; b++) {
                out->even[a][b] += even[a] * even[b];
                out->odd[a][b] += odd[a] * odd[b];
            }
    }
}

static double power_along(const double moment[2][2], double x, double y)
{
    return x * x * moment[0][0] + 2 * x * y * moment[0][1] + y * y * moment[1][1] + 1e-12;
}

/* Forward repeats, sideways alternates: the direction where both are true most. */
static double best_line(const struct moments *m, double *x, double *y)
{
    double best = -INFINITY;
    for (int degrees = 0; degrees < 180; degrees++) {
        double c = cos(degrees * pi / 180), s = sin(degrees * pi / 180);
        double score = log(power_along(m->even, c, s) / power_along(m->odd, c, s)) +
                       log(power_along(m->odd, -s, c) / power_along(m->even, -s, c));
        if (score <= best) continue;
        best = score;
        *x = c;
        *y = s;
    }
    return best;
}

static gait_status find_line(const struct trunk *trunk, const struct bout_signal *thin,
                             struct heading *out, struct arena *tmp)
{
    double a[3], b[3], x = 1, y = 0;
    struct moments moments;
    double *level_g = ARENA_NEW(tmp, 2 * thin->n, double);
    if (!level_g) return GAIT_NOMEM;
    level_pair(trunk->up, a, b);
    for (size_t i = 0; i < thin->n; i++) {
        level_g[2 * i] = vec_dot(thin->accel_g + 3 * i, a);
        level_g[2 * i + 1] = vec_dot(thin->accel_g + 3 * i, b);
    }
    struct filter steps = bandpass(0.4, 8, thin->rate_hz);
    TRY(filtfilt(&steps, level_g, level_g, thin->n, 2, tmp));
    split_by_step(&trunk->steps, thin, level_g, &moments);
    out->clearness = best_line(&moments, &x, &y);
    for (size_t k = 0; k < 3; k++) out->forward[k] = x * a[k] + y * b[k];
    return GAIT_OK;
}

/* Forward acceleration runs with the rise of the vertical one at the step frequency in walking,
 * against it in running. */
static gait_status decide_sign(const struct trunk *trunk, const struct bout_signal *thin,
                               struct heading *out, struct arena *tmp)
{
    size_t n = thin->n;
    double *pair = ARENA_NEW(tmp, 2 * n, double), *slope = ARENA_NEW(tmp, 2 * n, double);
    if (!pair || !slope) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        pair[2 * i] = vec_dot(thin->accel_g + 3 * i, out->forward);
        pair[2 * i + 1] = vec_dot(thin->accel_g + 3 * i, trunk->up);
    }
    double step_hz = 1 / step_track_median(&trunk->steps, tmp);
    struct filter around = bandpass(0.6 * step_hz, 1.4 * step_hz, thin->rate_hz);
    TRY(filtfilt(&around, pair, pair, n, 2, tmp));
    derivative(pair, slope, n, 2, thin->rate_hz);
    double product = 0, forward = 1e-12, rise = 1e-12;
    for (size_t i = 0; i < n; i++) {
        product += pair[2 * i] * slope[2 * i + 1];
        forward += pair[2 * i] * pair[2 * i];
        rise += slope[2 * i + 1] * slope[2 * i + 1];
    }
    if (trunk->signal->activity == GAIT_RUN) product = -product;
    if (product < 0) vec_scale(out->forward, -1);
    out->sign = fabs(product) / sqrt(forward * rise);
    return GAIT_OK;
}

gait_status heading_find(const struct trunk *trunk, struct heading *out, struct arena *tmp)
{
    *out = (struct heading){.clearness = 0};
    if (!trunk->vertical_g || trunk->steps.n == 0 || given(trunk, out)) return GAIT_OK;
    struct arena_mark mark = arena_mark(tmp);
    struct bout_signal thin;
    size_t step;
    gait_status status = signal_thin(trunk->signal, enough_hz, &thin, &step, tmp);
    if (status == GAIT_OK) status = find_line(trunk, &thin, out, tmp);
    if (status == GAIT_OK) status = decide_sign(trunk, &thin, out, tmp);
    arena_rewind(tmp, mark);
    return status;
}
