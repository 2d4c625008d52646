/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "record/clock_state.h"

/* Frames into the buffer: damage is dropped, late frames find their place, a clock that was set is
 * followed. */

static const double hour_s = 3600, hour_slack_s = 0.5;
static const double most_stamp_s = 1e12;           /* 30 000 years: nothing tells time so */
static const float most_g = 1000, most_dps = 1e5F; /* beyond lies damage */

/* Frames that went out make room for new ones. */
static gait_status reserve(struct clock *c, size_t more, gait_error *err)
{
    size_t gone = c->at - c->behind;
    if (c->n + more > c->room && gone) {
        clock_move_frames(c, 0, gone, c->n);
        c->at -= gone;
        c->n -= gone;
    }
    if (c->n + more <= c->room) return GAIT_OK;
    size_t room = c->n + more + HEAD_FRAMES;
    void *stamps = c->stamp_s, *marks = c->marks;
    int done = clock_resize(&stamps, room * sizeof *c->stamp_s);
    c->stamp_s = stamps;
    done = done && clock_resize(&marks, room);
    c->marks = marks;
    done = done && clock_resize_floats(&c->accel, 3 * room);
    done = done && (!c->has_gyro || clock_resize_floats(&c->gyro, 3 * room));
    if (!done) return clock_no_memory(c, err);
    c->room = room;
    return GAIT_OK;
}

static double stamp_of(const struct clock *c, const struct frames *f, size_t i)
{
    double stamp_s = f->stamp_s ? f->stamp_s[i] : (double)(c->n_told + i) / c->nominal_rate_hz;
    return stamp_s + c->offset_s;
}

/* Stamps of the frames [from, from + n), behind those that wait. */
static void lay_stamps(struct clock *c, const struct frames *f, size_t from, size_t n)
{
    double *stamp_s = c->stamp_s + c->n;
    for (size_t i = 0; i < n; i++) stamp_s[i] = stamp_of(c, f, from + i);
}

/* They are in order, and the clock was not set. */
static int stamps_are_plain(const struct clock *c, size_t n)
{
    const double *stamp_s = c->stamp_s + c->n;
    struct step_range steps = stamps_range(stamp_s, n);
    double step_s = c->any ? stamp_s[0] - c->newest_s : 1;
    return steps.is_finite && step_s > 0 && steps.least > 0 &&
           fmax(step_s, steps.most) <= hour_s - 1;
}

/* The frames [from, from + n) can be taken as they are: finite, within reason, and their stamps are
 * plain. */
static int all_plain(const struct clock *c, const struct frames *f, size_t from, size_t n)
{
    return !(f->new_segment && !from) && (!f->stamp_s || stamps_are_plain(c, n)) &&
           all_within(f->accel + 3 * from, 3 * n, most_g) &&
           (!f->gyro || all_within(f->gyro + 3 * from, 3 * n, most_dps));
}

/* Their stamps are laid already. */
static void take_plain(struct clock *c, const struct frames *f, size_t from, size_t n)
{
    memcpy(c->accel + 3 * c->n, f->accel + 3 * from, 3 * n * sizeof(float));
    if (c->has_gyro) memcpy(c->gyro + 3 * c->n, f->gyro + 3 * from, 3 * n * sizeof(float));
    if (f->marks)
        memcpy(c->marks + c->n, f->marks + from, n);
    else
        memset(c->marks + c->n, 0, n);
    c->n += n;
    c->any = 1;
    c->newest_s = c->stamp_s[c->n - 1];
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
    if (place < c->n) clock_move_frames(c, place + 1, place, c->n);
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
    if (c->has_gyro && all_within(f->gyro + 3 * i, 3, most_dps))
        memcpy(c->newest_gyro, f->gyro + 3 * i,
               sizeof c->newest_gyro); /* else the last one holds */
    if (!(fabs(t) < most_stamp_s) || !all_within(f->accel + 3 * i, 3, most_g)) return;
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

gait_status clock_push(struct clock *clock, const struct frames *frames, gait_error *err)
{
    struct clock *c = clock;
    const struct frames *f = frames;
    size_t n;
    for (size_t from = 0; from < f->n; from += n) {
        n = f->n - from;
        if (!c->decided && n > HEAD_FRAMES - (c->n - c->at)) n = HEAD_FRAMES - (c->n - c->at);
        TRY(reserve(c, n, err));
        lay_stamps(c, f, from, n);
        if (all_plain(c, f, from, n))
            take_plain(c, f, from, n);
        else
            for (size_t i = from; i < from + n; i++) take_odd(c, f, i);
        if (!c->decided && c->n - c->at == HEAD_FRAMES) TRY(clock_decide(c, err));
    }
    c->n_told += f->n;
    return GAIT_OK;
}
