/* SPDX-License-Identifier: BSD-3-Clause */
#include "hdf5_trial.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What comes through a pipe can be read only once, and HDF5 cannot. */
static int is_hdf5(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode)) return 0;
    static const char signature[8] = {'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};
    char head[sizeof signature];
    FILE *file = fopen(path, "rb");
    if (!file) return 0;
    size_t n = fread(head, 1, sizeof head, file);
    fclose(file);
    return n == sizeof head && memcmp(head, signature, sizeof head) == 0;
}

/* Whatever the file does to this process; nothing of it is seen but the verdict. */
static gait_status read_quietly(const char *path, const gait_recording_options *options,
                                gait_error *verdict)
{
    const struct rlimit no_core = {0, 0};
    gait_recording *recording = NULL;
    gait_block block;
    setrlimit(RLIMIT_CORE, &no_core);
    if (!freopen("/dev/null", "w", stderr)) return GAIT_OK;
    gait_status st = gait_recording_open(&recording, path, options, verdict);
    do
        if (!st) st = gait_recording_read(recording, &block, verdict);
    while (!st && block.n_frames);
    gait_recording_close(&recording);
    return st;
}

/* Without the handlers of a usual end: HDF5 has one that prints what it lost. */
static void try_in_child(int to, const char *path, const gait_recording_options *options)
{
    gait_error verdict = {GAIT_OK, ""};
    verdict.status = read_quietly(path, options, &verdict);
    _exit(write(to, &verdict, sizeof verdict) != (ssize_t)sizeof verdict);
}

/* False if the process died before it could tell. */
static int hear_child(int from, pid_t child, gait_error *verdict)
{
    ssize_t n;
    do n = read(from, verdict, sizeof *verdict);
    while (n < 0 && errno == EINTR);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) continue;
    return n == (ssize_t)sizeof *verdict;
}

gait_status hdf5_trial(const char *path, const gait_recording_options *options, gait_error *err)
{
    int ends[2];
    gait_error verdict;
    if (!is_hdf5(path) || pipe(ends) != 0) return GAIT_OK;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) try_in_child(ends[1], path, options);
    close(ends[1]);
    int heard = child > 0 && hear_child(ends[0], child, &verdict);
    close(ends[0]);
    if (child < 0) return GAIT_OK; /* no process to spare: then without the trial */
    if (heard && verdict.status == GAIT_OK) return GAIT_OK;
    if (heard) {
        *err = verdict;
        return err->status;
    }
    snprintf(err->text, sizeof err->text, "%.200s: is so damaged that the HDF5 library fails on it",
             path);
    return err->status = GAIT_FORMAT;
}
