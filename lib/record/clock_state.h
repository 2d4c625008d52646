/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_CLOCK_STATE_H
#define RECORD_CLOCK_STATE_H

#include "base/arena.h"
#include "record/clock.h"
#include "record/stamps.h"

/* Frames wait in a buffer until a stretch of some 10 s and 1 s more have come: late frames find
 * their place in that second. A stretch whose stamps lie on a line goes out as it is, timed by the
 * line; others are put on an even grid. Everything is decided by counts of frames, so it does not
 * matter in what portions they come. */

enum {
    HEAD_FRAMES = 4096, /* the first look at the interval */
    KEPT_BEHIND = 2,    /* frames of the last stretch, for interpolation */
    BREAK = 0x80        /* mark of a frame before which the file or the clock breaks off */
};

static const double stretch_s = 10, late_s = 1; /* told at once, and held back */
static const double longest_fill_s = 0.15;      /* longer gaps split */
static const double gap_intervals = 1.5;        /* longer intervals miss a frame */
static const double even_share = 0.05;   /* of the interval: stamps as close to the line are even */
static const double close_share = 0.01;  /* of the interval: the line needs no correction */
static const double packet_share = 0.05; /* of the frames: so many repeated stamps are packets */
static const double most_bend = 0.005;   /* change of the interval from one block to the next */

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
    struct step_range steps; /* in the stretch that is told, from the frame before it on */

    size_t out_room;
    float *out_accel, *out_gyro;
    uint8_t *out_marks;
    struct arena scratch;
    char evidence[160];

    uint64_t n_segments, n_gaps, n_duplicates, n_late, n_out;
    double gap_s, inside_s, first_s;
};

/* Where the line should be at the end of n_points, and what to believe of it. */
struct correction {
    double start_s, end_s, slope_s;
    double error_s; /* standard error of the end */
    size_t n_points;
    size_t n_fitted;
};

gait_status clock_no_memory(const struct clock *clock, gait_error *err);

/* Frames [from, n) to `to`. */
void clock_move_frames(struct clock *clock, size_t to, size_t from, size_t n);

/* realloc() that leaves the array as it was when memory is out, and tells. */
int clock_resize(void **array, size_t bytes);
int clock_resize_floats(float **array, size_t n);

int clock_same_sample(const struct clock *clock, size_t i, size_t j);

/* Share of the next n frames with the stamp, but not the sample, of the one before. */
double clock_share_repeated(const struct clock *clock, size_t n);

/* Renews `steps` for the next n frames. */
void clock_look_at_steps(struct clock *clock, size_t n);

/* Takes the first look. One frame alone has no interval but the declared one. */
gait_status clock_decide(struct clock *clock, gait_error *err);

/* A rate within a ten-millionth of a round one, or of the declared one, is that one: stamps are
 * rounded. */
double clock_round_interval(const struct clock *clock, double interval_s);

/* Behind the last frame that belongs together with the next one, as far as is known. */
size_t clock_end_of_run(const struct clock *clock);

/* Longer steps split; one follows the next n frames. */
double clock_longest_step(const struct clock *clock);
int clock_gap_follows(const struct clock *clock, size_t n);

/* The interval of the next block. The line is bent, not broken, so that time goes on smoothly, and
 * only where the stamps are surer than it is. */
double clock_follow_line(struct clock *clock, const struct correction *to);

/* The next n frames themselves are the block; or n others, that the caller puts into it. */
void clock_send_as_is(struct clock *clock, size_t n, double interval_s, gait_block *block);
void clock_fill_block(struct clock *clock, gait_block *block, size_t n, double interval_s);
int clock_any_mark(const uint8_t *marks, size_t n);

/* Tell up to *n next frames, and say how many and whether a gap follows. */
gait_status clock_tell_odd(struct clock *clock, size_t *n, int *ends, gait_block *block,
                           gait_error *err);
gait_status clock_tell_packets(struct clock *clock, size_t *n, int *ends, gait_block *block,
                               gait_error *err);

#endif
