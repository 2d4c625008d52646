/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "commands.h"
#include "heap.h"
#include "manual.h"

static const struct command *const rows[] = {
    &command_analyze, &command_inspect,  &command_convert, &command_export, &command_compare,
    &command_verify,  &command_batch,    &command_status,  &command_merge,  &command_slurm_script,
    &command_report,  &command_simulate, &command_list,
};

const struct command *command_at(size_t index)
{
    return index < sizeof rows / sizeof *rows ? rows[index] : NULL;
}

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

int was_interrupted(void *unused)
{
    (void)unused;
    return interrupted;
}

int report_error(const gait_error *err)
{
    fprintf(stderr, "gait: %s\n", err->text[0] ? err->text : gait_status_name(err->status));
    switch (err->status) {
    case GAIT_OK: return EXIT_DONE;
    case GAIT_NOMEM: return EXIT_IO_ERROR;
    case GAIT_INVALID: return EXIT_BAD_CONFIG;
    case GAIT_NOT_FOUND: return EXIT_NO_INPUT;
    case GAIT_IO: return EXIT_IO_ERROR;
    case GAIT_CANNOT_CREATE: return EXIT_CANNOT_CREATE;
    case GAIT_FORMAT:
    case GAIT_UNSUPPORTED:
    case GAIT_TOO_SHORT: return EXIT_BAD_DATA;
    case GAIT_INTERRUPTED: return EXIT_TRY_AGAIN;
    }
    return EXIT_BUG;
}

int report_usage(const char *command, const char *sentence)
{
    fprintf(stderr, "gait %s: %s; gait %s --help shows how\n", command, sentence, command);
    return EXIT_USAGE;
}

static void prepare_process(void)
{
    heap_prepare();
    /* A summary or recording must not make HDF5 load code. */
    setenv("HDF5_PLUGIN_PRELOAD", "::", 1);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static int print_help(void)
{
    printf("gait %s: gait analysis of recorded accelerometer traces\n\n"
           "usage: gait COMMAND ...\n\n",
           gait_version());
    for (size_t i = 0; command_at(i); i++) printf("  %-12s %s\n", rows[i]->name, rows[i]->about);
    printf("\ngait COMMAND --help shows the options of a command.\n"
           "Research and training information; not a medical device; does not diagnose.\n");
    return EXIT_DONE;
}

static int print_command_help(const struct command *command)
{
    printf("usage: gait %s %s\n\n%s\n\n", command->name, command->usage, command->description);
    options_print_help(command->options);
    return EXIT_DONE;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct arguments args;
    int code = EXIT_USAGE;
    if (arguments_parse(&args, command->options, argc, argv, command->name))
        code = option_given(&args, "help") ? print_command_help(command) : command->run(&args);
    arguments_free(&args);
    return code;
}

static int dispatch(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "--help";
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0)
        return print_help();
    if (strcmp(word, "--version") == 0) {
        printf("gait %s\n", gait_version());
        return EXIT_DONE;
    }
    if (strcmp(word, "--manual") == 0) return print_manual(argc > 2 ? argv[2] : NULL);
    if (strcmp(word, "--completion") == 0) return print_completion(argc > 2 ? argv[2] : "");
    if (strcmp(word, "batch-worker") == 0) return run_batch_worker();
    for (size_t i = 0; command_at(i); i++)
        if (strcmp(rows[i]->name, word) == 0) return run(rows[i], argc - 1, argv + 1);
    fprintf(stderr, "gait: no command is called '%s'; gait --help shows them\n", word);
    return EXIT_USAGE;
}

/* Output that did not reach its file is an error too. */
static int close_output(int code)
{
    int failed = ferror(stdout);
    if (fclose(stdout) != 0 || failed) {
        fprintf(stderr, "gait: standard output could not be written: %s\n", strerror(errno));
        return code == EXIT_DONE ? EXIT_IO_ERROR : code;
    }
    return code;
}

int main(int argc, char **argv)
{
    prepare_process();
    return close_output(dispatch(argc, argv));
}
