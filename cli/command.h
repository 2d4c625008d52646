/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "options.h"

/* Exit codes, from sysexits. */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_SOME_FAILED = 1,
    EXIT_USAGE = 64,
    EXIT_BAD_DATA = 65,
    EXIT_NO_INPUT = 66,
    EXIT_BUG = 70,
    EXIT_CANNOT_CREATE = 73,
    EXIT_IO_ERROR = 74,
    EXIT_TRY_AGAIN = 75,
    EXIT_BAD_CONFIG = 78
};

/* To add a command: write cli/cmd_NAME.c with a const struct command, then one line in main.c. */
struct command {
    const char *name;
    const char *usage;       /* what follows the name */
    const char *about;       /* one line */
    const char *description; /* paragraphs, separated by an empty line */
    const char *examples;    /* lines "command\tcomment" */
    const struct option *options;
    int (*run)(const struct arguments *args);
};

/* Row of the command table, NULL behind the last. */
const struct command *command_at(size_t index);

/* "gait: sentence" to standard error; the exit code that belongs to the status. */
int report_error(const gait_error *err);

/* A usage error in one sentence; EXIT_USAGE. */
int report_usage(const char *command, const char *sentence);

/* Not 0 once Ctrl-C or SIGTERM arrived. */
int was_interrupted(void *unused);

#endif
