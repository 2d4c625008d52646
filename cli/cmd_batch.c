/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch_options.h"
#include "batch_pages.h"
#include "commands.h"
#include "print.h"
#include "progress.h"

/* This program again, also when the file has been replaced since it was started. */
static const char *const worker[] = {"/proc/self/exe", "batch-worker", NULL};

/* Then whoever started it is gone, which is said to nobody. */
static int is_on_connection(void)
{
    struct stat about;
    return fstat(STDIN_FILENO, &about) == 0 && S_ISSOCK(about.st_mode);
}

int run_batch_worker(void)
{
    gait_status st = gait_batch_work(STDIN_FILENO, was_interrupted, NULL, NULL);
    if (st == GAIT_FORMAT && !is_on_connection())
        fprintf(stderr, "gait: batch-worker is what gait batch starts; it is no command\n");
    return st == GAIT_OK ? EXIT_DONE : st == GAIT_FORMAT ? EXIT_USAGE : EXIT_IO_ERROR;
}

/* A bar on a terminal, else a line per recording. */
struct display {
    struct progress bar;
    int says_lines;
};

static void say_line(const gait_batch_progress *now)
{
    const gait_batch_row *row = now->row;
    fprintf(stderr, "%zu/%zu %s %s%s%s", now->n_settled, now->n_sessions,
            gait_batch_state_name(row->state), row->subject_id, row->subject_id[0] ? " " : "",
            row->session_id);
    if (row->reason[0])
        fprintf(stderr, ": %s", row->reason);
    else if (isfinite(row->seconds))
        fprintf(stderr, " (%.1f s)", row->seconds);
    fputc('\n', stderr);
}

static void show(void *context, const gait_batch_progress *now)
{
    struct display *display = context;
    const struct progress_count count = {now->n_settled,  now->n_sessions, now->n_failed,
                                         now->n_skipped,  now->bytes,      now->bytes_skipped,
                                         now->bytes_total};
    if (display->says_lines && now->row) say_line(now);
    progress_show_count(&display->bar, &count);
}

static bool read_shard(const struct arguments *args, gait_batch_options *options)
{
    const char *text = option_text(args, "shard");
    char *end;
    if (!text) return true;
    unsigned long long shard = strtoull(text, &end, 10), shards = 0;
    if (*text >= '0' && *text <= '9' && *end == '/' && end[1] >= '0' && end[1] <= '9')
        shards = strtoull(end + 1, &end, 10);
    if (*end || shard < 1 || shard > shards || shards > 999999) {
        fprintf(stderr, "gait batch: --shard is '%s', expected I/N with I from 1 to N\n", text);
        return false;
    }
    options->shard = (size_t)shard;
    options->n_shards = (size_t)shards;
    return true;
}

static bool prepare(const struct arguments *args, gait_batch_options *options)
{
    long n_cpus = sysconf(_SC_NPROCESSORS_ONLN);
    if (!batch_options(args, "batch", options) || !read_shard(args, options)) return false;
    options->n_jobs = n_cpus > 0 ? (size_t)n_cpus : 1;
    options->force = option_given(args, "force");
    options->trust_dates = option_given(args, "trust-dates");
    options->worker = worker;
    options->interrupted = was_interrupted;
    options->progress = show;
    return option_count(args, "jobs", 1, 1024, &options->n_jobs);
}

static int print_counts(const struct arguments *args, const gait_batch_options *options,
                        const gait_batch_counts *counts)
{
    size_t done = counts->n[GAIT_BATCH_DONE], failed = counts->n[GAIT_BATCH_FAILED];
    size_t missing = counts->n[GAIT_BATCH_MISSING];
    if (option_given(args, "json"))
        return print_json(json_pack("{ss sI sI sI sI}", "folder", options->folder, "done",
                                    (json_int_t)done, "skipped", (json_int_t)counts->n_skipped,
                                    "failed", (json_int_t)failed, "missing", (json_int_t)missing));
    if (option_given(args, "quiet")) return EXIT_DONE;
    printf("%zu done", done);
    if (counts->n_skipped) printf(" (%zu of them before)", counts->n_skipped);
    if (failed) printf(", %zu failed: gait status %s says why", failed, options->folder);
    if (missing) printf(", %zu missing", missing);
    putchar('\n');
    return EXIT_DONE;
}

static void print_what_now(const struct arguments *args, const gait_batch_options *options)
{
    if (option_given(args, "quiet") || option_given(args, "json")) return;
    if (options->n_shards)
        printf("part %zu of %zu; when all are done: gait merge %s\n", options->shard,
               options->n_shards, options->folder);
    else
        printf("written: %s/study.h5%s\n", options->folder,
               option_given(args, "report") ? " and the page study.html" : "");
}

/* Notes beside the recordings; nobody should have to wonder what became of them. */
static void say_left_out(const gait_plan *plan)
{
    enum { MOST_NAMED = 3 };
    size_t n = 0;
    while (gait_plan_left_out_at(plan, n)) n++;
    if (!n) return;
    fprintf(stderr, "gait: left out, for %s no recording%s:", n > 1 ? "they are" : "it is",
            n > 1 ? "s" : "");
    for (size_t i = 0; i < n && i < MOST_NAMED; i++)
        fprintf(stderr, "%s %s", i ? "," : "", gait_plan_left_out_at(plan, i));
    if (n > MOST_NAMED) fprintf(stderr, " and %zu more", n - MOST_NAMED);
    fputc('\n', stderr);
}

static int run_batch(const struct arguments *args, const gait_plan *plan,
                     gait_batch_options *options)
{
    struct display display = {.says_lines = 0};
    gait_batch_counts counts = {0};
    gait_error err = {0};
    int quiet = option_given(args, "quiet") || option_given(args, "json");
    progress_begin(&display.bar, "batch", quiet);
    display.says_lines = !quiet && !display.bar.shown;
    options->context = &display;
    if (!quiet) say_left_out(plan);
    gait_status st = gait_batch_run(plan, options, &counts, &err);
    progress_end(&display.bar);
    int code = print_counts(args, options, &counts);
    if (st != GAIT_OK) return report_error(&err);
    int written = EXIT_DONE;
    if (option_given(args, "report") && counts.n[GAIT_BATCH_DONE])
        written = write_batch_pages(plan, options->folder);
    if (written != EXIT_DONE) return written;
    if (counts.n[GAIT_BATCH_DONE]) print_what_now(args, options);
    return counts.n[GAIT_BATCH_FAILED] ? EXIT_SOME_FAILED : code;
}

static int run(const struct arguments *args)
{
    gait_batch_options options;
    gait_plan *plan = NULL;
    gait_error err = {0};
    if (option_given(args, "report") && option_given(args, "shard"))
        return report_usage("batch", "--report needs the whole study, not a shard of it");
    if (!prepare(args, &options)) return EXIT_USAGE;
    const gait_plan_options how = {options.folder, options.bids_layout};
    if (gait_plan_new(&plan, args->words[0], &how, &err) != GAIT_OK) return report_error(&err);
    int code = run_batch(args, plan, &options);
    gait_plan_free(&plan);
    return code;
}

static const struct option options[] = {
    {"output", 'o', "DIR", NULL, "the batch folder; made if need be"},
    {"jobs", 'j', "N", "one per processor", "how many sessions at a time"},
    {"shard", 0, "I/N", "all of it", "only part I of N, for several machines"},
    {"force", 0, NULL, NULL, "analyse again what is done"},
    {"trust-dates", 0, NULL, NULL,
     "take a summary that is newer than its recordings for theirs, without reading them"},
    {"report", 0, NULL, NULL, "a page beside every summary too, and study.html beside the study"},
    OPTIONS_BATCH,
    OPTION_JSON,
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_END,
};

const struct command command_batch = {
    "batch",
    "SOURCE -o DIR",
    "analyse many recordings, resumable, and merge them into one study",
    "SOURCE is a folder of recordings, a Motion-BIDS dataset or a manifest (.tsv). Recordings of "
    "a folder are one session each unless their sidecars give several the same subject and "
    "session; a manifest has the columns subject_id, session_id, start_time, file, placement and "
    "side, paths from the manifest's folder, and any other column of a sidecar. A .txt file of a "
    "folder that has no rows of numbers is taken for notes: it is named and left out.\n\n"
    "DIR gets one summary per session in sessions/, status.tsv, log.jsonl and study.h5. Run it "
    "again after whatever stopped it: what is done and belongs to the same recordings, options "
    "and version is kept. A recording that cannot be analysed is one failed row of status.tsv and "
    "makes the exit status 1.\n\n"
    "Every session is analysed by a process of its own. The study is the same, byte for byte, "
    "for any number of jobs and any number of shards; gait merge makes it of shards.",
    "gait batch recordings -o results\tall recordings in a folder\n"
    "gait batch study.tsv -o results -j 8\tthe sessions of a manifest, eight at a time\n"
    "gait batch study.tsv -o results --shard 3/10\tthe third of ten parts\n",
    options,
    run,
};
