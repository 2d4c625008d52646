/* SPDX-License-Identifier: BSD-3-Clause */
/* realpath() is one of the X/Open extensions to POSIX. */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch_options.h"
#include "commands.h"

/* Slurm starts one or two tasks per second: fewer recordings in one are a waste. */
enum { LEAST_PER_TASK = 100 };

/* A word that no shell takes apart. */
static void put_quoted(const char *word)
{
    putchar('\'');
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", stdout);
        else
            putchar(*word);
    putchar('\'');
}

static const char *const own_options[] = {"output", "tasks", "time", "memory", "cpus", "partition"};

static int is_own(const char *name)
{
    for (size_t i = 0; i < sizeof own_options / sizeof *own_options; i++)
        if (strcmp(own_options[i], name) == 0) return 1;
    return 0;
}

/* What concerns the analysis is handed on. */
static void put_analysis_options(const struct arguments *args)
{
    for (size_t i = 0; i < args->n_given; i++) {
        if (is_own(args->given[i]->name)) continue;
        printf(" --%s", args->given[i]->name);
        if (!args->given[i]->argument) continue;
        putchar('=');
        int is_file = strcmp(args->given[i]->name, "settings") == 0;
        char *path = is_file ? realpath(args->value[i], NULL) : NULL;
        put_quoted(path ? path : args->value[i]);
        free(path);
    }
}

static void put_assignment(const char *name, const char *value)
{
    printf("%s=", name);
    put_quoted(value);
    putchar('\n');
}

static int put_paths(const struct arguments *args)
{
    char program[4096] = "gait", *source = realpath(args->words[0], NULL), folder[8192];
    const char *output = option_text(args, "output");
    char here[4096];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n > 0) program[n] = '\0';
    if (!source || (output[0] != '/' && !getcwd(here, sizeof here))) {
        free(source);
        return report_usage("slurm-script", "the source or the current folder has no path");
    }
    snprintf(folder, sizeof folder, "%s%s%s", output[0] == '/' ? "" : here,
             output[0] == '/' ? "" : "/", output);
    put_assignment("GAIT", program);
    put_assignment("SOURCE", source);
    put_assignment("DIR", folder);
    printf("export GAIT SOURCE DIR\n");
    free(source);
    return EXIT_DONE;
}

static void put_resources(const struct arguments *args)
{
    const char *partition = option_text(args, "partition"), *time = option_text(args, "time");
    const char *memory = option_text(args, "memory");
    if (partition) {
        printf(" --partition=");
        put_quoted(partition);
    }
    if (time) {
        printf(" --time=");
        put_quoted(time);
    }
    printf(" --mem=");
    put_quoted(memory ? memory : "2G");
}

static void put_array(const struct arguments *args, size_t n_tasks, size_t n_cpus)
{
    printf("array=$(sbatch --parsable --job-name=gait-batch --array=1-%zu --cpus-per-task=%zu "
           "--requeue \\\n"
           "    --open-mode=append --signal=B:TERM@60 --output=\"$DIR/slurm-%%a.out\"",
           n_tasks, n_cpus);
    put_resources(args);
    printf(" <<'TASK'\n#!/bin/sh\n"
           "\"$GAIT\" batch \"$SOURCE\" -o \"$DIR\" -j %zu --shard \"$SLURM_ARRAY_TASK_ID/%zu\"",
           n_cpus, n_tasks);
    put_analysis_options(args);
    printf(" &\n"
           "trap 'kill -TERM $!' TERM\n"
           "wait $!\n"
           "code=$?\n"
           "while [ $code -gt 128 ] && kill -0 $! 2>/dev/null; do wait $!; code=$?; done\n"
           "# Out of time, or told to make room: another go, which continues where this one was.\n"
           "if [ $code -eq 75 ]; then scontrol requeue \"$SLURM_JOB_ID\"; fi\n"
           "exit $code\n"
           "TASK\n)\n");
}

static void put_merge(const struct arguments *args)
{
    printf("merge=$(sbatch --parsable --job-name=gait-merge --dependency=\"afterany:$array\" "
           "--requeue \\\n"
           "    --open-mode=append --output=\"$DIR/slurm-merge.out\"");
    put_resources(args);
    printf(" <<'TASK'\n#!/bin/sh\nexec \"$GAIT\" merge \"$DIR\"%s\nTASK\n)\n",
           option_given(args, "with-strides") ? " --with-strides" : "");
    printf("echo \"array $array, merge $merge; when they are through: $GAIT status $DIR\"\n");
}

static int print_script(const struct arguments *args, size_t n_sessions)
{
    size_t n_tasks = 1, n_cpus = 1;
    if (!option_count(args, "tasks", 1, 100000, &n_tasks) ||
        !option_count(args, "cpus", 1, 1024, &n_cpus))
        return EXIT_USAGE;
    size_t sensible = (n_sessions + LEAST_PER_TASK - 1) / LEAST_PER_TASK;
    if (n_tasks > sensible) {
        fprintf(stderr,
                "gait slurm-script: %zu sessions are worth %zu tasks of at least %d, not %zu\n",
                n_sessions, sensible, LEAST_PER_TASK, n_tasks);
        n_tasks = sensible;
    }
    printf("#!/bin/sh\n"
           "# Submits %zu tasks that analyse %zu sessions, and one that merges them. Run it again "
           "whenever\n"
           "# something was lost: what is done is kept. Made by gait slurm-script.\n"
           "set -eu\n",
           n_tasks, n_sessions);
    int code = put_paths(args);
    if (code != EXIT_DONE) return code;
    printf("mkdir -p \"$DIR\"\n");
    put_array(args, n_tasks, n_cpus);
    put_merge(args);
    return EXIT_DONE;
}

static int run(const struct arguments *args)
{
    gait_batch_options options;
    gait_plan *plan = NULL;
    gait_error err = {0};
    if (!batch_options(args, "slurm-script", &options)) return EXIT_USAGE;
    if (!option_given(args, "tasks"))
        return report_usage("slurm-script", "the number of tasks is not given with --tasks");
    const gait_plan_options how = {options.folder, options.bids_layout};
    if (gait_plan_new(&plan, args->words[0], &how, &err) != GAIT_OK) return report_error(&err);
    int code = print_script(args, gait_plan_size(plan));
    gait_plan_free(&plan);
    return code;
}

static const struct option options[] = {
    {"output", 'o', "DIR", NULL, "the batch folder, on storage that all nodes see"},
    {"tasks", 'n', "N", NULL, "how many tasks share the sessions, at least 100 in each"},
    {"cpus", 0, "N", "1", "processors of a task"},
    {"time", 0, "LIMIT", "the partition's", "time limit of a task, as Slurm writes it"},
    {"memory", 0, "SIZE", "2G", "memory of a task, as Slurm writes it"},
    {"partition", 0, "NAME", "the cluster's", "where the tasks run"},
    OPTIONS_BATCH,
    OPTION_HELP,
    OPTION_END,
};

const struct command command_slurm_script = {
    "slurm-script",
    "SOURCE -o DIR --tasks N",
    "print a script that runs a batch on a Slurm cluster",
    "Prints a shell script that submits an array of N tasks, each gait batch --shard I/N, and a "
    "task that merges what they made. Nothing is submitted by printing it.\n\n"
    "A task that runs out of time or has to make room is queued again and goes on where it was. "
    "Run the script again whenever something was lost: what is done is kept, and the merge names "
    "what is missing. Whether all is done is read from the results, never from the queue.",
    "gait slurm-script study.tsv -o results --tasks 20 > job.sh\tlook at it, then sh job.sh\n",
    options,
    run,
};
