/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIGNAL_DOWNSAMPLE_H
#define SIGNAL_DOWNSAMPLE_H

#include <stddef.h>

/* Streaming copy of a three-channel signal at a low rate: a box average to about 200 Hz, then a
 * Hann-windowed sinc. Good to a few per cent up to 0.4 of the low rate, which is what features need
 * and no more. The result does not depend on how the frames are cut. Plain: no clean-up. */

enum { DOWNSAMPLE_MOST_TAPS = 96, DOWNSAMPLE_KERNEL_STEPS = 480 };

struct downsampler {
    double rate_out_hz;
    double stage_hz;                            /* rate after the box average */
    size_t box;                                 /* frames per average */
    size_t taps;                                /* odd; kernel length in stage samples */
    double kernel[DOWNSAMPLE_KERNEL_STEPS + 2]; /* one side, by lag */
    double box_sum[3];
    size_t box_n;
    double ring[DOWNSAMPLE_MOST_TAPS][3];
    double phase_s; /* lag of the oldest tap that the weights are for; NaN: none yet */
    double weights[DOWNSAMPLE_MOST_TAPS]; /* of a full ring, oldest first; they sum to 1 */
    size_t n_stage;                       /* stage samples so far */
    size_t n_out;                         /* low-rate frames told so far */
};

void downsampler_init(struct downsampler *d, double rate_in_hz, double rate_out_hz);

/* Takes n frames; out gets the low-rate frames that they complete, at most n * rate_out / rate_in
 * + 2; how many. */
size_t downsampler_push(struct downsampler *d, const float *frames, size_t n, double (*out)[3]);

/* The frames still owed at the end of the signal, kernel cut off; 0 when all are told. */
size_t downsampler_flush(struct downsampler *d, double out[2][3]);

#endif
