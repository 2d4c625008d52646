/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_BATCH_OPTIONS_H
#define CLI_BATCH_OPTIONS_H

#include "command.h"

/* Options that say how every recording of a batch is read and analysed. */
#define OPTIONS_BATCH \
    {"placement", 0, "WHERE", "from the manifest, the sidecars or the files", \
     "foot, shank, sacrum, waist, wrist or other, for all"}, \
        {"side", 0, "SIDE", "from the manifest, the sidecars or the files", \
         "left, right, none or unknown, for all"}, \
        {"rate", 0, "HZ", "from the time stamps", "sampling rate"}, \
        {"range", 0, "G", "from the sidecars or the data", "full scale of the accelerometer"}, \
        {"unit", 0, "UNIT", "from the header, else by magnitude", "g, m/s2 or mg"}, \
        {"columns", 0, "ROLES", "by their names", \
         "which column is what: time=t,x=ax,y=ay,z=az[,gx=..,gy=..,gz=..]"}, \
        {"mounting", 0, "AXES", "found from the data", \
         "where the sensors' axes pointed: x=up,y=left,z=forward"}, \
        {"task", 0, "TASK", "from the manifest or the sidecars", \
         "run, walk, knee-bend, squat or stance, for all"}, \
        {"no-sidecar", 0, NULL, NULL, "do not look for .json files beside the recordings"}, \
        {"no-autocalibration", 0, NULL, NULL, "never rescale the acceleration to 1 g"}, \
        {"detector", 0, "NAME", "the default of each placement", \
         "how foot strikes and toe-offs are found (gait list detectors)"}, \
        {"bids", 0, NULL, NULL, "name the summaries as BIDS derivatives are"}, \
        {"with-strides", 0, NULL, NULL, \
         "the study has the bouts, minutes, strides and events of every session, too"}, \
        {"time-limit", 0, "S", "3600", \
         "seconds after which a session is given up as failed; 0: never"}, \
        OPTIONS_SETTINGS

/* All of them as the library wants them, with the folder they go to; false after a message, also
 * when the source or that folder is not named. */
bool batch_options(const struct arguments *args, const char *command, gait_batch_options *out);

#endif
