/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "command.h"

/* Reads lines "PLACEMENT PATH", does `gait inspect --json` and `gait analyze` with each file by the
 * program's own commands, and answers with one line: "result", "refused SENTENCE", or what is
 * wrong; behind it, separated by a tab, the most memory the process took in MiB. One process tries
 * many files, as starting one costs more than reading a file; one that died is replaced. */

enum {
    FILES_PER_PROCESS = 100,
    MOST_CPU_S = 10,
    MOST_MIB = 256,
    EXIT_OVER = 3, /* no line is left */
    ROOM = 4200
};

/* Of AddressSanitizer, if it is there: not 0 if something leaks. */
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

static char inspect_word[] = "inspect", json_word[] = "--json", analyze_word[] = "analyze",
            quiet_word[] = "-q", placement_word[] = "--placement", output_word[] = "-o";
static FILE *answers;        /* where standard output went */
static FILE *words, *output; /* what a command says */

static int command(int argc, char **argv)
{
    int code = EXIT_BUG;
    struct arguments args;
    for (size_t i = 0; command_at(i); i++) {
        if (strcmp(command_at(i)->name, argv[0]) != 0) continue;
        if (arguments_parse(&args, command_at(i)->options, argc, argv, argv[0]))
            code = command_at(i)->run(&args);
        arguments_free(&args);
    }
    fflush(stdout);
    return code;
}

static int run(int argc, char **argv)
{
    if (ftruncate(STDOUT_FILENO, 0) || ftruncate(STDERR_FILENO, 0)) return EXIT_BUG;
    lseek(STDOUT_FILENO, 0, SEEK_SET);
    lseek(STDERR_FILENO, 0, SEEK_SET);
    return command(argc, argv);
}

static void read_back(int file, char text[ROOM])
{
    ssize_t n = pread(file, text, ROOM - 1, 0);
    text[n > 0 ? n : 0] = '\0';
}

/* What a command that ends with this code may say: one sentence for a refusal, else nothing. */
static bool keeps_rules(int code, char sentence[ROOM])
{
    read_back(STDERR_FILENO, sentence);
    size_t n = strlen(sentence);
    if (code == EXIT_DONE) return n == 0;
    if (code != EXIT_USAGE && code != EXIT_BAD_DATA && code != EXIT_BAD_CONFIG) return false;
    if (n < 2 || sentence[n - 1] != '\n') return false;
    sentence[--n] = '\0';
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)sentence[i] < ' ') return false;
    return true;
}

/* The description of inspect is JSON and names the sensor that it read. */
static bool read_sensor(char sensor[64])
{
    static char text[1 << 20];
    ssize_t n = pread(STDOUT_FILENO, text, sizeof text, 0);
    json_t *described = n > 0 ? json_loadb(text, (size_t)n, 0, NULL) : NULL;
    const char *name = json_string_value(json_object_get(described, "sensor"));
    if (name) snprintf(sensor, 64, "%s", name);
    json_decref(described);
    return name != NULL;
}

static void flatten(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ') *text = ' ';
}

static void try_file(char *placement, char *path, char answer[2 * ROOM])
{
    char sentence[ROOM] = "", word[ROOM], out[ROOM], sensor[64] = "";
    char *inspect[] = {inspect_word, json_word, path};
    char *analyze[] = {analyze_word, quiet_word, word, placement_word, placement, output_word, out};
    snprintf(out, sizeof out, "%s.gait.h5", path);
    int code = run(3, inspect);
    bool is_right = keeps_rules(code, sentence);
    if (is_right && code == EXIT_DONE) is_right = read_sensor(sensor);
    if (is_right) {
        snprintf(word, sizeof word, "%s%s%s", path, *sensor ? ":" : "", sensor);
        int analyzed = run(7, analyze);
        char of_analysis[ROOM];
        is_right = keeps_rules(analyzed, of_analysis);
        if (!is_right || !code) strcpy(sentence, of_analysis);
        if (!is_right || !code) code = analyzed;
    }
    unlink(out);
    flatten(sentence);
    if (!is_right)
        snprintf(answer, 2 * ROOM, "RULES broken with exit %d and: %s", code, sentence);
    else
        snprintf(answer, 2 * ROOM, "%s%s", code ? "refused " : "result", sentence);
}

/* Of this process and those that it started. */
static long peak_mib(void)
{
    struct rusage own, others;
    getrusage(RUSAGE_SELF, &own);
    getrusage(RUSAGE_CHILDREN, &others);
    return (own.ru_maxrss > others.ru_maxrss ? own.ru_maxrss : others.ru_maxrss) / 1024;
}

static bool leaks(void)
{
    return __lsan_do_recoverable_leak_check && __lsan_do_recoverable_leak_check();
}

static int work(void)
{
    char line[ROOM], answer[2 * ROOM];
    const struct itimerval limit = {{0, 0}, {MOST_CPU_S, 0}};
    for (int i = 1; i <= FILES_PER_PROCESS && peak_mib() <= MOST_MIB; i++) {
        if (!fgets(line, sizeof line, stdin)) return EXIT_OVER;
        line[strcspn(line, "\n")] = '\0';
        char *path = strchr(line, ' ');
        if (!path) return EXIT_BUG;
        *path++ = '\0';
        setitimer(ITIMER_PROF, &limit, NULL);
        try_file(line, path, answer);
        if (i == FILES_PER_PROCESS && leaks())
            snprintf(answer, sizeof answer, "LEAK in one of the last %d files", i);
        fprintf(answers, "%s\t%ld\n", answer, peak_mib());
        fflush(answers);
    }
    return EXIT_DONE;
}

/* In place of a process that could not. */
static void answer_for(int status)
{
    char report[ROOM];
    read_back(fileno(words), report);
    flatten(report);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF)
        fprintf(answers, "HANG over %d s\t0\n", MOST_CPU_S);
    else if (WIFSIGNALED(status))
        fprintf(answers, "CRASH by signal %d: %s\t0\n", WTERMSIG(status), report);
    else
        fprintf(answers, "CRASH with code %d: %s\t0\n", WEXITSTATUS(status), report);
    fflush(answers);
}

static bool prepare(void)
{
    setenv("HDF5_PLUGIN_PRELOAD", "::", 1);
    answers = fdopen(dup(STDOUT_FILENO), "w");
    words = tmpfile();
    output = tmpfile();
    return answers && words && output && dup2(fileno(words), STDERR_FILENO) >= 0 &&
           dup2(fileno(output), STDOUT_FILENO) >= 0;
}

int main(void)
{
    int status = 0;
    if (!prepare()) return EXIT_IO_ERROR;
    while (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_OVER) {
        pid_t child = fork();
        if (child == 0) _exit(work());
        if (child < 0 || waitpid(child, &status, 0) != child) return EXIT_IO_ERROR;
        bool is_well = WIFEXITED(status) &&
                       (WEXITSTATUS(status) == EXIT_DONE || WEXITSTATUS(status) == EXIT_OVER);
        if (!is_well) answer_for(status);
    }
    return EXIT_DONE;
}
