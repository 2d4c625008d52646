/* SPDX-License-Identifier: BSD-3-Clause */

/* Processor seconds of one call on an array of 1 kHz, as many times as asked; for comparison with
 * the same call from another language. The array is a file of doubles, x y z one after the other,
 * so that a process does nothing before its calls but load it. Usage: array_cost FILE TIMES */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <gait/gait.h>

static double *load(const char *path, size_t *n_frames)
{
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    double *accel_g = malloc(size);
    *n_frames = size / (3 * sizeof *accel_g);
    if (accel_g && fread(accel_g, 1, size, file) != size) *n_frames = 0;
    fclose(file);
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
    size_t n_strides = status == GAIT_OK ? gait_summary_table(summary, "strides")->n_rows : 0;
    gait_summary_free(&summary);
    if (status == GAIT_OK)
        printf("%.4f %zu\n", (double)(clock() - before) / CLOCKS_PER_SEC, n_strides);
    return status;
}

int main(int argc, char **argv)
{
    size_t n_frames = 0;
    gait_error err;
    double *accel_g = argc == 3 ? load(argv[1], &n_frames) : NULL;
    gait_status status = accel_g ? GAIT_OK : GAIT_NOT_FOUND;
    for (int i = 0; accel_g && i < atoi(argv[2]) && status == GAIT_OK; i++)
        status = measure(accel_g, n_frames, &err);
    if (status != GAIT_OK)
        fprintf(stderr, "array_cost: %s\n", accel_g ? err.text : "usage: array_cost FILE TIMES");
    free(accel_g);
    return status == GAIT_OK ? 0 : 1;
}
