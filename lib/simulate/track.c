/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate/track.h"

#include <string.h>

#include "signal/resample.h"

static bool make_room(struct arena *arena, struct curve *curve)
{
    size_t room = curve->room ? 2 * curve->room : 64;
    double *t = ARENA_NEW(arena, room, double), *x = ARENA_NEW(arena, room, double);
    if (!t || !x) return false;
    if (curve->n) {
        memcpy(t, curve->t, curve->n * sizeof *t);
        memcpy(x, curve->x, curve->n * sizeof *x);
    }
    curve->t = t;
    curve->x = x;
    curve->room = room;
    return true;
}

void knot(struct tracks *tracks, enum channel channel, double t_s, double x)
{
    struct curve *curve = &tracks->curve[channel];
    if (curve->n && t_s <= curve->t[curve->n - 1]) return;
    if (curve->n == curve->room && !make_room(tracks->arena, curve)) {
        tracks->no_memory = true;
        return;
    }
    curve->t[curve->n] = t_s;
    curve->x[curve->n++] = x;
}

void tracks_sample(const struct tracks *tracks, size_t first, size_t channels,
                   const struct sampling *sampling, double *out)
{
    size_t n = sampling->n;
    double *at = sampling->at, *column = sampling->column;
    for (size_t i = 0; i < n; i++) at[i] = sampling->start_s + (double)i * sampling->step_s;
    for (size_t c = 0; c < channels; c++) {
        const struct curve *curve = &tracks->curve[first + c];
        if (curve->n >= 2) {
            pchip(curve->t, curve->x, curve->n, at, column, n);
        } else {
            double level = curve->n ? curve->x[0] : 0;
            for (size_t i = 0; i < n; i++) column[i] = level;
        }
        for (size_t i = 0; i < n; i++) out[i * channels + c] = column[i];
    }
}
