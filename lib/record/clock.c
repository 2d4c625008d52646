/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/text.h"
#include "record/line_fit.h"
#include "record/regrid.h"

/* Frames wait in a buffer until a stretch of some 10 s and 1 s more have come: late frames find
 * their place in that second. A stretch whose stamps lie on a line goes out as it is, timed by the
 * line; others are put on an even grid. Everything is decided by counts of frames, so it does not
 * matter in what portions they come. */

enum {
    HEAD_FRAMES = 4096,     /* the first look at the interval */
    MOST_STRETCH = 4096,    /* frames */
    MOST_PACKETS = 65536,   /* frames of a stretch of packets */
    MOST_HELD_BACK = 20000, /* frames */
    LEAST_HELD_BACK = 8,
    KEPT_BEHIND = 2,     /* frames of the last stretch, for interpolation */
    LEAST_STRETCH = 128, /* frames, when halved because the line bends */
    FEW = 16,            /* too few frames for a line of their own */
    FEW_PACKETS = 8,
    AROUND = 16,     /* packets before and behind a gap that have to agree on it */
    MOST_FILLED = 4, /* points per frame, else the stretch is cut */
    BREAK = 0x80     /* mark of a frame before which the file or the clock breaks off */
};

static const double stretch_s = 10, packets_s = 60;
static const double late_s = 1, late_packets_s = 2.5; /* held back */
static const double longest_fill_s = 0.15;            /* longer gaps split */
static const double gap_intervals = 1.5;              /* longer intervals miss a frame */
static const double even_share = 0.05;   /* of the interval: stamps as close to the line are even */
static const double wander_share = 2.5;  /* and so are these, if each follows the last evenly */
static const double close_share = 0.01;  /* of the interval: the line needs no correction */
static const double packet_share = 0.05; /* of the frames: so many repeated stamps are packets */
static const double most_bend = 0.005;   /* change of the interval from one block to the next */
static const double hour_s = 3600, hour_slack_s = 0.5;
static const double most_stamp_s = 1e12;           /* 30 000 years: nothing tells time so */
static const float most_g = 1000, most_dps = 1e5F; /* beyond lies damage */

struct clock {
    const char *name;
    double nominal_rate_hz;
    int has_stamps, has_gyro, ended, decided;

    size_t at, n, room; /* frames [at, n) wait */
    size_t n_breaks;    /* of these begin with BREAK */
    size_t behind;      /* frames before `at` of the same segment that are still there */
    double *stamp_s;
    float *accel, *gyro;
    uint8_t *marks;

    double interval_s; /* by the first look; what a segment begins with */
    double quantum_s;  /* stamps are rounded to it; 0: not seen */
    double jitter;     /* spread of the intervals, in intervals, in the first look */
    int packets;       /* many stamps are repeated there */
    size_t stretch, held_back;

    uint64_t n_told; /* frames that came */
    int any;         /* a frame was taken */
    double offset_s; /* added to stamps since the device's clock was set */
    double newest_s; /* stamp of the newest frame taken */
    float newest_gyro[3];

    int in_segment;
    double rough_s;        /* how far stamps lie from the line, of late */
    int on_grid;           /* the last stretch was put on a grid that its frames do not share */
    double next_s, line_s; /* time of the next frame out, and the interval now */
    double first_rate_hz;

    size_t out_room;
    float *out_accel, *out_gyro;
    uint8_t *out_marks;
    struct arena scratch;
    char evidence[160];

    uint64_t n_segments, n_gaps, n_duplicates, n_late, n_out;
    double gap_s, inside_s, first_s;
};

static gait_status no_memory(const struct clock *c, gait_error *err)
{
    return gait_fail(err, GAIT_NOMEM, "%s: no memory for the frames of %zu s", c->name,
                     (size_t)stretch_s);
}

gait_status clock_new(struct clock **out, const char *name, double nominal_rate_hz, int has_stamps,
                      int has_gyro, gait_error *err)
{
    struct clock *c = calloc(1, sizeof *c);
    if (!c) return gait_fail(err, GAIT_NOMEM, "%s: no memory for a clock", name);
    c->name = name;
    c->nominal_rate_hz = nominal_rate_hz;
    c->has_stamps = has_stamps;
    c->has_gyro = has_gyro;
    c->interval_s = nominal_rate_hz > 0 ? 1 / nominal_rate_hz : 0.01;
    c->first_rate_hz = NAN;
    *out = c;
    return GAIT_OK;
}

void clock_free(struct clock **clock)
{
    struct clock *c = *clock;
    if (!c) return;
    free(c->stamp_s);
    free(c->accel);
    free(c->gyro);
    free(c->marks);
    free(c->out_accel);
    free(c->out_gyro);
    free(c->out_marks);
    arena_free(&c->scratch);
    free(c);
    *clock = NULL;
}

/* Frames [from, n) to `to`. */
static void move_frames(struct clock *c, size_t to, size_t from, size_t n)
{
    memmove(c->stamp_s + to, c->stamp_s + from, (n - from) * sizeof *c->stamp_s);
    memmove(c->accel + 3 * to, c->accel + 3 * from, 3 * (n - from) * sizeof *c->accel);
    if (c->has_gyro)
        memmove(c->gyro + 3 * to, c->gyro + 3 * from, 3 * (n - from) * sizeof *c->gyro);
    memmove(c->marks + to, c->marks + from, n - from);
}

static int resize(void **array, size_t bytes)
{
    void *bigger = realloc(*array, bytes);
    if (bigger) *array = bigger;
    return bigger != NULL;
}

static int resize_floats(float **array, size_t n)
{
    void *bytes = *array;
    int done = resize(&bytes, n * sizeof(float));
    *array = bytes;
    return done;
}

/* Frames that went out make room for new ones. */
static gait_status reserve(struct clock *c, size_t more, gait_error *err)
{
    size_t gone = c->at - c->behind;
    if (c->n + more > c->room && gone) {
        move_frames(c, 0, gone, c->n);
        c->at -= gone;
        c->n -= gone;
    }
    if (c->n + more <= c->room) return GAIT_OK;
    size_t room = c->n + more + HEAD_FRAMES;
    void *stamps = c->stamp_s, *marks = c->marks;
    int done = resize(&stamps, room * sizeof *c->stamp_s);
    c->stamp_s = stamps;
    done = done && resize(&marks, room);
    c->marks = marks;
    done = done && resize_floats(&c->accel, 3 * room);
    done = done && (!c->has_gyro || resize_floats(&c->gyro, 3 * room));
    if (!done) return no_memory(c, err);
    c->room = room;
    return GAIT_OK;
}

static double stamp_of(const struct clock *c, const struct frames *f, size_t i)
{
    double stamp_s = f->stamp_s ? f->stamp_s[i] : (double)(c->n_told + i) / c->nominal_rate_hz;
    return stamp_s + c->offset_s;
}

static int all_below(const float *x, size_t n, float limit)
{
    int above = 0;
    for (size_t i = 0; i < n; i++) above |= !(fabsf(x[i]) <= limit);
    return !above;
}

/* The frames [from, from + n) can be taken as they are: finite, within reason, in order, and the
 * clock was not set. */
static int all_plain(const struct clock *c, const struct frames *f, size_t from, size_t n)
{
    double previous = c->any ? c->newest_s : -HUGE_VAL;
    int odd = f->new_segment && !from;
    for (size_t i = from; f->stamp_s && i < from + n; i++) {
        double t = f->stamp_s[i] + c->offset_s;
        odd |= !(t > previous && t < HUGE_VAL);
        odd |= t - previous > hour_s - 1 && previous > -HUGE_VAL;
        previous = t;
    }
    return !odd && all_below(f->accel + 3 * from, 3 * n, most_g) &&
           (!f->gyro || all_below(f->gyro + 3 * from, 3 * n, most_dps));
}

static void take_plain(struct clock *c, const struct frames *f, size_t from, size_t n)
{
    double *stamp_s = c->stamp_s + c->n;
    for (size_t i = 0; i < n; i++) stamp_s[i] = stamp_of(c, f, from + i);
    memcpy(c->accel + 3 * c->n, f->accel + 3 * from, 3 * n * sizeof(float));
    if (c->has_gyro) memcpy(c->gyro + 3 * c->n, f->gyro + 3 * from, 3 * n * sizeof(float));
    if (f->marks)
        memcpy(c->marks + c->n, f->marks + from, n);
    else
        memset(c->marks + c->n, 0, n);
    c->n += n;
    c->any = 1;
    c->newest_s = stamp_s[n - 1];
    if (c->has_gyro) memcpy(c->newest_gyro, c->gyro + 3 * (c->n - 1), sizeof c->newest_gyro);
}

/* The newest frame alone has a stamp far ahead: this one follows the frame before it. */
static int newest_is_astray(const struct clock *c, double stamp_s)
{
    if (c->n - c->at < 2 || c->marks[c->n - 1] & BREAK) return 0;
    double step_s = stamp_s - c->stamp_s[c->n - 2];
    return step_s > 0 && step_s <= late_s && c->newest_s - c->stamp_s[c->n - 2] > late_s;
}

/* The device's clock was set: time goes on behind the newest frame. */
static double follow_newest(struct clock *c, double stamp_s)
{
    double next_s = c->newest_s + c->interval_s;
    c->offset_s += next_s - stamp_s;
    return next_s;
}

/* Where a late frame belongs: the hole that it left. Without a hole the stamps are just rough, and
 * it stays where it came; SIZE_MAX if the hole would be too far back. */
static size_t place_of_late(const struct clock *c, double stamp_s)
{
    size_t most = c->decided ? c->held_back : HEAD_FRAMES;
    for (size_t i = c->n; i-- > c->at && c->n - i <= most;) {
        if (c->stamp_s[i] <= stamp_s) {
            double hole_s = c->stamp_s[i + 1] - c->stamp_s[i];
            return hole_s > gap_intervals * c->interval_s ? i + 1 : c->n;
        }
        if (c->marks[i] & BREAK) return SIZE_MAX;
    }
    return SIZE_MAX;
}

static void put_frame(struct clock *c, size_t place, const struct frames *f, size_t i,
                      double stamp_s, int is_break)
{
    if (place < c->n) move_frames(c, place + 1, place, c->n);
    c->stamp_s[place] = stamp_s;
    memcpy(c->accel + 3 * place, f->accel + 3 * i, 3 * sizeof(float));
    if (c->has_gyro) memcpy(c->gyro + 3 * place, c->newest_gyro, sizeof c->newest_gyro);
    c->marks[place] = (uint8_t)((f->marks ? f->marks[i] & ~BREAK : 0) | (is_break ? BREAK : 0));
    c->n_breaks += (size_t)is_break;
    c->n++;
}

/* One frame with anything unusual about it, or one among such. */
static void take_odd(struct clock *c, const struct frames *f, size_t i)
{
    double t = stamp_of(c, f, i);
    int is_break = f->new_segment && !i;
    if (c->has_gyro && all_below(f->gyro + 3 * i, 3, most_dps))
        memcpy(c->newest_gyro, f->gyro + 3 * i,
               sizeof c->newest_gyro); /* else the last one holds */
    if (!(fabs(t) < most_stamp_s) || !all_below(f->accel + 3 * i, 3, most_g)) return;
    if (c->any && t < c->newest_s - late_s && newest_is_astray(c, t)) {
        c->newest_s = c->stamp_s[--c->n - 1];
        c->n_late++;
    }
    double step_s = c->any ? t - c->newest_s : 1;
    if (step_s < -late_s || (is_break && step_s <= 0)) {
        t = follow_newest(c, t);
        is_break = 1;
    } else if (!is_break && fabs(step_s - hour_s) < hour_slack_s) { /* summer time ended or began */
        t = follow_newest(c, t);
    }
    size_t place = c->any && t < c->newest_s ? place_of_late(c, t) : c->n;
    if (place == SIZE_MAX) {
        c->n_late++;
        return;
    }
    put_frame(c, place, f, i, t, is_break && place == c->n);
    if (place + 1 == c->n) c->newest_s = t;
    c->any = 1;
}

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

static int same_sample(const struct clock *c, size_t i, size_t j)
{
    return !memcmp(c->accel + 3 * i, c->accel + 3 * j, 3 * sizeof(float));
}

/* Share of the frames [at, at + n) with the stamp, but not the sample, of the one before. */
static double share_repeated(const struct clock *c, size_t n)
{
    size_t repeated = 0;
    for (size_t i = c->at + 1; i < c->at + n; i++)
        repeated += !(c->stamp_s[i] > c->stamp_s[i - 1]) && !same_sample(c, i, i - 1);
    return n > 1 ? (double)repeated / (double)(n - 1) : 0;
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

/* A rate within a ten-millionth of a round one, or of the declared one, is that one: stamps are
 * rounded. */
static double round_interval(const struct clock *c, double interval_s)
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
    if (!isfinite(c->interval_s))
        return gait_fail(err, GAIT_FORMAT, "%s: time does not advance in the first %zu samples",
                         c->name, c->n - c->at);
    if (rate_hz >= slowest_hz && rate_hz <= fastest_hz) return GAIT_OK;
    return gait_fail(err, GAIT_FORMAT,
                     "%s: the time stamps make a rate of %.3g Hz; expected %g to %g", c->name,
                     rate_hz, slowest_hz, fastest_hz);
}

/* The first look. One frame alone has no interval but the declared one. */
static gait_status decide(struct clock *c, gait_error *err)
{
    size_t n = c->n - c->at;
    struct arena_mark mark = arena_mark(&c->scratch);
    double *steps = ARENA_NEW(&c->scratch, n, double);
    if (!steps) return no_memory(c, err);
    if (c->has_stamps && (n > 1 || !(c->nominal_rate_hz > 0))) {
        c->packets = share_repeated(c, n) >= packet_share;
        c->interval_s = measure_interval(c, steps);
        TRY(check_interval(c, err));
        c->interval_s = round_interval(c, c->interval_s);
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

gait_status clock_push(struct clock *clock, const struct frames *frames, gait_error *err)
{
    struct clock *c = clock;
    const struct frames *f = frames;
    size_t n;
    for (size_t from = 0; from < f->n; from += n) {
        n = f->n - from;
        if (!c->decided && n > HEAD_FRAMES - (c->n - c->at)) n = HEAD_FRAMES - (c->n - c->at);
        TRY(reserve(c, n, err));
        if (all_plain(c, f, from, n))
            take_plain(c, f, from, n);
        else
            for (size_t i = from; i < from + n; i++) take_odd(c, f, i);
        if (!c->decided && c->n - c->at == HEAD_FRAMES) TRY(decide(c, err));
    }
    c->n_told += f->n;
    return GAIT_OK;
}

gait_status clock_finish(struct clock *clock, gait_error *err)
{
    clock->ended = 1;
    return clock->decided || clock->n == clock->at ? GAIT_OK : decide(clock, err);
}

/* Behind the last frame that belongs together with the frame at `at`, as far as is known. */
static size_t end_of_run(const struct clock *c)
{
    if (!c->n_breaks) return c->n;
    size_t i = c->at + 1;
    while (i < c->n && !(c->marks[i] & BREAK)) i++;
    return i;
}

/* Frames to tell next; 0 if more have to come first. */
static size_t next_stretch(const struct clock *c)
{
    if (!c->decided || c->at == c->n) return 0;
    size_t end = end_of_run(c), n = end - c->at;
    if (!c->ended && end == c->n && n < c->stretch + c->held_back) return 0;
    return n < c->stretch ? n : c->stretch;
}

static double longest_step(const struct clock *c)
{
    return fmax(longest_fill_s, gap_intervals * c->interval_s + c->quantum_s);
}

static void begin_segment(struct clock *c)
{
    double start_s = c->stamp_s[c->at];
    if (c->n_segments++) {
        c->n_gaps++;
        c->gap_s += fmax(0, start_s - c->next_s);
    }
    c->next_s = start_s;
    c->line_s = c->interval_s;
    c->behind = 0;
    c->on_grid = 0;
}

/* n frames went in; the next one may be too far away to go on. */
static void step_over(struct clock *c, size_t n, int ends)
{
    c->at += n;
    c->in_segment = !ends;
    c->behind = c->behind + n < KEPT_BEHIND ? c->behind + n : KEPT_BEHIND;
}

static int gap_follows(const struct clock *c, size_t n)
{
    size_t i = c->at + n;
    return i < c->n && c->stamp_s[i] - c->stamp_s[i - 1] > longest_step(c);
}

static int any_mark(const uint8_t *marks, size_t n)
{
    unsigned any = 0;
    for (size_t i = 0; i < n; i++) any |= marks[i];
    return any != 0;
}

static void fill_block(struct clock *c, gait_block *block, size_t n, double interval_s)
{
    block->n_frames = n;
    block->start_s = c->next_s;
    block->rate_hz = 1 / interval_s;
    block->starts_segment = !c->in_segment;
    if (!c->n_out) {
        c->first_s = block->start_s;
        c->first_rate_hz = block->rate_hz;
    }
    c->n_out += n;
    c->inside_s += (double)n * interval_s;
    c->next_s += (double)n * interval_s;
}

/* The frames themselves are the block. */
static void send_as_is(struct clock *c, size_t n, double interval_s, gait_block *block)
{
    block->accel_g = c->accel + 3 * c->at;
    block->gyro_dps = c->has_gyro ? c->gyro + 3 * c->at : NULL;
    block->marks = any_mark(c->marks + c->at, n) ? c->marks + c->at : NULL;
    fill_block(c, block, n, interval_s);
}

/* All stamps are where the line that is running expects them: the usual case. */
static int lies_on_line(const struct clock *c, size_t n)
{
    const double *t = c->stamp_s + c->at;
    double start_s = c->next_s, interval_s = c->line_s, slack = close_share * interval_s;
    int off = 0;
    for (size_t i = 0; i < n; i++)
        off |= !(fabs(t[i] - (start_s + (double)i * interval_s)) <= slack);
    return !off;
}

/* Frames of one instant: the same sample twice is dropped, another one moves up if there is room.
 * Returns how many of the n frames are left. */
static size_t separate_repeated(struct clock *c, size_t n)
{
    size_t kept = c->at, end = c->at + n;
    double half_s = c->line_s / 2;
    for (size_t i = c->at; i < end; i++) {
        int has_previous = kept > c->at || c->behind;
        double step_s = has_previous ? c->stamp_s[i] - c->stamp_s[kept - 1] : half_s;
        if (!(step_s > 0) && !(step_s < 0)) {
            double moved_s = c->stamp_s[kept - 1] + half_s;
            int has_room = i + 1 == c->n || c->stamp_s[i + 1] > moved_s;
            if (same_sample(c, i, kept - 1) || !has_room) {
                c->n_duplicates++;
                continue;
            }
            c->stamp_s[i] = moved_s;
        }
        if (kept < i) {
            c->stamp_s[kept] = c->stamp_s[i];
            memcpy(c->accel + 3 * kept, c->accel + 3 * i, 3 * sizeof(float));
            if (c->has_gyro) memcpy(c->gyro + 3 * kept, c->gyro + 3 * i, 3 * sizeof(float));
            c->marks[kept] = c->marks[i];
        }
        kept++;
    }
    if (kept < end) {
        move_frames(c, kept, end, c->n);
        c->n -= end - kept;
    }
    return kept - c->at;
}

/* Frames before the first gap that splits. */
static size_t before_gap(const struct clock *c, size_t n)
{
    const double *t = c->stamp_s + c->at;
    for (size_t i = 1; i < n; i++)
        if (t[i] - t[i - 1] > longest_step(c)) return i;
    return n;
}

/* Where the line should be at the end of n_points, and what to believe of it. */
struct correction {
    double start_s, end_s, slope_s;
    double error_s; /* standard error of the end */
    size_t n_points;
    size_t n_fitted;
};

/* The stamps go on beside the line, and not because they are rough. */
static int leaves_line(const struct clock *c, const struct correction *to)
{
    double expected_s = c->next_s + (double)to->n_points * c->line_s;
    return c->in_segment &&
           fabs(to->end_s - expected_s) > most_bend * (double)to->n_points * c->line_s &&
           fabs(to->start_s - c->next_s) > 2 * c->rough_s;
}

/* The interval of this block. The line is bent, not broken, so that time goes on smoothly, and only
 * where the stamps are surer than it is. */
static double follow_line(struct clock *c, const struct correction *to)
{
    double n = (double)to->n_points;
    if (!c->in_segment) {
        if (fabs(to->start_s - c->next_s) > close_share * to->slope_s) c->next_s = to->start_s;
        c->line_s = round_interval(c, (to->end_s - c->next_s) / n);
        return c->line_s;
    }
    double slack_s = fmax(close_share * c->line_s, 3 * to->error_s);
    if (fabs(to->end_s - (c->next_s + n * c->line_s)) <= slack_s) return c->line_s;
    double interval_s = (to->end_s - c->next_s) / n;
    double slope_error_s = 2 * to->error_s / (double)to->n_fitted;
    double bend = interval_s / c->line_s - 1;
    if (fabs(bend) > most_bend) return c->line_s * (1 + copysign(most_bend, bend));
    if (fabs(to->slope_s - c->line_s) > 3 * slope_error_s) c->line_s = to->slope_s;
    return interval_s;
}

static gait_status reserve_out(struct clock *c, size_t n, gait_error *err)
{
    if (n <= c->out_room) return GAIT_OK;
    void *marks = c->out_marks;
    int done = resize(&marks, n);
    c->out_marks = marks;
    done = done && resize_floats(&c->out_accel, 3 * n);
    done = done && (!c->has_gyro || resize_floats(&c->out_gyro, 3 * n));
    if (!done) return no_memory(c, err);
    c->out_room = n;
    return GAIT_OK;
}

/* Frames around a stretch of n that help to interpolate at its ends. */
struct around {
    size_t first, n; /* in the buffer */
    double *at;      /* n positions in intervals from the next point out */
};

static gait_status look_around(struct clock *c, size_t n, int ends, struct around *a,
                               gait_error *err)
{
    size_t last = c->at + n;
    for (int k = 0; !ends && k < KEPT_BEHIND && last < c->n && !(c->marks[last] & BREAK); k++) {
        if (!(c->stamp_s[last] > c->stamp_s[last - 1])) break;
        last++;
    }
    a->first = c->at - c->behind;
    a->n = last - a->first;
    a->at = ARENA_NEW(&c->scratch, a->n, double);
    return a->at ? GAIT_OK : no_memory(c, err);
}

static gait_status send_regridded(struct clock *c, const struct around *a, size_t n_points,
                                  double interval_s, gait_block *block, gait_error *err)
{
    TRY(reserve_out(c, n_points, err));
    struct scattered s = {.n = a->n,
                          .at = a->at,
                          .accel = c->accel + 3 * a->first,
                          .gyro = c->has_gyro ? c->gyro + 3 * a->first : NULL,
                          .marks = c->marks + a->first,
                          .widest = gap_intervals + c->quantum_s / c->line_s};
    struct regridded done = regrid(&s, n_points, c->out_accel, c->out_gyro, c->out_marks);
    c->n_gaps += done.n_gaps;
    c->gap_s += (double)done.n_filled * interval_s;
    block->accel_g = c->out_accel;
    block->gyro_dps = c->has_gyro ? c->out_gyro : NULL;
    block->marks = any_mark(c->out_marks, n_points) ? c->out_marks : NULL;
    fill_block(c, block, n_points, interval_s);
    return GAIT_OK;
}

/* Points of the grid that are missing before the first frame of a stretch. */
static double slots_skipped(const struct clock *c, double missing_s)
{
    const double *t = c->stamp_s + c->at;
    if (!c->in_segment) return 0;
    if (c->on_grid) return fmax(0, rint((t[0] - c->next_s) / c->line_s));
    double step_s = c->behind ? t[0] - t[-1] : 0;
    return step_s > missing_s ? rint(step_s / c->line_s) - 1 : 0;
}

/* Position of each stamp on the grid, counted from the next point out, if frames are only missing;
 * at least so many of them leave a gap. */
static void count_slots(const struct clock *c, size_t n, double least, double *slot)
{
    const double *t = c->stamp_s + c->at;
    double missing_s = (least + 0.5) * c->line_s + c->quantum_s;
    slot[0] = slots_skipped(c, missing_s);
    for (size_t i = 1; i < n; i++) {
        double step_s = t[i] - t[i - 1];
        slot[i] = slot[i - 1] + (step_s > missing_s ? rint(step_s / c->line_s) : 1);
    }
}

/* Frames before the grid would have too many points: a hostile file. */
static size_t before_flood(const double *slot, size_t n, size_t stretch)
{
    double most = (double)MOST_FILLED * (double)stretch;
    while (n > 1 && slot[n - 1] > most) n--;
    return n;
}

/* Mean change of the interval from what the slots say. */
static double unevenness(const struct clock *c, const double *slot, size_t n, double interval_s)
{
    const double *t = c->stamp_s + c->at;
    double sum = 0;
    for (size_t i = 1; i < n; i++)
        sum += fabs(t[i] - t[i - 1] - (slot[i] - slot[i - 1]) * interval_s);
    return n > 1 ? sum / (double)(n - 1) : 0;
}

enum evenness { UNEVEN, EVEN, EVEN_BUT_BENT };

/* Stamps that are rounded, or set now and then from a coarse clock, wander about the line although
 * the samples do not. */
static enum evenness judge(const struct clock *c, const struct line *line, const double *slot,
                           size_t n)
{
    static const double quantum_slack = 0.75; /* of the quantum: half, and the line's own error */
    double interval_s = line->slope;
    if (!(fabs(interval_s / c->interval_s - 1) < 0.1)) return UNEVEN;
    if (line->rms <= even_share * interval_s) return EVEN;
    if (line->largest <= quantum_slack * c->quantum_s) return EVEN;
    if (unevenness(c, slot, n, interval_s) > even_share * interval_s) return UNEVEN;
    return line->largest <= wander_share * interval_s ? EVEN : EVEN_BUT_BENT;
}

/* Stamps that wander: the samples were taken unevenly, and are put on an even grid. */
static gait_status tell_uneven(struct clock *c, size_t n, int ends, gait_block *block,
                               gait_error *err)
{
    struct around a;
    c->on_grid = 1;
    double last = floor((c->stamp_s[c->at + n - 1] - c->next_s) / c->line_s + close_share);
    if (last < 0) return GAIT_OK;
    TRY(look_around(c, n, ends, &a, err));
    for (size_t i = 0; i < a.n; i++) a.at[i] = (c->stamp_s[a.first + i] - c->next_s) / c->line_s;
    return send_regridded(c, &a, (size_t)last + 1, c->line_s, block, err);
}

/* Stamps on a line, but for missing frames. */
static gait_status tell_even(struct clock *c, size_t n, const double *slot, const struct line *line,
                             int ends, gait_block *block, gait_error *err)
{
    size_t n_points = (size_t)slot[n - 1] + 1;
    struct correction to = {.start_s = line->at_0,
                            .end_s = line->at_0 + (double)n_points * line->slope,
                            .slope_s = line->slope,
                            .error_s = 2 * line->rms / sqrt((double)n),
                            .n_points = n_points,
                            .n_fitted = n};
    if (n_points == n) c->rough_s = fmax(0.8 * c->rough_s, fmax(line->largest, c->quantum_s));
    if (leaves_line(c, &to)) return tell_uneven(c, n, ends, block, err);
    double interval_s = follow_line(c, &to);
    c->on_grid = 0;
    if (n_points == n) {
        send_as_is(c, n, interval_s, block);
        return GAIT_OK;
    }
    struct around a;
    TRY(look_around(c, n, ends, &a, err));
    for (size_t i = 0; i < a.n; i++) {
        size_t frame = a.first + i;
        int inside = frame >= c->at && frame < c->at + n;
        double place = (c->stamp_s[frame] - line->at_0) / line->slope;
        a.at[i] = inside ? slot[frame - c->at] : place;
        if (i && !(a.at[i] > a.at[i - 1])) a.at[i] = a.at[i - 1] + close_share;
    }
    return send_regridded(c, &a, n_points, interval_s, block, err);
}

static struct line fit_slots(const struct clock *c, const double *slot, size_t n)
{
    struct line line = {c->stamp_s[c->at] - slot[0] * c->line_s, c->line_s, 0, 0};
    return n < FEW ? line : line_fit(slot, c->stamp_s + c->at, n);
}

/* A long step is a missing frame if the stamps behind it stay late; if they come back, they were
 * rough there. */
static struct line place_in_slots(const struct clock *c, size_t n, double *slot)
{
    static const double much_better = 0.5;
    count_slots(c, n, 2, slot);
    double n_rough = slot[n - 1];
    count_slots(c, n, 1, slot);
    struct line missing = fit_slots(c, slot, n);
    if (!(slot[n - 1] > n_rough)) return missing; /* the same slots, as nearly always */
    count_slots(c, n, 2, slot);
    struct line rough = fit_slots(c, slot, n);
    if (!(missing.rms < much_better * rough.rms)) return rough;
    count_slots(c, n, 1, slot);
    return missing;
}

/* Stamps that do not simply lie on the line. */
static gait_status tell_odd(struct clock *c, size_t *n, int *ends, gait_block *block,
                            gait_error *err)
{
    *n = separate_repeated(c, *n);
    if (!*n) return GAIT_OK;
    size_t before = before_gap(c, *n);
    *ends = before < *n || gap_follows(c, before);
    *n = before;
    double *slot = ARENA_NEW(&c->scratch, *n, double);
    if (!slot) return no_memory(c, err);
    struct line line = place_in_slots(c, *n, slot);
    before = before_flood(slot, *n, c->stretch);
    if (before < *n) *ends = 0;
    *n = before;
    enum evenness how = judge(c, &line, slot, *n);
    for (; how == EVEN_BUT_BENT && *n >= LEAST_STRETCH; *ends = 0) {
        *n /= 2; /* a shorter stretch is straighter */
        line = fit_slots(c, slot, *n);
        how = judge(c, &line, slot, *n);
    }
    if (how == EVEN) return tell_even(c, *n, slot, &line, *ends, block, err);
    return tell_uneven(c, *n, *ends, block, err);
}

/* The first frame of each packet. */
struct packets {
    size_t n;
    double *frame, *stamp_s;
};

/* The first packet of a segment may have begun before it: then its stamp tells nothing. */
static void find_packets(const struct clock *c, size_t n, struct packets *p)
{
    p->n = 0;
    for (size_t i = 0; i < n; i++) {
        double stamp_s = c->stamp_s[c->at + i];
        if (p->n && !(stamp_s > p->stamp_s[p->n - 1])) continue;
        if (p->n == 1 && !(p->frame[0] > 0) && !c->in_segment) p->n = 0;
        p->frame[p->n] = (double)i;
        p->stamp_s[p->n++] = stamp_s;
    }
}

/* Stretches end where a packet does, so that the next one begins with a whole packet. */
static size_t whole_packets(const struct packets *p, size_t n)
{
    for (size_t k = p->n; k-- > 0;)
        if (p->frame[k] <= (double)n && 2 * p->frame[k] > (double)n) return (size_t)p->frame[k];
    return n;
}

/* How much later packet k is than the frames before it make it. */
static double lag(const struct clock *c, const struct packets *p, size_t k)
{
    return p->stamp_s[k] - p->frame[k] * c->line_s;
}

/* Packets before the first that is late for good, and not just held up: all that follow are late as
 * well. */
static size_t packets_before_gap(const struct clock *c, const struct packets *p)
{
    for (size_t k = 1; k < p->n; k++) {
        if (lag(c, p, k) - lag(c, p, k - 1) <= longest_fill_s) continue;
        double latest = -HUGE_VAL, earliest = HUGE_VAL;
        for (size_t i = k < AROUND ? 0 : k - AROUND; i < k; i++)
            latest = fmax(latest, lag(c, p, i));
        for (size_t i = k; i < p->n && i < k + AROUND; i++) earliest = fmin(earliest, lag(c, p, i));
        if (earliest - latest > longest_fill_s) return k;
    }
    return p->n;
}

/* Stamps tell when packets arrived: frames are timed by a line through the first of each. */
static gait_status tell_packets(struct clock *c, size_t *n, int *ends, gait_block *block,
                                gait_error *err)
{
    size_t known = end_of_run(c) - c->at;
    if (known > *n + c->held_back) known = *n + c->held_back;
    struct packets p = {0, ARENA_NEW(&c->scratch, known, double),
                        ARENA_NEW(&c->scratch, known, double)};
    if (!p.frame || !p.stamp_s) return no_memory(c, err);
    find_packets(c, known, &p);
    size_t before = packets_before_gap(c, &p);
    *ends = before < p.n && (size_t)p.frame[before] <= *n;
    *n = *ends ? (size_t)p.frame[before] : whole_packets(&p, *n);
    while (p.n > 1 && p.frame[p.n - 1] >= (double)*n) p.n--;

    struct line line = {lag(c, &p, 0), c->line_s, 0, 0};
    if (p.n >= FEW_PACKETS) line = line_fit_robust(p.frame, p.stamp_s, p.n, &c->scratch);
    if (!(fabs(line.slope / c->interval_s - 1) < 0.1)) line.slope = c->line_s;
    if (p.n < FEW_PACKETS && c->in_segment) line.at_0 = c->next_s;
    struct correction to = {.start_s = line.at_0,
                            .end_s = line.at_0 + (double)*n * line.slope,
                            .slope_s = line.slope,
                            .error_s = 2 * line.rms / sqrt((double)p.n),
                            .n_points = *n,
                            .n_fitted = *n};
    double interval_s = follow_line(c, &to);
    send_as_is(c, *n, interval_s, block);
    return GAIT_OK;
}

static gait_status tell_stretch(struct clock *c, size_t n, gait_block *block, gait_error *err)
{
    int ends;
    gait_status st = GAIT_OK;
    if (c->marks[c->at] & BREAK) {
        c->marks[c->at] &= (uint8_t)~BREAK;
        c->n_breaks--;
        c->in_segment = 0;
    }
    if (!c->in_segment) begin_segment(c);
    if (lies_on_line(c, n)) {
        ends = gap_follows(c, n);
        c->on_grid = 0;
        send_as_is(c, n, c->line_s, block);
    } else {
        struct arena_mark mark = arena_mark(&c->scratch);
        ends = 0;
        st = share_repeated(c, n) >= packet_share ? tell_packets(c, &n, &ends, block, err)
                                                  : tell_odd(c, &n, &ends, block, err);
        arena_rewind(&c->scratch, mark);
    }
    step_over(c, n, ends);
    return st;
}

gait_status clock_pull(struct clock *clock, gait_block *block, gait_error *err)
{
    size_t n;
    memset(block, 0, sizeof *block);
    while ((n = next_stretch(clock)) > 0) {
        TRY(tell_stretch(clock, n, block, err));
        if (block->n_frames) return GAIT_OK;
    }
    return GAIT_OK;
}

double clock_rate_hz(const struct clock *clock)
{
    return clock->first_rate_hz;
}

const char *clock_evidence(const struct clock *clock)
{
    return clock->evidence;
}

void clock_report(const struct clock *clock, gait_recording_quality *quality)
{
    const struct clock *c = clock;
    quality->n_segments = c->n_segments;
    quality->n_gaps = c->n_gaps;
    quality->gap_s = c->gap_s;
    quality->rate_jitter = c->jitter;
    quality->n_frames = c->n_out;
    quality->n_duplicates = c->n_duplicates;
    if (!c->n_out) return;
    quality->effective_rate_hz = (double)c->n_out / c->inside_s;
    quality->duration_s = c->next_s - c->line_s - c->first_s;
}
