/* SPDX-License-Identifier: BSD-3-Clause */

/* What a detector says against the walks of a recording, for fit_reliability.py:
 *
 *   walk_evidence DETECTOR RECORDING [FROM_S TO_S END_S]...
 *
 * For each stretch without a gap of each walk, seen up to END_S, a line
 *
 *   walk STRIKES WRONG ODD UNLIKE UNLIKE
 *
 * (strikes found, and struct walk_evidence of strikes and toe-offs) and, of a shoe, for each event
 *
 *   event TYPE TIME_S LIKENESS CHANCE
 *
 * and by how much its toe-offs were moved, by which forward acceleration
 *
 *   late LATE_S LEVEL_G
 *
 * for compare_alignment.py brought together by the rules of ALIKE="FROM_S TO_S REACH_S COST", if
 * the environment has it. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gait/recording.h>

#include "gait/detect/detect.h"
#include "gait/detect/foot_trust.h"

enum { MOST_FRAMES = 1 << 20 };
static const double shortest_s = 2.5;

struct segment {
    double start_s, rate_hz;
    size_t n;
    double *accel_g, *gyro_dps; /* room for MOST_FRAMES */
};

struct walk_span {
    double from_s, to_s, end_s;
};

static void stop(const char *why)
{
    fprintf(stderr, "walk_evidence: %s\n", why);
    exit(1);
}

static void print_events(const struct bout_signal *signal, int use_gyro, double at_s)
{
    struct arena tmp = {0};
    struct foot_events events;
    struct selfalign_rules rules;
    const char *alike = getenv("ALIKE");
    if (alike && sscanf(alike, "%lf %lf %lf %lf", &rules.from_s, &rules.to_s, &rules.reach_s,
                        &rules.prior_cost) != 4)
        stop("ALIKE is four numbers");
    if (foot_events_find(signal, use_gyro, alike ? &rules : NULL, &events, &tmp)) stop("no memory");
    printf("late %.6f %.6f\n", events.late_s, events.level_g);
    for (int type = 0; type < 2; type++)
        for (size_t i = 0; i < events.n_swings; i++) {
            const struct foot_event *event = &events.of[type][i];
            if (event->at == HSMM_OUTSIDE) continue;
            printf("event %d %.4f %.6f %.6f\n", type, at_s + event->time_s, event->likeness,
                   event->chance);
        }
    arena_free(&tmp);
}

static void print_evidence(const struct detector *detector, const gait_options *options,
                           const struct segment *segment, const struct walk_span *walk)
{
    struct arena keep = {0}, tmp = {0};
    struct event_list found = {0};
    gait_error err;
    double length_s = (double)segment->n / segment->rate_hz;
    double from_s = fmax(walk->from_s - segment->start_s, 0);
    double end_s = fmin(walk->end_s - segment->start_s, length_s);
    size_t from = (size_t)(from_s * segment->rate_hz);
    if (end_s - from_s < shortest_s || from_s > walk->to_s - segment->start_s) return;
    struct bout_signal signal = {.rate_hz = segment->rate_hz,
                                 .n = (size_t)(end_s * segment->rate_hz) - from,
                                 .accel_g = segment->accel_g + 3 * from,
                                 .gyro_dps =
                                     detector->pub.needs_gyro ? segment->gyro_dps + 3 * from : NULL,
                                 .bout_end_s = walk->to_s - segment->start_s - from_s,
                                 .activity = GAIT_WALK,
                                 .options = options};
    if (detector_run(detector, &signal, &found, &keep, &tmp, &err)) stop(err.text);
    const struct walk_evidence *evidence = &found.evidence;
    if (evidence->is_known && evidence->n_strikes)
        printf("walk %zu %.6f %.6f %.6f %.6f\n", evidence->n_strikes, evidence->wrong,
               evidence->odd, evidence->unlike[0], evidence->unlike[1]);
    if (detector->pub.placements == AT(GAIT_FOOT))
        print_events(&signal, detector->pub.needs_gyro, segment->start_s + from_s);
    arena_free(&keep);
    arena_free(&tmp);
}

int main(int argc, char **argv)
{
    gait_error err;
    gait_recording *recording;
    if (argc < 3 || argc % 3) stop("DETECTOR RECORDING [FROM_S TO_S END_S]...");
    if (gait_recording_open(&recording, argv[2], NULL, &err)) stop(err.text);
    gait_options options;
    gait_options_init(&options);
    options.placement = gait_recording_get_info(recording)->placement;
    const struct detector *detector = detector_choose(argv[1], options.placement, GAIT_WALK, 1);
    struct segment segment = {.accel_g = malloc(3 * MOST_FRAMES * sizeof(double)),
                              .gyro_dps = malloc(3 * MOST_FRAMES * sizeof(double))};
    if (!detector || !segment.accel_g || !segment.gyro_dps) stop("no such detector, or no memory");
    for (;;) {
        gait_block block = {0};
        if (gait_recording_read(recording, &block, &err)) stop(err.text);
        if (segment.n && (!block.n_frames || block.starts_segment)) {
            for (int k = 3; k < argc; k += 3) {
                struct walk_span walk = {atof(argv[k]), atof(argv[k + 1]), atof(argv[k + 2])};
                print_evidence(detector, &options, &segment, &walk);
            }
            segment.n = 0;
        }
        if (!block.n_frames) break;
        if (!segment.n) {
            segment.start_s = block.start_s;
            segment.rate_hz = block.rate_hz;
        }
        for (size_t i = 0; i < block.n_frames && segment.n < MOST_FRAMES; i++, segment.n++)
            for (size_t c = 0; c < 3; c++) {
                segment.accel_g[3 * segment.n + c] = (double)block.accel_g[3 * i + c];
                segment.gyro_dps[3 * segment.n + c] =
                    block.gyro_dps ? (double)block.gyro_dps[3 * i + c] : 0;
            }
    }
    gait_recording_close(&recording);
    free(segment.accel_g);
    free(segment.gyro_dps);
    return 0;
}
