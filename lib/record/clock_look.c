/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "record/clock_state.h"

/* The first look: interval, jitter, rounding and packets of the first frames decide on how the
 * others are told. */

enum {
    MOST_STRETCH = 4096,    /* frames */
    MOST_PACKETS = 65536,   /* frames of a stretch of packets */
    MOST_HELD_BACK = 20000, /* frames */
    LEAST_HELD_BACK = 8
};

static const double packets_s = 60, late_packets_s = 2.5;

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x, size_t n)
{
    qsort(x, n, sizeof *x, by_value);
    return x[n / 2];
}

/* The typical interval; steps is room for n numbers. Packets count by the frames in them. */
static double measure_interval(const struct clock *c, double *steps)
{
    size_t n = 0, since = c->at;
    for (size_t i = c->at + 1; i < c->n; i++) {
        double step_s = c->stamp_s[i] - c->stamp_s[since];
        if (!(step_s > 0)) continue;
        double frames = c->packets ? (double)(i - since) : 1;
        if (!(c->marks[i] & BREAK)) steps[n++] = step_s / frames;
        since = i;
    }
    if (!n) return NAN;
    double middle = median(steps, n), sum = 0;
    if (c->packets) return middle;
    size_t usual = 0;
    for (size_t i = 0; i < n; i++) {
        if (steps[i] < 0.5 * middle || steps[i] > gap_intervals * middle) continue;
        sum += steps[i];
        usual++;
    }
    return sum / (double)usual;
}

/* Jitter spoils single intervals; across many frames it hardly counts. */
static double measure_across(const struct clock *c, double *steps)
{
    enum { FRAMES = 32 };
    size_t n = 0;
    for (size_t i = c->at + FRAMES; i < c->n; i++)
        steps[n++] = (c->stamp_s[i] - c->stamp_s[i - FRAMES]) / FRAMES;
    return n >= FRAMES ? median(steps, n) : c->interval_s;
}

/* 1.4826 times the median absolute deviation, which is the standard deviation of normal jitter. */
static double measure_jitter(const struct clock *c, double *steps)
{
    size_t n = 0;
    for (size_t i = c->at + 1; i < c->n; i++)
        if (!(c->marks[i] & BREAK))
            steps[n++] = fabs(c->stamp_s[i] - c->stamp_s[i - 1] - c->interval_s);
    return n ? 1.4826 * median(steps, n) / c->interval_s : 0;
}

static double measure_quantum(const struct clock *c)
{
    static const double quanta[] = {1, 0.1, 0.01, 0.001, 0.0001};
    static const double slack = 1e-3;
    for (size_t k = 0; k < sizeof quanta / sizeof *quanta; k++) {
        size_t i = c->at;
        for (; i < c->n; i++) {
            double steps = c->stamp_s[i] / quanta[k];
            if (fabs(steps - rint(steps)) > slack) break;
        }
        if (i < c->n) continue;
        double intervals = c->interval_s / quanta[k];
        int exact = fabs(intervals - rint(intervals)) < 1e-6 * intervals;
        return exact ? 0 : quanta[k];
    }
    return 0;
}

double clock_round_interval(const struct clock *c, double interval_s)
{
    static const double alike = 1e-7;
    double rate_hz = 1 / interval_s, round_hz = rint(1000 * rate_hz) / 1000;
    if (fabs(c->nominal_rate_hz / rate_hz - 1) < alike) return 1 / c->nominal_rate_hz;
    return fabs(round_hz / rate_hz - 1) < alike ? 1 / round_hz : interval_s;
}

static size_t frames_in(const struct clock *c, double seconds, size_t least, size_t most)
{
    double frames = ceil(seconds / c->interval_s);
    return frames < (double)least ? least : frames > (double)most ? most : (size_t)frames;
}

static void say_evidence(struct clock *c)
{
    double rate_hz = 1 / c->interval_s;
    size_t room = sizeof c->evidence;
    static const double least_percent = 1e-3; /* less is the rounding of the stamps */
    if (!c->has_stamps)
        text_print(c->evidence, room, "no stamps, %g Hz as declared", rate_hz);
    else if (c->packets)
        text_print(c->evidence, room, "stamps come in packets, a line through them gives %.6g Hz",
                   rate_hz);
    else if (100 * c->jitter < least_percent)
        text_print(c->evidence, room, "stamps give %.6g Hz, evenly", rate_hz);
    else
        text_print(c->evidence, room, "stamps give %.6g Hz, intervals vary by %.2g %%", rate_hz,
                   100 * c->jitter);
    size_t n = strlen(c->evidence);
    static const double worth_saying = 0.02;
    if (c->has_stamps && fabs(c->nominal_rate_hz / rate_hz - 1) > worth_saying)
        text_print(c->evidence + n, room - n, "; %g Hz were declared", c->nominal_rate_hz);
}

static gait_status check_interval(const struct clock *c, gait_error *err)
{
    static const double slowest_hz = 0.01, fastest_hz = 100000;
    double rate_hz = 1 / c->interval_s;
    if (!isfinite(c->interval_s) && c->n - c->at == 1)
        return gait_fail(err, GAIT_FORMAT, "%s: holds one sample, which makes no rate", c->name);
    if (!isfinite(c->interval_s))
        return gait_fail(err, GAIT_FORMAT, "%s: time does not advance in the first %zu samples",
                         c->name, c->n - c->at);
    if (rate_hz >= slowest_hz && rate_hz <= fastest_hz) return GAIT_OK;
    return gait_fail(err, GAIT_FORMAT,
                     "%s: the time stamps make a rate of %.3g Hz; expected %g to %g", c->name,
                     rate_hz, slowest_hz, fastest_hz);
}

gait_status clock_decide(struct clock *c, gait_error *err)
{
    size_t n = c->n - c->at;
    struct arena_mark mark = arena_mark(&c->scratch);
    double *steps = ARENA_NEW(&c->scratch, n, double);
    if (!steps) return clock_no_memory(c, err);
    if (c->has_stamps && (n > 1 || !(c->nominal_rate_hz > 0))) {
        c->packets = clock_share_repeated(c, n) >= packet_share;
        c->interval_s = measure_interval(c, steps);
        TRY(check_interval(c, err));
        c->interval_s = clock_round_interval(c, c->interval_s);
        c->jitter = measure_jitter(c, steps);
        if (c->jitter > even_share && !c->packets) c->interval_s = measure_across(c, steps);
        TRY(check_interval(c, err));
        c->quantum_s = measure_quantum(c);
    }
    arena_rewind(&c->scratch, mark);
    c->stretch = c->packets ? frames_in(c, packets_s, 1024, MOST_PACKETS)
                            : frames_in(c, stretch_s, 256, MOST_STRETCH);
    c->held_back =
        frames_in(c, c->packets ? late_packets_s : late_s, LEAST_HELD_BACK, MOST_HELD_BACK);
    c->decided = 1;
    say_evidence(c);
    return GAIT_OK;
}
