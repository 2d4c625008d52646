/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_SIDECAR_H
#define RECORD_SIDECAR_H

#include <stdbool.h>
#include <stddef.h>

#include <gait/recording.h>

/* What NAME.json says about NAME.csv, NAME.csv.gz, ...; "", NaN and "unknown" where it is silent.
 * A reader gets one that is always there, empty without a file. */

enum { SIDECAR_CHANNELS = 16, SIDECAR_TEXT = 128 };

struct sidecar {
    char *json; /* the whole of it, compact; NULL without a file */
    char subject_id[SIDECAR_TEXT], session_id[SIDECAR_TEXT];
    gait_placement placement;
    gait_side side, affected_side;
    char task[16];
    double start_unix_s;
    gait_time_kind time_kind;
    double utc_offset_s;
    double mass_kg, height_m, speed_mps, slope_deg, distance_m;
    int axes[3][3], axes_known; /* as in gait_recording_info */

    double sample_rate_hz; /* exact, where the file can only hold a whole number */
    double accel_range_g;
    char unit[16];     /* of the acceleration channels */
    double full_scale; /* what the largest sample stands for, in unit */
    char gyro_unit[16];
    double gyro_full_scale;
    size_t n_channels;
    char channels[SIDECAR_CHANNELS][8]; /* "ax", "ay", "az", "gx", "gy", "gz"; else ignored */

    int has_calibration;
    double scale[3], offset_g[3]; /* calibrated = offset + scale * read, in g */
};

void sidecar_init(struct sidecar *sidecar);

/* Fills an initialised sidecar from the file beside a recording; leaves it empty if there is none.
 */
gait_status sidecar_read(struct sidecar *sidecar, const char *recording_path, gait_error *err);

/* From text; name is for messages. */
gait_status sidecar_parse(struct sidecar *sidecar, const char *text, size_t n, const char *name,
                          gait_error *err);

/* The task of that name, "run", "walk", "knee-bend", "squat" or "stance"; NULL if there is none. */
const char *sidecar_task(const char *name);

/* All of them, for messages. */
extern const char sidecar_known_tasks[];

/* Members of a JSON object win over what is there; the result reads as if one file held both. */
gait_status sidecar_override(struct sidecar *sidecar, const char *json, const char *name,
                             gait_error *err);

void sidecar_free(struct sidecar *sidecar);

/* The recording's path and ".json", for it alone. False if room is short, here and below. */
bool sidecar_own_path(const char *recording_path, char *out, size_t room);

/* The recording's path without .gz and without its extension, and ".json": all of one stem share
 * it. */
bool sidecar_stem_path(const char *recording_path, char *out, size_t room);

/* Where its sidecar is, if it has one: the own one before that of the stem. */
bool sidecar_path(const char *recording_path, char *out, size_t room);

#endif
