/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_HDF5_TRIAL_H
#define CLI_HDF5_TRIAL_H

#include <gait/gait.h>

/* The HDF5 library steps outside its memory on some damaged files, and prints what it lost at the
 * end of a program that met others: an HDF5 file is first read to its end in a process of its own.
 * What reading says there; GAIT_FORMAT if the process died, GAIT_OK for files that are no HDF5. */
gait_status hdf5_trial(const char *path, const gait_recording_options *options, gait_error *err);

#endif
