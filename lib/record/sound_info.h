/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_SOUND_INFO_H
#define RECORD_SOUND_INFO_H

#include "record/format.h"

/* What the channels of a sound file mean: from the sidecar, from text that write_sound.c put into
 * the file, or from what omconvert writes. */

/* How samples are stored, and so handed out: nothing is scaled behind our back. */
enum storage { STORED_SHORT, STORED_INT, STORED_FLOAT, STORED_DOUBLE };

struct sound_file_facts {
    const char *name;
    const char *title;   /* text inside the file; NULL: none */
    const char *artist;  /* likewise */
    const char *comment; /* likewise */
    size_t n_channels;
    int rate_hz; /* whole Hz, all that the container can say */
    enum storage storage;
};

struct sound_layout {
    int accel[3]; /* channel of x, y, z */
    int gyro[3];  /* channel of x, y, z; -1: none */
    int aux;      /* omconvert's channel of marks; -1: none */
    double accel_scale[3];
    double gyro_scale[3];
    double rate_hz;
    double range_g;
    double start_unix_s; /* local wall clock; NaN if unknown */
    char unit[16];
    char gyro_unit[16];
    gait_placement placement;
    gait_side side;
    char device[64];
    char column_evidence[EVIDENCE_ROOM];
    char unit_evidence[EVIDENCE_ROOM];
};

gait_status sound_layout_find(struct sound_layout *out, const struct sound_file_facts *facts,
                              const struct sidecar *sidecar, gait_error *err);

#endif
