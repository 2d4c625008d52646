/* SPDX-License-Identifier: BSD-3-Clause */
#include "measured.h"

/* Metrics of the acceleration over a whole stride, on waves whose answer is known in closed form.
 */

enum { MOST = 20000 };

static const double pi = 3.14159265358979323846;
static const double gravity_mps2 = 9.80665;
static const double stride_s = 0.7;

static double x[3 * MOST];

/* Up is the sensor's y; two steps a stride. */
static struct measured *trunk(double rate_hz, double (*vertical_g)(double time_s))
{
    size_t n = (size_t)(10 * rate_hz);
    for (size_t i = 0; i < n; i++) {
        x[3 * i] = 0.3 * sin(2 * pi * (double)i / rate_hz / stride_s);
        x[3 * i + 1] = vertical_g((double)i / rate_hz);
        x[3 * i + 2] = 0.1 * cos(4 * pi * (double)i / rate_hz / stride_s);
    }
    struct measured *m = measured_new(GAIT_SACRUM, GAIT_RUN, rate_hz, x, n);
    m->options.axes[1][1] = 1;
    m->options.axes_known = FRAME_UP;
    for (size_t k = 1; k < 12; k++) {
        double start = stride_s * (double)k;
        measured_event(m, GAIT_FOOT_STRIKE, GAIT_LEFT, start);
        measured_event(m, GAIT_FOOT_STRIKE, GAIT_RIGHT, start + stride_s / 2);
        measured_stride(m, start, start + 0.3, start + stride_s);
    }
    measured_prepare(m);
    assert_near(m->frame.row[1][1], 1, 1e-3, "up");
    return m;
}

/* A body that goes up and down by 8 cm, once a step. */
static double bobbing(double time_s)
{
    double w = 4 * pi / stride_s;
    return 1 - 0.04 * w * w / gravity_mps2 * cos(w * time_s + 0.4);
}

static void a_body_that_bobs_by_eight_centimetres_is_told_so(void **state)
{
    (void)state;
    const double rates_hz[] = {100, 200, 512, 1000, 2000};
    for (size_t r = 0; r < 5; r++) {
        struct measured *m = trunk(rates_hz[r], bobbing);
        measured_metric(m, "vertical_oscillation_m");
        for (size_t k = 0; k < m->in.n_strides; k++)
            assert_near(m->value[k], 0.08, 0.0016, "within 2 %");
        measured_free(m);
    }
}

/* 0.4 of a body weight more by a constant push would not be gravity: the level goes out. */
static void the_force_is_weight_plus_acceleration(void **state)
{
    (void)state;
    double w = 4 * pi / stride_s;
    struct measured *m = trunk(500, bobbing);
    measured_metric(m, "peak_vertical_force_bw");
    double damped = 1 / (1 + pow(w / (2 * pi * 10), 4) * (sqrt(2) - 1)); /* 10 Hz, both passes */
    for (size_t k = 0; k < m->in.n_strides; k++)
        assert_near(m->value[k], 1 + 0.04 * w * w / gravity_mps2 * damped, 0.005, "peak");
    measured_free(m);
}

static void without_up_there_is_no_vertical(void **state)
{
    (void)state;
    struct measured *m = trunk(200, bobbing);
    m->in.body_g = NULL;
    static const char *const keys[] = {"peak_vertical_force_bw", "vertical_oscillation_m"};
    for (size_t i = 0; i < 2; i++) {
        measured_metric(m, keys[i]);
        assert_true(isnan(m->value[3]));
        assert_int_equal(m->flags[3] & GAIT_FLAG_NO_ALIGNMENT, GAIT_FLAG_NO_ALIGNMENT);
    }
    measured_free(m);
}

static double tone_hz;

static double tone(double time_s)
{
    return 1 + 2 * sin(2 * pi * tone_hz * time_s);
}

static double median_of(struct measured *m, const char *key)
{
    measured_metric(m, key);
    double sum = 0;
    for (size_t k = 0; k < m->in.n_strides; k++) sum += m->value[k];
    return sum / (double)m->in.n_strides;
}

/* A sine of amplitude A has the mean square A^2 / 2 (Parseval); 0.27 s spread it over some 4 Hz to
 * both sides. */
static void a_tone_lies_in_its_band_with_its_mean_square(void **state)
{
    (void)state;
    const double rates_hz[] = {200, 1000, 333};
    for (size_t r = 0; r < 3; r++) {
        tone_hz = 14.5;
        struct measured *m = trunk(rates_hz[r], tone);
        assert_near(median_of(m, "shock_high_band"), 2, 0.2, "14.5 Hz is high");
        assert_near(median_of(m, "shock_low_band"), 0, 0.1, "and not low");
        measured_free(m);
        tone_hz = 5.5;
        m = trunk(rates_hz[r], tone);
        assert_near(median_of(m, "shock_low_band"), 1.75, 0.35, "5.5 Hz is low");
        assert_near(median_of(m, "shock_high_band"), 0, 0.1, "and not high");
        measured_free(m);
    }
}

/* Two tones, the fast one half as high: a quarter of the power; the slow one leads. */
static double two_tones(double time_s)
{
    return 1 + 2 * sin(2 * pi * 5.5 * time_s) + sin(2 * pi * 14.5 * time_s);
}

static void shock_tells_fast_from_slow(void **state)
{
    (void)state;
    struct measured *m = trunk(200, two_tones);
    assert_near(median_of(m, "shock_band_ratio"), 0.25, 0.08, "a quarter, but for what spreads");
    measured_metric(m, "shock_band_ratio");
    double ratio = m->value[0];
    measured_metric(m, "shock_low_band");
    double low = m->value[0];
    measured_metric(m, "shock_high_band");
    double high = m->value[0];
    assert_near(ratio, high / low, 1e-12, "high over low");
    measured_free(m);
    for (tone_hz = 6; tone_hz < 19; tone_hz += 2.3) {
        m = trunk(500, tone);
        assert_near(median_of(m, "shock_peak_frequency_hz"), tone_hz, 0.5, "the tone's frequency");
        measured_free(m);
    }
}

static void shock_goes_with_the_square_and_not_with_the_rate(void **state)
{
    (void)state;
    tone_hz = 12;
    struct measured *slow = trunk(200, tone);
    double at_200 = median_of(slow, "shock_high_band");
    measured_free(slow);
    struct measured *fast = trunk(1600, tone);
    double at_1600 = median_of(fast, "shock_high_band");
    assert_near(at_1600 / at_200, 1, 0.03, "rate");
    for (size_t i = 0; i < 3 * fast->signal.n; i++) x[i] = 3 * x[i];
    measured_prepare(fast);
    assert_near(median_of(fast, "shock_high_band") / at_1600, 9, 1e-6, "three times as high");
    measured_free(fast);
}

/* Even harmonics of the stride of amplitude 3 and 1, odd ones of 0.5 and 0.5 and 1. */
static double mixed(double time_s)
{
    double w = 2 * pi * time_s / stride_s;
    return 1 + 3 * sin(2 * w + 1) + cos(6 * w) + 0.5 * sin(w) + 0.5 * cos(5 * w + 2) + sin(9 * w);
}

static void the_harmonic_ratio_is_that_of_the_amplitudes(void **state)
{
    (void)state;
    const double rates_hz[] = {200, 1000};
    for (size_t r = 0; r < 2; r++) {
        struct measured *m = trunk(rates_hz[r], mixed);
        measured_metric(m, "harmonic_ratio_v");
        for (size_t k = 0; k < m->in.n_strides; k++)
            assert_near(m->value[k], 4.0 / 2, 0.15, "3 + 1 over 0.5 + 0.5 + 1");
        measured_free(m);
    }
}

/* Sideways the trunk moves once a stride and forward twice: all odd, all even. */
static void sideways_the_ratio_is_turned_over(void **state)
{
    (void)state;
    struct measured *m = trunk(200, bobbing);
    m->options.axes[0][2] = 1;
    m->options.axes_known = FRAME_UP | FRAME_FORWARD;
    measured_prepare(m);
    static const char *const keys[] = {"harmonic_ratio_ap", "harmonic_ratio_ml"};
    for (size_t i = 0; i < 2; i++) {
        measured_metric(m, keys[i]);
        for (size_t k = 0; k < m->in.n_strides; k++) assert_true(m->value[k] > 20);
    }
    m->frame.known = FRAME_UP;
    for (size_t i = 0; i < 2; i++) {
        measured_metric(m, keys[i]);
        assert_true(isnan(m->value[2]) && (m->flags[2] & GAIT_FLAG_NO_ALIGNMENT));
    }
    measured_free(m);
}

/* A stride of two unlike steps: cos of the step with weight 1, of the stride with weight a. The
 * autocorrelation is (cos 2wl + a^2 cos wl) / (1 + a^2): at half a stride (1 - a^2) / (1 + a^2). */
static double limping(double time_s)
{
    double w = 2 * pi * time_s / stride_s;
    return 1 + cos(2 * w) + 0.5 * cos(w);
}

static void regularity_tells_a_limp(void **state)
{
    (void)state;
    struct measured *m = trunk(200, limping);
    measured_metric(m, "step_regularity");
    for (size_t k = 0; k < m->in.n_strides; k++)
        assert_near(m->value[k], (1 - 0.25) / (1 + 0.25), 0.02, "one step later");
    measured_metric(m, "stride_regularity");
    for (size_t k = 0; k < m->in.n_strides; k++)
        assert_near(m->value[k], 1, 0.02, "one stride later");
    measured_metric(m, "step_symmetry");
    for (size_t k = 0; k < m->in.n_strides; k++)
        assert_near(m->value[k], (1 - 0.25) / (1 + 0.25), 0.03, "one over the other");
    m->in.n_strides = 9;
    measured_prepare(m);
    measured_metric(m, "stride_regularity");
    assert_true(isnan(m->value[4]) && (m->flags[4] & GAIT_FLAG_FEW));
    measured_free(m);
}

/* Forward the trunk goes as the same limp says: all three measures as of the vertical. */
static void step_symmetry_is_step_over_stride(void **state)
{
    (void)state;
    struct measured *m = trunk(200, bobbing);
    for (size_t i = 0; i < m->signal.n; i++) x[3 * i] = limping((double)i / 200) - 1;
    m->options.axes[0][0] = 1;
    m->options.axes_known = FRAME_UP | FRAME_FORWARD;
    measured_prepare(m);
    static const struct {
        const char *key;
        double want;
    } cases[] = {{"step_regularity_ap", 0.6},
                 {"stride_regularity_ap", 1},
                 {"step_symmetry_ap", 0.6},
                 {"step_symmetry", 1}};
    for (size_t c = 0; c < 4; c++) {
        measured_metric(m, cases[c].key);
        for (size_t k = 0; k < m->in.n_strides; k++)
            assert_near(m->value[k], cases[c].want, 0.03, cases[c].key);
    }
    measured_free(m);
}

/* A blow of 2 g, 60 ms long, 30 ms after the foot came down; steps of half a stride. */
static double jolted(double time_s)
{
    double since_s = fmod(time_s, stride_s / 2) - 0.03;
    return 1 + (since_s > 0 && since_s < 0.06 ? 2 * sin(pi * since_s / 0.06) : 0);
}

static void the_blow_at_the_trunk_is_read_over_gravity(void **state)
{
    (void)state;
    struct measured *m = trunk(1000, jolted);
    measured_metric(m, "trunk_peak_accel_g");
    for (size_t k = 0; k < m->in.n_strides; k++)
        assert_near(m->value[k], 3, 0.06, "gravity and the blow");
    measured_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_that_bobs_by_eight_centimetres_is_told_so),
        cmocka_unit_test(the_force_is_weight_plus_acceleration),
        cmocka_unit_test(without_up_there_is_no_vertical),
        cmocka_unit_test(a_tone_lies_in_its_band_with_its_mean_square),
        cmocka_unit_test(the_harmonic_ratio_is_that_of_the_amplitudes),
        cmocka_unit_test(sideways_the_ratio_is_turned_over),
        cmocka_unit_test(regularity_tells_a_limp),
        cmocka_unit_test(shock_tells_fast_from_slow),
        cmocka_unit_test(step_symmetry_is_step_over_stride),
        cmocka_unit_test(the_blow_at_the_trunk_is_read_over_gravity),
        cmocka_unit_test(shock_goes_with_the_square_and_not_with_the_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
