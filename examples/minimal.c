/* SPDX-License-Identifier: BSD-3-Clause */

/* Every foot strike of one recording, and its strides' contact times. Usage: minimal FILE
 * [PLACEMENT [SIDE]] */

#include <stdio.h>

#include <gait/gait.h>

static void print_bout(const gait_bout *bout)
{
    printf("# %s from %.1f s to %.1f s, %.1f steps/min\n", gait_activity_name(bout->activity),
           bout->start_s, bout->end_s, bout->cadence_steps_per_min);
    const double *contact_time_s = gait_bout_metric(bout, "contact_time_s");
    for (size_t i = 0; i < bout->n_strides; i++)
        printf("%.4f %.3f\n", bout->strides[i].start_s, contact_time_s[i]);
}

static gait_status analyse(gait_recording *recording, gait_analysis *analysis, gait_error *err)
{
    gait_block block;
    gait_bout bout;
    gait_status status;
    while ((status = gait_recording_read(recording, &block, err)) == GAIT_OK && block.n_frames) {
        status = gait_analysis_feed(analysis, &block, err);
        if (status != GAIT_OK) return status;
        while (gait_analysis_next_bout(analysis, &bout)) print_bout(&bout);
    }
    if (status == GAIT_OK) status = gait_analysis_finish(analysis, err);
    while (status == GAIT_OK && gait_analysis_next_bout(analysis, &bout)) print_bout(&bout);
    return status;
}

int main(int argc, char **argv)
{
    gait_recording *recording = NULL;
    gait_analysis *analysis = NULL;
    gait_recording_options what;
    gait_options how;
    gait_error err;
    gait_recording_options_init(&what);
    if (argc > 2) what.placement = gait_placement_from_name(argv[2]);
    if (argc > 3) what.side = gait_side_from_name(argv[3]);
    gait_options_init(&how);
    gait_status status = gait_recording_open(&recording, argc > 1 ? argv[1] : "", &what, &err);
    if (status == GAIT_OK) {
        gait_options_from_recording(&how, gait_recording_get_info(recording));
        status = gait_analysis_new(&analysis, &how, &err);
    }
    if (status == GAIT_OK) status = analyse(recording, analysis, &err);
    if (status != GAIT_OK) fprintf(stderr, "%s\n", err.text);
    gait_analysis_free(&analysis);
    gait_recording_close(&recording);
    return status == GAIT_OK ? 0 : 1;
}
