/* SPDX-License-Identifier: BSD-3-Clause */

/* Body axes of a foot or a shank from its strides. The leg swings in a plane, so the direction
 * across it is where the acceleration (or all but the rotation) is smallest; up is where the
 * specific force points while the limb stands. */

#include <math.h>
#include <string.h>

#include "base/eigen.h"
#include "base/fail.h"
#include "base/vec.h"
#include "gait/measure/foot_motion.h"
#include "gait/frame/frame.h"
#include "signal/filter.h"
#include "signal/stats.h"

static const double plane_cutoff_hz = 12;
static const double loud_g = 2;      /* accelerations above count less */
static const double clear_ratio = 4; /* of eigenvalues: the plane is certain */
static const double quiet_window_s = 0.03;
static const double toe_out_deg = 7;     /* of the foot against the plane the leg swings in */
static const double roll_over_deg = 4.5; /* of the axis it rolls over at push-off, outwards too */
static const double gyro_share = 0.73; /* weight of the rotation axis; the rest is acceleration's */
static const double clear_sign_g = 0.1;
static const double running_shank_confidence = 0.6; /* its up is 10 to 15 degrees uncertain */

/* The part of the contact in which up is read, and of the swing and the contact whose forward
 * acceleration tells forward from backward. A foot brakes late in the swing and pushes late in the
 * contact. A shank leans forward through the middle of the swing. */
struct phases {
    double up_from, up_to;
    double swing_from, swing_to;
    double contact_from, contact_to, contact_weight;
};

static const struct phases foot_phases = {0.2, 0.6, 0.4, 0.9, 0.6, 0.9, 0.5};
static const struct phases running_shank_phases = {0.55, 0.75, 0.25, 0.65, 0.2, 0.6, 0};
static const struct phases walking_shank_phases = {0.3, 0.6, 0.25, 0.65, 0.2, 0.6, 0};

/* Without a toe-off: the usual share of the stride. */
static double toe_off_of(const gait_stride *stride, gait_activity activity)
{
    if (isfinite(stride->toe_off_s)) return stride->toe_off_s;
    double share = activity == GAIT_WALK ? 0.61 : 0.37;
    return stride->start_s + share * (stride->end_s - stride->start_s);
}

static double between(double from, double to, double share)
{
    return from + share * (to - from);
}

/* Smallest-eigenvalue direction of the whole strides, loud frames turned down. */
static double plane_normal(const struct measure_input *in, const double *low, double normal[3])
{
    double sum[3][3] = {{0}}, value[3], vector[3][3];
    for (size_t k = 0; k < in->n_strides; k++) {
        size_t to = coarse_index(&in->coarse, in->strides[k].end_s);
        for (size_t i = coarse_index(&in->coarse, in->strides[k].start_s); i < to; i++) {
            const double *f = low + 3 * i;
            double weight = 1 / (1 + vec_dot(f, f) / (loud_g * loud_g));
            for (int r = 0; r < 3; r++)
                for (int c = r; c < 3; c++) sum[r][c] += weight * f[r] * f[c];
        }
    }
    for (int r = 0; r < 3; r++)
        for (int c = 0; c < r; c++) sum[r][c] = sum[c][r];
    eigen3(sum, value, vector);
    memcpy(normal, vector[0], 3 * sizeof *normal);
    return value[1] / fmax(value[0], 1e-12);
}

/* Largest-eigenvalue direction of the rotation: of a shank in swing; of a foot from heel-off on,
 * where it rolls over its front as well. */
static double rotation_axis(const struct measure_input *in, double axis[3])
{
    int is_foot = in->signal->options->placement == GAIT_FOOT;
    double sum[3][3] = {{0}}, value[3], vector[3][3];
    for (size_t k = 0; k < in->n_strides; k++) {
        const gait_stride *stride = &in->strides[k];
        double toe_off = toe_off_of(stride, in->signal->activity);
        double from_s = is_foot ? between(stride->start_s, toe_off, 0.6)
                                : between(toe_off, stride->end_s, 0.05);
        size_t from = coarse_index(&in->coarse, from_s);
        size_t to = coarse_index(&in->coarse, stride->end_s - 0.03);
        if (from < to) scatter3(in->coarse.gyro_dps + 3 * from, to - from, sum);
    }
    eigen3(sum, value, vector);
    memcpy(axis, vector[2], 3 * sizeof *axis);
    return value[2] / fmax(value[1], 1e-12);
}

/* Middle of the least jerky stretch between two times. */
static double quietest_s(const struct measure_input *in, double from_s, double to_s)
{
    const struct coarse *coarse = &in->coarse;
    size_t width = (size_t)fmax(1, quiet_window_s * coarse->rate_hz);
    size_t from = coarse_index(coarse, from_s), to = coarse_index(coarse, to_s);
    double least = INFINITY;
    size_t best = from;
    for (size_t i = from; i + width < to && i + width < coarse->n; i++) {
        double sum = 0;
        for (size_t k = 3 * i; k < 3 * (i + width); k++) {
            double step = coarse->accel_g[k + 3] - coarse->accel_g[k];
            sum += step * step;
        }
        if (sum >= least) continue;
        least = sum;
        best = i;
    }
    return coarse->start_s + ((double)best + 0.5 * (double)width) / coarse->rate_hz;
}

static int stance_force(const struct measure_input *in, const gait_stride *stride,
                        const struct phases *phases, double force[3])
{
    double toe_off = toe_off_of(stride, in->signal->activity);
    double from = between(stride->start_s, toe_off, phases->up_from);
    double to = between(stride->start_s, toe_off, phases->up_to);
    if (in->signal->options->placement == GAIT_FOOT) {
        double middle = quietest_s(in, from, to);
        from = middle - quiet_window_s / 2;
        to = middle + quiet_window_s / 2;
    }
    return coarse_mean(&in->coarse, in->coarse.accel_g, from, to, force);
}

/* Median over the strides of the mean specific force while the limb stands. */
static gait_status stance_up(const struct measure_input *in, const struct phases *phases,
                             double up[3], struct arena *tmp)
{
    double *force = ARENA_NEW(tmp, 3 * in->n_strides, double);
    if (!force) return GAIT_NOMEM;
    size_t n = 0;
    for (size_t k = 0; k < in->n_strides; k++) {
        double found[3];
        if (!stance_force(in, &in->strides[k], phases, found)) continue;
        for (size_t c = 0; c < 3; c++) force[c * in->n_strides + n] = found[c];
        n++;
    }
    for (size_t c = 0; c < 3; c++) up[c] = median_inplace(force + c * in->n_strides, n);
    return GAIT_OK;
}

/* How surely the first row points forward, in g: negative if it points backward. */
static double forward_score(const struct measure_input *in, const double *low,
                            const struct phases *phases, const double forward[3])
{
    double sum = 0;
    size_t n = 0;
    for (size_t k = 0; k < in->n_strides; k++) {
        const gait_stride *s = &in->strides[k];
        double toe_off = toe_off_of(s, in->signal->activity), swing[3], contact[3];
        if (!coarse_mean(&in->coarse, low, between(toe_off, s->end_s, phases->swing_from),
                         between(toe_off, s->end_s, phases->swing_to), swing))
            continue;
        if (!coarse_mean(&in->coarse, low, between(s->start_s, toe_off, phases->contact_from),
                         between(s->start_s, toe_off, phases->contact_to), contact))
            continue;
        sum += phases->contact_weight * vec_dot(contact, forward) - vec_dot(swing, forward);
        n++;
    }
    return n ? sum / (double)n : 0;
}

/* In late stance every foot turns nose down, which is a positive turn about left. */
static double turning_score(const struct measure_input *in, const double right[3])
{
    double sum = 0;
    for (size_t k = 0; k < in->n_strides; k++) {
        const gait_stride *s = &in->strides[k];
        double toe_off = toe_off_of(s, in->signal->activity), rate[3];
        if (coarse_mean(&in->coarse, in->coarse.gyro_dps, between(s->start_s, toe_off, 0.55),
                        toe_off, rate))
            sum -= vec_dot(rate, right);
    }
    return sum / (double)in->n_strides;
}

static const struct phases *phases_of(const struct bout_signal *signal)
{
    if (signal->options->placement == GAIT_FOOT) return &foot_phases;
    return signal->activity == GAIT_WALK ? &walking_shank_phases : &running_shank_phases;
}

static void flip_towards(double axis[3], const double reference[3])
{
    if (vec_dot(axis, reference) < 0) vec_scale(axis, -1);
}

/* Rotation by an angle about a unit vector (Rodrigues). */
static void rotate_about(double v[3], const double axis[3], double angle_deg)
{
    double angle = angle_deg * 3.14159265358979323846 / 180, across[3];
    double along = vec_dot(axis, v) * (1 - cos(angle));
    vec_cross(axis, v, across);
    for (int k = 0; k < 3; k++) v[k] = v[k] * cos(angle) + across[k] * sin(angle) + axis[k] * along;
}

/* Says which way is forward, from the mounting or from the movement itself. */
static void choose_direction(const struct measure_input *in, const double *low,
                             const struct phases *phases, struct body_frame *out)
{
    if (frame_follow_mounting(in->signal->options, out)) return;
    double score = forward_score(in, low, phases, out->row[0]);
    if (fabs(score) < clear_sign_g || in->signal->options->placement == GAIT_SHANK)
        out->flags |= GAIT_FLAG_SIGN_UNSURE;
    if (in->coarse.gyro_dps && in->signal->options->placement == GAIT_FOOT)
        score = turning_score(in, out->row[2]);
    if (score < 0) frame_turn(out);
}

/* The leg swings in a plane that the foot points out of by a few degrees; the axis it rolls over
 * errs the other way, and independently. */
static int fuse_foot_lines(const struct measure_input *in, const double by_accel[3],
                           struct body_frame *out)
{
    gait_side side = in->signal->options->side;
    double outwards = side == GAIT_LEFT ? 1 : side == GAIT_RIGHT ? -1 : 0;
    double right[3], line[3];
    memcpy(right, out->row[2], sizeof right);
    memcpy(line, by_accel, sizeof line);
    flip_towards(line, right);
    rotate_about(line, out->row[1], outwards * toe_out_deg);
    if (in->coarse.gyro_dps) {
        rotate_about(right, out->row[1], -outwards * roll_over_deg);
        for (int k = 0; k < 3; k++) line[k] = gyro_share * right[k] + (1 - gyro_share) * line[k];
    }
    return frame_from_right(out->row[1], line, out);
}

/* While standing, at foot-flat by gyroscope, or as mounted on a shank: 1; else what the strides
 * gave, made at right angles to the line across the limb. */
static int find_up(const struct measure_input *in, const double line[3], double up[3])
{
    if (vec_norm(in->standing_up) > 0.5) {
        memcpy(up, in->standing_up, 3 * sizeof *up);
        return 1;
    }
    if (in->foot_motion) {
        memcpy(up, in->foot_motion->typical_up, 3 * sizeof *up);
        return 1;
    }
    double stated[3];
    if (in->signal->options->placement == GAIT_SHANK &&
        frame_stated(in->signal->options, 1, stated)) {
        memcpy(up, stated, sizeof stated);
        return 1;
    }
    vec_reject(up, line);
    return 0;
}

gait_status frame_of_limb(const struct measure_input *in, struct body_frame *out, struct arena *tmp)
{
    const struct phases *phases = phases_of(in->signal);
    double by_accel[3], line[3], up[3];
    const double *low = frame_lowpass(in, plane_cutoff_hz, tmp);
    if (!low) return GAIT_NOMEM;
    TRY(stance_up(in, phases, up, tmp));
    double ratio = plane_normal(in, low, by_accel);
    memcpy(line, by_accel, sizeof line);
    if (in->coarse.gyro_dps) ratio = rotation_axis(in, line);
    int is_told = find_up(in, line, up);
    if (!vec_unit(up) || !frame_from_right(up, line, out)) return GAIT_OK;
    choose_direction(in, low, phases, out);
    if (in->signal->options->placement == GAIT_FOOT && !fuse_foot_lines(in, by_accel, out))
        return GAIT_OK;
    out->confidence = fmin(1, ratio / clear_ratio);
    if (phases == &running_shank_phases && !is_told) out->confidence *= running_shank_confidence;
    return GAIT_OK;
}
