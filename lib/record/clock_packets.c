/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "base/fail.h"
#include "record/clock_state.h"
#include "record/line_fit.h"

/* Frames that arrive together and have one stamp. */

enum {
    FEW_PACKETS = 8,
    AROUND = 16 /* packets before and behind a gap that have to agree on it */
};

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
gait_status clock_tell_packets(struct clock *c, size_t *n, int *ends, gait_block *block,
                               gait_error *err)
{
    size_t known = clock_end_of_run(c) - c->at;
    if (known > *n + c->held_back) known = *n + c->held_back;
    struct packets p = {0, ARENA_NEW(&c->scratch, known, double),
                        ARENA_NEW(&c->scratch, known, double)};
    if (!p.frame || !p.stamp_s) return clock_no_memory(c, err);
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
    double interval_s = clock_follow_line(c, &to);
    clock_send_as_is(c, *n, interval_s, block);
    return GAIT_OK;
}
