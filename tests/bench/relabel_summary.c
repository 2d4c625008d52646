/* SPDX-License-Identifier: BSD-3-Clause */
/* Makes many summaries of one, the same but for the subjects' names, for merge_cost.py:
 * relabel_summary files IN.h5 FOLDER N writes FOLDER/1.h5 ... FOLDER/N.h5; relabel_summary part
 * OUT.h5 FILE.h5... makes the part of a study that a shard would; relabel_summary merge IN.h5
 * OUT.h5 N merges N summaries as gait merge does, each of which is there only while it is read, and
 * prints what that costs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "summary/study.h"
#include "summary/table.h"

/* Names of subjects whose digits can be overwritten. */
struct labels {
    size_t n;
    char *text[1 << 20];
};

static const char before[] = "n000000.";

static const char *new_label(struct labels *labels, gait_summary *summary, const char *subject)
{
    size_t room = sizeof before + strlen(subject);
    char *label = ARENA_NEW(&summary->arena, room, char);
    if (!label || labels->n == sizeof labels->text / sizeof *labels->text) abort();
    text_print(label, room, "%s%s", before, subject);
    return labels->text[labels->n++] = label;
}

static void put_labels(struct labels *labels, gait_summary *summary)
{
    for (size_t t = 0; t < summary->n_tables; t++) {
        const char *old = NULL, **subjects = texts_of(summary->tables[t], "subject_id");
        for (size_t i = 0; subjects && i < summary->tables[t]->pub.n_rows; i++) {
            int again = old && strcmp(old, subjects[i]) == 0;
            old = subjects[i];
            subjects[i] = again ? subjects[i - 1] : new_label(labels, summary, old);
        }
    }
}

static void number(struct labels *labels, size_t k)
{
    char digits[sizeof before];
    text_print(digits, sizeof digits, "n%06zu.", k % 1000000);
    for (size_t i = 0; i < labels->n; i++) memcpy(labels->text[i], digits, sizeof before - 1);
}

static struct labels labels;

static gait_status read_labelled(gait_summary **summary, const char *path, gait_error *err)
{
    gait_status st = gait_summary_read(summary, path, err);
    if (!st) put_labels(&labels, *summary);
    return st;
}

static gait_status make_files(char **words, gait_error *err)
{
    gait_summary *summary = NULL;
    size_t n = (size_t)strtoul(words[2], NULL, 10);
    gait_status st = read_labelled(&summary, words[0], err);
    for (size_t k = 1; !st && k <= n; k++) {
        char path[4096];
        number(&labels, k);
        text_print(path, sizeof path, "%s/%zu.h5", words[1], k);
        st = gait_summary_write(summary, path, err);
    }
    gait_summary_free(&summary);
    return st;
}

static gait_status make_part(char **words, int n, gait_error *err)
{
    gait_study *study = NULL;
    gait_status st = gait_study_new(&study, 0, err);
    if (!st) study_be_part(study);
    for (int i = 1; !st && i < n; i++) st = gait_study_add(study, words[i], 0, err);
    if (!st) st = gait_study_write(study, words[0], err);
    gait_study_free(&study);
    return st;
}

/* The other process: a summary whenever it is asked for one, until nobody is there to ask. */
static int serve(int connection, const char *like, const char *path)
{
    gait_summary *summary = NULL;
    gait_error err;
    char word;
    gait_status st = read_labelled(&summary, like, &err);
    for (size_t k = 1; !st && read(connection, &word, 1) == 1; k++) {
        number(&labels, k);
        st = gait_summary_write(summary, path, &err);
        if (!st && write(connection, "+", 1) != 1) break;
    }
    if (st) fprintf(stderr, "%s\n", err.text);
    gait_summary_free(&summary);
    return st ? 1 : 0;
}

static gait_status add_all(gait_study *study, int connection, const char *path, size_t n,
                           gait_error *err)
{
    char word;
    for (size_t k = 0; k < n; k++) {
        if (write(connection, "?", 1) != 1 || read(connection, &word, 1) != 1) return GAIT_IO;
        gait_status st = gait_study_add(study, path, k, err);
        if (st) return st;
    }
    return GAIT_OK;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

static void print_cost(size_t n)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double user_s = seconds(used.ru_utime), system_s = seconds(used.ru_stime);
    printf("%zu sessions: %.1f s user + %.1f s system, %.2f ms each, at most %.0f MiB\n", n, user_s,
           system_s, 1000 * (user_s + system_s) / (double)n, (double)used.ru_maxrss / 1024);
}

static gait_status merge(char **words, gait_error *err)
{
    char path[4096], folder[4096];
    int pair[2];
    size_t n = (size_t)strtoul(words[2], NULL, 10);
    gait_study *study = NULL;
    text_print(path, sizeof path, "%s.one", words[1]);
    text_print(folder, sizeof folder, "%.*s.", (int)(text_base_name(words[1]) - words[1]),
               words[1]);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return GAIT_IO;
    pid_t maker = fork();
    if (maker == 0) {
        close(pair[0]);
        _exit(serve(pair[1], words[0], path));
    }
    close(pair[1]);
    gait_status st = gait_study_new(&study, 0, err);
    if (!st) st = gait_study_use_folder(study, folder, err);
    if (!st) st = add_all(study, pair[0], path, n, err);
    if (!st) st = gait_study_write(study, words[1], err);
    gait_study_free(&study);
    close(pair[0]);
    waitpid(maker, NULL, 0);
    unlink(path);
    if (!st) print_cost(n);
    return st;
}

int main(int argc, char **argv)
{
    gait_error err = {0};
    gait_status st = GAIT_INVALID;
    if (argc == 5 && strcmp(argv[1], "files") == 0) st = make_files(argv + 2, &err);
    if (argc == 5 && strcmp(argv[1], "merge") == 0) st = merge(argv + 2, &err);
    if (argc > 3 && strcmp(argv[1], "part") == 0) st = make_part(argv + 2, argc - 2, &err);
    if (st) fprintf(stderr, "%s\n", err.text[0] ? err.text : "relabel_summary: it did not work");
    return st ? 1 : 0;
}
