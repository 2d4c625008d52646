/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"

static int is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* Where the output goes there is room for it, and for what does not fit into memory before. */
static gait_status use_folder_of(gait_study *study, const char *output, gait_error *err)
{
    char folder[4096];
    const char *slash = strrchr(output, '/');
    int n = slash && slash > output ? (int)(slash - output) : 1;
    snprintf(folder, sizeof folder, "%.*s", n, slash ? output : ".");
    return gait_study_use_folder(study, folder, err);
}

static gait_status merge_files(const struct arguments *args, const char *output, gait_error *err)
{
    gait_study *study = NULL;
    gait_status st = gait_study_new(&study, option_given(args, "with-strides"), err);
    if (st == GAIT_OK) st = use_folder_of(study, output, err);
    for (size_t i = 0; st == GAIT_OK && i < args->n_words; i++)
        st = gait_study_add(study, args->words[i], 0, err);
    if (st == GAIT_OK) st = gait_study_write(study, output, err);
    gait_study_free(&study);
    return st;
}

static int run(const struct arguments *args)
{
    const char *output = option_text(args, "output");
    gait_error err = {0};
    gait_status st;
    if (!args->n_words) return report_usage("merge", "no batch folder and no summary is named");
    if (is_folder(args->words[0])) {
        if (args->n_words > 1) return report_usage("merge", "expected one batch folder");
        st = gait_batch_merge(args->words[0], output, option_given(args, "with-strides"), &err);
    } else {
        if (!output)
            return report_usage("merge",
                                "no batch folder is named, and summaries need an output with -o");
        st = merge_files(args, output, &err);
    }
    if (st != GAIT_OK) return report_error(&err);
    if (option_given(args, "quiet")) return EXIT_DONE;
    if (output)
        printf("written: %s\n", output);
    else
        printf("written: %s/study.h5\n", args->words[0]);
    return EXIT_DONE;
}

static const struct option options[] = {
    {"output", 'o', "STUDY.h5", "study.h5 in the batch folder", "the study to write"},
    {"with-strides", 0, NULL, NULL, "with the bouts, minutes, strides and events of every session"},
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_END,
};

const struct command command_merge = {
    "merge",
    "DIR | SUMMARY.h5... -o STUDY.h5",
    "merge summaries or the shards of a batch into one study",
    "Merges all sessions of a batch folder, of all its shards, in the order of the batch's source; "
    "or the summaries named, in the order of subject and start. A session or shard that is neither "
    "done nor failed is an error that names it.\n\n"
    "The study has the tables of all sessions and the history of every subject.",
    "gait merge results\tthe study of a batch that was run in shards\n"
    "gait merge monday.gait.h5 friday.gait.h5 -o week.h5\ta study of two summaries\n",
    options,
    run,
};
