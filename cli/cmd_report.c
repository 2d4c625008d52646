/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include "commands.h"

static bool take_paper(const struct arguments *args, gait_report_options *options)
{
    const char *paper = option_text(args, "paper");
    if (!paper || strcmp(paper, "a4") == 0) return true;
    options->paper = GAIT_PAPER_LETTER;
    if (strcmp(paper, "letter") == 0) return true;
    fprintf(stderr, "gait report: --paper is '%s', expected a4 or letter\n", paper);
    return false;
}

static bool take_language(const struct arguments *args, gait_report_options *options)
{
    options->language = option_text(args, "language");
    if (!options->language) return true;
    const char *code;
    for (unsigned i = 0; (code = gait_report_language(i)); i++)
        if (strcmp(code, options->language) == 0) return true;
    fprintf(stderr, "gait report: --language is '%s', expected one of:", options->language);
    for (unsigned i = 0; (code = gait_report_language(i)); i++) fprintf(stderr, " %s", code);
    fputc('\n', stderr);
    return false;
}

static int write_page(const struct arguments *args, gait_report_options *options)
{
    const char *study_path = option_text(args, "study");
    gait_summary *summary = NULL, *study = NULL;
    gait_error err = {0};
    gait_status st = gait_report_read(&summary, args->words[0], &err);
    if (st == GAIT_OK && study_path) st = gait_report_read(&study, study_path, &err);
    options->study = study;
    if (st == GAIT_OK) st = gait_report_write(summary, options, option_text(args, "output"), &err);
    int code = st == GAIT_OK ? EXIT_DONE : report_error(&err);
    gait_summary_free(&study);
    gait_summary_free(&summary);
    return code;
}

static int run(const struct arguments *args)
{
    gait_report_options options;
    const char *output = option_text(args, "output");
    size_t n = output ? strlen(output) : 0;
    if (args->n_words != 1) return report_usage("report", "expected one summary");
    if (!output) return report_usage("report", "no page is named with -o");
    if ((n < 5 || strcmp(output + n - 5, ".html") != 0) &&
        (n < 4 || strcmp(output + n - 4, ".pdf") != 0))
        return report_usage("report", "the page ends in .html or .pdf");
    gait_report_options_init(&options);
    options.subject_id = option_text(args, "subject");
    options.session_id = option_text(args, "session");
    options.sessions = option_text(args, "sessions");
    options.index = option_text(args, "index");
    options.details = option_given(args, "details");
    if (!take_paper(args, &options) || !take_language(args, &options)) return EXIT_USAGE;
    return write_page(args, &options);
}

static const struct option options[] = {
    {"output", 'o', "PAGE.html|PAGE.pdf", NULL, "the page to write; an older one is replaced"},
    {"session", 0, "ID", "the only one; of a study, its index", "which session of a study"},
    {"subject", 0, "ID", "whoever has that session", "whose session of a study"},
    {"study", 0, "STUDY.h5", NULL,
     "the person's other sessions: what is usual, and the last 60 days"},
    {"language", 0, "CODE", "en", "en or de"},
    {"paper", 0, "PAPER", "a4", "a4 or letter"},
    {"details", 0, NULL, NULL, "every number too, on further pages"},
    {"sessions", 0, "FOLDER", NULL, "where an index finds the pages of its sessions, for links"},
    {"index", 0, "PAGE.html", NULL, "where a session's page finds the index, for a link"},
    OPTION_HELP,
    OPTION_END,
};

const struct command command_report = {
    "report",
    "SUMMARY.h5 -o PAGE.html|PAGE.pdf",
    "one sheet for the runner and the clinician",
    "Writes one page from a summary alone: whether the data can be trusted, what stood out and why "
    "it may not matter, the numbers of both limbs, and their course through the run. An HTML page "
    "is one file without a script that loads nothing; a PDF needs a gait built with cairo.\n\n"
    "A study gives an index of its sessions, or with --session the page of one.\n\n"
    "The page describes; it is no diagnosis.",
    "gait report run.gait.h5 -o run.html\tto look at, print or send\n"
    "gait report run.gait.h5 --study study.h5 -o run.pdf\twith what is usual for this person\n",
    options,
    run,
};
