/* SPDX-License-Identifier: BSD-3-Clause */

/* Many recordings in a pool of threads: each thread takes the next file and has contexts of its
 * own. Placement and side come from the sidecars. Usage: threads N_THREADS FILE... */

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include <gait/gait.h>

struct pool {
    char **files;
    size_t n_files;
    size_t *n_strides; /* of each file */
    atomic_size_t next;
    atomic_int failed;
};

static gait_status analyse(const char *file, size_t *n_strides, gait_error *err)
{
    gait_recording *recording = NULL;
    gait_session *session = NULL;
    gait_summary *summary = NULL;
    gait_status status = gait_recording_open(&recording, file, NULL, err);
    if (status == GAIT_OK) status = gait_session_new(&session, NULL, err);
    if (status == GAIT_OK) status = gait_session_add(session, recording, err);
    if (status == GAIT_OK) status = gait_session_judge(session, err);
    if (status == GAIT_OK) status = gait_summary_from_session(&summary, session, err);
    if (status == GAIT_OK) *n_strides = gait_summary_table(summary, "strides")->n_rows;
    gait_summary_free(&summary);
    gait_session_free(&session);
    gait_recording_close(&recording);
    return status;
}

static void *work(void *argument)
{
    struct pool *pool = argument;
    gait_error err;
    for (size_t i; (i = atomic_fetch_add(&pool->next, 1)) < pool->n_files;)
        if (analyse(pool->files[i], &pool->n_strides[i], &err) != GAIT_OK) {
            fprintf(stderr, "%s\n", err.text);
            atomic_fetch_add(&pool->failed, 1);
        }
    return NULL;
}

int main(int argc, char **argv)
{
    enum { MOST_THREADS = 64 };
    pthread_t threads[MOST_THREADS];
    int n_threads = argc > 1 ? atoi(argv[1]) : 0;
    if (argc < 3 || n_threads < 1 || n_threads > MOST_THREADS) return 2;
    struct pool pool = {.files = argv + 2, .n_files = (size_t)argc - 2};
    pool.n_strides = calloc(pool.n_files, sizeof *pool.n_strides);
    if (!pool.n_strides) return 1;
    for (int i = 0; i < n_threads; i++)
        if (pthread_create(&threads[i], NULL, work, &pool) != 0) n_threads = i;
    for (int i = 0; i < n_threads; i++) pthread_join(threads[i], NULL);
    for (size_t i = 0; i < pool.n_files; i++)
        printf("%s: %zu strides\n", pool.files[i], pool.n_strides[i]);
    free(pool.n_strides);
    return pool.failed || !n_threads ? 1 : 0;
}
