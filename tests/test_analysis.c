/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include <gait/gait.h>

#include "near.h"

/* Everything that an analysis tells, one after the other, as text of exact numbers. */
struct transcript {
    char *text;
    size_t n, room;
    size_t strikes, strides;
    double running_s;
};

static void note(struct transcript *t, double value)
{
    if (t->room - t->n < 40) {
        t->room = t->room ? 2 * t->room : 4096;
        t->text = realloc(t->text, t->room);
        assert_non_null(t->text);
    }
    t->n += (size_t)snprintf(t->text + t->n, 40, "%a\n", value);
}

static void note_bout(struct transcript *t, const gait_bout *bout)
{
    note(t, bout->start_s);
    note(t, bout->end_s);
    note(t, bout->cadence_steps_per_min);
    for (size_t i = 0; i < bout->n_events; i++) {
        note(t, bout->events[i].time_s);
        note(t, bout->events[i].uncertainty_s);
        t->strikes += bout->events[i].type == GAIT_FOOT_STRIKE;
    }
    for (size_t i = 0; i < bout->n_strides; i++)
        for (size_t m = 0; gait_metric_at(m); m++) note(t, bout->metrics[m][i]);
    t->strides += bout->n_strides;
    if (bout->activity == GAIT_RUN) t->running_s += bout->end_s - bout->start_s;
}

static void pull(gait_analysis *analysis, struct transcript *t)
{
    gait_bout bout;
    while (gait_analysis_next_bout(analysis, &bout)) note_bout(t, &bout);
}

/* Frames [from, to) of a simulated sensor in blocks of so many. */
static void feed(gait_analysis *analysis, const gait_simulated *sensor, size_t from, size_t to,
                 size_t block_frames, struct transcript *t)
{
    gait_error err;
    for (size_t i = from; i < to; i += block_frames) {
        gait_block block = {.n_frames = to - i < block_frames ? to - i : block_frames,
                            .accel_g = sensor->accel_g + 3 * i,
                            .gyro_dps = sensor->gyro_dps ? sensor->gyro_dps + 3 * i : NULL,
                            .start_s = (double)i / sensor->rate_hz,
                            .rate_hz = sensor->rate_hz,
                            .starts_segment = i == from};
        assert_ok(gait_analysis_feed(analysis, &block, &err), err);
        pull(analysis, t);
    }
}

static gait_analysis *begin(const gait_simulated *sensor)
{
    gait_options options;
    gait_analysis *analysis = NULL;
    gait_error err;
    gait_options_init(&options);
    options.placement = sensor->placement;
    options.side = sensor->side;
    assert_ok(gait_analysis_new(&analysis, &options, &err), err);
    return analysis;
}

static void finish(gait_analysis **analysis, struct transcript *t)
{
    gait_error err;
    assert_ok(gait_analysis_finish(*analysis, &err), err);
    pull(*analysis, t);
    gait_analysis_free(analysis);
    assert_null(*analysis);
}

static gait_simulation *simulate(const char *placement, const char *duration_s,
                                 gait_simulated *sensor)
{
    gait_simulation *simulation = NULL;
    gait_error err;
    assert_ok(gait_simulation_new(&simulation, &err), err);
    assert_ok(gait_simulation_set(simulation, "duration_s", duration_s, &err), err);
    gait_placement where = gait_placement_from_name(placement);
    gait_side side = where == GAIT_SACRUM ? GAIT_SIDE_NONE : GAIT_RIGHT;
    assert_ok(gait_simulation_run(simulation, where, side, sensor, &err), err);
    return simulation;
}

static void how_samples_are_cut_into_blocks_leaves_no_trace(void **state)
{
    (void)state;
    static const char *const placements[] = {"shank", "foot", "sacrum"};
    for (size_t p = 0; p < 3; p++) {
        gait_simulated sensor;
        gait_simulation *simulation = simulate(placements[p], "300", &sensor);
        struct transcript whole = {0};
        gait_analysis *analysis = begin(&sensor);
        feed(analysis, &sensor, 0, sensor.n_frames, sensor.n_frames, &whole);
        finish(&analysis, &whole);
        assert_true(whole.strikes > 300);
        static const size_t cuts[] = {1, 997, 4096};
        for (size_t c = 0; c < 3; c++) {
            struct transcript cut = {0};
            analysis = begin(&sensor);
            feed(analysis, &sensor, 0, sensor.n_frames, cuts[c], &cut);
            finish(&analysis, &cut);
            assert_int_equal(cut.n, whole.n);
            assert_memory_equal(cut.text, whole.text, whole.n);
            free(cut.text);
        }
        free(whole.text);
        gait_simulation_free(&simulation);
    }
}

static void a_long_run_has_no_seams(void **state)
{
    (void)state;
    gait_simulated sensor;
    gait_simulation *simulation = simulate("shank", "600", &sensor);
    struct transcript t = {0};
    gait_analysis *analysis = begin(&sensor);
    feed(analysis, &sensor, 0, sensor.n_frames, 4096, &t);
    finish(&analysis, &t);
    size_t truth = 0;
    for (size_t i = 0; i < sensor.n_truth; i++)
        truth += strcmp(sensor.truth[i].event, "foot_strike") == 0 &&
                 sensor.truth[i].side == sensor.side;
    assert_in_range(t.strikes, truth - 2, truth + 2);
    assert_in_range(t.strides, truth - 4, truth);
    assert_near(t.running_s, 600, 2, "the whole of a run is one activity");
    free(t.text);
    gait_simulation_free(&simulation);
}

static void a_gap_costs_only_what_it_hides(void **state)
{
    (void)state;
    gait_simulated sensor;
    gait_simulation *simulation = simulate("shank", "120", &sensor);
    size_t gap_from = sensor.n_frames / 2, gap = (size_t)(2 * sensor.rate_hz);
    struct transcript whole = {0}, holed = {0};
    gait_analysis *analysis = begin(&sensor);
    feed(analysis, &sensor, 0, sensor.n_frames, 4096, &whole);
    finish(&analysis, &whole);
    analysis = begin(&sensor);
    feed(analysis, &sensor, 0, gap_from, 4096, &holed);
    feed(analysis, &sensor, gap_from + gap, sensor.n_frames, 4096, &holed);
    finish(&analysis, &holed);
    assert_in_range(holed.strikes, whole.strikes - 5, whole.strikes - 2);
    free(whole.text);
    free(holed.text);
    gait_simulation_free(&simulation);
}

static void misuse_gives_a_status_and_a_sentence(void **state)
{
    (void)state;
    gait_options options;
    gait_analysis *analysis = NULL;
    gait_error err = {0};
    float frame[3] = {0, 0, 1}, bad[3] = {0, 0, NAN};
    gait_block block = {.n_frames = 1, .accel_g = frame, .rate_hz = 100};

    gait_options_init(&options);
    assert_int_equal(gait_analysis_new(&analysis, &options, &err), GAIT_INVALID);
    assert_true(err.text[0]);
    assert_null(analysis);
    options.placement = GAIT_SHANK;
    options.detector = "nobody-1999";
    assert_int_equal(gait_analysis_new(&analysis, &options, &err), GAIT_NOT_FOUND);
    options.detector = NULL;
    assert_ok(gait_analysis_new(&analysis, &options, &err), err);

    block.accel_g = bad;
    assert_int_equal(gait_analysis_feed(analysis, &block, &err), GAIT_INVALID);
    block.accel_g = NULL;
    assert_int_equal(gait_analysis_feed(analysis, &block, &err), GAIT_INVALID);
    block.accel_g = frame;
    block.rate_hz = 10;
    assert_int_equal(gait_analysis_feed(analysis, &block, &err), GAIT_UNSUPPORTED);
    block.rate_hz = NAN;
    assert_int_equal(gait_analysis_feed(analysis, &block, &err), GAIT_INVALID);
    block.rate_hz = 100;
    block.start_s = INFINITY;
    assert_int_equal(gait_analysis_feed(analysis, &block, &err), GAIT_INVALID);
    block.start_s = 0;
    assert_ok(gait_analysis_feed(analysis, &block, &err), err);
    assert_ok(gait_analysis_finish(analysis, &err), err);
    assert_int_equal(gait_analysis_finish(analysis, &err), GAIT_INVALID);
    assert_int_equal(gait_analysis_feed(analysis, &block, &err), GAIT_INVALID);
    gait_analysis_free(&analysis);
    gait_analysis_free(&analysis);
    gait_analysis_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_samples_are_cut_into_blocks_leaves_no_trace),
        cmocka_unit_test(a_long_run_has_no_seams),
        cmocka_unit_test(a_gap_costs_only_what_it_hides),
        cmocka_unit_test(misuse_gives_a_status_and_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
