/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulated.h"

/* Every row of the metric table, whoever wrote it. */

static int ends_in(const char *key, const char *suffix)
{
    size_t n = strlen(key), k = strlen(suffix);
    return n >= k && strcmp(key + n - k, suffix) == 0;
}

static const struct {
    const char *unit, *suffix;
} units[] = {
    {"bw/m", "_bw_per_m"}, {"dB", "_db"},   {"g/s", "_g_per_s"}, {"1/min", "_per_min"},
    {"deg/s", "_dps"},     {"g.s", "_g_s"}, {"deg", "_deg"},     {"%", "_percent"},
    {"bw", "_bw"},         {"g", "_g"},     {"s", "_s"},         {"m", "_m"},
    {"Hz", "_hz"},
};

enum { N_UNITS = sizeof units / sizeof *units };

static void the_key_ends_in_its_unit(void **state)
{
    (void)state;
    for (size_t i = 0; gait_metric_at(i); i++) {
        const gait_metric *row = gait_metric_at(i);
        size_t k = 0;
        while (k < N_UNITS && !ends_in(row->key, units[k].suffix)) k++;
        const char *said = k < N_UNITS ? units[k].unit : "1";
        if (strcmp(row->unit, said) != 0) print_error("%s is in %s?\n", row->key, row->unit);
        assert_string_equal(row->unit, said);
    }
}

static void every_row_is_complete_and_found_by_its_key(void **state)
{
    (void)state;
    size_t n = 0;
    for (; gait_metric_at(n); n++) {
        const gait_metric *row = gait_metric_at(n);
        assert_int_equal(gait_metric_index(row->key), n);
        assert_true(row->label && *row->label && row->definition && *row->definition);
        assert_true(row->source && *row->source);
        assert_true(row->definition[strlen(row->definition) - 1] == '.');
        assert_true(row->placements && row->activities);
        assert_true(row->min_rate_hz > 0 && row->resolution > 0);
        assert_true(row->low < row->high);
        assert_true(row->minimal_change_percent >= 0);
        for (const char *c = row->key; *c; c++)
            assert_true((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_');
        assert_int_equal(metric_row(n)->measure == NULL, row->of_session); /* test_pairs.c */
    }
    assert_true(n >= 1 && n <= GAIT_MAX_METRICS);
    assert_null(metric_row(n));
    assert_int_equal(gait_metric_index("no_such_metric"), -1);
}

static int exists_for(const gait_metric *row, const struct simulated_window *w)
{
    return (row->placements & AT(w->m->options.placement)) &&
           (row->activities & DURING(w->m->signal.activity)) &&
           (w->m->signal.gyro_dps || !row->needs_gyro) && !row->of_session &&
           w->m->signal.rate_hz >= row->min_rate_hz;
}

/* A missing value has a reason; the middle one is what a living person can give. */
static void check_row(struct simulated_window *w, const gait_metric *row)
{
    struct measured *m = w->m;
    measured_metric(m, row->key);
    size_t told = 0, inside = 0;
    for (size_t k = 0; k < m->in.n_strides; k++) {
        assert_true(!isinf(m->value[k]));
        if (isnan(m->value[k])) {
            uint32_t reason = m->flags[k] | m->strides[k].flags;
            int is_end = k < 2 || k + 2 >= m->in.n_strides;
            if (!reason && !is_end) print_error("%s: stride %zu has no reason\n", row->key, k);
            assert_true(reason || is_end);
            continue;
        }
        told++;
        if (m->value[k] >= row->low && m->value[k] <= row->high) inside++;
    }
    if (10 * inside < 9 * told)
        print_error("%s: %zu of %zu strides are alive\n", row->key, inside, told);
    assert_true(10 * inside >= 9 * told);
}

static void check_all(struct simulated_window *w)
{
    measured_prepare(w->m);
    for (size_t i = 0; gait_metric_at(i); i++)
        if (exists_for(gait_metric_at(i), w)) check_row(w, gait_metric_at(i));
}

static void every_row_measures_simulated_people(void **state)
{
    (void)state;
    static const gait_placement placements[] = {GAIT_FOOT, GAIT_SHANK, GAIT_SACRUM, GAIT_WAIST};
    static const char *const settings[] = {"seed=5 vary=1 duration_s=15 rate_hz=200",
                                           "seed=6 vary=1 duration_s=15 rate_hz=1000 gyro=0",
                                           "seed=7 vary=1 duration_s=15 rate_hz=50"};
    for (size_t p = 0; p < 4; p++)
        for (size_t s = 0; s < 3; s++)
            for (int activity = GAIT_WALK; activity <= GAIT_RUN; activity++) {
                gait_side side = p < 2 ? GAIT_LEFT : GAIT_SIDE_NONE;
                struct simulated_window w =
                    simulate_window(settings[s], placements[p], side, (gait_activity)activity);
                assert_in_range(w.m->in.n_strides, 5, MEASURED_MOST);
                check_all(&w);
                simulated_window_free(&w);
            }
}

/* Every value that leaves the library lies in the range of its row; what would not is missing, and
 * the stride says so. Forces are made a quarter larger than the runner's at a time. */
static void impossible_values_are_left_out(void **state)
{
    (void)state;
    size_t left_out = 0;
    for (int quarter = 0; quarter <= 12; quarter += 4) {
        struct simulated_window w =
            simulate_window("seed=9 duration_s=20", GAIT_SACRUM, GAIT_SIDE_NONE, GAIT_RUN);
        size_t n = w.sensor.n_frames;
        float *louder = malloc(3 * n * sizeof *louder);
        gait_options options;
        gait_error err = {0};
        gait_analysis *analysis = NULL;
        gait_bout bout;
        assert_non_null(louder);
        for (size_t i = 0; i < 3 * n; i++)
            louder[i] = (1 + 0.25F * (float)quarter) * w.sensor.accel_g[i];
        gait_options_init(&options);
        options.placement = GAIT_SACRUM;
        gait_block block = {
            .n_frames = n, .accel_g = louder, .rate_hz = w.sensor.rate_hz, .starts_segment = 1};
        assert_ok(gait_analysis_new(&analysis, &options, &err), err);
        assert_ok(gait_analysis_feed(analysis, &block, &err), err);
        assert_ok(gait_analysis_finish(analysis, &err), err);
        while (gait_analysis_next_bout(analysis, &bout))
            for (size_t m = 0; gait_metric_at(m); m++)
                for (size_t i = 0; i < bout.n_strides; i++) {
                    double x = bout.metrics[m][i];
                    int inside = x >= gait_metric_at(m)->low && x <= gait_metric_at(m)->high;
                    assert_true(isnan(x) || inside);
                    left_out += (bout.strides[i].flags & GAIT_FLAG_IMPLAUSIBLE) != 0;
                }
        gait_analysis_free(&analysis);
        free(louder);
        simulated_window_free(&w);
    }
    assert_true(left_out > 0);
}

static void a_window_without_strides_gives_nothing_and_does_no_harm(void **state)
{
    (void)state;
    static const double few[3 * 4] = {0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1};
    for (gait_placement p = GAIT_FOOT; p < GAIT_N_PLACEMENTS; p++)
        for (size_t n = 0; n <= 4; n++)
            for (size_t strides = 0; strides < 2; strides++) {
                struct measured *m = measured_new(p, GAIT_RUN, 1000, few, n);
                if (strides) measured_stride(m, 0.0005, NAN, 0.003);
                measured_prepare(m);
                for (size_t i = 0; gait_metric_at(i); i++)
                    if (gait_metric_at(i)->placements & AT(p) && metric_row(i)->measure &&
                        !gait_metric_at(i)->needs_gyro)
                        measured_metric(m, gait_metric_at(i)->key);
                measured_free(m);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_ends_in_its_unit),
        cmocka_unit_test(every_row_is_complete_and_found_by_its_key),
        cmocka_unit_test(every_row_measures_simulated_people),
        cmocka_unit_test(impossible_values_are_left_out),
        cmocka_unit_test(a_window_without_strides_gives_nothing_and_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
