/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_HDF5_TRIAL_H
#define CLI_HDF5_TRIAL_H

#include <gait/gait.h>

/* The HDF5 library steps outside its memory on some damaged files. Such a file would end the
 * program without a word: an HDF5 file is first read to its end in a process of its own.
 * GAIT_OK also for files that are no HDF5 and for those that reading refuses; GAIT_FORMAT if the
 * process died. */
gait_status hdf5_trial(const char *path, const gait_recording_options *options, gait_error *err);

#endif
