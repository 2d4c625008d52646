/* SPDX-License-Identifier: BSD-3-Clause */

/* The detectors of the trunk against the simulator's exact truth, and what must not change their
 * answer. */

#include "base/random.h"
#include "base/vec.h"
#include "gait/detect/detect.h"
#include "simulated.h"

enum { MOST_EVENTS = 2048 };

struct found {
    size_t n;
    gait_event event[MOST_EVENTS];
};

static int by_time(const void *a, const void *b)
{
    const gait_event *x = a, *y = b;
    return (x->time_s > y->time_s) - (x->time_s < y->time_s);
}

static void find(const struct bout_signal *signal, const char *name, struct found *out)
{
    struct arena keep = {0}, tmp = {0};
    struct event_list list = {0};
    gait_error err = {0};
    const struct detector *row =
        detector_choose(name, signal->options->placement, signal->activity, 0);
    assert_non_null(row);
    assert_ok(detector_run(row, signal, &list, &keep, &tmp, &err), err);
    assert_true(list.n <= MOST_EVENTS);
    out->n = list.n;
    if (list.n) memcpy(out->event, list.at, list.n * sizeof *list.at);
    if (list.n) qsort(out->event, list.n, sizeof *out->event, by_time);
    arena_free(&keep);
    arena_free(&tmp);
}

/* Share of true events that have exactly one found event within the tolerance, and false ones
 * counted against it: F1. The median error goes to *bias_s. */
static double compare(const struct found *found, const struct measured *m, gait_event_type type,
                      double tolerance_s, double *bias_s)
{
    double matched = 0, n_true = 0, n_found = 0, sum = 0, first = INFINITY, last = -INFINITY;
    for (size_t j = 0; j < m->in.n_events; j++) {
        const gait_event *truth = &m->events[j];
        if (truth->type != type) continue;
        first = fmin(first, truth->time_s);
        last = fmax(last, truth->time_s);
        n_true++;
        double best = tolerance_s;
        const gait_event *nearest = NULL;
        for (size_t i = 0; i < found->n; i++) {
            double off = fabs(found->event[i].time_s - truth->time_s);
            if (found->event[i].type != type || off > best) continue;
            best = off;
            nearest = &found->event[i];
        }
        if (!nearest) continue;
        matched++;
        sum += nearest->time_s - truth->time_s;
    }
    for (size_t i = 0; i < found->n; i++)
        n_found += found->event[i].type == type && found->event[i].time_s >= first - tolerance_s &&
                   found->event[i].time_s <= last + tolerance_s;
    if (bias_s) *bias_s = matched > 0 ? sum / matched : 0;
    return 2 * matched / (n_true + fmax(n_found, matched));
}

static const char *const people[] = {"seed=11 vary=1", "seed=12 vary=1", "seed=13 vary=1",
                                     "seed=14 vary=1", "seed=15 vary=1", "seed=16 vary=1"};
enum { N_PEOPLE = sizeof people / sizeof *people };

static struct simulated_window person(size_t k, const char *more, gait_activity activity)
{
    char settings[200];
    snprintf(settings, sizeof settings, "%s duration_s=30 %s", people[k], more);
    return simulate_window(settings, GAIT_SACRUM, GAIT_SIDE_NONE, activity);
}

static struct found first, second;

static void every_running_strike_is_found(void **state)
{
    (void)state;
    static const char *const rates[] = {"rate_hz=100", "rate_hz=200", "rate_hz=500"};
    for (size_t k = 0; k < N_PEOPLE; k++) {
        struct simulated_window w = person(k, rates[k % 3], GAIT_RUN);
        double strike_s, toe_off_s;
        find(&w.m->signal, NULL, &first);
        assert_true(compare(&first, w.m, GAIT_FOOT_STRIKE, 0.05, &strike_s) >= 0.97);
        assert_true(compare(&first, w.m, GAIT_TOE_OFF, 0.05, &toe_off_s) >= 0.93);
        assert_near(strike_s, 0, 0.012, "running strikes are where they are");
        assert_near(toe_off_s, 0, 0.025, "running toe-offs are about where they are");
        simulated_window_free(&w);
    }
}

/* Quick steps seen by a slow sensor: not every landmark of the toe-off is there. */
static void a_slow_sensor_loses_no_toe_off(void **state)
{
    (void)state;
    static const char *const runners[] = {"seed=701", "seed=719", "seed=722", "seed=727"};
    for (size_t k = 0; k < sizeof runners / sizeof *runners; k++) {
        char settings[100];
        snprintf(settings, sizeof settings, "%s vary=1 duration_s=24 rate_hz=50", runners[k]);
        struct simulated_window w =
            simulate_window(settings, GAIT_SACRUM, GAIT_SIDE_NONE, GAIT_RUN);
        size_t n_strikes = 0, n_toe_offs = 0;
        find(&w.m->signal, NULL, &first);
        for (size_t i = 0; i < first.n; i++) {
            n_strikes += first.event[i].type == GAIT_FOOT_STRIKE;
            n_toe_offs += first.event[i].type == GAIT_TOE_OFF;
        }
        assert_true(n_toe_offs + 2 >= n_strikes);
        simulated_window_free(&w);
    }
}

/* The push that starts a run from standing frees a foot, but none has struck. */
static void a_run_from_standing_begins_with_a_toe_off(void **state)
{
    (void)state;
    for (size_t k = 0; k < N_PEOPLE; k++) {
        struct simulated_window w = person(k, "standing_s=2 rate_hz=100", GAIT_RUN);
        double first_s[2] = {INFINITY, INFINITY}, true_s = INFINITY;
        find(&w.m->signal, NULL, &first);
        for (size_t i = 0; i < w.m->in.n_events; i++)
            if (w.m->events[i].type == GAIT_FOOT_STRIKE)
                true_s = fmin(true_s, w.m->events[i].time_s);
        for (size_t i = 0; i < first.n; i++) {
            double *time_s = &first_s[first.event[i].type == GAIT_TOE_OFF];
            *time_s = fmin(*time_s, first.event[i].time_s);
        }
        assert_near(first_s[0], true_s, 0.03, "the first strike is one");
        assert_true(first_s[1] < first_s[0]);
        simulated_window_free(&w);
    }
}

static void every_walking_strike_is_found(void **state)
{
    (void)state;
    static const char *const rates[] = {"rate_hz=50", "rate_hz=100", "rate_hz=128"};
    for (size_t k = 0; k < N_PEOPLE; k++) {
        struct simulated_window w = person(k, rates[k % 3], GAIT_WALK);
        double strike_s;
        find(&w.m->signal, NULL, &first);
        assert_true(compare(&first, w.m, GAIT_FOOT_STRIKE, 0.1, &strike_s) >= 0.97);
        assert_near(strike_s, 0, 0.04, "walking strikes are within what references differ by");
        simulated_window_free(&w);
    }
}

static void turn(const double *x, size_t n, double *y)
{
    double a = 0.8, b = -1.9, ca = cos(a), sa = sin(a), cb = cos(b), sb = sin(b);
    for (size_t i = 0; i < n; i++) {
        const double *v = x + 3 * i;
        double p = ca * v[0] - sa * v[1], q = sa * v[0] + ca * v[1];
        y[3 * i] = p;
        y[3 * i + 1] = cb * q - sb * v[2];
        y[3 * i + 2] = sb * q + cb * v[2];
    }
}

static void assert_same(const struct found *a, const struct found *b, double tolerance_s,
                        const char *rule)
{
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        assert_int_equal(a->event[i].type, b->event[i].type);
        assert_near(b->event[i].time_s, a->event[i].time_s, tolerance_s, rule);
    }
}

static void a_turned_sensor_gives_the_same_events(void **state)
{
    (void)state;
    static const gait_activity activities[] = {GAIT_RUN, GAIT_WALK};
    for (size_t k = 0; k < 2; k++) {
        struct simulated_window w = person(k, "rate_hz=100", activities[k]);
        double *turned = calloc(3 * w.m->signal.n, sizeof *turned);
        assert_non_null(turned);
        turn(w.accel_g, w.m->signal.n, turned);
        find(&w.m->signal, NULL, &first);
        w.m->signal.accel_g = turned;
        find(&w.m->signal, NULL, &second);
        /* walking uses a heading found in whole degrees */
        assert_same(&first, &second, k ? 0.015 : 1e-6, "no axis has a name");
        free(turned);
        simulated_window_free(&w);
    }
}

static void a_mirrored_person_has_mirrored_sides(void **state)
{
    (void)state;
    struct simulated_window w = person(2, "rate_hz=100 mounting_deg=0/0/0", GAIT_WALK);
    double *mirrored = calloc(3 * w.m->signal.n, sizeof *mirrored), right[3];
    assert_non_null(mirrored);
    memcpy(w.m->options.axes, w.sensor.axes, sizeof w.sensor.axes);
    w.m->options.axes_known = 7;
    true_axis(&w, 2, right);
    for (size_t i = 0; i < w.m->signal.n; i++) {
        double across = vec_dot(w.accel_g + 3 * i, right);
        for (int c = 0; c < 3; c++)
            mirrored[3 * i + (size_t)c] = w.accel_g[3 * i + (size_t)c] - 2 * across * right[c];
    }
    find(&w.m->signal, NULL, &first);
    w.m->signal.accel_g = mirrored;
    find(&w.m->signal, NULL, &second);
    assert_same(&first, &second, 1e-9, "a mirror moves no event");
    size_t named = 0;
    for (size_t i = 0; i < first.n; i++) {
        gait_side a = first.event[i].side, b = second.event[i].side;
        named += (a == GAIT_LEFT && b == GAIT_RIGHT) || (a == GAIT_RIGHT && b == GAIT_LEFT);
    }
    assert_int_equal(named, first.n);
    free(mirrored);
    simulated_window_free(&w);
}

static void feet_alternate(void **state)
{
    (void)state;
    static const gait_activity activities[] = {GAIT_RUN, GAIT_WALK};
    for (size_t k = 0; k < 2; k++) {
        struct simulated_window w = person(k + 3, "rate_hz=100", activities[k]);
        gait_side last = GAIT_SIDE_UNKNOWN;
        size_t n = 0, breaks = 0;
        find(&w.m->signal, NULL, &first);
        for (size_t i = 0; i < first.n; i++) {
            if (first.event[i].type != GAIT_FOOT_STRIKE) continue;
            gait_side side = first.event[i].side;
            assert_true(side == GAIT_STEP_A || side == GAIT_STEP_B);
            breaks += n++ > 0 && side == last;
            last = side;
        }
        assert_true(n > 20 && breaks == 0);
        simulated_window_free(&w);
    }
}

/* A trunk sensor 0.3 g off in every axis, as cheap ones are, has no free fall in its norm. */
static void a_sensor_with_an_offset_still_counts(void **state)
{
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        struct simulated_window w = person(k, "rate_hz=148", GAIT_RUN);
        for (size_t i = 0; i < 3 * w.m->signal.n; i++) w.accel_g[i] += i % 3 ? 0.3 : -0.2;
        find(&w.m->signal, NULL, &first);
        assert_true(compare(&first, w.m, GAIT_FOOT_STRIKE, 0.05, NULL) >= 0.95);
        simulated_window_free(&w);
    }
}

/* Some exports hold no negative vertical values: the mean is then not gravity. */
static void one_sided_clipping_is_survived_with_known_axes(void **state)
{
    (void)state;
    struct simulated_window w = person(1, "rate_hz=200 mounting_deg=0/0/0", GAIT_RUN);
    memcpy(w.m->options.axes, w.sensor.axes, sizeof w.sensor.axes);
    w.m->options.axes_known = 7;
    double up[3];
    true_axis(&w, 1, up);
    for (size_t i = 0; i < w.m->signal.n; i++) {
        double along = vec_dot(w.accel_g + 3 * i, up);
        for (int c = 0; c < 3 && along < 0; c++) w.accel_g[3 * i + (size_t)c] -= along * up[c];
    }
    find(&w.m->signal, NULL, &first);
    assert_true(compare(&first, w.m, GAIT_FOOT_STRIKE, 0.05, NULL) >= 0.95);
    simulated_window_free(&w);
}

static double share_above(const double *x, size_t n, double level)
{
    size_t above = 0;
    for (size_t i = 0; i < n; i++) above += x[3 * i] > level;
    return (double)above / (double)n;
}

/* Of a hard runner's pushes the tips are cut off: what is left still tells up from sideways. */
static void a_range_that_is_too_small_takes_no_side(void **state)
{
    (void)state;
    for (size_t k = 0; k < N_PEOPLE; k++) {
        struct simulated_window w = person(k, "rate_hz=148 mounting_deg=0/0/0", GAIT_RUN);
        double up[3], limit_g = 1;
        true_axis(&w, 1, up);
        size_t n = w.m->signal.n, axis = 0;
        for (size_t c = 1; c < 3; c++)
            if (fabs(up[c]) > fabs(up[axis])) axis = c;
        double *x = w.accel_g + axis, sign = up[axis] > 0 ? 1 : -1;
        for (size_t i = 0; i < n; i++) x[3 * i] *= sign;
        while (share_above(x, n, limit_g) > 0.06) limit_g += 0.02;
        for (size_t i = 0; i < n; i++) x[3 * i] = sign * fmin(x[3 * i], limit_g);
        find(&w.m->signal, NULL, &first);
        assert_true(compare(&first, w.m, GAIT_FOOT_STRIKE, 0.05, NULL) >= 0.97);
        for (size_t i = 0; i < first.n; i++) assert_true(first.event[i].side != GAIT_SIDE_UNKNOWN);
        simulated_window_free(&w);
    }
}

static void a_phone_counts_every_step(void **state)
{
    (void)state;
    for (size_t k = 0; k < N_PEOPLE; k++) {
        struct simulated_window w = person(k, "rate_hz=100", GAIT_WALK);
        double strikes = 0, steps = 0;
        w.m->options.placement = GAIT_OTHER;
        find(&w.m->signal, NULL, &first);
        for (size_t i = 0; i < first.n; i++) steps += first.event[i].type == GAIT_FOOT_STRIKE;
        for (size_t i = 0; i < w.m->in.n_events; i++)
            strikes += w.m->events[i].type == GAIT_FOOT_STRIKE;
        assert_near(steps, strikes, 2, "no step is lost but at the ends");
        simulated_window_free(&w);
    }
}

static void slow_walking_is_never_sure_of_its_phase(void **state)
{
    (void)state;
    struct simulated_window w = person(0, "rate_hz=100 cadence_steps_per_min=80", GAIT_WALK);
    find(&w.m->signal, NULL, &first);
    assert_true(first.n > 20);
    for (size_t i = 0; i < first.n; i++) {
        assert_true(first.event[i].confidence < 0.5);
        assert_true(first.event[i].uncertainty_s >= 0.05);
    }
    simulated_window_free(&w);
}

static void a_walk_begins_when_the_first_foot_leaves(void **state)
{
    (void)state;
    for (size_t k = 0; k < N_PEOPLE; k++) {
        struct simulated_window w = person(k, "rate_hz=100 standing_s=4", GAIT_WALK);
        size_t left = 0, told = 0;
        while (left < w.m->in.n_events && w.m->events[left].type != GAIT_TOE_OFF) left++;
        find(&w.m->signal, NULL, &first);
        while (told < first.n && first.event[told].time_s < 3) told++;
        assert_true(left < w.m->in.n_events && told < first.n);
        assert_int_equal(first.event[told].type, GAIT_TOE_OFF);
        assert_near(first.event[told].time_s, w.m->events[left].time_s, 0.15,
                    "the first swing is like the others");
        simulated_window_free(&w);
    }
}

static double mean_confidence(const struct found *found)
{
    double sum = 0;
    for (size_t i = 0; i < found->n; i++) sum += found->event[i].confidence;
    return sum / (double)found->n;
}

/* The last 10 s are no walk: the sensor stands still, or is moved 2 s behind the last step, and may
 * have missed steps. */
static void what_moves_without_steps_makes_the_walk_less_sure(void **state)
{
    (void)state;
    struct simulated_window w = person(1, "rate_hz=100", GAIT_WALK);
    size_t from = w.m->signal.n - 1000;
    w.m->signal.bout_end_s = (double)from / 100 - 2; /* steps are told up to 2 s behind it */
    for (int moving = 0; moving < 2; moving++) {
        for (size_t i = from; i < w.m->signal.n; i++) {
            double moved_g = i < from + 200 ? 0 : 0.2 * moving * sin(0.05 * (double)(i - from));
            for (size_t c = 0; c < 3; c++) w.accel_g[3 * i + c] = c == 2 ? 1 + moved_g : 0;
        }
        find(&w.m->signal, NULL, moving ? &second : &first);
    }
    assert_same(&first, &second, 1e-9, "what comes after the walk moves no event of it");
    assert_true(mean_confidence(&second) < 0.8 * mean_confidence(&first));
    simulated_window_free(&w);
}

static void stated_uncertainty_covers_the_error(void **state)
{
    (void)state;
    double covered = 0, matched = 0;
    for (size_t k = 0; k < N_PEOPLE; k++) {
        struct simulated_window w = person(k, "rate_hz=200", GAIT_RUN);
        find(&w.m->signal, NULL, &first);
        for (size_t j = 0; j < w.m->in.n_events; j++)
            for (size_t i = 0; i < first.n; i++) {
                double off_s = fabs(first.event[i].time_s - w.m->events[j].time_s);
                if (first.event[i].type != w.m->events[j].type || off_s > 0.05) continue;
                matched++;
                covered += off_s <= 1.96 * first.event[i].uncertainty_s;
            }
        simulated_window_free(&w);
    }
    assert_true(covered >= 0.9 * matched);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_running_strike_is_found),
        cmocka_unit_test(a_slow_sensor_loses_no_toe_off),
        cmocka_unit_test(a_run_from_standing_begins_with_a_toe_off),
        cmocka_unit_test(every_walking_strike_is_found),
        cmocka_unit_test(a_turned_sensor_gives_the_same_events),
        cmocka_unit_test(a_mirrored_person_has_mirrored_sides),
        cmocka_unit_test(feet_alternate),
        cmocka_unit_test(a_sensor_with_an_offset_still_counts),
        cmocka_unit_test(one_sided_clipping_is_survived_with_known_axes),
        cmocka_unit_test(a_range_that_is_too_small_takes_no_side),
        cmocka_unit_test(a_phone_counts_every_step),
        cmocka_unit_test(slow_walking_is_never_sure_of_its_phase),
        cmocka_unit_test(a_walk_begins_when_the_first_foot_leaves),
        cmocka_unit_test(what_moves_without_steps_makes_the_walk_less_sure),
        cmocka_unit_test(stated_uncertainty_covers_the_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
