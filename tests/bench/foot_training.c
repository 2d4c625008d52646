/* SPDX-License-Identifier: BSD-3-Clause */

/* What the training and scoring scripts in this folder need of the library.
 *
 *   foot_training streams walk|run|run-gyro            recordings in, streams out
 *   foot_training detect NAME walk|run                 recordings in, events out
 *   foot_training simulate walk|run FIRST COUNT [key=value]...   recordings out, a seed each
 *
 * Numbers are binary doubles on standard input and output. A recording is: rate_hz, n, has_gyro,
 * n_events, n x 3 accel_g, n x 3 gyro_dps if it has them, n_events x (type, time_s). Streams are:
 * n, count, count x n values. Events are: n_events, n_events x (type, time_s, uncertainty_s,
 * confidence). */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gait/simulate.h>

#include "gait/detect/detect.h"
#include "gait/detect/foot_scores.h"

struct recording {
    double rate_hz;
    size_t n, n_events;
    double *accel_g, *gyro_dps; /* gyro_dps: NULL without */
    double *events;             /* n_events x 2 */
};

static void stop(const char *why)
{
    fprintf(stderr, "foot_training: %s\n", why);
    exit(1);
}

static void put(const double *x, size_t n)
{
    if (fwrite(x, sizeof *x, n, stdout) != n) stop("cannot write");
}

static void put_number(double x)
{
    put(&x, 1);
}

static double *get(size_t n, struct arena *keep)
{
    double *x = ARENA_NEW(keep, n + 1, double);
    if (!x || fread(x, sizeof *x, n, stdin) != n) stop("input ends early");
    return x;
}

static int get_recording(struct recording *r, struct arena *keep)
{
    double head[4];
    if (fread(head, sizeof head, 1, stdin) != 1) return 0;
    *r = (struct recording){.rate_hz = head[0], .n = (size_t)head[1], .n_events = (size_t)head[3]};
    r->accel_g = get(3 * r->n, keep);
    if (head[2] > 0) r->gyro_dps = get(3 * r->n, keep);
    r->events = get(2 * r->n_events, keep);
    return 1;
}

static struct bout_signal signal_of(const struct recording *r, gait_activity activity,
                                    const gait_options *options)
{
    return (struct bout_signal){.rate_hz = r->rate_hz,
                                .n = r->n,
                                .accel_g = r->accel_g,
                                .gyro_dps = r->gyro_dps,
                                .bout_end_s = (double)r->n / r->rate_hz,
                                .activity = activity,
                                .options = options};
}

static void streams(const char *kind, const struct recording *r, struct arena *keep,
                    struct arena *tmp)
{
    gait_options options;
    gait_options_init(&options);
    struct bout_signal signal = signal_of(r, GAIT_RUN, &options);
    struct foot_grid grid;
    struct foot_streams out;
    struct foot_axes axes;
    gait_status status = foot_grid_make(&signal, &grid, keep);
    if (!status)
        status = foot_streams_make(&grid, strcmp(kind, "walk") == 0 ? GAIT_WALK : GAIT_RUN,
                                   strcmp(kind, "run-gyro") == 0, &out, &axes, keep, tmp);
    if (status) stop("no streams");
    put_number((double)out.n);
    put_number((double)out.count);
    for (size_t s = 0; s < out.count; s++) put(out.at[s], out.n);
}

static void detect(const char *name, gait_activity activity, const struct recording *r,
                   struct arena *keep, struct arena *tmp)
{
    gait_options options;
    gait_options_init(&options);
    options.placement = GAIT_FOOT;
    struct bout_signal signal = signal_of(r, activity, &options);
    const struct detector *row = detector_choose(strcmp(name, "default") == 0 ? NULL : name,
                                                 GAIT_FOOT, activity, r->gyro_dps != NULL);
    if (!row) stop("no such detector");
    struct event_list found = {0};
    gait_error err;
    if (detector_run(row, &signal, &found, keep, tmp, &err)) stop(err.text);
    put_number((double)found.n);
    for (size_t i = 0; i < found.n; i++) {
        const gait_event *e = &found.at[i];
        const double four[] = {(double)e->type, e->time_s, e->uncertainty_s, e->confidence};
        put(four, 4);
    }
}

static void put_simulated(const gait_simulated *s)
{
    double *x = malloc((3 * s->n_frames + 1) * sizeof *x);
    double *events = malloc((2 * s->n_truth + 1) * sizeof *events);
    if (!x || !events) stop("out of memory");
    size_t n_events = 0;
    for (size_t i = 0; i < s->n_truth; i++) {
        int strike = strcmp(s->truth[i].event, "foot_strike") == 0;
        if (!strike && strcmp(s->truth[i].event, "toe_off") != 0) continue;
        if (s->truth[i].side != s->side) continue;
        events[2 * n_events] = strike ? GAIT_FOOT_STRIKE : GAIT_TOE_OFF;
        events[2 * n_events++ + 1] = s->truth[i].time_s;
    }
    put_number(s->rate_hz);
    put_number((double)s->n_frames);
    put_number(s->gyro_dps != NULL);
    put_number((double)n_events);
    for (size_t i = 0; i < 3 * s->n_frames; i++) x[i] = (double)s->accel_g[i];
    put(x, 3 * s->n_frames);
    for (size_t i = 0; s->gyro_dps && i < 3 * s->n_frames; i++) x[i] = (double)s->gyro_dps[i];
    if (s->gyro_dps) put(x, 3 * s->n_frames);
    put(events, 2 * n_events);
    free(x);
    free(events);
}

static void set_keys(gait_simulation *simulation, char **pairs, gait_error *err)
{
    for (; *pairs; pairs++) {
        char *equals = strchr(*pairs, '=');
        if (!equals) stop("expected key=value");
        *equals = '\0';
        if (gait_simulation_set(simulation, *pairs, equals + 1, err)) stop(err->text);
        *equals = '=';
    }
}

static void simulate(const char *activity, long seed, char **pairs)
{
    gait_error err;
    gait_simulation *simulation = NULL;
    char digits[32];
    snprintf(digits, sizeof digits, "%ld", seed);
    if (gait_simulation_new(&simulation, &err)) stop(err.text);
    if (gait_simulation_set(simulation, "activity", activity, &err) ||
        gait_simulation_set(simulation, "vary", "1", &err) ||
        gait_simulation_set(simulation, "seed", digits, &err))
        stop(err.text);
    set_keys(simulation, pairs, &err);
    gait_simulated sensor;
    gait_side side = seed % 2 ? GAIT_RIGHT : GAIT_LEFT;
    if (gait_simulation_run(simulation, GAIT_FOOT, side, &sensor, &err)) stop(err.text);
    put_simulated(&sensor);
    gait_simulation_free(&simulation);
}

int main(int argc, char **argv)
{
    struct arena keep = {0}, tmp = {0};
    struct recording r;
    if (argc >= 5 && strcmp(argv[1], "simulate") == 0) {
        long first = strtol(argv[3], NULL, 10), count = strtol(argv[4], NULL, 10);
        for (long seed = first; seed < first + count; seed++) simulate(argv[2], seed, argv + 5);
        return 0;
    }
    if (argc < 3) stop("streams KIND | detect NAME ACTIVITY | simulate ACTIVITY FIRST COUNT");
    while (get_recording(&r, &keep)) {
        if (strcmp(argv[1], "streams") == 0)
            streams(argv[2], &r, &keep, &tmp);
        else if (argc > 3)
            detect(argv[2], strcmp(argv[3], "run") == 0 ? GAIT_RUN : GAIT_WALK, &r, &keep, &tmp);
        arena_rewind(&keep, (struct arena_mark){0});
    }
    arena_free(&keep);
    arena_free(&tmp);
    return fflush(stdout) != 0;
}
