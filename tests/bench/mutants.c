/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gait/gait.h>

/* Reads lines "PLACEMENT PATH" and does with each file what `gait inspect` and `gait analyze` do,
 * in a process of its own. Answers with one line: "result", "refused SENTENCE", or what is wrong;
 * behind it, separated by a tab, the memory the process took in MiB. */

enum { MOST_CPU_S = 10 };

static int is_sentence(const gait_error *err)
{
    size_t n = strlen(err->text);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)err->text[i] < ' ') return 0;
    return n > 0 && n < sizeof err->text;
}

/* sensor: the first of several, for the analysis. */
static gait_status inspect(const char *path, const gait_recording_options *options, char sensor[64],
                           gait_error *err)
{
    gait_recording *recording = NULL;
    gait_block block = {0};
    gait_status st = gait_recording_open(&recording, path, options, err);
    if (st) return st;
    snprintf(sensor, 64, "%s", gait_recording_get_info(recording)->sensor);
    do st = gait_recording_read(recording, &block, err);
    while (!st && block.n_frames);
    gait_recording_close(&recording);
    return st;
}

static gait_status analyse(const char *path, const gait_recording_options *options, gait_error *err)
{
    gait_recording *recording = NULL;
    gait_session *session = NULL;
    gait_summary *summary = NULL;
    gait_status st = gait_recording_open(&recording, path, options, err);
    if (!st) st = gait_session_new(&session, NULL, err);
    if (!st) st = gait_session_add(session, recording, err);
    if (!st) st = gait_session_judge(session, err);
    if (!st) st = gait_summary_from_session(&summary, session, err);
    gait_summary_free(&summary);
    gait_session_free(&session);
    gait_recording_close(&recording);
    return st;
}

/* The answer of a process that lives to its end. */
static void answer(const char *words, const gait_error *err)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("%s%s\t%ld\n", words, err ? err->text : "", used.ru_maxrss / 1024);
    fflush(stdout);
}

static void try_file(const char *path, gait_placement placement)
{
    gait_recording_options options;
    gait_error of_inspect = {0}, of_analysis = {0};
    char sensor[64] = "";
    const struct rlimit cpu = {MOST_CPU_S, MOST_CPU_S};
    setrlimit(RLIMIT_CPU, &cpu);
    gait_recording_options_init(&options);
    gait_status inspected = inspect(path, &options, sensor, &of_inspect);
    options.placement = placement;
    options.sensor = *sensor ? sensor : NULL;
    gait_status analysed = analyse(path, &options, &of_analysis);
    if ((inspected && !is_sentence(&of_inspect)) || (analysed && !is_sentence(&of_analysis)))
        answer("NO SENTENCE", NULL);
    else if (inspected || analysed)
        answer("refused ", inspected ? &of_inspect : &of_analysis);
    else
        answer("result", NULL);
}

/* In place of a process that did not. */
static void answer_for(int status)
{
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
        printf("HANG over %d s\t0\n", MOST_CPU_S);
    else if (WIFSIGNALED(status))
        printf("CRASH by signal %d\t0\n", WTERMSIG(status));
    else
        printf("CRASH with code %d\t0\n", WEXITSTATUS(status));
    fflush(stdout);
}

int main(void)
{
    char line[4200];
    while (fgets(line, sizeof line, stdin)) {
        int status;
        line[strcspn(line, "\n")] = '\0';
        char *path = strchr(line, ' ');
        if (!path) return 1;
        *path++ = '\0';
        pid_t child = fork();
        if (child == 0) {
            try_file(path, gait_placement_from_name(line));
            exit(0); /* not _exit: leaks are looked for */
        }
        if (child < 0 || waitpid(child, &status, 0) != child) return 1;
        if (!WIFEXITED(status) || WEXITSTATUS(status)) answer_for(status);
    }
    return 0;
}
