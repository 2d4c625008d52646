/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/pronation.h"

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/measure/foot_motion.h"
#include "gait/measure/pronation_model.h"
#include "signal/stats.h"

static const double to_deg = 180 / 3.14159265358979323846;
static const double impact_s = 0.06;
static const double tilt_from = 0.33, tilt_to = 0.50; /* of contact */
static const double peak_from = 0.15, peak_to = 0.75;
static const double early_from = 0.10, early_to = 0.20;
static const double first_point = -0.15, last_point = 1; /* of contact, of the median stride */
static const double force_scale_g = 2;                   /* forces beyond count less */

static const double rearfoot_above_deg = 8, forefoot_below_deg = -1.6; /* Altman and Davis 2012 */
static const double strike_angle_sd_deg = 3; /* of one stride: 1 on simulated runners */

enum { FEWEST_STRIDES = 20 };

/* Frames of the coarse signal between two shares of a contact; to <= from: none. */
struct part {
    size_t from, to;
};

static struct part part_of(const struct foot_view *view, size_t k, double from_share,
                           double to_share)
{
    const struct coarse *coarse = &view->in->coarse;
    double strike_s = view->in->strides[k].start_s, contact_s = view->contact_s[k];
    if (!(contact_s > 0)) return (struct part){0, 0};
    struct part part = {coarse_index(coarse, strike_s + from_share * contact_s),
                        coarse_index(coarse, strike_s + to_share * contact_s)};
    if (part.to >= coarse->n) part.to = part.from;
    return part;
}

/* Angle of the mean force to the inside of the vertical, turned over: everted is positive. */
static double tilt(const struct foot_view *view, struct part part)
{
    double sum[3] = {0, 0, 0}, f[3];
    if (part.to <= part.from) return NAN;
    for (size_t i = part.from; i < part.to; i++) {
        foot_force(view, view->accel_g + 3 * i, f);
        for (int c = 0; c < 3; c++) sum[c] += f[c];
    }
    return -atan2(sum[FOOT_Y], sum[FOOT_Z]) * to_deg;
}

/* Zero while standing, if that was seen; else the tilt just after the foot came down. */
static double tilt_zero(const struct foot_view *view, size_t k)
{
    double f[3];
    if (vec_norm(view->in->standing_up) > 0.5) {
        foot_force(view, view->in->standing_up, f);
        return -atan2(f[FOOT_Y], f[FOOT_Z]) * to_deg;
    }
    return tilt(view, part_of(view, k, early_from, early_to));
}

/* Sums over one contact; y is the sideways force. */
static void sideways(const struct foot_view *view, size_t k, struct pronation *out)
{
    const struct coarse *coarse = &view->in->coarse;
    struct part contact = part_of(view, k, 0, 1);
    if (contact.to <= contact.from) return;
    size_t half = (contact.from + contact.to) / 2;
    size_t impact_end = contact.from + (size_t)(impact_s * coarse->rate_hz) + 1;
    size_t n = contact.to - contact.from, peak = contact.from;
    double across = 0, whole = 0, sum = 0, upwards_g_s = 0, most = -INFINITY, f[3];
    out->impact_g = out->impulse_g_s = 0;
    for (size_t i = contact.from; i < contact.to; i++) {
        foot_force(view, view->accel_g + 3 * i, f);
        double excess = vec_norm(f) - 1;
        across += f[FOOT_Y] * f[FOOT_Y];
        whole += excess * excess;
        sum += fabs(f[FOOT_Y]);
        double share = (double)(i - contact.from) / (double)n, outwards = -f[FOOT_Y] / f[FOOT_Z];
        if (share > peak_from && share < peak_to && f[FOOT_Z] > 0 && outwards > most) {
            most = outwards;
            peak = i;
        }
        if (i < half) out->impulse_g_s -= f[FOOT_Y] / coarse->rate_hz;
        if (i < half) upwards_g_s += f[FOOT_Z] / coarse->rate_hz;
        if (i >= impact_end || fabs(f[FOOT_Y]) < out->impact_g) continue;
        out->impact_g = fabs(f[FOOT_Y]);
        out->impact_outward_g = -f[FOOT_Y];
        out->impact_time_s = (double)(i - contact.from) / coarse->rate_hz;
    }
    out->impulse_ratio = fabs(out->impulse_g_s) / upwards_g_s;
    if (whole > 0) out->ratio = sqrt(across / whole);
    out->mean_g = sum / (double)n;
    if (isfinite(most)) out->tilt_peak_share = (double)(peak - contact.from) / (double)n;
}

gait_status pronation_inputs(const struct foot_view *view, double x[PRONATION_INPUTS],
                             struct arena *tmp)
{
    double force_g[PRONATION_POINTS][3];
    TRY(foot_median_stride(view, first_point, last_point, force_g, PRONATION_POINTS, tmp));
    for (size_t p = 0; p < PRONATION_POINTS; p++)
        for (size_t c = 0; c < 3; c++)
            x[c * PRONATION_POINTS + p] = atan(force_g[p][c] / force_scale_g);
    x[3 * PRONATION_POINTS] = view->typical_contact_s;
    x[3 * PRONATION_POINTS + 1] = view->typical_stride_s;
    return GAIT_OK;
}

/* A network of one hidden layer, fitted on simulated runners (tests/bench/train_pronation.py). */
struct network {
    const double *center, *scale; /* of the inputs */
    const double (*hidden)[PRONATION_INPUTS + 1];
    const double *output;
    size_t n_hidden;
};

static const struct network plain = {pronation_center, pronation_scale, pronation_hidden,
                                     pronation_output,
                                     sizeof pronation_hidden / sizeof *pronation_hidden};
static const struct network stood = {
    pronation_stood_center, pronation_stood_scale, pronation_stood_hidden, pronation_stood_output,
    sizeof pronation_stood_hidden / sizeof *pronation_stood_hidden};

static double answer(const struct network *network, const double x[PRONATION_INPUTS])
{
    static const double most = 4;
    double z[PRONATION_INPUTS], sum = network->output[network->n_hidden];
    for (size_t i = 0; i < PRONATION_INPUTS; i++)
        z[i] = fmin(fmax((x[i] - network->center[i]) / network->scale[i], -most), most);
    for (size_t h = 0; h < network->n_hidden; h++) {
        double level = network->hidden[h][PRONATION_INPUTS];
        for (size_t i = 0; i < PRONATION_INPUTS; i++) level += network->hidden[h][i] * z[i];
        sum += network->output[h] * fmax(level, 0);
    }
    return sum;
}

/* One number for all strides of the window: a single stride says too little. */
static gait_status find_index(const struct foot_view *view, double *index, uint32_t *flags,
                              struct arena *tmp)
{
    double x[PRONATION_INPUTS];
    *index = NAN;
    if (view->in->n_strides < FEWEST_STRIDES) *flags |= GAIT_FLAG_FEW;
    if (view->in->n_strides < FEWEST_STRIDES || !(view->typical_contact_s > 0)) return GAIT_OK;
    TRY(pronation_inputs(view, x, tmp));
    int has_stood = vec_norm(view->in->standing_up) > 0.5;
    *index = answer(has_stood ? &stood : &plain, x);
    return GAIT_OK;
}

static void clear(struct pronation *p)
{
    *p = (struct pronation){{NAN, NAN, NAN, NAN, NAN},
                            .tilt_deg = NAN,
                            .tilt_change_deg = NAN,
                            .impact_g = NAN,
                            .impact_outward_g = NAN,
                            .impact_time_s = NAN,
                            .impulse_g_s = NAN,
                            .impulse_ratio = NAN,
                            .mean_g = NAN,
                            .tilt_peak_share = NAN,
                            .rearfoot = NAN,
                            .midfoot = NAN,
                            .forefoot = NAN,
                            .ratio = NAN,
                            .index = NAN};
}

/* Without the side of the body, what is inside is not known; sizes still are. */
static void forget_direction(struct pronation *p)
{
    p->roll.excursion_deg = p->roll.velocity_dps = p->roll.peak_s = p->roll.everted_share = NAN;
    p->tilt_peak_share = p->tilt_deg = p->tilt_change_deg = p->impulse_g_s = p->index = NAN;
    p->impact_outward_g = NAN;
    p->flags |= GAIT_FLAG_SIDE_UNKNOWN;
}

static double normal_below(double z)
{
    return 0.5 * erfc(-z / sqrt(2));
}

/* How the foot landed, as far as its angle is known. */
static void strike_type(struct pronation *p)
{
    double angle = p->roll.strike_angle_deg;
    if (isnan(angle)) return;
    p->forefoot = normal_below((forefoot_below_deg - angle) / strike_angle_sd_deg);
    p->rearfoot = normal_below((angle - rearfoot_above_deg) / strike_angle_sd_deg);
    p->midfoot = fmax(0, 1 - p->forefoot - p->rearfoot);
}

static gait_status find_all(const struct foot_view *view, struct pronation *all, struct arena *tmp)
{
    const struct measure_input *in = view->in;
    struct foot_roll *roll = ARENA_NEW(tmp, in->n_strides, struct foot_roll);
    if (!roll) return GAIT_NOMEM;
    double index = NAN;
    uint32_t flags = in->frame->flags;
    int runs = in->signal->activity == GAIT_RUN;
    if (runs && in->foot_motion) TRY(foot_rolls_find(view, roll, tmp));
    if (runs) TRY(find_index(view, &index, &flags, tmp));
    gait_side side = in->signal->options->side;
    for (size_t k = 0; k < in->n_strides; k++) {
        struct pronation *p = &all[k];
        p->flags = flags;
        if (runs && in->foot_motion) p->roll = roll[k];
        strike_type(p);
        p->tilt_deg = tilt(view, part_of(view, k, tilt_from, tilt_to));
        p->tilt_change_deg = p->tilt_deg - tilt_zero(view, k);
        p->index = index;
        sideways(view, k, p);
        if (side != GAIT_LEFT && side != GAIT_RIGHT) forget_direction(p);
    }
    return GAIT_OK;
}

gait_status pronation_find(const struct measure_input *in, const struct pronation **out,
                           struct arena *tmp)
{
    const int needed = FRAME_FORWARD | FRAME_UP | FRAME_RIGHT;
    *out = NULL;
    if (in->signal->options->placement != GAIT_FOOT || in->n_strides == 0) return GAIT_OK;
    struct pronation *all = ARENA_NEW(tmp, in->n_strides, struct pronation);
    if (!all) return GAIT_NOMEM;
    *out = all;
    for (size_t k = 0; k < in->n_strides; k++) {
        clear(&all[k]);
        all[k].flags = GAIT_FLAG_NO_ALIGNMENT;
    }
    if ((in->frame->known & needed) != needed || in->coarse.n < 3) return GAIT_OK;
    struct arena_mark mark = arena_mark(tmp);
    struct foot_view view;
    TRY(foot_view_make(in, &view, tmp));
    gait_status status = find_all(&view, all, tmp);
    arena_rewind(tmp, mark);
    return status;
}
