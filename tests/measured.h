/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MEASURED_H
#define TESTS_MEASURED_H

/* One window with known strides, and any metric of it. */

#include <stdlib.h>
#include <string.h>

#include "gait/measure/measure.h"
#include "near.h"

enum { MEASURED_MOST = 2048 };

struct measured {
    gait_options options;
    struct bout_signal signal;
    struct measure_input in;
    struct body_frame frame;
    gait_stride strides[MEASURED_MOST];
    gait_event events[MEASURED_MOST];
    double value[MEASURED_MOST];
    uint32_t flags[MEASURED_MOST];
    struct arena arena;
};

static inline struct measured *measured_new(gait_placement placement, gait_activity activity,
                                            double rate_hz, const double *accel_g, size_t n)
{
    struct measured *m = calloc(1, sizeof *m);
    assert_non_null(m);
    gait_options_init(&m->options);
    m->options.placement = placement;
    m->signal = (struct bout_signal){.rate_hz = rate_hz,
                                     .n = n,
                                     .accel_g = accel_g,
                                     .bout_end_s = (double)n / rate_hz,
                                     .activity = activity,
                                     .options = &m->options};
    m->in = (struct measure_input){.signal = &m->signal,
                                   .standing_up = {NAN, NAN, NAN},
                                   .strides = m->strides,
                                   .events = m->events};
    return m;
}

static inline void measured_event(struct measured *m, gait_event_type type, gait_side side,
                                  double time_s)
{
    assert_true(m->in.n_events < MEASURED_MOST);
    m->events[m->in.n_events++] =
        (gait_event){.type = type, .side = side, .time_s = time_s, .confidence = 1};
}

static inline void measured_stride(struct measured *m, double start_s, double toe_off_s,
                                   double end_s)
{
    assert_true(m->in.n_strides < MEASURED_MOST);
    m->strides[m->in.n_strides++] =
        (gait_stride){.start_s = start_s, .toe_off_s = toe_off_s, .end_s = end_s, .confidence = 1};
}

static inline void measured_prepare(struct measured *m)
{
    assert_int_equal(measure_prepare(&m->in, &m->frame, &m->arena), GAIT_OK);
}

/* The metric called key, into value and flags; its row. */
static inline const struct metric *measured_metric(struct measured *m, const char *key)
{
    int index = gait_metric_index(key);
    assert_true(index >= 0);
    const struct metric *row = metric_row((size_t)index);
    assert_non_null(row->measure);
    for (size_t i = 0; i < m->in.n_strides; i++) {
        m->value[i] = NAN;
        m->flags[i] = 0;
    }
    struct arena_mark mark = arena_mark(&m->arena);
    assert_int_equal(row->measure(&m->in, m->value, m->flags, &m->arena), GAIT_OK);
    arena_rewind(&m->arena, mark);
    return row;
}

static inline void measured_free(struct measured *m)
{
    arena_free(&m->arena);
    free(m);
}

#endif
