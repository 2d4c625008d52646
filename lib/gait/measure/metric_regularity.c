/* SPDX-License-Identifier: BSD-3-Clause */

/* How alike the steps and strides of a trunk are. */

#include <math.h>

#include "gait/measure/measure.h"

#define TRUNK    (AT(GAIT_SACRUM) | AT(GAIT_WAIST))
#define ANY_GAIT (DURING(GAIT_WALK) | DURING(GAIT_RUN))

enum { FORWARD, UP, RIGHT };

/* 0 if a body axis that is needed was not found. */
static int axis_is_known(const struct measure_input *in, int axis, uint32_t *flags)
{
    if (in->body_g && (in->frame->known >> axis & 1)) return 1;
    for (size_t i = 0; i < in->n_strides; i++) flags[i] |= GAIT_FLAG_NO_ALIGNMENT;
    return 0;
}

enum likeness { ONE_STEP, ONE_STRIDE, STEP_OVER_STRIDE };

static double likeness_of(const struct regularity *r, int axis, enum likeness what)
{
    if (what == ONE_STEP) return r->step[axis];
    if (what == ONE_STRIDE) return r->stride[axis];
    return r->stride[axis] > 0 ? r->step[axis] / r->stride[axis] : (double)NAN;
}

static gait_status likeness(const struct measure_input *in, int axis, enum likeness what,
                            double *value, uint32_t *flags)
{
    if (!axis_is_known(in, axis, flags)) return GAIT_OK;
    for (size_t i = 0; i < in->n_strides; i++) {
        value[i] = likeness_of(&in->regularities[i], axis, what);
        flags[i] |= in->regularities[i].likeness_flags;
        if (isnan(value[i]) && !isnan(in->regularities[i].stride[axis]))
            flags[i] |= GAIT_FLAG_IMPLAUSIBLE;
    }
    return GAIT_OK;
}

#define LIKENESS(name, axis, what) \
    static gait_status name(const struct measure_input *in, double *value, uint32_t *flags, \
                            struct arena *tmp) \
    { \
        (void)tmp; \
        return likeness(in, axis, what, value, flags); \
    }

LIKENESS(step_regularity, UP, ONE_STEP)
LIKENESS(stride_regularity, UP, ONE_STRIDE)
LIKENESS(step_symmetry, UP, STEP_OVER_STRIDE)
LIKENESS(step_regularity_forward, FORWARD, ONE_STEP)
LIKENESS(stride_regularity_forward, FORWARD, ONE_STRIDE)
LIKENESS(step_symmetry_forward, FORWARD, STEP_OVER_STRIDE)

static gait_status harmonic_ratio(const struct measure_input *in, int axis, double *value,
                                  uint32_t *flags)
{
    if (!axis_is_known(in, axis, flags)) return GAIT_OK;
    for (size_t i = 0; i < in->n_strides; i++) {
        value[i] = in->regularities[i].harmonic_ratio[axis];
        flags[i] |= in->regularities[i].harmonics_flags;
    }
    return GAIT_OK;
}

static gait_status ratio_vertical(const struct measure_input *in, double *value, uint32_t *flags,
                                  struct arena *tmp)
{
    (void)tmp;
    return harmonic_ratio(in, UP, value, flags);
}

static gait_status ratio_forward(const struct measure_input *in, double *value, uint32_t *flags,
                                 struct arena *tmp)
{
    (void)tmp;
    return harmonic_ratio(in, FORWARD, value, flags);
}

static gait_status ratio_sideways(const struct measure_input *in, double *value, uint32_t *flags,
                                  struct arena *tmp)
{
    (void)tmp;
    return harmonic_ratio(in, RIGHT, value, flags);
}

static gait_status entropy_forward(const struct measure_input *in, double *value, uint32_t *flags,
                                   struct arena *tmp)
{
    (void)tmp;
    if (!axis_is_known(in, FORWARD, flags)) return GAIT_OK;
    for (size_t i = 0; i < in->n_strides; i++) {
        value[i] = in->regularities[i].entropy_forward;
        flags[i] |= in->regularities[i].entropy_flags;
    }
    return GAIT_OK;
}

#define LIKENESS_SOURCE \
    "Moe-Nilssen and Helbostad 2004, J Biomech 37:121, doi 10.1016/S0021-9290(03)00233-1"
#define RATIO_SOURCE "Menz, Lord and Fitzpatrick 2003, Gait Posture 18:35"

const struct metric metric_step_regularity = {
    .pub = {.key = "step_regularity",
            .unit = "1",
            .label = "Step regularity",
            .definition =
                "Unbiased autocorrelation of the vertical acceleration one step later, "
                "over 20 to 40 s around the stride: 1 where every step is like the one before.",
            .source = LIKENESS_SOURCE,
            .placements = TRUNK,
            .activities = ANY_GAIT,
            .min_rate_hz = 45,
            .resolution = 0.02,
            .low = -0.2,
            .high = 1.05,
            .minimal_change_percent = 10},
    .measure = step_regularity,
};

const struct metric metric_stride_regularity = {
    .pub = {.key = "stride_regularity",
            .unit = "1",
            .label = "Stride regularity",
            .definition =
                "Unbiased autocorrelation of the vertical acceleration one stride later, "
                "over 20 to 40 s around the stride: 1 where every stride is like the one before.",
            .source = LIKENESS_SOURCE,
            .placements = TRUNK,
            .activities = ANY_GAIT,
            .min_rate_hz = 45,
            .resolution = 0.02,
            .low = -0.2,
            .high = 1.05,
            .minimal_change_percent = 10},
    .measure = stride_regularity,
};

const struct metric metric_step_symmetry = {
    .pub = {.key = "step_symmetry",
            .unit = "1",
            .label = "Step symmetry",
            .definition = "Step regularity over stride regularity of the vertical acceleration: 1 "
                          "where a step is as like the next as a stride is, less in a limp.",
            .source = LIKENESS_SOURCE,
            .placements = TRUNK,
            .activities = ANY_GAIT,
            .min_rate_hz = 45,
            .resolution = 0.02,
            .low = -1.5,
            .high = 2,
            .minimal_change_percent = 10},
    .measure = step_symmetry,
};

const struct metric metric_step_regularity_ap = {
    .pub = {.key = "step_regularity_ap",
            .unit = "1",
            .label = "Step regularity, forward",
            .definition = "Unbiased autocorrelation of the forward acceleration one step later, "
                          "over 20 to 40 s around the stride.",
            .source = "Moe-Nilssen and Helbostad 2004, doi 10.1016/S0021-9290(03)00233-1; less in "
                      "tired runners: Schuette et al. 2015, doi 10.1371/journal.pone.0141957",
            .placements = TRUNK,
            .activities = ANY_GAIT,
            .min_rate_hz = 45,
            .resolution = 0.02,
            .low = -1.05,
            .high = 1.05,
            .minimal_change_percent = 15},
    .measure = step_regularity_forward,
};

const struct metric metric_stride_regularity_ap = {
    .pub = {.key = "stride_regularity_ap",
            .unit = "1",
            .label = "Stride regularity, forward",
            .definition = "Unbiased autocorrelation of the forward acceleration one stride later, "
                          "over 20 to 40 s around the stride.",
            .source = LIKENESS_SOURCE,
            .placements = TRUNK,
            .activities = ANY_GAIT,
            .min_rate_hz = 45,
            .resolution = 0.02,
            .low = -0.5,
            .high = 1.05},
    .measure = stride_regularity_forward,
};

const struct metric metric_step_symmetry_ap = {
    .pub = {.key = "step_symmetry_ap",
            .unit = "1",
            .label = "Step symmetry, forward",
            .definition = "Step regularity over stride regularity of the forward acceleration.",
            .source = LIKENESS_SOURCE,
            .placements = TRUNK,
            .activities = ANY_GAIT,
            .min_rate_hz = 45,
            .resolution = 0.02,
            .low = -1.5,
            .high = 2},
    .measure = step_symmetry_forward,
};

const struct metric metric_harmonic_ratio_v = {
    .pub = {.key = "harmonic_ratio_v",
            .unit = "1",
            .label = "Harmonic ratio, vertical",
            .definition = "Even over odd harmonics 1 to 20 of the stride in the vertical "
                          "acceleration: how much of it repeats with each step; the higher, the "
                          "more even the steps.",
            .source = RATIO_SOURCE,
            .placements = TRUNK,
            .activities = ANY_GAIT,
            .min_rate_hz = 45,
            .resolution = 0.1,
            .low = 0.2,
            .high = 60,
            .minimal_change_percent = 30},
    .measure = ratio_vertical,
};

const struct metric metric_harmonic_ratio_ap = {
    .pub = {.key = "harmonic_ratio_ap",
            .unit = "1",
            .label = "Harmonic ratio, forward",
            .definition = "Even over odd harmonics 1 to 20 of the stride in the forward "
                          "acceleration: how much of it repeats with each step; the higher, the "
                          "more even the steps.",
            .source = RATIO_SOURCE,
            .placements = TRUNK,
            .activities = ANY_GAIT,
            .min_rate_hz = 45,
            .resolution = 0.1,
            .low = 0.2,
            .high = 60,
            .minimal_change_percent = 30},
    .measure = ratio_forward,
};

const struct metric metric_harmonic_ratio_ml = {
    .pub = {.key = "harmonic_ratio_ml",
            .unit = "1",
            .label = "Harmonic ratio, sideways",
            .definition = "Odd over even harmonics 1 to 20 of the stride in the sideways "
                          "acceleration: how much of it changes sign with each step; the higher, "
                          "the more even the steps.",
            .source = RATIO_SOURCE,
            .placements = TRUNK,
            .activities = ANY_GAIT,
            .min_rate_hz = 45,
            .resolution = 0.1,
            .low = 0.05,
            .high = 60,
            .minimal_change_percent = 30},
    .measure = ratio_sideways,
};

const struct metric metric_sample_entropy_ap = {
    .pub = {.key = "sample_entropy_ap",
            .unit = "1",
            .label = "Sample entropy, forward",
            .definition = "How little the forward acceleration between 0.5 and 20 Hz repeats "
                          "itself, less being more regular: sample entropy of 2000 points at 100 "
                          "Hz, templates of two, "
                          "tolerance 0.2 standard deviations, from the first 20 s of the minute.",
            .source = "Richman and Moorman 2000, Am J Physiol 278:H2039; Schuette et al. 2015, doi "
                      "10.1371/journal.pone.0141957",
            .placements = TRUNK,
            .activities = ANY_GAIT,
            .min_rate_hz = 45,
            .resolution = 0.02,
            .low = 0.02,
            .high = 3,
            .minimal_change_percent = 20},
    .measure = entropy_forward,
};
