/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/ensemble.h"

#include <math.h>

#include "base/hot.h"

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
HOT_PART void lagrange(double u, double weight[4])
{
    double before = u + 1, after = u - 1, far = u - 2;
    weight[0] = -u * after * far / 6;
    weight[1] = before * after * far / 2;
    weight[2] = -before * u * far / 2;
    weight[3] = before * u * after / 6;
}

/* One frame between samples i and i + 1, the ends of the track going on for ever. */
static void read_near_end(const struct track *track, ptrdiff_t i, const double weight[4],
                          double *out)
{
    size_t channels = track->channels;
    for (size_t c = 0; c < channels; c++) {
        out[c] = 0;
        for (int k = 0; k < 4; k++)
            out[c] += weight[k] * track->x[clamped(i + k - 1, track->n) * channels + c];
    }
}

HOT_PART void read_inside(const double *x, size_t channels, const double weight[4], double *out)
{
    for (size_t c = 0; c < channels; c++)
        out[c] = weight[0] * x[c] + weight[1] * x[c + channels] + weight[2] * x[c + 2 * channels] +
                 weight[3] * x[c + 3 * channels];
}

/* Successive samples: one filter over all of them. */
HOT static void read_run(const double *x, size_t channels, const double weight[4], double *out,
                         size_t m)
{
    const double *x1 = x + channels, *x2 = x1 + channels, *x3 = x2 + channels;
    double a = weight[0], b = weight[1], c = weight[2], d = weight[3];
    for (size_t k = 0; k < m * channels; k++) out[k] = a * x[k] + b * x1[k] + c * x2[k] + d * x3[k];
}

/* m frames that lie whole samples apart, so that all have the same weights; `spacing` frames apart
 * in out. */
static void read_comb(const struct track *track, double at, ptrdiff_t advance, double *out,
                      size_t spacing, size_t m)
{
    double whole = floor(fmin(fmax(at, -1e9), 1e9)), weight[4];
    size_t channels = track->channels;
    lagrange(fmin(fmax(at - whole, 0), 1), weight);
    ptrdiff_t i = (ptrdiff_t)whole, last = (ptrdiff_t)track->n - 3;
    for (size_t j = 0; j < m; j++, i += advance, out += spacing * channels) {
        const double *x = track->x + channels * (size_t)(i > 0 ? i - 1 : 0);
        if (i < 1 || i > last) {
            read_near_end(track, i, weight, out);
        } else if (advance == 1 && spacing == 1) {
            size_t left = m - j, inside = (size_t)(last - i) + 1,
                   run = left < inside ? left : inside;
            read_run(x, channels, weight, out, run);
            j += run - 1;
            i += (ptrdiff_t)run - 1;
            out += (run - 1) * channels;
        } else {
            read_inside(x, channels, weight, out);
        }
    }
}

/* m frames that have nothing in common; a number of channels that the compiler knows is faster. */
HOT static void read_each(const struct track *track, double at, double step, double *out, size_t m)
{
    size_t channels = track->channels;
    ptrdiff_t last = (ptrdiff_t)track->n - 3;
    for (size_t k = 0; k < m; k++, out += channels) {
        double here = at + (double)k * step, weight[4];
        double whole = floor(fmin(fmax(here, -1e9), 1e9));
        ptrdiff_t i = (ptrdiff_t)whole;
        lagrange(fmin(fmax(here - whole, 0), 1), weight);
        if (i < 1 || i > last)
            read_near_end(track, i, weight, out);
        else if (channels == 4)
            read_inside(track->x + 4 * (size_t)(i - 1), 4, weight, out);
        else
            read_inside(track->x + channels * (size_t)(i - 1), channels, weight, out);
    }
}

void track_read(const struct track *track, double from_s, double step_s, double *out, size_t m)
{
    enum { MOST_COMBS = 4 };
    double at = from_s * track->rate_hz, step = step_s * track->rate_hz;
    size_t combs = 1;
    while (combs <= MOST_COMBS && fabs((double)combs * step - round((double)combs * step)) > 1e-9)
        combs++;
    if (combs > MOST_COMBS) {
        read_each(track, at, step, out, m);
        return;
    }
    ptrdiff_t advance = (ptrdiff_t)round((double)combs * step);
    for (size_t k = 0; k < combs && k < m; k++)
        read_comb(track, at + (double)k * step, advance, out + k * track->channels, combs,
                  (m - k + combs - 1) / combs);
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
