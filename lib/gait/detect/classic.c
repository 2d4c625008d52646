/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/classic.h"

#include <math.h>
#include <string.h>

#include "base/eigen.h"
#include "base/fail.h"
#include "base/vec.h"
#include "signal/filter.h"
#include "signal/peaks.h"
#include "signal/stats.h"

/* Nobody runs or walks faster: no two foot strikes of one limb are nearer. */
static const double shortest_run_stride_s = 0.5;
static const double shortest_walk_stride_s = 0.75;
static const double shortest_window_s = 2;
static const double stillest_sd_g = 0.03;

/* None of these methods says how sure it is of an event. */
static const double flat_confidence = 0.7;

static void known_axis(const gait_options *options, int row, double out[3])
{
    for (int k = 0; k < 3; k++) out[k] = options->axes[row][k];
}

/* Rows forward, up, right; 0 if the sensor feels nothing. */
static int find_axes(const struct bout_signal *signal, const double mean_g[3], double axes[3][3],
                     struct arena *tmp)
{
    const gait_options *options = signal->options;
    memcpy(axes[1], mean_g, sizeof axes[1]);
    if (options->axes_known & 2) known_axis(options, 1, axes[1]);
    if (!vec_unit(axes[1])) return 0;
    if (options->axes_known & 1) {
        known_axis(options, 0, axes[0]);
    } else {
        double *across = ARENA_NEW(tmp, 3 * signal->n, double);
        double m[3][3] = {{0}}, value[3], vector[3][3];
        if (!across) return 0;
        for (size_t i = 0; i < signal->n; i++) {
            for (size_t k = 0; k < 3; k++)
                across[3 * i + k] = signal->accel_g[3 * i + k] - mean_g[k];
            vec_reject(across + 3 * i, axes[1]);
        }
        scatter3(across, signal->n, m);
        eigen3(m, value, vector);
        memcpy(axes[0], vector[2], sizeof axes[0]);
    }
    vec_reject(axes[0], axes[1]);
    if (!vec_unit(axes[0])) return 0;
    vec_cross(axes[0], axes[1], axes[2]);
    return 1;
}

static void project(const struct bout_signal *signal, const double mean_g[3], double axes[3][3],
                    struct classic *out)
{
    for (size_t i = 0; i < signal->n; i++) {
        const double *a = signal->accel_g + 3 * i;
        double moving[3] = {a[0] - mean_g[0], a[1] - mean_g[1], a[2] - mean_g[2]};
        out->forward_g[i] = vec_dot(axes[0], moving);
        out->axial_g[i] = vec_dot(axes[1], a);
        out->right_g[i] = vec_dot(axes[2], moving);
        out->norm_g[i] = vec_norm(a);
    }
}

/* *usable 0: nothing to find. Arrays from the arena. */
static gait_status prepare(const struct bout_signal *signal, struct classic *out, int *usable,
                           struct arena *arena)
{
    size_t n = signal->n;
    *usable = 0;
    *out = (struct classic){.signal = signal};
    out->shortest_stride_s =
        signal->activity == GAIT_RUN ? shortest_run_stride_s : shortest_walk_stride_s;
    if ((double)n < shortest_window_s * signal->rate_hz) return GAIT_OK;
    double **array[] = {&out->axial_g, &out->forward_g, &out->right_g, &out->norm_g};
    for (size_t k = 0; k < 4; k++) {
        *array[k] = ARENA_NEW(arena, n, double);
        if (!*array[k]) return GAIT_NOMEM;
    }
    double mean_g[3] = {0, 0, 0}, axes[3][3];
    for (size_t i = 0; i < 3 * n; i++) mean_g[i % 3] += signal->accel_g[i] / (double)n;
    struct arena_mark mark = arena_mark(arena);
    *usable = find_axes(signal, mean_g, axes, arena);
    arena_rewind(arena, mark);
    if (!*usable) return GAIT_OK;
    project(signal, mean_g, axes, out);
    *usable = standard_deviation(out->norm_g, n) > stillest_sd_g;
    return GAIT_OK;
}

gait_status classic_detect(classic_find_fn *find, const struct bout_signal *signal,
                           struct event_list *found, struct arena *keep, struct arena *tmp)
{
    struct classic classic;
    int usable;
    TRY(prepare(signal, &classic, &usable, tmp));
    return usable ? find(&classic, found, keep, tmp) : GAIT_OK;
}

size_t classic_samples(const struct classic *classic, double time_s)
{
    return (size_t)(time_s * classic->signal->rate_hz + 0.5);
}

double *classic_smooth(const struct classic *classic, const double *x, double cutoff_hz,
                       struct arena *tmp)
{
    size_t n = classic->signal->n;
    double *y = ARENA_NEW(tmp, n, double);
    if (!y) return NULL;
    struct filter filter = lowpass(cutoff_hz, classic->signal->rate_hz, 2);
    return filtfilt(&filter, x, y, n, 1, tmp) == GAIT_OK ? y : NULL;
}

double classic_rise_before(const double *y, size_t from, size_t first, double level)
{
    for (size_t i = from; i > first; i--)
        if (y[i] > level && y[i - 1] <= level)
            return (double)i - (y[i] - level) / (y[i] - y[i - 1]);
    return NAN;
}

double classic_fall_after(const double *y, size_t from, size_t end, double level)
{
    for (size_t i = from + 1; i < end; i++)
        if (y[i - 1] > level && y[i] <= level)
            return (double)i - (level - y[i]) / (y[i - 1] - y[i]);
    return NAN;
}

double classic_level(const double *y, size_t n)
{
    return mean(y, n) + standard_deviation(y, n);
}

size_t classic_peaks(const struct classic *classic, const double *y, double level, size_t *at)
{
    size_t n = classic->signal->n, gap = classic_samples(classic, classic->shortest_stride_s);
    size_t n_peaks = local_maxima(y, n, at, n), n_kept = 0;
    for (size_t k = 0; k < n_peaks; k++) {
        size_t i = at[k];
        if (!(y[i] > level)) continue;
        if (n_kept == 0 || i - at[n_kept - 1] >= gap)
            at[n_kept++] = i;
        else if (y[i] > y[at[n_kept - 1]])
            at[n_kept - 1] = i;
    }
    return n_kept;
}

gait_status classic_tell(const struct classic *classic, gait_event_type type, double index,
                         double sd_s, struct event_list *found, struct arena *keep)
{
    if (!isfinite(index)) return GAIT_OK;
    gait_event event = {.type = type,
                        .side = classic->signal->options->side,
                        .time_s = index / classic->signal->rate_hz,
                        .uncertainty_s = sd_s,
                        .confidence = flat_confidence};
    return event_push(found, &event, keep);
}
