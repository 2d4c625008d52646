/* SPDX-License-Identifier: BSD-3-Clause */

/* Inward roll of the foot: on a constructed movement of known roll, and on simulated runners. */

#include "signal/stats.h"
#include "simulated.h"

enum { RATE = 200, SECONDS = 20, ROOM = RATE * SECONDS };

static const double pi = 3.14159265358979323846;
static const double stride_s = 0.7, contact_s = 0.25;

static double accel_g[3 * ROOM], gyro_dps[3 * ROOM];

/* From 0 to 1 over [from, to], with no corner. */
static double ramp(double t, double from, double to)
{
    double u = fmin(fmax((t - from) / (to - from), 0), 1);
    return 0.5 - 0.5 * cos(pi * u);
}

/* A foot on the spot, t after foot strike: it everts by `excursion` in the first 40 % of contact
 * and comes back; heel up from 60 % of contact on, toes up again for the next strike. Degrees. */
static double roll_deg(double t, double excursion)
{
    return excursion * (1 - ramp(t, 0.005, 0.4 * contact_s) + ramp(t, 0.42 * contact_s, contact_s));
}

static double pitch_deg(double t)
{
    return 70 * (ramp(t, 0.62 * contact_s, contact_s + 0.05) - ramp(t, contact_s + 0.1, 0.64));
}

/* What a sensor there reads: gravity alone, and the rates. Sensor axes forward, left, up; for a
 * left foot all is mirrored. */
static void construct(double excursion, int is_left)
{
    double mirror = is_left ? -1 : 1, h = 1e-5, to_rad = pi / 180;
    for (size_t i = 0; i < ROOM; i++) {
        double t = fmod((double)i / RATE, stride_s);
        double roll = roll_deg(t, excursion) * to_rad, pitch = pitch_deg(t) * to_rad;
        double roll_rate = (roll_deg(t + h, excursion) - roll_deg(t - h, excursion)) / (2 * h);
        double pitch_rate = (pitch_deg(t + h) - pitch_deg(t - h)) / (2 * h);
        double *f = accel_g + 3 * i, *w = gyro_dps + 3 * i;
        f[0] = -sin(pitch);
        f[1] = mirror * cos(pitch) * sin(roll);
        f[2] = cos(pitch) * cos(roll);
        w[0] = mirror * roll_rate;
        w[1] = pitch_rate * cos(roll);
        w[2] = mirror * -pitch_rate * sin(roll);
    }
}

static struct measured *constructed(double excursion, gait_side side)
{
    construct(excursion, side == GAIT_LEFT);
    struct measured *m = measured_new(GAIT_FOOT, GAIT_RUN, RATE, accel_g, ROOM);
    m->options.side = side;
    m->signal.gyro_dps = gyro_dps;
    /* The movement alone does not tell forward from backward as running does. */
    m->options.axes[0][0] = m->options.axes[1][2] = 1;
    m->options.axes[2][1] = -1;
    m->options.axes_known = 7;
    for (double at = stride_s; at + stride_s < SECONDS - 1; at += stride_s)
        measured_stride(m, at, at + contact_s, at + stride_s);
    measured_prepare(m);
    return m;
}

static double typical(struct measured *m, const char *key)
{
    struct arena tmp = {0};
    measured_metric(m, key);
    double middle = median(m->value, m->in.n_strides, &tmp);
    arena_free(&tmp);
    return middle;
}

static void a_constructed_roll_is_measured(void **state)
{
    (void)state;
    for (int left = 0; left < 2; left++)
        for (double excursion = 4; excursion <= 16; excursion += 4) {
            struct measured *m = constructed(excursion, left ? GAIT_LEFT : GAIT_RIGHT);
            assert_near(typical(m, "pronation_excursion_deg"), excursion, 1,
                        "the roll between strike and its most everted instant");
            /* a half cosine wave's steepest slope; 30 Hz takes a little of it */
            double fastest = excursion * pi / 2 / (0.4 * contact_s - 0.005);
            assert_near(typical(m, "pronation_velocity_dps"), fastest, 0.15 * fastest,
                        "the fastest inward roll");
            assert_near(typical(m, "pronation_time_s"), 0.4 * contact_s, 0.04,
                        "most everted at 40 % of contact");
            assert_near(typical(m, "foot_strike_angle_deg"), 0, 2, "the foot comes down flat");
            measured_free(m);
        }
}

static void without_a_side_there_is_no_inward(void **state)
{
    (void)state;
    struct measured *m = constructed(10, GAIT_SIDE_UNKNOWN);
    assert_true(isnan(typical(m, "pronation_excursion_deg")));
    assert_true(m->flags[3] & GAIT_FLAG_SIDE_UNKNOWN);
    assert_true(isfinite(typical(m, "foot_strike_angle_deg")));
    assert_true(isfinite(typical(m, "ml_impact_g")));
    measured_free(m);
}

static void a_bias_of_the_gyroscope_does_not_matter(void **state)
{
    (void)state;
    struct measured *m = constructed(10, GAIT_RIGHT);
    double clean = typical(m, "pronation_excursion_deg");
    for (size_t i = 0; i < 3 * ROOM; i++) gyro_dps[i] += i % 3 == 0 ? 5 : -4;
    measured_prepare(m);
    assert_near(typical(m, "pronation_excursion_deg"), clean, 0.2, "5 deg/s of bias is found");
    measured_free(m);
}

/* One runner through the whole library; columns of the metric called key. */
static double session_median(const char *settings, gait_side side, const char *key,
                             double *truth_deg)
{
    struct simulated_window w = simulate_window(settings, GAIT_FOOT, side, GAIT_RUN);
    gait_options options;
    gait_error err = {0};
    gait_analysis *analysis = NULL;
    gait_bout bout;
    static double value[MEASURED_MOST];
    size_t n = 0;
    gait_options_init(&options);
    options.placement = GAIT_FOOT;
    options.side = side;
    assert_ok(gait_analysis_new(&analysis, &options, &err), err);
    gait_block block = {.n_frames = w.sensor.n_frames,
                        .accel_g = w.sensor.accel_g,
                        .gyro_dps = w.sensor.gyro_dps,
                        .rate_hz = w.sensor.rate_hz,
                        .starts_segment = 1};
    assert_ok(gait_analysis_feed(analysis, &block, &err), err);
    assert_ok(gait_analysis_finish(analysis, &err), err);
    while (gait_analysis_next_bout(analysis, &bout)) {
        const double *column = gait_bout_metric(&bout, key);
        for (size_t i = 0; i < bout.n_strides && n < MEASURED_MOST; i++)
            if (isfinite(column[i])) value[n++] = column[i];
    }
    *truth_deg = strtod(gait_simulation_get(w.simulation, "eversion_deg"), NULL);
    gait_analysis_free(&analysis);
    simulated_window_free(&w);
    return median_inplace(value, n);
}

static void the_excursion_of_simulated_runners_is_measured(void **state)
{
    (void)state;
    enum { RUNNERS = 20 };
    double sum = 0, squares = 0;
    for (int seed = 1; seed <= RUNNERS; seed++) {
        char settings[96];
        double truth;
        snprintf(settings, sizeof settings, "vary=1 seed=%d duration_s=25", 7000 + seed);
        double found = session_median(settings, seed % 2 ? GAIT_LEFT : GAIT_RIGHT,
                                      "pronation_excursion_deg", &truth);
        sum += found - truth;
        squares += (found - truth) * (found - truth);
    }
    double bias = sum / RUNNERS, sd = sqrt(squares / RUNNERS - bias * bias);
    print_message("# excursion: bias %+.2f, sd %.2f deg\n", bias, sd);
    assert_near(bias, 0, 0.6, "no bias: 0.5 allowed, plus a quarter of the error of 20 runners");
    assert_true(sd < 1.5);
}

static void strong_and_slight_pronation_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *settings, *key;
        double limit;
        int most_wrong;
    } cases[] = {
        {"gyro=1", "pronation_excursion_deg", 12, 0},
        {"gyro=0 standing_s=5", "pronation_index", 11.5, 1},
        {"gyro=0", "pronation_index", 11.5, 2},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        int wrong = 0;
        for (int seed = 1; seed <= 10; seed++) {
            char settings[128];
            double truth;
            int strong = seed % 2;
            snprintf(settings, sizeof settings, "vary=1 seed=%d duration_s=35 eversion_deg=%d %s",
                     8100 + seed, strong ? 16 : 8, cases[c].settings);
            double found = session_median(settings, seed % 4 < 2 ? GAIT_LEFT : GAIT_RIGHT,
                                          cases[c].key, &truth);
            wrong += (found > cases[c].limit) != strong;
        }
        print_message("# %s: %d of 10 wrong\n", cases[c].settings, wrong);
        assert_true(wrong <= cases[c].most_wrong);
    }
}

static void a_mirrored_runner_pronates_alike(void **state)
{
    (void)state;
    static const char *const keys[] = {"pronation_excursion_deg", "pronation_velocity_dps",
                                       "pronation_index", "pronation_tilt_index", "ml_impulse_g_s"};
    struct simulated_window w =
        simulate_window("vary=1 seed=77 duration_s=25", GAIT_FOOT, GAIT_RIGHT, GAIT_RUN);
    double right[5];
    measured_prepare(w.m);
    for (int k = 0; k < 5; k++) right[k] = typical(w.m, keys[k]);
    for (size_t i = 0; i < w.m->signal.n; i++) {
        w.accel_g[3 * i + 1] *= -1;
        w.gyro_dps[3 * i] *= -1;
        w.gyro_dps[3 * i + 2] *= -1;
    }
    w.m->options.side = GAIT_LEFT;
    measured_prepare(w.m);
    for (int k = 0; k < 5; k++)
        assert_near(typical(w.m, keys[k]), right[k], 1e-6 * (1 + fabs(right[k])), keys[k]);
    simulated_window_free(&w);
}

/* Sitting with the foot up before the run is no standing. */
static void only_standing_counts_as_standing(void **state)
{
    (void)state;
    struct simulated_window w =
        simulate_window("vary=1 seed=78 duration_s=25", GAIT_FOOT, GAIT_RIGHT, GAIT_RUN);
    double right;
    measured_prepare(w.m);
    right = typical(w.m, "pronation_index");
    true_axis(&w, 0, w.m->in.standing_up);
    measured_prepare(w.m);
    assert_true(isnan(w.m->in.standing_up[0]));
    assert_near(typical(w.m, "pronation_index"), right, 1e-12, "as without standing");
    true_axis(&w, 1, w.m->in.standing_up);
    measured_prepare(w.m);
    assert_true(isfinite(w.m->in.standing_up[0]));
    simulated_window_free(&w);
}

/* What the library makes of frames that were put together by hand: strides with this flag among
 * all, and the alignment. */
static double share_flagged(const struct simulated_window *w, const float *frames_g, size_t n,
                            uint32_t flag, gait_alignment *alignment)
{
    gait_options options;
    gait_error err = {0};
    gait_analysis *analysis = NULL;
    gait_bout bout;
    double flagged = 0, all = 0;
    gait_options_init(&options);
    options.placement = GAIT_FOOT;
    options.side = GAIT_RIGHT;
    gait_block block = {
        .n_frames = n, .accel_g = frames_g, .rate_hz = w->sensor.rate_hz, .starts_segment = 1};
    assert_ok(gait_analysis_new(&analysis, &options, &err), err);
    assert_ok(gait_analysis_feed(analysis, &block, &err), err);
    assert_ok(gait_analysis_finish(analysis, &err), err);
    while (gait_analysis_next_bout(analysis, &bout))
        for (size_t i = 0; i < bout.n_strides; i++, all++)
            flagged += (bout.strides[i].flags & flag) != 0;
    *alignment = *gait_analysis_alignment(analysis);
    gait_analysis_free(&analysis);
    return all > 0 ? flagged / all : (double)NAN;
}

static void standing_still_after_the_run_is_used(void **state)
{
    (void)state;
    struct simulated_window w = simulate_window("vary=1 seed=79 duration_s=90 standing_s=10 gyro=0",
                                                GAIT_FOOT, GAIT_RIGHT, GAIT_RUN);
    size_t n = w.sensor.n_frames, still = (size_t)(9 * w.sensor.rate_hz);
    float *turned = malloc(3 * n * sizeof *turned);
    gait_alignment alignment;
    assert_non_null(turned);
    memcpy(turned, w.sensor.accel_g + 3 * still, 3 * (n - still) * sizeof *turned);
    memcpy(turned + 3 * (n - still), w.sensor.accel_g, 3 * still * sizeof *turned);
    share_flagged(&w, turned + 3 * still, n - 2 * still, 0, &alignment);
    assert_int_equal(alignment.stood_still, 0);
    share_flagged(&w, turned, n, 0, &alignment);
    assert_int_equal(alignment.stood_still, 1);
    free(turned);
    simulated_window_free(&w);
}

/* By 25 degrees about a body axis, in the middle of five minutes. */
static void a_sensor_that_turns_is_marked(void **state)
{
    (void)state;
    struct simulated_window w = simulate_window("seed=80 duration_s=300 rate_hz=100 gyro=0",
                                                GAIT_FOOT, GAIT_RIGHT, GAIT_RUN);
    size_t n = w.sensor.n_frames;
    float *turned = malloc(3 * n * sizeof *turned);
    double c = cos(25 * pi / 180), s = sin(25 * pi / 180);
    gait_alignment alignment;
    assert_non_null(turned);
    assert_near(share_flagged(&w, w.sensor.accel_g, n, GAIT_FLAG_MOUNT, &alignment), 0, 0,
                "a sensor that sits is not marked");
    memcpy(turned, w.sensor.accel_g, 3 * n * sizeof *turned);
    for (size_t i = n / 2; i < n; i++) {
        const float *f = w.sensor.accel_g + 3 * i;
        turned[3 * i + 1] = (float)(c * (double)f[1] - s * (double)f[2]);
        turned[3 * i + 2] = (float)(s * (double)f[1] + c * (double)f[2]);
    }
    double share = share_flagged(&w, turned, n, GAIT_FLAG_MOUNT, &alignment);
    assert_true(share > 0.15 && share < 0.65);
    free(turned);
    simulated_window_free(&w);
}

/* Mid-range angles of each kind: the kind is the likeliest, and the three add up to one. */
static void how_the_foot_lands_is_told_as_probabilities(void **state)
{
    (void)state;
    static const char *const keys[] = {"rearfoot_strike_probability", "midfoot_strike_probability",
                                       "forefoot_strike_probability"};
    static const double angle_deg[] = {18, 3, -8};
    for (int kind = 0; kind < 3; kind++) {
        char settings[96];
        double sum = 0, at[3];
        snprintf(settings, sizeof settings, "seed=%d duration_s=20 vary=1 strike_angle_deg=%g",
                 40 + kind, angle_deg[kind]);
        struct simulated_window w = simulate_window(settings, GAIT_FOOT, GAIT_LEFT, GAIT_RUN);
        measured_prepare(w.m);
        for (int k = 0; k < 3; k++) {
            measured_metric(w.m, keys[k]);
            at[k] = w.m->value[w.m->in.n_strides / 2];
            sum += at[k];
        }
        assert_near(sum, 1, 1e-9, "one of three");
        for (int k = 0; k < 3; k++) assert_true(k == kind || at[k] < at[kind]);
        simulated_window_free(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constructed_roll_is_measured),
        cmocka_unit_test(without_a_side_there_is_no_inward),
        cmocka_unit_test(a_bias_of_the_gyroscope_does_not_matter),
        cmocka_unit_test(the_excursion_of_simulated_runners_is_measured),
        cmocka_unit_test(strong_and_slight_pronation_are_told_apart),
        cmocka_unit_test(a_mirrored_runner_pronates_alike),
        cmocka_unit_test(standing_still_after_the_run_is_used),
        cmocka_unit_test(a_sensor_that_turns_is_marked),
        cmocka_unit_test(only_standing_counts_as_standing),
        cmocka_unit_test(how_the_foot_lands_is_told_as_probabilities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
