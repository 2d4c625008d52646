/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "command.h"

/* The rows of the command table, each in its file cmd_NAME.c. */
extern const struct command command_analyze;
extern const struct command command_batch;
extern const struct command command_compare;
extern const struct command command_convert;
extern const struct command command_export;
extern const struct command command_inspect;
extern const struct command command_list;
extern const struct command command_merge;
extern const struct command command_report;
extern const struct command command_simulate;
extern const struct command command_slurm_script;
extern const struct command command_status;
extern const struct command command_verify;

/* What a worker process of `gait batch` does; no command for people. */
int run_batch_worker(void);

#endif
