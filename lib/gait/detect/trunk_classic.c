/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/trunk_classic.h"

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "signal/stats.h"

size_t trunk_classic_from(const struct trunk_classic *in, size_t k)
{
    double early = (double)in->apex[k].at - in->apex[k].period;
    size_t from = early > 0 ? (size_t)early : 0;
    return k > 0 && in->apex[k - 1].at > from ? in->apex[k - 1].at : from;
}

const double *trunk_classic_low(const struct trunk_classic *in, const double *x, double cutoff_hz)
{
    return smoothed(x, in->n, fmin(cutoff_hz, 0.4 * in->rate_hz), in->rate_hz, in->tmp);
}

gait_event trunk_classic_event(gait_event_type type, double time_s, double sd_s)
{
    return (gait_event){.type = type,
                        .time_s = time_s,
                        .uncertainty_s = sd_s,
                        .confidence = erf(0.05 / (sd_s * sqrt(2)))};
}

static gait_status find_forward(const struct trunk *trunk, struct trunk_classic *out)
{
    struct heading heading;
    TRY(heading_find(trunk, &heading, out->tmp));
    if (heading.clearness <= 0) return GAIT_OK;
    double *forward_g = ARENA_NEW(out->tmp, out->n, double);
    if (!forward_g) return GAIT_NOMEM;
    for (size_t i = 0; i < out->n; i++)
        forward_g[i] = vec_dot(trunk->signal->accel_g + 3 * i, heading.forward);
    double mean_g = mean(forward_g, out->n);
    for (size_t i = 0; i < out->n; i++) forward_g[i] -= mean_g;
    out->forward_g = forward_g;
    return GAIT_OK;
}

static gait_status prepare(const struct bout_signal *signal, struct trunk *trunk,
                           struct trunk_classic *out, struct arena *tmp)
{
    struct apex *apex;
    *out = (struct trunk_classic){.n = signal->n, .rate_hz = signal->rate_hz, .tmp = tmp};
    TRY(trunk_prepare(signal, trunk, tmp));
    if (trunk->steps.n == 0 || !trunk->vertical_g) return GAIT_OK;
    out->vertical_g = trunk->vertical_g;
    TRY(find_forward(trunk, out));
    if (!out->forward_g) return GAIT_OK;
    TRY(apexes_find(trunk, &apex, &out->n_apexes, tmp));
    out->apex = apex;
    return GAIT_OK;
}

static gait_status tell(const struct trunk_classic *in, const struct trunk_classic_contact *contact,
                        const double sd_s[2], struct event_list *found, struct arena *keep)
{
    double last = (double)(in->n - 1);
    for (size_t k = 0; k < in->n_apexes; k++) {
        const double at[2] = {contact[k].strike, contact[k].toe_off};
        const gait_event_type type[2] = {GAIT_FOOT_STRIKE, GAIT_TOE_OFF};
        for (size_t e = 0; e < 2; e++) {
            if (!(at[e] >= 0 && at[e] <= last)) continue;
            gait_event event = trunk_classic_event(type[e], at[e] / in->rate_hz, sd_s[e]);
            TRY(event_push(found, &event, keep));
        }
    }
    return GAIT_OK;
}

gait_status trunk_classic_detect(const struct bout_signal *signal, trunk_classic_fn *method,
                                 const double sd_s[2], struct event_list *found, struct arena *keep,
                                 struct arena *tmp)
{
    struct trunk trunk;
    struct trunk_classic in;
    TRY(prepare(signal, &trunk, &in, tmp));
    if (in.n_apexes == 0) return GAIT_OK;
    struct trunk_classic_contact *contact =
        ARENA_NEW(tmp, in.n_apexes, struct trunk_classic_contact);
    if (!contact) return GAIT_NOMEM;
    for (size_t k = 0; k < in.n_apexes; k++) contact[k] = (struct trunk_classic_contact){NAN, NAN};
    TRY(method(&in, contact));
    return tell(&in, contact, sd_s, found, keep);
}
