/* SPDX-License-Identifier: BSD-3-Clause */

/* Processor seconds of one call on an array of 1 h at 1 kHz, as many times as asked; for comparison
 * with the same call from another language. Usage: array_cost TIMES */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <gait/gait.h>

enum { MINUTES = 60 };

static double *repeated(const gait_simulated *sensor)
{
    size_t n = 3 * sensor->n_frames;
    double *accel_g = malloc(MINUTES * n * sizeof *accel_g);
    for (size_t i = 0; accel_g && i < MINUTES * n; i++) accel_g[i] = (double)sensor->accel_g[i % n];
    return accel_g;
}

static gait_status measure(const double *accel_g, size_t n_frames, gait_error *err)
{
    gait_arrays arrays = {.n_frames = n_frames, .accel_g = {.data = accel_g}};
    gait_recording_options what;
    gait_summary *summary = NULL;
    gait_recording_options_init(&what);
    what.placement = GAIT_SHANK;
    what.side = GAIT_LEFT;
    what.rate_hz = 1000;
    clock_t before = clock();
    gait_status status = gait_summary_from_arrays(&summary, &arrays, &what, NULL, err);
    if (status == GAIT_OK)
        printf("%.4f %zu\n", (double)(clock() - before) / CLOCKS_PER_SEC,
               gait_summary_table(summary, "strides")->n_rows);
    gait_summary_free(&summary);
    return status;
}

int main(int argc, char **argv)
{
    gait_simulation *simulation = NULL;
    gait_simulated sensor;
    gait_error err;
    gait_status status = gait_simulation_new(&simulation, &err);
    if (status == GAIT_OK) status = gait_simulation_set(simulation, "rate_hz", "1000", &err);
    if (status == GAIT_OK) status = gait_simulation_set(simulation, "duration_s", "60", &err);
    if (status == GAIT_OK)
        status = gait_simulation_run(simulation, GAIT_SHANK, GAIT_LEFT, &sensor, &err);
    double *accel_g = status == GAIT_OK ? repeated(&sensor) : NULL;
    for (int i = 0; accel_g && i < (argc > 1 ? atoi(argv[1]) : 1) && status == GAIT_OK; i++)
        status = measure(accel_g, MINUTES * sensor.n_frames, &err);
    if (status != GAIT_OK) fprintf(stderr, "%s\n", err.text);
    free(accel_g);
    gait_simulation_free(&simulation);
    return status == GAIT_OK && accel_g ? 0 : 1;
}
