/* SPDX-License-Identifier: BSD-3-Clause */

/* One's own source of samples, live: lines "x y z" in g on standard input, foot strikes on standard
 * output as soon as they are sure. Usage: feed_blocks RATE_HZ PLACEMENT [SIDE] */

#include <stdio.h>
#include <stdlib.h>

#include <gait/gait.h>

enum { BLOCK_FRAMES = 64 };

static void print_strikes(gait_analysis *analysis)
{
    gait_bout bout;
    while (gait_analysis_next_bout(analysis, &bout))
        for (size_t i = 0; i < bout.n_events; i++)
            if (bout.events[i].type == GAIT_FOOT_STRIKE)
                printf("%.3f %s\n", bout.events[i].time_s, gait_side_name(bout.events[i].side));
}

/* Frames that have come, up to a block of them. */
static size_t next_frames(float *accel_g)
{
    size_t n = 0;
    while (n < BLOCK_FRAMES &&
           scanf("%f %f %f", &accel_g[3 * n], &accel_g[3 * n + 1], &accel_g[3 * n + 2]) == 3)
        n++;
    return n;
}

static gait_status feed_all(gait_analysis *analysis, double rate_hz, gait_error *err)
{
    float accel_g[3 * BLOCK_FRAMES];
    double time_s = 0;
    for (size_t n; (n = next_frames(accel_g)) > 0; time_s += (double)n / rate_hz) {
        gait_block block = {
            .n_frames = n, .accel_g = accel_g, .start_s = time_s, .rate_hz = rate_hz};
        gait_status status = gait_analysis_feed(analysis, &block, err);
        if (status != GAIT_OK) return status;
        print_strikes(analysis);
    }
    gait_status status = gait_analysis_finish(analysis, err);
    print_strikes(analysis);
    return status;
}

int main(int argc, char **argv)
{
    gait_analysis *analysis = NULL;
    gait_options options;
    gait_error err;
    gait_options_init(&options);
    if (argc > 2) options.placement = gait_placement_from_name(argv[2]);
    if (argc > 3) options.side = gait_side_from_name(argv[3]);
    gait_status status = gait_analysis_new(&analysis, &options, &err);
    if (status == GAIT_OK) status = feed_all(analysis, argc > 1 ? atof(argv[1]) : 0, &err);
    if (status != GAIT_OK) fprintf(stderr, "%s\n", err.text);
    gait_analysis_free(&analysis);
    return status == GAIT_OK ? 0 : 1;
}
