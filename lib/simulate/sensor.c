/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/sensor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "signal/filter.h"

static const double fine_hz = 900; /* the ideal motion is made at least this fine */
static const double block_s = 12;  /* made at a time */
static const double margin_s = .5; /* on both sides of it, for the filters to settle */
static const double gyro_range_dps = 2000;

/* One sensor while it records. */
struct sensor {
    const struct world *world;
    const struct key_values *keys;
    gait_placement placement;
    gait_side side;
    struct sensor_traits traits;
    double mounting[3][3];
    double rate_hz; /* as it really samples */
    size_t fine;    /* samples of the ideal motion per frame */
    struct prng noise;
};

/* Turned about forward, then up, then right; rows are the sensor's axes in the body's. */
static void mounting_matrix(const double angle_deg[3], double m[3][3])
{
    const double rad_per_deg = acos(-1.0) / 180;
    double total[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    for (size_t axis = 0; axis < 3; axis++) {
        size_t p = (axis + 1) % 3, q = (axis + 2) % 3;
        double c = cos(angle_deg[axis] * rad_per_deg), s = sin(angle_deg[axis] * rad_per_deg);
        for (size_t row = 0; row < 3; row++) {
            double a = total[row][p], b = total[row][q];
            total[row][p] = c * a - s * b;
            total[row][q] = s * a + c * b;
        }
    }
    for (size_t i = 0; i < 9; i++) {
        double x = total[i / 3][i % 3];
        m[i / 3][i % 3] = fabs(x) < 1e-15 ? 0 : x;
    }
}

/* What a sensor on a soft mount feels of the body's acceleration: a spring and a damper, made
 * discrete by the bilinear transform. */
static void soft_mount(double *x, size_t n, double hz, double damping, double rate_hz)
{
    double w = 2 * acos(-1.0) * hz, k = 2 * rate_hz, c = 2 * damping * w;
    double a0 = k * k + c * k + w * w;
    double b[3] = {(c * k + w * w) / a0, 2 * w * w / a0, (w * w - c * k) / a0};
    double a1 = 2 * (w * w - k * k) / a0, a2 = (k * k - c * k + w * w) / a0;
    for (size_t axis = 0; axis < 3; axis++) {
        double s2 = (b[2] - a2) * x[axis], s1 = (b[1] - a1) * x[axis] + s2;
        for (size_t i = axis; i < 3 * n; i += 3) {
            double y = b[0] * x[i] + s1;
            s1 = b[1] * x[i] - a1 * y + s2;
            s2 = b[2] * x[i] - a2 * y;
            x[i] = y;
        }
    }
}

static gait_status ideal_motion(const struct sensor *s, struct grid grid, struct motion *motion,
                                struct arena *arena)
{
    if (s->side == GAIT_SIDE_NONE) return trunk_motion(s->world, grid, motion, arena);
    return limb_motion(s->world, s->placement, s->side == GAIT_LEFT, grid, motion, arena);
}

/* Mount, then the low-pass every converter has before it. */
static gait_status feel(const struct sensor *s, struct motion *motion, struct arena *arena)
{
    size_t n = motion->grid.n;
    double rate_hz = s->rate_hz * (double)s->fine;
    if (s->traits.mount_hz > 0)
        soft_mount(motion->force_g, n, s->traits.mount_hz, s->traits.mount_damping, rate_hz);
    if (s->fine < 2) return GAIT_OK;
    struct filter filter = lowpass(.42 * s->rate_hz, rate_hz, 4);
    TRY(filtfilt(&filter, motion->force_g, motion->force_g, n, 3, arena));
    return filtfilt(&filter, motion->rate_dps, motion->rate_dps, n, 3, arena);
}

static double converted(double x, double range, double bits)
{
    x = fmin(fmax(x, -range), range);
    if (bits < 1) return x;
    double step = range / ldexp(1, (int)bits - 1);
    return fmin(fmax(floor(x / step + .5) * step, -range), range - step);
}

static void record_frame(struct sensor *s, const struct motion *motion, size_t at,
                         struct recorded *out, size_t i)
{
    const struct sensor_traits *t = &s->traits;
    const double *force = motion->force_g + 3 * at, *rate = motion->rate_dps + 3 * at;
    double range = s->keys->number[KEY_RANGE], bits = s->keys->number[KEY_BITS];
    double gyro_sd = t->gyro_noise * sqrt(s->rate_hz / 2);
    out->time_s[i] = (double)i / s->rate_hz;
    for (size_t k = 0; k < 3; k++) {
        const double *m = s->mounting[k];
        double f = m[0] * force[0] + m[1] * force[1] + m[2] * force[2];
        f = t->scale[k] * f + t->offset_g[k] + prng_normal(&s->noise, 0, t->noise_g);
        out->accel_g[3 * i + k] = (float)converted(f, range, bits);
        if (!out->gyro_dps) continue;
        double w = m[0] * rate[0] + m[1] * rate[1] + m[2] * rate[2];
        w += t->gyro_bias_dps[k] + prng_normal(&s->noise, 0, gyro_sd);
        out->gyro_dps[3 * i + k] = (float)converted(w, gyro_range_dps, bits);
    }
}

static gait_status record_block(struct sensor *s, size_t first, size_t last, struct recorded *out,
                                struct arena *arena, gait_error *err)
{
    size_t margin = (size_t)ceil(margin_s * s->rate_hz);
    struct grid grid = {.start_s = ((double)first - (double)margin) / s->rate_hz,
                        .step_s = 1 / (s->rate_hz * (double)s->fine),
                        .n = (last - first + 2 * margin) * s->fine};
    struct motion motion;
    if (ideal_motion(s, grid, &motion, arena) != GAIT_OK)
        return gait_fail(err, GAIT_NOMEM, "no memory to simulate %zu frames", last - first);
    TRY(truth_add_motion(&out->truth, s->world, &motion, s->side, (double)first / s->rate_hz,
                         (double)last / s->rate_hz, err));
    if (feel(s, &motion, arena) != GAIT_OK)
        return gait_fail(err, GAIT_NOMEM, "no memory to simulate %zu frames", last - first);
    for (size_t i = first; i < last; i++)
        record_frame(s, &motion, (i - first + margin) * s->fine, out, i);
    return GAIT_OK;
}

static void move_frame(struct recorded *r, size_t to, size_t from)
{
    r->time_s[to] = r->time_s[from];
    memmove(r->accel_g + 3 * to, r->accel_g + 3 * from, 3 * sizeof *r->accel_g);
    if (r->gyro_dps) memmove(r->gyro_dps + 3 * to, r->gyro_dps + 3 * from, 3 * sizeof *r->gyro_dps);
}

static void cut_gap(struct recorded *r, double from_s, double length_s)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->n; i++) {
        if (r->time_s[i] >= from_s && r->time_s[i] < from_s + length_s) continue;
        if (kept != i) move_frame(r, kept, i);
        kept++;
    }
    r->n = kept;
}

/* Stamps err by at most 0.45 of the period, so they never go back; in microseconds, as loggers have
 * them. */
static void jitter_stamps(struct recorded *r, double jitter, double rate_hz, struct prng *prng)
{
    for (size_t i = 0; i < r->n; i++) {
        double error = fmin(fmax(prng_normal(prng, 0, jitter), -.45), .45);
        r->time_s[i] = floor((r->time_s[i] + error / rate_hz) * 1e6 + .5) / 1e6;
    }
}

/* Every frame is as likely as any other to be written twice; there is room for the copies. */
static void duplicate(struct recorded *r, size_t count, struct prng *prng)
{
    size_t to = r->n + count, left = count;
    r->n = to;
    for (size_t i = to - count; i-- > 0;) {
        move_frame(r, --to, i);
        if (!left || prng_below(prng, i + 1) >= left) continue;
        move_frame(r, --to, i);
        left--;
    }
}

static gait_status spoil(struct recorded *r, const struct sensor *s, gait_error *err)
{
    const double *number = s->keys->number;
    size_t count = (size_t)number[KEY_DUPLICATES];
    struct prng prng;
    stream_seed(&prng, s->world->person->seed, STREAM_STAMPS,
                (uint64_t)s->placement * 16 + (uint64_t)s->side);
    if (s->keys->set[KEY_GAP_AT]) cut_gap(r, number[KEY_GAP_AT], number[KEY_GAP]);
    if (number[KEY_JITTER] > 0) jitter_stamps(r, number[KEY_JITTER], s->rate_hz, &prng);
    if (count > r->n)
        return gait_fail(err, GAIT_INVALID, "duplicates=%zu is more than the %zu frames there are",
                         count, r->n);
    if (count) duplicate(r, count, &prng);
    return GAIT_OK;
}

static gait_status make_room(struct recorded *r, size_t n, bool gyro, gait_error *err)
{
    const size_t most = (size_t)1 << 31;
    if (n > most)
        return gait_fail(err, GAIT_INVALID, "%zu frames are more than the %zu that are simulated",
                         n, most);
    r->time_s = calloc(n, sizeof *r->time_s);
    r->accel_g = calloc(3 * n, sizeof *r->accel_g);
    if (gyro) r->gyro_dps = calloc(3 * n, sizeof *r->gyro_dps);
    if (!r->time_s || !r->accel_g || (gyro && !r->gyro_dps))
        return gait_fail(err, GAIT_NOMEM, "no memory for %zu frames", n);
    return GAIT_OK;
}

static void sensor_init(struct sensor *s, const struct world *world, const struct key_values *keys,
                        gait_placement placement, gait_side side)
{
    *s = (struct sensor){.world = world, .keys = keys, .placement = placement, .side = side};
    sensor_traits_make(&s->traits, world->person, keys, placement, side);
    mounting_matrix(s->traits.mounting_deg, s->mounting);
    s->rate_hz = keys->number[KEY_RATE] * (1 + 1e-6 * keys->number[KEY_DRIFT]);
    s->fine = (size_t)ceil(fine_hz / s->rate_hz);
    if (s->fine < 1) s->fine = 1;
    stream_seed(&s->noise, world->person->seed, STREAM_SENSOR,
                1000 + (uint64_t)placement * 16 + (uint64_t)side);
}

gait_status sensor_record(struct recorded *r, const struct world *world,
                          const struct key_values *keys, gait_placement placement, gait_side side,
                          gait_error *err)
{
    struct sensor s;
    struct arena arena = {0};
    memset(r, 0, sizeof *r);
    sensor_init(&s, world, keys, placement, side);
    r->traits = s.traits;
    memcpy(r->mounting, s.mounting, sizeof r->mounting);
    double frames = floor(world->timeline->duration_s * s.rate_hz + .5);
    size_t n = (size_t)frames, block = (size_t)ceil(block_s * s.rate_hz);
    gait_status st =
        make_room(r, n + (size_t)keys->number[KEY_DUPLICATES], keys->number[KEY_GYRO] > 0, err);
    for (size_t first = 0; first < n && st == GAIT_OK; first += block) {
        struct arena_mark mark = arena_mark(&arena);
        st = record_block(&s, first, first + block < n ? first + block : n, r, &arena, err);
        arena_rewind(&arena, mark);
    }
    r->n = n;
    if (st == GAIT_OK) st = spoil(r, &s, err);
    if (st == GAIT_OK) st = truth_finish(&r->truth, world, keys, side, err);
    arena_free(&arena);
    if (st != GAIT_OK) recorded_free(r);
    return st;
}

void recorded_free(struct recorded *r)
{
    free(r->time_s);
    free(r->accel_g);
    free(r->gyro_dps);
    truth_free(&r->truth);
    memset(r, 0, sizeof *r);
}
