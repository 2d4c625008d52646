/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_SIMULATE_H
#define GAIT_SIMULATE_H

#include <stddef.h>
#include <stdint.h>

#include <gait/analysis.h>
#include <gait/error.h>
#include <gait/recording.h>

/**
 * @file
 * Synthetic runners and walkers with exact truth: what the library tests itself with.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** One key of a simulation. Constant, lives as long as the library. */
typedef struct gait_simulation_key {
    const char *key;      /**< "cadence_steps_per_min". */
    const char *unit;     /**< "" for names. */
    const char *standard; /**< Value when nobody sets it and vary=0; "" if it depends on others. */
    const char *about;    /**< One sentence, with the values or limits that are accepted. */
} gait_simulation_key;

/** Row @p index of the key table, NULL behind the last. Thread-safe: yes. */
GAIT_API const gait_simulation_key *gait_simulation_key_at(size_t index);

/** A simulated person. Opaque; one thread at a time. */
typedef struct gait_simulation gait_simulation;

/**
 * Begin a simulation with every key at its standard value.
 *
 * @return GAIT_OK; GAIT_NOMEM
 *
 * Thread-safe: yes.
 */
GAIT_API GAIT_MUST_USE gait_status gait_simulation_new(gait_simulation **simulation,
                                                       gait_error *err);

/**
 * Set one key before the simulation is run.
 *
 * @return GAIT_OK; GAIT_NOT_FOUND no such key; GAIT_INVALID value, or already run
 *
 * Thread-safe: no.
 */
GAIT_API GAIT_MUST_USE gait_status gait_simulation_set(gait_simulation *simulation, const char *key,
                                                       const char *value, gait_error *err);

/** One row of the truth. Plain. */
typedef struct gait_truth {
    char event[32]; /**< "foot_strike", "toe_off", "eversion_excursion_deg", ... */
    gait_side side; /**< Which foot. */
    double time_s;  /**< When, on the clock of the samples. */
    double value;   /**< NaN for an event. */
    char text[16];  /**< For rows whose value is a word (activity); else "". */
} gait_truth;

/** One simulated sensor. A view that lives as long as the simulation. */
typedef struct gait_simulated {
    gait_placement placement; /**< Where. */
    gait_side side;           /**< Which side. */
    size_t n_frames;          /**< Samples per channel. */
    const double *time_s;     /**< n_frames stamps, with the jitter, drift and gaps asked for. */
    const float *accel_g;     /**< n_frames x 3. */
    const float *gyro_dps;    /**< n_frames x 3, NULL without gyroscope. */
    double rate_hz;           /**< Nominal rate. */
    double range_g;           /**< Full scale. */
    int axes[3][3];           /**< As in gait_recording_info; all 0 if mounted at an angle. */
    double mounting[3][3];    /**< Rows: sensor axes in forward, up, right. */
    size_t n_truth;           /**< Length of truth. */
    const gait_truth *truth;  /**< In order of time. */
} gait_simulated;

/**
 * Simulate one sensor on the person; call it again for another sensor on the same run and clock.
 *
 * @param[in]  simulation not NULL
 * @param[in]  placement  GAIT_FOOT, GAIT_SHANK, GAIT_SACRUM or GAIT_WAIST
 * @param[in]  side       GAIT_LEFT or GAIT_RIGHT for a limb, GAIT_SIDE_NONE for the trunk
 * @param[out] sensor     a view, valid until the next call
 * @param[out] err        may be NULL
 * @return GAIT_OK; GAIT_INVALID keys contradict each other, or no such placement; GAIT_NOMEM
 *
 * Thread-safe: no.
 */
GAIT_API GAIT_MUST_USE gait_status gait_simulation_run(gait_simulation *simulation,
                                                       gait_placement placement, gait_side side,
                                                       gait_simulated *sensor, gait_error *err);

/** The value a key has now (drawn ones after the first run), as text that lives until the next
 * call; NULL if no such key. Thread-safe: no. */
GAIT_API const char *gait_simulation_get(gait_simulation *simulation, const char *key);

/**
 * Write a simulated sensor as NAME.csv, .csv.gz, .wav, .flac or .h5 by its extension, with the
 * sidecar NAME.json and the truth NAME.truth.csv beside it.
 *
 * @return GAIT_OK; GAIT_INVALID extension; GAIT_CANNOT_CREATE; GAIT_IO; GAIT_NOMEM
 *
 * Thread-safe: no.
 */
GAIT_API GAIT_MUST_USE gait_status gait_simulation_write(gait_simulation *simulation,
                                                         const gait_simulated *sensor,
                                                         const char *path, gait_error *err);

/** Free and set to NULL; accepts NULL. Thread-safe: yes, for different simulations. */
GAIT_API void gait_simulation_free(gait_simulation **simulation);

#ifdef __cplusplus
}
#endif

#endif
