/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "command.h"

/* The rows of the command table, each in its file cmd_NAME.c. */
extern const struct command command_analyze;
extern const struct command command_compare;
extern const struct command command_convert;
extern const struct command command_export;
extern const struct command command_inspect;
extern const struct command command_list;
extern const struct command command_simulate;
extern const struct command command_verify;

#endif
