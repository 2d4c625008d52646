/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
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

/* A foot walks until it is flat, stands, takes the last stride once more and stands again. */
struct late_step {
    float *accel_g;
    gait_simulated sensor;
    double strike_s; /* of that stride */
};

/* Frames of the walk from from_s on; for still_s seconds the same one, if that is more than 0. */
static void append(struct late_step *out, const gait_simulated *walk, double from_s, double to_s,
                   double still_s)
{
    size_t from = (size_t)(from_s * walk->rate_hz);
    size_t n = (size_t)((still_s > 0 ? still_s : to_s - from_s) * walk->rate_hz);
    for (size_t i = 0; i < n; i++) {
        const float *frame = walk->accel_g + 3 * (still_s > 0 ? from : from + i);
        memcpy(out->accel_g + 3 * out->sensor.n_frames++, frame, 3 * sizeof *frame);
    }
}

static struct late_step step_late(const gait_simulated *walk)
{
    static const double walk_s = 20, stand_s = 6, flat_after_s = 0.25;
    double strike_s[2] = {0}; /* the last two */
    for (size_t i = 0; i < walk->n_truth && walk->truth[i].time_s < walk_s; i++) {
        const gait_truth *row = &walk->truth[i];
        if (strcmp(row->event, "foot_strike") != 0 || row->side != GAIT_RIGHT) continue;
        strike_s[0] = strike_s[1];
        strike_s[1] = row->time_s;
    }
    double flat_s[2] = {strike_s[0] + flat_after_s, strike_s[1] + flat_after_s};
    struct late_step out = {.strike_s = flat_s[1] + stand_s + strike_s[1] - flat_s[0]};
    out.accel_g = malloc(6 * walk->n_frames * sizeof *out.accel_g);
    assert_non_null(out.accel_g);
    append(&out, walk, 0, flat_s[1], 0);
    append(&out, walk, flat_s[1], 0, stand_s);
    append(&out, walk, flat_s[0], flat_s[1], 0);
    append(&out, walk, flat_s[1], 0, stand_s);
    out.sensor.accel_g = out.accel_g;
    out.sensor.rate_hz = walk->rate_hz;
    out.sensor.placement = GAIT_FOOT;
    out.sensor.side = GAIT_RIGHT;
    return out;
}

static size_t strikes_near(const gait_bout *bout, double time_s)
{
    size_t n = 0;
    for (size_t i = 0; i < bout->n_events; i++)
        n +=
            bout->events[i].type == GAIT_FOOT_STRIKE && fabs(bout->events[i].time_s - time_s) < 0.1;
    return n;
}

static void a_step_after_the_walk_is_told_once(void **state)
{
    (void)state;
    gait_simulated walk;
    gait_simulation *simulation = NULL;
    gait_error err;
    assert_ok(gait_simulation_new(&simulation, &err), err);
    assert_ok(gait_simulation_set(simulation, "activity", "walk", &err), err);
    assert_ok(gait_simulation_set(simulation, "duration_s", "24", &err), err);
    assert_ok(gait_simulation_run(simulation, GAIT_FOOT, GAIT_RIGHT, &walk, &err), err);
    struct late_step late = step_late(&walk);
    struct transcript whole = {0}, cut = {0};
    gait_bout bout;
    size_t told = 0;

    gait_analysis *analysis = begin(&late.sensor);
    feed(analysis, &late.sensor, 0, late.sensor.n_frames, 1, &cut);
    finish(&analysis, &cut);
    analysis = begin(&late.sensor);
    feed(analysis, &late.sensor, 0, late.sensor.n_frames, late.sensor.n_frames, &whole);
    assert_ok(gait_analysis_finish(analysis, &err), err);
    while (gait_analysis_next_bout(analysis, &bout)) {
        note_bout(&whole, &bout);
        told += strikes_near(&bout, late.strike_s);
    }
    gait_analysis_free(&analysis);
    assert_int_equal(told, 1);
    assert_int_equal(cut.n, whole.n);
    assert_memory_equal(cut.text, whole.text, whole.n);
    free(whole.text);
    free(cut.text);
    free(late.accel_g);
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
        cmocka_unit_test(a_step_after_the_walk_is_told_once),
        cmocka_unit_test(misuse_gives_a_status_and_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
