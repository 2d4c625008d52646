/* SPDX-License-Identifier: BSD-3-Clause */

/* What the program around the library does, in threads or to the process, changes no result. */

#include <dirent.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gait/gait.h>

#include "near.h"

enum { MOST_SENSORS = 40, N_KINDS = 5, N_THREADS = 8, FEW = 2 * N_KINDS, PATH_ROOM = 96 };

static const char *const kinds[N_KINDS] = {"", ".csv", ".h5", ".wav", ".flac"}; /* "": arrays */

static const struct {
    gait_placement placement;
    gait_side side;
} places[] = {{GAIT_FOOT, GAIT_LEFT}, {GAIT_SHANK, GAIT_RIGHT}, {GAIT_SACRUM, GAIT_SIDE_NONE}};

/* Everything a summary says, and the bytes of its file. */
struct result {
    char *text;
    size_t n;
};

static struct {
    char folder[PATH_ROOM / 2];
    size_t n_sensors;
    gait_simulation *simulation[MOST_SENSORS];
    gait_simulated sensor[MOST_SENSORS];
} world;

static int append(void *context, const char *text, size_t length)
{
    struct result *r = context;
    char *longer = realloc(r->text, r->n + length);
    if (!longer) return -1;
    memcpy(longer + r->n, text, length);
    r->text = longer;
    r->n += length;
    return 0;
}

/* A stem for each kind, for each has a sidecar of its own. */
static void path_of(char path[PATH_ROOM], size_t sensor, size_t kind)
{
    snprintf(path, PATH_ROOM, "%s/%zu_%zu%s", world.folder, sensor, kind, kinds[kind]);
}

static gait_status simulate_one(size_t i, gait_error *err)
{
    size_t place = i % (sizeof places / sizeof *places);
    char seed[24], path[PATH_ROOM];
    snprintf(seed, sizeof seed, "%zu", i + 1);
    gait_status st = gait_simulation_new(&world.simulation[i], err);
    gait_simulation *s = world.simulation[i];
    if (!st) st = gait_simulation_set(s, "duration_s", "12", err);
    if (!st) st = gait_simulation_set(s, "seed", seed, err);
    if (!st) st = gait_simulation_set(s, "activity", i % 2 ? "walk" : "run", err);
    if (!st)
        st = gait_simulation_run(s, places[place].placement, places[place].side, &world.sensor[i],
                                 err);
    for (size_t k = 1; !st && k < N_KINDS; k++) {
        path_of(path, i, k);
        st = gait_simulation_write(s, &world.sensor[i], path, err);
    }
    return st;
}

/* GAIT_HOST_RECORDINGS says how many; each sensor is so many recordings as there are kinds. */
static int simulate_all(void **state)
{
    (void)state;
    gait_error err = {0};
    const char *wanted = getenv("GAIT_HOST_RECORDINGS");
    size_t n = (wanted ? strtoul(wanted, NULL, 10) : 30) / N_KINDS;
    world.n_sensors = n < MOST_SENSORS ? n : MOST_SENSORS;
    if (world.n_sensors * N_KINDS < FEW) world.n_sensors = FEW / N_KINDS;
    strcpy(world.folder, "/tmp/gait_host_XXXXXX");
    if (!mkdtemp(world.folder)) return -1;
    for (size_t i = 0; i < world.n_sensors; i++)
        if (simulate_one(i, &err)) return print_error("%s\n", err.text), -1;
    return 0;
}

static int forget_all(void **state)
{
    (void)state;
    char path[2 * PATH_ROOM];
    for (size_t i = 0; i < world.n_sensors; i++) gait_simulation_free(&world.simulation[i]);
    DIR *folder = opendir(world.folder);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        snprintf(path, sizeof path, "%s/%.80s", world.folder, entry->d_name);
        if (entry->d_name[0] != '.') remove(path);
    }
    if (folder) closedir(folder);
    return rmdir(world.folder);
}

static gait_status open_one(size_t i, gait_recording **recording, gait_error *err)
{
    const gait_simulated *sensor = &world.sensor[i / N_KINDS];
    gait_recording_options options;
    char path[PATH_ROOM];
    path_of(path, i / N_KINDS, i % N_KINDS);
    gait_recording_options_init(&options);
    options.placement = sensor->placement;
    options.side = sensor->side;
    if (i % N_KINDS) return gait_recording_open(recording, path, &options, err);
    gait_arrays arrays = {.n_frames = sensor->n_frames,
                          .accel_g = {.data = sensor->accel_g, .type = GAIT_FLOAT32},
                          .time_s = {.data = sensor->time_s}};
    return gait_recording_open_arrays(recording, &arrays, &options, err);
}

/* The file of a summary, byte by byte, behind its text. */
static void append_file(struct result *out, const char *path)
{
    char bytes[4096];
    FILE *file = fopen(path, "rb");
    for (size_t n; file && (n = fread(bytes, 1, sizeof bytes, file)) > 0;) append(out, bytes, n);
    if (file) fclose(file);
    remove(path);
}

static gait_status analyse_one(size_t i, struct result *out, gait_error *err)
{
    gait_recording *recording = NULL;
    gait_session *session = NULL;
    gait_summary *summary = NULL;
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "%s/summary_%zu.gait.h5", world.folder, i);
    gait_status st = open_one(i, &recording, err);
    if (!st) st = gait_session_new(&session, NULL, err);
    if (!st) st = gait_session_add(session, recording, err);
    if (!st) st = gait_session_judge(session, err);
    if (!st) st = gait_summary_from_session(&summary, session, err);
    for (size_t t = 0; !st && gait_summary_table_at(summary, t); t++)
        st =
            gait_table_export(gait_summary_table_at(summary, t), GAIT_EXPORT_CSV, append, out, err);
    if (!st) st = gait_summary_write(summary, path, err);
    if (!st) append_file(out, path);
    gait_summary_free(&summary);
    gait_session_free(&session);
    gait_recording_close(&recording);
    return st;
}

struct pool {
    size_t n;
    atomic_size_t next;
    struct result *results;
    atomic_int failed;
};

static void *work(void *argument)
{
    struct pool *pool = argument;
    gait_error err;
    for (size_t i; (i = atomic_fetch_add(&pool->next, 1)) < pool->n;)
        if (analyse_one(i, &pool->results[i], &err)) {
            printf("# %s\n", err.text);
            atomic_fetch_add(&pool->failed, 1);
        }
    return NULL;
}

static struct result *analyse_first(size_t n, int n_threads)
{
    struct pool pool = {.n = n};
    pthread_t threads[N_THREADS];
    pool.results = calloc(n + 1, sizeof *pool.results);
    assert_non_null(pool.results);
    for (int t = 0; t < n_threads; t++)
        assert_int_equal(pthread_create(&threads[t], NULL, work, &pool), 0);
    for (int t = 0; t < n_threads; t++) pthread_join(threads[t], NULL);
    assert_int_equal(pool.failed, 0);
    return pool.results;
}

/* Frees both. */
static void assert_same(size_t n, struct result *a, struct result *b)
{
    for (size_t i = 0; i < n; i++) {
        assert_true(a[i].n > 10000);
        assert_int_equal(a[i].n, b[i].n);
        assert_memory_equal(a[i].text, b[i].text, a[i].n);
        free(a[i].text);
        free(b[i].text);
    }
    free(a);
    free(b);
}

static void eight_threads_give_the_bytes_of_one(void **state)
{
    (void)state;
    size_t n = N_KINDS * world.n_sensors;
    assert_same(n, analyse_first(n, 1), analyse_first(n, N_THREADS));
}

static void a_decimal_comma_changes_nothing(void **state)
{
    (void)state;
    const char *folder = getenv("GAIT_LOCALE_DIR");
    if (folder) setenv("LOCPATH", folder, 1);
    struct result *before = analyse_first(FEW, 1);
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) print_message("# no de_DE locale here\n");
    struct result *after = analyse_first(FEW, 1);
    setlocale(LC_ALL, "C");
    assert_same(FEW, before, after);
}

static void a_closed_standard_error_and_no_sigpipe_change_nothing(void **state)
{
    (void)state;
    struct result *before = analyse_first(FEW, 1);
    void (*old)(int) = signal(SIGPIPE, SIG_IGN);
    int kept = dup(2);
    close(2);
    struct result *after = analyse_first(FEW, 1);
    dup2(kept, 2);
    close(kept);
    assert_true(signal(SIGPIPE, old) == SIG_IGN);
    assert_same(FEW, before, after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eight_threads_give_the_bytes_of_one),
        cmocka_unit_test(a_decimal_comma_changes_nothing),
        cmocka_unit_test(a_closed_standard_error_and_no_sigpipe_change_nothing),
    };
    return cmocka_run_group_tests(tests, simulate_all, forget_all);
}
