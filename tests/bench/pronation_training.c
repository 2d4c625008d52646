/* SPDX-License-Identifier: BSD-3-Clause */

/* Simulated runners with a sensor on the foot, as the library sees them, for train_pronation.py.
 *
 *   pronation_training frame|inputs|roll FIRST COUNT [key=value]...
 *
 * One runner per seed, even seeds left, odd seeds right. With standing_s the direction of gravity
 * is taken from the standing, else it is not known. Binary doubles on standard output, per runner:
 * frame: true mean excursion (deg), rate (Hz), and the rows forward, up, right of the frame that
 * was found, in the true forward, up, right. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gait/simulate.h>

#include "base/vec.h"
#include "gait/measure/pronation.h"
#include "gait/detect/strides.h"
#include "signal/stats.h"

enum { LONGEST_S = 130 };

struct runner {
    gait_simulated sensor;
    double standing_s, excursion_deg, strike_angle_deg;
    double *accel_g, *gyro_dps;
};

static void stop(const char *why)
{
    fprintf(stderr, "pronation_training: %s\n", why);
    exit(1);
}

static void put(const double *x, size_t n)
{
    if (fwrite(x, sizeof *x, n, stdout) != n) stop("cannot write");
}

static double *doubles(const float *x, size_t n, struct arena *keep)
{
    double *y = ARENA_NEW(keep, n + 1, double);
    if (!y) stop("out of memory");
    for (size_t i = 0; i < n; i++) y[i] = (double)x[i];
    return y;
}

static double mean_excursion(const gait_simulated *sensor)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < sensor->n_truth; i++) {
        const gait_truth *row = &sensor->truth[i];
        if (strcmp(row->event, "eversion_excursion_deg") != 0 || !isfinite(row->value)) continue;
        if (row->time_s <= 0 && sensor->n_truth > 1 && row->side == GAIT_SIDE_UNKNOWN) continue;
        sum += row->value;
        n++;
    }
    return sum / n;
}

/* Gravity while standing, and the signal from a second before the run on. */
static struct bout_signal cut_run(const struct runner *r, const gait_options *options,
                                  double standing_up[3])
{
    double rate_hz = r->sensor.rate_hz;
    size_t from = 0;
    for (int c = 0; c < 3; c++) standing_up[c] = NAN;
    if (r->standing_s >= 3) {
        size_t still = (size_t)((r->standing_s - 1) * rate_hz);
        for (int c = 0; c < 3; c++) standing_up[c] = 0;
        for (size_t i = 0; i < still; i++)
            for (size_t c = 0; c < 3; c++) standing_up[c] += r->accel_g[3 * i + c];
        vec_unit(standing_up);
        from = still;
    }
    size_t n = r->sensor.n_frames - from, most = (size_t)(LONGEST_S * rate_hz);
    if (n > most) n = most;
    return (struct bout_signal){.rate_hz = rate_hz,
                                .n = n,
                                .accel_g = r->accel_g + 3 * from,
                                .gyro_dps = r->gyro_dps ? r->gyro_dps + 3 * from : NULL,
                                .bout_end_s = (double)n / rate_hz,
                                .activity = GAIT_RUN,
                                .options = options};
}

static int by_time(const void *a, const void *b)
{
    const gait_event *x = a, *y = b;
    return (x->time_s > y->time_s) - (x->time_s < y->time_s);
}

static void analyse(const struct runner *r, struct measure_input *in, struct body_frame *frame,
                    struct arena *keep, struct arena *tmp)
{
    struct event_list found = {0};
    gait_stride *strides;
    gait_error err;
    const struct detector *row = detector_choose(NULL, GAIT_FOOT, GAIT_RUN, r->gyro_dps != NULL);
    if (detector_run(row, in->signal, &found, keep, tmp, &err)) stop(err.text);
    qsort(found.at, found.n, sizeof *found.at, by_time);
    if (strides_build(in->signal, found.at, found.n, &strides, &in->n_strides, keep, tmp))
        stop("no strides");
    in->strides = strides;
    in->events = found.at;
    in->n_events = found.n;
    if (measure_prepare(in, frame, tmp)) stop("cannot prepare");
}

static void put_frame(const struct runner *r, const struct body_frame *frame)
{
    double out[2 + 9] = {r->excursion_deg, r->sensor.rate_hz};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++)
                out[2 + 3 * i + j] += frame->row[i][k] * r->sensor.mounting[k][j];
    put(out, 11);
}

static double mean_strike_error_s(const struct runner *r, const struct foot_view *view,
                                  double from_s)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < r->sensor.n_truth; i++) {
        const gait_truth *row = &r->sensor.truth[i];
        if (strcmp(row->event, "foot_strike") != 0 || row->side != r->sensor.side) continue;
        for (size_t k = 0; k < view->in->n_strides; k++) {
            double off = view->in->strides[k].start_s + from_s - row->time_s;
            if (fabs(off) > 0.05) continue;
            sum += off;
            n++;
        }
    }
    return sum / n;
}

static void put_inputs(const struct runner *r, const struct measure_input *in, struct arena *tmp)
{
    struct foot_view view;
    double out[2 + PRONATION_INPUTS] = {r->excursion_deg, r->sensor.rate_hz};
    if (foot_view_make(in, &view, tmp) || pronation_inputs(&view, out + 2, tmp)) stop("no strides");
    put(out, sizeof out / sizeof *out);
}

static void put_roll(const struct runner *r, const struct measure_input *in, struct arena *tmp)
{
    struct foot_view view;
    struct foot_roll *roll = ARENA_NEW(tmp, in->n_strides + 1, struct foot_roll);
    double from_s = (double)(in->signal->accel_g - r->accel_g) / 3 / r->sensor.rate_hz;
    if (!roll || foot_view_make(in, &view, tmp) || foot_rolls_find(&view, roll, tmp))
        stop("no strides");
    double *column = ARENA_NEW(tmp, in->n_strides + 1, double);
    double out[8] = {r->excursion_deg, r->sensor.rate_hz, r->strike_angle_deg,
                     mean_strike_error_s(r, &view, from_s)};
    for (int c = 0; c < 4; c++) {
        for (size_t k = 0; k < in->n_strides; k++) {
            const double four[] = {roll[k].excursion_deg, roll[k].velocity_dps, roll[k].peak_s,
                                   roll[k].strike_angle_deg};
            column[k] = four[c];
        }
        out[4 + c] = median(column, in->n_strides, tmp);
    }
    put(out, 8);
}

static void one(const char *what, const struct runner *r, gait_side side, struct arena *keep)
{
    gait_options options;
    gait_options_init(&options);
    options.placement = GAIT_FOOT;
    options.side = side;
    struct measure_input in = {0};
    struct body_frame frame;
    struct bout_signal signal = cut_run(r, &options, in.standing_up);
    in.signal = &signal;
    struct arena tmp = {0};
    analyse(r, &in, &frame, keep, &tmp);
    if (strcmp(what, "frame") == 0) put_frame(r, &frame);
    if (strcmp(what, "inputs") == 0) put_inputs(r, &in, &tmp);
    if (strcmp(what, "roll") == 0) put_roll(r, &in, &tmp);
    arena_free(&tmp);
}

static void set(gait_simulation *simulation, const char *key, const char *value)
{
    gait_error err;
    if (gait_simulation_set(simulation, key, value, &err)) stop(err.text);
}

static void run(const char *what, long seed, char **pairs)
{
    gait_error err;
    gait_simulation *simulation = NULL;
    struct arena keep = {0};
    struct runner r = {0};
    char text[32];
    gait_side side = seed % 2 ? GAIT_RIGHT : GAIT_LEFT;
    if (gait_simulation_new(&simulation, &err)) stop(err.text);
    snprintf(text, sizeof text, "%ld", seed);
    set(simulation, "vary", "1");
    set(simulation, "seed", text);
    for (; *pairs; pairs++) {
        const char *equals = strchr(*pairs, '=');
        if (!equals || (size_t)(equals - *pairs) >= sizeof text) stop("expected key=value");
        memcpy(text, *pairs, (size_t)(equals - *pairs));
        text[equals - *pairs] = '\0';
        set(simulation, text, equals + 1);
    }
    if (gait_simulation_run(simulation, GAIT_FOOT, side, &r.sensor, &err)) stop(err.text);
    const char *standing = gait_simulation_get(simulation, "standing_s");
    r.standing_s = standing ? strtod(standing, NULL) : 0;
    const char *angle = gait_simulation_get(simulation, "strike_angle_deg");
    r.strike_angle_deg = angle ? strtod(angle, NULL) : 0;
    r.excursion_deg = mean_excursion(&r.sensor);
    r.accel_g = doubles(r.sensor.accel_g, 3 * r.sensor.n_frames, &keep);
    if (r.sensor.gyro_dps) r.gyro_dps = doubles(r.sensor.gyro_dps, 3 * r.sensor.n_frames, &keep);
    one(what, &r, side, &keep);
    gait_simulation_free(&simulation);
    arena_free(&keep);
}

int main(int argc, char **argv)
{
    if (argc < 4) stop("frame|inputs|roll FIRST COUNT [key=value]...");
    long first = strtol(argv[2], NULL, 10), count = strtol(argv[3], NULL, 10);
    for (long seed = first; seed < first + count; seed++) run(argv[1], seed, argv + 4);
    return fflush(stdout) != 0;
}
