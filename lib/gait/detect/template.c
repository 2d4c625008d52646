/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/template.h"

#include <math.h>
#include <stddef.h>

#include "base/hot.h"

double drawing_at(const struct drawing *drawing, double phase)
{
    double sum = drawing->base;
    for (int k = 0; k < TEMPLATE_BUMPS; k++) {
        const struct bump *bump = &drawing->bump[k];
        if (bump->width <= 0) continue;
        double z = (phase - bump->at) / bump->width;
        sum += bump->height * exp(-0.5 * z * z);
    }
    return sum;
}

static size_t hop_at(const struct period_track *track, double time_s)
{
    double k = fmax(floor(time_s / track->hop_s), 0);
    return k < (double)track->n ? (size_t)k : track->n - 1;
}

double period_at(const struct period_track *track, double time_s)
{
    return track->period_s[hop_at(track, time_s)];
}

/* The template at the features' rate for one period. */
struct drawn {
    ptrdiff_t first, last; /* offsets in samples */
    size_t n;
    double *value[TEMPLATE_CHANNELS];
    double *energy_before; /* n + 1: of the first k offsets, all channels */
};

static int draw(const struct stride_template *template, double samples_per_stride,
                struct drawn *drawn, struct arena *tmp)
{
    drawn->first = (ptrdiff_t)floor(template->from_phase * samples_per_stride + 0.5);
    drawn->last = (ptrdiff_t)floor(template->to_phase * samples_per_stride + 0.5);
    drawn->n = (size_t)(drawn->last - drawn->first) + 1;
    drawn->energy_before = ARENA_ZNEW(tmp, drawn->n + 1, double);
    if (!drawn->energy_before) return 0;
    for (size_t c = 0; c < TEMPLATE_CHANNELS; c++) {
        const struct drawing *channel = &template->channel[c];
        double *value = ARENA_NEW(tmp, drawn->n, double);
        if (!value) return 0;
        for (size_t j = 0; j < drawn->n; j++) {
            double offset = (double)drawn->first + (double)j;
            value[j] = channel->weight * drawing_at(channel, offset / samples_per_stride);
            drawn->energy_before[j + 1] += value[j] * value[j];
        }
        drawn->value[c] = value;
    }
    for (size_t j = 0; j < drawn->n; j++) drawn->energy_before[j + 1] += drawn->energy_before[j];
    return 1;
}

/* Samples [from, to) that share one period. */
struct span {
    size_t from, to;
};

/* sum[i - from] += template times features around i, what is not recorded left out. */
HOT static void add_products(const struct drawn *drawn, const struct features *f, struct span span,
                             const double *weight, double *sum)
{
    for (size_t j = 0; j < drawn->n; j++) {
        ptrdiff_t offset = drawn->first + (ptrdiff_t)j;
        ptrdiff_t from = (ptrdiff_t)span.from, to = (ptrdiff_t)span.to;
        if (from + offset < 0) from = -offset;
        if (to + offset > (ptrdiff_t)f->n) to = (ptrdiff_t)f->n - offset;
        if (from >= to) continue;
        double a = weight[0] * drawn->value[0][j];
        double b = weight[1] * drawn->value[1][j];
        double c = weight[2] * drawn->value[2][j];
        const double *x = f->channel[0] + (from + offset);
        const double *y = f->channel[1] + (from + offset);
        const double *z = f->channel[2] + (from + offset);
        double *out = sum + (from - (ptrdiff_t)span.from);
        for (ptrdiff_t i = 0; i < to - from; i++) out[i] += a * x[i] + b * y[i] + c * z[i];
    }
}

/* energy_before[k]: of the first k samples of the features, weighted. */
static double *feature_energy(const struct stride_template *template, const struct features *f,
                              struct arena *tmp)
{
    double *energy = ARENA_ZNEW(tmp, f->n + 1, double);
    if (!energy) return NULL;
    for (size_t i = 0; i < f->n; i++) {
        energy[i + 1] = energy[i];
        for (size_t c = 0; c < TEMPLATE_CHANNELS; c++) {
            double x = template->channel[c].weight * f->channel[c][i];
            energy[i + 1] += x * x;
        }
    }
    return energy;
}

static void normalise(const struct drawn *drawn, const double *energy, size_t n, struct span span,
                      double *score)
{
    for (size_t i = span.from; i < span.to; i++) {
        ptrdiff_t at = (ptrdiff_t)i;
        ptrdiff_t lo = at + drawn->first < 0 ? -at : drawn->first;
        ptrdiff_t hi = at + drawn->last >= (ptrdiff_t)n ? (ptrdiff_t)n - 1 - at : drawn->last;
        double share = (double)(hi - lo + 1) / (double)drawn->n;
        if (share < TEMPLATE_LEAST_SHARE) {
            score[i] = -1;
            continue;
        }
        double of_features = energy[at + hi + 1] - energy[at + lo];
        double of_template =
            drawn->energy_before[hi - drawn->first + 1] - drawn->energy_before[lo - drawn->first];
        score[i] /= sqrt(of_features * of_template + 1e-9);
    }
}

gait_status template_match(const struct stride_template *template, const struct features *features,
                           const struct period_track *period, double *score, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    double *energy = feature_energy(template, features, tmp);
    if (!energy) return GAIT_NOMEM;
    double weight[TEMPLATE_CHANNELS];
    for (size_t c = 0; c < TEMPLATE_CHANNELS; c++) weight[c] = template->channel[c].weight;
    for (size_t i = 0; i < features->n; i++) score[i] = 0;
    for (struct span span = {0, 0}; span.from < features->n; span.from = span.to) {
        size_t hop = hop_at(period, (double)span.from / features->rate_hz);
        span.to = span.from + 1;
        while (span.to < features->n && hop_at(period, (double)span.to / features->rate_hz) == hop)
            span.to++;
        struct arena_mark inner = arena_mark(tmp);
        struct drawn drawn;
        if (!draw(template, period->period_s[hop] * features->rate_hz, &drawn, tmp))
            return GAIT_NOMEM;
        add_products(&drawn, features, span, weight, score + span.from);
        normalise(&drawn, energy, features->n, span, score);
        arena_rewind(tmp, inner);
    }
    arena_rewind(tmp, mark);
    return GAIT_OK;
}
