/* SPDX-License-Identifier: BSD-3-Clause */

/* How often simulated runners get each finding, and what is measured of them.
 *
 *   pronation_rates FIRST COUNT SENSOR METRIC [key=value]...
 *
 * One runner per seed through the whole library: simulated, written to a file in the folder TMPDIR
 * (or /tmp), read, analysed, judged. SENSOR is foot, shank or sacrum; even seeds wear it left, odd
 * ones right; `feet` and `shanks` are both at once. Keys that are not set are drawn from the seed.
 * On standard output one line per runner, "run SEED TRUTH MEDIAN" with the true mean excursion (NaN
 * away from the foot) and the median of METRIC over the running strides, then one line per finding,
 * "finding CODE SEVERITY COUNT". */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gait/gait.h>
#include <gait/simulate.h>

#include "session/series.h"
#include "session/session.h"
#include "signal/stats.h"

enum { MOST_COUNTS = 64, PATH_ROOM = 512 };

struct counts {
    size_t n;
    struct {
        const char *code;
        gait_severity severity;
        size_t count;
    } at[MOST_COUNTS];
};

struct request {
    const char *sensor, *metric;
    char **pairs;
};

static void check(gait_status status, const gait_error *err)
{
    if (status == GAIT_OK) return;
    fprintf(stderr, "pronation_rates: %s\n", err->text);
    exit(1);
}

static void count_finding(struct counts *counts, const gait_finding *finding)
{
    size_t k = 0;
    while (k < counts->n && (strcmp(counts->at[k].code, finding->rule->code) != 0 ||
                             counts->at[k].severity != finding->severity))
        k++;
    if (k == MOST_COUNTS) return;
    if (k == counts->n) {
        counts->at[k].code = finding->rule->code;
        counts->at[k].severity = finding->severity;
        counts->at[counts->n++].count = 0;
    }
    counts->at[k].count++;
}

static gait_simulation *runner_of(long seed, char **pairs)
{
    gait_simulation *simulation = NULL;
    gait_error err;
    char key[64], number[32];
    snprintf(number, sizeof number, "%ld", seed);
    check(gait_simulation_new(&simulation, &err), &err);
    check(gait_simulation_set(simulation, "vary", "1", &err), &err);
    check(gait_simulation_set(simulation, "seed", number, &err), &err);
    for (; *pairs; pairs++) {
        size_t n = strcspn(*pairs, "=");
        snprintf(key, sizeof key, "%.*s", (int)n, *pairs);
        check(gait_simulation_set(simulation, key, *pairs + n + ((*pairs)[n] == '='), &err), &err);
    }
    return simulation;
}

static double true_excursion_deg(const gait_simulated *sensor)
{
    for (size_t i = 0; i < sensor->n_truth; i++)
        if (strcmp(sensor->truth[i].event, "eversion_mean_deg") == 0) return sensor->truth[i].value;
    return NAN;
}

static void remove_files(const char *path)
{
    static const char *const ends[] = {".wav", ".json", ".truth.csv"};
    char name[PATH_ROOM + 16];
    size_t stem = strlen(path) - 4;
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
        snprintf(name, sizeof name, "%.*s%s", (int)stem, path, ends[k]);
        remove(name);
    }
}

/* Simulates one sensor of the runner into the session; its true excursion. */
static double add_sensor(gait_session *session, gait_simulation *simulation,
                         gait_placement placement, gait_side side)
{
    const char *folder = getenv("TMPDIR");
    char path[PATH_ROOM];
    gait_simulated sensor;
    gait_recording *recording = NULL;
    gait_error err;
    snprintf(path, sizeof path, "%s/pronation_rates_%ld_%d.wav", folder ? folder : "/tmp",
             (long)getpid(), (int)side);
    check(gait_simulation_run(simulation, placement, side, &sensor, &err), &err);
    check(gait_simulation_write(simulation, &sensor, path, &err), &err);
    double truth = true_excursion_deg(&sensor);
    check(gait_recording_open(&recording, path, NULL, &err), &err);
    check(gait_session_add(session, recording, &err), &err);
    gait_recording_close(&recording);
    remove_files(path);
    return truth;
}

static double add_sensors(gait_session *session, gait_simulation *simulation, long seed,
                          const char *sensor)
{
    int is_pair = strcmp(sensor, "feet") == 0 || strcmp(sensor, "shanks") == 0;
    gait_placement placement = strcmp(sensor, "feet") == 0     ? GAIT_FOOT
                               : strcmp(sensor, "shanks") == 0 ? GAIT_SHANK
                                                               : gait_placement_from_name(sensor);
    int is_limb = placement == GAIT_FOOT || placement == GAIT_SHANK;
    gait_side side = !is_limb ? GAIT_SIDE_NONE : seed % 2 ? GAIT_RIGHT : GAIT_LEFT;
    double truth = add_sensor(session, simulation, placement, side);
    if (is_pair)
        add_sensor(session, simulation, placement, side == GAIT_LEFT ? GAIT_RIGHT : GAIT_LEFT);
    return truth;
}

static double median_of(const gait_session *session, const char *metric)
{
    struct arena tmp = {0};
    struct series series;
    double middle = NAN;
    if (series_take(&session->sensors[0], metric, GAIT_SIDE_UNKNOWN, GAIT_RUN, &series, &tmp) ==
        GAIT_OK)
        middle = median(series.value, series.n, &tmp);
    arena_free(&tmp);
    return middle;
}

static void run(const struct request *request, long seed, struct counts *counts)
{
    gait_simulation *simulation = runner_of(seed, request->pairs);
    gait_session *session = NULL;
    gait_error err;
    size_t n;
    check(gait_session_new(&session, NULL, &err), &err);
    double truth = add_sensors(session, simulation, seed, request->sensor);
    check(gait_session_judge(session, &err), &err);
    const gait_finding *findings = gait_session_findings(session, &n);
    for (size_t i = 0; i < n; i++) count_finding(counts, &findings[i]);
    printf("run %ld %.4f %.4f\n", seed, truth, median_of(session, request->metric));
    gait_session_free(&session);
    gait_simulation_free(&simulation);
}

int main(int argc, char **argv)
{
    struct counts counts = {0};
    if (argc < 5) {
        fprintf(stderr, "pronation_rates FIRST COUNT SENSOR METRIC [key=value]...\n");
        return 64;
    }
    long first = strtol(argv[1], NULL, 10), count = strtol(argv[2], NULL, 10);
    struct request request = {argv[3], argv[4], argv + 5};
    for (long seed = first; seed < first + count; seed++) run(&request, seed, &counts);
    for (size_t k = 0; k < counts.n; k++)
        printf("finding %s %s %zu\n", counts.at[k].code, gait_severity_name(counts.at[k].severity),
               counts.at[k].count);
    return fflush(stdout) != 0;
}
