/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "near.h"
#include "record/clock.h"

enum { MOST = 60000 };

/* Frames as a reader gives them, and what the clock makes of them. */
struct tape {
    size_t n;
    double stamp_s[MOST];
    float accel[3 * MOST];
    uint8_t breaks[MOST]; /* 1: the reader says so before this frame */
};

struct told {
    size_t n, n_segments;
    double time_s[2 * MOST], rate_hz;
    float accel[6 * MOST];
    uint8_t marks[2 * MOST], starts[2 * MOST];
    gait_recording_quality quality;
    char evidence[160];
};

static struct tape tape;
static struct told told, again;

/* What the sensor felt, slow enough for every rate here. */
static double felt(double t)
{
    return sin(2 * 3.14159265358979 * 1.3 * t) + 0.5 * cos(2 * 3.14159265358979 * 2.9 * t);
}

static void add(double stamp_s, double true_s)
{
    float *accel = tape.accel + 3 * tape.n;
    accel[0] = (float)felt(true_s);
    accel[1] = (float)(0.25 + 0.001 * (double)(tape.n % 1000));
    accel[2] = 1;
    tape.breaks[tape.n] = 0;
    tape.stamp_s[tape.n++] = stamp_s;
}

static void collect(struct told *out, struct clock *clock)
{
    gait_block block;
    gait_error err = {0};
    for (;;) {
        assert_ok(clock_pull(clock, &block, &err), err);
        if (!block.n_frames) return;
        for (size_t i = 0; i < block.n_frames; i++) {
            out->time_s[out->n + i] = block.start_s + (double)i / block.rate_hz;
            out->marks[out->n + i] = block.marks ? block.marks[i] : 0;
            out->starts[out->n + i] = block.starts_segment && !i;
        }
        memcpy(out->accel + 3 * out->n, block.accel_g, 3 * block.n_frames * sizeof(float));
        out->n_segments += (size_t)block.starts_segment;
        out->n += block.n_frames;
    }
}

/* Plays the tape in portions of so many frames. */
static void play(struct told *out, size_t portion, double nominal_rate_hz, int has_stamps)
{
    struct clock *clock = NULL;
    gait_error err = {0};
    memset(out, 0, sizeof *out);
    assert_ok(clock_new(&clock, "tape", nominal_rate_hz, has_stamps, 0, &err), err);
    for (size_t i = 0, n; i < tape.n; i += n) {
        n = tape.n - i < portion ? tape.n - i : portion;
        for (size_t k = 1; k < n; k++)
            if (tape.breaks[i + k]) n = k;
        struct frames f = {.n = n,
                           .stamp_s = has_stamps ? tape.stamp_s + i : NULL,
                           .accel = tape.accel + 3 * i,
                           .new_segment = tape.breaks[i]};
        assert_ok(clock_push(clock, &f, &err), err);
        collect(out, clock);
    }
    assert_ok(clock_finish(clock, &err), err);
    collect(out, clock);
    clock_report(clock, &out->quality);
    out->rate_hz = clock_rate_hz(clock);
    snprintf(out->evidence, sizeof out->evidence, "%s", clock_evidence(clock));
    clock_free(&clock);
}

static void assert_all_felt(double tolerance, double offset_s, const char *rule)
{
    for (size_t i = 0; i < told.n; i++)
        assert_near((double)told.accel[3 * i], felt(told.time_s[i] + offset_s), tolerance, rule);
}

static void even_stamps_come_back_as_they_are(void **state)
{
    (void)state;
    static const double rates_hz[] = {12.5, 30, 100, 142.857142857, 204.8, 1000, 1125};
    for (size_t r = 0; r < sizeof rates_hz / sizeof *rates_hz; r++) {
        tape.n = 0;
        for (size_t i = 0; i < 20000; i++) {
            double t = 12.3 + (double)i / rates_hz[r];
            add(rint(t * 1e6) / 1e6, t);
        }
        play(&told, 4096, NAN, 1);
        assert_int_equal(told.n, tape.n);
        assert_int_equal(told.n_segments, 1);
        assert_memory_equal(told.accel, tape.accel, 3 * tape.n * sizeof(float));
        assert_near(told.rate_hz, rates_hz[r], 1e-6 * rates_hz[r], "the rate is the stamps'");
        assert_near(told.time_s[0], tape.stamp_s[0], 1e-6, "time keeps its zero");
        for (size_t i = 0; i < told.n; i += 101)
            assert_near(told.time_s[i], tape.stamp_s[i], 0.01 / rates_hz[r] + 1e-6,
                        "each frame has its stamp");
        assert_int_equal(told.quality.n_gaps, 0);
    }
}

static void frames_without_stamps_follow_the_declared_rate(void **state)
{
    (void)state;
    tape.n = 0;
    for (size_t i = 0; i < 5000; i++) add(0, (double)i / 25);
    tape.accel[3 * 700] = NAN;
    play(&told, 333, 25, 0);
    assert_int_equal(told.n, 5000);
    assert_near(told.time_s[4999], 4999 / 25.0, 1e-9, "time is the index over the rate");
    assert_int_equal(told.marks[700], GAIT_FRAME_FILLED);
    assert_near((double)told.accel[3 * 700], felt(700 / 25.0), 0.1, "the lost one is filled");
}

static void rounded_stamps_give_the_true_rate(void **state)
{
    (void)state;
    static const double rates_hz[] = {98.86, 197.236, 99.9, 400, 333.333};
    for (size_t r = 0; r < sizeof rates_hz / sizeof *rates_hz; r++) {
        tape.n = 0;
        for (size_t i = 0; i < 30000; i++) {
            double t = (double)i / rates_hz[r];
            add(floor(t * 1000) / 1000, t);
        }
        play(&told, 1000, NAN, 1);
        assert_int_equal(told.n, tape.n);
        assert_memory_equal(told.accel, tape.accel, 3 * tape.n * sizeof(float));
        assert_near(told.quality.effective_rate_hz, rates_hz[r], 1e-4 * rates_hz[r],
                    "milliseconds are cut off, the rate is not");
        for (size_t i = 0; i < told.n; i += 97)
            assert_near(told.time_s[i] + 0.00025, (double)i / rates_hz[r], 0.0004,
                        "the line is straighter than the stamps");
    }
}

static void a_drifting_rate_is_followed(void **state)
{
    (void)state;
    double t = 0;
    tape.n = 0;
    for (size_t i = 0; i < MOST; i++) {
        add(rint(t * 1e4) / 1e4, t);
        t += 1 / (98.5 + 1.0 * (double)i / MOST); /* one percent in ten minutes */
    }
    play(&told, 500, 105, 1);
    assert_int_equal(told.n, tape.n);
    assert_int_equal(told.n_segments, 1);
    for (size_t i = 0; i < told.n; i += 97)
        assert_near(told.time_s[i], tape.stamp_s[i], 0.0015, "time follows the stamps");
    assert_non_null(strstr(told.evidence, "105 Hz were declared"));
}

static void uneven_samples_are_put_on_a_grid(void **state)
{
    (void)state;
    struct prng random;
    prng_seed(&random, 7);
    tape.n = 0;
    for (size_t i = 0; i < 20000; i++) {
        double t = 5 + (double)i / 100 + prng_uniform(&random, -0.003, 0.003);
        add(t, t);
    }
    play(&told, 512, NAN, 1);
    assert_in_range(told.n, 19980, 20020);
    assert_int_equal(told.n_segments, 1);
    for (size_t i = 1; i < told.n; i++)
        assert_near(told.time_s[i] - told.time_s[i - 1], 0.01, 1e-5, "the grid is even");
    assert_all_felt(0.01, 0, "values belong to their times");
    assert_true(told.quality.rate_jitter > 0.1);
}

static void uneven_stamps_that_go_back_leave_finite_values(void **state)
{
    (void)state;
    struct prng random;
    prng_seed(&random, 9);
    tape.n = 0;
    for (size_t i = 0; i < 4000; i++) {
        double t = 5 + (double)i / 1000 + prng_uniform(&random, -0.0003, 0.0003);
        add(t, t);
        if (i % 100 != 50) continue;
        add(t + 0.0025, t); /* there, back to the same sample, and there again */
        add(t, t);
        memcpy(tape.accel + 3 * (tape.n - 1), tape.accel + 3 * (tape.n - 3), 3 * sizeof(float));
        add(t + 0.0025, t);
    }
    play(&told, 512, NAN, 1);
    assert_in_range(told.n, 3960, 4040);
    for (size_t i = 0; i < 3 * told.n; i++) assert_true(isfinite(told.accel[i]));
}

static void a_short_gap_is_filled_and_marked(void **state)
{
    (void)state;
    tape.n = 0;
    for (size_t i = 0; i < 3000; i++)
        if (i < 1000 || i >= 1010) add((double)i / 100, (double)i / 100);
    play(&told, 256, NAN, 1);
    assert_int_equal(told.n, 3000);
    assert_int_equal(told.n_segments, 1);
    for (size_t i = 0; i < told.n; i++) {
        assert_int_equal(told.marks[i], i >= 1000 && i < 1010 ? GAIT_FRAME_FILLED : 0);
        assert_near(told.time_s[i], (double)i / 100, 1e-6, "nothing moves");
    }
    assert_near((double)told.accel[3 * 1004], felt(10.04), 0.3, "filled in between");
    assert_int_equal(told.quality.n_gaps, 1);
    assert_near(told.quality.gap_s, 0.1, 1e-6, "ten samples");
}

static void a_long_gap_splits(void **state)
{
    (void)state;
    tape.n = 0;
    for (size_t i = 0; i < 3000; i++)
        if (i < 1000 || i >= 1200) add((double)i / 100, (double)i / 100);
    play(&told, 256, NAN, 1);
    assert_int_equal(told.n, 2800);
    assert_int_equal(told.n_segments, 2);
    assert_int_equal(told.starts[1000], 1);
    assert_near(told.time_s[1000], 12, 1e-9, "the next segment begins where its stamps do");
    assert_near(told.quality.gap_s, 2, 1e-9, "two seconds are missing");
    assert_near(told.quality.duration_s, 29.99, 1e-6, "gaps count as time");
}

static void repeated_frames_are_dropped_and_counted(void **state)
{
    (void)state;
    tape.n = 0;
    for (size_t i = 0; i < 3000; i++) {
        add((double)i / 100, (double)i / 100);
        if (i % 100) continue;
        memcpy(tape.accel + 3 * tape.n, tape.accel + 3 * (tape.n - 1), 3 * sizeof(float));
        tape.breaks[tape.n] = 0;
        tape.stamp_s[tape.n++] = (double)i / 100;
    }
    play(&told, 100, NAN, 1);
    assert_int_equal(told.n, 3000);
    assert_int_equal(told.quality.n_duplicates, 30);
    assert_all_felt(1e-6, 0, "what is left is what was felt");
}

static void late_frames_find_their_place(void **state)
{
    (void)state;
    tape.n = 0;
    for (size_t i = 0; i < 3000; i++) { /* each tenth comes five samples late */
        size_t k = i % 15 == 4 ? i + 5 : i % 15 > 4 && i % 15 < 10 ? i - 1 : i;
        add((double)k / 100, (double)k / 100);
    }
    play(&told, 64, NAN, 1);
    assert_int_equal(told.n, 3000);
    assert_int_equal(told.n_segments, 1);
    assert_all_felt(1e-6, 0, "in order again");
}

static void a_clock_that_was_set_back_begins_a_segment(void **state)
{
    (void)state;
    tape.n = 0;
    for (size_t i = 0; i < 2000; i++) add(5000 + (double)i / 100, (double)i / 100);
    for (size_t i = 0; i < 2000; i++) add(100 + (double)i / 100, 20 + (double)i / 100);
    play(&told, 4096, NAN, 1);
    assert_int_equal(told.n, 4000);
    assert_int_equal(told.n_segments, 2);
    assert_near(told.time_s[3999], 5039.99, 0.02, "time never goes back");
    assert_all_felt(0.01, -5000, "nothing is sorted across");
}

static void summer_time_is_no_gap(void **state)
{
    (void)state;
    tape.n = 0;
    for (size_t i = 0; i < 4000; i++)
        add((double)i / 100 + (i >= 2000 ? 3600 : 0), (double)i / 100);
    play(&told, 4096, NAN, 1);
    assert_int_equal(told.n, 4000);
    assert_int_equal(told.n_segments, 1);
    assert_all_felt(1e-5, 0, "the hour is taken out");
}

static void one_stamp_astray_costs_one_frame(void **state)
{
    (void)state;
    tape.n = 0;
    for (size_t i = 0; i < 4000; i++) add(i == 1500 ? 9e8 : (double)i / 100, (double)i / 100);
    play(&told, 100, NAN, 1);
    assert_int_equal(told.n, 4000);
    assert_int_equal(told.n_segments, 1);
    assert_int_equal(told.marks[1500], GAIT_FRAME_FILLED);
    assert_near(told.time_s[3999], 39.99, 1e-6, "and no time");
}

static void packets_are_timed_by_a_line(void **state)
{
    (void)state;
    struct prng random;
    prng_seed(&random, 3);
    double arrived_s = 0;
    tape.n = 0;
    for (size_t i = 0; i < 30000; i++) { /* ten at a time, up to 60 ms late */
        double t = (double)i / 52 + (i >= 15000 ? 1.0 : 0);
        if (i % 10 == 0) arrived_s = fmax(arrived_s + 1e-3, t + prng_uniform(&random, 0, 0.06));
        add(arrived_s, t);
    }
    play(&told, 10, NAN, 1);
    assert_int_equal(told.n, 30000);
    assert_int_equal(told.n_segments, 2);
    assert_int_equal(told.starts[15000], 1);
    assert_near(told.quality.effective_rate_hz, 52, 0.02, "the rate of the samples");
    for (size_t i = 0; i < told.n; i++)
        assert_near(told.time_s[i] - 0.03, (double)i / 52 + (i >= 15000 ? 1.0 : 0), 0.035,
                    "each sample has its own time");
    assert_non_null(strstr(told.evidence, "packets"));
}

static void whole_second_stamps_are_spread(void **state)
{
    (void)state;
    tape.n = 0;
    for (size_t i = 0; i < 20000; i++) add(floor((double)i / 100.1 + 0.3), (double)i / 100.1);
    play(&told, 4096, NAN, 1);
    assert_int_equal(told.n, 20000);
    assert_int_equal(told.n_segments, 1);
    assert_near(told.quality.effective_rate_hz, 100.1, 0.05, "so many a second");
    for (size_t i = 0; i < told.n; i++)
        assert_near(told.time_s[i], (double)i / 100.1 + 0.3, 0.03, "in their second");
}

static void rough_stamps_make_no_gaps(void **state)
{
    (void)state;
    /* Every 120 samples a clock that is read to one sample, and a straight line in between. */
    struct prng random;
    prng_seed(&random, 5);
    double from_s = 0, to_s = 0;
    tape.n = 0;
    for (size_t i = 0; i < 24000; i++) {
        if (i % 120 == 0) {
            from_s = to_s;
            to_s = floor((double)(i + 120) + prng_uniform(&random, 0, 1)) / 98.5;
        }
        add(from_s + (double)(i % 120) / 120 * (to_s - from_s), (double)i / 98.5);
    }
    play(&told, 240, 100, 1);
    assert_int_equal(told.n, 24000);
    assert_int_equal(told.n_segments, 1);
    assert_memory_equal(told.accel, tape.accel, 3 * tape.n * sizeof(float));
    assert_near(told.quality.effective_rate_hz, 98.5, 0.05, "the blocks' clock on the whole");
}

/* A tape with everything on it. */
static void record_everything(void)
{
    struct prng random;
    prng_seed(&random, 11);
    double t = 100;
    tape.n = 0;
    while (tape.n < MOST - 200) {
        size_t kind = (size_t)prng_below(&random, 9), run = 50 + (size_t)prng_below(&random, 3000);
        if (kind == 0) t += prng_uniform(&random, 0.02, 0.14);
        if (kind == 1) t += prng_uniform(&random, 0.2, 30);
        if (kind == 2) t -= 500;
        if (kind == 3) t += 3600;
        double packet_s = t;
        for (size_t i = 0; i < run && tape.n < MOST - 200; i++) {
            t += 0.01;
            if (i % 7 == 0) packet_s = t;
            double jitter = kind == 4 ? prng_uniform(&random, -0.004, 0.004) : 0;
            double stamp_s = kind == 5 ? packet_s : kind == 6 ? rint(t * 50) / 50 : t + jitter;
            add(kind == 7 && i % 30 == 2 ? stamp_s - 0.05 : stamp_s, t);
            if (kind == 8 && !i) tape.breaks[tape.n - 1] = 1;
            if (kind == 7 && i % 41 == 0) tape.accel[3 * (tape.n - 1) + 1] = NAN;
        }
    }
}

static void portions_do_not_matter(void **state)
{
    (void)state;
    static const size_t portions[] = {1, 7, 1000, 4096, 5000};
    record_everything();
    play(&told, MOST, NAN, 1);
    assert_true(told.n > 40000 && told.n_segments > 5);
    for (size_t k = 0; k < sizeof portions / sizeof *portions; k++) {
        play(&again, portions[k], NAN, 1);
        assert_int_equal(again.n, told.n);
        assert_memory_equal(again.time_s, told.time_s, told.n * sizeof *told.time_s);
        assert_memory_equal(again.accel, told.accel, 3 * told.n * sizeof *told.accel);
        assert_memory_equal(again.marks, told.marks, told.n);
        assert_memory_equal(again.starts, told.starts, told.n);
    }
}

static void time_only_goes_forward_and_values_are_finite(void **state)
{
    (void)state;
    record_everything();
    play(&told, MOST, NAN, 1);
    for (size_t i = 0; i < told.n; i++) {
        assert_true(isfinite(told.accel[3 * i]) && isfinite(told.accel[3 * i + 1]));
        if (i) assert_true(told.time_s[i] > told.time_s[i - 1]);
        if (i && !told.starts[i])
            assert_near(told.time_s[i] - told.time_s[i - 1], 0.01, 0.0001, "even inside a segment");
    }
}

static void stamps_that_are_none_are_refused(void **state)
{
    (void)state;
    struct clock *clock = NULL;
    gait_error err = {0};
    double same[4] = {1, 1, 1, 1}, tiny[4] = {0, 1e-9, 2e-9, 3e-9};
    float accel[12] = {0, 0, 1, 0, 1, 1, 0, 2, 1, 0, 3, 1};
    const double *stamps[] = {same, tiny};
    const char *says[] = {"does not advance", "rate of 1e+09 Hz"};
    for (size_t i = 0; i < 2; i++) {
        struct frames f = {.n = 4, .stamp_s = stamps[i], .accel = accel};
        assert_ok(clock_new(&clock, "tape", NAN, 1, 0, &err), err);
        assert_ok(clock_push(clock, &f, &err), err);
        assert_int_equal(clock_finish(clock, &err), GAIT_FORMAT);
        assert_non_null(strstr(err.text, says[i]));
        clock_free(&clock);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(even_stamps_come_back_as_they_are),
        cmocka_unit_test(frames_without_stamps_follow_the_declared_rate),
        cmocka_unit_test(rounded_stamps_give_the_true_rate),
        cmocka_unit_test(a_drifting_rate_is_followed),
        cmocka_unit_test(uneven_samples_are_put_on_a_grid),
        cmocka_unit_test(uneven_stamps_that_go_back_leave_finite_values),
        cmocka_unit_test(a_short_gap_is_filled_and_marked),
        cmocka_unit_test(a_long_gap_splits),
        cmocka_unit_test(repeated_frames_are_dropped_and_counted),
        cmocka_unit_test(late_frames_find_their_place),
        cmocka_unit_test(a_clock_that_was_set_back_begins_a_segment),
        cmocka_unit_test(summer_time_is_no_gap),
        cmocka_unit_test(one_stamp_astray_costs_one_frame),
        cmocka_unit_test(packets_are_timed_by_a_line),
        cmocka_unit_test(whole_second_stamps_are_spread),
        cmocka_unit_test(rough_stamps_make_no_gaps),
        cmocka_unit_test(portions_do_not_matter),
        cmocka_unit_test(time_only_goes_forward_and_values_are_finite),
        cmocka_unit_test(stamps_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
