/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "near.h"
#include "gait/measure/metric_room.h"
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
    if (!metric_room(sensor->metric, 0, n + 1)) abort();
    for (size_t m = 0; gait_metric_at(m); m++)
        for (size_t i = 0; i < n; i++) sensor->metric[m][i] = NAN;
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
    measure_pairs(session);
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
    measure_pairs(session);
    assert_int_equal(count_told(metric_of(session, 0, "shock_attenuation_db"), STRIDES), 0);
    gait_session_free(&session);
    session = make_session(STRIDES, 0.12); /* clocks that say so but are apart */
    measure_pairs(session);
    assert_int_equal(count_told(metric_of(session, 0, "shock_attenuation_db"), STRIDES), 0);
    gait_session_free(&session);
}

static void few_strikes_tell_nothing(void **state)
{
    (void)state;
    gait_session *session = make_session(9, 0);
    measure_pairs(session);
    assert_int_equal(count_told(metric_of(session, 0, "shock_attenuation_db"), 9), 0);
    gait_session_free(&session);
}

/* 12 deg of the shoe and 8 deg of the shank in one contact. */
static void roll_is_set_against_the_rotation_of_its_own_leg(void **state)
{
    (void)state;
    static const struct {
        gait_side shank, foot;
        double rotation_deg;
        double ratio; /* NaN: none */
    } cases[] = {{GAIT_LEFT, GAIT_LEFT, 8, 1.5},
                 {GAIT_RIGHT, GAIT_LEFT, 8, NAN},
                 {GAIT_LEFT, GAIT_LEFT, 0.5, NAN}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        gait_session *session = make_session(STRIDES, 0);
        session->sensors[1].info.placement = GAIT_FOOT;
        session->sensors[0].info.side = cases[c].shank;
        session->sensors[1].info.side = cases[c].foot;
        for (size_t i = 0; i < STRIDES; i++) {
            session->sensors[1].strides[i].start_s = stride_s * (double)i + 0.01;
            metric_of(session, 0, "ml_rotation_deg")[i] = cases[c].rotation_deg;
            metric_of(session, 1, "pronation_excursion_deg")[i] = 12;
        }
        measure_pairs(session);
        double ratio = metric_of(session, 0, "roll_rotation_ratio")[7];
        if (isnan(cases[c].ratio))
            assert_true(isnan(ratio));
        else
            assert_near(ratio, cases[c].ratio, 1e-9, "12 over 8 deg");
        gait_session_free(&session);
    }
}

/* Morin's example by hand: 1.80 m tall, 3.33 m/s, 0.25 s of contact in steps of 0.35 s: force 2.2
 * body weights, the trunk sinks 60 mm, the leg gets 155 mm shorter. */
static void a_leg_is_softer_than_the_spring_under_the_trunk(void **state)
{
    (void)state;
    const double g = 9.80665, pi = acos(-1.0), leg_m = 0.53 * 1.8, speed_mps = 10 / 3.;
    const double contact_s = 0.25, step_s = 0.35, force_bw = pi / 2 * step_s / contact_s;
    double sink_m = g * contact_s * contact_s * (force_bw / pi / pi - 1 / 8.);
    double shorter_m = sink_m + leg_m - sqrt(leg_m * leg_m - pow(speed_mps * contact_s / 2, 2));
    gait_session *session = make_session(STRIDES, 0);
    for (size_t i = 0; i < STRIDES; i++) {
        gait_stride *stride = &session->sensors[0].strides[i];
        stride->toe_off_s = stride->start_s + contact_s;
        stride->end_s = stride->start_s + 2 * step_s;
        metric_of(session, 0, "vertical_stiffness_bw_per_m")[i] =
            i == 3 ? (double)NAN : force_bw / sink_m;
    }
    measure_leg_stiffness(session);
    const double *told = metric_of(session, 0, "leg_stiffness_bw_per_m");
    assert_int_equal(count_told(told, STRIDES), 0); /* height and speed are not known */
    session->options.height_m = 1.8;
    session->options.speed_mps = speed_mps;
    measure_leg_stiffness(session);
    assert_int_equal(count_told(told, STRIDES), STRIDES - 1);
    assert_near(told[0], force_bw / shorter_m, 1e-9, "body weights per metre");
    assert_in_range((long)(1000 * shorter_m), 150, 160);
    gait_session_free(&session);
}

/* The rows that no single sensor measures are those that the session fills, all of them. */
static void every_row_of_the_session_is_measured_by_it(void **state)
{
    (void)state;
    static const gait_placement beside[] = {GAIT_SACRUM, GAIT_FOOT};
    size_t n_rows = 0, n_told = 0;
    for (size_t m = 0; gait_metric_at(m); m++) n_rows += gait_metric_at(m)->of_session != 0;
    for (size_t b = 0; b < sizeof beside / sizeof *beside; b++) {
        gait_session *session = make_session(STRIDES, 0);
        session->options.height_m = 1.8;
        session->options.speed_mps = 3;
        session->sensors[1].info.placement = beside[b];
        for (size_t i = 0; i < STRIDES; i++) {
            gait_stride *stride = &session->sensors[0].strides[i];
            stride->toe_off_s = stride->start_s + 0.25;
            stride->end_s = stride->start_s + stride_s;
            metric_of(session, 0, "vertical_stiffness_bw_per_m")[i] = 30;
            metric_of(session, 0, "ml_rotation_deg")[i] = 8;
            metric_of(session, 1, "pronation_excursion_deg")[2 * i] = 12;
        }
        measure_pairs(session);
        if (b == 0) measure_leg_stiffness(session);
        for (size_t m = 0; gait_metric_at(m); m++)
            if (gait_metric_at(m)->of_session)
                n_told += count_told(session->sensors[0].metric[m], STRIDES) == STRIDES;
        gait_session_free(&session);
    }
    assert_int_equal(n_told, n_rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_arrives_of_each_strike_is_told_in_decibels),
        cmocka_unit_test(sensors_that_share_no_clock_are_not_compared),
        cmocka_unit_test(few_strikes_tell_nothing),
        cmocka_unit_test(roll_is_set_against_the_rotation_of_its_own_leg),
        cmocka_unit_test(a_leg_is_softer_than_the_spring_under_the_trunk),
        cmocka_unit_test(every_row_of_the_session_is_measured_by_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
