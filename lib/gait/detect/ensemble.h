/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_ENSEMBLE_H
#define GAIT_ENSEMBLE_H

#include <stddef.h>

/* A signal that is read between its samples, and the mean of many strides of it. */

struct track {
    const double *x; /* n frames of `channels` values; frame 0 is time 0 */
    size_t n;
    size_t channels;
    double rate_hz;
};

/* A row of frames on its own clock: frame i is step_s * i after from_s. */
struct row {
    double from_s;
    double step_s;
    size_t n;
};

double row_time_s(const struct row *row, double index);

/* The frame nearest to a time, inside the row; the row is not empty. */
size_t row_index(const struct row *row, double time_s);

/* m frames of the track from from_s on, step_s apart, on cubics through the four nearest samples;
 * its ends go on for ever. The track has a sample at least. */
void track_read(const struct track *track, double from_s, double step_s, double *out, size_t m);

/* Time of the last sample. */
double track_end_s(const struct track *track);

/* Mean over events of what the track does around each: row->n frames into out, room for as many in
 * one. Events whose row is not wholly inside the track are left out unless fewer than two would
 * remain. n_events >= 1. */
void ensemble_mean(const struct track *track, const double *event_s, size_t n_events,
                   const struct row *row, double *out, double *one);

#endif
