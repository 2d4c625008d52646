/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_TEMPLATE_H
#define GAIT_TEMPLATE_H

#include <gait/error.h>

#include "base/arena.h"

/* A stride drawn as a few bumps, and where in a recording it is found: a matched filter that
 * stretches the drawing to the period at each place. */

enum { TEMPLATE_BUMPS = 4, TEMPLATE_CHANNELS = 3 };

/* height * exp(-((phase - at) / width)^2 / 2); phase in strides, 0 at foot strike. */
struct bump {
    double at, width, height;
};

/* One channel: base plus its bumps; those of width 0 are not drawn. */
struct drawing {
    double base;
    struct bump bump[TEMPLATE_BUMPS];
    double weight; /* of the channel among the others */
};

struct stride_template {
    double from_phase, to_phase;
    struct drawing channel[TEMPLATE_CHANNELS];
};

double drawing_at(const struct drawing *drawing, double phase);

/* Features of a recording: channel by channel, each n values, mean 0 and standard deviation 1. */
struct features {
    size_t n;
    double rate_hz;
    const double *channel[TEMPLATE_CHANNELS];
};

/* The period around each place: entry k holds for [k, k + 1) * hop_s, the last one ever after. */
struct period_track {
    size_t n;
    double hop_s;
    const double *period_s;
};

double period_at(const struct period_track *track, double time_s);

/* The least share of the template that must lie inside the recording. */
#define TEMPLATE_LEAST_SHARE 0.4

/* Correlation, not centred, of the template with the features around every sample, over what was
 * recorded of it: score[features->n], -1 where that is too little. */
gait_status template_match(const struct stride_template *template, const struct features *features,
                           const struct period_track *period, double *score, struct arena *tmp);

#endif
