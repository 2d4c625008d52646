/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_READ_ALL_H
#define TESTS_READ_ALL_H

#include <stdlib.h>
#include <string.h>

#include <gait/recording.h>

#include "near.h"

/* A recording read to its end. */
struct whole {
    size_t n, room;
    double *time_s;
    float *accel_g, *gyro_dps;
    uint8_t *marks;
    uint8_t *starts; /* 1: a segment starts with this frame */
    size_t n_segments;
    gait_recording_quality quality;
    gait_recording_info info; /* its texts are gone with the recording, but for these: */
    char device[64], format[32], sensor[64], calibration[128];
};

static inline void whole_grow(struct whole *w, size_t n)
{
    if (w->n + n <= w->room) return;
    w->room = 2 * (w->n + n);
    w->time_s = realloc(w->time_s, w->room * sizeof *w->time_s);
    w->accel_g = realloc(w->accel_g, 3 * w->room * sizeof *w->accel_g);
    w->gyro_dps = realloc(w->gyro_dps, 3 * w->room * sizeof *w->gyro_dps);
    w->marks = realloc(w->marks, w->room);
    w->starts = realloc(w->starts, w->room);
    if (!w->time_s || !w->accel_g || !w->gyro_dps || !w->marks || !w->starts) abort();
}

static inline void whole_add(struct whole *w, const gait_block *block)
{
    size_t n = block->n_frames;
    whole_grow(w, n);
    for (size_t i = 0; i < n; i++)
        w->time_s[w->n + i] = block->start_s + (double)i / block->rate_hz;
    memcpy(w->accel_g + 3 * w->n, block->accel_g, 3 * n * sizeof(float));
    if (block->gyro_dps) memcpy(w->gyro_dps + 3 * w->n, block->gyro_dps, 3 * n * sizeof(float));
    memset(w->marks + w->n, 0, n);
    if (block->marks) memcpy(w->marks + w->n, block->marks, n);
    memset(w->starts + w->n, 0, n);
    w->starts[w->n] = (uint8_t)block->starts_segment;
    w->n_segments += (size_t)block->starts_segment;
    w->n += n;
}

static inline gait_status whole_take(struct whole *w, gait_recording *recording, gait_error *err)
{
    gait_block block;
    gait_status st;
    while (!(st = gait_recording_read(recording, &block, err)) && block.n_frames)
        whole_add(w, &block);
    w->info = *gait_recording_get_info(recording);
    w->quality = *gait_recording_get_quality(recording);
    snprintf(w->device, sizeof w->device, "%s", w->info.device);
    snprintf(w->format, sizeof w->format, "%s", w->info.format);
    snprintf(w->sensor, sizeof w->sensor, "%s", w->info.sensor);
    snprintf(w->calibration, sizeof w->calibration, "%s", w->info.calibration);
    return st;
}

static inline gait_status read_memory(struct whole *w, const char *name, const void *bytes,
                                      size_t n, gait_error *err)
{
    gait_recording *recording = NULL;
    memset(w, 0, sizeof *w);
    gait_status st = gait_recording_open_memory(&recording, name, bytes, n, NULL, err);
    if (st) return st;
    st = whole_take(w, recording, err);
    gait_recording_close(&recording);
    return st;
}

static inline gait_status read_path(struct whole *w, const char *path,
                                    const gait_recording_options *options, gait_error *err)
{
    gait_recording *recording = NULL;
    memset(w, 0, sizeof *w);
    gait_status st = gait_recording_open(&recording, path, options, err);
    if (st) return st;
    st = whole_take(w, recording, err);
    gait_recording_close(&recording);
    return st;
}

static inline void whole_free(struct whole *w)
{
    free(w->time_s);
    free(w->accel_g);
    free(w->gyro_dps);
    free(w->marks);
    free(w->starts);
    memset(w, 0, sizeof *w);
}

#endif
