/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_SIMULATED_H
#define TESTS_SIMULATED_H

#include <gait/simulate.h>

#include "measured.h"

/* A simulated sensor as such a window; the strides are the true ones. */
struct simulated_window {
    gait_simulation *simulation;
    gait_simulated sensor;
    double *accel_g, *gyro_dps;
    struct measured *m;
};

static inline double *widened(const float *x, size_t n)
{
    double *y = malloc((n + 1) * sizeof *y);
    assert_non_null(y);
    for (size_t i = 0; i < n; i++) y[i] = (double)x[i];
    return y;
}

static inline void simulated_strides(struct simulated_window *w)
{
    struct measured *m = w->m;
    for (size_t i = 0; i < w->sensor.n_truth; i++) {
        const gait_truth *row = &w->sensor.truth[i];
        int is_strike = strcmp(row->event, "foot_strike") == 0;
        if (!is_strike && strcmp(row->event, "toe_off") != 0) continue;
        measured_event(m, is_strike ? GAIT_FOOT_STRIKE : GAIT_TOE_OFF, row->side, row->time_s);
    }
    for (size_t i = 0; i < m->in.n_events; i++) {
        double toe_off_s = NAN, end_s = NAN;
        const gait_event *strike = &m->events[i];
        for (size_t k = i + 1; k < m->in.n_events && isnan(end_s); k++) {
            if (m->events[k].side != strike->side) continue;
            if (m->events[k].type == GAIT_FOOT_STRIKE)
                end_s = m->events[k].time_s;
            else if (isnan(toe_off_s))
                toe_off_s = m->events[k].time_s;
        }
        if (strike->type == GAIT_FOOT_STRIKE && end_s - strike->time_s < 2)
            measured_stride(m, strike->time_s, toe_off_s, end_s);
    }
}

/* settings is "key=value key=value". */
static inline struct simulated_window simulate_window(const char *settings,
                                                      gait_placement placement, gait_side side,
                                                      gait_activity activity)
{
    struct simulated_window w = {0};
    gait_error err = {0};
    assert_ok(gait_simulation_new(&w.simulation, &err), err);
    for (const char *at = settings; *at; at += strspn(at, " ")) {
        char key[64] = {0}, value[64] = {0};
        size_t length = strcspn(at, " "), equal = strcspn(at, "=");
        memcpy(key, at, equal);
        memcpy(value, at + equal + 1, length - equal - 1);
        assert_ok(gait_simulation_set(w.simulation, key, value, &err), err);
        at += length;
    }
    const char *name = activity == GAIT_WALK ? "walk" : "run";
    assert_ok(gait_simulation_set(w.simulation, "activity", name, &err), err);
    assert_ok(gait_simulation_run(w.simulation, placement, side, &w.sensor, &err), err);
    w.accel_g = widened(w.sensor.accel_g, 3 * w.sensor.n_frames);
    if (w.sensor.gyro_dps) w.gyro_dps = widened(w.sensor.gyro_dps, 3 * w.sensor.n_frames);
    w.m = measured_new(placement, activity, w.sensor.rate_hz, w.accel_g, w.sensor.n_frames);
    w.m->options.side = side;
    w.m->signal.gyro_dps = w.gyro_dps;
    simulated_strides(&w);
    return w;
}

/* Sensor axes of a body axis: 0 forward, 1 up, 2 right. */
static inline void true_axis(const struct simulated_window *w, int body, double axis[3])
{
    for (int k = 0; k < 3; k++) axis[k] = w->sensor.mounting[k][body];
}

static inline void simulated_window_free(struct simulated_window *w)
{
    measured_free(w->m);
    free(w->accel_g);
    free(w->gyro_dps);
    gait_simulation_free(&w->simulation);
}

#endif
