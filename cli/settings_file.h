/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_SETTINGS_FILE_H
#define CLI_SETTINGS_FILE_H

#include <stdbool.h>

#include <gait/gait.h>

/* Settings that a summary was made with, or that a .json file has as {"key": number, ...}; what it
 * does not name is left alone. False after a message. */
bool settings_from_file(const char *path, gait_settings *settings);

#endif
