/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

static int set_all(gait_simulation *simulation, const struct arguments *args)
{
    gait_error err = {0};
    for (size_t i = 0; i < args->n_given; i++) {
        char key[64];
        const char *equals = strchr(args->value[i], '=');
        size_t n = equals ? (size_t)(equals - args->value[i]) : 0;
        if (strcmp(args->given[i]->name, "set") != 0) continue;
        if (!n || n >= sizeof key) {
            fprintf(stderr, "gait simulate: --set is '%s', expected KEY=VALUE\n", args->value[i]);
            return EXIT_USAGE;
        }
        memcpy(key, args->value[i], n);
        key[n] = '\0';
        if (gait_simulation_set(simulation, key, equals + 1, &err) != GAIT_OK) {
            report_error(&err);
            return EXIT_USAGE;
        }
    }
    return EXIT_DONE;
}

static int write_sensor(gait_simulation *simulation, gait_placement placement, gait_side side,
                        const char *path, int quiet)
{
    gait_error err = {0};
    gait_simulated sensor;
    if (gait_simulation_run(simulation, placement, side, &sensor, &err) != GAIT_OK ||
        gait_simulation_write(simulation, &sensor, path, &err) != GAIT_OK)
        return report_error(&err);
    if (!quiet)
        printf("%s: %s %s, %zu frames at %g Hz\n", path, gait_side_name(side),
               gait_placement_name(placement), sensor.n_frames, sensor.rate_hz);
    return EXIT_DONE;
}

/* DIR/run.csv and left:shank make DIR/run_left_shank.csv. */
static int sensor_path(char *out, size_t room, const char *path, const char *side,
                       const char *placement)
{
    const char *name = strrchr(path, '/');
    const char *dot = strchr(name ? name : path, '.');
    int stem = dot ? (int)(dot - path) : (int)strlen(path);
    int with_side = strcmp(side, "none") != 0;
    int n = snprintf(out, room, "%.*s_%s%s%s%s", stem, path, with_side ? side : "",
                     with_side ? "_" : "", placement, dot ? dot : "");
    return n > 0 && (size_t)n < room;
}

/* One entry "left:shank" of --sensors. */
static int write_entry(gait_simulation *simulation, const char *entry, size_t n, const char *path,
                       int quiet)
{
    char side[16] = "", placement[16] = "", file[4096];
    const char *colon = memchr(entry, ':', n);
    size_t k = colon ? (size_t)(colon - entry) : 0;
    if (!colon || k >= sizeof side || n - k - 1 >= sizeof placement)
        return report_usage("simulate",
                            "--sensors is SIDE:PLACEMENT,... , left:shank,none:sacrum say");
    memcpy(side, entry, k);
    memcpy(placement, colon + 1, n - k - 1);
    if (gait_placement_from_name(placement) == GAIT_PLACEMENT_UNKNOWN ||
        gait_side_from_name(side) == GAIT_SIDE_UNKNOWN)
        return report_usage("simulate",
                            "--sensors is SIDE:PLACEMENT,... , left:shank,none:sacrum say");
    if (!sensor_path(file, sizeof file, path, side, placement))
        return report_usage("simulate", "the output name is too long");
    return write_sensor(simulation, gait_placement_from_name(placement), gait_side_from_name(side),
                        file, quiet);
}

static int write_sensors(gait_simulation *simulation, const char *list, const char *path, int quiet)
{
    int code = EXIT_DONE;
    while (*list && code == EXIT_DONE) {
        size_t n = strcspn(list, ",");
        code = write_entry(simulation, list, n, path, quiet);
        list += n;
        if (*list == ',') list++;
    }
    return code;
}

static int write_one(gait_simulation *simulation, const char *path, int quiet)
{
    gait_placement placement =
        gait_placement_from_name(gait_simulation_get(simulation, "placement"));
    gait_side side = gait_side_from_name(gait_simulation_get(simulation, "side"));
    if (placement == GAIT_SACRUM || placement == GAIT_WAIST) side = GAIT_SIDE_NONE;
    return write_sensor(simulation, placement, side, path, quiet);
}

static int run(const struct arguments *args)
{
    const char *output = option_text(args, "output"), *sensors = option_text(args, "sensors");
    gait_simulation *simulation = NULL;
    gait_error err = {0};
    int quiet = option_given(args, "quiet");
    if (args->n_words) return report_usage("simulate", "what to simulate is said with --set");
    if (!output) return report_usage("simulate", "no output is named with -o");
    if (gait_simulation_new(&simulation, &err) != GAIT_OK) return report_error(&err);
    int code = set_all(simulation, args);
    if (code == EXIT_DONE)
        code = sensors ? write_sensors(simulation, sensors, output, quiet)
                       : write_one(simulation, output, quiet);
    gait_simulation_free(&simulation);
    return code;
}

static const struct option options[] = {
    {"output", 'o', "FILE", NULL, "what to write: .csv, .csv.gz, .wav, .flac or .h5"},
    {"set", 0, "KEY=VALUE", NULL, "set a key of the simulation (repeatable; gait list simulation)"},
    {"sensors", 0, "LIST", "the keys placement and side",
     "several sensors on one runner and clock: left:shank,right:shank,none:sacrum"},
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_END,
};

const struct command command_simulate = {
    "simulate",
    "-o FILE [--set KEY=VALUE]...",
    "make a synthetic recording with exact truth",
    "Writes what a sensor on a simulated runner or walker would have recorded, with its sidecar "
    "NAME.json and the truth NAME.truth.csv beside it. The same keys and seed give the same "
    "bytes.\n\n"
    "With --sensors one file per sensor is written, named after it.",
    "gait simulate -o run.csv --set eversion_deg=16 --set placement=foot\ta runner who rolls in\n"
    "gait simulate -o run.csv --sensors left:shank,right:shank,none:sacrum\tthree sensors of one "
    "run\n",
    options,
    run,
};
