/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include <gait/gait.h>

#include "near.h"

enum { ROOM = 1000 };

/* One simulated sensor as a stretch. */
struct scene {
    gait_simulation *simulation;
    gait_simulated sensor;
    double *accel_g, *gyro_dps;
    gait_stretch stretch;
    gait_options options;
    gait_event events[ROOM];
    size_t n_events;
};

static const struct {
    const char *activity;
    gait_placement placement;
    gait_side side;
} places[] = {
    {"run", GAIT_FOOT, GAIT_LEFT},        {"run", GAIT_SHANK, GAIT_RIGHT},
    {"walk", GAIT_SHANK, GAIT_LEFT},      {"run", GAIT_SACRUM, GAIT_SIDE_NONE},
    {"walk", GAIT_WAIST, GAIT_SIDE_NONE},
};

static double *widened(const float *x, size_t n)
{
    double *y = x ? malloc(n * sizeof *y) : NULL;
    for (size_t i = 0; y && i < n; i++) y[i] = (double)x[i];
    return y;
}

static void begin(struct scene *s, size_t place)
{
    gait_error err;
    memset(s, 0, sizeof *s);
    assert_ok(gait_simulation_new(&s->simulation, &err), err);
    assert_ok(gait_simulation_set(s->simulation, "duration_s", "60", &err), err);
    assert_ok(gait_simulation_set(s->simulation, "activity", places[place].activity, &err), err);
    assert_ok(gait_simulation_run(s->simulation, places[place].placement, places[place].side,
                                  &s->sensor, &err),
              err);
    s->accel_g = widened(s->sensor.accel_g, 3 * s->sensor.n_frames);
    s->gyro_dps = widened(s->sensor.gyro_dps, 3 * s->sensor.n_frames);
    gait_activity activity = strcmp(places[place].activity, "run") == 0 ? GAIT_RUN : GAIT_WALK;
    s->stretch = (gait_stretch){.accel_g = s->accel_g,
                                .gyro_dps = s->gyro_dps,
                                .n_frames = s->sensor.n_frames,
                                .rate_hz = s->sensor.rate_hz,
                                .activity = activity};
    gait_options_init(&s->options);
    s->options.placement = places[place].placement;
    s->options.side = places[place].side;
    assert_ok(gait_stretch_events(&s->stretch, &s->options, s->events, ROOM, &s->n_events, &err),
              err);
    assert_in_range(s->n_events, 100, ROOM);
}

static void end(struct scene *s)
{
    free(s->accel_g);
    free(s->gyro_dps);
    gait_simulation_free(&s->simulation);
}

static int counts(const struct scene *s, const gait_truth *truth)
{
    return s->sensor.side == GAIT_SIDE_NONE || truth->side == s->sensor.side;
}

static void events_are_where_the_truth_has_them(void **state)
{
    (void)state;
    for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
        struct scene s;
        begin(&s, p);
        size_t strikes = 0, found = 0;
        for (size_t i = 0; i < s.sensor.n_truth; i++) {
            const gait_truth *truth = &s.sensor.truth[i];
            if (strcmp(truth->event, "foot_strike") != 0 || !counts(&s, truth)) continue;
            strikes++;
            int hit = 0;
            for (size_t k = 0; k < s.n_events; k++)
                hit |= s.events[k].type == GAIT_FOOT_STRIKE &&
                       fabs(s.events[k].time_s - truth->time_s) < 0.05;
            found += (size_t)hit;
        }
        assert_true(strikes > 40);
        assert_in_range(found, strikes - 4, strikes);
        end(&s);
    }
}

static void the_cadence_is_that_of_the_strikes(void **state)
{
    (void)state;
    for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
        struct scene s;
        double feet = places[p].side == GAIT_SIDE_NONE ? 1 : 2; /* a limb sees every other step */
        double cadence = 0, first = NAN, last = NAN, n = 0;
        gait_error err;
        begin(&s, p);
        assert_ok(gait_stretch_cadence(&s.stretch, &s.options, &cadence, &err), err);
        for (size_t i = 0; i < s.sensor.n_truth; i++) {
            if (strcmp(s.sensor.truth[i].event, "foot_strike") != 0) continue;
            if (!counts(&s, &s.sensor.truth[i])) continue;
            if (isnan(first)) first = s.sensor.truth[i].time_s;
            last = s.sensor.truth[i].time_s;
            n++;
        }
        assert_near(cadence, feet * 60 * (n - 1) / (last - first), 2,
                    "steps of both feet per minute");
        end(&s);
    }
}

static void the_truth_as_events_gives_the_true_contact_times(void **state)
{
    (void)state;
    struct scene s;
    gait_error err;
    begin(&s, 0);
    gait_event events[ROOM];
    double contact_s[ROOM];
    size_t n = 0, n_contacts = 0, n_strides = 0;
    for (size_t i = 0; i < s.sensor.n_truth; i++) {
        const gait_truth *truth = &s.sensor.truth[i];
        int strike = strcmp(truth->event, "foot_strike") == 0;
        if ((!strike && strcmp(truth->event, "toe_off") != 0) || !counts(&s, truth)) continue;
        events[n] = (gait_event){.type = strike ? GAIT_FOOT_STRIKE : GAIT_TOE_OFF,
                                 .side = truth->side,
                                 .time_s = truth->time_s,
                                 .uncertainty_s = 0.001,
                                 .confidence = 1};
        if (n && !strike && events[n - 1].type == GAIT_FOOT_STRIKE)
            contact_s[n_contacts++] = truth->time_s - events[n - 1].time_s;
        n++;
    }
    gait_stride strides[ROOM];
    double *metrics = malloc(GAIT_MAX_METRICS * ROOM * sizeof *metrics);
    assert_non_null(metrics);
    assert_ok(gait_stretch_strides(&s.stretch, &s.options, events, n, strides, metrics, ROOM,
                                   &n_strides, &err),
              err);
    assert_in_range(n_strides, n_contacts - 2, n_contacts);
    const double *contact = metrics + gait_metric_index("contact_time_s") * ROOM;
    const double *peak_g = metrics + gait_metric_index("peak_accel_resultant_g") * ROOM;
    for (size_t i = 0; i < n_strides; i++) {
        assert_near(contact[i], contact_s[i], 1e-9, "from the strike given to the toe-off given");
        assert_true(peak_g[i] > 1);
    }
    size_t again = 0;
    assert_ok(gait_stretch_strides(&s.stretch, &s.options, events, n, NULL, NULL, 0, &again, &err),
              err);
    assert_int_equal(again, n_strides);
    free(metrics);
    end(&s);
}

static void the_body_axes_are_found_and_turned_to(void **state)
{
    (void)state;
    struct scene s;
    gait_error err;
    gait_alignment alignment;
    for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
        begin(&s, p);
        assert_ok(
            gait_stretch_align(&s.stretch, &s.options, s.events, s.n_events, &alignment, &err),
            err);
        double up[3] = {0}, turned[3];
        for (int k = 0; k < 3; k++) up[k] = s.sensor.mounting[k][1];
        assert_ok(gait_alignment_turn(&alignment, up, 1, turned, &err), err);
        assert_near(turned[1], 1, 0.05, "what is up in the sensor is up in the body");
        end(&s);
    }
}

static void what_is_no_stretch_is_refused_in_a_sentence(void **state)
{
    (void)state;
    struct scene s;
    gait_error err;
    double cadence;
    begin(&s, 0);
    gait_stretch bad = s.stretch;
    bad.n_frames = (size_t)(2 * s.sensor.rate_hz);
    assert_int_equal(gait_stretch_cadence(&bad, &s.options, &cadence, &err), GAIT_TOO_SHORT);
    bad = s.stretch;
    bad.activity = GAIT_REST;
    assert_int_equal(gait_stretch_cadence(&bad, &s.options, &cadence, &err), GAIT_INVALID);
    assert_string_equal(err.text, "the activity is rest, expected walk or run");
    s.accel_g[3 * 7 + 1] = NAN;
    assert_int_equal(gait_stretch_cadence(&s.stretch, &s.options, &cadence, &err), GAIT_INVALID);
    assert_string_equal(err.text, "frame 7 is not finite");
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_where_the_truth_has_them),
        cmocka_unit_test(the_cadence_is_that_of_the_strikes),
        cmocka_unit_test(the_truth_as_events_gives_the_true_contact_times),
        cmocka_unit_test(the_body_axes_are_found_and_turned_to),
        cmocka_unit_test(what_is_no_stretch_is_refused_in_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
