/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/measure/foot_roll.h"

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/measure/foot_motion.h"
#include "signal/filter.h"

static const double to_rad = 3.14159265358979323846 / 180;
static const double before_strike_s = 0.020;
static const double end_of_roll = 0.60;  /* of contact */
static const double at_strike_s = 0.012; /* on each side, roll at foot strike */
static const double touch_from_s = -0.015, touch_to_s = 0.020; /* where touchdown roll is largest */
static const double rate_cutoff_hz = 30;

/* The mean of two readings, one sensitive to when the strike was and one not, and what smoothing
 * and the detected strike take from it; fitted on simulated runners. */
static const double excursion_gain = 0.96, excursion_offset_deg = 0.2;

/* Attitude by quaternion, w first. */
struct attitude {
    double q[4];
};

static struct attitude from_gravity(const double f[3])
{
    double roll = atan2(f[FOOT_Y], f[FOOT_Z]);
    double pitch = atan2(-f[FOOT_X], hypot(f[FOOT_Y], f[FOOT_Z]));
    double cr = cos(roll / 2), sr = sin(roll / 2), cp = cos(pitch / 2), sp = sin(pitch / 2);
    return (struct attitude){{cr * cp, sr * cp, cr * sp, -sr * sp}};
}

/* Turned about its own axes by v (rad, small). */
static struct attitude turned(struct attitude a, const double v[3])
{
    double half = vec_dot(v, v) / 4; /* square of half the angle */
    double c = 1 - half / 2 + half * half / 24, s = 0.5 * (1 - half / 6 + half * half / 120);
    double x = s * v[0], y = s * v[1], z = s * v[2];
    const double *q = a.q;
    return (struct attitude){
        {c * q[0] - x * q[1] - y * q[2] - z * q[3], c * q[1] + x * q[0] + z * q[2] - y * q[3],
         c * q[2] + y * q[0] - z * q[1] + x * q[3], c * q[3] + z * q[0] + y * q[1] - x * q[2]}};
}

/* Roll and pitch of the sequence heading, pitch, roll; degrees, inversion and toes down positive.
 */
static double roll_of(struct attitude a)
{
    const double *q = a.q;
    return atan2(2 * (q[0] * q[1] + q[2] * q[3]), 1 - 2 * (q[1] * q[1] + q[2] * q[2])) / to_rad;
}

static double pitch_of(struct attitude a)
{
    const double *q = a.q;
    double sine = 2 * (q[0] * q[2] - q[3] * q[1]);
    return asin(fmin(fmax(sine, -1), 1)) / to_rad;
}

/* One contact: frames [from, to) of the coarse signal. */
struct contact {
    size_t from, to, flat; /* to: end of contact */
    size_t roll_to;        /* end of the part in which the roll is largest */
    double strike_s, contact_s;
    double *roll_deg, *pitch_deg; /* by frame - from */
};

static double time_of(const struct coarse *coarse, size_t i)
{
    return coarse->start_s + (double)i / coarse->rate_hz;
}

/* 0 if the contact is not all inside the window. */
static int contact_find(const struct foot_view *view, size_t stride, struct contact *out)
{
    const struct coarse *coarse = &view->in->coarse;
    out->strike_s = view->in->strides[stride].start_s;
    out->contact_s = view->contact_s[stride];
    if (!(out->contact_s > 0.1 && out->contact_s < 0.5)) return 0;
    double from_s = out->strike_s - before_strike_s;
    double to_s = out->strike_s + out->contact_s;
    if (from_s < coarse->start_s || to_s + 0.02 > time_of(coarse, coarse->n - 1)) return 0;
    out->from = coarse_index(coarse, from_s);
    out->to = coarse_index(coarse, to_s) + 1;
    out->roll_to = coarse_index(coarse, out->strike_s + end_of_roll * out->contact_s) + 1;
    out->flat = view->in->foot_motion->flat[stride];
    return out->from < out->flat && out->flat + 1 < out->roll_to;
}

static void rate_at(const struct foot_view *view, size_t i, double out[3])
{
    const double *rate = view->in->coarse.gyro_dps + 3 * i;
    const double *bias = view->in->foot_motion->bias_dps;
    const double unbiased[3] = {rate[0] - bias[0], rate[1] - bias[1], rate[2] - bias[2]};
    foot_turn(view, unbiased, out);
    vec_scale(out, to_rad / view->in->coarse.rate_hz);
}

static void note(struct contact *contact, size_t i, struct attitude a)
{
    contact->roll_deg[i - contact->from] = roll_of(a);
    contact->pitch_deg[i - contact->from] = pitch_of(a);
}

/* Attitude over the contact, by steps of the mean of two neighbouring rates. */
static void integrate(const struct foot_view *view, size_t stride, struct contact *contact)
{
    double foot[3], a[3], b[3], step[3];
    foot_force(view, view->in->foot_motion->up[stride], foot);
    const struct attitude flat = from_gravity(foot);
    note(contact, contact->flat, flat);
    for (int direction = -1; direction <= 1; direction += 2) {
        struct attitude now = flat;
        rate_at(view, contact->flat, a);
        for (size_t i = contact->flat; direction < 0 ? i > contact->from : i + 1 < contact->to;) {
            i = direction < 0 ? i - 1 : i + 1;
            rate_at(view, i, b);
            for (int c = 0; c < 3; c++) {
                step[c] = 0.5 * direction * (a[c] + b[c]);
                a[c] = b[c];
            }
            now = turned(now, step);
            note(contact, i, now);
        }
    }
}

/* Mean of x over the frames of the contact between two lags from foot strike. */
static double mean_between(const struct foot_view *view, const struct contact *contact,
                           const double *x, double from_s, double to_s)
{
    double sum = 0, n = 0;
    for (size_t i = contact->from; i < contact->to; i++) {
        double lag_s = time_of(&view->in->coarse, i) - contact->strike_s;
        if (lag_s < from_s || lag_s > to_s) continue;
        sum += x[i - contact->from];
        n++;
    }
    return n > 0 ? sum / n : (double)NAN;
}

static struct foot_roll read_roll(const struct foot_view *view, const struct contact *contact)
{
    const struct coarse *coarse = &view->in->coarse;
    double touch = -INFINITY, least = INFINITY, peak_s = NAN;
    for (size_t i = contact->from; i < contact->roll_to; i++) {
        double lag_s = time_of(coarse, i) - contact->strike_s,
               roll = contact->roll_deg[i - contact->from];
        if (lag_s > touch_from_s && lag_s <= touch_to_s) touch = fmax(touch, roll);
        if (lag_s <= 0 || roll >= least) continue;
        least = roll;
        peak_s = lag_s;
    }
    double width = fmax(at_strike_s, 0.51 / coarse->rate_hz);
    double strike = mean_between(view, contact, contact->roll_deg, -width, width);
    double pitch = mean_between(view, contact, contact->pitch_deg, -width, width);
    double half = 0.5 * (0.5 * (strike + touch) + least);
    size_t n = 0;
    for (size_t i = contact->from; i < contact->to; i++)
        n += time_of(coarse, i) > contact->strike_s && contact->roll_deg[i - contact->from] < half;
    return (struct foot_roll){
        .excursion_deg = excursion_gain * (0.5 * (strike + touch) - least) + excursion_offset_deg,
        .peak_s = peak_s,
        .everted_share = fmin(1, (double)n / (coarse->rate_hz * contact->contact_s)),
        .strike_angle_deg = contact->pitch_deg[contact->flat - contact->from] - pitch};
}

/* Fastest inward roll in the first half of contact. */
static double fastest(const struct foot_view *view, const struct contact *contact,
                      const double *roll_dps)
{
    const struct coarse *coarse = &view->in->coarse;
    size_t to = coarse_index(coarse, contact->strike_s + 0.5 * contact->contact_s);
    double most = -INFINITY;
    for (size_t i = coarse_index(coarse, contact->strike_s + 0.005); i < to; i++)
        most = fmax(most, -roll_dps[i]);
    return isfinite(most) ? most : (double)NAN;
}

/* Rate about the foot's long axis, smoothed: coarse.n values. */
static gait_status smooth_rate(const struct foot_view *view, double *roll_dps, struct arena *tmp)
{
    const struct coarse *coarse = &view->in->coarse;
    for (size_t i = 0; i < coarse->n; i++)
        roll_dps[i] = view->mirror * vec_dot(view->in->frame->row[0], coarse->gyro_dps + 3 * i);
    struct filter filter = lowpass(rate_cutoff_hz, coarse->rate_hz, 2);
    return filtfilt(&filter, roll_dps, roll_dps, coarse->n, 1, tmp);
}

gait_status foot_rolls_find(const struct foot_view *view, struct foot_roll *out, struct arena *tmp)
{
    const struct coarse *coarse = &view->in->coarse;
    struct arena_mark mark = arena_mark(tmp);
    size_t longest = (size_t)(0.55 * coarse->rate_hz) + 4;
    double *roll_dps = ARENA_NEW(tmp, coarse->n, double);
    struct contact contact = {.roll_deg = ARENA_NEW(tmp, longest, double),
                              .pitch_deg = ARENA_NEW(tmp, longest, double)};
    if (!roll_dps || !contact.roll_deg || !contact.pitch_deg) return GAIT_NOMEM;
    TRY(smooth_rate(view, roll_dps, tmp));
    for (size_t k = 0; k < view->in->n_strides; k++) {
        out[k] = (struct foot_roll){NAN, NAN, NAN, NAN, NAN};
        if (!contact_find(view, k, &contact)) continue;
        integrate(view, k, &contact);
        out[k] = read_roll(view, &contact);
        out[k].velocity_dps = fastest(view, &contact, roll_dps);
    }
    arena_rewind(tmp, mark);
    return GAIT_OK;
}
