/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "near.h"
#include "session/session.h"

/* A shank and a sacrum made by hand, strides known. */

enum { STRIDES = 40 };

static const double stride_s = 0.7;

static void make_sensor(struct sensor_result *sensor, gait_placement placement, size_t n)
{
    *sensor = (struct sensor_result){.n_strides = n, .n_bouts = 1};
    sensor->info.placement = placement;
    sensor->info.file = placement == GAIT_SHANK ? "shank.csv" : "back.csv";
    sensor->info.sensor = "";
    sensor->info.start_unix_s = 1.7e9;
    sensor->info.time_kind = GAIT_TIME_UTC;
    sensor->bouts = calloc(1, sizeof *sensor->bouts);
    sensor->bouts[0].activity = GAIT_RUN;
    sensor->strides = calloc(n, sizeof *sensor->strides);
    sensor->stride_bout = calloc(n, sizeof *sensor->stride_bout);
    for (size_t m = 0; gait_metric_at(m); m++) {
        sensor->metric[m] = calloc(n, sizeof(double));
        for (size_t i = 0; i < n; i++) sensor->metric[m][i] = NAN;
    }
}

static double *metric_of(gait_session *session, size_t sensor, const char *key)
{
    return session->sensors[sensor].metric[gait_metric_index(key)];
}

/* The shank's strides and, half a stride between them, those of the other limb at the sacrum, which
 * takes a tenth of the shank's power on its own side and a hundredth on the other. */
static gait_session *make_session(size_t n, double late_s)
{
    gait_session *session = NULL;
    gait_error err;
    assert_ok(gait_session_new(&session, NULL, &err), err);
    session->n_sensors = 2;
    session->sensors = calloc(2, sizeof *session->sensors);
    make_sensor(&session->sensors[0], GAIT_SHANK, n);
    make_sensor(&session->sensors[1], GAIT_SACRUM, 2 * n);
    for (size_t i = 0; i < n; i++) {
        session->sensors[0].strides[i].start_s = stride_s * (double)i;
        metric_of(session, 0, "shock_high_band")[i] = 4;
    }
    for (size_t i = 0; i < 2 * n; i++) {
        session->sensors[1].strides[i].start_s = late_s + stride_s * 0.5 * (double)i;
        metric_of(session, 1, "shock_high_band")[i] = i % 2 ? 0.04 : 0.4;
    }
    return session;
}

static size_t count_told(const double *x, size_t n)
{
    size_t told = 0;
    for (size_t i = 0; i < n; i++) told += isfinite(x[i]) != 0;
    return told;
}

static void what_arrives_of_each_strike_is_told_in_decibels(void **state)
{
    (void)state;
    gait_session *session = make_session(STRIDES, 0.015);
    session->sensors[0].strides[3].flags = GAIT_FLAG_CLIPPED;
    session->sensors[1].strides[10].flags = GAIT_FLAG_CLIPPED;
    measure_attenuation(session);
    const double *db = metric_of(session, 0, "shock_attenuation_db");
    for (size_t i = 0; i < STRIDES; i++) {
        if (i == 3 || i == 5)
            assert_true(isnan(db[i])); /* at the sensor's limit there is no ratio */
        else
            assert_near(db[i], -10, 1e-9, "a tenth is 10 dB less");
    }
    assert_int_equal(count_told(metric_of(session, 1, "shock_attenuation_db"), 2 * STRIDES), 0);
    gait_session_free(&session);
}

static void sensors_that_share_no_clock_are_not_compared(void **state)
{
    (void)state;
    gait_session *session = make_session(STRIDES, 0);
    session->sensors[1].info.start_unix_s = NAN;
    measure_attenuation(session);
    assert_int_equal(count_told(metric_of(session, 0, "shock_attenuation_db"), STRIDES), 0);
    gait_session_free(&session);
    session = make_session(STRIDES, 0.12); /* clocks that say so but are apart */
    measure_attenuation(session);
    assert_int_equal(count_told(metric_of(session, 0, "shock_attenuation_db"), STRIDES), 0);
    gait_session_free(&session);
}

static void few_strikes_tell_nothing(void **state)
{
    (void)state;
    gait_session *session = make_session(9, 0);
    measure_attenuation(session);
    assert_int_equal(count_told(metric_of(session, 0, "shock_attenuation_db"), 9), 0);
    gait_session_free(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_arrives_of_each_strike_is_told_in_decibels),
        cmocka_unit_test(sensors_that_share_no_clock_are_not_compared),
        cmocka_unit_test(few_strikes_tell_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
