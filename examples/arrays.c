/* SPDX-License-Identifier: BSD-3-Clause */

/* Samples that are in memory already, here simulated ones: the contact time of every stride.
 * Usage: arrays */

#include <stdio.h>

#include <gait/gait.h>

static gait_status analyse(const gait_simulated *sensor, gait_summary **summary, gait_error *err)
{
    gait_arrays arrays = {.n_frames = sensor->n_frames,
                          .accel_g = {.data = sensor->accel_g, .type = GAIT_FLOAT32},
                          .gyro_dps = {.data = sensor->gyro_dps, .type = GAIT_FLOAT32}};
    gait_recording_options what;
    gait_recording_options_init(&what);
    what.placement = sensor->placement;
    what.side = sensor->side;
    what.rate_hz = sensor->rate_hz;
    return gait_summary_from_arrays(summary, &arrays, &what, NULL, err);
}

static void print_strides(const gait_table *strides)
{
    const double *start_s = gait_table_column(strides, "start_s")->doubles;
    const double *contact_s = gait_table_column(strides, "contact_time_s")->doubles;
    for (size_t i = 0; i < strides->n_rows; i++) printf("%.3f %.3f\n", start_s[i], contact_s[i]);
}

int main(void)
{
    gait_simulation *simulation = NULL;
    gait_simulated sensor;
    gait_summary *summary = NULL;
    gait_error err;
    gait_status status = gait_simulation_new(&simulation, &err);
    if (status == GAIT_OK)
        status = gait_simulation_run(simulation, GAIT_SHANK, GAIT_LEFT, &sensor, &err);
    if (status == GAIT_OK) status = analyse(&sensor, &summary, &err);
    if (status == GAIT_OK) print_strides(gait_summary_table(summary, "strides"));
    if (status != GAIT_OK) fprintf(stderr, "%s\n", err.text);
    gait_summary_free(&summary);
    gait_simulation_free(&simulation);
    return status == GAIT_OK ? 0 : 1;
}
