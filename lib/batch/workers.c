/* SPDX-License-Identifier: BSD-3-Clause */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE
#include "batch/workers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"

extern char **environ;

enum { LONGEST_ANSWER = 1 << 16 };

struct worker {
    pid_t pid; /* 0: free */
    int connection;
    size_t tag;
    struct timespec begun;
    double limit_s; /* for which it was killed; 0: it was not */
    size_t n;
    char *answer; /* LONGEST_ANSWER bytes */
};

struct workers {
    const char *const *command;
    size_t most, n_busy;
    struct worker *worker;
    struct pollfd *poll;
};

gait_status workers_new(struct workers **out, const char *const *command, size_t most,
                        gait_error *err)
{
    struct workers *w = calloc(1, sizeof *w);
    if (w) {
        w->command = command;
        w->most = most;
        w->worker = calloc(most, sizeof *w->worker);
        w->poll = calloc(most, sizeof *w->poll);
    }
    int complete = w && w->worker && w->poll;
    for (size_t i = 0; complete && i < most; i++) {
        w->worker[i].answer = malloc(LONGEST_ANSWER);
        complete = w->worker[i].answer != NULL;
    }
    if (!complete) {
        workers_free(&w);
        return gait_fail(err, GAIT_NOMEM, "no memory for %zu workers", most);
    }
    *out = w;
    return GAIT_OK;
}

static int reap(struct worker *worker)
{
    int status = 0;
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR) continue;
    close(worker->connection);
    worker->pid = 0;
    return status;
}

void workers_free(struct workers **workers)
{
    struct workers *w = *workers;
    if (!w) return;
    if (w->worker && w->poll) workers_signal(w, SIGKILL);
    for (size_t i = 0; w->worker && i < w->most; i++) {
        if (w->worker[i].pid) reap(&w->worker[i]);
        free(w->worker[i].answer);
    }
    free(w->worker);
    free(w->poll);
    free(w);
    *workers = NULL;
}

size_t workers_busy(const struct workers *workers)
{
    return workers->n_busy;
}

void workers_signal(const struct workers *workers, int number)
{
    for (size_t i = 0; i < workers->most; i++)
        if (workers->worker[i].pid) kill(workers->worker[i].pid, number);
}

/* In the child: the connection as standard input, nothing as standard output. */
static int spawn(pid_t *pid, const char *const *command, int connection)
{
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return error;
    union {
        const char *const *given;
        char *const *wanted;
    } words = {command}; /* posix_spawn changes none of them */
    error = posix_spawn_file_actions_adddup2(&actions, connection, STDIN_FILENO);
    if (!error)
        error = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", 1, 0);
    if (!error) error = posix_spawn(pid, command[0], &actions, NULL, words.wanted, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* A worker that dies while it is told shows by its end. */
static void send_all(int connection, const char *text)
{
    size_t n = strlen(text), done = 0;
    while (done < n) {
        ssize_t sent = send(connection, text + done, n - done, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) break;
        done += (size_t)sent;
    }
    shutdown(connection, SHUT_WR);
}

gait_status workers_start(struct workers *workers, const char *text, size_t tag, gait_error *err)
{
    int pair[2];
    size_t i = 0;
    while (workers->worker[i].pid) i++;
    struct worker *worker = &workers->worker[i];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        return gait_fail(err, GAIT_IO, "no connection to a worker: %s", strerror(errno));
    int error = spawn(&worker->pid, workers->command, pair[1]);
    close(pair[1]);
    if (error) {
        close(pair[0]);
        worker->pid = 0;
        return gait_fail(err, GAIT_IO, "%s: cannot be started: %s", workers->command[0],
                         strerror(error));
    }
    worker->connection = pair[0];
    worker->tag = tag;
    worker->n = 0;
    worker->limit_s = 0;
    clock_gettime(CLOCK_MONOTONIC, &worker->begun);
    workers->n_busy++;
    send_all(worker->connection, text);
    return GAIT_OK;
}

static double seconds_since(const struct timespec *begun)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begun->tv_sec) + 1e-9 * (double)(now.tv_nsec - begun->tv_nsec);
}

void workers_kill_late(struct workers *workers, double limit_s)
{
    for (size_t i = 0; i < workers->most; i++) {
        struct worker *worker = &workers->worker[i];
        if (!worker->pid || worker->limit_s > 0 || seconds_since(&worker->begun) < limit_s)
            continue;
        worker->limit_s = limit_s;
        kill(worker->pid, SIGKILL);
    }
}

static void say_how_it_died(const struct worker *worker, int status, struct end *end)
{
    end->died = 1;
    memset(&end->answer, 0, sizeof end->answer);
    if (worker->limit_s > 0)
        gait_fail(&end->answer.error, GAIT_IO, "given up: not done within the time limit of %g s",
                  worker->limit_s);
    else if (WIFSIGNALED(status))
        gait_fail(&end->answer.error, GAIT_IO, "its worker was killed by signal %d (%s)%s",
                  WTERMSIG(status), strsignal(WTERMSIG(status)),
                  WTERMSIG(status) == SIGKILL ? ", as happens when memory runs out" : "");
    else
        gait_fail(&end->answer.error, GAIT_IO, "its worker left with %d and without an answer",
                  WEXITSTATUS(status));
    end->answer.status = GAIT_IO;
}

static void finish(struct workers *workers, struct worker *worker, struct end *end)
{
    end->tag = worker->tag;
    end->died = 0;
    int status = reap(worker);
    end->seconds = seconds_since(&worker->begun);
    workers->n_busy--;
    if (!answer_read(&end->answer, worker->answer, worker->n)) say_how_it_died(worker, status, end);
}

/* True once the worker has closed its end. */
static int has_ended(struct worker *worker)
{
    ssize_t n = read(worker->connection, worker->answer + worker->n, LONGEST_ANSWER - worker->n);
    if (n < 0) return errno != EINTR && errno != EAGAIN;
    worker->n += (size_t)n;
    return n == 0 || worker->n == LONGEST_ANSWER;
}

int workers_wait(struct workers *workers, int most_ms, struct end *end)
{
    for (size_t i = 0; i < workers->most; i++)
        workers->poll[i] =
            (struct pollfd){workers->worker[i].pid ? workers->worker[i].connection : -1, POLLIN, 0};
    if (poll(workers->poll, (nfds_t)workers->most, most_ms) <= 0) return 0;
    for (size_t i = 0; i < workers->most; i++) {
        if (!workers->poll[i].revents || !has_ended(&workers->worker[i])) continue;
        finish(workers, &workers->worker[i], end);
        return 1;
    }
    return 0;
}
