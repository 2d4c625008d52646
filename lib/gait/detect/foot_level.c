/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/foot_level.h"

#include <math.h>

#include "base/vec.h"
#include "signal/stats.h"

static const double step_s = 0.01;
static const double most_late_ms = 25;

static double mean_along(const struct foot_level *rule, const struct track *track,
                         const double axis[3], double time_s, double *frames, size_t n)
{
    double sum = 0;
    track_read(track, time_s + rule->from_s, step_s, frames, n);
    for (size_t i = 0; i < n; i++) sum += vec_dot(frames + 3 * i, axis);
    return sum / (double)n;
}

gait_status foot_level_read(const struct foot_level *rule, const struct track *track,
                            const double axis[3], const double *time_s, size_t n, double *level,
                            struct arena *tmp)
{
    enum { FEWEST = 3 };
    struct arena_mark mark = arena_mark(tmp);
    size_t m = 0, n_frames = (size_t)((rule->to_s - rule->from_s) / step_s + 1.5);
    double *each = ARENA_NEW(tmp, n, double), *frames = ARENA_NEW(tmp, 3 * n_frames, double);
    if (!each || !frames) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        if (time_s[i] + rule->from_s < 0 || time_s[i] + rule->to_s > track_end_s(track)) continue;
        each[m++] = mean_along(rule, track, axis, time_s[i], frames, n_frames);
    }
    *level = m < FEWEST ? (double)NAN : median_inplace(each, m);
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

double foot_level_late_s(const struct foot_level *rule, double level_g)
{
    if (isnan(level_g)) return 0;
    double late_ms = rule->late_ms + rule->ms_per_g * level_g;
    return 0.001 * fmin(fmax(late_ms, -most_late_ms), most_late_ms);
}
