/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include <gait/simulate.h>

#include "gait/measure/mean_stride.h"
#include "near.h"

enum { RATE_HZ = 200, STRIDES = 20, FRAMES_A_STRIDE = 140, FRAMES = STRIDES * FRAMES_A_STRIDE + 1 };
static const double stride_s = FRAMES_A_STRIDE / (double)RATE_HZ, pi = 3.14159265358979324;

/* Strides whose forward axis is a sine of the phase, of amplitude 1 and 3 in turn. */
struct example {
    double body_g[3 * FRAMES];
    gait_stride strides[STRIDES];
    struct body_frame frame;
    struct measure_input in;
};

static struct example *make_example(void)
{
    struct example *e = calloc(1, sizeof *e);
    assert_non_null(e);
    for (size_t i = 0; i < FRAMES; i++) {
        double amplitude = i / FRAMES_A_STRIDE % 2 ? 3 : 1;
        e->body_g[3 * i] = amplitude * sin(2 * pi * (double)i / FRAMES_A_STRIDE);
        e->body_g[3 * i + 1] = 1;
    }
    for (size_t i = 0; i < STRIDES; i++)
        e->strides[i] = (gait_stride){.side = GAIT_LEFT,
                                      .start_s = stride_s * (double)i,
                                      .end_s = stride_s * (double)(i + 1)};
    e->frame.known = FRAME_FORWARD | FRAME_UP;
    e->in =
        (struct measure_input){.coarse = {.n = FRAMES, .rate_hz = RATE_HZ, .accel_g = e->body_g},
                               .body_g = e->body_g,
                               .frame = &e->frame,
                               .n_strides = STRIDES,
                               .strides = e->strides};
    return e;
}

static void mean_of(const struct example *e, struct mean_stride *mean)
{
    struct arena keep = {0}, tmp = {0};
    struct stride_shape *shapes = NULL;
    assert_int_equal(stride_shapes(&e->in, &shapes, &keep, &tmp), GAIT_OK);
    memset(mean, 0, sizeof *mean);
    for (size_t i = 0; i < STRIDES; i++) mean_stride_add(mean, &shapes[i]);
    arena_free(&keep);
    arena_free(&tmp);
}

static void mean_and_deviation_are_those_of_the_strides(void **state)
{
    (void)state;
    struct example *e = make_example();
    struct mean_stride mean;
    mean_of(e, &mean);
    assert_int_equal(mean.n[STRIDE_FORWARD], STRIDES);
    for (size_t p = 0; p < STRIDE_PHASES; p++) {
        double sine = sin(2 * pi * (double)p / 100);
        /* The kink where the amplitude changes is rounded by the interpolation. */
        double slack = p < 2 || p > 98 ? 0.05 : 1e-4;
        assert_near(mean_stride_g(&mean, p, STRIDE_FORWARD), 2 * sine, slack, "mean of 1 and 3");
        assert_near(mean_stride_sd_g(&mean, p, STRIDE_FORWARD),
                    fabs(sine) * sqrt(STRIDES / (STRIDES - 1.0)), slack, "deviation of 1 and 3");
        assert_near(mean_stride_g(&mean, p, STRIDE_UP), 1, 1e-6, "what does not move");
        assert_near(mean_stride_sd_g(&mean, p, STRIDE_UP), 0, 1e-6, "what does not move");
    }
    free(e);
}

static void what_is_not_known_is_not_told(void **state)
{
    (void)state;
    struct example *e = make_example();
    struct mean_stride mean;
    e->strides[3].flags = GAIT_FLAG_GAP;
    e->strides[4].flags = GAIT_FLAG_LOW_CONFIDENCE;
    mean_of(e, &mean);
    assert_int_equal(mean.n[STRIDE_RESULTANT], STRIDES - 2);
    assert_int_equal(mean.n[STRIDE_RIGHT], 0);
    assert_true(isnan(mean_stride_g(&mean, 50, STRIDE_RIGHT)));
    e->in.body_g = NULL;
    e->frame.known = 0;
    mean_of(e, &mean);
    assert_true(isnan(mean_stride_g(&mean, 50, STRIDE_FORWARD)));
    assert_true(isfinite(mean_stride_g(&mean, 50, STRIDE_RESULTANT)));
    free(e);
}

static void analyse(const gait_simulated *sensor, size_t block_frames, struct mean_stride *mean)
{
    gait_analysis *analysis = NULL;
    gait_options options;
    gait_bout bout;
    gait_error err;
    gait_options_init(&options);
    options.placement = GAIT_SHANK;
    options.side = GAIT_LEFT;
    memset(mean, 0, sizeof *mean);
    assert_ok(gait_analysis_new(&analysis, &options, &err), err);
    for (size_t i = 0; i < sensor->n_frames; i += block_frames) {
        gait_block block = {.start_s = (double)i / sensor->rate_hz,
                            .rate_hz = sensor->rate_hz,
                            .accel_g = sensor->accel_g + 3 * i};
        block.n_frames = sensor->n_frames - i < block_frames ? sensor->n_frames - i : block_frames;
        assert_ok(gait_analysis_feed(analysis, &block, &err), err);
    }
    assert_ok(gait_analysis_finish(analysis, &err), err);
    while (gait_analysis_next_bout(analysis, &bout)) {
        const struct mean_stride *of_bout = analysis_mean_stride(analysis, GAIT_LEFT);
        if (of_bout) mean_stride_merge(mean, of_bout);
    }
    gait_analysis_free(&analysis);
}

static void blocks_leave_no_trace_in_it(void **state)
{
    (void)state;
    gait_simulation *simulation = NULL;
    gait_simulated sensor;
    gait_error err;
    static struct mean_stride at_once, in_blocks;
    assert_ok(gait_simulation_new(&simulation, &err), err);
    assert_ok(gait_simulation_set(simulation, "duration_s", "200", &err), err);
    assert_ok(gait_simulation_run(simulation, GAIT_SHANK, GAIT_LEFT, &sensor, &err), err);
    analyse(&sensor, sensor.n_frames, &at_once);
    analyse(&sensor, 777, &in_blocks);
    assert_true(at_once.n[STRIDE_RESULTANT] > 200);
    assert_memory_equal(&at_once, &in_blocks, sizeof at_once);
    gait_simulation_free(&simulation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_and_deviation_are_those_of_the_strides),
        cmocka_unit_test(what_is_not_known_is_not_told),
        cmocka_unit_test(blocks_leave_no_trace_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
