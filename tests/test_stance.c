/* SPDX-License-Identifier: BSD-3-Clause */
#include <gait/gait.h>

#include <stdlib.h>

#include "measured.h"

/* Standing on one leg, made by hand: 6 s of walking about, 20 s on one leg, a foot put down, 12 s
 * on the leg again, 3 s of hopping, 3 s of rest that are too short. */

enum { RATE = 100, LENGTH_S = 46, N = RATE * LENGTH_S, MOST = 8 };

static const double pi = 3.14159265358979323846;
static const double forward_g = 0.02, forward_hz = 0.5, right_g = 0.03, right_hz = 0.8;

static float frames[3 * N];

static int stands(double time_s)
{
    return (time_s >= 6 && time_s < 26) || (time_s >= 27 && time_s < 39) || time_s >= 42;
}

/* Sensor axes are forward, up, right. */
static void make_frames(void)
{
    for (size_t i = 0; i < N; i++) {
        double t = (double)i / RATE, moving = stands(t) ? 0 : 0.4;
        frames[3 * i] =
            (float)(forward_g * sin(2 * pi * forward_hz * t) + moving * sin(2 * pi * 1.9 * t));
        frames[3 * i + 1] = (float)(1 + moving * sin(2 * pi * 3.8 * t));
        frames[3 * i + 2] = (float)(right_g * sin(2 * pi * right_hz * t));
    }
}

struct stands {
    size_t n;
    double start_s[MOST], end_s[MOST], held_s[MOST], sway_g[MOST], ml_g[MOST], path_g_per_s[MOST];
    uint32_t flags;
};

static void keep_bout(const gait_bout *bout, struct stands *out)
{
    assert_int_equal(bout->activity, GAIT_STANCE);
    for (size_t i = 0; i < bout->n_strides; i++, out->n++) {
        assert_true(out->n < MOST);
        out->start_s[out->n] = bout->strides[i].start_s;
        out->end_s[out->n] = bout->strides[i].end_s;
        out->held_s[out->n] = gait_bout_metric(bout, "stance_time_s")[i];
        out->sway_g[out->n] = gait_bout_metric(bout, "stance_sway_g")[i];
        out->ml_g[out->n] = gait_bout_metric(bout, "stance_ml_sway_g")[i];
        out->path_g_per_s[out->n] = gait_bout_metric(bout, "stance_path_g_per_s")[i];
        out->flags |= bout->strides[i].flags;
    }
}

static struct stands analysed(int axes_known)
{
    gait_options options;
    gait_error err = {0};
    gait_analysis *analysis = NULL;
    gait_bout bout;
    struct stands out = {0};
    make_frames();
    gait_options_init(&options);
    options.placement = GAIT_SACRUM;
    options.task = GAIT_STANCE;
    for (int k = 0; k < 3; k++) options.axes[k][k] = 1;
    options.axes_known = axes_known;
    gait_block block = {.n_frames = N, .accel_g = frames, .rate_hz = RATE, .starts_segment = 1};
    assert_ok(gait_analysis_new(&analysis, &options, &err), err);
    assert_ok(gait_analysis_feed(analysis, &block, &err), err);
    assert_ok(gait_analysis_finish(analysis, &err), err);
    while (gait_analysis_next_bout(analysis, &bout)) keep_bout(&bout, &out);
    gait_analysis_free(&analysis);
    return out;
}

/* Length of the curve that the two sines draw, in a second. */
static double true_path(void)
{
    double path = 0, dt = 1e-4;
    for (double t = 0; t < 10; t += dt)
        path += hypot(2 * pi * forward_hz * forward_g * cos(2 * pi * forward_hz * t),
                      2 * pi * right_hz * right_g * cos(2 * pi * right_hz * t)) *
                dt;
    return path / 10;
}

static void stands_are_found_and_their_sway_is_told(void **state)
{
    (void)state;
    static const double start_s[] = {6, 27}, end_s[] = {26, 39};
    struct stands found = analysed(7);
    assert_int_equal(found.n, 2);
    for (size_t k = 0; k < 2; k++) {
        assert_near(found.start_s[k], start_s[k], 0.51, "within a block");
        assert_near(found.end_s[k], end_s[k], 0.51, "within a block");
        assert_near(found.held_s[k], end_s[k] - start_s[k], 1.01, "how long");
        assert_near(found.sway_g[k], hypot(forward_g, right_g) / sqrt(2), 0.001, "of two sines");
        assert_near(found.ml_g[k], right_g / sqrt(2), 0.001, "of one of them");
        assert_near(found.path_g_per_s[k], true_path(), 0.02 * true_path(), "their curve");
    }
    assert_int_equal(found.flags, 0);
}

static void without_axes_only_the_sideways_part_is_missing(void **state)
{
    (void)state;
    struct stands with = analysed(7), without = analysed(0);
    assert_int_equal(without.n, 2);
    for (size_t k = 0; k < 2; k++) {
        assert_near(without.sway_g[k], with.sway_g[k], 1e-4, "any axes across will do");
        assert_near(without.path_g_per_s[k], with.path_g_per_s[k], 1e-3, "any axes across");
        assert_true(isnan(without.ml_g[k]));
    }
    assert_int_equal(without.flags, GAIT_FLAG_NO_ALIGNMENT);
}

/* A bend that sways as these do, from 10 s to 14 s, rolling at 10 deg/s root mean square. */
static void the_path_of_a_bend_is_that_of_its_tip(void **state)
{
    (void)state;
    static double accel_g[3 * N], gyro_dps[3 * N];
    make_frames();
    for (size_t i = 0; i < 3 * (size_t)N; i++) accel_g[i] = (double)frames[i];
    for (size_t i = 0; i < N; i++)
        gyro_dps[3 * i] = i >= 10 * RATE ? 10 * sqrt(2) * sin(2 * pi * (double)i / RATE) : 0;
    struct measured *m = measured_new(GAIT_SACRUM, GAIT_KNEE_BEND, RATE, accel_g, N);
    m->signal.gyro_dps = gyro_dps;
    for (int k = 0; k < 3; k++) m->options.axes[k][k] = 1;
    m->options.axes_known = 7;
    measured_stride(m, 10, 12, 20);
    measured_prepare(m);
    measured_metric(m, "bend_path_g_per_s");
    assert_near(m->value[0], true_path(), 0.03 * true_path(), "their curve");
    measured_metric(m, "bend_roll_rate_dps");
    assert_near(m->value[0], 10, 0.2, "root mean square of the roll rate");
    measured_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stands_are_found_and_their_sway_is_told),
        cmocka_unit_test(without_axes_only_the_sideways_part_is_missing),
        cmocka_unit_test(the_path_of_a_bend_is_that_of_its_tip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
