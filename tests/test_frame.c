/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/vec.h"
#include "simulated.h"

/* Body axes found from simulated strides, against the mounting that the simulator drew. The limits
 * on heading are those of the design: the pelvis to 3 degrees; a limb to some 8 degrees by its
 * acceleration, 5 with gyroscope, and a half on top for the few people here. Up is only held to the
 * right quarter of the sky where nobody stood still: a stance is no plumb line. */

enum { FORWARD, UP, RIGHT };

static double degrees_between(const double a[3], const double b[3])
{
    return acos(fmin(1, fmax(-1, vec_dot(a, b)))) * 180 / 3.14159265358979323846;
}

/* Error of forward about up, in degrees: 180 is a wrong sign. */
static double heading_error_deg(const struct simulated_window *w)
{
    double forward[3], right[3];
    true_axis(w, FORWARD, forward);
    true_axis(w, RIGHT, right);
    const double *found = w->m->frame.row[FORWARD];
    return atan2(vec_dot(found, right), vec_dot(found, forward)) * 180 / 3.14159265358979323846;
}

static double up_error_deg(const struct simulated_window *w)
{
    double up[3];
    true_axis(w, UP, up);
    return degrees_between(w->m->frame.row[UP], up);
}

static void assert_right_handed(const struct body_frame *frame)
{
    double right[3];
    vec_cross(frame->row[FORWARD], frame->row[UP], right);
    for (int k = 0; k < 3; k++) {
        assert_near(frame->row[RIGHT][k], right[k], 1e-9, "forward x up is right");
        assert_near(vec_norm(frame->row[k]), 1, 1e-9, "unit length");
    }
    assert_near(vec_dot(frame->row[FORWARD], frame->row[UP]), 0, 1e-9, "at right angles");
}

struct expected {
    const char *what;
    gait_placement placement;
    gait_activity activity;
    int gyro;
    double heading_rms_deg, up_rms_deg;
};

/* Twelve people, each sensor mounted in any direction. */
static void check_people(const struct expected *e)
{
    enum { PEOPLE = 12 };
    double heading = 0, up = 0;
    for (int seed = 1; seed <= PEOPLE; seed++) {
        char settings[80];
        snprintf(settings, sizeof settings, "seed=%d vary=1 duration_s=20", seed);
        gait_side side = seed % 2 ? GAIT_RIGHT : GAIT_LEFT;
        if (e->placement == GAIT_SACRUM) side = GAIT_SIDE_NONE;
        struct simulated_window w = simulate_window(settings, e->placement, side, e->activity);
        if (!e->gyro) w.m->signal.gyro_dps = NULL;
        measured_prepare(w.m);
        assert_int_equal(w.m->frame.known, FRAME_FORWARD | FRAME_UP | FRAME_RIGHT);
        assert_right_handed(&w.m->frame);
        double error = heading_error_deg(&w);
        if (fabs(error) > 90) {
            print_error("%s: person %d walks backwards\n", e->what, seed);
            fail();
        }
        heading += error * error / PEOPLE;
        up += pow(up_error_deg(&w), 2) / PEOPLE;
        simulated_window_free(&w);
    }
    assert_near(sqrt(heading), 0, e->heading_rms_deg, e->what);
    assert_near(sqrt(up), 0, e->up_rms_deg, e->what);
}

static void axes_are_found_under_any_mounting(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"pelvis running", GAIT_SACRUM, GAIT_RUN, 0, 3, 8},
        {"pelvis walking", GAIT_SACRUM, GAIT_WALK, 0, 3, 5},
        {"foot running", GAIT_FOOT, GAIT_RUN, 0, 12, 20},
        {"foot running, gyroscope", GAIT_FOOT, GAIT_RUN, 1, 7.5, 20},
        {"foot walking", GAIT_FOOT, GAIT_WALK, 0, 12, 8},
        {"foot walking, gyroscope", GAIT_FOOT, GAIT_WALK, 1, 7.5, 8},
        {"shank running", GAIT_SHANK, GAIT_RUN, 0, 12, 20},
        {"shank running, gyroscope", GAIT_SHANK, GAIT_RUN, 1, 7.5, 20},
        {"shank walking", GAIT_SHANK, GAIT_WALK, 0, 12, 15},
        {"shank walking, gyroscope", GAIT_SHANK, GAIT_WALK, 1, 7.5, 15},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check_people(&cases[i]);
}

static void standing_still_says_where_up_is(void **state)
{
    (void)state;
    struct simulated_window w =
        simulate_window("seed=3 vary=1 duration_s=20", GAIT_FOOT, GAIT_LEFT, GAIT_RUN);
    true_axis(&w, UP, w.m->in.standing_up);
    measured_prepare(w.m);
    assert_near(up_error_deg(&w), 0, 1e-4, "up is taken as it was");
    assert_right_handed(&w.m->frame);
    simulated_window_free(&w);
}

/* The axes of the mounting as options have them: the nearest whole numbers. */
static void state_axes(struct simulated_window *w, int known)
{
    for (int body = 0; body < 3; body++)
        for (int k = 0; k < 3; k++)
            w->m->options.axes[body][k] = (int)lround(w->sensor.mounting[k][body]);
    w->m->options.axes_known = known;
}

static void a_stated_mounting_settles_the_sign(void **state)
{
    (void)state;
    const gait_placement limbs[] = {GAIT_FOOT, GAIT_SHANK};
    for (size_t i = 0; i < 2; i++) {
        struct simulated_window w =
            simulate_window("mounting_deg=90/0/0 duration_s=20", limbs[i], GAIT_RIGHT, GAIT_RUN);
        state_axes(&w, FRAME_FORWARD | FRAME_UP | FRAME_RIGHT);
        measured_prepare(w.m);
        assert_int_equal(w.m->frame.flags, 0);
        assert_near(heading_error_deg(&w), 0, 20, "forward as stated");
        for (int k = 0; k < 3; k++) {
            w.m->options.axes[FORWARD][k] *= -1;
            w.m->options.axes[RIGHT][k] *= -1;
        }
        measured_prepare(w.m);
        assert_near(fabs(heading_error_deg(&w)), 180, 20, "also when it is stated backwards");
        simulated_window_free(&w);
    }
}

static void without_strides_the_mounting_must_do(void **state)
{
    (void)state;
    struct simulated_window w =
        simulate_window("mounting_deg=0/90/0 duration_s=20", GAIT_SHANK, GAIT_RIGHT, GAIT_RUN);
    w.m->in.n_strides = 0;
    measured_prepare(w.m);
    assert_int_equal(w.m->frame.known, 0);
    assert_true(w.m->frame.flags & GAIT_FLAG_NO_ALIGNMENT);
    assert_null(w.m->in.body_g);

    state_axes(&w, FRAME_UP);
    measured_prepare(w.m);
    assert_int_equal(w.m->frame.known, FRAME_UP);
    assert_near(up_error_deg(&w), 0, 1e-3, "up alone");
    assert_right_handed(&w.m->frame);

    state_axes(&w, FRAME_FORWARD | FRAME_UP);
    measured_prepare(w.m);
    assert_int_equal(w.m->frame.known, FRAME_FORWARD | FRAME_UP | FRAME_RIGHT);
    assert_near(heading_error_deg(&w), 0, 1e-3, "forward and up make right");
    simulated_window_free(&w);
}

static void a_wrist_has_no_body_axes(void **state)
{
    (void)state;
    static double x[600];
    struct measured *m = measured_new(GAIT_WRIST, GAIT_RUN, 100, x, 200);
    for (size_t k = 0; k < 5; k++) measured_stride(m, 0.3 * (double)k, NAN, 0.3 * (double)(k + 1));
    measured_prepare(m);
    assert_int_equal(m->frame.known, 0);
    assert_true(m->frame.flags & GAIT_FLAG_NO_ALIGNMENT);
    measured_free(m);
}

static void body_signals_are_the_sensors_turned(void **state)
{
    (void)state;
    struct simulated_window w = simulate_window("mounting_deg=20/-40/70 duration_s=20 rate_hz=1000",
                                                GAIT_FOOT, GAIT_RIGHT, GAIT_RUN);
    measured_prepare(w.m);
    const struct coarse *coarse = &w.m->in.coarse;
    assert_int_equal(coarse->n_box, 5);
    assert_near(coarse->rate_hz, 200, 1e-9, "five frames at a time");
    assert_near(coarse->start_s, 0.002, 1e-12, "their middle");
    for (size_t i = 0; i < coarse->n; i += 97)
        for (int r = 0; r < 3; r++) {
            double sum = 0, turn = 0;
            for (size_t k = 5 * i; k < 5 * i + 5; k++) {
                sum += vec_dot(w.m->frame.row[r], w.accel_g + 3 * k) / 5;
                turn += vec_dot(w.m->frame.row[r], w.gyro_dps + 3 * k) / 5;
            }
            assert_near(w.m->in.body_g[3 * i + (size_t)r], sum, 1e-9, "acceleration");
            assert_near(w.m->in.body_dps[3 * i + (size_t)r], turn, 1e-6, "rotation");
        }
    simulated_window_free(&w);
}

static void times_outside_the_window_are_its_ends(void **state)
{
    (void)state;
    static double x[3 * 100];
    struct measured *m = measured_new(GAIT_WRIST, GAIT_RUN, 100, x, 100);
    measured_prepare(m);
    const struct coarse *coarse = &m->in.coarse;
    double out[3];
    assert_int_equal(coarse_index(coarse, -5), 0);
    assert_int_equal(coarse_index(coarse, NAN), 0);
    assert_int_equal(coarse_index(coarse, 0.5), 50);
    assert_int_equal(coarse_index(coarse, 1e9), 100);
    assert_int_equal(coarse_mean(coarse, x, 5, 6, out), 0);
    assert_int_equal(coarse_mean(coarse, x, 0.2, 0.1, out), 0);
    assert_int_equal(coarse_mean(coarse, x, 0.2, 0.3, out), 1);
    measured_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(axes_are_found_under_any_mounting),
        cmocka_unit_test(standing_still_says_where_up_is),
        cmocka_unit_test(a_stated_mounting_settles_the_sign),
        cmocka_unit_test(without_strides_the_mounting_must_do),
        cmocka_unit_test(a_wrist_has_no_body_axes),
        cmocka_unit_test(body_signals_are_the_sensors_turned),
        cmocka_unit_test(times_outside_the_window_are_its_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
