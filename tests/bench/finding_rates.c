/* SPDX-License-Identifier: BSD-3-Clause */

/* How often each rule speaks over many simulated runners, no two alike:
 *     finding_rates SCENARIO SEEDS [FIRST_SEED]
 * prints, for every code, the share of runs with such a finding; and for a scenario of two limbs
 * how often the interval of a side difference holds the true one. A scenario that begins with
 * "drawn" draws one impact a stride (coefficient of variation 12 %, neighbours alike by 0.4)
 * instead of simulating the sensor, for rates below one in a hundred. */

#include <gait/gait.h>

#include <stdio.h>

#include "made_session.h"

enum { MOST_CODES = 32, MOST_KEYS = 16 };

#define RUN  "vary=1 gyro=0 "
#define EVEN "impact_asymmetry_percent=0 step_time_asymmetry_percent=0 "

static const struct scenario {
    const char *name, *about;
    const char *keys;
    gait_placement placement[2];
    gait_side side[2];
    size_t n_sensors;
    const char *metric; /* side difference that is looked at */
    double true_index_percent;
} scenarios[] = {
#define ONE_LIMB(name, about, keys, place, side) \
    { \
        name, about, keys, {place, place}, {side, side}, 1, NULL, 0 \
    }
#define BOTH_SHANKS(name, about, keys, index) \
    { \
        name, about, keys, {GAIT_SHANK, GAIT_SHANK}, {GAIT_LEFT, GAIT_RIGHT}, 2, \
            "peak_accel_axial_g", index \
    }
    ONE_LIMB("shift-shank", "+15 % impact at 15 of 25 min",
             RUN "duration_s=1500 impact_cv=0.12 shift_at_s=900 shift_percent=15", GAIT_SHANK,
             GAIT_RIGHT),
    ONE_LIMB("even-shank", "the same without", RUN "duration_s=1500 impact_cv=0.12", GAIT_SHANK,
             GAIT_RIGHT),
    ONE_LIMB("shift-foot", "+15 % impact at 15 of 25 min",
             RUN "duration_s=1500 impact_cv=0.12 shift_at_s=900 shift_percent=15", GAIT_FOOT,
             GAIT_RIGHT),
    ONE_LIMB("even-foot", "the same without", RUN "duration_s=1500 impact_cv=0.12", GAIT_FOOT,
             GAIT_RIGHT),
    ONE_LIMB("even-sacrum", "25 min", RUN "duration_s=1500 impact_cv=0.12", GAIT_SACRUM,
             GAIT_SIDE_NONE),
    BOTH_SHANKS("uneven-shanks", "left 20 % harder, sensors firm, 3 min",
                RUN "duration_s=180 mount_hz=0 impact_asymmetry_percent=20", -20),
    BOTH_SHANKS("even-shanks", "both alike, sensors firm, 3 min",
                RUN EVEN "duration_s=180 mount_hz=0", 0),
    BOTH_SHANKS("uneven-loose", "left 20 % harder, some sensors loose, 3 min",
                RUN "duration_s=180 impact_asymmetry_percent=20", -20),
    BOTH_SHANKS("even-loose", "both alike, some sensors loose, 3 min", RUN EVEN "duration_s=180",
                0),
    {"even-feet",
     "both alike, some sensors loose, 3 min",
     RUN EVEN "duration_s=180",
     {GAIT_FOOT, GAIT_FOOT},
     {GAIT_LEFT, GAIT_RIGHT},
     2,
     "peak_accel_axial_g",
     0},
    ONE_LIMB("fatigue-shank", "impact +15 %, cadence -3 %, eversion +3 deg in 40 min",
             RUN "duration_s=2400 fatigue_impact_percent=15 fatigue_cadence_percent=-3 "
                 "fatigue_eversion_deg=3",
             GAIT_SHANK, GAIT_RIGHT),
    ONE_LIMB("steady-shank", "40 min", RUN "duration_s=2400", GAIT_SHANK, GAIT_RIGHT),
    ONE_LIMB("sway-shank", "40 % more sideways motion in 40 min",
             RUN "duration_s=2400 rate_hz=100 fatigue_sway_percent=40", GAIT_SHANK, GAIT_RIGHT),
    ONE_LIMB("sway-sacrum", "40 % more sideways motion in 40 min",
             RUN "duration_s=2400 rate_hz=100 fatigue_sway_percent=40", GAIT_SACRUM,
             GAIT_SIDE_NONE),
    ONE_LIMB("fatigue-foot", "impact +15 %, cadence -3 %, eversion +3 deg in 40 min",
             "vary=1 duration_s=2400 fatigue_impact_percent=15 fatigue_cadence_percent=-3 "
             "fatigue_eversion_deg=3",
             GAIT_FOOT, GAIT_RIGHT),
    ONE_LIMB("steady-foot", "40 min", "vary=1 duration_s=2400", GAIT_FOOT, GAIT_RIGHT),
    ONE_LIMB("fatigue-sacrum", "impact +15 %, cadence -3 % in 40 min",
             RUN "duration_s=2400 fatigue_impact_percent=15 fatigue_cadence_percent=-3",
             GAIT_SACRUM, GAIT_SIDE_NONE),
    ONE_LIMB("steady-sacrum", "40 min", RUN "duration_s=2400", GAIT_SACRUM, GAIT_SIDE_NONE),
};

static const struct drawn {
    const char *name, *about;
    size_t n_strides, shift_at;
    double shift_percent;
} drawn[] = {
    {"drawn-even", "30 min of even impacts", 2600, 2600, 0},
    {"drawn-shift", "+15 % at 12 of 20 min", 1700, 1000, 15},
    {"drawn-small", "+10 % at 12 of 20 min", 1700, 1000, 10},
};

struct tally {
    size_t n, n_limbs, n_inside, n_exceeds;
    size_t runs[MOST_CODES], rises; /* runs with a rule's finding; with a note of a rise */
};

static void stop(const gait_error *err)
{
    fprintf(stderr, "finding_rates: %s\n", err->text);
    exit(1);
}

static void set_keys(gait_simulation *simulation, const char *keys, unsigned long seed)
{
    gait_error err;
    char text[32];
    snprintf(text, sizeof text, "%lu", seed);
    if (gait_simulation_set(simulation, "seed", text, &err)) stop(&err);
    for (const char *at = keys; *at; at += strspn(at, " ")) {
        char key[64] = {0}, value[64] = {0};
        size_t length = strcspn(at, " "), equal = strcspn(at, "=");
        memcpy(key, at, equal);
        memcpy(value, at + equal + 1, length - equal - 1);
        if (gait_simulation_set(simulation, key, value, &err)) stop(&err);
        at += length;
    }
}

static void add_sensor(gait_session *session, gait_simulation *simulation, gait_placement placement,
                       gait_side side)
{
    gait_simulated sensor;
    gait_recording *recording = NULL;
    gait_recording_options options;
    gait_error err;
    if (gait_simulation_run(simulation, placement, side, &sensor, &err)) stop(&err);
    gait_recording_options_init(&options);
    options.placement = placement;
    options.side = side;
    options.rate_hz = sensor.rate_hz;
    options.range_g = sensor.range_g;
    options.unit = "g";
    gait_arrays arrays = {.n_frames = sensor.n_frames,
                          .accel_g = {sensor.accel_g, GAIT_FLOAT32, 0, 0},
                          .gyro_dps = {sensor.gyro_dps, GAIT_FLOAT32, 0, 0},
                          .start_unix_s = 1.7e9};
    if (gait_recording_open_arrays(&recording, &arrays, &options, &err)) stop(&err);
    if (gait_session_add(session, recording, &err)) stop(&err);
    gait_recording_close(&recording);
}

static void count_findings(const gait_session *session, struct tally *tally)
{
    size_t n;
    const gait_finding *findings = gait_session_findings(session, &n);
    int seen[MOST_CODES] = {0}, rise = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; gait_rule_at(c); c++) {
            if (findings[i].rule != gait_rule_at(c)) continue;
            seen[c] = 1;
            rise |=
                findings[i].value > 0 && strcmp(gait_rule_at(c)->code, "load_spike_sustained") == 0;
        }
    for (size_t c = 0; c < MOST_CODES; c++) tally->runs[c] += seen[c] != 0;
    tally->rises += rise != 0;
}

static void check_sides(const gait_session *session, const struct scenario *scenario,
                        struct tally *tally)
{
    for (size_t i = 0; i < session->n_asymmetries; i++) {
        const struct asymmetry *a = &session->asymmetries[i];
        if (strcmp(gait_metric_at((size_t)a->metric)->key, scenario->metric) != 0) continue;
        double truth = scenario->true_index_percent;
        tally->n_limbs++;
        tally->n_inside += a->ci_low <= truth && a->ci_high >= truth;
        tally->n_exceeds += a->exceeds != 0;
    }
}

static void run_drawn(const struct drawn *scenario, unsigned long seed, struct tally *tally)
{
    gait_error err;
    gait_session *session = made_session(GAIT_SHANK, 1, scenario->n_strides);
    double *impact_g = made_column(session, 0, "peak_accel_resultant_g");
    made_impacts(impact_g, scenario->n_strides, 8, 0.12, seed);
    for (size_t i = scenario->shift_at; i < scenario->n_strides; i++)
        impact_g[i] *= 1 + scenario->shift_percent / 100;
    if (gait_session_judge(session, &err)) stop(&err);
    count_findings(session, tally);
    tally->n++;
    gait_session_free(&session);
}

static void run(const struct scenario *scenario, unsigned long seed, struct tally *tally)
{
    gait_simulation *simulation = NULL;
    gait_session *session = NULL;
    gait_error err;
    if (gait_simulation_new(&simulation, &err)) stop(&err);
    set_keys(simulation, scenario->keys, seed);
    if (gait_session_new(&session, NULL, &err)) stop(&err);
    for (size_t k = 0; k < scenario->n_sensors; k++)
        add_sensor(session, simulation, scenario->placement[k], scenario->side[k]);
    if (gait_session_judge(session, &err)) stop(&err);
    count_findings(session, tally);
    if (scenario->metric) check_sides(session, scenario, tally);
    tally->n++;
    gait_session_free(&session);
    gait_simulation_free(&simulation);
}

static void report(const char *name, const char *about, const struct tally *tally)
{
    double n = (double)tally->n;
    printf("%s: %s; %zu runs\n", name, about, tally->n);
    for (size_t c = 0; gait_rule_at(c); c++)
        if (tally->runs[c])
            printf("  %-22s %5zu runs, %5.1f %%\n", gait_rule_at(c)->code, tally->runs[c],
                   100 * (double)tally->runs[c] / n);
    if (tally->rises) printf("  of these a sustained rise in %zu\n", tally->rises);
}

static void report_sides(const struct scenario *scenario, const struct tally *tally)
{
    printf("  %s: beyond the smallest change in %zu, the interval holds %g %% in %zu of %zu\n",
           scenario->metric, tally->n_exceeds, scenario->true_index_percent, tally->n_inside,
           tally->n_limbs);
}

static int usage(void)
{
    fprintf(stderr, "usage: finding_rates SCENARIO SEEDS [FIRST_SEED]\n");
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        fprintf(stderr, "  %-14s %s\n", scenarios[i].name, scenarios[i].about);
    for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++)
        fprintf(stderr, "  %-14s %s\n", drawn[i].name, drawn[i].about);
    return 64;
}

int main(int argc, char **argv)
{
    if (argc < 3) return usage();
    unsigned long n = strtoul(argv[2], NULL, 10);
    unsigned long first = argc > 3 ? strtoul(argv[3], NULL, 10) : 1;
    struct tally tally = {0};
    for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++) {
        if (strcmp(drawn[i].name, argv[1]) != 0) continue;
        for (unsigned long seed = first; seed < first + n; seed++)
            run_drawn(&drawn[i], seed, &tally);
        report(drawn[i].name, drawn[i].about, &tally);
        return 0;
    }
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        const struct scenario *scenario = &scenarios[i];
        if (strcmp(scenario->name, argv[1]) != 0) continue;
        for (unsigned long seed = first; seed < first + n; seed++) run(scenario, seed, &tally);
        report(scenario->name, scenario->about, &tally);
        if (scenario->metric) report_sides(scenario, &tally);
        return 0;
    }
    return usage();
}
