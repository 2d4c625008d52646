/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "base/arena.h"
#include "base/random.h"
#include "gait/detect/halt.h"
#include "near.h"

enum { FRAMES = 600 };

static const double pi = 3.14159265358979323846;
static const double strike_s = 3, period_s = 0.6;

/* A trunk at 100 Hz with the noise of a sensor that comes to rest at a time; a foot that is put
 * down shakes it at 20 Hz. */
static void make(double still_s, double blow_s, double accel_g[3 * FRAMES])
{
    struct prng prng;
    prng_seed(&prng, 3);
    for (size_t i = 0; i < FRAMES; i++) {
        double t = (double)i / STEP_RATE_HZ, near = (t - blow_s) / 0.05;
        double blow = 0.1 * exp(-0.5 * near * near) * sin(2 * pi * 20 * t);
        double sway = t < still_s ? 0.1 * sin(2 * pi * 1.2 * t) : 0;
        accel_g[3 * i] = blow + prng_normal(&prng, 0, 0.003);
        accel_g[3 * i + 1] = 0.5 * blow + prng_normal(&prng, 0, 0.003);
        accel_g[3 * i + 2] = 1 + sway + prng_normal(&prng, 0, 0.003);
    }
}

static enum closing find(const double *accel_g, size_t n, double *time_s)
{
    struct arena tmp = {0};
    struct halt halt;
    struct bout_signal signal = {.rate_hz = STEP_RATE_HZ, .n = n, .accel_g = accel_g};
    assert_int_equal(halt_prepare(&signal, &halt, &tmp), GAIT_OK);
    enum closing closing = closing_find(&halt, strike_s, period_s, time_s);
    arena_free(&tmp);
    return closing;
}

static void a_closing_step_is_where_the_trunk_shakes(void **state)
{
    (void)state;
    double accel_g[3 * FRAMES], time_s;
    for (double share = 0.75; share <= 1.15; share += 0.1) {
        double blow_s = strike_s + share * period_s;
        make(blow_s + 0.3, blow_s + 0.03, accel_g);
        assert_int_equal(find(accel_g, FRAMES, &time_s), CLOSING_STEP);
        assert_near(time_s, blow_s, 0.03, "vibration follows the strike by 30 ms");
    }
}

static void a_trunk_at_rest_takes_no_closing_step(void **state)
{
    (void)state;
    double accel_g[3 * FRAMES], time_s;
    make(strike_s, strike_s, accel_g);
    assert_int_equal(find(accel_g, FRAMES, &time_s), CLOSING_NONE);
}

static void a_signal_that_ends_at_the_strike_tells_nothing(void **state)
{
    (void)state;
    double accel_g[3 * FRAMES], time_s;
    make(FRAMES, strike_s, accel_g);
    size_t n = (size_t)((strike_s + 1.4 * period_s) * STEP_RATE_HZ);
    assert_int_equal(find(accel_g, n, &time_s), CLOSING_UNSEEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closing_step_is_where_the_trunk_shakes),
        cmocka_unit_test(a_trunk_at_rest_takes_no_closing_step),
        cmocka_unit_test(a_signal_that_ends_at_the_strike_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
