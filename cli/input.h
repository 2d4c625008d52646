/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <gait/gait.h>

/* A recording as a command line names it: FILE[:SENSOR][@PLACEMENT[,SIDE]]. */
struct input {
    char path[4096];
    char sensor[64];
    gait_placement placement; /* UNKNOWN: not said */
    gait_side side;           /* UNKNOWN: not said */
};

/* The part after the last '@' counts only if it is a known placement, the part after the last ':'
 * only if no file of that whole name exists. Not 0 if the name is too long. */
int input_parse(struct input *input, const char *word);

/* Opens it; what the word says wins over the options. */
gait_status input_open(gait_recording **recording, const struct input *input,
                       const gait_recording_options *options, gait_error *err);

#endif
