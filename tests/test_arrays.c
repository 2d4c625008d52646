/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include <gait/gait.h>

#include "near.h"

struct text {
    char *at;
    size_t n;
};

static int append(void *context, const char *text, size_t length)
{
    struct text *all = context;
    all->at = realloc(all->at, all->n + length + 1);
    assert_non_null(all->at);
    memcpy(all->at + all->n, text, length);
    all->n += length;
    all->at[all->n] = '\0';
    return 0;
}

/* Every table of a summary as exact text. */
static struct text text_of(const gait_summary *summary)
{
    struct text all = {0};
    gait_error err;
    for (size_t i = 0; gait_summary_table_at(summary, i); i++)
        assert_ok(gait_table_export(gait_summary_table_at(summary, i), GAIT_EXPORT_JSON, append,
                                    &all, &err),
                  err);
    return all;
}

static struct {
    gait_simulation *simulation;
    gait_simulated sensor;
    gait_recording_options options;
    gait_arrays arrays; /* as simulated: floats, frame by frame */
} run;

static int simulate(void **state)
{
    (void)state;
    gait_error err;
    gait_status st = gait_simulation_new(&run.simulation, &err);
    if (!st) st = gait_simulation_set(run.simulation, "duration_s", "60", &err);
    if (!st) st = gait_simulation_run(run.simulation, GAIT_FOOT, GAIT_LEFT, &run.sensor, &err);
    if (st) return -1;
    gait_recording_options_init(&run.options);
    run.options.placement = GAIT_FOOT;
    run.options.side = GAIT_LEFT;
    run.options.rate_hz = run.sensor.rate_hz;
    run.arrays.n_frames = run.sensor.n_frames;
    run.arrays.accel_g = (gait_array){.data = run.sensor.accel_g, .type = GAIT_FLOAT32};
    run.arrays.gyro_dps = (gait_array){.data = run.sensor.gyro_dps, .type = GAIT_FLOAT32};
    return run.sensor.gyro_dps ? 0 : -1;
}

static int forget(void **state)
{
    (void)state;
    gait_simulation_free(&run.simulation);
    return 0;
}

static struct text summary_text(const gait_arrays *arrays)
{
    gait_summary *summary = NULL;
    gait_error err;
    assert_ok(gait_summary_from_arrays(&summary, arrays, &run.options, NULL, &err), err);
    struct text all = text_of(summary);
    gait_summary_free(&summary);
    return all;
}

static size_t rows_of(const gait_summary *summary, const char *table)
{
    return gait_summary_table(summary, table)->n_rows;
}

static void strides_and_findings_come_straight_from_arrays(void **state)
{
    (void)state;
    gait_summary *summary = NULL;
    gait_error err;
    assert_ok(gait_summary_from_arrays(&summary, &run.arrays, &run.options, NULL, &err), err);
    size_t truth = 0;
    for (size_t i = 0; i < run.sensor.n_truth; i++)
        truth += strcmp(run.sensor.truth[i].event, "foot_strike") == 0 &&
                 run.sensor.truth[i].side == GAIT_LEFT;
    assert_in_range(rows_of(summary, "strides"), truth - 4, truth);
    const gait_table *recordings = gait_summary_table(summary, "recordings");
    assert_int_equal(recordings->n_rows, 1);
    gait_summary_free(&summary);
}

/* x of all frames, then y, then z, last frame first. */
static double *turned_round(const float *x, size_t n)
{
    double *y = malloc(3 * n * sizeof *y);
    assert_non_null(y);
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < 3; c++) y[c * n + (n - 1 - i)] = (double)x[3 * i + c];
    return y;
}

static void how_numbers_lie_in_memory_leaves_no_trace(void **state)
{
    (void)state;
    size_t n = run.sensor.n_frames;
    double *accel = turned_round(run.sensor.accel_g, n);
    double *gyro = turned_round(run.sensor.gyro_dps, n);
    gait_arrays columns = run.arrays;
    ptrdiff_t back = -(ptrdiff_t)sizeof(double), column = (ptrdiff_t)(n * sizeof(double));
    columns.accel_g = (gait_array){accel + n - 1, GAIT_FLOAT64, back, column};
    columns.gyro_dps = (gait_array){gyro + n - 1, GAIT_FLOAT64, back, column};
    struct text plain = summary_text(&run.arrays), other = summary_text(&columns);
    assert_string_equal(plain.at, other.at);
    free(plain.at);
    free(other.at);
    free(accel);
    free(gyro);
}

static void stamps_tell_what_a_rate_tells(void **state)
{
    (void)state;
    gait_arrays stamped = run.arrays;
    stamped.time_s = (gait_array){.data = run.sensor.time_s};
    gait_summary *by_rate = NULL, *by_time = NULL;
    gait_error err;
    gait_recording_options unknown = run.options;
    unknown.rate_hz = 0;
    assert_ok(gait_summary_from_arrays(&by_rate, &run.arrays, &run.options, NULL, &err), err);
    assert_ok(gait_summary_from_arrays(&by_time, &stamped, &unknown, NULL, &err), err);
    assert_int_equal(rows_of(by_rate, "events"), rows_of(by_time, "events"));
    const gait_table *events = gait_summary_table(by_rate, "events");
    const double *a = gait_table_column(events, "time_s")->doubles;
    const double *b = gait_table_column(gait_summary_table(by_time, "events"), "time_s")->doubles;
    for (size_t i = 0; i < events->n_rows; i++)
        assert_near(a[i], b[i], 0.001, "an event has the time that the stamps say");
    gait_summary_free(&by_rate);
    gait_summary_free(&by_time);
}

static void a_frame_that_is_not_finite_is_a_gap(void **state)
{
    (void)state;
    size_t n = run.sensor.n_frames, bytes = 3 * n * sizeof(float);
    float *holed = malloc(bytes);
    assert_non_null(holed);
    memcpy(holed, run.sensor.accel_g, bytes);
    size_t from = n / 2, gone = (size_t)run.sensor.rate_hz;
    for (size_t i = from; i < from + gone; i++) holed[3 * i + 1] = NAN;
    gait_arrays arrays = run.arrays;
    arrays.accel_g.data = holed;
    gait_recording *recording = NULL;
    gait_error err;
    gait_block block;
    assert_ok(gait_recording_open_arrays(&recording, &arrays, &run.options, &err), err);
    do assert_ok(gait_recording_read(recording, &block, &err), err);
    while (block.n_frames);
    const gait_recording_quality *quality = gait_recording_get_quality(recording);
    assert_int_equal(quality->n_gaps, 1);
    assert_near(quality->gap_s, 1, 2 / run.sensor.rate_hz, "one second is missing");
    assert_int_equal(quality->n_frames, n - gone);
    assert_int_equal(strlen(quality->content_hash), 32);
    gait_recording_close(&recording);
    free(holed);
}

static void samples_in_memory_are_read_as_those_of_a_file(void **state)
{
    (void)state;
    const char *path = "test_arrays.h5";
    gait_error err;
    assert_ok(gait_simulation_write(run.simulation, &run.sensor, path, &err), err);
    gait_recording *file = NULL, *memory = NULL;
    gait_recording_options stated = run.options;
    stated.no_autocalibration = 1;
    gait_arrays stamped = run.arrays;
    stamped.time_s = (gait_array){.data = run.sensor.time_s};
    assert_ok(gait_recording_open(&file, path, &stated, &err), err);
    assert_ok(gait_recording_open_arrays(&memory, &stamped, &stated, &err), err);
    gait_block a, b;
    do {
        assert_ok(gait_recording_read(file, &a, &err), err);
        assert_ok(gait_recording_read(memory, &b, &err), err);
        assert_int_equal(a.n_frames, b.n_frames);
        if (!a.n_frames) break;
        assert_memory_equal(a.accel_g, b.accel_g, 3 * a.n_frames * sizeof(float));
        assert_memory_equal(a.gyro_dps, b.gyro_dps, 3 * a.n_frames * sizeof(float));
        assert_near(a.start_s, b.start_s, 1e-9, "blocks start together");
    } while (a.n_frames);
    gait_recording_close(&file);
    gait_recording_close(&memory);
    remove(path);
    remove("test_arrays.json");
    remove("test_arrays.truth.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strides_and_findings_come_straight_from_arrays),
        cmocka_unit_test(how_numbers_lie_in_memory_leaves_no_trace),
        cmocka_unit_test(stamps_tell_what_a_rate_tells),
        cmocka_unit_test(a_frame_that_is_not_finite_is_a_gap),
        cmocka_unit_test(samples_in_memory_are_read_as_those_of_a_file),
    };
    return cmocka_run_group_tests(tests, simulate, forget);
}
