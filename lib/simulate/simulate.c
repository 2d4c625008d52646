/* SPDX-License-Identifier: BSD-3-Clause */
#include <gait/simulate.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "simulate/export.h"
#include "simulate/sensor.h"

struct gait_simulation {
    struct key_values keys;
    struct person person;
    struct timeline timeline;
    struct recorded recorded;
    bool made;
    char shown[KEY_TEXT_ROOM];
};

const gait_simulation_key *gait_simulation_key_at(size_t index)
{
    return key_row(index);
}

gait_status gait_simulation_new(gait_simulation **simulation, gait_error *err)
{
    NEED(simulation);
    gait_simulation *s = calloc(1, sizeof *s);
    if (!s) return gait_fail(err, GAIT_NOMEM, "no memory for a simulation");
    key_values_init(&s->keys);
    *simulation = s;
    return GAIT_OK;
}

gait_status gait_simulation_set(gait_simulation *simulation, const char *key, const char *value,
                                gait_error *err)
{
    NEED(simulation);
    NEED(key);
    NEED(value);
    enum key found = key_from_name(key);
    if (found == N_KEYS) return gait_fail(err, GAIT_NOT_FOUND, "no simulation key \"%s\"", key);
    if (simulation->made)
        return gait_fail(err, GAIT_INVALID, "%s: the simulation has run already", key);
    return key_values_set(&simulation->keys, found, value, err);
}

const char *gait_simulation_get(gait_simulation *simulation, const char *key)
{
    if (!simulation || !key) return NULL;
    enum key found = key_from_name(key);
    if (found == N_KEYS) return NULL;
    key_values_show(&simulation->keys, found, simulation->shown);
    return simulation->shown;
}

static gait_status check_events(const struct key_values *keys, gait_error *err)
{
    bool shift = keys->set[KEY_SHIFT_AT], gap = keys->set[KEY_GAP_AT];
    if (fabs(keys->number[KEY_SHIFT]) > 0 && !shift)
        return gait_fail(err, GAIT_INVALID, "shift_percent is set but shift_at_s is not");
    if (keys->number[KEY_GAP] > 0 && !gap)
        return gait_fail(err, GAIT_INVALID, "gap_s is set but gap_at_s is not");
    double mount_hz = keys->number[KEY_MOUNT], bits = keys->number[KEY_BITS];
    if (mount_hz > 0 && mount_hz < 5)
        return gait_fail(err, GAIT_INVALID, "mount_hz=%g: 0 or 5 to 500 Hz is expected", mount_hz);
    if (bits > 0 && bits < 6)
        return gait_fail(err, GAIT_INVALID, "bits=%g: 0 or 6 to 32 is expected", bits);
    return GAIT_OK;
}

static gait_status calibrate_roll(struct person *person, gait_error *err)
{
    struct arena arena = {0};
    gait_status st = roll_scale(&person->run, &person->run_shape, person->body.smooth_hz,
                                &person->run_shape.roll_scale, &arena);
    if (st == GAIT_OK)
        st = roll_scale(&person->walk, &person->walk_shape, person->body.smooth_hz,
                        &person->walk_shape.roll_scale, &arena);
    arena_free(&arena);
    return st == GAIT_OK ? GAIT_OK : gait_fail(err, st, "no memory for a simulated person");
}

/* The person and what happens, once for all sensors. */
static gait_status make(gait_simulation *simulation, gait_error *err)
{
    if (simulation->made) return GAIT_OK;
    TRY(check_events(&simulation->keys, err));
    TRY(check_start_time(&simulation->keys, err));
    TRY(person_make(&simulation->person, &simulation->keys, err));
    TRY(calibrate_roll(&simulation->person, err));
    gait_status st =
        timeline_make(&simulation->timeline, &simulation->person, &simulation->keys, err);
    if (st != GAIT_OK) timeline_free(&simulation->timeline);
    simulation->made = st == GAIT_OK;
    return st;
}

static gait_status check_place(gait_placement placement, gait_side side, gait_error *err)
{
    bool limb = placement == GAIT_FOOT || placement == GAIT_SHANK;
    if (!limb && placement != GAIT_SACRUM && placement != GAIT_WAIST)
        return gait_fail(err, GAIT_INVALID,
                         "placement %s: foot, shank, sacrum, waist are simulated",
                         gait_placement_name(placement));
    if (limb && side != GAIT_LEFT && side != GAIT_RIGHT)
        return gait_fail(err, GAIT_INVALID, "a sensor on the %s needs side left or right",
                         gait_placement_name(placement));
    if (!limb && side != GAIT_SIDE_NONE)
        return gait_fail(err, GAIT_INVALID, "a sensor on the %s has side none",
                         gait_placement_name(placement));
    return GAIT_OK;
}

/* Axes only where every one of the sensor's lies along one of the body's. */
static void axes_of(double mounting[3][3], int axes[3][3])
{
    for (size_t s = 0; s < 3; s++)
        for (size_t body = 0; body < 3; body++) {
            double x = mounting[s][body], whole = floor(x + .5);
            if (fabs(x - whole) > 1e-9) {
                memset(axes, 0, 9 * sizeof axes[0][0]);
                return;
            }
            axes[body][s] = (int)whole;
        }
}

/* What the last sensor was drawn with shows in its keys. */
static void show_traits(struct key_values *keys, const struct sensor_traits *traits)
{
    keys->number[KEY_NOISE] = traits->noise_g;
    keys->number[KEY_MOUNT] = traits->mount_hz;
    keys->number[KEY_MOUNT_DAMPING] = traits->mount_damping;
    memcpy(keys->mounting_deg, traits->mounting_deg, sizeof keys->mounting_deg);
}

gait_status gait_simulation_run(gait_simulation *simulation, gait_placement placement,
                                gait_side side, gait_simulated *sensor, gait_error *err)
{
    NEED(simulation);
    NEED(sensor);
    TRY(check_place(placement, side, err));
    TRY(make(simulation, err));
    struct world world = {&simulation->person, &simulation->timeline};
    struct recorded *r = &simulation->recorded;
    recorded_free(r);
    TRY(sensor_record(r, &world, &simulation->keys, placement, side, err));
    show_traits(&simulation->keys, &r->traits);
    *sensor = (gait_simulated){.placement = placement,
                               .side = side,
                               .n_frames = r->n,
                               .time_s = r->time_s,
                               .accel_g = r->accel_g,
                               .gyro_dps = r->gyro_dps,
                               .rate_hz = simulation->keys.number[KEY_RATE],
                               .range_g = simulation->keys.number[KEY_RANGE],
                               .n_truth = r->truth.n,
                               .truth = r->truth.rows};
    memcpy(sensor->mounting, r->mounting, sizeof sensor->mounting);
    axes_of(r->mounting, sensor->axes);
    return GAIT_OK;
}

gait_status gait_simulation_write(gait_simulation *simulation, const gait_simulated *sensor,
                                  const char *path, gait_error *err)
{
    NEED(simulation);
    NEED(sensor);
    NEED(path);
    return export_sensor(sensor, &simulation->keys, path, err);
}

void gait_simulation_free(gait_simulation **simulation)
{
    if (!simulation || !*simulation) return;
    recorded_free(&(*simulation)->recorded);
    timeline_free(&(*simulation)->timeline);
    free(*simulation);
    *simulation = NULL;
}
