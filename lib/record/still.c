/* SPDX-License-Identifier: BSD-3-Clause */
#include "record/still.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/four.h"

/* van Hees 2014, doi 10.1152/japplphysiol.00421.2014; 13 mg as in common use of
 * it. */
static const double window_s = 10, most_sd_g = 0.013;
static const double obvious_move_g = 0.25; /* ends the window at once */

void still_init(struct still *still, double rate_hz)
{
    memset(still, 0, sizeof *still);
    double width = window_s * rate_hz;
    still->width = width >= 10 && width < 1e7 ? (size_t)lrint(width) : 1000;
    still->every = 1;
}

void still_free(struct still *still)
{
    free(still->points);
    still->points = NULL;
    still->n_points = 0;
}

void still_break(struct still *still)
{
    still->n = 0;
    still->moved = 0;
}

/* Room is bounded: when it is full, every second point goes, and from then on
 * every second one is taken. */
static void thin_out(struct still *s)
{
    for (size_t i = 1; 2 * i < s->n_points; i++)
        memcpy(s->points + 3 * i, s->points + 6 * i, 3 * sizeof *s->points);
    s->n_points = (s->n_points + 1) / 2;
    s->every *= 2;
}

static void keep_point(struct still *s, const double mean[3])
{
    if (s->skipped++ % s->every) return;
    if (s->n_points == STILL_MOST_POINTS) thin_out(s);
    if (s->n_points == s->room) {
        size_t room = s->room ? 2 * s->room : 64;
        double *bigger = realloc(s->points, 3 * room * sizeof *bigger);
        if (!bigger) return;
        s->points = bigger;
        s->room = room;
    }
    memcpy(s->points + 3 * s->n_points++, mean, 3 * sizeof *mean);
}

static double total(const double *lanes, size_t k)
{
    return (lanes[k] + lanes[k + 6]) + (lanes[k + 3] + lanes[k + 9]);
}

/* A window in which nothing at all changes was written by a program, not by a
 * sensor. */
static void close_window(struct still *s)
{
    double mean[3], n = (double)s->width, largest = 0;
    for (size_t k = 0; k < 3; k++) {
        double part = total(s->sum, k) / n;
        mean[k] = s->first[k] + part;
        largest = fmax(largest, total(s->squares, k) / n - part * part);
    }
    if (largest > 1e-12 && largest < most_sd_g * most_sd_g) keep_point(s, mean);
}

static void begin_window(struct still *s, const float *accel_g)
{
    for (size_t k = 0; k < 3 * STILL_LANES; k++) s->first[k] = (double)accel_g[k % 3];
    memset(s->sum, 0, sizeof s->sum);
    memset(s->squares, 0, sizeof s->squares);
    s->moved = 0;
}

/* Frames of all lanes, n of each, whose axes are twelve numbers: adds their differences from the
 * window's first one; whether one of them is far from it. */
HOT static int add_lanes(struct still *s, const float *accel_g, size_t n)
{
    four first[3], sum[3], squares[3];
    four_masks far = {0};
    memcpy(first, s->first, sizeof first);
    memcpy(sum, s->sum, sizeof sum);
    memcpy(squares, s->squares, sizeof squares);
    for (size_t i = 0; i < n; i++)
        for (size_t v = 0; v < 3; v++, accel_g += 4) {
            four_floats values;
            memcpy(&values, accel_g, sizeof values);
            four x = __builtin_convertvector(values, four) - first[v];
            sum[v] += x;
            squares[v] += x * x;
            far |= (x > obvious_move_g) | (x < -obvious_move_g);
        }
    memcpy(s->sum, sum, sizeof sum);
    memcpy(s->squares, squares, sizeof squares);
    return (far[0] | far[1] | far[2] | far[3]) != 0;
}

static int add_frame(struct still *s, const float *accel_g, size_t lane)
{
    int far = 0;
    for (size_t k = 0; k < 3; k++) {
        double x = (double)accel_g[k] - s->first[k];
        s->sum[3 * lane + k] += x;
        s->squares[3 * lane + k] += x * x;
        far |= fabs(x) > obvious_move_g;
    }
    return far;
}

/* Frames of one window. A frame's lane follows from its place in the window, so that how the frames
 * come changes no sum. */
static void add_to_window(struct still *s, const float *accel_g, size_t n)
{
    enum { AT_ONCE = 16 * STILL_LANES }; /* frames between two looks at whether it moved */
    if (!s->n) begin_window(s, accel_g);
    for (size_t i = 0, part; i < n && !s->moved; i += part) {
        size_t lane = (s->n + i) % STILL_LANES, left = n - i;
        part = 1;
        if (lane || left < STILL_LANES) {
            s->moved = add_frame(s, accel_g + 3 * i, lane);
        } else {
            part = left < AT_ONCE ? left / STILL_LANES * STILL_LANES : AT_ONCE;
            s->moved = add_lanes(s, accel_g + 3 * i, part / STILL_LANES);
        }
    }
    s->n += n;
}

void still_add(struct still *still, const float *accel_g, size_t n)
{
    struct still *s = still;
    while (n) {
        size_t part = s->width - s->n < n ? s->width - s->n : n;
        add_to_window(s, accel_g, part);
        if (s->n == s->width) {
            if (!s->moved) close_window(s);
            s->n = 0;
        }
        accel_g += 3 * part;
        n -= part;
    }
}

double still_error_g(const struct still *still)
{
    double sum = 0;
    for (size_t i = 0; i < still->n_points; i++) {
        const double *p = still->points + 3 * i;
        sum += fabs(sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]) - 1);
    }
    return still->n_points ? sum / (double)still->n_points : (double)NAN;
}
