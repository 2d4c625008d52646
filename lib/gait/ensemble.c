/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/ensemble.h"

#include <math.h>

double row_time_s(const struct row *row, double index)
{
    return row->from_s + index * row->step_s;
}

size_t row_index(const struct row *row, double time_s)
{
    double at = floor((time_s - row->from_s) / row->step_s + 0.5);
    return (size_t)fmin(fmax(at, 0), (double)(row->n - 1));
}

double track_end_s(const struct track *track)
{
    return (double)(track->n - 1) / track->rate_hz;
}

static size_t clamped(ptrdiff_t i, size_t n)
{
    if (i < 0) return 0;
    return (size_t)i < n ? (size_t)i : n - 1;
}

/* Lagrange's weights of the samples -1, 0, 1, 2 for a place u in [0, 1] behind sample 0. */
static void lagrange(double u, double weight[4])
{
    double before = u + 1, after = u - 1, far = u - 2;
    weight[0] = -u * after * far / 6;
    weight[1] = before * after * far / 2;
    weight[2] = -before * u * far / 2;
    weight[3] = before * u * after / 6;
}

static void read_frame(const struct track *track, double at, double *out)
{
    double whole = floor(at), weight[4];
    size_t channels = track->channels;
    ptrdiff_t i = (ptrdiff_t)whole;
    lagrange(at - whole, weight);
    if (i >= 1 && (size_t)i + 2 < track->n) {
        const double *x = track->x + (size_t)(i - 1) * channels;
        for (size_t c = 0; c < channels; c++)
            out[c] = weight[0] * x[c] + weight[1] * x[c + channels] +
                     weight[2] * x[c + 2 * channels] + weight[3] * x[c + 3 * channels];
        return;
    }
    for (size_t c = 0; c < channels; c++) {
        out[c] = 0;
        for (int k = 0; k < 4; k++)
            out[c] += weight[k] * track->x[clamped(i + k - 1, track->n) * channels + c];
    }
}

void track_read(const struct track *track, double from_s, double step_s, double *out, size_t m)
{
    double last = (double)(track->n - 1);
    for (size_t j = 0; j < m; j++) {
        double at = (from_s + (double)j * step_s) * track->rate_hz;
        read_frame(track, fmin(fmax(at, 0), last), out + j * track->channels);
    }
}

static int lies_inside(const struct track *track, double event_s, const struct row *row)
{
    return event_s + row->from_s >= 0 &&
           event_s + row_time_s(row, (double)(row->n - 1)) <= track_end_s(track);
}

void ensemble_mean(const struct track *track, const double *event_s, size_t n_events,
                   const struct row *row, double *out, double *one)
{
    size_t n_values = row->n * track->channels, n_inside = 0, n_used = 0;
    for (size_t k = 0; k < n_events; k++) n_inside += (size_t)lies_inside(track, event_s[k], row);
    for (size_t i = 0; i < n_values; i++) out[i] = 0;
    for (size_t k = 0; k < n_events; k++) {
        if (n_inside >= 2 && !lies_inside(track, event_s[k], row)) continue;
        track_read(track, event_s[k] + row->from_s, row->step_s, one, row->n);
        for (size_t i = 0; i < n_values; i++) out[i] += one[i];
        n_used++;
    }
    for (size_t i = 0; i < n_values; i++) out[i] /= (double)n_used;
}
