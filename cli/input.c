/* SPDX-License-Identifier: BSD-3-Clause */
#include "input.h"

#include <string.h>
#include <unistd.h>

#include "hdf5_trial.h"

static void cut_placement(struct input *input)
{
    char *at = strrchr(input->path, '@');
    char placement[32] = "";
    if (!at) return;
    size_t n = strcspn(at + 1, ",");
    if (n >= sizeof placement) return;
    memcpy(placement, at + 1, n);
    gait_placement found = gait_placement_from_name(placement);
    if (found == GAIT_PLACEMENT_UNKNOWN) return;
    const char *side = at[1 + n] == ',' ? at + 2 + n : "";
    input->placement = found;
    input->side = gait_side_from_name(side);
    *at = '\0';
}

static void cut_sensor(struct input *input)
{
    char *colon = strrchr(input->path, ':');
    if (!colon || access(input->path, F_OK) == 0) return;
    if (!colon[1] || strchr(colon, '/') || strlen(colon + 1) >= sizeof input->sensor) return;
    memcpy(input->sensor, colon + 1, strlen(colon + 1) + 1);
    *colon = '\0';
}

int input_parse(struct input *input, const char *word)
{
    memset(input, 0, sizeof *input);
    if (strlen(word) >= sizeof input->path) return -1;
    memcpy(input->path, word, strlen(word) + 1);
    cut_placement(input);
    cut_sensor(input);
    return 0;
}

gait_status input_open(gait_recording **recording, const struct input *input,
                       const gait_recording_options *options, gait_error *err)
{
    gait_recording_options own = *options;
    if (input->sensor[0]) own.sensor = input->sensor;
    if (input->placement != GAIT_PLACEMENT_UNKNOWN) own.placement = input->placement;
    if (input->side != GAIT_SIDE_UNKNOWN) own.side = input->side;
    gait_status st = hdf5_trial(input->path, &own, err);
    return st == GAIT_OK ? gait_recording_open(recording, input->path, &own, err) : st;
}
