/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIMULATE_EXPORT_H
#define SIMULATE_EXPORT_H

#include "simulate/keys.h"

/* A simulated sensor as files: the recording, its sidecar, its truth. */
gait_status export_sensor(const gait_simulated *sensor, const struct key_values *keys,
                          const char *path, gait_error *err);

gait_status check_start_time(const struct key_values *keys, gait_error *err);

#endif
