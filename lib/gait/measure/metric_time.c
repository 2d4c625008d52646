/* SPDX-License-Identifier: BSD-3-Clause */

/* Times of the stride, from its events alone. */

#include <math.h>

#include "base/fail.h"
#include "gait/measure/measure.h"
#include "gait/detect/strides.h"
#include "signal/stats.h"

#define LIMBS      (AT(GAIT_FOOT) | AT(GAIT_SHANK))
#define TRUNK      (AT(GAIT_SACRUM) | AT(GAIT_WAIST))
#define ANY_GAIT   (DURING(GAIT_WALK) | DURING(GAIT_RUN))
#define FROM_EVENT "own; from foot strikes and toe-offs"

static double duration_s(const gait_stride *stride)
{
    return stride->end_s - stride->start_s;
}

static double contact_s(const gait_stride *stride)
{
    return stride->toe_off_s - stride->start_s;
}

/* A sensor on one limb does not see the other foot: half a stride stands for its step. */
static double step_s(const struct measure_input *in, const gait_stride *stride)
{
    if (placement_is_limb(in->signal->options->placement)) return duration_s(stride) / 2;
    return stride_middle_s(in->events, in->n_events, stride) - stride->start_s;
}

static gait_status stride_time(const struct measure_input *in, double *value, uint32_t *flags,
                               struct arena *tmp)
{
    (void)flags, (void)tmp;
    for (size_t i = 0; i < in->n_strides; i++) value[i] = duration_s(&in->strides[i]);
    return GAIT_OK;
}

static gait_status step_time(const struct measure_input *in, double *value, uint32_t *flags,
                             struct arena *tmp)
{
    (void)flags, (void)tmp;
    for (size_t i = 0; i < in->n_strides; i++) value[i] = step_s(in, &in->strides[i]);
    return GAIT_OK;
}

static gait_status contact_time(const struct measure_input *in, double *value, uint32_t *flags,
                                struct arena *tmp)
{
    (void)tmp;
    for (size_t i = 0; i < in->n_strides; i++) {
        value[i] = contact_s(&in->strides[i]);
        if (isnan(value[i])) flags[i] |= GAIT_FLAG_NO_EVENT;
    }
    return GAIT_OK;
}

static gait_status flight_time(const struct measure_input *in, double *value, uint32_t *flags,
                               struct arena *tmp)
{
    (void)tmp;
    for (size_t i = 0; i < in->n_strides; i++) {
        value[i] = step_s(in, &in->strides[i]) - contact_s(&in->strides[i]);
        if (value[i] <= 0) flags[i] |= GAIT_FLAG_GROUNDED;
    }
    return GAIT_OK;
}

static gait_status duty_factor(const struct measure_input *in, double *value, uint32_t *flags,
                               struct arena *tmp)
{
    (void)flags, (void)tmp;
    for (size_t i = 0; i < in->n_strides; i++)
        value[i] = contact_s(&in->strides[i]) / duration_s(&in->strides[i]);
    return GAIT_OK;
}

/* Cadence of the spectrum at a time, on the line through its neighbours; NaN if there was no
 * period.
 */
static double spectral_cadence(const struct measure_input *in, double time_s)
{
    const double *at_s = in->cadence_time_s, *cadence = in->cadence_steps_per_min;
    size_t next = 0, last = in->n_cadence;
    if (last == 0) return NAN;
    while (next < last && at_s[next] < time_s) next++;
    if (next == 0) return cadence[0];
    if (next == last) return cadence[last - 1];
    double share = (time_s - at_s[next - 1]) / (at_s[next] - at_s[next - 1]);
    if (isnan(cadence[next]) || isnan(cadence[next - 1])) return cadence[next - (share < 0.5)];
    return cadence[next - 1] + share * (cadence[next] - cadence[next - 1]);
}

/* Half of what the spectrum looks at. */
static const double cadence_reach_s = 5;

/* Cadence of the strides around one: by the middle one of their times, which a stride that missed
 * an event does not move. */
static gait_status stride_cadence(const struct measure_input *in, size_t i, double *cadence,
                                  struct arena *tmp)
{
    const gait_stride *stride = in->strides;
    size_t from = i, to = i + 1, n = 0;
    while (from > 0 && stride[i].start_s - stride[from - 1].start_s <= cadence_reach_s) from--;
    while (to < in->n_strides && stride[to].start_s - stride[i].start_s <= cadence_reach_s) to++;
    struct arena_mark mark = arena_mark(tmp);
    double *time_s = ARENA_NEW(tmp, to - from, double);
    if (!time_s) return GAIT_NOMEM;
    for (size_t k = from; k < to; k++) time_s[n++] = duration_s(&stride[k]);
    *cadence = 120 / median_inplace(time_s, n);
    arena_rewind(tmp, mark);
    return GAIT_OK;
}

/* A belt jogs about and a shoe is struck hard, so that their events mark the steps less evenly than
 * the steps are; a shank's do not. */
static gait_status cadence(const struct measure_input *in, double *value, uint32_t *flags,
                           struct arena *tmp)
{
    (void)flags;
    int by_strides = in->signal->options->placement == GAIT_SHANK;
    for (size_t i = 0; i < in->n_strides; i++) {
        const gait_stride *stride = &in->strides[i];
        double middle_s = 0.5 * (stride->start_s + stride->end_s);
        value[i] = by_strides ? (double)NAN : spectral_cadence(in, middle_s);
        if (isnan(value[i])) TRY(stride_cadence(in, i, &value[i], tmp));
    }
    return GAIT_OK;
}

const struct metric metric_stride_time = {
    .pub = {.key = "stride_time_s",
            .unit = "s",
            .label = "Stride time",
            .definition = "From one foot strike to the next of the same foot.",
            .source = FROM_EVENT,
            .placements = LIMBS | TRUNK,
            .activities = ANY_GAIT,
            .min_rate_hz = 24,
            .resolution = 0.005,
            .low = 0.4,
            .high = 2.5,
            .minimal_change_percent = 2},
    .measure = stride_time,
    .survives_low_confidence = 1,
};

const struct metric metric_step_time = {
    .pub = {.key = "step_time_s",
            .unit = "s",
            .label = "Step time",
            .definition = "From one foot strike to the next of the other foot.",
            .source = FROM_EVENT,
            .placements = TRUNK,
            .activities = ANY_GAIT,
            .min_rate_hz = 45,
            .resolution = 0.01,
            .low = 0.2,
            .high = 1.3,
            .minimal_change_percent = 2},
    .measure = step_time,
};

const struct metric metric_contact_time = {
    .pub = {.key = "contact_time_s",
            .unit = "s",
            .label = "Contact time",
            .definition = "From foot strike to toe-off of the same foot.",
            .source = FROM_EVENT,
            .placements = LIMBS | TRUNK,
            .activities = ANY_GAIT,
            .min_rate_hz = 45,
            .resolution = 0.01,
            .low = 0.08,
            .high = 1.6,
            .minimal_change_percent = 4},
    .measure = contact_time,
};

const struct metric metric_flight_time = {
    .pub = {.key = "flight_time_s",
            .unit = "s",
            .label = "Flight time",
            .definition =
                "Step time minus contact time; with a sensor on one limb the step is half "
                "the stride. Negative when both feet are on the ground.",
            .source = "own; Morin et al. 2005, J Appl Biomech 21:167, for flight = step - contact",
            .placements = LIMBS | TRUNK,
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 45,
            .resolution = 0.015,
            .low = -0.15,
            .high = 0.3},
    .measure = flight_time,
};

const struct metric metric_duty_factor = {
    .pub = {.key = "duty_factor",
            .unit = "1",
            .label = "Duty factor",
            .definition = "Share of the stride during which the foot is on the ground.",
            .source = FROM_EVENT,
            .placements = LIMBS | TRUNK,
            .activities = ANY_GAIT,
            .min_rate_hz = 45,
            .resolution = 0.015,
            .low = 0.15,
            .high = 0.85,
            .minimal_change_percent = 4},
    .measure = duty_factor,
};

const struct metric metric_cadence = {
    .pub = {.key = "cadence_steps_per_min",
            .unit = "1/min",
            .label = "Cadence",
            .definition = "Steps of both feet per minute in the 10 s around: on a shank from the "
                          "stride times, elsewhere from the spectrum.",
            .source = "own",
            .placements = LIMBS | TRUNK,
            .activities = ANY_GAIT,
            .min_rate_hz = 24,
            .resolution = 1,
            .low = 40,
            .high = 260,
            .minimal_change_percent = 2},
    .measure = cadence,
    .survives_low_confidence = 1,
};
