/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_SURVEY_H
#define RECORD_SURVEY_H

#include <gait/recording.h>

#include "record/still.h"

/* Looks at blocks in g as they go out: marks clipped frames, and frames that a device or program
 * wrote in place of data; measures how far still windows are from 1 g. */

struct survey {
    double rate_hz;
    double range_g;      /* full scale; NaN until known */
    int range_stated;    /* not found here */
    double peak_g[3];    /* largest so far, per axis */
    size_t n_at_peak[3]; /* frames that reach exactly it */
    size_t n_plateaus;
    float last[3]; /* frame before the block */
    size_t alike;  /* frames up to it that are the same, itself included */
    int any;
    int clip_goes_on; /* frames of the next block that a plateau at the end of this one marks */
    uint64_t n_clipped, n_filler;
    size_t room;
    uint8_t *marks;
    struct still still;
};

/* range_g: NaN to find out. */
void survey_init(struct survey *survey, double rate_hz, double range_g);
void survey_free(struct survey *survey);

/* Consecutive blocks; the block's marks may then be the survey's, until the next block. */
gait_status survey_block(struct survey *survey, gait_block *block, gait_error *err);

#endif
