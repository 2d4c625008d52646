/* SPDX-License-Identifier: BSD-3-Clause */

/* How stiff the body is on its way down and up, from times alone. */

#include <math.h>

#include "gait/measure/measure.h"
#include "gait/measure/spring.h"

static double stiffness_bw_per_m(double contact_s, double step_s)
{
    struct spring spring = spring_of(contact_s, step_s);
    return spring.sink_m > 0 ? spring.force_bw / spring.sink_m : (double)NAN;
}

static gait_status measure(const struct measure_input *in, double *value, uint32_t *flags,
                           struct arena *tmp)
{
    (void)tmp;
    for (size_t k = 0; k < in->n_strides; k++) {
        const gait_stride *stride = &in->strides[k];
        double step_s = 0.5 * (stride->end_s - stride->start_s);
        double contact_s = stride->toe_off_s - stride->start_s;
        if (isnan(contact_s)) {
            flags[k] |= GAIT_FLAG_NO_EVENT;
        } else if (contact_s >= step_s) {
            flags[k] |= GAIT_FLAG_GROUNDED; /* no flight, no such spring */
        } else {
            value[k] = stiffness_bw_per_m(contact_s, step_s);
        }
    }
    return GAIT_OK;
}

const struct metric metric_vertical_stiffness = {
    .pub = {.key = "vertical_stiffness_bw_per_m",
            .unit = "bw/m",
            .label = "Vertical stiffness",
            .definition = "Largest force over how far the trunk sinks, in body weights per metre, "
                          "for half a sine of force in contact and free flight, from contact and "
                          "step time; for following one person on level ground, not on slopes.",
            .source = "Morin et al. 2005, J Appl Biomech 21:167; Meyer et al. 2023, doi "
                      "10.1055/a-2044-4805 (slopes)",
            .placements = AT(GAIT_FOOT) | AT(GAIT_SHANK) | AT(GAIT_SACRUM) | AT(GAIT_WAIST),
            .activities = DURING(GAIT_RUN),
            .min_rate_hz = 45,
            .resolution = 1,
            .low = 5,
            .high = 250,
            .minimal_change_percent = 8},
    .measure = measure,
};
