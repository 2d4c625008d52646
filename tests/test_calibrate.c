/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "bytes_out.h"
#include "near.h"
#include "read_all.h"
#include "record/calibrate.h"

static const double scale[] = {1.03, 0.98, 1.01}, offset_g[] = {0.05, -0.03, 0.02};

/* A sensor at 10 Hz that lies still in so many places; high: only the upper half of them. What it
 * reads has to be scaled and shifted to be right. */
static void rest(struct still *still, size_t n_places, int high, double error)
{
    struct prng random;
    prng_seed(&random, 4);
    still_init(still, 10);
    for (size_t place = 0; place < n_places; place++) {
        double g[3], length = 0;
        float frames[300];
        for (int k = 0; k < 3; k++) g[k] = prng_normal(&random, 0, 1);
        if (high) g[2] = fabs(g[2]);
        for (int k = 0; k < 3; k++) length += g[k] * g[k];
        for (size_t i = 0; i < 100; i++)
            for (int k = 0; k < 3; k++) {
                double right = g[k] / sqrt(length) + prng_normal(&random, 0, 0.003);
                double read = (right - offset_g[k]) / scale[k];
                frames[3 * i + (size_t)k] = (float)(right + error * (read - right));
            }
        still_add(still, frames, 100);
    }
}

static void the_true_scale_and_offset_are_found(void **state)
{
    (void)state;
    struct still still;
    struct calibration found;
    struct arena scratch = {0};
    rest(&still, 300, 0, 1);
    assert_int_equal(still.n_points, 300);
    assert_int_equal(calibrate(&still, &scratch, &found), 1);
    for (int k = 0; k < 3; k++) {
        assert_near(found.scale[k], scale[k], 2e-3, "scale within two thousandths");
        assert_near(found.offset_g[k], offset_g[k], 1e-3, "offset within 1 mg");
    }
    assert_true(found.error_before_g > 0.02);
    assert_true(found.error_after_g < 0.001);
    still_free(&still);
    arena_free(&scratch);
}

static void it_is_left_alone_unless_it_is_sure(void **state)
{
    (void)state;
    static const struct {
        size_t n_places;
        int high;
        double error;
        const char *rule, *why_not;
    } cases[] = {
        {49, 0, 1, "fewer than 50 places", "too few still"},
        {300, 1, 1, "no place upside down", "all sides"},
        {300, 0, 0.1, "already within 10 mg", "within 10 mg"},
        {300, 0, 6, "further off than any sensor", "within reason"},
        {0, 0, 1, "never still", "too few still"},
    };
    struct arena scratch = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct still still;
        struct calibration found;
        rest(&still, cases[i].n_places, cases[i].high, cases[i].error);
        if (calibrate(&still, &scratch, &found)) print_error("%s\n", cases[i].rule);
        assert_int_equal(calibrate(&still, &scratch, &found), 0);
        assert_non_null(strstr(found.why_not, cases[i].why_not));
        for (int k = 0; k < 3; k++) {
            assert_near(found.scale[k], 1, 0, cases[i].rule);
            assert_near(found.offset_g[k], 0, 0, cases[i].rule);
        }
        still_free(&still);
    }
    arena_free(&scratch);
}

static void only_still_windows_count(void **state)
{
    (void)state;
    struct still still;
    struct prng random;
    float frames[3000];
    prng_seed(&random, 1);
    still_init(&still, 10);
    for (int window = 0; window < 4; window++) /* noise of 5, 20, 0 mg; a knock */
        for (size_t i = 0; i < 100; i++)
            for (size_t k = 0; k < 3; k++) {
                double sd = window == 0 ? 0.005 : window == 1 ? 0.02 : 0;
                double knock = window == 3 && i == 50 ? 2 : 0;
                frames[300 * (size_t)window + 3 * i + k] =
                    (float)(0.58 + knock + prng_normal(&random, 0, sd));
            }
    still_add(&still, frames, 400);
    assert_int_equal(still.n_points, 1);
    assert_near(still_error_g(&still), sqrt(3) * 0.58 - 1, 1e-3, "the length of (.58, .58, .58)");
    still_free(&still);
}

static void points_stay_bounded(void **state)
{
    (void)state;
    struct still still;
    float frames[30];
    still_init(&still, 1);
    for (size_t i = 0; i < 3 * STILL_MOST_POINTS; i++) {
        for (size_t k = 0; k < 30; k++) frames[k] = k % 3 == 2 ? 1.0F + 0.001F * (float)(k % 2) : 0;
        still_add(&still, frames, 10);
    }
    assert_in_range(still.n_points, STILL_MOST_POINTS / 2, STILL_MOST_POINTS);
    still_free(&still);
}

/* Hours at 10 Hz, turned to another side every three minutes; 30 mg out along x. After half an hour
 * nothing is there for gap_s. */
static struct bytes_out wear(double hours, double gap_s)
{
    struct bytes_out file = {0};
    struct prng random;
    prng_seed(&random, 8);
    out_text(&file, "time_s,ax_g,ay_g,az_g\n");
    double g[3] = {0, 0, 1};
    for (size_t i = 0; i < (size_t)(hours * 36000); i++) {
        char row[80];
        double length = 0;
        if (i % 1800 == 0) {
            for (int k = 0; k < 3; k++) g[k] = prng_normal(&random, 0, 1);
            for (int k = 0; k < 3; k++) length += g[k] * g[k];
            for (int k = 0; k < 3; k++) g[k] /= sqrt(length);
        }
        double noise = 0.001 * (double)(i % 3);
        double t = 0.1 * (double)i + (i >= 18000 ? gap_s : 0);
        snprintf(row, sizeof row, "%.1f,%.3f,%.3f,%.3f\n", t, g[0] + 0.03 + noise, g[1] - noise,
                 g[2] + noise);
        out_text(&file, row);
    }
    return file;
}

static void a_day_of_wear_is_calibrated_and_an_hour_is_not(void **state)
{
    (void)state;
    for (int day = 0; day < 2; day++) {
        struct bytes_out file = wear(day ? 13 : 1, 0);
        struct whole w;
        gait_error err = {0};
        assert_ok(read_memory(&w, "wear.csv", file.bytes, file.n, &err), err);
        assert_true(w.quality.calibration_error_before_g > 0.01);
        if (day)
            assert_true(w.quality.calibration_error_after_g < 0.004);
        else
            assert_true(isnan(w.quality.calibration_error_after_g));
        assert_non_null(strstr(w.calibration, day ? "by still moments: x" : "12 hours"));
        assert_int_equal(w.n, day ? 468000 : 36000);
        whole_free(&w);
        out_free(&file);
    }
}

static void assert_left_alone(const struct bytes_out *file, const gait_recording_options *options,
                              const char *why)
{
    gait_error err = {0};
    gait_recording *recording = NULL;
    gait_block block;
    assert_ok(
        gait_recording_open_memory(&recording, "wear.csv", file->bytes, file->n, options, &err),
        err);
    assert_non_null(strstr(gait_recording_get_info(recording)->calibration, why));
    do assert_ok(gait_recording_read(recording, &block, &err), err);
    while (block.n_frames);
    const gait_recording_quality *quality = gait_recording_get_quality(recording);
    assert_true(quality->calibration_error_before_g > 0.01);
    assert_true(isnan(quality->calibration_error_after_g));
    gait_recording_close(&recording);
}

static void gaps_do_not_count_as_wear(void **state)
{
    (void)state;
    struct bytes_out file = wear(8, 6 * 3600);
    gait_recording_options options;
    gait_recording_options_init(&options);
    options.sidecar_json = "{\"sample_rate_hz\": 10}";
    assert_left_alone(&file, &options, "12 hours");
    out_free(&file);
}

static void a_sidecar_can_say_that_nothing_is_to_be_done(void **state)
{
    (void)state;
    struct bytes_out file = wear(13, 0);
    gait_recording_options options;
    gait_recording_options_init(&options);
    options.sidecar_json = "{\"calibration\": {\"scale\": [1, 1, 1], \"offset_g\": [0, 0, 0]}}";
    assert_left_alone(&file, &options, "none: the sidecar");
    out_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_true_scale_and_offset_are_found),
        cmocka_unit_test(it_is_left_alone_unless_it_is_sure),
        cmocka_unit_test(only_still_windows_count),
        cmocka_unit_test(points_stay_bounded),
        cmocka_unit_test(a_day_of_wear_is_calibrated_and_an_hour_is_not),
        cmocka_unit_test(gaps_do_not_count_as_wear),
        cmocka_unit_test(a_sidecar_can_say_that_nothing_is_to_be_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
