/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/foot_scores.h"

#include <math.h>
#include <string.h>

#include "base/eigen.h"
#include "base/fail.h"
#include "base/hot.h"
#include "base/vec.h"
#include "signal/filter.h"
#include "signal/resample.h"
#include "signal/stats.h"

enum { BLOCK = 256 };

static gait_status to_grid(const double *x, size_t n, double rate_hz, const double **out, size_t m,
                           struct arena *keep)
{
    double *y = arena_alloc(keep, m, 3 * sizeof *y);
    if (!y) return GAIT_NOMEM;
    *out = y;
    return resample(x, n, 3, rate_hz, y, FOOT_RATE_HZ, keep);
}

gait_status foot_grid_make(const struct bout_signal *signal, struct foot_grid *grid,
                           struct arena *keep)
{
    *grid = (struct foot_grid){signal->n, signal->accel_g, signal->gyro_dps};
    if (fabs(signal->rate_hz - FOOT_RATE_HZ) < 1e-9) return GAIT_OK;
    size_t m = resampled_length(signal->n, signal->rate_hz, FOOT_RATE_HZ);
    grid->n = m;
    if (m == 0) return GAIT_OK;
    gait_status status =
        to_grid(signal->accel_g, signal->n, signal->rate_hz, &grid->accel_g, m, keep);
    if (status || !signal->gyro_dps) return status;
    return to_grid(signal->gyro_dps, signal->n, signal->rate_hz, &grid->gyro_dps, m, keep);
}

static size_t held(size_t i, ptrdiff_t shift, size_t n)
{
    ptrdiff_t at = (ptrdiff_t)i + shift;
    if (at < 0) return 0;
    return (size_t)at < n ? (size_t)at : n - 1;
}

/* y[i] = mean of x over 2 half + 1 samples, the end values held. */
static void moving_mean(const double *x, double *y, size_t n, ptrdiff_t half)
{
    double sum = 0;
    for (ptrdiff_t k = -half; k <= half; k++) sum += x[held(0, k, n)];
    for (size_t i = 0; i < n; i++) {
        y[i] = sum / (double)(2 * half + 1);
        sum += x[held(i, half + 1, n)] - x[held(i, -half, n)];
    }
}

/* Root of the summed variances of three axes over 2 half + 1 samples. */
static gait_status moving_deviation(const double *xyz, double *y, size_t n, ptrdiff_t half,
                                    struct arena *tmp)
{
    double *axis = ARENA_NEW(tmp, n, double);
    double *average = ARENA_NEW(tmp, n, double);
    if (!axis || !average) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) axis[i] = vec_dot(xyz + 3 * i, xyz + 3 * i);
    moving_mean(axis, y, n, half);
    for (size_t c = 0; c < 3; c++) {
        for (size_t i = 0; i < n; i++) axis[i] = xyz[3 * i + c];
        moving_mean(axis, average, n, half);
        for (size_t i = 0; i < n; i++) y[i] -= average[i] * average[i];
    }
    for (size_t i = 0; i < n; i++) y[i] = sqrt(fmax(y[i], 0));
    return GAIT_OK;
}

static void norms(const double *xyz, double *y, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] = vec_norm(xyz + 3 * i);
}

static void project(const double *xyz, const double axis[3], double *y, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] = vec_dot(xyz + 3 * i, axis);
}

static gait_status streams_new(struct foot_streams *out, size_t n, size_t count, struct arena *keep)
{
    *out = (struct foot_streams){.n = n, .count = count};
    for (size_t s = 0; s < count; s++)
        if (!(out->at[s] = ARENA_NEW(keep, n, double))) return GAIT_NOMEM;
    return GAIT_OK;
}

/* Floors (g, g/s) that keep the logarithms from following noise, and half widths in samples. */
struct roughness {
    double norm_floor, jerk_floor, deviation_floor, offset_floor;
    ptrdiff_t deviation_half, offset_half;
};

static const struct roughness walk_roughness = {0.2, 2, 0.02, 0.03, 5, 3};
static const struct roughness run_roughness = {0.2, 5, 0.05, 0.05, 3, 2};

/* Streams 0..3: logarithms of norm, jerk, deviation and distance of the mean norm from 1 g. */
static gait_status rough_streams(const struct foot_grid *grid, const struct roughness *r,
                                 struct foot_streams *out, struct arena *tmp)
{
    size_t n = grid->n;
    double *norm = ARENA_NEW(tmp, n, double);
    double *jerk = arena_alloc(tmp, n, 3 * sizeof *jerk);
    if (!norm || !jerk) return GAIT_NOMEM;
    norms(grid->accel_g, norm, n);
    derivative(grid->accel_g, jerk, n, 3, FOOT_RATE_HZ);
    norms(jerk, out->at[1], n);
    TRY(moving_deviation(grid->accel_g, out->at[2], n, r->deviation_half, tmp));
    moving_mean(norm, out->at[3], n, r->offset_half);
    for (size_t i = 0; i < n; i++) {
        out->at[0][i] = log(norm[i] + r->norm_floor);
        out->at[1][i] = log(out->at[1][i] + r->jerk_floor);
        out->at[2][i] = log(out->at[2][i] + r->deviation_floor);
        out->at[3][i] = log(fabs(out->at[3][i] - 1) + r->offset_floor);
    }
    return GAIT_OK;
}

/* Between -1 and 1, straight around 0; far cheaper than a hyperbolic tangent. */
HOT_PART double limited(double x)
{
    return x / sqrt(1 + x * x);
}

/* y = limited((x - offset) / scale) and the same of its derivative. */
HOT static void soft(const double *x, size_t n, double offset, double scale, double *y)
{
    for (size_t i = 0; i < n; i++) y[i] = limited((x[i] - offset) / scale);
}

static gait_status soft_pair(const double *x, size_t n, double offset, double scale, double *y,
                             double slope_scale, double *slope, struct arena *tmp)
{
    double *d = ARENA_NEW(tmp, n, double);
    if (!d) return GAIT_NOMEM;
    derivative(x, d, n, 1, FOOT_RATE_HZ);
    soft(x, n, offset, scale, y);
    soft(d, n, 0, slope_scale, slope);
    return GAIT_OK;
}

/* Values at which the soft limits saturate: g, g/s, deg/s, deg/s^2. */
struct softness {
    double accel, accel_slope, pitch, pitch_slope, turn_floor;
};
static const struct softness walk_softness = {1.5, 60, 200, 5000, 10};
static const struct softness run_softness = {2.5, 120, 400, 10000, 20};

static gait_status axis_streams(const struct foot_grid *grid, const struct softness *k,
                                const struct foot_axes *axes, struct foot_streams *out,
                                struct arena *tmp)
{
    double *along = ARENA_NEW(tmp, grid->n, double);
    if (!along) return GAIT_NOMEM;
    project(grid->accel_g, axes->up, along, grid->n);
    TRY(soft_pair(along, grid->n, 1, k->accel, out->at[4], k->accel_slope, out->at[6], tmp));
    project(grid->accel_g, axes->forward, along, grid->n);
    return soft_pair(along, grid->n, 0, k->accel, out->at[5], k->accel_slope, out->at[7], tmp);
}

static gait_status gyro_streams(const struct foot_grid *grid, const struct softness *k,
                                const struct foot_axes *axes, struct foot_streams *out,
                                struct arena *tmp)
{
    double *pitch = ARENA_NEW(tmp, grid->n, double);
    if (!pitch) return GAIT_NOMEM;
    norms(grid->gyro_dps, out->at[8], grid->n);
    for (size_t i = 0; i < grid->n; i++) out->at[8][i] = log(out->at[8][i] + k->turn_floor);
    foot_pitch_rate(grid, axes, pitch);
    return soft_pair(pitch, grid->n, 0, k->pitch, out->at[9], k->pitch_slope, out->at[10], tmp);
}

/* Foot-flat: still, at 1 g, for at least 0.12 s. */
static void mark_quiet(const struct foot_grid *grid, const double *deviation, uint8_t *quiet)
{
    enum { SHORTEST = 12 };
    size_t n = grid->n, begin = 0;
    for (size_t i = 0; i < n; i++)
        quiet[i] = deviation[i] < 0.12 && fabs(vec_norm(grid->accel_g + 3 * i) - 1) < 0.12;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && quiet[i]) continue;
        if (i - begin < SHORTEST) memset(quiet + begin, 0, i - begin);
        begin = i + 1;
    }
}

/* Foot-flat shows 1 g whatever the sensor's scale; a shoe that is never flat is taken at its word.
 */
static gait_status rescale(struct foot_grid *grid, double *one_g, struct arena *tmp)
{
    enum { ENOUGH = 50 };
    size_t n = grid->n, m = 0;
    double *accel_g = arena_alloc(tmp, n, 3 * sizeof *accel_g);
    double *room = ARENA_NEW(tmp, n, double);
    uint8_t *quiet = ARENA_NEW(tmp, n, uint8_t);
    if (!accel_g || !room || !quiet) return GAIT_NOMEM;
    TRY(moving_deviation(grid->accel_g, room, n, walk_roughness.deviation_half, tmp));
    mark_quiet(grid, room, quiet);
    for (size_t i = 0; i < n; i++)
        if (quiet[i]) room[m++] = vec_norm(grid->accel_g + 3 * i);
    *one_g = m >= ENOUGH ? median_inplace(room, m) : 1;
    for (size_t i = 0; i < 3 * n; i++) accel_g[i] = grid->accel_g[i] / *one_g;
    grid->accel_g = accel_g;
    return GAIT_OK;
}

gait_status foot_streams_make(const struct foot_grid *grid, gait_activity activity, int use_gyro,
                              struct foot_streams *out, struct foot_axes *axes, struct arena *keep,
                              struct arena *tmp)
{
    int walking = activity == GAIT_WALK;
    const struct softness *k = walking ? &walk_softness : &run_softness;
    TRY(streams_new(out, grid->n, use_gyro ? 11 : 8, keep));
    if (grid->n < 2) return GAIT_OK;
    struct foot_grid even = *grid;
    struct arena_mark mark = arena_mark(tmp);
    axes->one_g = 1;
    gait_status status = walking ? rescale(&even, &axes->one_g, tmp) : GAIT_OK;
    if (!status)
        status = rough_streams(&even, walking ? &walk_roughness : &run_roughness, out, tmp);
    if (!status) status = foot_axes_find(&even, activity, axes, tmp);
    if (!status) status = axis_streams(&even, k, axes, out, tmp);
    if (!status && use_gyro) status = gyro_streams(&even, k, axes, out, tmp);
    arena_rewind(tmp, mark);
    return status;
}

/* Within 0.3 s of movement. */
static void mark_active(const double *deviation, size_t n, uint8_t *active)
{
    enum { REACH = 30 };
    size_t last = n; /* the last moving sample; n: none yet */
    memset(active, 0, n);
    for (size_t i = 0; i < n; i++) {
        if (deviation[i] > 0.3) last = i;
        if (last < n && i - last <= REACH) active[i] = 1;
    }
    last = n;
    for (size_t i = n; i-- > 0;) {
        if (deviation[i] > 0.3) last = i;
        if (last < n && last - i <= REACH) active[i] = 1;
    }
}

enum { QUIET = 1, ACTIVE = 2 };

/* Sum of the frames whose state has all the bits wanted; how many there are. Unlike medians axis by
 * axis, a sum turns with the sensor. */
static size_t sum_where(const struct foot_grid *grid, const uint8_t *state, uint8_t wanted,
                        double out[3])
{
    size_t m = 0;
    memset(out, 0, 3 * sizeof *out);
    for (size_t i = 0; i < grid->n; i++) {
        if ((state[i] & wanted) != wanted) continue;
        for (size_t c = 0; c < 3; c++) out[c] += grid->accel_g[3 * i + c];
        m++;
    }
    return m;
}

/* The vertical from quiet samples near movement; from all quiet ones, or from all, if there are
 * hardly any. */
static uint8_t find_up(const struct foot_grid *grid, const uint8_t *state, double up[3])
{
    enum { ENOUGH = 50, FEW = 20 };
    static const uint8_t choice[] = {QUIET | ACTIVE, QUIET, 0};
    static const size_t needed[] = {ENOUGH, FEW, 0};
    for (int k = 0; k < 3; k++)
        if (sum_where(grid, state, choice[k], up) >= needed[k] && vec_unit(up)) return choice[k];
    up[0] = up[1] = 0;
    up[2] = 1;
    return 0;
}

/* Median over the stances of mean(f . forward) 0.42 to 0.22 s before the foot is flat; negative if
 * forward points forward, for there the foot brakes. NaN without a stance. */
static double late_swing(const struct foot_grid *grid, const uint8_t *state, uint8_t flat,
                         const double forward[3], double *room)
{
    enum { FROM = 42, TO = 22 };
    size_t m = 0;
    for (size_t i = FROM + 4; i < grid->n; i++) {
        int begins = (state[i] & flat) == flat && (state[i - 1] & flat) != flat;
        if (!begins) continue;
        double sum = 0;
        for (size_t k = i - FROM; k < i - TO; k++) sum += vec_dot(grid->accel_g + 3 * k, forward);
        room[m++] = sum;
    }
    return median_inplace(room, m);
}

static void find_forward_line(const struct foot_grid *grid, const uint8_t *state,
                              const double up[3], double forward[3])
{
    double m[3][3] = {{0}}, value[3], vector[3][3];
    for (size_t i = 0; i < grid->n; i++) {
        if ((state[i] & (QUIET | ACTIVE)) != ACTIVE) continue;
        double h[3];
        memcpy(h, grid->accel_g + 3 * i, sizeof h);
        vec_reject(h, up);
        scatter3(h, 1, m);
    }
    eigen3(m, value, vector);
    memcpy(forward, vector[2], 3 * sizeof *forward);
}

static gait_status walk_axes(const struct foot_grid *grid, struct foot_axes *axes,
                             struct arena *tmp)
{
    size_t n = grid->n;
    double *room = ARENA_NEW(tmp, n, double);
    uint8_t *state = ARENA_NEW(tmp, n, uint8_t);
    uint8_t *active = ARENA_NEW(tmp, n, uint8_t);
    if (!room || !state || !active) return GAIT_NOMEM;
    TRY(moving_deviation(grid->accel_g, room, n, walk_roughness.deviation_half, tmp));
    mark_quiet(grid, room, state);
    mark_active(room, n, active);
    for (size_t i = 0; i < n; i++) state[i] = (uint8_t)(state[i] * QUIET | active[i] * ACTIVE);
    uint8_t flat = find_up(grid, state, axes->up);
    find_forward_line(grid, state, axes->up, axes->forward);
    if (flat && late_swing(grid, state, flat, axes->forward, room) > 0)
        vec_scale(axes->forward, -1);
    return GAIT_OK;
}

/* Blows count for less than their size, so that a few hard ones do not decide. */
static void soften(const double *xyz, double out[3])
{
    double scale = 1 / sqrt(1 + vec_dot(xyz, xyz) / 4);
    for (int c = 0; c < 3; c++) out[c] = xyz[c] * scale;
}

static gait_status run_axes(const struct foot_grid *grid, struct foot_axes *axes, struct arena *tmp)
{
    size_t n = grid->n;
    double *soft_g = arena_alloc(tmp, n, 3 * sizeof *soft_g);
    double *room = ARENA_NEW(tmp, n, double);
    if (!soft_g || !room) return GAIT_NOMEM;
    static const double clear = 0.06;
    double m[3][3] = {{0}}, value[3], vector[3][3], sense = 0, size = 0;
    for (size_t i = 0; i < n; i++) soften(grid->accel_g + 3 * i, soft_g + 3 * i);
    scatter3(soft_g, n, m);
    eigen3(m, value, vector);
    const double *sideways = vector[0];
    for (size_t c = 0; c < 3; c++) {
        for (size_t i = 0; i < n; i++) room[i] = soft_g[3 * i + c];
        axes->up[c] = median_inplace(room, n);
    }
    vec_reject(axes->up, sideways);
    if (!vec_unit(axes->up))
        for (int c = 0; c < 3; c++) axes->up[c] = vector[2][c];
    vec_cross(sideways, axes->up, axes->forward);
    for (size_t i = 0; i < n; i++) {
        double blow = limited(vec_dot(grid->accel_g + 3 * i, axes->forward));
        sense += blow * blow * blow;
        size += fabs(blow * blow * blow);
    }
    axes->may_be_reversed = fabs(sense) < clear * size;
    if (sense > 0) vec_scale(axes->forward, -1);
    return GAIT_OK;
}

gait_status foot_axes_find(const struct foot_grid *grid, gait_activity activity,
                           struct foot_axes *axes, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    axes->may_be_reversed = 0;
    gait_status status =
        activity == GAIT_WALK ? walk_axes(grid, axes, tmp) : run_axes(grid, axes, tmp);
    arena_rewind(tmp, mark);
    return status;
}

void foot_pitch_rate(const struct foot_grid *grid, const struct foot_axes *axes, double *pitch_dps)
{
    double m[3][3] = {{0}}, value[3], vector[3][3], across[3];
    scatter3(grid->gyro_dps, grid->n, m);
    eigen3(m, value, vector);
    vec_cross(axes->up, axes->forward, across);
    if (vec_dot(vector[2], across) < 0) vec_scale(vector[2], -1);
    project(grid->gyro_dps, vector[2], pitch_dps, grid->n);
}

/* out_k[i] += weight_k * x[i] for the three scores at once, in blocks of a length the compiler
 * knows. */
HOT_PART void add_weighted(const double *restrict x, const double weight[FOOT_N_SCORES],
                           double *restrict a, double *restrict b, double *restrict c)
{
    double u = weight[0], v = weight[1], w = weight[2];
    for (size_t i = 0; i < BLOCK; i++) {
        a[i] += u * x[i];
        b[i] += v * x[i];
        c[i] += w * x[i];
    }
}

/* Streams with `reach` samples held at the front and up to a whole block at the back. */
static double *padded(const double *x, size_t n, size_t reach, size_t length, struct arena *tmp)
{
    double *y = ARENA_NEW(tmp, length, double);
    if (!y) return NULL;
    for (size_t i = 0; i < reach; i++) y[i] = x[0];
    memcpy(y + reach, x, n * sizeof *y);
    for (size_t i = reach + n; i < length; i++) y[i] = x[n - 1];
    return y;
}

HOT static gait_status score_into(const struct foot_model *model,
                                  const struct foot_streams *streams, double *score[FOOT_N_SCORES],
                                  size_t n_blocks, struct arena *tmp)
{
    size_t taps = model->n_taps, reach = (taps - 1) / 2 * model->tap_step;
    size_t stride = model->n_streams * taps;
    for (size_t s = 0; s < model->n_streams; s++) {
        struct arena_mark mark = arena_mark(tmp);
        const double *x =
            padded(streams->at[s], streams->n, reach, n_blocks * BLOCK + 2 * reach, tmp);
        if (!x) return GAIT_NOMEM;
        for (size_t block = 0; block < n_blocks * BLOCK; block += BLOCK)
            for (size_t i = 0; i < taps; i++) {
                const double *w = model->weight + s * taps + i;
                const double weight[FOOT_N_SCORES] = {w[0], w[stride], w[2 * stride]};
                add_weighted(x + block + i * model->tap_step, weight, score[0] + block,
                             score[1] + block, score[2] + block);
            }
        arena_rewind(tmp, mark);
    }
    return GAIT_OK;
}

gait_status foot_score(const struct foot_model *model, const struct foot_streams *streams,
                       struct hsmm_scores *out, struct arena *keep, struct arena *tmp)
{
    size_t n_blocks = (streams->n + BLOCK - 1) / BLOCK;
    double *score[FOOT_N_SCORES];
    for (int k = 0; k < FOOT_N_SCORES; k++) {
        score[k] = ARENA_NEW(keep, n_blocks * BLOCK, double);
        if (!score[k]) return GAIT_NOMEM;
        for (size_t i = 0; i < n_blocks * BLOCK; i++) score[k][i] = model->bias[k];
    }
    *out = (struct hsmm_scores){score[0], score[1], score[2]};
    return streams->n ? score_into(model, streams, score, n_blocks, tmp) : GAIT_OK;
}
